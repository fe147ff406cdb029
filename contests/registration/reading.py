"""Entries as they are read: lists for officers, one entry for those who may change it, a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests import programme
from contests.registration.candidates import published_places
from contests.rules import entry_branches, may_file_entries
from contests.tables import Entry
from federation import privacy
from federation.accounts import Viewer
from federation.database import frame
from federation.refusals import Forbidden, NotFound
from federation.tables import Worker

ENTRY_STATES = ("submitted", "approved", "returned", "withdrawn")

LISTED = {
    "id": pl.Int64,
    "number": pl.String,
    "name": pl.String,
    "organisation": pl.String,
    "delegation_code": pl.String,
    "delegation": pl.String,
    "delegation_en": pl.String,
    "event": pl.String,
    "event_en": pl.String,
    "category": pl.String,
    "event_category": pl.Int64,
    "skill_level": pl.Int64,
    "state": pl.String,
    "reason": pl.String,
    "filed_at": pl.String,
}
"""One row per entry; never an identity number or phone. `filed_at` is the day."""

_LIST = """
SELECT entry.id, entry.number, entry.name, entry.organisation_name, union_unit.code,
       CASE WHEN union_unit.short_name <> '' THEN union_unit.short_name ELSE union_unit.name END,
       union_unit.name_en, contest_event.name, contest_event.name_en, event_category.category,
       event_category.id, entry.skill_level, entry.state, entry.reason,
       substr(CAST(entry.filed_at AS varchar), 1, 10)
FROM entry JOIN event_category ON event_category.id = entry.event_category
JOIN contest_event ON contest_event.id = event_category.event
JOIN union_unit ON union_unit.id = entry.delegation
WHERE contest_event.contest = ?
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is asked for; empty is everything. `words` looks in names, organisations and numbers."""

    event_category: int | None = None
    delegation: str = ""
    state: str = ""
    words: str = ""


async def entries_of(viewer: Viewer, contest: Mapping[str, Any], asked: Filter) -> pl.DataFrame:
    """The entries of a contest this viewer may see, as LISTED; the states are counted by the page.

    Raises Forbidden when there are none the viewer may ever see.
    """
    branches = entry_branches(viewer, contest["ground"])
    if not branches:
        raise Forbidden("entry.list_not_yours")
    sql, values = _LIST, [contest["id"]]
    if branches != ("",):
        sql += " AND (" + " OR ".join("union_unit.path LIKE ?" for _ in branches) + ")"
        values += [f"{branch}%" for branch in branches]
    for condition, value in (
        ("event_category.id = ?", asked.event_category),
        ("union_unit.code = ?", asked.delegation),
        ("entry.state = ?", asked.state),
    ):
        if value:
            sql += f" AND {condition}"
            values.append(value)
    if asked.words:
        sql += " AND (entry.name LIKE ? OR entry.organisation_name LIKE ? OR entry.number = ?)"
        values += [f"%{asked.words}%", f"%{asked.words}%", asked.words]
    return await frame(
        sql + " ORDER BY contest_event.code, event_category.id, union_unit.sort, entry.id", LISTED, *values
    )


async def entry_for(viewer: Viewer, entry_id: int) -> dict[str, Any]:
    """An entry somebody may change: their own, or one of a delegation they file for. Raises NotFound."""
    event = Entry.event_category.event
    row = (
        await Entry.select(
            *Entry.all_columns(),
            Entry.delegation.code.as_alias("delegation_code"),
            Entry.delegation.path.as_alias("delegation_path"),
            event.contest.code.as_alias("contest_code"),
        )
        .where(Entry.id == entry_id)
        .first()
    )
    if row is None:
        raise NotFound("entry")
    ground = (await programme.contest(row["contest_code"]))["ground"]
    own = viewer.worker is not None and viewer.worker == row["worker"]
    if not own and not may_file_entries(viewer, ground, row["delegation_path"]):
        raise NotFound("entry")
    return row


async def entry_form(entry: Mapping[str, Any]) -> dict[str, str]:
    """An entry as its form was filled in, for whoever may change it."""
    worker = await Worker.select().where(Worker.id == entry["worker"]).first()
    assert worker is not None
    return {
        "event_category": str(entry["event_category"]),
        "name": entry["name"],
        "identity_number": privacy.decrypt(bytes(worker["identity_cipher"]), purpose="identity"),
        "phone": privacy.decrypt(bytes(worker["phone_cipher"]), purpose="phone"),
        "status": worker["status"],
        "organisation": entry["organisation_name"],
        "delegation": entry["delegation_code"],
        "skill_level": str(entry["skill_level"] or ""),
        "certificate_number": worker["certificate_number"],
    }


async def of_person(worker: int) -> list[dict[str, Any]]:
    """A person's own entries, newest contest first, each with its `line` on the published board or None."""
    event = Entry.event_category.event
    rows = (
        await Entry.select(
            Entry.id,
            Entry.number,
            Entry.state,
            Entry.reason,
            Entry.standing,
            Entry.piece.standing.as_alias("piece_standing"),
            Entry.event_category.id.as_alias("category_id"),
            Entry.event_category.category.as_alias("category"),
            Entry.event_category.state.as_alias("stage"),
            event.name.as_alias("event_name"),
            event.name_en.as_alias("event_name_en"),
            event.contest.code.as_alias("contest_code"),
            event.contest.name.as_alias("contest_name"),
            event.contest.name_en.as_alias("contest_name_en"),
            event.contest.starts_on.as_alias("starts_on"),
            Entry.delegation.name.as_alias("delegation_name"),
            Entry.delegation.name_en.as_alias("delegation_name_en"),
        )
        .where(Entry.worker == worker)
        .order_by(event.contest.starts_on, ascending=False)
        .order_by(Entry.id)
    )
    lines = await published_places([row["category_id"] for row in rows])
    return [
        {
            **row,
            "standing": row["piece_standing"] or row["standing"],
            "line": lines.get((row["category_id"], row["number"])),
        }
        for row in rows
    ]


async def contest_for_entries(viewer: Viewer, contest_code: str) -> dict[str, Any]:
    """The contest for somebody who sees entries of it. Raises NotFound, Forbidden."""
    contest = await programme.contest(contest_code)
    if not entry_branches(viewer, contest["ground"]):
        raise Forbidden("entry.list_not_yours")
    return contest
