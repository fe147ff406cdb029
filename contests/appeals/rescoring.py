"""The effect of an upheld appeal: a trial re-score that belongs to it, applied or discarded as a whole."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.appeals.filing import note
from contests.appeals.hearing import appeal_row
from contests.programme import event_category_for, hold
from contests.ranking import gather, ranked
from contests.rules import may_referee
from contests.tables import Appeal, Trial
from contests.trials import keep_trial
from contests.trials.sets import set_from, with_set
from federation.accounts import Viewer
from federation.changes import change
from federation.judging import FrameError, Outcome
from federation.refusals import AlreadyDone, Conflict


async def begin(
    viewer: Viewer, event_category: int, number: int, title: str, *, sending: str | None = None
) -> int:
    """Open a trial for an upheld appeal that orders a re-score, and tie it to the appeal; returns the trial.

    One that was discarded may be followed by another. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    await event_category_for(viewer, event_category, may_referee)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "appeal.trial", subject, sending=sending, number=number) as act:
            await hold(event_category)
            row = await appeal_row(event_category, number)
            await _rescorable(row)
            trial = await keep_trial(act, viewer, event_category, title)
            await Appeal.update({Appeal.trial: trial, Appeal.version: Appeal.version + 1}).where(
                Appeal.id == row["id"]
            )
            await note(act, viewer, row["id"], "trial")
            act.answer["trial"] = trial
    except AlreadyDone as done:
        return int(done.answer["trial"])
    return trial


async def _rescorable(row: dict[str, Any]) -> None:
    if row["state"] != "upheld" or row["remedy"] != "trial":
        raise Conflict("appeal.no_rescore", number=row["number"])
    before = await trial_of(row)
    if before is not None and before["state"] != "discarded":
        raise Conflict("appeal.trial_there", number=row["number"])


async def trial_of(row: dict[str, Any]) -> dict[str, Any] | None:
    """The trial of an appeal: its state, and who decided it when and why."""
    if row["trial"] is None:
        return None
    return await Trial.select().where(Trial.id == row["trial"]).first()


@dataclass(frozen=True, slots=True)
class Effect:
    """What the re-score would do, or did, to the entry of the appeal: scaled totals and places before and after."""

    totals: tuple[int | None, int | None]
    places: tuple[int | None, int | None]


async def effect_of(row: dict[str, Any]) -> Effect | None:
    """The effect of the trial on this entry alone: computed while it is open, as kept once it was applied.

    None where there is no trial, it was discarded or its marks cannot be ranked.
    """
    trial = await trial_of(row)
    if trial is None or trial["state"] == "discarded":
        return None
    if trial["state"] == "applied":
        totals, places = json.loads(trial["moves"] or "{}").get(str(row["entry"]), ((None, None),) * 2)
        return Effect(tuple(totals), tuple(places)) if totals != (None, None) else None
    gathered = await gather(row["event_category"])
    changed = with_set(gathered, set_from(trial["changes"]))
    try:
        before = await asyncio.to_thread(ranked, gathered)
        after = await asyncio.to_thread(ranked, changed)
    except FrameError:
        return None
    ours = [_of(outcome, row["entry"]) for outcome in (before, after)]
    return Effect((ours[0][0], ours[1][0]), (ours[0][1], ours[1][1]))


def _of(outcome: Outcome, entry: int) -> tuple[int | None, int | None]:
    found = outcome.places.filter(pl.col("entry") == entry).select("total", "place").rows()
    return (found[0][0], found[0][1]) if found else (None, None)
