"""Marks from a seat and the sheets that are handed in: who the judge is the server knows, never the form."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

from contests import schemes, scoring
from contests.forms.mark import MarkForm
from contests.forms.seat import HandIn, SeatCell, SeatCells
from contests.programme import event_category_for, touch
from contests.rules import may_referee
from contests.scoring.entering import may_write, shown
from contests.scoring.plans import Plan, plan_with, plans_of
from contests.scoring.walls import closed_pieces
from contests.seated import Seated
from contests.seats import spreads
from contests.seats.pieces import piece_of
from contests.seats.sheets import disputes_of, own_parts, stage_asked
from contests.tables import Mark, Spread, Submission
from federation import audit
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.judging import Scheme
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound


async def enter(seated: Seated, form: SeatCells) -> list[dict[str, Any]]:
    """Draft marks, cell by cell; the answers are those of `scoring.enter_marks`, in the order of the cells."""
    scheme = await schemes.scheme_of(seated.event_category)
    stage = stage_asked(seated, scheme, form.stage)
    plans = plans_of(scheme)
    grouped: dict[str, list[MarkForm]] = {}
    for cell in form.cells:
        plan = plan_with(plans, stage, cell.aspect)
        if plan is None:
            raise NotFound("sheet", sheet=cell.aspect)
        grouped.setdefault(plan.key, []).append(_form(seated, plan, cell))
    answers: dict[str, dict[str, Any]] = {}
    for number, (key, forms) in enumerate(grouped.items()):
        sending = f"seat:{seated.id}:{form.sending}" + (f":{number}" if number else "")
        for answer in await scoring.enter_marks(
            seated, seated.event_category, key, forms, sending=sending, reason=form.reason
        ):
            answers[answer["key"]] = answer
    return [
        answers[_form(seated, plan, cell).key]
        for cell in form.cells
        if (plan := plan_with(plans, stage, cell.aspect)) is not None
    ]


def _form(seated: Seated, plan: Plan, cell: SeatCell) -> MarkForm:
    slot = plan.slot(cell.aspect)
    return MarkForm(
        piece=cell.piece,
        aspect=cell.aspect,
        judge=seated.judge_for(has_seats=bool(slot and slot.judges)),
        attempt=cell.attempt,
        text=cell.text,
        seen_version=cell.seen_version,
    )


async def choose(
    seated: Seated, dispute: int, keep: Literal["first", "second"], *, sending: str
) -> dict[str, Any]:
    """Of two values of an own cell, entered on two devices, let one hold."""
    return await scoring.settle(seated, dispute, keep, sending=f"seat:{seated.id}:{sending}")


async def hand_in(seated: Seated, piece: int, form: HandIn) -> dict[str, Any]:
    """Hand in the sheet of a piece; from now on it is closed to this judge. Answers `number` and `hash`.

    Raises Invalid("sheet.unfilled"), and Conflict("sheet.moved") when what the judge saw is not what stands.
    """
    scheme = await schemes.scheme_of(seated.event_category)
    stage = stage_asked(seated, scheme, form.stage)
    found = await piece_of(seated.event_category, piece)
    try:
        async with change(
            seated.actor,
            "sheet.hand_in",
            f"event_category:{seated.event_category}",
            sending=f"seat:{seated.id}:{form.sending}",
            seat=seated.code,
            piece=piece,
            stage=stage,
        ) as act:
            revision = await touch(seated.event_category)
            await may_write(seated, seated.event_category)
            if shut := await closed_pieces(seated, stage, [piece]):
                raise Conflict(shut[piece])
            if await disputes_of(seated, stage, piece):
                raise Conflict("sheet.disputed")
            rows = await _own_marks(seated, scheme, stage, piece)
            _compare(seated, scheme, stage, rows, form.shown)
            if missing := _missing(seated, scheme, stage, rows):
                facts = {"number": found.number, "aspects": missing}
                raise Invalid([Finding("sheet.unfilled", facts=facts)])
            await _write(act, seated, stage, piece, rows)
            aspects = sorted({aspect for at, aspect in seated.aspects if at == stage})
            await spreads.look(act, seated.event_category, scheme, stage, piece, aspects)
            act.tell(MarksMoved(seated.event_category, revision))
    except AlreadyDone as before:
        return before.answer
    return act.answer


async def hand_in_again(act: Change, seated: Seated, piece: int, stage: str, reason: str) -> None:
    """Inside an open change: the sheet that was handed in gives way to one with the marks as they stand now."""
    await Submission.update(
        {
            Submission.returned_at: act.at,
            Submission.returned_by: seated.actor.name,
            Submission.reason: reason,
        }
    ).where(
        (Submission.seat == seated.id)
        & (Submission.piece == piece)
        & (Submission.stage == stage)
        & Submission.returned_at.is_null()
    )
    scheme = await schemes.scheme_of(seated.event_category)
    await _write(act, seated, stage, piece, await _own_marks(seated, scheme, stage, piece))


async def _own_marks(seated: Seated, scheme: Scheme, stage: str, piece: int) -> list[dict[str, Any]]:
    """The cells of the seat's sheet as they stand, in the order of the scheme."""
    order = [
        (slot.aspect.id, seated.judge_for(has_seats=bool(slot.judges)), attempt)
        for _, slots in own_parts(seated, scheme, stage)
        for slot in slots
        for attempt in range(1, slot.attempts + 1)
    ]
    rows = await Mark.select().where(
        (Mark.event_category == seated.event_category)
        & (Mark.piece == piece)
        & (Mark.stage == stage)
        & Mark.judge.is_in(["", seated.code])
        & (Mark.is_current == True)  # noqa: E712
    )
    by_cell = {(row["aspect"], row["judge"], row["attempt"]): row for row in rows}
    return [by_cell[cell] for cell in order if cell in by_cell]


