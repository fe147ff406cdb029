"""Putting entries in order, one comparison after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.federation.judging.oracle.numbers import Columns


def sortable(keys: Sequence[tuple[str, Columns, str]], entry: int) -> list[tuple[bool, Any]]:
    """What a number is compared by; where there is none, behind every number."""
    found: list[tuple[bool, Any]] = []
    for _, column, better in keys:
        value = column[entry]
        found.append((value is None, 0 if value is None else -value if better == "higher" else value))
    return found


def runs(group: Sequence[int], keys: Sequence[tuple[str, Columns, str]]) -> list[list[int]]:
    """The group in order, those nothing parts together."""
    found: list[list[int]] = []
    previous: list[tuple[bool, Any]] | None = None
    for entry in sorted(group, key=lambda one: (sortable(keys, one), one)):
        here = sortable(keys, entry)
        if here == previous:
            found[-1].append(entry)
        else:
            found.append([entry])
        previous = here
    return found


def placed(ordered: list[list[int]], form: str) -> Iterator[tuple[int, int, list[int]]]:
    before = 0
    for number, run in enumerate(ordered, start=1):
        for at, entry in enumerate(run):
            yield entry, {"standard": before + 1, "dense": number, "ordinal": before + at + 1}[form], run
        before += len(run)
