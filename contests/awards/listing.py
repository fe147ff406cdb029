"""获奖名单: who stands above which line of the final publication in force. Nothing is ranked here again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests import programme
from contests.rules import may_see_awards
from contests.tables import Contest, EventCategory, Publication
from federation.accounts import Viewer
from federation.database import frame
from federation.refusals import Conflict

FINAL = ("final", "archived")

_PEOPLE_SQL = """
SELECT e.id AS entry, e.number, e.worker, e.skill_level, w.sex, w.birth_date, u.name AS delegation_name,
       u.name_en AS delegation_name_en
FROM entry e JOIN worker w ON w.id = e.worker JOIN union_unit u ON u.id = e.delegation
WHERE e.event_category = ? AND e.number IS NOT NULL
"""
_PEOPLE: dict[str, Any] = {
    "entry": pl.Int64,
    "number": pl.String,
    "worker": pl.Int64,
    "skill_level": pl.Int64,
    "sex": pl.String,
    "birth_date": pl.Date,
    "delegation_name": pl.String,
    "delegation_name_en": pl.String,
}


@dataclass(frozen=True)
class Line:
    """An award and those who have it. `order` counts from 0 in the order of the scheme."""

    id: str
    title: str
    title_en: str
    order: int
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class AwardList:
    """`rows`: everybody with a place, in the order of the board; a row has number, name, organisation, place, tied,
    total, award, and of the entry: entry, worker, skill_level, sex, birth_date, delegation_name(_en).
    """

    about: Mapping[str, Any]
    publication: Mapping[str, Any]
    decimals: int
    rows: tuple[dict[str, Any], ...]
    lines: tuple[Line, ...]

    @property
    def awarded(self) -> list[dict[str, Any]]:
        return [row for line in self.lines for row in line.rows]


async def award_list(event_category: int) -> AwardList:
    """Read from the final publication in force. Raises NotFound, Conflict("award.not_final")."""
    about = await programme.event_category(event_category)
    if about["state"] not in FINAL or about["publication"] is None:
        raise Conflict("award.not_final", state=about["state"])
    published = (
        await Publication.select()
        .where((Publication.event_category == event_category) & (Publication.number == about["publication"]))
        .first()
    )
    if published is None or published["kind"] != "final" or published["withdrawn_at"] is not None:
        raise Conflict("award.not_final", state=about["state"])
    people = {
        row["number"]: row
        for row in (await frame(_PEOPLE_SQL, _PEOPLE, event_category)).iter_rows(named=True)
    }
    return _listed(about, published, people)


async def award_list_for(viewer: Viewer | None, event_category: int) -> AwardList:
    """The same for somebody who may. Raises NotFound, Forbidden, Conflict."""
    await programme.event_category_for(viewer, event_category, may_see_awards)
    return await award_list(event_category)


def _listed(
    about: Mapping[str, Any], published: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]
) -> AwardList:
    content = json.loads(published["content"])
    rows = tuple(
        {**dict(people[row["number"]]), **row}
        for values in content["rows"]
        if (row := dict(zip(content["fields"], values, strict=True)))["place"] is not None
        and row["number"] in people
    )
    lines = tuple(
        Line(
            line["id"],
            line["title"],
            line["title_en"],
            order,
            tuple(row for row in rows if row["award"] == line["id"]),
        )
        for order, line in enumerate(content["lines"])
    )
    named = {line.id: line for line in lines}
    for row in rows:
        line = named.get(row["award"])
        row["award_title"], row["award_title_en"] = (line.title, line.title_en) if line else ("", "")
    seal = {name: published[name] for name in ("number", "kind", "at", "hash")}
    return AwardList(about, seal, content["decimals"], rows, lines)


async def final_categories(contest: int) -> list[int]:
    """The event categories of a contest whose final result stands, in the order of the programme."""
    return (
        await EventCategory.select(EventCategory.id)
        .where((EventCategory.event.contest == contest) & EventCategory.state.is_in(FINAL))
        .order_by(EventCategory.event.code)
        .order_by(EventCategory.id)
        .output(as_list=True)
    )


async def contest_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """Level, class, series, year and last day of the contest an event category belongs to."""
    row = await Contest.select().where(Contest.id == about["contest"]).first()
    assert row is not None
    return row
