"""The ten items of the archive list, and which the system holds itself.

After the notice of the provincial “Zhenxing Cup” of 2022; `BASIS` is what the page says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from contests.tables import ArchiveItem, EventCategory
from federation.database import frame

_COUNTS: dict[str, Any] = {"event_category": pl.Int64, "state": pl.String, "number": pl.Int64}

ITEMS = (
    "notice",
    "plan",
    "technical",
    "registrations",
    "score_tables",
    "rankings",
    "media",
    "awards",
    "summary",
    "facts",
)
OWN = ("registrations", "score_tables", "rankings", "awards", "facts")
"""Held by the system as soon as the work is done; the others are brought."""
BASIS = "2022 年江西省“振兴杯”职业技能竞赛通知：竞赛材料归档要求"
FINAL = ("final", "archived")
REGISTERED = ("drawn", "marking", "frozen", "provisional", "notice", *FINAL)


def is_held(item: str, category: Mapping[str, Any]) -> bool:
    """Whether the system holds its part of an item for one event category. `category`: state, waiting."""
    if item == "registrations":
        return category["state"] in REGISTERED and not category["waiting"]
    return category["state"] in FINAL


def is_brought(row: Mapping[str, Any] | None) -> bool:
    """Whether something was noted for an item: a document, a place, or why it does not apply."""
    return row is not None and bool(row["not_needed"] or row["document_number"] or row["location"])


async def noted(contest: int) -> dict[str, dict[str, Any]]:
    """Item → its row."""
    rows = await ArchiveItem.select().where(ArchiveItem.contest == contest)
    return {row["item"]: row for row in rows}


async def categories_of(contest: int) -> list[dict[str, Any]]:
    """The event categories somebody competed in: id, category, state, names of the event, `waiting` entries."""
    rows = (
        await EventCategory.select(
            EventCategory.id,
            EventCategory.category,
            EventCategory.state,
            EventCategory.event.code.as_alias("event_code"),
            EventCategory.event.name.as_alias("event_name"),
            EventCategory.event.name_en.as_alias("event_name_en"),
        )
        .where(EventCategory.event.contest == contest)
        .order_by(EventCategory.event.code)
        .order_by(EventCategory.id)
    )
    counted = await frame(_COUNTS_SQL, _COUNTS, contest)
    counts = {(row[0], row[1]): row[2] for row in counted.iter_rows()}
    return [
        {**row, "waiting": counts.get((row["id"], "submitted"), 0)}
        for row in rows
        if counts.get((row["id"], "approved"), 0) or counts.get((row["id"], "submitted"), 0)
    ]


_COUNTS_SQL = """
SELECT e.event_category, e.state, count(*) AS number FROM entry e
JOIN event_category c ON c.id = e.event_category JOIN contest_event v ON v.id = c.event
WHERE v.contest = ? GROUP BY e.event_category, e.state
"""
