"""Deciding on entries: approve, return with a reason, withdraw with a reason; one or many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contests import programme
from contests.programme import touch
from contests.rules import Ground, may_decide_entries, may_file_entries
from contests.tables import Entry
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import Conflict, Forbidden, Invalid, NotFound

BEFORE_DRAW = ("open", "closed")
BEFORE_MARKING = ("planned", "open", "closed", "drawn")


async def approve(
    viewer: Viewer, contest_code: str, entries: Sequence[int], *, sending: str | None = None
) -> int:
    """Approve those that wait; returns how many were. Raises NotFound, Forbidden, Conflict."""
    return await _decide(viewer, contest_code, entries, "approve", sending=sending)


async def send_back(
    viewer: Viewer, contest_code: str, entries: Sequence[int], reason: str, *, sending: str | None = None
) -> int:
    """Return entries to those who filed them. Raises NotFound, Forbidden, Invalid (no reason), Conflict."""
    return await _decide(viewer, contest_code, entries, "return", reason=reason, sending=sending)


async def withdraw(
    viewer: Viewer, contest_code: str, entries: Sequence[int], reason: str, *, sending: str | None = None
) -> int:
    """Take entries out before the marking: the organiser, the delegation or the person. Raises as above."""
    return await _decide(viewer, contest_code, entries, "withdraw", reason=reason, sending=sending)


def _organiser(viewer: Viewer, ground: Ground, _entry: Any) -> bool:
    return may_decide_entries(viewer, ground)


def _filer(viewer: Viewer, ground: Ground, entry: Any) -> bool:
    own = viewer.worker is not None and viewer.worker == entry["worker"]
    return own or may_file_entries(viewer, ground, entry["delegation_path"])


Rule = Callable[[Viewer, Ground, Any], bool]

# deed → (who may, states of the event category, states of the entry before, state after)
DEEDS: dict[str, tuple[Rule, tuple[str, ...], tuple[str, ...], str]] = {
    "approve": (_organiser, BEFORE_DRAW, ("submitted", "returned"), "approved"),
    "return": (_organiser, BEFORE_DRAW, ("submitted", "approved"), "returned"),
    "withdraw": (_filer, BEFORE_MARKING, ("submitted", "approved", "returned"), "withdrawn"),
}


async def _decide(
    viewer: Viewer,
    contest_code: str,
    entries: Sequence[int],
    deed: str,
    *,
    reason: str = "",
    sending: str | None = None,
) -> int:
    who, stages, before, after = DEEDS[deed]
    contest = await programme.contest(contest_code)
    reason = reason.strip()
    if not entries:
        raise Invalid([Finding("entry.none_chosen", place="entries")])
    if deed != "approve" and not reason:
        raise Invalid([Finding("entry.reason_needed", place="reason")])
    async with change(viewer.actor, f"entry.{deed}", f"contest:{contest_code}", sending=sending) as act:
        rows = await _rows(contest["id"], entries)
        if len(rows) != len(set(entries)):
            raise NotFound("entry")
        if not all(who(viewer, contest["ground"], row) for row in rows):
            raise Forbidden("entry.not_yours")
        revisions = {category: await touch(category) for category in sorted({r["category"] for r in rows})}
        if any(row["stage"] not in stages for row in await _rows(contest["id"], entries)):
            raise Conflict("entry.too_late")
        values = {Entry.state: after, Entry.decided_at: act.at, Entry.version: Entry.version + 1}
        changed = (
            await Entry.update({**values, Entry.reason: reason} if reason else values)
            .where(Entry.id.is_in([row["id"] for row in rows]) & Entry.state.is_in(before))
            .returning(Entry.id)
        )
        if not changed:
            raise Conflict("entry.elsewhere")
        act.record(entries=sorted(row["id"] for row in changed), reason=reason)
        act.answer["page"] = f"/work/contests/{contest_code}/entries?done=done.entries_{after}"
        for category, revision in revisions.items():
            act.tell(MarksMoved(category, revision))
    return len(changed)


async def _rows(contest: int, entries: Sequence[int]) -> list[dict[str, Any]]:
    return (
        await Entry.select(
            Entry.id,
            Entry.worker,
            Entry.delegation.path.as_alias("delegation_path"),
            Entry.event_category.as_alias("category"),
            Entry.event_category.state.as_alias("stage"),
        )
        .where(Entry.id.is_in(sorted(set(entries))) & (Entry.event_category.event.contest == contest))
        .order_by(Entry.id)
    )
