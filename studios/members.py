"""The people of a studio: who leads it since when, who works in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from federation.accounts import Viewer
from federation.findings import Finding
from federation.refusals import Invalid, NotFound
from federation.tables import Honour, HonourKind, Worker
from studios import records
from studios.forms import LeaderForm, MemberForm
from studios.tables import Leadership, Member

HONOUR_RANKS = ("national", "provincial", "city", "county")


async def leaders(studio: int) -> list[dict[str, Any]]:
    """Everyone who has led the studio, oldest first; the current lead has no `until`."""
    return (
        await Leadership.select(
            Leadership.id,
            Leadership.worker,
            Leadership.since,
            Leadership.until,
            Leadership.worker.name.as_alias("name"),
            Leadership.worker.title.as_alias("title"),
            Leadership.worker.skill_level.as_alias("skill_level"),
        )
        .where(Leadership.studio == studio)
        .order_by(Leadership.since)
    )


async def honours_of(worker: int) -> list[dict[str, Any]]:
    """The honours of a person, highest rank first, then by year."""
    found = (
        await Honour.select(
            Honour.year,
            Honour.kind,
            Honour.kind.name.as_alias("name"),
            Honour.kind.name_en.as_alias("name_en"),
            Honour.kind.rank.as_alias("rank"),
        )
        .where(Honour.worker == worker)
        .order_by(Honour.year)
    )
    return sorted(found, key=lambda honour: HONOUR_RANKS.index(honour["rank"]))


async def honour_kinds() -> list[dict[str, Any]]:
    """Honours of persons, highest rank first."""
    kinds = await HonourKind.select().where(HonourKind.kind == "person")
    return sorted(kinds, key=lambda kind: HONOUR_RANKS.index(kind["rank"]))


async def of_studio(studio: int) -> list[dict[str, Any]]:
    """Members, those who left last."""
    found = await Member.select().where(Member.studio == studio).order_by(Member.joined_on, Member.id)
    return sorted(found, key=lambda member: member["left_on"] is not None)


async def change_leader(viewer: Viewer, number: str, form: LeaderForm, *, sending: str | None = None) -> None:
    """Hand the studio to another lead person from a day on; the one before leads up to, not on, that day.

    The person is found by name among the workers of the studio's organisation, or entered.
    Raises NotFound, Invalid.
    """
    studio = await records.kept(viewer, number)
    async with records.amending(viewer, "studio.leader", number, sending) as act:
        history = await leaders(studio["id"])
        if findings := _check_leader(form, studio["founded_on"], history):
            raise Invalid(findings)
        worker = await _worker(form, studio["organisation"])
        current = next((row for row in history if row["until"] is None), None)
        if current is not None:
            await Leadership.update({Leadership.until: form.since}).where(Leadership.id == current["id"])
        await Leadership.insert(Leadership(studio=studio["id"], worker=worker, since=form.since))
        await _enter_honour(worker, form)
        act.record(
            before=current["name"] if current else None, after=form.leader_name, since=form.since.isoformat()
        )


def _check_leader(form: LeaderForm, founded_on: date, history: Sequence[dict[str, Any]]) -> list[Finding]:
    findings = []
    if form.since < founded_on:
        findings.append(
            Finding("leader.before_founding", place="since", facts={"founded": founded_on.isoformat()})
        )
    if form.since > date.today():
        findings.append(Finding("leader.in_future", place="since"))
    latest = max((row["since"] for row in history), default=None)
    if latest and form.since <= latest:
        findings.append(
            Finding("leader.before_last_change", place="since", facts={"since": latest.isoformat()})
        )
    current = next((row for row in history if row["until"] is None), None)
    if current and current["name"] == form.leader_name:
        findings.append(Finding("leader.same", place="leader_name", facts={"leader": current["name"]}))
    if form.honour and not form.honour_year:
        findings.append(Finding("leader.honour_year_missing", place="honour_year"))
    return findings


async def _worker(form: LeaderForm, organisation: int) -> int:
    known = (
        await Worker.select(Worker.id)
        .where((Worker.name == form.leader_name) & (Worker.organisation == organisation))
        .order_by(Worker.id)
    )
    if len(known) == 1:
        return int(known[0]["id"])
    entered = await Worker.insert(
        Worker(
            name=form.leader_name,
            title=form.leader_title,
            skill_level=form.leader_skill_level,
            organisation=organisation,
            status="employee",
        )
    )
    return int(entered[0]["id"])


async def _enter_honour(worker: int, form: LeaderForm) -> None:
    if not form.honour:
        return
    if not await HonourKind.exists().where(HonourKind.code == form.honour):
        raise Invalid([Finding("leader.unknown_honour", place="honour", facts={"value": form.honour})])
    held = (Honour.worker == worker) & (Honour.kind == form.honour) & (Honour.year == form.honour_year)
    if not await Honour.exists().where(held):
        await Honour.insert(Honour(worker=worker, kind=form.honour, year=form.honour_year))


def _check_member(form: MemberForm, founded_on: date) -> list[Finding]:
    findings = []
    if form.joined_on < founded_on:
        findings.append(
            Finding("member.before_founding", place="joined_on", facts={"founded": founded_on.isoformat()})
        )
    if form.joined_on > date.today():
        findings.append(Finding("member.in_future", place="joined_on"))
    if form.left_on and form.left_on < form.joined_on:
        facts = {"joined": form.joined_on.isoformat()}
        findings.append(Finding("member.left_before_joining", place="left_on", facts=facts))
    return findings


def _member_values(form: MemberForm) -> dict[str, Any]:
    return {
        "name": form.member_name,
        "title": form.member_title,
        "skill_level": form.member_skill_level,
        "task": form.task,
        "joined_on": form.joined_on,
        "left_on": form.left_on,
    }


async def take_in(viewer: Viewer, number: str, form: MemberForm, *, sending: str | None = None) -> int:
    """Enter a member. Returns the row's id. Raises NotFound, Invalid."""
    studio = await records.kept(viewer, number)
    async with records.amending(viewer, "studio.member", number, sending) as act:
        findings = _check_member(form, studio["founded_on"])
        present = (
            (Member.studio == studio["id"]) & (Member.name == form.member_name) & Member.left_on.is_null()
        )
        if await Member.exists().where(present):
            findings.append(
                Finding("member.entered_already", place="member_name", facts={"name": form.member_name})
            )
        if findings:
            raise Invalid(findings)
        entered = await Member.insert(Member(studio=studio["id"], **_member_values(form)))
        act.record(member=entered[0]["id"], name=form.member_name)
    return int(entered[0]["id"])


async def change_member(
    viewer: Viewer, number: str, member: int, form: MemberForm, *, sending: str | None = None
) -> None:
    """Change what is entered of a member; with `left_on` the person has left. Raises NotFound, Invalid."""
    studio = await records.kept(viewer, number)
    async with records.amending(viewer, "studio.member_change", number, sending) as act:
        before = await Member.select().where((Member.id == member) & (Member.studio == studio["id"])).first()
        if before is None:
            raise NotFound("member")
        if findings := _check_member(form, studio["founded_on"]):
            raise Invalid(findings)
        values = _member_values(form)
        await Member.update(
            {Member._meta.get_column_by_name(key): value for key, value in values.items()}
        ).where(Member.id == member)
        act.record(
            member=member,
            before={key: before[key] for key in values if before[key] != values[key]},
            after={key: values[key] for key in values if before[key] != values[key]},
        )
