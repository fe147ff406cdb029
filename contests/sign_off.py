"""Signing for all marks of an event category: chief referee and supervisor, under the lock that names the marks."""

from __future__ import annotations

from typing import Any

from contests.locks import ROLES, Lock, lock_marks, lock_of
from contests.paper.rule import rule_of
from contests.paper.sheets import PaperSheet, sheets_of
from contests.programme import event_category_for, touch
from contests.rules import may_referee, may_see_desk
from contests.states import CORRECTABLE, disputes_settled, marks_complete
from contests.tables import SignOff
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid


async def lock_again(
    viewer: Viewer, event_category_id: int, reason: str, *, sending: str | None = None
) -> None:
    """Name the marks anew after a correction; earlier signatures stay with the lock they were given for.

    Raises NotFound, Forbidden, Conflict (lock.not_frozen, lock.holds), Invalid (lock.reason_needed).
    """
    row = await event_category_for(viewer, event_category_id, may_referee)
    if row["state"] not in CORRECTABLE:
        raise Conflict("lock.not_frozen")
    if not reason.strip():
        raise Invalid([Finding("lock.reason_needed", place="reason")])
    try:
        async with change(
            viewer.actor,
            "marks.lock",
            f"event_category:{event_category_id}",
            sending=sending,
            reason=reason.strip(),
        ) as act:
            await touch(event_category_id)
            before = await lock_of(event_category_id)
            if before is not None and before.holds:
                raise Conflict("lock.holds")
            await lock_marks(act, viewer.actor, event_category_id, reason.strip())
    except AlreadyDone:
        return


async def sign(
    viewer: Viewer, event_category_id: int, role: str, shown_hash: str, *, sending: str | None = None
) -> None:
    """Sign under the newest lock. `shown_hash` is the lock that was looked at.

    Raises NotFound, Forbidden (sign_off.not_yours), Conflict (lock.not_frozen, lock.other, sign_off.done,
    sign_off.same_person), Invalid with everything that speaks against signing.
    """
    row = await event_category_for(viewer, event_category_id, may_see_desk)
    if role not in ROLES or not ROLES[role](viewer, row["ground"]):
        raise Forbidden("sign_off.not_yours")
    try:
        async with change(
            viewer.actor, "marks.sign_off", f"event_category:{event_category_id}", sending=sending, role=role
        ) as act:
            await touch(event_category_id)
            row = await event_category_for(viewer, event_category_id, may_see_desk)
            if row["state"] not in CORRECTABLE:
                raise Conflict("lock.not_frozen")
            lock = await lock_of(event_category_id)
            _may_sign(viewer, role, lock, shown_hash)
            assert lock is not None
            if findings := await against_signing(row):
                raise Invalid(findings)
            await SignOff.insert(
                SignOff(lock=lock.row["id"], role=role, account=viewer.id, actor=viewer.actor.name, at=act.at)
            )
            act.record(lock=lock.row["hash"])
    except AlreadyDone:
        return


def _may_sign(viewer: Viewer, role: str, lock: Lock | None, shown_hash: str) -> None:
    if lock is None or not lock.holds or lock.row["hash"] != shown_hash:
        raise Conflict("lock.other")
    if role in lock.signed:
        raise Conflict("sign_off.done")
    if any(one["account"] == viewer.id for one in lock.signed.values()):
        raise Conflict("sign_off.same_person")


async def against_signing(row: dict[str, Any]) -> list[Finding]:
    """Open choices, missing marks, sheets without their signatures as they stand."""
    return [
        *await disputes_settled(row),
        *await marks_complete(row),
        *unsigned(await sheets_of(row["id"]), signed_sheets=(await rule_of(row["id"])).signed_sheets),
    ]


def unsigned(sheets: list[PaperSheet], *, signed_sheets: bool) -> list[Finding]:
    """Sheets that hold marks and are not signed as they stand, where the rule asks for it."""
    if not signed_sheets:
        return []
    codes = [one.code for one in sheets if one.standing in ("confirmed", "printed", "superseded")]
    facts = {"sheets": len(codes), "numbers": codes[:5]}
    return [Finding("state.sheets_unsigned", facts=facts)] if codes else []
