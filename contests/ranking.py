"""From the marks of an event category to its ranking: gather the frames, let the judging core rank them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import polars as pl

from contests import schemes
from contests.tables import EventCategory
from federation import database
from federation.judging import MARKS, SCALE, Outcome, Scheme, rank
from federation.judging.frames import module_column
from federation.judging.schemes import Module, Stage

PEOPLE = pl.Schema(
    {
        "entry": pl.Int64(),
        "number": pl.String(),  # the entry's number in the contest; null until it is drawn
        "name": pl.String(),  # as it stood at registration
        "organisation": pl.String(),
        "delegation": pl.String(),  # code of the union unit
        "delegation_name": pl.String(),
        "delegation_name_en": pl.String(),
        "region": pl.String(),  # code of the city or county the delegation stands for; null for industries
        "region_name": pl.String(),
        "region_name_en": pl.String(),
        "standing": pl.String(),
        "guest": pl.Boolean(),
        "piece": pl.Int64(),  # what is marked; null where there is none
    }
)
"""One row per approved entry, with what a board says of people. Never an identity number or phone.

While an event is coded there is one row per piece instead, known by its number alone; `entry` is then the piece's id.
"""

_PEOPLE_SQL = """
SELECT e.id AS entry, e.number, e.name, e.organisation_name AS organisation, u.code AS delegation,
       CASE WHEN u.short_name <> '' THEN u.short_name ELSE u.name END AS delegation_name,
       u.name_en AS delegation_name_en, r.code AS region, r.short_name AS region_name,
       r.name_en AS region_name_en, coalesce(nullif(p.standing, ''), e.standing) AS standing, e.guest, e.piece
FROM entry e JOIN union_unit u ON u.id = e.delegation LEFT JOIN region r ON r.code = u.region
LEFT JOIN piece p ON p.id = e.piece
WHERE e.event_category = ? AND e.state = 'approved' ORDER BY e.id
"""

_PIECES_SQL = """
SELECT id AS entry, number, '' AS name, '' AS organisation, NULL AS delegation, NULL AS delegation_name,
       NULL AS delegation_name_en, NULL AS region, NULL AS region_name, NULL AS region_name_en, standing,
       FALSE AS guest, id AS piece
FROM piece WHERE event_category = ? ORDER BY id
"""

_MARKS_SQL = """
SELECT piece, stage, aspect, judge, attempt, value, blank FROM mark
WHERE event_category = ? AND is_current ORDER BY piece, id
"""
_MARKS = {"piece": pl.Int64()} | {
    name: MARKS[name] for name in ("stage", "aspect", "judge", "attempt", "value", "blank")
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a ranking is made of. `people` follows PEOPLE, `marks` federation.judging.MARKS."""

    scheme: Scheme
    people: pl.DataFrame
    marks: pl.DataFrame


async def gather(event_category: int) -> Gathered:
    """Read scheme, approved entries and current marks. Inside a change it sees that change.

    Marks of entries that are not approved any more are left out; so are people while the event is coded.
    """
    scheme = await schemes.scheme_of(event_category)
    listed = _PIECES_SQL if await is_coded(event_category) else _PEOPLE_SQL
    people = await database.frame(listed, PEOPLE, event_category)
    marks = await database.frame(_MARKS_SQL, _MARKS, event_category)
    known = people.filter(pl.col("piece").is_not_null()).select("piece", "entry")
    marks = marks.join(known, on="piece", how="inner", maintain_order="left")
    return Gathered(scheme, people, marks.select("entry", pl.exclude("entry", "piece")))


async def is_coded(event_category: int) -> bool:
    """Whether nobody may know yet whose piece is whose."""
    row = (
        await EventCategory.select(EventCategory.coding, EventCategory.decoded_at)
        .where(EventCategory.id == event_category)
        .first()
    )
    return row is not None and row["coding"] > 0 and row["decoded_at"] is None


def ranked(gathered: Gathered) -> Outcome:
    """The ranking of what was gathered. Pure."""
    entries = gathered.people.select(
        "entry",
        "delegation",
        "region",
        "guest",
        pl.when(pl.col("standing") != "").then(pl.col("standing")).alias("status"),
    )
    return rank(gathered.scheme, gathered.marks, entries)


async def outcome(event_category: int) -> Outcome:
    """The ranking of an event category as its marks stand now, computed off the event loop."""
    gathered = await gather(event_category)
    return await asyncio.to_thread(ranked, gathered)


def modules_of(scheme: Scheme) -> list[tuple[Stage, Module]]:
    """All modules in the order of the contest, each with its stage."""
    return [(stage, module) for stage in scheme.stages for module in stage.modules]


def places_after(scheme: Scheme, places: pl.DataFrame) -> list[pl.Series]:
    """Everybody's place after each module that has begun, row for row with `places`; the last is the board's.

    Counted by the weighted sum of the modules so far among those who have a place now; null for others and
    for whoever has no score yet. Tie-breaks are left to the last, where the board decides.
    """
    begun = [
        (stage, module)
        for stage, module in modules_of(scheme)
        if module_column(stage.id, module.id) in places.columns
        and places[module_column(stage.id, module.id)].null_count() < places.height
    ]
    after: list[pl.Series] = []
    for count in range(1, len(begun)):
        parts = [
            pl.col(module_column(stage.id, module.id)) * (module.weight * stage.weight // SCALE)
            for stage, module in begun[:count]
        ]
        known = pl.any_horizontal(part.is_not_null() for part in parts) & pl.col("place").is_not_null()
        summed = pl.when(known).then(pl.sum_horizontal(parts))
        place = summed.rank("min", descending=scheme.better == "higher").cast(pl.Int32)
        after.append(places.select(place.alias(f"after{count}")).to_series())
    if begun:
        after.append(places["place"].alias(f"after{len(begun)}"))
    return after
