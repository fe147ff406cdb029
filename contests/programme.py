"""The programme: contests, their events and categories, the places of each delegation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from contests.forms.contest import CategoryForm, ContestForm, EventForm
from contests.rules import Ground, may_create_contest, may_organise, may_work_on
from contests.tables import Contest, Event, EventCategory, Quota, Series
from federation.accounts import Viewer
from federation.changes import change
from federation.database import frame
from federation.findings import Finding
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from federation.tables import Industry, Occupation, Region, Trade, UnionUnit

CATEGORIES = ("employee", "student", "teacher")

Rule = Callable[[Viewer | None, Ground], bool]


async def contest(code: str) -> dict[str, Any]:
    """A contest by its code, with the names of host, series, region, industry, and its `ground`.

    Raises NotFound.
    """
    row = (
        await Contest.select(
            *Contest.all_columns(),
            Contest.host.path.as_alias("host_path"),
            Contest.host.name.as_alias("host_name"),
            Contest.host.name_en.as_alias("host_name_en"),
            Contest.host.code.as_alias("host_code"),
            Contest.series.name.as_alias("series_name"),
            Contest.series.name_en.as_alias("series_name_en"),
            Contest.region.name.as_alias("region_name"),
            Contest.region.name_en.as_alias("region_name_en"),
            Contest.industry.name.as_alias("industry_name"),
            Contest.industry.name_en.as_alias("industry_name_en"),
        )
        .where(Contest.code == code)
        .first()
    )
    if row is None:
        raise NotFound("contest", contest=code)
    return {**row, "ground": Ground(row["id"], row["host_path"])}


async def contest_for(viewer: Viewer | None, code: str, rule: Rule = may_work_on) -> dict[str, Any]:
    """The same for somebody who may. Raises NotFound, Forbidden."""
    row = await contest(code)
    if not rule(viewer, row["ground"]):
        raise Forbidden("contest.not_yours", name=row["name"])
    return row


async def event_category(event_category_id: int) -> dict[str, Any]:
    """An event category with the names of its event and contest, and its `ground`. Raises NotFound."""
    row = (
        await EventCategory.select(
            *EventCategory.all_columns(),
            EventCategory.event.code.as_alias("event_code"),
            EventCategory.event.name.as_alias("event_name"),
            EventCategory.event.name_en.as_alias("event_name_en"),
            EventCategory.event.occupation.as_alias("occupation"),
            EventCategory.event.minimum_field.as_alias("minimum_field"),
            EventCategory.event.contest.as_alias("contest"),
            EventCategory.event.contest.code.as_alias("contest_code"),
            EventCategory.event.contest.name.as_alias("contest_name"),
            EventCategory.event.contest.name_en.as_alias("contest_name_en"),
            EventCategory.event.contest.host.path.as_alias("host_path"),
        )
        .where(EventCategory.id == event_category_id)
        .first()
    )
    if row is None:
        raise NotFound("event_category", id=event_category_id)
    return {**row, "ground": Ground(row["contest"], row["host_path"], row["id"])}


async def event_category_for(
    viewer: Viewer | None, event_category_id: int, rule: Rule = may_work_on
) -> dict[str, Any]:
    """The same for somebody who may. Raises NotFound, Forbidden."""
    row = await event_category(event_category_id)
    if not rule(viewer, row["ground"]):
        raise Forbidden("contest.not_yours", name=row["contest_name"])
    return row


async def touch(event_category_id: int) -> int:
    """Inside an open change: move the revision of what the board shows, and lock it until commit."""
    moved = (
        await EventCategory.update({EventCategory.revision: EventCategory.revision + 1})
        .where(EventCategory.id == event_category_id)
        .returning(EventCategory.revision)
    )
    if not moved:
        raise NotFound("event_category", id=event_category_id)
    return int(moved[0]["revision"])


async def hold(event_category_id: int) -> None:
    """Inside an open change: lock it until commit, without moving what the board shows."""
    held = (
        await EventCategory.update({EventCategory.version: EventCategory.version + 0})
        .where(EventCategory.id == event_category_id)
        .returning(EventCategory.id)
    )
    if not held:
        raise NotFound("event_category", id=event_category_id)


async def events_of(contest_id: int) -> list[dict[str, Any]]:
    """The events of a contest by code, each with its `categories`.

    A category carries `approved` and `waiting`, its numbers of approved and of undecided entries.
    """
    events = (
        await Event.select(
            *Event.all_columns(),
            Event.occupation.name.as_alias("occupation_name"),
            Event.occupation.name_en.as_alias("occupation_name_en"),
            Event.trade.name.as_alias("trade_name"),
            Event.trade.name_en.as_alias("trade_name_en"),
        )
        .where(Event.contest == contest_id)
        .order_by(Event.code)
    )
    categories = (
        await EventCategory.select(
            *EventCategory.all_columns(),
            EventCategory.scheme.title.as_alias("scheme_title"),
            EventCategory.scheme.title_en.as_alias("scheme_title_en"),
        )
        .where(EventCategory.event.contest == contest_id)
        .order_by(EventCategory.id)
    )
    counted = await frame(
        "SELECT entry.event_category, entry.state, count(*) FROM entry"
        " JOIN event_category ON event_category.id = entry.event_category"
        " JOIN contest_event ON contest_event.id = event_category.event"
        " WHERE contest_event.contest = ? GROUP BY entry.event_category, entry.state",
        {"event_category": pl.Int64, "state": pl.String, "number": pl.Int64},
        contest_id,
    )
    counts = {(row[0], row[1]): row[2] for row in counted.iter_rows()}
    for row in categories:
        row["approved"] = counts.get((row["id"], "approved"), 0)
        row["waiting"] = counts.get((row["id"], "submitted"), 0)
    return [{**row, "categories": [one for one in categories if one["event"] == row["id"]]} for row in events]


async def entry_counts(event_category_id: int) -> dict[str, int]:
    """Numbers of entries by state."""
    counted = await frame(
        "SELECT state, count(*) FROM entry WHERE event_category = ? GROUP BY state",
        {"state": pl.String, "number": pl.Int64},
        event_category_id,
    )
    return dict(counted.iter_rows())


async def filed_by_delegation(event_category_id: int) -> dict[int, int]:
    """Entries that take a place (submitted or approved), by delegation."""
    counted = await frame(
        "SELECT delegation, count(*) FROM entry WHERE event_category = ?"
        " AND state IN ('submitted', 'approved') GROUP BY delegation",
        {"delegation": pl.Int64, "number": pl.Int64},
        event_category_id,
    )
    return dict(counted.iter_rows())


async def event(contest_id: int, code: str) -> dict[str, Any]:
    """One event of a contest. Raises NotFound."""
    row = await Event.select().where((Event.contest == contest_id) & (Event.code == code)).first()
    if row is None:
        raise NotFound("event", event=code)
    return row


async def create_contest(viewer: Viewer, form: ContestForm, *, sending: str | None = None) -> str:
    """Enter a new contest and return its code. Raises Forbidden, Invalid."""
    host, findings = await _check_contest(form)
    if host is None or findings:
        raise Invalid(findings)
    if not may_create_contest(viewer, host["path"]):
        raise Forbidden("contest.host_not_yours", name=host["name"])
    async with change(viewer.actor, "contest.create", sending=sending) as act:
        code = form.code or await _next_code(form.year)
        if await Contest.exists().where(Contest.code == code):
            raise Invalid([Finding("contest.code_in_use", place="code", facts={"value": code})])
        values = {**_contest_values(form, host["id"]), "code": code, "created_at": act.at}
        await Contest.insert(Contest(**values))
        act.subject = f"contest:{code}"
        act.answer["page"] = f"/work/contests/{code}"
    return code


async def change_contest(viewer: Viewer, code: str, form: ContestForm, *, sending: str | None = None) -> None:
    """Change a contest; its code stays. Raises Forbidden, Invalid, Conflict (somebody was first)."""
    before = await contest_for(viewer, code, may_organise)
    host, findings = await _check_contest(form)
    if host is None or findings:
        raise Invalid(findings)
    if host["id"] != before["host"] and not may_create_contest(viewer, host["path"]):
        raise Forbidden("contest.host_not_yours", name=host["name"])
    async with change(viewer.actor, "contest.change", f"contest:{code}", sending=sending) as act:
        values = _contest_values(form, host["id"])
        changed = (
            await Contest.update({**values, "version": Contest.version + 1})
            .where((Contest.id == before["id"]) & (Contest.version == form.version))
            .returning(Contest.id)
        )
        if not changed:
            raise Conflict("contest.changed_meanwhile")
        act.record(fields=sorted(key for key, value in values.items() if before[key] != value))
        act.answer["page"] = f"/work/contests/{code}"


def _contest_values(form: ContestForm, host: int) -> dict[str, Any]:
    return {**form.model_dump(exclude={"code", "host", "version"}), "host": host}


async def _check_contest(form: ContestForm) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The host unit and what does not fit together."""
    findings = []
    host = await UnionUnit.select().where(UnionUnit.code == form.host).first()
    if host is None:
        findings.append(Finding("contest.host_unknown", place="host", facts={"value": form.host}))
    if form.class_code and not form.series:
        findings.append(Finding("contest.class_without_series", place="series"))
    if form.ends_on < form.starts_on:
        findings.append(Finding("contest.ends_before_start", place="ends_on"))
    opens, closes = form.registration_opens_on, form.registration_closes_on
    if opens and closes and closes < opens:
        findings.append(Finding("contest.closes_before_opens", place="registration_closes_on"))
    for place, table, value in (
        ("series", Series, form.series),
        ("region", Region, form.region),
        ("industry", Industry, form.industry),
    ):
        if value and not await table.exists().where(table.code == value):
            findings.append(Finding("form.not_a_choice", place=place, facts={"value": value}))
    return host, findings


