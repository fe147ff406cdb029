"""Diagnostics of an event category as its marks stand, and the units its judges come from. Never alters a mark."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.programme import event_category_for
from contests.ranking import Gathered, gather, ranked
from contests.rules import may_diagnose, may_referee
from contests.tables import Entry, PanelSeat
from federation import database
from federation.accounts import Viewer
from federation.changes import change
from federation.database import engine
from federation.findings import Finding
from federation.judging.diagnostics import USUAL, Diagnosis, Samples, diagnose
from federation.refusals import Invalid

KEPT = 24


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge's seat; `unit` is the code of the delegation the judge comes from, "" unknown."""

    judge: str
    unit: str = ""
    unit_name: str = ""
    unit_name_en: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What was gathered, what was found in it, and at which revision."""

    revision: int
    gathered: Gathered
    found: Diagnosis


_kept: OrderedDict[tuple[Any, ...], asyncio.Task[Diagnosed]] = OrderedDict()
_kept_from: list[Any] = [None]  # the engine those event categories belong to


async def diagnosis(viewer: Viewer | None, event_category: int, samples: Samples = USUAL) -> Diagnosed:
    """Computed off the event loop and kept by revision. Raises NotFound, Forbidden."""
    row = await event_category_for(viewer, event_category, may_diagnose)
    units = {seat.judge: seat.unit for seat in await seats(event_category) if seat.unit}
    if _kept_from[0] is not engine():
        _kept.clear()
        _kept_from[0] = engine()
    key = (event_category, row["revision"], tuple(sorted(units.items())), samples)
    task = _kept.get(key)
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = asyncio.create_task(_computed(event_category, row["revision"], units, samples))
        _kept[key] = task
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return await asyncio.shield(task)


async def _computed(
    event_category: int, revision: int, units: Mapping[str, str], samples: Samples
) -> Diagnosed:
    gathered = await gather(event_category)
    found = await asyncio.to_thread(lambda: diagnose(ranked(gathered), units, samples))
    return Diagnosed(revision, gathered, found)


async def seats(event_category: int) -> list[Seat]:
    """The seats judges marked from, and those a unit was entered for, by name. Staff only: never on a public page."""
    rows = await PanelSeat.select(
        PanelSeat.judge,
        PanelSeat.delegation.code.as_alias("unit"),
        PanelSeat.delegation.short_name.as_alias("short_name"),
        PanelSeat.delegation.name.as_alias("name"),
        PanelSeat.delegation.name_en.as_alias("name_en"),
    ).where(PanelSeat.event_category == event_category)
    known = {
        row["judge"]: Seat(
            row["judge"], row["unit"] or "", row["short_name"] or row["name"] or "", row["name_en"] or ""
        )
        for row in rows
    }
    marked = await database.frame(
        "SELECT DISTINCT judge FROM mark WHERE event_category = ? AND is_current AND judge <> ''",
        {"judge": pl.String()},
        event_category,
    )
    for judge in marked["judge"].to_list():
        known.setdefault(judge, Seat(judge))
    return sorted(known.values(), key=lambda seat: (len(seat.judge), seat.judge))


async def units(event_category: int) -> list[dict[str, Any]]:
    """The delegations that take part: `code`, `name`, `name_en`, `id`."""
    rows = (
        await Entry.select(
            Entry.delegation.id.as_alias("id"),
            Entry.delegation.code.as_alias("code"),
            Entry.delegation.short_name.as_alias("short_name"),
            Entry.delegation.name.as_alias("full_name"),
            Entry.delegation.name_en.as_alias("name_en"),
        )
        .where((Entry.event_category == event_category) & (Entry.state == "approved"))
        .distinct()
    )
    named = [{**row, "name": row["short_name"] or row["full_name"]} for row in rows]
    return sorted(named, key=lambda row: row["code"])


async def seat_judges(
    viewer: Viewer | None, event_category: int, given: Mapping[str, str], *, sending: str | None = None
) -> None:
    """Enter where the judges come from: seat → code of a delegation taking part, or "" for unknown.

    Raises NotFound, Forbidden and Invalid (a unit that takes no part, a seat nobody marked from).
    """
    row = await event_category_for(viewer, event_category, may_referee)
    assert viewer is not None
    ids = {unit["code"]: unit["id"] for unit in await units(event_category)}
    known = {seat.judge: seat.unit for seat in await seats(event_category)}
    findings = [
        Finding("panel_seat.unit_unknown", place=judge, facts={"judge": judge, "value": code})
        for judge, code in given.items()
        if code and code not in ids and code != known.get(judge)
    ]
    findings += [
        Finding("panel_seat.judge_unknown", place=judge, facts={"judge": judge})
        for judge in given
        if judge not in known
    ]
    if findings:
        raise Invalid(findings)
    changed = {judge: code for judge, code in given.items() if code != known[judge]}
    async with change(viewer.actor, "panel.seat", f"event_category:{row['id']}", sending=sending) as act:
        for judge, code in changed.items():
            here = (PanelSeat.event_category == row["id"]) & (PanelSeat.judge == judge)
            await PanelSeat.delete().where(here)
            if code:
                await PanelSeat.insert(PanelSeat(event_category=row["id"], judge=judge, delegation=ids[code]))
        act.record(seats=changed)
