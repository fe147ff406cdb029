"""Filing an appeal: by the leader, for an entry of the own delegation; and taking it back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contests.appeals import window as clocks
from contests.appeals.settings import rule_of, window_of
from contests.appeals.window import Window
from contests.forms.appeal import AppealForm
from contests.programme import event_category, hold
from contests.rules import is_separated, may_appeal
from contests.states import CORRECTABLE
from contests.tables import Appeal, AppealStep, Entry
from federation.accounts import Viewer
from federation.audit import canonical
from federation.changes import Change, change
from federation.findings import Finding
from federation.privacy import encrypt
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound

TEXT, PROOF = "appeal.text", "appeal.proof"


async def own_entries(viewer: Viewer, event_category_id: int) -> list[dict[str, Any]]:
    """The approved entries of the delegations this person leads, by number; none for anybody else."""
    rows = (
        await Entry.select(
            Entry.id,
            Entry.number,
            Entry.name,
            Entry.delegation,
            Entry.delegation.name.as_alias("delegation_name"),
            Entry.delegation.name_en.as_alias("delegation_name_en"),
            Entry.delegation.path.as_alias("path"),
        )
        .where((Entry.event_category == event_category_id) & (Entry.state == "approved"))
        .order_by(Entry.number)
    )
    return [row for row in rows if may_appeal(viewer, row["path"])]


async def appealable(viewer: Viewer, event_category_id: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The event category and the own entries in it. Raises NotFound, Forbidden (leads nobody here)."""
    row = await event_category(event_category_id)
    entries = [] if is_separated(viewer) else await own_entries(viewer, event_category_id)
    if not entries:
        raise Forbidden("appeal.not_your_delegation")
    return row, entries


async def file(
    viewer: Viewer,
    event_category_id: int,
    form: AppealForm,
    *,
    came_at: datetime | None = None,
    sending: str | None = None,
) -> int:
    """Keep an appeal; returns its id. One that comes too late is kept as refused, with moment and limit named.

    `came_at`: when it was handed in, where that was not now; no page sends it.
    Raises NotFound, Forbidden, Conflict (no window yet, result final), Invalid by field.
    """
    await appealable(viewer, event_category_id)
    subject = f"event_category:{event_category_id}"
    try:
        async with change(viewer.actor, "appeal.file", subject, sending=sending) as act:
            await hold(event_category_id)
            row, entries = await appealable(viewer, event_category_id)
            at = came_at or clocks.now()
            window = await _window(row)
            chosen = next((one for one in entries if one["id"] == form.entry), None)
            await _check(row, form, chosen)
            assert chosen is not None
            number = await Appeal.count().where(Appeal.event_category == event_category_id) + 1
            state = "late" if window.over(at) else "filed"
            made = await Appeal.insert(_appeal(viewer, row, number, form, chosen, window, state, at))
            appeal = int(made[0]["id"])
            await note(act, viewer, appeal, "filed", at=at)
            if state == "late":
                await note(act, None, appeal, "late", at=at)
            act.record(number=number, entry=form.entry, ground=form.ground, state=state)
            act.record(moment=window.moment, opens=window.opens.isoformat(), limit=window.limit.isoformat())
            act.answer["appeal"] = appeal
    except AlreadyDone as done:
        return int(done.answer["appeal"])
    return appeal


async def _window(row: Mapping[str, Any]) -> Window:
    """The window, running or over. Raises Conflict."""
    if row["state"] not in CORRECTABLE:
        raise Conflict("appeal.not_now", state=row["state"])
    window = await window_of(row)
    if window is None:
        raise Conflict("appeal.no_moment")
    return window


async def _check(row: Mapping[str, Any], form: AppealForm, chosen: Mapping[str, Any] | None) -> None:
    findings = []
    if chosen is None:
        findings.append(Finding("appeal.not_your_entry", place="entry"))
    if form.ground not in (await rule_of(row)).all_grounds:
        findings.append(Finding("appeal.no_such_ground", place="ground"))
    if findings:
        raise Invalid(findings)


def _appeal(
    viewer: Viewer,
    row: Mapping[str, Any],
    number: int,
    form: AppealForm,
    chosen: Mapping[str, Any],
    window: Window,
    state: str,
    at: Any,
) -> Appeal:
    return Appeal(
        event_category=row["id"],
        number=number,
        entry=chosen["id"],
        delegation=chosen["delegation"],
        ground=form.ground,
        text_cipher=encrypt(form.text, purpose=TEXT),
        proof_cipher=encrypt(form.proof, purpose=PROOF),
        digest=digest_of(row["id"], number, form, at),
        moment=window.moment,
        moment_at=window.opens,
        limit_at=window.limit,
        state=state,
        account=viewer.actor.account,
        actor=viewer.actor.name,
        at=at,
    )


def digest_of(event_category_id: int, number: int, form: AppealForm, at: Any) -> str:
    """SHA-256 of everything that was filed: whoever holds the receipt can see that not a word was changed."""
    told = {
        "event_category": event_category_id,
        "number": number,
        "at": clocks.whole(at).isoformat(),
        **form.model_dump(),
    }
    return hashlib.sha256(canonical(told).encode()).hexdigest()


async def note(
    act: Change, viewer: Viewer | None, appeal: int, deed: str, reason: str = "", at: Any = None
) -> None:
    """Inside an open change: one line of what was done about an appeal. `viewer` None: by the rule alone."""
    await AppealStep.insert(
        AppealStep(
            appeal=appeal,
            deed=deed,
            account=viewer.actor.account if viewer else None,
            actor=viewer.actor.name if viewer else "",
            reason=reason,
            at=at or act.at,
        )
    )


async def take_back(viewer: Viewer, appeal: int, *, sending: str | None = None) -> None:
    """Withdraw an own appeal before it is decided. Raises NotFound, Conflict."""
    row = await own_appeal(viewer, appeal)
    subject = f"event_category:{row['event_category']}"
    try:
        async with change(viewer.actor, "appeal.take_back", subject, sending=sending) as act:
            taken = (
                await Appeal.update({Appeal.state: "withdrawn", Appeal.version: Appeal.version + 1})
                .where((Appeal.id == appeal) & Appeal.state.is_in(["filed", "accepted", "proposed"]))
                .returning(Appeal.id)
            )
            if not taken:
                raise Conflict("appeal.decided_already", number=row["number"])
            await note(act, viewer, appeal, "withdrawn")
            act.record(number=row["number"])
    except AlreadyDone:
        return


async def own_appeal(viewer: Viewer, appeal: int) -> dict[str, Any]:
    """An appeal of a delegation this person leads. Raises NotFound for any other."""
    row = (
        await Appeal.select(*Appeal.all_columns(), Appeal.delegation.path.as_alias("path"))
        .where(Appeal.id == appeal)
        .first()
    )
    if row is None or not may_appeal(viewer, row["path"]):
        raise NotFound("appeal")
    return row
