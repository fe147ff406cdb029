"""What an example is made of, and the short ways to write its marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """`marks`: one dict per mark; values are numbers or the names of blanks, times seconds. `board`: rows of
    (entry, place, total, *columns), "" where there is nothing. `teams`: rows of (team, place, total)."""

    chinese: str
    english: str
    scheme: dict[str, Any]
    marks: list[dict[str, Any]]
    board: list[tuple[Any, ...]]
    working: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    teams: list[tuple[Any, ...]] = field(default_factory=list)


def grid(header: str, *lines: str, **common: Any) -> list[dict[str, Any]]:
    """`grid("entry a b", "1 80 90")`: "-" is no row."""
    names = header.split()[1:]
    return [
        {"entry": int(line.split()[0]), "aspect": name, "value": value, **common}
        for line in lines
        for name, value in zip(names, line.split()[1:], strict=True)
        if value != "-"
    ]


def panel(aspect: str, *lines: str, **common: Any) -> list[dict[str, Any]]:
    """`panel("a", "1 9 8 7")`: one column per judge."""
    return [
        {"entry": int(line.split()[0]), "aspect": aspect, "judge": f"J{seat}", "value": value, **common}
        for line in lines
        for seat, value in enumerate(line.split()[1:], 1)
        if value != "-"
    ]


def tries(aspect: str, *lines: str, **common: Any) -> list[dict[str, Any]]:
    """`tries("a", "1 9 8 7")`: one column per attempt."""
    return [
        {"entry": int(line.split()[0]), "aspect": aspect, "attempt": turn, "value": value, **common}
        for line in lines
        for turn, value in enumerate(line.split()[1:], 1)
        if value != "-"
    ]


def judged(**rule: Any) -> dict[str, Any]:
    return {"aspects": [{"id": "a", "maximum": 10, "panel": rule}]}


def measured(**rule: Any) -> dict[str, Any]:
    return {"aspects": [{"id": "m", "maximum": 1000, "rule": rule}]}
