"""Finding contests: by words, year, series, class, level, region and state, with what each choice would leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.rules import Ground, may_work_on
from federation.accounts import Viewer
from federation.database import frame

PAGE = 20
FACETS = ("year", "state", "series", "class_code", "level", "city")
COLUMNS: dict[str, Any] = {
    "id": pl.Int64,
    "code": pl.String,
    "name": pl.String,
    "name_en": pl.String,
    "series": pl.String,
    "class_code": pl.String,
    "level": pl.String,
    "year": pl.Int64,
    "host_name": pl.String,
    "host_name_en": pl.String,
    "host_path": pl.String,
    "organiser": pl.String,
    "region": pl.String,
    "venue": pl.String,
    "venue_en": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
}
# a contest with several states is in the first of these that one of its event categories is in
PHASES = (
    "marking",
    "frozen",
    "provisional",
    "notice",
    "open",
    "drawn",
    "closed",
    "planned",
    "final",
    "archived",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty is no restriction. `city` is the code of a city or of the province."""

    words: str = ""
    year: str = ""
    state: str = ""
    series: str = ""
    class_code: str = ""
    level: str = ""
    city: str = ""
    page: int = 1

    @property
    def chosen(self) -> dict[str, str]:
        """The restrictions that are set, by name, as they stand in an address."""
        pairs = {"words": self.words, **{facet: getattr(self, facet) for facet in FACETS}}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of contests, how many there are, and for each facet the number behind each choice.

    The numbers of a facet obey all restrictions but its own.
    """

    contests: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    facets: dict[str, list[tuple[str, int]]]


def phase_of(states: list[str]) -> str:
    """The state of a contest as a whole, from the states of its event categories."""
    return min(states, key=PHASES.index, default="planned")


async def find(wanted: Wanted, viewer: Viewer | None = None, *, own: bool = False) -> Found:
    """Contests that fit, those under way first, then the newest. With `own`, only those the viewer works on."""
    everything = await _all()
    if own:
        theirs = [
            row["id"]
            for row in everything.select("id", "host_path").iter_rows(named=True)
            if may_work_on(viewer, Ground(row["id"], row["host_path"]))
        ]
        everything = everything.filter(pl.col("id").is_in(theirs))
    fitting = everything.filter(_conditions(wanted))
    pages = max(1, -(-fitting.height // PAGE))
    page = min(max(1, wanted.page), pages)
    rows = fitting.sort(["order", "starts_on", "code"], descending=[False, True, False]).slice(
        (page - 1) * PAGE, PAGE
    )
    contests = rows.to_dicts()
    counts = await _entries([row["id"] for row in contests])
    return Found(
        contests=[{**row, "entries": counts.get(row["id"], 0)} for row in contests],
        total=fitting.height,
        page=page,
        pages=pages,
        facets={facet: _choices(everything, wanted, facet) for facet in FACETS},
    )


def _conditions(wanted: Wanted, leaving_out: str = "") -> pl.Expr:
    condition = pl.lit(value=True)
    for facet in FACETS:
        value = getattr(wanted, facet)
        if value and facet != leaving_out:
            condition &= pl.col(facet).cast(pl.String) == value
    for word in wanted.words.lower().split():
        condition &= pl.col("searched").str.contains(word, literal=True)
    return condition


def _choices(everything: pl.DataFrame, wanted: Wanted, facet: str) -> list[tuple[str, int]]:
    """Value and number of contests, the most frequent first; years the newest first."""
    counted = (
        everything.filter(_conditions(wanted, leaving_out=facet))
        .filter(pl.col(facet).is_not_null())
        .group_by(pl.col(facet).cast(pl.String))
        .len()
    )
    if facet == "state":
        rows = {row[0]: row[1] for row in counted.iter_rows()}
        return [(state, rows[state]) for state in PHASES if state in rows]
    by, downward = ([facet], [True]) if facet == "year" else (["len", facet], [True, False])
    return [(row[0], row[1]) for row in counted.sort(by, descending=downward).iter_rows()]


async def _all() -> pl.DataFrame:
    contests = await frame(
        "SELECT c.id, c.code, c.name, c.name_en, c.series, c.class_code, c.level, c.year, u.name, u.name_en,"
        " u.path, c.organiser, c.region, c.venue, c.venue_en, c.starts_on, c.ends_on"
        " FROM contest c JOIN union_unit u ON u.id = c.host",
        COLUMNS,
    )
    events = await frame(
        "SELECT e.contest, ec.state, e.name, e.name_en FROM contest_event e"
        " LEFT JOIN event_category ec ON ec.event = e.id",
        {"id": pl.Int64, "state": pl.String, "event": pl.String, "event_en": pl.String},
    )
    phases = pl.DataFrame(
        {"state": PHASES, "order": range(len(PHASES))}, schema={"state": pl.String, "order": pl.Int64}
    )
    by_contest = (
        events.join(phases, on="state", how="left")
        .group_by("id")
        .agg(
            pl.col("order").min(),
            pl.col("event").n_unique().alias("events"),
            (pl.col("event").str.join(" ") + " " + pl.col("event_en").str.join(" ")).alias("event_names"),
        )
    )
    return (
        contests.join(by_contest, on="id", how="left")
        .with_columns(
            pl.col("order").fill_null(PHASES.index("planned")),
            pl.col("events").fill_null(0),
            city=pl.when(pl.col("region").str.len_chars() == 6)
            .then(pl.col("region").str.slice(0, 4) + "00")
            .otherwise(None),
        )
        .join(phases, on="order", how="left")
        .with_columns(
            searched=pl.concat_str(
                ["name", "name_en", "host_name", "organiser", "venue", "code", "event_names"],
                separator=" ",
                ignore_nulls=True,
            ).str.to_lowercase()
        )
    )


async def _entries(contests: list[int]) -> dict[int, int]:
    """Approved entries of these contests."""
    if not contests:
        return {}
    marks = ", ".join("?" for _ in contests)
    counted = await frame(
        "SELECT e.contest, count(*) FROM entry n JOIN event_category ec ON ec.id = n.event_category"
        f" JOIN contest_event e ON e.id = ec.event WHERE n.state = 'approved' AND e.contest IN ({marks})"
        " GROUP BY e.contest",
        {"id": pl.Int64, "entries": pl.Int64},
        *contests,
    )
    return dict(counted.iter_rows())


async def delegations_of(contest_id: int) -> list[dict[str, Any]]:
    """The delegations of a contest with their numbers of approved entries, the largest first."""
    counted = await frame(
        "SELECT u.name, u.name_en, u.short_name, count(*) AS entries FROM entry n"
        " JOIN event_category ec ON ec.id = n.event_category JOIN contest_event e ON e.id = ec.event"
        " JOIN union_unit u ON u.id = n.delegation"
        " WHERE e.contest = ? AND n.state = 'approved' GROUP BY u.name, u.name_en, u.short_name, u.sort"
        " ORDER BY entries DESC, u.sort",
        {"name": pl.String, "name_en": pl.String, "short_name": pl.String, "entries": pl.Int64},
        contest_id,
    )
    return counted.to_dicts()
