"""Places, totals and awards worked out once more from what a publication shows. Pure.

The marks are not part of a publication, so a total is only checked against the modules it is made of, and only where
the scheme is plain enough for that; `Recount.left_out` says what was not checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl

from contests.boards.snapshots import lines_of
from federation.judging.frames import SCALE
from federation.judging.quotas import awards
from federation.judging.rounding import round_number
from federation.judging.schemes import Rounding, Scheme, Stage

EXACT = 0


@dataclass(frozen=True, slots=True)
class Differs:
    """A cell that is not what the others make it. `row` counts from 1; `number` is the entry's."""

    row: int
    number: str
    field: str
    expected: Any
    found: Any


@dataclass
class Recount:
    """`checked`: what was worked out again, with how many rows. `left_out`: what could not be, by code."""

    differs: list[Differs] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


Row = Mapping[str, Any]


def recounted(content: Mapping[str, Any], scheme: Scheme | None) -> Recount:
    """Everything a content lets be worked out again. `scheme` None: only what needs no rule."""
    rows = [dict(zip(content["fields"], row, strict=True)) for row in content["rows"]]
    found = Recount()
    _entered(content, rows, found)
    ranked = [(at, row) for at, row in enumerate(rows, 1) if row["place"] is not None]
    if scheme is None:
        found.left_out += ["totals", "order", "places", "awards"]
    else:
        _totals(scheme, content, rows, found)
        _order(scheme, ranked, found)
        _places(scheme, content, ranked, found)
        _awards(scheme, ranked, found)
    _lines(content, rows, found)
    found.left_out.append("marks")
    return found


def _entered(content: Mapping[str, Any], rows: Sequence[Row], found: Recount) -> None:
    if content["entered"] != len(rows):
        found.differs.append(Differs(0, "", "entered", len(rows), content["entered"]))
    seen: dict[str, int] = {}
    placed = True
    for at, row in enumerate(rows, 1):
        number = row["number"] or ""
        if number and number in seen:
            found.differs.append(Differs(at, number, "number", "", number))
        seen[number] = at
        if row["place"] is not None and not placed:
            found.differs.append(Differs(at, number, "place", None, row["place"]))
        placed = placed and row["place"] is not None
    found.checked["rows"] = len(rows)


def _totals(scheme: Scheme, content: Mapping[str, Any], rows: Sequence[Row], found: Recount) -> None:
    """The weighted sum of the modules, where nothing else goes into a total.

    A module that is kept exactly is shown to four decimals; the total then has to lie within what that leaves open.
    """
    stage = scheme.stages[0]
    shown = [column["id"] for column in content["columns"]]
    if not _plain(scheme) or shown != [module.id for module in stage.modules]:
        found.left_out.append("totals")
        return
    for at, row in enumerate(rows, 1):
        values = [row[f"m{number}"] for number in range(len(stage.modules))]
        if row["total"] is None or any(value is None for value in values):
            continue
        low, high = _bounds(scheme, stage, values)
        found.checked["totals"] = found.checked.get("totals", 0) + 1
        if not low <= row["total"] <= high:
            expected = low if low == high else [low, high]
            found.differs.append(Differs(at, row["number"] or "", "total", expected, row["total"]))


def _plain(scheme: Scheme) -> bool:
    stage = scheme.stages[0]
    limits = (scheme.floor, scheme.cap, stage.floor, stage.cap)
    return (
        len(scheme.stages) == 1
        and not scheme.deductions
        and not stage.deductions
        and stage.attempts is None
        and all(limit is None for limit in limits)
    )


def _bounds(scheme: Scheme, stage: Stage, values: Sequence[int]) -> tuple[int, int]:
    """The least and the greatest total these modules can add up to; rounding never turns two numbers round."""
    roundings = scheme.roundings
    ends = []
    for side in (-1, 1):
        total = Fraction(0)
        for module, value in zip(stage.modules, values, strict=True):
            exact = (module.rounding or roundings.module).step == EXACT
            leaning = side if module.weight >= 0 else -side
            product = (Fraction(value) + (leaning if exact else 0)) * Fraction(module.weight, SCALE)
            total += _rounded(product, roundings.weighted)
        total = _rounded(total, stage.rounding or roundings.stage) * Fraction(stage.weight, SCALE)
        ends.append(int(_rounded(total, roundings.total)))
    return min(ends), max(ends)