async def _next_code(year: int) -> str:
    taken = await Contest.select(Contest.code).where(Contest.year == year).output(as_list=True)
    number = len(taken) + 1
    while f"{year}-{number:03d}" in taken:
        number += 1
    return f"{year}-{number:03d}"


async def create_event(viewer: Viewer, code: str, form: EventForm, *, sending: str | None = None) -> int:
    """Enter an event below a contest and return its id. Raises Forbidden, Invalid."""
    of = await contest_for(viewer, code, may_organise)
    if findings := await _check_event(form):
        raise Invalid(findings)
    async with change(
        viewer.actor, "event.create", f"contest:{code}", sending=sending, event=form.code
    ) as act:
        if await Event.exists().where((Event.contest == of["id"]) & (Event.code == form.code)):
            raise Invalid([Finding("event.code_in_use", place="code", facts={"value": form.code})])
        entered = await Event.insert(Event(contest=of["id"], **form.model_dump(exclude={"version"})))
        act.answer["page"] = f"/work/contests/{code}"
    return int(entered[0]["id"])


async def change_event(
    viewer: Viewer, code: str, event_code: str, form: EventForm, *, sending: str | None = None
) -> None:
    """Change an event; its code stays. Raises Forbidden, NotFound, Invalid, Conflict."""
    of = await contest_for(viewer, code, may_organise)
    before = await event(of["id"], event_code)
    if findings := await _check_event(form):
        raise Invalid(findings)
    async with change(
        viewer.actor, "event.change", f"contest:{code}", sending=sending, event=event_code
    ) as act:
        values = form.model_dump(exclude={"code", "version"})
        changed = (
            await Event.update({**values, "version": Event.version + 1})
            .where((Event.id == before["id"]) & (Event.version == form.version))
            .returning(Event.id)
        )
        if not changed:
            raise Conflict("contest.changed_meanwhile")
        act.record(fields=sorted(key for key, value in values.items() if before[key] != value))
        act.answer["page"] = f"/work/contests/{code}"


