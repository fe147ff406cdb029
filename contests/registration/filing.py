"""Filing: a candidate becomes an entry, or an entry that was returned is sent again."""

from __future__ import annotations

from typing import Any

from contests.forms.entry import EntryForm
from contests.programme import touch
from contests.registration.candidates import Desk, check, open_desk, unanswered
from contests.registration.reading import entry_for
from contests.tables import Entry
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.organisations import find_or_enter
from federation.refusals import Conflict, Invalid
from federation.tables import Account, Organisation
from federation.workers import Person, recognise


async def file(viewer: Viewer, contest_code: str, form: EntryForm, *, sending: str | None = None) -> int:
    """Enter one candidate and return the entry's id. Raises NotFound, Invalid."""
    desk = await open_desk(viewer, contest_code)
    async with change(viewer.actor, "entry.file", sending=sending) as act:
        await _lock(desk, form)
        if against := unanswered((await check(desk, {0: form}))[0], form.answer):
            raise Invalid(against)
        entry = await enter(act, desk, form)
        act.subject = f"entry:{entry}"
        act.record(event_category=form.event_category, delegation=form.delegation)
        act.answer["page"] = page_after(desk)
    return entry


async def resubmit(viewer: Viewer, entry_id: int, form: EntryForm, *, sending: str | None = None) -> None:
    """Send an entry again that was returned. Raises NotFound, Invalid, Conflict."""
    before = await entry_for(viewer, entry_id)
    desk = await open_desk(viewer, before["contest_code"])
    async with change(viewer.actor, "entry.resubmit", f"entry:{entry_id}", sending=sending) as act:
        await _lock(desk, form)
        if against := unanswered((await check(desk, {0: form}, replacing=entry_id))[0], form.answer):
            raise Invalid(against)
        values = {**await _values(desk, form), "state": "submitted", "version": before["version"] + 1}
        changed = (
            await Entry.update(values)
            .where(
                (Entry.id == entry_id) & (Entry.state == "returned") & (Entry.version == before["version"])
            )
            .returning(Entry.id)
        )
        if not changed:
            raise Conflict("entry.elsewhere")
        act.answer["page"] = page_after(desk)


def page_after(desk: Desk) -> str:
    if desk.own:
        return "/me?done=done.entry_filed"
    return f"/work/contests/{desk.contest['code']}/entries?done=done.entry_filed"


async def _lock(desk: Desk, form: EntryForm) -> None:
    """Hold the event category until commit, so that places counted now are still free then."""
    if form.event_category not in desk.categories:
        raise Invalid([Finding("entry.category_elsewhere", place="event_category")])
    await touch(form.event_category)


async def enter(act: Change, desk: Desk, form: EntryForm) -> int:
    """Inside an open change: write a candidate who was checked; returns the entry's id."""
    values = await _values(desk, form)
    row = await Entry.insert(
        Entry(
            **values,
            event_category=form.event_category,
            state="submitted",
            filed_by=desk.viewer.actor.account,
            filed_at=act.at,
        )
    )
    if desk.own and desk.viewer.worker is None:
        await Account.update({Account.worker: values["worker"]}).where(Account.id == desk.viewer.id)
    return int(row[0]["id"])


async def _values(desk: Desk, form: EntryForm) -> dict[str, Any]:
    unit = desk.delegations[form.delegation]
    organisation = await _employer(form.organisation, unit)
    worker = await recognise(
        Person(
            name=form.name,
            identity_number=form.identity_number,
            phone=form.phone,
            status=form.status,
            organisation=organisation,
            skill_level=form.skill_level,
            certificate_number=form.certificate_number,
        )
    )
    return {
        "worker": worker,
        "delegation": unit["id"],
        "organisation": organisation,
        "organisation_name": form.organisation,
        "name": form.name,
        "skill_level": form.skill_level,
        "reason": form.answer,
    }


async def _employer(name: str, unit: Any) -> int:
    """The organisation of this name anywhere below the delegation, entered under the delegation if new."""
    row = (
        await Organisation.select(Organisation.id)
        .where((Organisation.name == name) & Organisation.union_unit.path.like(f"{unit['path']}%"))
        .order_by(Organisation.id)
        .first()
    )
    return int(row["id"]) if row else await find_or_enter(name, unit["id"])
