"""What is wrong with a file: found in one go, named by line, column, value and remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from federation.findings import Finding

LIMIT = 1_000
"""So many faults are shown; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file; `line` counts the header as 1 and is None where no line is to blame."""

    file: str
    line: int | None
    column: str
    value: str
    finding: Finding


@dataclass(slots=True)
class Faults(Exception):
    """What is wrong with the files: the first thousand, and how many there are."""

    shown: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.shown) < LIMIT:
            self.shown.append(fault)

    def whole(self, file: str, code: str, line: int | None = None, column: str = "", **facts: Any) -> None:
        """A fault of the file as a whole, or of one of its columns."""
        said = {"column": column, **facts} if column else facts
        self.add(Fault(file, line, column, str(facts.get("value", "")), Finding(code, facts=said)))


@dataclass(slots=True)
class Lines:
    """Line numbers of the rows of a file: consecutive from a first one, stretch by stretch, unless listed."""

    starts: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    listed: list[pl.Series | None] = field(default_factory=list)
    height: int = 0

    def add(self, height: int, first: int, listed: pl.Series | None) -> None:
        self.starts.append(self.height)
        self.firsts.append(first)
        self.listed.append(listed)
        self.height += height

    def at(self, rows: Sequence[int]) -> list[int]:
        found = []
        for row in rows:
            at = next(n for n in reversed(range(len(self.starts))) if self.starts[n] <= row)
            inside, listed = row - self.starts[at], self.listed[at]
            found.append(self.firsts[at] + inside if listed is None else int(listed[inside]))
        return found


@dataclass(slots=True)
class Blame:
    """Collects the faults of one stretch of rows, so that they are told in the order of lines."""

    file: str
    lines: Lines
    first_row: int = 0
    found: list[Fault] = field(default_factory=list)
    count: int = 0

    def rows(
        self, wrong: pl.Series, column: str, values: pl.Series | None, finding: Callable[[str, int], Finding]
    ) -> None:
        """One fault per row where `wrong` is true; `finding` makes it from the value and the row."""
        if wrong.null_count():
            wrong = wrong.fill_null(False)
        if not bool(wrong.any()):
            return
        rows = wrong.arg_true()
        self.count += rows.len()
        shown = rows.head(LIMIT).to_list()
        said = [""] * len(shown) if values is None else values.gather(shown).cast(pl.String).to_list()
        lines = self.lines.at([row + self.first_row for row in shown])
        for row, line, value in zip(shown, lines, said, strict=True):
            self.found.append(Fault(self.file, line, column, (value or "")[:80], finding(value or "", row)))

    def into(self, faults: Faults) -> None:
        self.found.sort(key=lambda fault: fault.line or 0)
        faults.shown += self.found[: LIMIT - len(faults.shown)]
        faults.count += self.count


def saying(code: str, **facts: Any) -> Callable[[str, int], Finding]:
    """A finding that needs nothing but the value."""
    return lambda value, _row: Finding(code, facts={"value": value[:80], **facts})
