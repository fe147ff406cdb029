"""Words for the language of schemes: labels, hints and choices of every field, in the reader's language.

A field that has no words yet shows its own name, so that a new one can be used before it is named.
"""

from __future__ import annotations

from collections.abc import Iterator

from federation.judging.shapes import Shape
from web.wording import codes, say

TREATMENTS = ("pending", "dns", "dnf", "dsq", "void")
WHOLE = ("share_rounding", "rounding")


def _said(family: str, shape: Shape) -> str | None:
    """The code of the first words there are: of this kind's field, else of the field."""
    for name in (f"{shape.owner.__name__}.{shape.name}", shape.name):
        if (code := f"{family}.{name}") in codes():
            return code
    return None


def label(shape: Shape) -> str:
    code = _said("scheme_field", shape)
    return say(code) if code else shape.name


def hint(shape: Shape) -> str:
    code = _said("scheme_hint", shape)
    return say(code) if code else ""


def choice_code(shape: Shape, value: str) -> str | None:
    family = "treatment" if shape.name in TREATMENTS else "whole" if shape.name in WHOLE else shape.name
    for name in (f"{shape.owner.__name__}.{shape.name}.{value}", f"{family}.{value}", value):
        if (code := f"scheme_choice.{name}") in codes():
            return code
    return None


def choice(shape: Shape, value: str) -> str:
    code = choice_code(shape, value)
    return say(code) if code else value


def kind_word(of: type) -> str:
    code = f"scheme_kind.{of.__name__}"
    return say(code) if code in codes() else of.__name__


def add_word(of: type) -> str:
    code = f"scheme_add.{of.__name__}"
    return say(code) if code in codes() else of.__name__


def without_words(shapes: Iterator[Shape]) -> list[str]:
    """Fields and choices that still lack words, such as "Panel.center"."""
    missing = []
    for shape in shapes:
        name = f"{shape.owner.__name__}.{shape.name}"
        if not _said("scheme_field", shape) or not _said("scheme_hint", shape):
            missing.append(name)
        missing += [f"{name}.{one}" for one in shape.choices if choice_code(shape, one) is None]
    return missing
