"""Opening a trial, changing its set, and trying it: the board as it is beside the board as it would be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests import schemes
from contests.forms.mark import MarkForm
from contests.programme import event_category_for
from contests.ranking import Gathered, gather, ranked
from contests.rules import may_diagnose, may_referee
from contests.scoring.entering import read
from contests.scoring.plans import plan_with, plans_of
from contests.tables import EventCategory, Trial
from contests.trials.sets import JudgeLeftOut, MarkChange, TrialSet, set_from, with_set
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding, errors
from federation.judging import FrameError, Outcome, Scheme, moved
from federation.judging.comparison import compare
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Tried:
    """Both boards and their comparison at a revision; `after` is None where the changed marks cannot be ranked and
    `findings` say why."""

    revision: int
    gathered: Gathered
    changed: Gathered
    before: Outcome
    after: Outcome | None
    comparison: pl.DataFrame | None
    findings: tuple[Finding, ...] = ()


async def open_trial(
    viewer: Viewer,
    event_category: int,
    title: str,
    scheme: Scheme | None = None,
    *,
    sending: str | None = None,
) -> int:
    """Begin a trial, with a scheme or with nothing yet. Raises NotFound, Forbidden, Invalid."""
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "trial.open", subject, sending=sending) as act:
            trial = await keep_trial(act, viewer, event_category, title, scheme)
            act.answer["trial"] = trial
    except AlreadyDone as before:
        return int(before.answer["trial"])
    return trial


async def keep_trial(
    act: Change, viewer: Viewer, event_category: int, title: str, scheme: Scheme | None = None
) -> int:
    """The same inside an open change, for acts that do more than begin a trial."""
    row = await event_category_for(viewer, event_category, may_referee)
    title = title.strip()
    if not title:
        raise Invalid([Finding("trial.title_missing", place="title")])
    if len(title) > 120:
        raise Invalid([Finding("trial.title_long", place="title", facts={"length": len(title)})])
    if row["scheme"] is None:
        raise Conflict("state.scheme_missing")
    if scheme is not None and (faults := errors(scheme.check())):
        raise Invalid(faults)
    entered = await Trial.insert(
        Trial(
            event_category=event_category,
            title=title,
            changes=TrialSet(scheme=scheme).text(),
            account=viewer.actor.account,
            actor=viewer.actor.name,
            at=act.at,
        )
    )
    trial = int(entered[0]["id"])
    act.record(trial=trial, title=title)
    return trial


async def trials_of(viewer: Viewer | None, event_category: int) -> list[dict[str, Any]]:
    """The trials of an event category, newest first. Raises NotFound, Forbidden."""
    await event_category_for(viewer, event_category, may_diagnose)
    return (
        await Trial.select().where(Trial.event_category == event_category).order_by(Trial.id, ascending=False)
    )


async def the_trial(viewer: Viewer | None, event_category: int, trial: int) -> dict[str, Any]:
    """A trial's row with its `set` (TrialSet). Raises NotFound, Forbidden."""
    await event_category_for(viewer, event_category, may_diagnose)
    row = await Trial.select().where((Trial.id == trial) & (Trial.event_category == event_category)).first()
    if row is None:
        raise NotFound("trial", id=trial)
    return {**row, "set": set_from(row["changes"])}


async def tried(viewer: Viewer | None, event_category: int, changes: TrialSet) -> Tried:
    """Rank the marks as they stand and as they would be, off the event loop. Writes nothing.

    Raises NotFound, Forbidden.
    """
    await event_category_for(viewer, event_category, may_diagnose)
    row = await EventCategory.select(EventCategory.revision).where(EventCategory.id == event_category).first()
    assert row is not None
    gathered = await gather(event_category)
    return await asyncio.to_thread(_tried, int(row["revision"]), gathered, changes)


def _tried(revision: int, gathered: Gathered, changes: TrialSet) -> Tried:
    before, changed = ranked(gathered), with_set(gathered, changes)
    try:
        after = _after(before, changed, changes)
    except FrameError as fault:
        return Tried(revision, gathered, changed, before, None, None, tuple(fault.findings))
    return Tried(revision, gathered, changed, before, after, compare(before, after), after.findings)


def _after(before: Outcome, changed: Gathered, changes: TrialSet) -> Outcome:
    """Where only marks change, the board is moved and not ranked anew."""
    if changes.judges or changes.scheme is not None or not changes.marks:
        return ranked(changed)
    pieces = [one.piece for one in changes.marks]
    entries = changed.people.filter(pl.col("piece").is_in(pieces)).select("entry")
    return moved(before, changed.marks.join(entries, on="entry", how="semi"))


