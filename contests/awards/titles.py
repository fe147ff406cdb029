"""Titles on their way: proposed here, reported, approved and issued by those who confer them. Each move is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contests import programme
from contests.awards.listing import AwardList, award_list, contest_of
from contests.awards.proposals import Proposal, Winner, proposals
from contests.awards.title_editions import InForce, rules_in_force
from contests.rules import may_decide_awards, may_see_awards
from contests.tables import AwardTitle, TitleStep
from federation import honours
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid

MOVES: Mapping[str, tuple[str, ...]] = {
    "proposed": ("reported", "dropped"),
    "reported": ("approved", "refused", "proposed"),
    "approved": ("issued", "reported"),
    "issued": ("approved",),
    "refused": ("reported",),
    "dropped": (),
}
"""State → where it may go. Only `reported` and what leads back to it is ours to say; the rest is the answer of the
body that confers the title."""
ONWARD = {"proposed": "reported", "reported": "approved", "approved": "issued"}
NEEDS_DOCUMENT = ("reported", "approved", "issued")
HELD = ("approved", "issued")


@dataclass(frozen=True)
class Looked:
    """The award list with what the rules propose beside what is on its way. `titles`: entry → rows of `award_title`;
    `new`: proposals that are not on their way yet; `barred`: those the rules bar; `notes`: what to look at.
    """

    awards: AwardList
    in_force: InForce
    titles: Mapping[int, list[dict[str, Any]]]
    new: Sequence[Proposal]
    barred: Sequence[Proposal]
    notes: Sequence[Finding]


async def look(viewer: Viewer | None, event_category: int) -> Looked:
    """Raises NotFound, Forbidden, Conflict (no final publication in force)."""
    await programme.event_category_for(viewer, event_category, may_see_awards)
    return await _looked(event_category)


async def _looked(event_category: int) -> Looked:
    awards = await award_list(event_category)
    contest = await contest_of(awards.about)
    in_force = await rules_in_force(contest)
    winners = await _winners(awards, contest)
    fitting = [
        rule
        for rule in in_force.rules.rules
        if rule.reaches(contest["level"], contest["class_code"], awards.about["category"])
    ]
    reference = await _reference(awards.about, contest)
    found, notes = proposals(fitting, winners, reference)
    titles: dict[int, list[dict[str, Any]]] = {}
    for row in await titles_of(event_category):
        titles.setdefault(row["entry"], []).append(row)
    there = {(row["entry"], row["rule"]) for rows in titles.values() for row in rows}
    found = [one for one in found if (one.winner.entry, one.rule.id) not in there]
    return Looked(
        awards,
        in_force,
        titles,
        [one for one in found if not one.barred],
        [one for one in found if one.barred],
        notes,
    )


async def _reference(about: Mapping[str, Any], contest: Mapping[str, Any]) -> date:
    events = {row["code"]: row for row in await programme.events_of(contest["id"])}
    event = events.get(about["event_code"])
    return (event["reference_date"] if event else None) or contest["ends_on"]


async def _winners(awards: AwardList, contest: Mapping[str, Any]) -> list[Winner]:
    workers = [row["worker"] for row in awards.rows]
    held = await honours.honours_held(workers)
    promoted = await _promoted(contest["year"], awards.about["id"])
    return [
        Winner(
            entry=row["entry"],
            number=row["number"],
            name=row["name"],
            place=row["place"],
            award=row["award"],
            award_title=row["award_title"],
            birth_date=row["birth_date"],
            sex=row["sex"],
            level=row["skill_level"],
            honours=held.get(row["worker"], {}),
            promoted=row["worker"] in promoted,
        )
        for row in awards.rows
    ]


async def _promoted(year: int, but: int) -> set[int]:
    """Workers a level is on its way for from another event category of this year."""
    rows = await AwardTitle.select(AwardTitle.entry.worker.as_alias("worker")).where(
        (AwardTitle.kind == "level")
        & AwardTitle.state.not_in(["dropped", "refused"])
        & (AwardTitle.event_category != but)
        & (AwardTitle.event_category.event.contest.year == year)
    )
    return {row["worker"] for row in rows}


async def titles_of(event_category: int) -> list[dict[str, Any]]:
    """The titles on their way here, by place; dropped ones are left out."""
    return (
        await AwardTitle.select(
            *AwardTitle.all_columns(),
            AwardTitle.entry.name.as_alias("name"),
            AwardTitle.entry.number.as_alias("number"),
            AwardTitle.entry.worker.as_alias("worker"),
        )
        .where((AwardTitle.event_category == event_category) & (AwardTitle.state != "dropped"))
        .order_by(AwardTitle.place)
        .order_by(AwardTitle.id)
    )


async def steps_of(event_category: int) -> list[dict[str, Any]]:
    """Every move of the titles here, newest first, with the title and the name."""
    return (
        await TitleStep.select(
            *TitleStep.all_columns(),
            TitleStep.title.title.as_alias("title_name"),
            TitleStep.title.title_en.as_alias("title_name_en"),
            TitleStep.title.entry.name.as_alias("name"),
        )
        .where(TitleStep.title.event_category == event_category)
        .order_by(TitleStep.id, ascending=False)
    )


async def propose(
    viewer: Viewer, event_category: int, chosen: Collection[tuple[int, str]], *, sending: str | None = None
) -> int:
    """Enter the chosen (entry, rule) of what the rules propose; returns how many. Raises Forbidden, Conflict,
    Invalid (nothing chosen, or somebody the rules bar)."""
    await programme.event_category_for(viewer, event_category, may_decide_awards)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "title.propose", subject, sending=sending) as act:
            looked = await _looked(event_category)
            wanted = [one for one in looked.new if (one.winner.entry, one.rule.id) in set(chosen)]
            if not chosen or len(wanted) != len(set(chosen)):
                code = "title.not_proposed" if chosen else "title.none_chosen"
                raise Invalid([Finding(code, place="chosen")])
            for one in wanted:
                await _enter(act, viewer, looked, one)
            act.record(count=len(wanted), rules=sorted({one.rule.id for one in wanted}))
            act.answer["count"] = len(wanted)
    except AlreadyDone as before:
        return int(before.answer["count"])
    return len(wanted)


async def _enter(act: Change, viewer: Viewer, looked: Looked, one: Proposal) -> None:
    rule, winner = one.rule, one.winner
    entered = await AwardTitle.insert(
        AwardTitle(
            event_category=looked.awards.about["id"],
            entry=winner.entry,
            publication=looked.awards.publication["number"],
            place=winner.place,
            rule=rule.id,
            kind=rule.kind,
            title=rule.title,
            title_en=rule.title_en,
            conferred_by=rule.conferred_by,
            honour=rule.honour or None,
            level_before=winner.level if rule.kind == "level" else None,
            level=one.level,
            basis=rule.basis or looked.in_force.rules.basis,
            at=act.at,
        )
    )
    await _step(act, viewer, int(entered[0]["id"]), "", "proposed", "")


async def _step(
    act: Change,
    viewer: Viewer,
    title: int,
    before: str,
    after: str,
    reason: str,
    document: tuple[str, date | None] = ("", None),
) -> None:
    await TitleStep.insert(
        TitleStep(
            title=title,
            from_state=before,
            to_state=after,
            document_number=document[0],
            document_on=document[1],
            reason=reason,
            actor=viewer.actor.name,
            at=act.at,
        )
    )


async def move(
    viewer: Viewer,
    event_category: int,
    chosen: Collection[int],
    to: str,
    *,
    document_number: str = "",
    document_on: date | None = None,
    reason: str = "",
    sending: str | None = None,
) -> int:
    """Note what became of the chosen titles: all at once, by one document. Moves ahead need its number and day, moves
    back and refusals a reason. Approved honours enter the register, so that nobody is given them twice.

    Raises Forbidden, Invalid, Conflict (somebody was first).
    """
    await programme.event_category_for(viewer, event_category, may_decide_awards)
    document_number, reason = document_number.strip(), reason.strip()
    rows = [row for row in await titles_of(event_category) if row["id"] in set(chosen)]
    _check_move(rows, len(set(chosen)), to, document_number, document_on, reason)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, f"title.{to}", subject, sending=sending) as act:
            for row in rows:
                await _moved(act, viewer, row, to, (document_number, document_on), reason)
            act.record(count=len(rows), document=document_number, reason=reason)
            act.answer["count"] = len(rows)
    except AlreadyDone as before:
        return int(before.answer["count"])
    return len(rows)


def _check_move(
    rows: Sequence[Mapping[str, Any]],
    asked: int,
    to: str,
    document_number: str,
    document_on: date | None,
    reason: str,
) -> None:
    findings = []
    if not asked or len(rows) != asked:
        findings.append(Finding("title.none_chosen", place="chosen"))
    for row in rows:
        if to not in MOVES[row["state"]]:
            facts = {"name": row["name"], "title": row["title"], "state": row["state"], "to": to}
            findings.append(Finding("title.cannot_go", place="chosen", facts=facts))
    ahead = rows and all(ONWARD.get(row["state"]) == to for row in rows)
    if ahead and to in NEEDS_DOCUMENT and not document_number:
        findings.append(Finding("title.document_missing", place="document_number"))
    if ahead and to in NEEDS_DOCUMENT and document_on is None:
        findings.append(Finding("title.document_day_missing", place="document_on"))
    if rows and not ahead and not reason:
        findings.append(Finding("title.reason_missing", place="reason"))
    for text, place, limit in ((document_number, "document_number", 80), (reason, "reason", 300)):
        if len(text) > limit:
            findings.append(Finding("form.too_long", place=place, facts={"limit": limit}))
    if findings:
        raise Invalid(findings)


async def _moved(
    act: Change,
    viewer: Viewer,
    row: Mapping[str, Any],
    to: str,
    document: tuple[str, date | None],
    reason: str,
) -> None:
    values: dict[Any, Any] = {AwardTitle.state: to, AwardTitle.version: AwardTitle.version + 1}
    if document[0]:
        values |= {AwardTitle.document_number: document[0], AwardTitle.document_on: document[1]}
    if to in HELD and row["state"] not in HELD and row["honour"]:
        received = document[1] or act.at.date()
        values[AwardTitle.held] = await honours.record(row["worker"], row["honour"], received, document[0])
    if row["state"] in HELD and to not in HELD:
        values[AwardTitle.held] = None
    changed = (
        await AwardTitle.update(values)
        .where((AwardTitle.id == row["id"]) & (AwardTitle.version == row["version"]))
        .returning(AwardTitle.id)
    )
    if not changed:
        raise Conflict("title.moved_meanwhile")
    if row["state"] in HELD and to not in HELD and row["held"] is not None:
        await honours.strike(row["held"])
    await _step(act, viewer, row["id"], row["state"], to, reason, document)
