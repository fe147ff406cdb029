"""Small tables of marks as people write them, and boards as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from federation.judging import SCALE, Outcome, Scheme, format_value, rank
from federation.judging.frames import BLANKS, ENTRIES, MARKS


def scaled(number: Any) -> int:
    return int(Decimal(str(number)) * SCALE)


def marks(*rows: dict[str, Any]) -> pl.DataFrame:
    """value may be a number or the name of a blank; factor a number; time in seconds."""
    made = []
    for row in rows:
        mark = {**dict.fromkeys(MARKS.names()), **row}
        if row["value"] in BLANKS:
            mark |= {"value": None, "blank": row["value"]}
        elif row["value"] is not None:
            mark["value"] = scaled(row["value"])
        if "factor" in row:
            mark["factor"] = scaled(row["factor"])
        if "time" in row:
            mark["time"] = int(row["time"] * 1000)
        made.append(mark)
    return pl.DataFrame(made, schema=MARKS)


def grid(header: str, *lines: str, **common: Any) -> pl.DataFrame:
    """`grid("entry a b", "1 80 90")`: one column per aspect; "-" is no row, a blank's name is a blank."""
    aspects = header.split()[1:]
    rows = []
    for line in lines:
        entry, *values = line.split()
        for aspect, value in zip(aspects, values, strict=True):
            if value != "-":
                rows.append({"entry": int(entry), "aspect": aspect, "value": value, **common})
    return marks(*rows)


def panel(aspect: str, *lines: str) -> pl.DataFrame:
    """`panel("a", "1 9 8 7")`: one column per judge; "-" is no row."""
    rows = []
    for line in lines:
        entry, *values = line.split()
        for seat, value in enumerate(values):
            if value != "-":
                rows.append({"entry": int(entry), "aspect": aspect, "judge": f"J{seat}", "value": value})
    return marks(*rows)


def tries(aspect: str, *lines: str) -> pl.DataFrame:
    """`tries("a", "1 9 8 7")`: one column per attempt; "-" is no row."""
    rows = []
    for line in lines:
        entry, *values = line.split()
        for number, value in enumerate(values, start=1):
            if value != "-":
                rows.append({"entry": int(entry), "aspect": aspect, "attempt": number, "value": value})
    return marks(*rows)


def entries(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{**dict.fromkeys(ENTRIES.names()), **row} for row in rows], schema=ENTRIES)


def scheme(**document: Any) -> Scheme:
    return Scheme.from_json({"id": "tried", "basis": "test", **document})


def board(outcome: Outcome, *columns: str) -> list[tuple[Any, ...]]:
    """Rows in display order: entry, place, total, then what is asked for; scaled columns as text."""
    names = ["entry", "place", "total", *columns]
    rows = []
    for row in outcome.places.select(names).iter_rows(named=True):
        shown = [
            format_value(v) if n == "total" or n.startswith(("module:", "stage:")) else v
            for n, v in row.items()
        ]
        rows.append(tuple(shown))
    return rows


def ranked(document: dict[str, Any], table: pl.DataFrame, known: pl.DataFrame | None = None) -> Outcome:
    tried = scheme(**document)
    assert [finding for finding in tried.check() if finding.severity == "error"] == []
    return rank(tried, table, known)