async def add_mark(
    viewer: Viewer,
    event_category: int,
    trial: int,
    *,
    number: str,
    stage: str,
    aspect: str,
    judge: str,
    attempt: int,
    text: str,
) -> None:
    """Try another value ("87.5"), or a blank ("dns", "" for not yet), in one cell, read as score entry reads it.

    Raises Invalid whose places are the fields number, aspect, judge and text.
    """
    row = await the_trial(viewer, event_category, trial)
    scheme = row["set"].scheme or await schemes.scheme_of(event_category)
    people = (await gather(event_category)).people.filter(pl.col("number") == number.strip())
    pieces = people.filter(pl.col("piece").is_not_null())["piece"].to_list()
    if not pieces:
        raise Invalid([Finding("trial.no_such_entry", place="number", facts={"number": number[:20]})])
    plan = plan_with(plans_of(scheme), stage, aspect)
    slot = plan.slot(aspect) if plan else None
    if plan is None or slot is None:
        raise Invalid([Finding("trial.no_such_aspect", place="aspect", facts={"aspect": aspect[:60]})])
    seat = judge.strip() if slot.judges else ""
    if slot.judges and not seat:
        raise Invalid([Finding("trial.judge_missing", place="judge", facts={"aspect": aspect})])
    form = MarkForm(piece=pieces[0], aspect=aspect, judge=seat, attempt=attempt, text=text, seen_version=0)
    reading = read(form, plan, {pieces[0]: number.strip()})
    if reading.findings:
        raise Invalid([Finding(one.code, one.severity, "text", one.facts) for one in reading.findings])
    changed = MarkChange(
        pieces[0], number.strip(), plan.stage, aspect, seat, attempt, reading.value, reading.blank
    )
    await _keep(viewer, event_category, trial, row["set"].with_mark(changed), row["version"])


async def leave_out_judge(
    viewer: Viewer, event_category: int, trial: int, judge: str, aspect: str = ""
) -> None:
    """Try the board without a judge, of one aspect or of all. Raises Invalid for a seat nobody marked from."""
    row = await the_trial(viewer, event_category, trial)
    marks = (await gather(event_category)).marks
    theirs = marks.filter(pl.col("judge") == judge)
    if aspect:
        theirs = theirs.filter(pl.col("aspect") == aspect)
    if not judge or theirs.is_empty():
        raise Invalid([Finding("trial.no_such_judge", place="judge", facts={"judge": judge[:20]})])
    await _keep(
        viewer, event_category, trial, row["set"].with_judge(JudgeLeftOut(judge, aspect)), row["version"]
    )


async def use_scheme(
    viewer: Viewer, event_category: int, trial: int, scheme: Scheme, *, seen: int | None = None
) -> None:
    """Try another rule. `seen`: the trial's version that was edited from, None for whatever stands.

    Raises Invalid for a scheme with faults or the one in use, and Conflict("trial.moved").
    """
    row = await the_trial(viewer, event_category, trial)
    if faults := errors(scheme.check()):
        raise Invalid(faults)
    if scheme == await schemes.scheme_of(event_category):
        raise Invalid([Finding("trial.same_scheme")])
    changes: TrialSet = row["set"]
    version = row["version"] if seen is None else seen
    await _keep(viewer, event_category, trial, TrialSet(changes.marks, changes.judges, scheme), version)


async def scheme_tried(
    viewer: Viewer | None, event_category: int, trial: int
) -> tuple[dict[str, Any], Scheme]:
    """The row of an open trial and the scheme in force in it. Raises NotFound, Forbidden, Conflict("trial.moved")."""
    await event_category_for(viewer, event_category, may_referee)
    row = await the_trial(viewer, event_category, trial)
    if row["state"] != "open":
        raise Conflict("trial.moved")
    return row, row["set"].scheme or await schemes.scheme_of(event_category)


async def remove_change(viewer: Viewer, event_category: int, trial: int, kind: str, index: int) -> None:
    """Take one change out of the set again."""
    row = await the_trial(viewer, event_category, trial)
    await _keep(viewer, event_category, trial, row["set"].without(kind, index), row["version"])


async def _keep(viewer: Viewer, event_category: int, trial: int, changes: TrialSet, version: int) -> None:
    """Raises Forbidden, and Conflict when the trial was decided or changed meanwhile."""
    await event_category_for(viewer, event_category, may_referee)
    async with change(viewer.actor, "trial.change", f"event_category:{event_category}", trial=trial) as act:
        kept = (
            await Trial.update({Trial.changes: changes.text(), Trial.version: Trial.version + 1})
            .where((Trial.id == trial) & (Trial.state == "open") & (Trial.version == version))
            .returning(Trial.id)
        )
        if not kept:
            raise Conflict("trial.moved")
        act.record(marks=len(changes.marks), judges=len(changes.judges), scheme=changes.scheme is not None)
