"""What waits for a person: event categories where they can do something now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.rules import (
    Ground,
    may_answer_objections,
    may_decide_entries,
    may_enter_marks,
    may_hear_appeals,
    may_referee,
    may_work_on,
)
from contests.states import acts_from
from federation.accounts import Viewer
from federation.database import frame

_COLUMNS: dict[str, Any] = {
    "id": pl.Int64,
    "category": pl.String,
    "state": pl.String,
    "event": pl.String,
    "event_en": pl.String,
    "contest": pl.Int64,
    "contest_code": pl.String,
    "contest_name": pl.String,
    "contest_name_en": pl.String,
    "starts_on": pl.Date,
    "host_path": pl.String,
    "waiting": pl.Int64,
    "approved": pl.Int64,
    "disputes": pl.Int64,
    "objections": pl.Int64,
    "appeals": pl.Int64,
    "rescores": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: `code` says what, `number` how many, `about` is the event category's row.

    `act` is the code of the next act where the duty is to carry one out.
    """

    code: str
    about: dict[str, Any]
    number: int = 0
    act: str = ""


async def duties_of(viewer: Viewer, limit: int = 200) -> list[Duty]:
    """The contests' duties of a person, the latest contests first. Archived categories ask for nothing."""
    rows = await frame(
        "SELECT ec.id, ec.category, ec.state, e.name, e.name_en, c.id, c.code, c.name, c.name_en, c.starts_on,"
        " u.path,"
        " (SELECT count(*) FROM entry n WHERE n.event_category = ec.id AND n.state = 'submitted'),"
        " (SELECT count(*) FROM entry n WHERE n.event_category = ec.id AND n.state = 'approved'),"
        " (SELECT count(*) FROM mark_dispute d WHERE d.event_category = ec.id AND d.settled_at IS NULL),"
        " (SELECT count(*) FROM objection o WHERE o.event_category = ec.id AND o.state = 'open'),"
        " (SELECT count(*) FROM appeal a WHERE a.event_category = ec.id"
        " AND a.state IN ('filed', 'accepted', 'proposed')),"
        " (SELECT count(*) FROM appeal a LEFT JOIN score_trial t ON t.id = a.trial WHERE a.event_category = ec.id"
        " AND a.state = 'upheld' AND a.remedy = 'trial' AND coalesce(t.state, '') NOT IN ('applied', 'discarded'))"
        " FROM event_category ec JOIN contest_event e ON e.id = ec.event JOIN contest c ON c.id = e.contest"
        " JOIN union_unit u ON u.id = c.host WHERE ec.state NOT IN ('final', 'archived')"
        " ORDER BY c.starts_on DESC, c.code, e.code, ec.id",
        _COLUMNS,
    )
    found: list[Duty] = []
    for row in rows.iter_rows(named=True):
        found.extend(_duties(viewer, row))
    return found[:limit]


def _duties(viewer: Viewer, row: dict[str, Any]) -> list[Duty]:
    ground = Ground(row["contest"], row["host_path"], row["id"])
    found = []
    if row["waiting"] and may_decide_entries(viewer, ground):
        found.append(Duty("decide_entries", row, row["waiting"]))
    if row["disputes"] and may_work_on(viewer, ground):
        found.append(Duty("settle_disputes", row, row["disputes"]))
    if row["objections"] and may_answer_objections(viewer, ground):
        found.append(Duty("answer_objections", row, row["objections"]))
    if row["appeals"] and may_hear_appeals(viewer, ground):
        found.append(Duty("hear_appeals", row, row["appeals"]))
    if row["rescores"] and may_referee(viewer, ground):
        found.append(Duty("rescore_appeals", row, row["rescores"]))
    if row["state"] == "marking" and may_enter_marks(viewer, ground):
        found.append(Duty("enter_marks", row, row["approved"]))
    onward = [act for act in acts_from(viewer, ground, row["state"]) if not act.needs_reason]
    if onward and row["state"] != "marking":
        found.append(Duty("next_step", row, act=onward[0].code))
    return found
