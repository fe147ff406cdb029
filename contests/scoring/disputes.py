"""Choosing between two values of a cell, what is said of a whole performance, and the history of a cell."""

from __future__ import annotations

from typing import Any, Literal

from contests import schemes
from contests.programme import event_category_for, touch
from contests.rules import may_enter_marks, may_referee
from contests.scoring.entering import Entering, may_write, scheme_slots, shown, write_versions
from contests.scoring.walls import closed_pieces
from contests.seated import Seated
from contests.states import CORRECTABLE, MARKABLE
from contests.tables import Dispute, Mark, Piece
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound

STANDINGS = ("", "dns", "dnf", "dsq")


async def settle(
    viewer: Viewer | Seated,
    dispute_id: int,
    keep: Literal["first", "second"],
    *,
    reason: str = "",
    sending: str | None = None,
) -> dict[str, Any]:
    """Let the value that stands hold, or the one that was offered; the other stays in the history.

    Gives `key` and what now stands. Raises NotFound, Forbidden, and Conflict("dispute.settled").
    """
    row = await Dispute.select().where(Dispute.id == dispute_id).first()
    if row is None:
        raise NotFound("dispute", id=dispute_id)
    category = row["event_category"]
    await may_write(viewer, category, reason)
    slot = scheme_slots(await schemes.scheme_of(category))[row["stage"], row["aspect"]]
    cell = {name: row[name] for name in ("piece", "aspect", "judge", "attempt")}
    await _may_choose(viewer, row)
    try:
        async with change(
            viewer.actor,
            "dispute.settle",
            f"event_category:{category}",
            sending=sending or None,
            dispute=dispute_id,
        ) as act:
            revision = await touch(category)
            await may_write(viewer, category, reason)
            await _may_choose(viewer, row)
            settled = (
                await Dispute.update(
                    {
                        Dispute.settled_at: act.at,
                        Dispute.settled_by: viewer.actor.name,
                        Dispute.settlement: keep,
                    }
                )
                .where((Dispute.id == dispute_id) & Dispute.settled_at.is_null())
                .returning(Dispute.id)
            )
            if not settled:
                raise Conflict("dispute.settled")
            stands = await _current(row)
            value, blank, version = stands["value"], stands["blank"], stands["version"]
            if keep == "second" and (value, blank) != (row["value"], row["blank"]):
                value, blank, version = row["value"], row["blank"], version + 1
                mark = cell | {"value": value, "blank": blank, "version": version}
                entering = Entering(act, viewer, category, row["stage"], reason.strip())
                await write_versions(entering, [mark], [stands["id"]])
            act.record(keep=keep)
            act.answer.update(
                key=":".join(str(part) for part in cell.values()),
                version=version,
                text=shown(value, blank, slot),
            )
            act.tell(MarksMoved(category, revision))
    except AlreadyDone as before:
        return before.answer
    return act.answer


async def _may_choose(viewer: Viewer | Seated, row: dict[str, Any]) -> None:
    """A seat chooses between values of its own cells, as long as its sheet is open."""
    if not isinstance(viewer, Seated):
        return
    if not viewer.owns(row["stage"], row["aspect"], row["judge"]):
        raise Forbidden("mark.not_of_this_seat")
    if await closed_pieces(viewer, row["stage"], [row["piece"]]):
        raise Conflict("mark.sheet_submitted")


async def _current(cell: dict[str, Any]) -> dict[str, Any]:
    row = (
        await Mark.select()
        .where(_same_cell(Mark, cell) & (Mark.is_current == True))  # noqa: E712
        .first()
    )
    assert row is not None, "a dispute is about a mark"
    return row


def _same_cell(table: Any, cell: dict[str, Any]) -> Any:
    return (
        (table.piece == cell["piece"])
        & (table.stage == cell["stage"])
        & (table.aspect == cell["aspect"])
        & (table.judge == cell["judge"])
        & (table.attempt == cell["attempt"])
    )


async def history(
    viewer: Viewer,
    event_category_id: int,
    piece: int,
    *,
    stage: str = "",
    aspect: str,
    judge: str = "",
    attempt: int = 1,
) -> list[dict[str, Any]]:
    """Everything that was ever entered in a cell, newest first: versions and offered values.

    `kind` is "version" or "offer"; an offer has `settlement` ("" while open).
    """
    await event_category_for(viewer, event_category_id, may_enter_marks)
    slot = scheme_slots(await schemes.scheme_of(event_category_id)).get((stage, aspect))
    if slot is None:
        raise NotFound("sheet", sheet=aspect)
    cell = {"piece": piece, "stage": stage, "aspect": aspect, "judge": judge, "attempt": attempt}
    here = lambda table: (table.event_category == event_category_id) & _same_cell(table, cell)  # noqa: E731
    versions = await Mark.select().where(here(Mark))
    offers = await Dispute.select().where(here(Dispute))
    lines = [
        {"kind": "version", "version": row["version"], "reason": row["reason"], **_line(row, slot)}
        for row in versions
    ]
    lines += [{"kind": "offer", "settlement": row["settlement"], **_line(row, slot)} for row in offers]
    return sorted(lines, key=lambda line: (line["at"], line.get("version", 0)), reverse=True)


def _line(row: dict[str, Any], slot: Any) -> dict[str, Any]:
    return {
        "text": shown(row["value"], row["blank"], slot),
        "actor": row["actor"],
        "account": row["account"],
        "at": row["at"],
    }


async def set_standing(
    viewer: Viewer,
    event_category_id: int,
    piece_id: int,
    standing: str,
    *,
    reason: str = "",
    sending: str | None = None,
) -> str:
    """Say of a whole performance that it was not started, not finished or disqualified; "" takes it back.

    The chief referee's act. A disqualification, and anything after the freeze, needs a reason.
    Raises Forbidden, Invalid, Conflict, NotFound.
    """
    if standing not in STANDINGS:
        raise ValueError(f"unknown standing: {standing}")
    await _may_set(viewer, event_category_id, standing, reason)
    try:
        async with change(
            viewer.actor,
            "standing.set",
            f"event_category:{event_category_id}",
            sending=sending or None,
            piece=piece_id,
            standing=standing,
            reason=reason.strip(),
        ) as act:
            revision = await touch(event_category_id)
            await _may_set(viewer, event_category_id, standing, reason)
            changed = (
                await Piece.update({Piece.standing: standing, Piece.version: Piece.version + 1})
                .where((Piece.id == piece_id) & (Piece.event_category == event_category_id))
                .returning(Piece.id)
            )
            if not changed:
                raise NotFound("piece", id=piece_id)
            act.answer["standing"] = standing
            act.tell(MarksMoved(event_category_id, revision))
    except AlreadyDone as before:
        return str(before.answer["standing"])
    return standing


async def _may_set(viewer: Viewer, event_category_id: int, standing: str, reason: str) -> None:
    category = await event_category_for(viewer, event_category_id)
    if not may_referee(viewer, category["ground"]):
        raise Forbidden("standing.not_yours")
    if category["state"] not in MARKABLE + CORRECTABLE:
        raise Conflict("mark.closed", state=category["state"])
    if not reason.strip() and (standing == "dsq" or category["state"] in CORRECTABLE):
        raise Invalid([Finding("mark.reason_needed", place="reason")])
