"""Figures of the contests: how many there were, in which occupations, who came, and what is on today."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from federation import database

HELD = pl.Schema(
    {
        "contest": pl.Int64(),
        "year": pl.Int64(),
        "level": pl.String(),
        "class_code": pl.String(),
        "occupation": pl.String(),
        "host_path": pl.String(),
    }
)
ENTERED = pl.Schema(
    {
        "year": pl.Int64(),
        "category": pl.String(),
        "delegation": pl.String(),
        "delegation_name": pl.String(),
        "delegation_name_en": pl.String(),
        "path": pl.String(),
        "entries": pl.Int64(),
    }
)
CLASSES = ("I", "II", "III")


async def held() -> pl.DataFrame:
    """Every contest once per event, as HELD; the occupation is null where a contest has no event yet."""
    return await database.frame(
        "SELECT c.id, c.year, c.level, c.class_code, e.occupation, u.path FROM contest c"
        " JOIN union_unit u ON u.id = c.host LEFT JOIN contest_event e ON e.contest = c.id ORDER BY c.id, e.id",
        HELD,
    )


async def entered() -> pl.DataFrame:
    """Approved entries by year, category and delegation, as ENTERED."""
    return await database.frame(
        "SELECT c.year, ec.category, u.code, u.name, u.name_en, u.path, n.entries FROM"
        " (SELECT event_category, delegation, count(*) AS entries FROM entry WHERE state = 'approved'"
        " GROUP BY event_category, delegation) n"
        " JOIN event_category ec ON ec.id = n.event_category JOIN contest_event e ON e.id = ec.event"
        " JOIN contest c ON c.id = e.contest JOIN union_unit u ON u.id = n.delegation ORDER BY c.year, u.sort",
        ENTERED,
    )


def by_class(held: pl.DataFrame) -> pl.DataFrame:
    """year × class_code × `contests`; contests outside a series have no class (null, last)."""
    return (
        held.unique("contest")
        .group_by("year", "class_code")
        .agg(pl.len().cast(pl.Int64).alias("contests"))
        .sort("year", "class_code", nulls_last=True)
    )


def occupations(held: pl.DataFrame, year: int | None = None) -> int:
    """How many different occupations were contested, in one year or ever."""
    chosen = held if year is None else held.filter(pl.col("year") == year)
    return chosen["occupation"].drop_nulls().n_unique()


def by_category(entered: pl.DataFrame) -> pl.DataFrame:
    """year × category × `entries`."""
    return entered.group_by("year", "category").agg(pl.col("entries").sum()).sort("year", "category")


def by_delegation(entered: pl.DataFrame, year: int) -> pl.DataFrame:
    """delegation, its names × `entries` of one year, the most first."""
    return (
        entered.filter(pl.col("year") == year)
        .group_by("delegation", "delegation_name", "delegation_name_en")
        .agg(pl.col("entries").sum())
        .sort("entries", "delegation", descending=[True, False])
    )


_LIVE = pl.Schema(
    {
        "event_category": pl.Int64(),
        "state": pl.String(),
        "category": pl.String(),
        "event_name": pl.String(),
        "event_name_en": pl.String(),
        "code": pl.String(),
        "name": pl.String(),
        "name_en": pl.String(),
        "level": pl.String(),
        "class_code": pl.String(),
        "venue": pl.String(),
        "venue_en": pl.String(),
        "entries": pl.Int64(),
        "marked": pl.Int64(),
    }
)


async def live_now() -> list[dict[str, Any]]:
    """Event categories being marked or frozen, those of the highest contests first.

    `entries`: approved; `marked`: those of them with a mark.
    """
    found = await database.frame(
        "SELECT ec.id, ec.state, ec.category, e.name, e.name_en, c.code, c.name, c.name_en, c.level,"
        " c.class_code, c.venue, c.venue_en,"
        " (SELECT count(*) FROM entry n WHERE n.event_category = ec.id AND n.state = 'approved'),"
        " (SELECT count(DISTINCT m.piece) FROM mark m WHERE m.event_category = ec.id AND m.is_current)"
        " FROM event_category ec JOIN contest_event e ON e.id = ec.event JOIN contest c ON c.id = e.contest"
        " WHERE ec.state IN ('marking', 'frozen') ORDER BY c.level, c.class_code, c.starts_on, c.id, e.id, ec.id",
        _LIVE,
    )
    levels = {"national": 0, "province": 1, "city": 2, "county": 3}
    return sorted(
        found.to_dicts(),
        key=lambda row: (levels.get(row["level"], 9), row["class_code"] or "~", -row["entries"]),
    )


_AHEAD = pl.Schema(
    {
        "state": pl.String(),
        "code": pl.String(),
        "name": pl.String(),
        "name_en": pl.String(),
        "day": pl.Date(),
        "events": pl.Int64(),
        "entries": pl.Int64(),
    }
)


async def ahead(today: date, count: int = 6) -> list[dict[str, Any]]:
    """Contests with something to meet: under notice, open for registration, about to begin; the nearest day first.

    `day`: the last of the notice or the registration, or the first of the contest; `entries`: not withdrawn.
    """
    found = await database.frame(
        "SELECT ec.state, c.code, c.name, c.name_en, min(CASE ec.state WHEN 'notice' THEN ec.notice_until"
        " WHEN 'open' THEN c.registration_closes_on ELSE c.starts_on END), count(DISTINCT e.id),"
        " CAST(sum((SELECT count(*) FROM entry n WHERE n.event_category = ec.id"
        " AND n.state IN ('submitted', 'approved'))) AS BIGINT)"
        " FROM event_category ec JOIN contest_event e ON e.id = ec.event JOIN contest c ON c.id = e.contest"
        " WHERE ec.state IN ('notice', 'open', 'planned', 'closed', 'drawn')"
        " GROUP BY ec.state, c.id, c.code, c.name, c.name_en",
        _AHEAD,
    )
    coming = found.filter(pl.col("day") >= today).with_columns(
        pl.col("state")
        .replace_strict({"notice": 0, "open": 1}, default=2, return_dtype=pl.Int64)
        .alias("order")
    )
    return (
        coming.sort("order", "day", "code")
        .unique("code", keep="first", maintain_order=True)
        .head(count)
        .to_dicts()
    )


_OCCUPATION = pl.Schema(
    {"code": pl.String(), "name": pl.String(), "name_en": pl.String(), "events": pl.Int64()}
)


async def occupations_named(words: str, count: int) -> list[dict[str, Any]]:
    """Occupations whose name, trade or former name holds all of the words, with their number of events."""
    parts = [f"%{part.replace('%', '').replace('_', '')}%" for part in words.lower().split()[:5]]
    searched = (
        "lower(o.name || ' ' || o.name_en || ' ' || o.code) LIKE ?"
        " OR o.code IN (SELECT t.occupation FROM trade t WHERE lower(t.name || ' ' || t.name_en) LIKE ?)"
        " OR o.code IN (SELECT a.occupation FROM occupation_alias a WHERE lower(a.alias) LIKE ?)"
    )
    conditions = " AND ".join(f"({searched})" for _part in parts) or "1 = 1"
    found = await database.frame(
        "SELECT o.code, o.name, o.name_en, (SELECT count(*) FROM contest_event e WHERE e.occupation = o.code)"
        f" AS events FROM occupation o WHERE {conditions} ORDER BY events DESC, o.code LIMIT {count:d}",
        _OCCUPATION,
        *(part for part in parts for _place in range(3)),
    )
    return found.to_dicts()
