"""Which boards there are: running now, under notice, finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from federation import database

Section = Literal["running", "notice", "finished"]
SECTIONS: dict[Section, tuple[str, ...]] = {
    "running": ("marking", "frozen"),
    "notice": ("provisional", "notice"),
    "finished": ("final", "archived"),
}

_SCHEMA = {
    "id": pl.Int64(),
    "state": pl.String(),
    "category": pl.String(),
    "live_public": pl.Boolean(),
    "publication": pl.Int64(),
    "notice_until": pl.Date(),
    "event_name": pl.String(),
    "event_name_en": pl.String(),
    "contest_code": pl.String(),
    "contest_name": pl.String(),
    "contest_name_en": pl.String(),
    "year": pl.Int64(),
    "starts_on": pl.Date(),
    "ends_on": pl.Date(),
    "entered": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Boards of one section, newest contest first. `total`: how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


async def listed(
    section: Section, words: str = "", *, year: int | None = None, limit: int = 40, offset: int = 0
) -> Listed:
    """Boards whose contest or event holds all of the words."""
    states = SECTIONS[section]
    conditions = [f"ec.state IN ({', '.join('?' * len(states))})"]
    values: list[Any] = [*states]
    for word in words.split()[:5]:
        conditions.append("lower(c.name || ' ' || c.name_en || ' ' || e.name || ' ' || e.name_en) LIKE ?")
        values.append(f"%{_literal(word.lower())}%")
    if year is not None:
        conditions.append("c.year = ?")
        values.append(year)
    where = " AND ".join(conditions)
    tables = "event_category ec JOIN contest_event e ON e.id = ec.event JOIN contest c ON c.id = e.contest"
    counted = await database.frame(
        f"SELECT count(*) AS found FROM {tables} WHERE {where}", {"found": pl.Int64()}, *values
    )
    rows = await database.frame(
        "SELECT ec.id, ec.state, ec.category, ec.live_public, ec.publication, ec.notice_until, e.name AS event_name,"
        " e.name_en AS event_name_en, c.code AS contest_code, c.name AS contest_name,"
        " c.name_en AS contest_name_en, c.year, c.starts_on, c.ends_on,"
        " (SELECT count(*) FROM entry n WHERE n.event_category = ec.id AND n.state = 'approved') AS entered"
        f" FROM {tables} WHERE {where} ORDER BY c.starts_on DESC, c.id, e.code, ec.id"
        f" LIMIT {limit:d} OFFSET {offset:d}",
        _SCHEMA,
        *values,
    )
    return Listed(rows.to_dicts(), int(counted["found"][0]))


def _literal(word: str) -> str:
    return word.replace("%", "").replace("_", "")


async def siblings(event_category: int) -> list[dict[str, Any]]:
    """The categories of the same event: id, category, state and how many are entered, by id."""
    rows = await database.frame(
        "SELECT s.id, s.category, s.state, (SELECT count(*) FROM entry n WHERE n.event_category = s.id"
        " AND n.state = 'approved') AS entered FROM event_category ec"
        " JOIN event_category s ON s.event = ec.event WHERE ec.id = ? ORDER BY s.id",
        {
            "id": pl.Int64(),
            "category": pl.String(),
            "state": pl.String(),
            "entered": pl.Int64(),
        },
        event_category,
    )
    return rows.to_dicts()