async def _check_event(form: EventForm) -> list[Finding]:
    findings = []
    if form.age_min and form.age_max and form.age_max < form.age_min:
        findings.append(Finding("event.ages_crossed", place="age_max"))
    if (form.age_min or form.age_max) and form.reference_date is None:
        findings.append(Finding("event.age_without_date", place="reference_date"))
    if form.occupation and not await Occupation.exists().where(Occupation.code == form.occupation):
        findings.append(
            Finding("event.occupation_unknown", place="occupation", facts={"value": form.occupation})
        )
    if form.trade:
        trade = await Trade.select(Trade.occupation).where(Trade.code == form.trade).first()
        if trade is None or trade["occupation"] != form.occupation:
            findings.append(Finding("event.trade_elsewhere", place="trade", facts={"value": form.trade}))
    return findings


async def create_category(
    viewer: Viewer, code: str, event_code: str, form: CategoryForm, *, sending: str | None = None
) -> int:
    """Open a category of an event and return the event category's id. Raises Forbidden, NotFound, Invalid."""
    of = await contest_for(viewer, code, may_organise)
    row = await event(of["id"], event_code)
    if findings := _check_category(form):
        raise Invalid(findings)
    async with change(viewer.actor, "event_category.create", sending=sending, category=form.category) as act:
        same = (EventCategory.event == row["id"]) & (EventCategory.category == form.category)
        if await EventCategory.exists().where(same):
            raise Invalid(
                [Finding("event_category.exists", place="category", facts={"category": form.category})]
            )
        entered = await EventCategory.insert(
            EventCategory(event=row["id"], **form.model_dump(exclude={"version"}))
        )
        act.subject = f"event_category:{entered[0]['id']}"
        act.answer["page"] = f"/work/event-categories/{entered[0]['id']}"
    return int(entered[0]["id"])


