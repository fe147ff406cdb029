"""The states of an event category and the acts that move it: one table, read by every screen.

`step` carries out an act in a change of its own; `take` does the same inside a change that is already open,
for acts that do more than move the state, such as publishing.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from contests import schemes
from contests.appeals.checks import appeals_settled, locked_since_appeals
from contests.archive.missing import archive_complete
from contests.coding import codes_closed, codes_opened, layers_drawn, nothing_coded
from contests.draw import draw_numbers, make_pieces
from contests.locks import lock_marks, sheets_confirmed, signed_off
from contests.notices import clock
from contests.notices.terms import days_for, notice_over, notice_sound
from contests.objections import objections_answered
from contests.programme import event_category, touch
from contests.progress import missing_marks
from contests.recheck.checks import rechecked_before
from contests.rules import Ground, may_organise, may_publish, may_referee
from contests.seat_checks import sheets_back_in, spreads_settled
from contests.tables import Dispute, Entry, EventCategory, Mark, Step
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding, errors
from federation.notices import BoardPublished, MarksMoved
from federation.refusals import Conflict, Forbidden, Invalid, Refusal

STATES = (
    "planned",
    "open",
    "closed",
    "drawn",
    "marking",
    "frozen",
    "provisional",
    "notice",
    "final",
    "archived",
)
MARKABLE = ("marking",)
CORRECTABLE = ("frozen", "provisional", "notice")
PUBLISHED = ("provisional", "notice", "final", "archived")

Check = Callable[[dict[str, Any]], Awaitable[list[Finding]]]


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the table. `needs_reason` asks for words; `by_publication` is done on the board's page."""

    code: str
    sources: tuple[str, ...]
    target: str
    who: Callable[[Viewer | None, Ground], bool]
    checks: tuple[Check, ...] = ()
    needs_reason: bool = False
    by_publication: bool = False


async def scheme_ready(row: dict[str, Any]) -> list[Finding]:
    """A scheme is attached and has no fault."""
    if row["scheme"] is None:
        return [Finding("state.scheme_missing")]
    faults = errors((await schemes.scheme_of(row["id"])).check())
    return [Finding("state.scheme_faulty", facts={"faults": len(faults)})] if faults else []


async def entries_decided(row: dict[str, Any]) -> list[Finding]:
    """No entry waits for a decision."""
    waiting = await Entry.count().where((Entry.event_category == row["id"]) & (Entry.state == "submitted"))
    return [Finding("state.entries_waiting", facts={"waiting": waiting})] if waiting else []


async def entries_approved(row: dict[str, Any]) -> list[Finding]:
    """Somebody competes; a field below the event's minimum is a warning."""
    approved = await Entry.count().where((Entry.event_category == row["id"]) & (Entry.state == "approved"))
    if not approved:
        return [Finding("state.no_entries")]
    if approved < row["minimum_field"]:
        facts = {"approved": approved, "minimum": row["minimum_field"]}
        return [Finding("state.field_too_small", "warning", facts=facts)]
    return []


async def entries_numbered(row: dict[str, Any]) -> list[Finding]:
    """Every approved entry has its number."""
    without = await Entry.count().where(
        (Entry.event_category == row["id"]) & (Entry.state == "approved") & Entry.number.is_null()
    )
    return [Finding("state.entries_without_number", facts={"without": without})] if without else []


async def nothing_marked(row: dict[str, Any]) -> list[Finding]:
    """No mark was entered yet."""
    marked = await Mark.exists().where(Mark.event_category == row["id"])
    return [Finding("state.already_marked")] if marked else []


async def disputes_settled(row: dict[str, Any]) -> list[Finding]:
    """No two values wait for a choice."""
    open_disputes = await Dispute.count().where(
        (Dispute.event_category == row["id"]) & Dispute.settled_at.is_null()
    )
    return [Finding("state.disputes_open", facts={"disputes": open_disputes})] if open_disputes else []


async def marks_complete(row: dict[str, Any]) -> list[Finding]:
    """Every competitor has every mark or a blank in its place. Later stages ask only those who have begun them."""
    missing = await missing_marks(row["id"])
    if missing.is_empty():
        return []
    numbers = missing["number"].unique(maintain_order=True).to_list()
    facts = {"missing": missing["missing"].sum(), "entries": len(numbers), "numbers": numbers[:8]}
    return [Finding("state.marks_missing", facts=facts)]