def _rounded(value: Fraction, rule: Rounding) -> Fraction:
    if rule.step == EXACT:
        return value
    return Fraction(round_number(value / rule.step, rule.mode) * rule.step)


def _order(scheme: Scheme, ranked: Sequence[tuple[int, Row]], found: Recount) -> None:
    """Better totals stand before worse ones. With several stages whoever went on stands first, whatever the total."""
    if len(scheme.stages) > 1 or scheme.near_tie or _some_stand_behind(scheme):
        found.left_out.append("order")
        return
    best: int | None = None
    for at, row in ranked:
        total = row["total"]
        if total is not None and best is not None:
            wrong = total > best if scheme.better == "higher" else total < best
            if wrong:
                found.differs.append(Differs(at, row["number"] or "", "order", best, total))
        best = total if total is not None else best
    found.checked["order"] = len(ranked)


def _some_stand_behind(scheme: Scheme) -> bool:
    return scheme.better == "lower" or "behind" in asdict(scheme.blanks).values()


def _places(
    scheme: Scheme, content: Mapping[str, Any], ranked: Sequence[tuple[int, Row]], found: Recount
) -> None:
    """Numbers of places from who shares them, and sharing from equal totals and equal comparisons."""
    criteria = [f"t{at}" for at in range(len(content["criteria"]))]
    run, before = 0, None
    dense = 0
    for position, (at, row) in enumerate(ranked, 1):
        shares = before is not None and row["place"] == before["place"] and scheme.place_form != "ordinal"
        if shares and not scheme.near_tie:
            shares = row["total"] == before["total"] and all(
                row[one] == before[one] for one in criteria if one in row
            )
        if not shares:
            run, dense = position, dense + 1
        expected = {"standard": run, "dense": dense, "ordinal": position}[scheme.place_form]
        if row["place"] != expected:
            found.differs.append(Differs(at, row["number"] or "", "place", expected, row["place"]))
        before = row
    found.checked["places"] = len(ranked)


def _awards(scheme: Scheme, ranked: Sequence[tuple[int, Row]], found: Recount) -> None:
    """Award lines over the places: shares of those ranked, ties on a boundary, least field and total."""
    if not ranked:
        return
    if scheme.rankings[0].by not in ((), ("category",)):
        found.left_out.append("awards")
        return
    shown = [row["place"] for _, row in ranked]
    runs = [shown.count(place) if scheme.place_form != "ordinal" else 1 for place in shown]
    standard, first = [], 0
    for position, place in enumerate(shown, 1):
        first = position if position == 1 or place != shown[position - 2] else first
        standard.append(first)
    placed = pl.DataFrame(
        {"place": shown, "run": runs, "standard": standard, "field": [len(ranked)] * len(ranked)},
        schema={name: pl.Int64() for name in ("place", "run", "standard", "field")},
    )
    totals = pl.Series("total", [row["total"] for _, row in ranked], dtype=pl.Int64)
    expected = awards(scheme, placed, totals).to_list()
    for (at, row), award in zip(ranked, expected, strict=True):
        if (award or "") != row["award"]:
            found.differs.append(Differs(at, row["number"] or "", "award", award or "", row["award"]))
    found.checked["awards"] = len(ranked)


def _lines(content: Mapping[str, Any], rows: Sequence[Row], found: Recount) -> None:
    """Where the award lines are drawn, from the awards of the rows."""
    frame = pl.DataFrame(
        {"place": [row["place"] for row in rows], "award": [row["award"] for row in rows]},
        schema={"place": pl.Int32(), "award": pl.String()},
    )
    named = [(line["id"], line["title"], line["title_en"]) for line in content["lines"]]
    expected = [asdict(line) for line in lines_of(frame, named)]
    if expected != content["lines"]:
        told = [(line["id"], line["first"], line["last"], line["count"]) for line in expected]
        shown = [(line["id"], line["first"], line["last"], line["count"]) for line in content["lines"]]
        found.differs.append(Differs(0, "", "lines", told, shown))
    found.checked["lines"] = len(content["lines"])