async def change_category(
    viewer: Viewer, event_category_id: int, form: CategoryForm, *, sending: str | None = None
) -> None:
    """Change places, days of notice and whether the board is live; the category itself stays.

    Raises Forbidden, NotFound, Invalid, Conflict.
    """
    before = await event_category_for(viewer, event_category_id, may_organise)
    if findings := _check_category(form, before):
        raise Invalid(findings)
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "event_category.change", subject, sending=sending) as act:
        values = form.model_dump(exclude={"category", "version"})
        changed = (
            await EventCategory.update(
                {**values, "version": EventCategory.version + 1, "revision": EventCategory.revision + 1}
            )
            .where((EventCategory.id == event_category_id) & (EventCategory.version == form.version))
            .returning(EventCategory.id)
        )
        if not changed:
            raise Conflict("contest.changed_meanwhile")
        act.record(fields=sorted(key for key, value in values.items() if before[key] != value))
        act.answer["page"] = f"/work/event-categories/{event_category_id}"


def _check_category(form: CategoryForm, before: Mapping[str, Any] | None = None) -> list[Finding]:
    """`before`: the event category as it is. A notice that runs is lengthened, never shortened."""
    until = before["notice_until"] if before is not None and before["state"] == "notice" else None
    if until and (form.notice_until is None or form.notice_until < until):
        return [Finding("notice.cannot_be_shortened", place="notice_until")]
    if form.notice_from and form.notice_until and form.notice_until < form.notice_from:
        return [Finding("event_category.notice_crossed", place="notice_until")]
    return []


async def quotas_of(event_category_id: int) -> dict[int, int]:
    """Places by delegation, where they differ from the event category's own number."""
    rows = await Quota.select(Quota.delegation, Quota.places).where(Quota.event_category == event_category_id)
    return {row["delegation"]: row["places"] for row in rows}


async def places_for(event_category_id: int, delegation: int) -> int | None:
    """How many entries a delegation may have; None is without limit. Raises NotFound."""
    own = (
        await Quota.select(Quota.places)
        .where((Quota.event_category == event_category_id) & (Quota.delegation == delegation))
        .first()
    )
    if own is not None:
        return int(own["places"])
    row = await event_category(event_category_id)
    return None if row["quota"] is None else int(row["quota"])


async def set_quotas(
    viewer: Viewer, event_category_id: int, places: Mapping[int, int | None], *, sending: str | None = None
) -> None:
    """Set each delegation's own number of places; None lets the general number hold again."""
    await event_category_for(viewer, event_category_id, may_organise)
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "event_category.quotas", subject, sending=sending) as act:
        before = await quotas_of(event_category_id)
        kept = {delegation: number for delegation, number in places.items() if number is not None}
        await Quota.delete().where(
            (Quota.event_category == event_category_id) & Quota.delegation.is_in([*places])
        )
        if kept:
            await Quota.insert(
                *(
                    Quota(event_category=event_category_id, delegation=delegation, places=number)
                    for delegation, number in kept.items()
                )
            )
        act.record(before={str(k): v for k, v in before.items()}, after={str(k): v for k, v in kept.items()})
        act.answer["page"] = f"/work/event-categories/{event_category_id}"