ACTS = {
    act.code: act
    for act in (
        Act("open_registration", ("planned",), "open", may_organise, (scheme_ready,)),
        Act("close_registration", ("open",), "closed", may_organise),
        Act(
            "reopen_registration",
            ("closed", "drawn"),
            "open",
            may_organise,
            (nothing_marked, nothing_coded),
            True,
        ),
        Act("draw", ("closed",), "drawn", may_organise, (entries_decided, entries_approved)),
        Act(
            "open_marking",
            ("drawn",),
            "marking",
            may_referee,
            (scheme_ready, entries_approved, entries_numbered, layers_drawn),
        ),
        Act(
            "freeze",
            ("marking",),
            "frozen",
            may_referee,
            (disputes_settled, spreads_settled, sheets_back_in, sheets_confirmed),
        ),
        Act("reopen_marking", ("frozen",), "marking", may_referee, (codes_closed,), True),
        Act(
            "publish_provisional",
            ("frozen",),
            "provisional",
            may_publish,
            (
                disputes_settled,
                rechecked_before("publish_provisional"),
                codes_opened,
                marks_complete,
                locked_since_appeals,
                signed_off,
            ),
            by_publication=True,
        ),
        Act(
            "publish_notice",
            ("provisional",),
            "notice",
            may_publish,
            (
                disputes_settled,
                rechecked_before("publish_notice"),
                marks_complete,
                locked_since_appeals,
                signed_off,
                notice_sound,
            ),
            by_publication=True,
        ),
        Act(
            "publish_final",
            ("notice",),
            "final",
            may_publish,
            (
                disputes_settled,
                appeals_settled,
                locked_since_appeals,
                notice_over,
                signed_off,
                objections_answered,
            ),
            by_publication=True,
        ),
        Act("withdraw", ("provisional", "notice", "final"), "frozen", may_publish, (), True, True),
        Act("archive", ("final",), "archived", may_organise, (archive_complete,)),
    )
}
"""The table: every move of an event category, who may make it and what blocks it."""


def acts_from(viewer: Viewer | None, ground: Ground, state: str) -> list[Act]:
    """The acts this person may do here now, in the order of the table."""
    return [act for act in ACTS.values() if state in act.sources and act.who(viewer, ground)]


async def findings_for(row: dict[str, Any], act: Act) -> list[Finding]:
    """Everything that speaks against an act; errors block, warnings ask for a reason."""
    return [finding for check in act.checks for finding in await check(row)]


async def step(
    viewer: Viewer, event_category_id: int, act: str, reason: str = "", sending: str | None = None
) -> str:
    """Carry out a named act and return the new state. Raises Forbidden, Invalid, Conflict, NotFound."""
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, f"state.{act}", subject, sending=sending) as open_change:
        state = await take(open_change, viewer, event_category_id, act, reason)
        open_change.answer["page"] = f"/work/event-categories/{event_category_id}"
    return state


async def take(
    open_change: Change, viewer: Viewer, event_category_id: int, code: str, reason: str = ""
) -> str:
    """The same inside an open change: the row is locked first, so that what the checks see still holds."""
    act = ACTS.get(code)
    if act is None:
        raise Refusal("state.unknown_act", act=code)
    revision = await touch(event_category_id)
    row = await event_category(event_category_id)
    if not act.who(viewer, row["ground"]):
        raise Forbidden("state.not_yours", act=code)
    if row["state"] not in act.sources:
        raise Conflict("state.elsewhere", state=row["state"], act=code)
    reason = reason.strip()
    findings = await findings_for(row, act)
    if errors(findings) or (findings and not reason):
        raise Invalid(
            findings if errors(findings) else [*findings, Finding("state.reason_needed", place="reason")]
        )
    if act.needs_reason and not reason:
        raise Invalid([Finding("state.reason_needed", place="reason")])
    await EventCategory.update({EventCategory.state: act.target, **await _dates(row, act)}).where(
        EventCategory.id == event_category_id
    )
    if code == "draw":
        seed = secrets.token_hex(16)
        open_change.record(seed=seed, drawn=await draw_numbers(event_category_id, seed))
    if code == "open_marking" and not row["coding"]:
        await make_pieces(event_category_id)
    if code == "freeze":
        await lock_marks(open_change, viewer.actor, event_category_id, reason)
    await Step.insert(
        Step(
            event_category=event_category_id,
            act=code,
            from_state=row["state"],
            to_state=act.target,
            account=viewer.actor.account,
            actor=viewer.actor.name,
            reason=reason,
            at=open_change.at,
        )
    )
    open_change.record(state=act.target, before=row["state"], reason=reason)
    open_change.tell(MarksMoved(event_category_id, revision))
    open_change.tell(BoardPublished(event_category_id))
    return act.target


async def _dates(row: dict[str, Any], act: Act) -> dict[Any, Any]:
    """The days of a notice that begins; none once it is taken back, so that the next one runs in full."""
    if act.code == "publish_notice":
        first, last = await days_for(row, clock.now())
    elif act.code == "withdraw" and row["state"] != "provisional":
        first = last = None
    else:
        return {}
    return {EventCategory.notice_from: first, EventCategory.notice_until: last}


def today() -> date:
    """The day in China."""
    return clock.now().astimezone(clock.CHINA).date()


async def history(event_category_id: int) -> list[dict[str, Any]]:
    """The acts so far, newest first."""
    return (
        await Step.select().where(Step.event_category == event_category_id).order_by(Step.id, ascending=False)
    )
