"""The reference of the language: printed by its generator, its numbers the engine's, nothing missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from federation.judging import format_value
from federation.judging.schemes import Scheme
from tests.federation.judging.reference.examples import EXAMPLES
from tests.federation.judging.reference.printing import FILE, OBJECTS, reference
from tests.federation.judging.reference.shapes import Example
from tests.federation.judging.tables import entries, marks, ranked, scheme


def test_the_file_is_what_the_generator_prints():
    assert FILE.read_text("utf-8") == reference(), "run `make docs`"


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.english)
def test_the_numbers_of_an_example(one: Example):
    known = entries(*one.entries) if one.entries else None
    outcome = ranked(one.scheme, marks(*one.marks), known)
    names = ["entry", "place", "total", *one.columns]
    shown = [
        tuple(format_value(v) if n == "total" else "" if v is None else v for n, v in row.items())
        for row in outcome.places.select(names).iter_rows(named=True)
    ]
    assert shown == one.board
    teams = [
        (team, place, format_value(total))
        for team, place, total in outcome.teams.select("team", "place", "total").rows()
    ]
    assert teams == one.teams


def parts(thing: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(thing):
        yield thing
        for one in dataclasses.fields(thing):
            yield from parts(getattr(thing, one.name))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from parts(one)


def keys(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield name
            yield from keys(value)
    elif isinstance(document, list):
        for one in document:
            yield from keys(one)


def test_every_field_is_used_by_an_example():
    written = {name for one in EXAMPLES for name in keys(one.scheme)}
    missing = {
        f"{of.__name__}.{part.name}"
        for of in OBJECTS
        for part in dataclasses.fields(of)
        if part.name not in written
    }
    assert missing == set()


def words_of(name: str, hint: Any) -> set[tuple[str, str]]:
    """Every word a field may hold; a treatment of blanks counts once for all kinds."""
    inner = get_args(hint)[0] if get_origin(hint) is tuple else hint
    found = {
        word for one in (inner, *get_args(inner)) if get_origin(one) is Literal for word in get_args(one)
    }
    return {("treatment" if "unranked" in found else name, word) for word in found}


def test_every_word_of_the_language_is_used_by_an_example():
    used: set[tuple[str, str]] = set()
    words: set[tuple[str, str]] = set()
    for of in OBJECTS:
        for name, hint in get_type_hints(of).items():
            words |= words_of(name, hint)
    for one in EXAMPLES:
        for part in parts(scheme(**one.scheme)):
            for field in dataclasses.fields(part):
                value = getattr(part, field.name)
                held = value if isinstance(value, tuple) else (value,)
                name = "treatment" if type(part).__name__ == "Blanks" else field.name
                used |= {(name, str(word)) for word in held}
    assert words - used == set()


def test_every_object_has_its_section():
    named = {type(part) for one in EXAMPLES for part in parts(scheme(**one.scheme))}
    assert named - set(OBJECTS) == set()
    assert Scheme in OBJECTS
