"""Spread (分差): judges of one aspect further apart than the scheme allows stop the piece until it is settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from contests import schemes
from contests.programme import event_category_for
from contests.rules import may_referee
from contests.scoring.on_paper import confirmed_seats
from contests.scoring.plans import Slot, plans_of, seats_of
from contests.seats.seating import aspects_from, rule_of
from contests.tables import JudgeSeat, Mark, Recusal, Spread, Submission
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.judging import Scheme
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound


def spread_of(values: Sequence[int]) -> int:
    """Between the highest and the lowest of the marks that are numbers; nothing for one alone.

    >>> spread_of([30_000, 10_000, 20_000]), spread_of([30_000]), spread_of([])
    (20000, 0, 0)
    """
    return max(values) - min(values) if len(values) > 1 else 0


async def look(
    act: Change, event_category: int, scheme: Scheme, stage: str, piece: int, aspects: Iterable[str]
) -> None:
    """Inside an open change: open a spread where all judges are in and too far apart, settle one that closed."""
    limits = {
        slot.aspect.id: slot
        for plan in plans_of(scheme)
        if plan.stage == stage
        for slot in plan.slots
        if slot.judges > 1 and slot.aspect.max_spread is not None
    }
    for aspect in aspects:
        if aspect in limits and await _all_in(event_category, stage, piece, limits[aspect]):
            for attempt in range(1, limits[aspect].attempts + 1):
                await _look_at(act, event_category, limits[aspect], stage, piece, attempt)


async def _all_in(event_category: int, stage: str, piece: int, slot: Slot) -> bool:
    """Every seat that marks the aspect handed the piece in, stepped aside, or its sheet of paper is confirmed."""
    seats = await JudgeSeat.select(JudgeSeat.id, JudgeSeat.code, JudgeSeat.aspects).where(
        (JudgeSeat.event_category == event_category) & JudgeSeat.closed_at.is_null()
    )
    codes = {row["id"]: row["code"] for row in seats}
    asked = {row["code"] for row in seats if (stage, slot.aspect.id) in aspects_from(row["aspects"])}
    handed = await Submission.select(Submission.seat).where(
        (Submission.event_category == event_category)
        & (Submission.piece == piece)
        & (Submission.stage == stage)
        & Submission.returned_at.is_null()
    )
    aside = await Recusal.select(Recusal.seat).where(
        (Recusal.event_category == event_category) & (Recusal.piece == piece) & Recusal.lifted_at.is_null()
    )
    done = {codes[row["seat"]] for row in (*handed, *aside) if row["seat"] in codes}
    on_paper = await confirmed_seats(event_category, stage, piece, slot.aspect.id)
    return (asked or set(seats_of(slot, on_paper))) <= done | on_paper


async def _values(event_category: int, stage: str, piece: int, aspect: str, attempt: int) -> list[int]:
    rows = await Mark.select(Mark.value).where(
        (Mark.event_category == event_category)
        & (Mark.piece == piece)
        & (Mark.stage == stage)
        & (Mark.aspect == aspect)
        & (Mark.attempt == attempt)
        & (Mark.is_current == True)  # noqa: E712
        & Mark.value.is_not_null()
    )
    return [row["value"] for row in rows]


async def _look_at(
    act: Change, event_category: int, slot: Slot, stage: str, piece: int, attempt: int
) -> None:
    aspect, allowed = slot.aspect.id, slot.aspect.max_spread
    assert allowed is not None
    spread = spread_of(await _values(event_category, stage, piece, aspect, attempt))
    here = (
        (Spread.event_category == event_category)
        & (Spread.piece == piece)
        & (Spread.stage == stage)
        & (Spread.aspect == aspect)
        & (Spread.attempt == attempt)
        & Spread.settled_at.is_null()
    )
    open_row = await Spread.select().where(here).first()
    if spread <= allowed:
        if open_row is not None:
            await Spread.update(
                {Spread.settled_at: act.at, Spread.settled_by: "", Spread.settlement: "adjusted"}
            ).where(Spread.id == open_row["id"])
            act.record(spread_settled=open_row["id"])
        return
    if open_row is not None:
        await Spread.update({Spread.spread: spread}).where(Spread.id == open_row["id"])
        return
    made = await Spread.insert(
        Spread(
            event_category=event_category,
            piece=piece,
            stage=stage,
            aspect=aspect,
            attempt=attempt,
            spread=spread,
            allowed=allowed,
            at=act.at,
        )
    )
    act.record(spread_opened=int(made[0]["id"]))


async def the_spread(event_category: int, spread: int) -> dict[str, Any]:
    """Raises NotFound."""
    row = (
        await Spread.select().where((Spread.id == spread) & (Spread.event_category == event_category)).first()
    )
    if row is None:
        raise NotFound("spread")
    return row


async def open_marks(viewer: Viewer, event_category: int, spread: int, *, sending: str | None = None) -> None:
    """The chief referee lets the judges concerned see each other's marks and talk. Raises Forbidden, Conflict."""
    await event_category_for(viewer, event_category, may_referee)
    await the_spread(event_category, spread)
    try:
        async with change(
            viewer.actor, "spread.open", f"event_category:{event_category}", sending=sending, spread=spread
        ) as act:
            opened = (
                await Spread.update({Spread.shown_at: act.at, Spread.shown_by: viewer.actor.name})
                .where((Spread.id == spread) & Spread.settled_at.is_null())
                .returning(Spread.id)
            )
            if not opened:
                raise Conflict("seat.settled")
    except AlreadyDone:
        return


async def look_again(viewer: Viewer, event_category: int, spread: int, *, sending: str | None = None) -> bool:
    """Measure a spread once more after marks were corrected from the paper; whether it is settled now.

    Raises Forbidden, NotFound.
    """
    await event_category_for(viewer, event_category, may_referee)
    scheme = await schemes.scheme_of(event_category)
    try:
        async with change(
            viewer.actor, "spread.look", f"event_category:{event_category}", sending=sending, spread=spread
        ) as act:
            row = await the_spread(event_category, spread)
            await look(act, event_category, scheme, row["stage"], row["piece"], [row["aspect"]])
            row = await the_spread(event_category, spread)
            act.answer["settled"] = row["settled_at"] is not None
    except AlreadyDone as before:
        return bool(before.answer["settled"])
    return bool(act.answer["settled"])


async def uphold(
    viewer: Viewer, event_category: int, spread: int, reason: str, *, sending: str | None = None
) -> None:
    """The chief referee rules, with a reason, that the marks stand as they are; only where the rule allows it."""
    await event_category_for(viewer, event_category, may_referee)
    await the_spread(event_category, spread)
    if not (await rule_of(event_category)).may_uphold:
        raise Forbidden("spread.no_ruling")
    if not reason.strip():
        raise Invalid([Finding("seat.reason_needed", place="reason")])
    try:
        async with change(
            viewer.actor,
            "spread.uphold",
            f"event_category:{event_category}",
            sending=sending,
            spread=spread,
            reason=reason.strip(),
        ) as act:
            settled = (
                await Spread.update(
                    {
                        Spread.settled_at: act.at,
                        Spread.settled_by: viewer.actor.name,
                        Spread.settlement: "upheld",
                        Spread.reason: reason.strip(),
                    }
                )
                .where((Spread.id == spread) & Spread.settled_at.is_null())
                .returning(Spread.id)
            )
            if not settled:
                raise Conflict("seat.settled")
    except AlreadyDone:
        return
