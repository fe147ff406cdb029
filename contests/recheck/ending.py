"""Correcting what a recheck found wrong, by a hand other than the one that found it; and finishing the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.programme import event_category_for, hold, touch
from contests.recheck.checking import sheet_row
from contests.recheck.checks import freeze_of
from contests.recheck.drawing import add_risen, recheck_row
from contests.rules import may_correct_marks, may_draw_recheck
from contests.scoring.entering import PENDING, Entering, may_write, write_versions
from contests.tables import Mark, Recheck, RecheckFault, RecheckSheet
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound


async def correct(viewer: Viewer, event_category: int, fault: int, *, sending: str | None = None) -> None:
    """Put the right value in force as the next version of the mark, with the reason of the fault.

    Raises NotFound, Forbidden (found by the same person), Conflict (settled, or the mark moved on since).
    """
    await event_category_for(viewer, event_category, may_correct_marks)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "recheck.correct", subject, sending=sending) as act:
            revision = await touch(event_category)
            row = await _fault(viewer, event_category, fault)
            await may_write(viewer, event_category, row["reason"])
            standing = await _standing(row)
            if (standing["version"] if standing else 0) != row["seen_version"]:
                raise Conflict("recheck.mark_moved", number=row["number"])
            version = row["seen_version"] + 1
            await _settle(viewer, row, "corrected", act.at, mark_version=version)
            mark = {name: row[name] for name in ("piece", "aspect", "judge", "attempt")} | {
                "value": row["right_value"],
                "blank": row["right_blank"] or (PENDING if row["right_value"] is None else None),
                "version": version,
            }
            entering = Entering(act, viewer, event_category, row["stage"], row["reason"])
            await write_versions(entering, [mark], [standing["id"]] if standing else [])
            act.record(list=row["list_number"], fault=fault)
            act.tell(MarksMoved(event_category, revision))
    except AlreadyDone:
        return


async def keep_standing(
    viewer: Viewer, event_category: int, fault: int, reason: str, *, sending: str | None = None
) -> None:
    """Find that what stood is right after all, with a reason; it no longer counts as an error.

    Raises NotFound, Forbidden, Invalid, Conflict.
    """
    await event_category_for(viewer, event_category, may_correct_marks)
    if not reason.strip():
        raise Invalid([Finding("recheck.reason_needed", place=f"keep:{fault}")])
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "recheck.keep", subject, sending=sending) as act:
            await hold(event_category)
            row = await _fault(viewer, event_category, fault)
            await _settle(viewer, row, "kept", act.at, reason=reason.strip())
            act.record(list=row["list_number"], fault=fault, reason=reason.strip())
    except AlreadyDone:
        return


async def _fault(viewer: Viewer, event_category: int, fault: int) -> dict[str, Any]:
    """An open fault of an open list with its piece. Raises NotFound, Forbidden, Conflict."""
    found = await RecheckFault.select().where(RecheckFault.id == fault).first()
    if found is None:
        raise NotFound("recheck_fault", fault=fault)
    sheet = await sheet_row(event_category, found["sheet"])
    if found["state"] != "open":
        raise Conflict("recheck.settled_already", number=sheet["number"])
    if found["account"] == viewer.id:
        raise Forbidden("recheck.own_fault", number=sheet["number"])
    if sheet["list"]["state"] != "open":
        raise Conflict("recheck.ended_already")
    if sheet["list"]["freeze"] != await freeze_of(event_category):
        raise Conflict("recheck.stale")
    shared = {name: sheet[name] for name in ("piece", "number", "list_number")}
    return {**found, **shared}


async def _settle(
    viewer: Viewer,
    row: Mapping[str, Any],
    state: str,
    at: Any,
    *,
    mark_version: int | None = None,
    reason: str = "",
) -> None:
    settled = (
        await RecheckFault.update(
            {
                RecheckFault.state: state,
                RecheckFault.mark_version: mark_version,
                RecheckFault.settled_by: viewer.actor.name,
                RecheckFault.settled_at: at,
                RecheckFault.settled_reason: reason,
            }
        )
        .where((RecheckFault.id == row["id"]) & (RecheckFault.state == "open"))
        .returning(RecheckFault.id)
    )
    if not settled:
        raise Conflict("recheck.settled_already", number=row["number"])


async def _standing(row: Mapping[str, Any]) -> dict[str, Any] | None:
    return (
        await Mark.select()
        .where(
            (Mark.piece == row["piece"])
            & (Mark.stage == row["stage"])
            & (Mark.aspect == row["aspect"])
            & (Mark.judge == row["judge"])
            & (Mark.attempt == row["attempt"])
            & (Mark.is_current == True)  # noqa: E712
        )
        .first()
    )


async def finish(
    viewer: Viewer, event_category: int, number: int, *, sending: str | None = None
) -> tuple[str, ...]:
    """Close a list on which everything is looked at and settled.

    Who came into the top group by corrections and was not on the list is put on it instead, and named in the answer;
    the list then stays open. Raises NotFound, Forbidden, Invalid (what is still to do), Conflict.
    """
    await event_category_for(viewer, event_category, may_draw_recheck)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "recheck.finish", subject, sending=sending) as act:
            await hold(event_category)
            row = await recheck_row(event_category, number)
            if row["state"] != "open":
                raise Conflict("recheck.ended_already")
            if row["freeze"] != await freeze_of(event_category):
                raise Conflict("recheck.stale")
            if found := await unfinished(row["id"]):
                raise Invalid(found)
            risen = await add_risen(event_category, row)
            act.record(number=number, risen=list(risen))
            act.answer["risen"] = list(risen)
            if not risen:
                await Recheck.update(
                    {
                        Recheck.state: "finished",
                        Recheck.ended_by: viewer.actor.name,
                        Recheck.ended_at: act.at,
                    }
                ).where(Recheck.id == row["id"])
    except AlreadyDone as done:
        return tuple(done.answer["risen"])
    return risen


async def unfinished(recheck: int) -> list[Finding]:
    """What is still to do on a list."""
    waiting = await RecheckSheet.count().where(
        (RecheckSheet.recheck == recheck) & (RecheckSheet.result == "")
    )
    faults = await RecheckFault.count().where(
        (RecheckFault.sheet.recheck == recheck) & (RecheckFault.state == "open")
    )
    found = [Finding("recheck.sheets_waiting", facts={"sheets": waiting})] if waiting else []
    return found + ([Finding("recheck.faults_open", facts={"faults": faults})] if faults else [])
