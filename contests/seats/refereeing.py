"""What the chief referee sees of the seats: sheets in and missing, marks apart, who stepped aside, own units."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from contests import schemes
from contests.programme import event_category_for
from contests.rules import may_referee, may_see_seats
from contests.scoring.entering import scheme_slots
from contests.scoring.plans import Slot
from contests.seats import links
from contests.seats.own_units import own_pieces_of
from contests.seats.pieces import pieces_of
from contests.seats.seating import Seat, rule_of, seats_of
from contests.seats.sheets import marks_of
from contests.tables import Mark, Recusal, Spread, Submission
from federation.accounts import Viewer


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat with the device that holds it, and how far it is: sheets in of those asked."""

    seat: Seat
    holder: dict[str, Any] | None
    taken_over: int
    handed_in: int
    asked: int


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """A spread with the marks it is between: (judge, text)."""

    row: dict[str, Any]
    number: str
    slot: Slot | None
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet that was handed in. `changed`: a mark in it is no longer the one that was handed in."""

    row: dict[str, Any]
    code: str
    number: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything about the seats of an event category, for staff who may see it.

    `flags`: (seat, number of a piece of its judge's unit, how many); the number is "" while codes are closed.
    """

    category: dict[str, Any]
    lines: tuple[SeatLine, ...]
    spreads: tuple[SpreadLine, ...]
    sheets: tuple[SheetLine, ...]
    recusals: tuple[dict[str, Any], ...]
    flags: tuple[tuple[str, str, int], ...]
    may_referee: bool
    may_uphold: bool


async def overview(viewer: Viewer, event_category: int) -> Overview:
    """Raises Forbidden, NotFound."""
    category = await event_category_for(viewer, event_category, may_see_seats)
    seats = await seats_of(event_category)
    codes = {seat.id: seat.code for seat in seats}
    pieces = await pieces_of(event_category)
    numbers = {piece.id: piece.number for piece in pieces}
    sheets = await _sheets(event_category, codes, numbers)
    rule = await rule_of(event_category)
    recusals = await Recusal.select().where(Recusal.event_category == event_category).order_by(Recusal.id)
    flags = await own_pieces_of(event_category) if rule.own_unit != "off" else []
    return Overview(
        category,
        tuple(await _lines(event_category, seats, sheets, sum(not piece.standing for piece in pieces))),
        tuple(await spreads_of(event_category, numbers)),
        tuple(sheets),
        tuple(
            {**row, "code": codes.get(row["seat"], ""), "number": numbers.get(row["piece"], "")}
            for row in recusals
        ),
        tuple(_flags(category, flags, codes, numbers)),
        may_referee(viewer, category["ground"]),
        rule.may_uphold,
    )


def _flags(
    category: dict[str, Any], rows: list[dict[str, Any]], codes: dict[int, str], numbers: dict[int, str]
) -> list[tuple[str, str, int]]:
    """While codes are closed, how many pieces and not which: a number beside a unit would open one."""
    known = sorted(
        (codes[row["seat"]], numbers[row["piece"]])
        for row in rows
        if row["seat"] in codes and row["piece"] in numbers
    )
    if category["coding"] and category["decoded_at"] is None:
        return [(code, "", count) for code, count in Counter(code for code, _ in known).items()]
    return [(code, number, 1) for code, number in known]


async def _lines(
    event_category: int, seats: list[Seat], sheets: list[SheetLine], competing: int
) -> list[SeatLine]:
    holders = await links.holders_of(event_category)
    done = Counter(line.row["seat"] for line in sheets if line.row["returned_at"] is None)
    aside = Counter(
        row["seat"]
        for row in await Recusal.select(Recusal.seat).where(
            (Recusal.event_category == event_category) & Recusal.lifted_at.is_null()
        )
    )
    lines = []
    for seat in seats:
        held = holders.get(seat.id, {"holder": None, "taken_over": 0})
        stages = len({stage for stage, _ in seat.aspects})
        asked = max(0, (competing - aside[seat.id]) * stages)
        lines.append(SeatLine(seat, held["holder"], held["taken_over"], done[seat.id], asked))
    return lines


async def _sheets(event_category: int, codes: dict[int, str], numbers: dict[int, str]) -> list[SheetLine]:
    rows = (
        await Submission.select()
        .where(Submission.event_category == event_category)
        .order_by(Submission.id, ascending=False)
    )
    versions = {
        (row["stage"], f"{row['piece']}:{row['aspect']}:{row['judge']}:{row['attempt']}"): row["version"]
        for row in await Mark.select(
            Mark.piece, Mark.aspect, Mark.judge, Mark.attempt, Mark.version, Mark.stage
        ).where(
            (Mark.event_category == event_category) & (Mark.is_current == True)  # noqa: E712
        )
    }
    return [
        SheetLine(
            row,
            codes.get(row["seat"], ""),
            numbers.get(row["piece"], ""),
            row["returned_at"] is None
            and any(
                versions.get((row["stage"], key), 0) != version
                for key, version, *_ in json.loads(row["marks"])
            ),
        )
        for row in rows
    ]


async def spreads_of(event_category: int, numbers: dict[int, str]) -> list[SpreadLine]:
    """Every spread of an event category, settled ones too. `numbers`: piece → number."""
    rows = await Spread.select().where(Spread.event_category == event_category).order_by(Spread.id)
    slots = scheme_slots(await schemes.scheme_of(event_category))
    found = []
    for row in rows:
        slot = slots.get((row["stage"], row["aspect"]))
        marks = await marks_of(row, slot) if slot is not None else ()
        found.append(SpreadLine(row, numbers.get(row["piece"], ""), slot, marks))
    return found
