"""The chief referee's desk: how far each judge and piece is, what stands out, which sheets wait. Numbers, no names."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests import schemes
from contests.locks import Lock, lock_of
from contests.paper.rule import Rule, rule_of
from contests.paper.sheets import PaperSheet, sheets_of
from contests.programme import event_category_for
from contests.progress import missing_marks
from contests.rules import may_referee, may_see_desk
from contests.scoring.entering import scheme_slots, shown
from contests.scoring.plans import Plan, plans_of
from contests.scoring.sheets import pieces_by_number
from contests.seats.refereeing import SpreadLine, spreads_of
from contests.sign_off import against_signing
from federation.accounts import Viewer
from federation.database import frame
from federation.findings import Finding
from federation.judging import Scheme
from federation.judging.aggregation import evaluate
from federation.judging.diagnostics import by_judge, given

LEAST_FOR_ODD = 8
"""Marks of one aspect that are needed before one of them can be called odd."""

_MARKS = {
    "entry": pl.Int64,
    "stage": pl.String,
    "aspect": pl.String,
    "judge": pl.String,
    "attempt": pl.Int32,
    "value": pl.Int64,
    "blank": pl.String,
}


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """A seat ("" for agreed marks): marks in of those asked, its sheets of paper, and how it marks beside others.

    `deviation` and `absolute` are floats in points, `share` of the full range; None where nobody marked beside it.
    """

    judge: str
    done: int
    asked: int
    sheets: int
    sheets_open: int
    marks: int = 0
    deviation: float | None = None
    share: float | None = None
    absolute: float | None = None
    odd: int = 0


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece: marks in of those asked on each sheet of the scheme, in their order. `standing`: it is asked nothing."""

    number: str
    standing: str
    parts: tuple[tuple[int, int], ...]

    @property
    def done(self) -> int:
        return sum(done for done, _ in self.parts)

    @property
    def asked(self) -> int:
        return sum(asked for _, asked in self.parts)


