"""Applying a trial as one change, or discarding it. Either way with a reason that stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from contests import schemes
from contests.programme import event_category_for, touch
from contests.ranking import gather
from contests.rules import may_referee
from contests.scoring.entering import Entering, write_versions
from contests.states import CORRECTABLE, MARKABLE
from contests.tables import Mark, Trial
from contests.trials.sets import differing, with_set
from contests.trials.trying import Tried, the_trial, tried
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Invalid

_CELL = ("piece", "stage", "aspect", "judge", "attempt")


async def apply_trial(
    viewer: Viewer, event_category: int, trial: int, *, revision: int, reason: str, sending: str | None = None
) -> None:
    """Put the whole set in force: marks as new versions, a scheme as the next edition, frozen at once.

    `revision` is the one the trial was looked at; whatever moved since refuses it with Conflict("trial.stale").
    Raises NotFound, Forbidden, Invalid (no reason, nothing to apply, marks that cannot be ranked) and Conflict.
    """
    row = await event_category_for(viewer, event_category, may_referee)
    _need(reason)
    kept = await the_trial(viewer, event_category, trial)
    if kept["set"].empty:
        raise Invalid([Finding("trial.empty", place="reason")])
    looked = await tried(viewer, event_category, kept["set"])
    if looked.after is None:
        raise Invalid(looked.findings)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "trial.apply", subject, sending=sending, trial=trial) as act:
            moved = await touch(event_category)
            row = await event_category_for(viewer, event_category, may_referee)
            if row["state"] not in (*MARKABLE, *CORRECTABLE):
                raise Conflict("mark.closed", state=row["state"])
            if moved != revision + 1:
                raise Conflict("trial.stale")
            await _decide(act, viewer, trial, kept["version"], "applied", reason, moves_of(looked))
            gathered = await gather(event_category)
            changed = differing(gathered.marks, with_set(gathered, kept["set"]).marks).join(
                gathered.people.select("entry", "piece"), on="entry", how="left", maintain_order="left"
            )
            await _write(Entering(act, viewer, event_category, "", reason.strip()), changed)
            if kept["set"].scheme is not None:
                await schemes.adopt(act, row, kept["set"].scheme, frozen=True)
            act.record(reason=reason.strip(), changed=changed.height)
            act.tell(MarksMoved(event_category, moved))
    except AlreadyDone:
        return


async def discard_trial(
    viewer: Viewer, event_category: int, trial: int, *, reason: str, sending: str | None = None
) -> None:
    """Close a trial without effect. Raises NotFound, Forbidden, Invalid and Conflict."""
    await event_category_for(viewer, event_category, may_referee)
    _need(reason)
    kept = await the_trial(viewer, event_category, trial)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "trial.discard", subject, sending=sending, trial=trial) as act:
            await _decide(act, viewer, trial, kept["version"], "discarded", reason)
            act.record(reason=reason.strip())
    except AlreadyDone:
        return


def _need(reason: str) -> None:
    if not reason.strip():
        raise Invalid([Finding("trial.reason_missing", place="reason")])


def moves_of(looked: Tried) -> str:
    """Whose total or place the trial changes, as kept with it."""
    assert looked.comparison is not None
    moved = looked.comparison.filter(
        pl.col("total_before").ne_missing(pl.col("total_after"))
        | pl.col("place_before").ne_missing(pl.col("place_after"))
    ).select("entry", "total_before", "total_after", "place_before", "place_after")
    return json.dumps({row[0]: [[row[1], row[2]], [row[3], row[4]]] for row in moved.rows()})


async def _decide(
    act: Change, viewer: Viewer, trial: int, version: int, state: str, reason: str, moves: str = ""
) -> None:
    decided = (
        await Trial.update(
            {
                Trial.state: state,
                Trial.moves: moves,
                Trial.decided_by: viewer.actor.name,
                Trial.decided_at: act.at,
                Trial.reason: reason.strip(),
                Trial.version: Trial.version + 1,
            }
        )
        .where((Trial.id == trial) & (Trial.state == "open") & (Trial.version == version))
        .returning(Trial.id)
    )
    if not decided:
        raise Conflict("trial.moved")


async def _write(entering: Entering, changed: pl.DataFrame) -> None:
    """The changed marks as next versions, stage by stage."""
    if changed.is_empty():
        return
    standing = await Mark.select().where(
        (Mark.event_category == entering.event_category)
        & Mark.piece.is_in(changed["piece"].unique().to_list())
        & (Mark.is_current == True)  # noqa: E712
    )
    known: dict[tuple[Any, ...], Mapping[str, Any]] = {
        tuple(row[name] for name in _CELL): row for row in standing
    }
    written: list[dict[str, Any]] = []
    for stage in changed["stage"].unique().sort().to_list():
        marks: list[dict[str, Any]] = []
        replaced: list[int] = []
        for mark in changed.filter(pl.col("stage") == stage).iter_rows(named=True):
            before = known.get(tuple(mark[name] for name in _CELL))
            if before is not None:
                replaced.append(before["id"])
            cell = {name: mark[name] for name in ("piece", "aspect", "judge", "attempt", "value", "blank")}
            marks.append({**cell, "version": before["version"] + 1 if before else 1})
        own = Entering(entering.act, entering.viewer, entering.event_category, stage, entering.reason)
        await write_versions(own, marks, replaced)
        written += [{"stage": stage, **mark} for mark in marks]
    entering.act.record(marks=written)