def _compare(
    seated: Seated, scheme: Scheme, stage: str, rows: Sequence[dict[str, Any]], seen: dict[str, str]
) -> None:
    slots = {slot.aspect.id: slot for _, own in own_parts(seated, scheme, stage) for slot in own}
    stands = {
        f"{row['aspect']}:{row['attempt']}": shown(row["value"], row["blank"], slots[row["aspect"]])
        for row in rows
    }
    filled = {key: text for key, text in stands.items() if text}
    if filled != {key: text for key, text in seen.items() if text}:
        raise Conflict("sheet.moved")


def _missing(seated: Seated, scheme: Scheme, stage: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    done = {row["aspect"] for row in rows if row["blank"] != "pending"}
    return [
        slot.aspect.id
        for _, slots in own_parts(seated, scheme, stage)
        for slot in slots
        if not slot.is_deduction and slot.aspect.id not in done
    ]


async def _write(act: Change, seated: Seated, stage: str, piece: int, rows: Sequence[dict[str, Any]]) -> None:
    cells = [
        [
            f"{piece}:{row['aspect']}:{row['judge']}:{row['attempt']}",
            row["version"],
            row["value"],
            row["blank"],
        ]
        for row in rows
    ]
    marks = audit.canonical(cells)
    digest = hashlib.sha256(marks.encode()).hexdigest()
    before = await Submission.count().where(
        (Submission.seat == seated.id) & (Submission.piece == piece) & (Submission.stage == stage)
    )
    await Submission.insert(
        Submission(
            event_category=seated.event_category,
            seat=seated.id,
            piece=piece,
            stage=stage,
            number=before + 1,
            marks=marks,
            hash=digest,
            at=act.at,
        )
    )
    act.record(hash=digest, number=before + 1)
    act.answer.update(number=before + 1, hash=digest)


async def hand_back(
    viewer: Viewer, event_category: int, submission: int, reason: str, *, sending: str | None = None
) -> None:
    """The chief referee returns a sheet to its judge, with a reason; a spread it took part in is looked at anew."""
    await event_category_for(viewer, event_category, may_referee)
    if not reason.strip():
        raise Invalid([Finding("seat.reason_needed", place="reason")])
    try:
        async with change(
            viewer.actor,
            "sheet.hand_back",
            f"event_category:{event_category}",
            sending=sending,
            submission=submission,
            reason=reason.strip(),
        ) as act:
            await touch(event_category)
            returned = (
                await Submission.update(
                    {
                        Submission.returned_at: act.at,
                        Submission.returned_by: viewer.actor.name,
                        Submission.reason: reason.strip(),
                    }
                )
                .where(
                    (Submission.id == submission)
                    & (Submission.event_category == event_category)
                    & Submission.returned_at.is_null()
                )
                .returning(Submission.piece, Submission.stage)
            )
            if not returned:
                raise Conflict("seat.settled")
            await _withdraw_spreads(act, event_category, returned[0])
    except AlreadyDone:
        return


async def _withdraw_spreads(act: Change, event_category: int, sheet: dict[str, Any]) -> None:
    """A spread is between sheets that are in; when one goes back it is measured again once all are in anew."""
    await Spread.update({Spread.settled_at: act.at, Spread.settlement: "withdrawn"}).where(
        (Spread.event_category == event_category)
        & (Spread.piece == sheet["piece"])
        & (Spread.stage == sheet["stage"])
        & Spread.settled_at.is_null()
    )