@dataclass(frozen=True, slots=True)
class OddMark:
    """A mark far from the middle of its aspect; texts as shown."""

    number: str
    aspect: str
    title: str
    title_en: str
    judge: str
    value: str
    middle: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the desk. `against`: what speaks against signing; `signs`: role this person signs as, "" none."""

    category: dict[str, Any]
    rule: Rule
    plans: tuple[Plan, ...]
    judges: tuple[JudgeLine, ...]
    pieces: tuple[PieceLine, ...]
    spreads: tuple[SpreadLine, ...]
    odd: tuple[OddMark, ...]
    missing: tuple[dict[str, Any], ...]
    sheets: Mapping[str, int]
    unsigned: tuple[str, ...]
    lock: Lock | None
    against: tuple[Finding, ...]
    may_referee: bool

    @property
    def done(self) -> int:
        return sum(one.done for one in self.pieces)

    @property
    def asked(self) -> int:
        return sum(one.asked for one in self.pieces)


async def desk(viewer: Viewer, event_category_id: int) -> Desk:
    """Raises NotFound, Forbidden."""
    category = await event_category_for(viewer, event_category_id, may_see_desk)
    rule = await rule_of(event_category_id)
    sheets = [one for one in await sheets_of(event_category_id) if one.standing != "void"]
    scheme = await schemes.scheme_of(event_category_id) if category["scheme"] else None
    pieces = await pieces_by_number(event_category_id)
    marks = await frame(
        "SELECT piece, stage, aspect, judge, attempt, value, blank FROM mark"
        " WHERE event_category = ? AND is_current AND (blank IS NULL OR blank <> 'pending')",
        _MARKS,
        event_category_id,
    )
    plans = plans_of(scheme) if scheme else ()
    odd = odd_marks(_judged(marks, scheme), rule.odd_limit)
    health = await asyncio.to_thread(_health, scheme, marks, [one[0] for one in pieces])
    numbers = {piece: number for piece, number, _ in pieces}
    return Desk(
        category,
        rule,
        plans,
        _judges(plans, pieces, marks, sheets, odd, health),
        _pieces(plans, pieces, marks),
        tuple(await spreads_of(event_category_id, numbers)) if scheme else (),
        _odd_lines(odd, numbers, scheme),
        tuple((await missing_marks(event_category_id)).to_dicts()) if scheme else (),
        Counter(one.standing for one in sheets),
        tuple(one.code for one in sheets if one.standing in ("confirmed", "printed", "superseded")),
        await lock_of(event_category_id),
        tuple(await against_signing(category)) if scheme else (),
        may_referee(viewer, category["ground"]),
    )


def odd_marks(marks: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Marks further from the median of their aspect than `limit` tenths of the usual distance from it.

    The usual distance is the median one, so that a few wild marks do not hide themselves. Adds `middle`, scaled;
    aspects with fewer than `LEAST_FOR_ODD` marks, or with most marks alike, have none. All integers.
    """
    here = ["stage", "aspect", "attempt"]
    halves = (
        marks.filter(pl.col("value").is_not_null())
        .with_columns(middle=_middle(pl.col("value")).over(here), count=pl.len().over(here))
        .with_columns(distance=(2 * pl.col("value") - pl.col("middle")).abs())
        .with_columns(usual=_middle(pl.col("distance")).over(here))
    )
    return (
        halves.filter(
            (pl.col("count") >= LEAST_FOR_ODD)
            & (pl.col("usual") > 0)
            & (pl.col("distance") * 20 > pl.col("usual") * limit)
        )
        .with_columns(middle=pl.col("middle") // 2)
        .sort("distance", "entry", "judge", descending=[True, False, False])
    )


def _judged(marks: pl.DataFrame, scheme: Scheme | None) -> pl.DataFrame:
    """Without deductions: most have none, so every one would be odd."""
    slots = scheme_slots(scheme) if scheme else {}
    kept = [aspect for (_stage, aspect), slot in slots.items() if not slot.is_deduction]
    return marks.filter(pl.col("aspect").is_in(kept))


def _middle(values: pl.Expr) -> pl.Expr:
    """Twice the median, an integer: the two middle ones added."""
    ordered = values.sort()
    return ordered.get((pl.len() - 1) // 2) + ordered.get(pl.len() // 2)


def _health(scheme: Scheme | None, marks: pl.DataFrame, pieces: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Judge → how it marks beside the others of its panel; the arithmetic of the board, over pieces."""
    if scheme is None or marks.filter(pl.col("judge") != "").is_empty():
        return {}
    found = evaluate(scheme, marks, pl.DataFrame({"entry": list(pieces)}, schema={"entry": pl.Int64}))
    return {row["judge"]: row for row in by_judge(given(found)).iter_rows(named=True)}


def _asked(
    plans: Sequence[Plan], pieces: Sequence[tuple[int, str, str]], marks: pl.DataFrame
) -> list[tuple[int, Plan, str, str]]:
    """(piece, plan, aspect, judge) of everything that must be marked: later stages ask those who have begun them."""
    begun = set(marks.select("stage", "entry").unique().iter_rows())
    first = plans[0].stage if plans else ""
    seats = set(marks.select("aspect", "judge").unique().iter_rows())
    wanted = []
    for plan in plans:
        columns = {
            (one.aspect.id, one.judge): None for one in plan.columns(seats) if not one.slot.is_deduction
        }
        for piece, _number, standing in pieces:
            if not standing and (plan.stage == first or (plan.stage, piece) in begun):
                wanted += [(piece, plan, aspect, judge) for aspect, judge in columns]
    return wanted


def _judges(
    plans: Sequence[Plan],
    pieces: Sequence[tuple[int, str, str]],
    marks: pl.DataFrame,
    sheets: Sequence[PaperSheet],
    odd: pl.DataFrame,
    health: Mapping[str, Mapping[str, Any]],
) -> tuple[JudgeLine, ...]:
    given_cells = set(marks.select("entry", "stage", "aspect", "judge").iter_rows())
    asked: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for piece, plan, aspect, judge in _asked(plans, pieces, marks):
        asked[judge] += 1
        done[judge] += (piece, plan.stage, aspect, judge) in given_cells
    wild = Counter(odd["judge"].to_list())
    seats = sorted(set(asked) | set(health), key=lambda seat: (len(seat), seat))
    return tuple(
        JudgeLine(
            judge,
            done[judge],
            asked[judge],
            sum(one.row["judge"] == judge for one in sheets),
            sum(one.row["judge"] == judge and one.row["state"] != "confirmed" for one in sheets),
            health.get(judge, {}).get("marks", 0),
            health.get(judge, {}).get("deviation"),
            health.get(judge, {}).get("share"),
            health.get(judge, {}).get("absolute"),
            wild[judge],
        )
        for judge in seats
    )


def _pieces(
    plans: Sequence[Plan], pieces: Sequence[tuple[int, str, str]], marks: pl.DataFrame
) -> tuple[PieceLine, ...]:
    given_cells = set(marks.select("entry", "stage", "aspect", "judge").iter_rows())
    asked: Counter[tuple[int, str]] = Counter()
    done: Counter[tuple[int, str]] = Counter()
    for piece, plan, aspect, judge in _asked(plans, pieces, marks):
        asked[piece, plan.key] += 1
        done[piece, plan.key] += (piece, plan.stage, aspect, judge) in given_cells
    return tuple(
        PieceLine(number, standing, tuple((done[piece, plan.key], asked[piece, plan.key]) for plan in plans))
        for piece, number, standing in pieces
    )


def _odd_lines(odd: pl.DataFrame, numbers: Mapping[int, str], scheme: Scheme | None) -> tuple[OddMark, ...]:
    slots = scheme_slots(scheme) if scheme else {}
    lines = []
    for row in odd.iter_rows(named=True):
        slot = slots.get((row["stage"], row["aspect"]))
        if slot is not None and not slot.is_deduction and row["entry"] in numbers:
            lines.append(
                OddMark(
                    numbers[row["entry"]],
                    row["aspect"],
                    slot.aspect.title,
                    slot.aspect.title_en,
                    row["judge"],
                    shown(row["value"], None, slot),
                    shown(row["middle"], None, slot),
                )
            )
    return tuple(lines)
