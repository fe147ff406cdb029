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
from federation.judging.schemes import Rounding, Scheme

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
    """The weighted sum of the modules, where nothing else goes into a total."""
    if not _plain(scheme):
        found.left_out.append("totals")
        return
    stage = scheme.stages[0]
    weights = [module.weight for module in stage.modules]
    if [column["id"] for column in content["columns"]] != [module.id for module in stage.modules]:
        found.left_out.append("totals")
        return
    for at, row in enumerate(rows, 1):
        modules = [row[f"m{number}"] for number in range(len(weights))]
        if row["total"] is None or any(value is None for value in modules):
            continue
        exact = sum(
            Fraction(value * weight * stage.weight, SCALE * SCALE)
            for value, weight in zip(modules, weights, strict=True)
        )
        total = _rounded(exact, scheme.roundings.total)
        found.checked["totals"] = found.checked.get("totals", 0) + 1
        if total != row["total"]:
            found.differs.append(Differs(at, row["number"] or "", "total", total, row["total"]))


def _plain(scheme: Scheme) -> bool:
    stage, roundings = scheme.stages[0], scheme.roundings
    return not (
        len(scheme.stages) > 1
        or scheme.deductions
        or stage.deductions
        or stage.attempts
        or stage.rounding
        or any(limit is not None for limit in (scheme.floor, scheme.cap, stage.floor, stage.cap))
        or roundings.weighted.step != EXACT
        or roundings.stage.step != EXACT
        # a module that is kept exactly is shown rounded
        or any(
            (module.rounding or roundings.module).step == EXACT and not _shown_whole(scheme, module)
            for module in stage.modules
        )
    )


def _shown_whole(scheme: Scheme, module: Any) -> bool:
    """Whether a module's own value can have no more than four decimals: its marks come in steps and only add up."""
    roundings = scheme.roundings
    return (
        not module.subcriteria
        and not module.deductions
        and not module.attempts
        and all(
            aspect.worth is None
            and aspect.weight % SCALE == 0
            and not aspect.factored
            and aspect.rule.kind == "identity"
            and aspect.panel.method in ("single", "sum", "median", "trimmed_sum")
            for aspect in module.aspects
        )
        and roundings.aspect.step == EXACT
    )


def _rounded(value: Fraction, rule: Rounding) -> int:
    if rule.step == EXACT:
        return round_number(value, rule.mode)
    return round_number(value / rule.step, rule.mode) * rule.step


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
