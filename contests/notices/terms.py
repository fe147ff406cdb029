"""The terms a notice runs by, and the clock they give: settings of a contest or one of its event categories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from contests.forms.notice import NoticeForm
from contests.notices import clock as clocks
from contests.notices.clock import Clock, FirstDay, NoticeTerms
from contests.programme import event_category_for
from contests.rules import may_organise
from contests.tables import NoticeRule, Publication
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from federation.workdays import between, known


async def terms_rows(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every setting that has covered this event category (`id`, `contest`), newest first."""
    return (
        await NoticeRule.select()
        .where(
            (NoticeRule.contest == row["contest"])
            & (NoticeRule.event_category.is_null() | (NoticeRule.event_category == row["id"]))
        )
        .order_by(NoticeRule.id, ascending=False)
    )


async def terms_of(row: Mapping[str, Any], at: datetime | None = None) -> NoticeTerms:
    """The terms that hold for this event category, now or as they stood at a moment."""
    for found in await terms_rows(row):
        if at is None or found["at"] <= at:
            return NoticeTerms(
                found["days"],
                found["opens"],
                found["closes"],
                cast("FirstDay", found["first_day"]),
                found["per_day"],
                found["basis"],
            )
    return NoticeTerms()


async def clock_of(row: Mapping[str, Any]) -> Clock | None:
    """The clock of the notice in force, or None where there is none. Terms changed since do not touch it.

    `row`: the event category with its contest, state and days of notice.
    """
    if row["state"] != "notice" or row["notice_until"] is None:
        return None
    published = await _published(row["id"])
    terms = await terms_of(row, published)
    return clocks.clock(terms, row["notice_from"] or row["notice_until"], row["notice_until"], published)


async def _published(event_category: int) -> datetime | None:
    newest = (
        await Publication.select(Publication.at)
        .where((Publication.event_category == event_category) & (Publication.kind == "notice"))
        .order_by(Publication.number, ascending=False)
        .first()
    )
    return newest["at"] if newest else None


async def days_for(row: Mapping[str, Any], at: datetime) -> tuple[date, date]:
    """The days a notice published at this moment runs: those set by hand, otherwise those of the terms."""
    first, last = (await terms_of(row)).span(at)
    return row["notice_from"] or first, row["notice_until"] or last


async def notice_over(row: dict[str, Any]) -> list[Finding]:
    """The notice has run its days, to the closing hour of the last; ending earlier needs a reason."""
    running = await clock_of(row)
    if running is None or running.over(clocks.now()):
        return []
    return [Finding("state.notice_running", "warning", facts={"until": running.closes})]


async def notice_sound(row: dict[str, Any]) -> list[Finding]:
    """The days of the notice to come: long enough and not past."""
    at = clocks.now()
    terms = await terms_of(row)
    first, last = await days_for(row, at)
    if last < at.astimezone(clocks.CHINA).date() or last < first:
        return [Finding("notice.days_past", facts={"until": last})]
    found = []
    if (days := len(between(max(first, at.astimezone(clocks.CHINA).date()), last))) < terms.days:
        found.append(Finding("notice.too_short", "warning", facts={"days": days, "needed": terms.days}))
    return found


def unknown_holidays(last: date) -> Finding | None:
    """Whether the days of a notice were counted without the holidays of the year it ends in."""
    return None if known(last.year) else Finding("notice.holidays_unknown", facts={"year": last.year})


async def set_terms(
    viewer: Viewer, event_category: int, form: NoticeForm, *, sending: str | None = None
) -> None:
    """Set the terms for this event category, or for every one of its contest. Notices that run keep theirs.

    `form.seen` is the id of the newest setting the sender saw. Raises Forbidden, NotFound, Invalid, Conflict.
    """
    row = await event_category_for(viewer, event_category, may_organise)
    if form.closes <= form.opens:
        raise Invalid([Finding("notice.hours_crossed", place="closes")])
    subject = f"event_category:{event_category}"
    async with change(viewer.actor, "notice.terms", subject, sending=sending) as act:
        newest = next(iter(await terms_rows(row)), None)
        if (newest["id"] if newest else 0) != form.seen:
            raise Conflict("notice.terms_changed_meanwhile")
        values = form.model_dump(exclude={"whole_contest", "seen"})
        await NoticeRule.insert(
            NoticeRule(
                **values,
                contest=row["contest"],
                event_category=None if form.whole_contest else event_category,
                actor=viewer.actor.name,
                at=clocks.now(),
            )
        )
        act.record(**values, whole_contest=form.whole_contest)
        act.answer["page"] = f"/work/event-categories/{event_category}/notice"
