"""The judge's sheets: the list of pieces with their state, and the form of one piece. Own cells only, no name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from contests import schemes
from contests.programme import event_category
from contests.scoring.entering import shown
from contests.scoring.plans import Plan, Slot, plans_of
from contests.seated import Seated
from contests.seats.pieces import Piece, piece_of, pieces_of
from contests.states import MARKABLE
from contests.tables import Dispute, Mark, Recusal, Spread, Submission
from federation.judging import Scheme
from federation.refusals import NotFound

STATES = ("todo", "draft", "full", "submitted", "returned", "spread", "recused", "out")
"""Of a piece on a judge's list, in the order work goes. `out`: the whole performance was ruled on."""


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of the judge's form. `key` is `piece:aspect:judge:attempt`, as marks are keyed."""

    key: str
    slot: Slot
    attempt: int
    version: int = 0
    text: str = ""
    reason: str = ""
    dispute: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """A spread that stops this judge's sheet. `marks`: (judge, text) once the chief referee opened them, else ()."""

    id: int
    aspect: str
    attempt: int
    opened: bool
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece on the list: how far it is. `asked` counts aspects that must be marked."""

    piece: Piece
    state: str
    filled: int
    asked: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SeatSheet:
    """The form of one piece in one stage, as one judge fills it in."""

    category: dict[str, Any]
    line: PieceLine
    stage: str
    parts: tuple[tuple[Plan, tuple[Box, ...]], ...]
    spreads: tuple[Apart, ...]
    lines: tuple[PieceLine, ...]
    editable: bool
    before: Piece | None
    after: Piece | None
    submitted_at: Any = None

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(box for _, boxes in self.parts for box in boxes)


def own_parts(seated: Seated, scheme: Scheme, stage: str) -> list[tuple[Plan, tuple[Slot, ...]]]:
    """The sheets of a stage with what this seat marks of them."""
    parts = [
        (plan, tuple(slot for slot in plan.slots if (plan.stage, slot.aspect.id) in seated.aspects))
        for plan in plans_of(scheme)
        if plan.stage == stage
    ]
    return [(plan, slots) for plan, slots in parts if slots]


def stages_for(seated: Seated, scheme: Scheme) -> list[str]:
    """The stages this seat marks in, as marks store them, in order."""
    found = dict.fromkeys(plan.stage for plan in plans_of(scheme))
    return [stage for stage in found if own_parts(seated, scheme, stage)]


def stage_asked(seated: Seated, scheme: Scheme, asked: str) -> str:
    """The stage asked for, or the first the seat marks in. Raises NotFound for a seat with nothing to mark."""
    stages = stages_for(seated, scheme)
    if not stages:
        raise NotFound("seat_aspects")
    return asked if asked in stages else stages[0]


async def list_for(seated: Seated, stage: str = "") -> tuple[dict[str, Any], str, list[str], list[PieceLine]]:
    """(event category, stage, the seat's stages, its pieces with their state)."""
    category = await event_category(seated.event_category)
    scheme = await schemes.scheme_of(seated.event_category)
    stage = stage_asked(seated, scheme, stage)
    pieces = await pieces_of(seated.event_category)
    lines = await lines_of(seated, scheme, stage, pieces)
    return category, stage, stages_for(seated, scheme), lines


async def lines_of(seated: Seated, scheme: Scheme, stage: str, pieces: Iterable[Piece]) -> list[PieceLine]:
    """How far each piece is for this seat."""
    slots = [slot for _, slots in own_parts(seated, scheme, stage) for slot in slots]
    asked = {
        (slot.aspect.id, seated.judge_for(has_seats=bool(slot.judges)))
        for slot in slots
        if not slot.is_deduction
    }
    marks = await _current(seated, stage)
    filled: dict[int, set[tuple[str, str]]] = {}
    for row in marks:
        if row["blank"] != "pending":
            filled.setdefault(row["piece"], set()).add((row["aspect"], row["judge"]))
    submissions = await Submission.select().where(
        (Submission.seat == seated.id) & (Submission.stage == stage)
    )
    handed = {row["piece"] for row in submissions if row["returned_at"] is None}
    returned = {row["piece"]: row["reason"] for row in sorted(submissions, key=lambda row: row["number"])}
    aside = {
        row["piece"]
        for row in await Recusal.select(Recusal.piece).where(
            (Recusal.seat == seated.id) & Recusal.lifted_at.is_null()
        )
    }
    apart = {
        row["piece"]
        for row in await _open_spreads(seated.event_category, stage)
        if (stage, row["aspect"]) in seated.aspects
    }
    lines = []
    for piece in pieces:
        here = filled.get(piece.id, set())
        count = len(here & asked)
        state = "full" if count == len(asked) else "draft" if here else "todo"
        reason = ""
        if piece.standing:
            state = "out"
        elif piece.id in aside:
            state = "recused"
        elif piece.id in handed:
            state = "spread" if piece.id in apart else "submitted"
        elif piece.id in returned:
            state, reason = "returned", returned[piece.id]
        lines.append(PieceLine(piece, state, count, len(asked), reason))
    return lines


async def sheet_for(seated: Seated, piece: int, stage: str = "") -> SeatSheet:
    """The form of one piece. Raises NotFound."""
    category, stage, _, lines = await list_for(seated, stage)
    await piece_of(seated.event_category, piece)
    place = next(index for index, line in enumerate(lines) if line.piece.id == piece)
    scheme = await schemes.scheme_of(seated.event_category)
    marks = {
        f"{row['piece']}:{row['aspect']}:{row['judge']}:{row['attempt']}": row
        for row in await _current(seated, stage, piece)
    }
    disputes = await disputes_of(seated, stage, piece)
    parts = tuple(
        (
            plan,
            tuple(
                _filled(box, marks.get(box.key), disputes.get(box.key))
                for slot in slots
                for box in _boxes(seated, piece, slot)
            ),
        )
        for plan, slots in own_parts(seated, scheme, stage)
    )
    line = lines[place]
    return SeatSheet(
        category,
        line,
        stage,
        parts,
        await _apart(seated, stage, piece, scheme),
        tuple(lines),
        category["state"] in MARKABLE and line.state in ("todo", "draft", "full", "returned"),
        lines[place - 1].piece if place else None,
        lines[place + 1].piece if place + 1 < len(lines) else None,
        await _submitted_at(seated, stage, piece),
    )


def _boxes(seated: Seated, piece: int, slot: Slot) -> list[Box]:
    judge = seated.judge_for(has_seats=bool(slot.judges))
    return [
        Box(f"{piece}:{slot.aspect.id}:{judge}:{attempt}", slot, attempt)
        for attempt in range(1, slot.attempts + 1)
    ]


def _filled(box: Box, row: dict[str, Any] | None, dispute: dict[str, Any] | None) -> Box:
    if row is None:
        return box
    offered = dispute and {
        "id": dispute["id"],
        "offered": shown(dispute["value"], dispute["blank"], box.slot),
        "at": dispute["at"],
    }
    text = shown(row["value"], row["blank"], box.slot)
    return replace(box, version=row["version"], text=text, reason=row["reason"], dispute=offered)


async def _current(seated: Seated, stage: str, piece: int | None = None) -> list[dict[str, Any]]:
    """The marks of this seat's own cells, and of the common cells it marks."""
    aspects = sorted({aspect for at, aspect in seated.aspects if at == stage})
    where = (
        (Mark.event_category == seated.event_category)
        & (Mark.stage == stage)
        & (Mark.is_current == True)  # noqa: E712
        & Mark.judge.is_in(["", seated.code])
        & Mark.aspect.is_in(aspects)
    )
    return await Mark.select().where(where if piece is None else where & (Mark.piece == piece))


async def disputes_of(seated: Seated, stage: str, piece: int) -> dict[str, dict[str, Any]]:
    """The own cells of a piece that hold two values, by key."""
    rows = await Dispute.select().where(
        (Dispute.event_category == seated.event_category)
        & (Dispute.stage == stage)
        & (Dispute.piece == piece)
        & Dispute.judge.is_in(["", seated.code])
        & Dispute.settled_at.is_null()
    )
    rows = [row for row in rows if seated.owns(stage, row["aspect"], row["judge"])]
    return {f"{row['piece']}:{row['aspect']}:{row['judge']}:{row['attempt']}": row for row in rows}


async def _submitted_at(seated: Seated, stage: str, piece: int) -> Any:
    row = (
        await Submission.select(Submission.at)
        .where(
            (Submission.seat == seated.id)
            & (Submission.piece == piece)
            & (Submission.stage == stage)
            & Submission.returned_at.is_null()
        )
        .first()
    )
    return row["at"] if row else None


async def _open_spreads(event_category_id: int, stage: str) -> list[dict[str, Any]]:
    return (
        await Spread.select()
        .where(
            (Spread.event_category == event_category_id)
            & (Spread.stage == stage)
            & Spread.settled_at.is_null()
        )
        .order_by(Spread.id)
    )


async def _apart(seated: Seated, stage: str, piece: int, scheme: Scheme) -> tuple[Apart, ...]:
    slots = {slot.aspect.id: slot for _, slots in own_parts(seated, scheme, stage) for slot in slots}
    found = []
    for row in await _open_spreads(seated.event_category, stage):
        if row["piece"] != piece or row["aspect"] not in slots:
            continue
        marks: tuple[tuple[str, str], ...] = ()
        if row["shown_at"] is not None:
            marks = await marks_of(row, slots[row["aspect"]])
        found.append(Apart(row["id"], row["aspect"], row["attempt"], row["shown_at"] is not None, marks))
    return tuple(found)


async def marks_of(spread: dict[str, Any], slot: Slot) -> tuple[tuple[str, str], ...]:
    """(judge, text) of everybody's marks of the cell a spread is about."""
    rows = await Mark.select(Mark.judge, Mark.value, Mark.blank).where(
        (Mark.event_category == spread["event_category"])
        & (Mark.piece == spread["piece"])
        & (Mark.stage == spread["stage"])
        & (Mark.aspect == spread["aspect"])
        & (Mark.attempt == spread["attempt"])
        & (Mark.is_current == True)  # noqa: E712
        & (Mark.judge != "")
    )
    return tuple(
        (row["judge"], shown(row["value"], row["blank"], slot))
        for row in sorted(rows, key=lambda row: (len(row["judge"]), row["judge"]))
    )


async def moved_since(seated: Seated, piece: int, stage: str) -> dict[str, Any]:
    """What a device that shows the form asks again: versions and texts of its cells, state, spreads."""
    sheet = await sheet_for(seated, piece, stage)
    return {
        "state": sheet.line.state,
        "category": sheet.category["state"],
        "editable": sheet.editable,
        "reason": sheet.line.reason,
        "cells": [
            {"key": box.key, "version": box.version, "text": box.text, "dispute": _told(box.dispute)}
            for box in sheet.boxes
        ],
        "spreads": json.dumps([[one.id, one.opened, one.marks] for one in sheet.spreads]),
    }


def _told(dispute: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"id": dispute["id"], "offered": dispute["offered"]} if dispute else None
