"""Stepping aside (回避): a judge leaves a piece to the others, by their own word or by the system for the own unit."""

from __future__ import annotations

from typing import Any

from contests import schemes
from contests.programme import event_category_for, touch
from contests.rules import may_referee
from contests.scoring.entering import PENDING, Entering, may_write, write_versions
from contests.scoring.plans import plans_of
from contests.scoring.walls import closed_pieces
from contests.seated import Seated
from contests.seats import spreads
from contests.seats.own_units import own_pieces
from contests.seats.pieces import piece_of
from contests.seats.seating import aspects_from, rule_of
from contests.states import MARKABLE
from contests.tables import EventCategory, JudgeSeat, Mark, Recusal, Submission
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound

RECUSED = "recused"


async def recuse_own_unit(act: Change, seated: Seated) -> None:
    """Inside an open change: where the rule says so, the seat steps aside for every piece of its judge's own unit."""
    row = (
        await EventCategory.select(EventCategory.state)
        .where(EventCategory.id == seated.event_category)
        .first()
    )
    if row is None or row["state"] not in MARKABLE:
        return
    if (await rule_of(seated.event_category)).own_unit != "block":
        return
    kept = await Recusal.select(Recusal.piece).where(Recusal.seat == seated.id)
    due = sorted(await own_pieces(seated.id) - {one["piece"] for one in kept})
    if not due:
        return
    revision = await touch(seated.event_category)
    for piece in due:
        await _write(act, seated, piece, "system", "")
    act.record(recused=due)
    act.tell(MarksMoved(seated.event_category, revision))


async def step_aside(seated: Seated, piece: int, reason: str, *, sending: str) -> None:
    """The judge's own act, with a reason. Raises Invalid, Conflict (handed in already), NotFound."""
    if not reason.strip():
        raise Invalid([Finding("seat.recusal_reason", place="reason")])
    await piece_of(seated.event_category, piece)
    try:
        async with change(
            seated.actor,
            "seat.recuse",
            f"event_category:{seated.event_category}",
            sending=f"seat:{seated.id}:{sending}",
            seat=seated.code,
            piece=piece,
            reason=reason.strip(),
        ) as act:
            revision = await touch(seated.event_category)
            await may_write(seated, seated.event_category)
            handed = await Submission.exists().where(
                (Submission.seat == seated.id)
                & (Submission.piece == piece)
                & Submission.returned_at.is_null()
            )
            if handed:
                raise Conflict("mark.sheet_submitted")
            if not await closed_pieces(seated, "", [piece]):
                await _write(act, seated, piece, "judge", reason.strip())
            act.tell(MarksMoved(seated.event_category, revision))
    except AlreadyDone:
        return


async def lift(
    viewer: Viewer, event_category: int, recusal: int, reason: str, *, sending: str | None = None
) -> None:
    """The chief referee lets the judge mark after all, with a reason; what stood aside is open again."""
    await event_category_for(viewer, event_category, may_referee)
    if not reason.strip():
        raise Invalid([Finding("seat.reason_needed", place="reason")])
    row = (
        await Recusal.select(*Recusal.all_columns(), Recusal.seat.code.as_alias("code"))
        .where((Recusal.id == recusal) & (Recusal.event_category == event_category))
        .first()
    )
    if row is None:
        raise NotFound("recusal")
    try:
        async with change(
            viewer.actor,
            "seat.recusal_lift",
            f"event_category:{event_category}",
            sending=sending,
            recusal=recusal,
            reason=reason.strip(),
        ) as act:
            revision = await touch(event_category)
            lifted = (
                await Recusal.update(
                    {
                        Recusal.lifted_at: act.at,
                        Recusal.lifted_by: viewer.actor.name,
                        Recusal.lifted_why: reason.strip(),
                    }
                )
                .where((Recusal.id == recusal) & Recusal.lifted_at.is_null())
                .returning(Recusal.id)
            )
            if not lifted:
                raise Conflict("seat.settled")
            await _blank(act, viewer, event_category, row, PENDING, reason.strip())
            act.tell(MarksMoved(event_category, revision))
    except AlreadyDone:
        return


async def _write(act: Change, seated: Seated, piece: int, by: str, reason: str) -> None:
    await Recusal.insert(
        Recusal(
            event_category=seated.event_category,
            seat=seated.id,
            piece=piece,
            by=by,
            reason=reason,
            actor=seated.actor.name,
            at=act.at,
        )
    )
    seat = {"seat": seated.id, "code": seated.code, "piece": piece}
    await _blank(act, seated, seated.event_category, seat, RECUSED, reason)
    scheme = await schemes.scheme_of(seated.event_category)
    for stage in sorted({stage for stage, _ in seated.aspects}):
        aspects = sorted(aspect for at, aspect in seated.aspects if at == stage)
        await spreads.look(act, seated.event_category, scheme, stage, piece, aspects)


async def _blank(
    act: Change, by: Any, event_category: int, row: dict[str, Any], blank: str, reason: str
) -> None:
    """The same blank in all the seat's own cells of a piece; cells that hold it already stay."""
    scheme = await schemes.scheme_of(event_category)
    held = await JudgeSeat.select(JudgeSeat.aspects).where(JudgeSeat.id == row["seat"]).first()
    aspects = aspects_from(held["aspects"]) if held else frozenset()
    standing = {
        (mark["stage"], mark["aspect"], mark["attempt"]): mark
        for mark in await Mark.select().where(
            (Mark.event_category == event_category)
            & (Mark.piece == row["piece"])
            & (Mark.judge == row["code"])
            & (Mark.is_current == True)  # noqa: E712
        )
    }
    for plan in plans_of(scheme):
        marks, replaced = [], []
        own = [
            (slot, attempt)
            for slot in plan.slots
            if slot.judges and (plan.stage, slot.aspect.id) in aspects
            for attempt in range(1, slot.attempts + 1)
        ]
        for slot, attempt in own:
            stands = standing.get((plan.stage, slot.aspect.id, attempt))
            if stands is None and (blank == PENDING or attempt > 1):
                continue
            if stands and (stands["blank"] == blank or (blank == PENDING and stands["blank"] != RECUSED)):
                continue
            if stands:
                replaced.append(stands["id"])
            cell = {"piece": row["piece"], "aspect": slot.aspect.id, "judge": row["code"], "attempt": attempt}
            version = stands["version"] + 1 if stands else 1
            marks.append(cell | {"value": None, "blank": blank, "version": version})
        if marks:
            await write_versions(Entering(act, by, event_category, plan.stage, reason), marks, replaced)
    category = (
        await EventCategory.select(EventCategory.scheme).where(EventCategory.id == event_category).first()
    )
    if category and category["scheme"]:
        await schemes.freeze(category["scheme"])
