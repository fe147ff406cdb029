"""What goes into a contest's archive, read one event category at a time. Never an identity number or phone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from contests import programme, ranking
from contests.awards.listing import AwardList, award_list
from contests.awards.titles import titles_of
from contests.certificates.contents import read
from contests.tables import Certificate, Publication, Step
from federation.accounts import Viewer
from federation.changes import change
from federation.database import frame
from federation.judging.schemes import aspects_of
from federation.refusals import Conflict, NotFound

_REGISTERED: dict[str, Any] = {
    "number": pl.String,
    "name": pl.String,
    "sex": pl.String,
    "delegation": pl.String,
    "organisation": pl.String,
    "status": pl.String,
    "skill_level": pl.Int64,
    "state": pl.String,
    "standing": pl.String,
}
_REGISTERED_SQL = """
SELECT e.number, e.name, w.sex, u.name, e.organisation_name, w.status, e.skill_level, e.state,
       coalesce(nullif(p.standing, ''), e.standing)
FROM entry e JOIN worker w ON w.id = e.worker JOIN union_unit u ON u.id = e.delegation
LEFT JOIN piece p ON p.id = e.piece
WHERE e.event_category = ? ORDER BY e.number, e.id
"""


async def opened(viewer: Viewer, contest_code: str, categories: int) -> None:
    """The line in the trail that an archive was taken away."""
    async with change(viewer.actor, "archive.download", f"contest:{contest_code}") as act:
        act.record(categories=categories)


async def registered(event_category: int) -> pl.DataFrame:
    """Everybody who registered, by number."""
    return await frame(_REGISTERED_SQL, _REGISTERED, event_category)


async def marks(event_category: int) -> list[dict[str, Any]]:
    """Every mark that stands: number, stage, aspect (its title), judge, attempt, value (scaled), blank."""
    try:
        gathered = await ranking.gather(event_category)
    except NotFound:
        return []
    titles = {
        aspect.id: aspect.title or aspect.id
        for stage in gathered.scheme.stages
        for module in stage.modules
        for aspect in aspects_of(module)
    }
    found = gathered.marks.join(gathered.people.select("entry", "number"), on="entry", how="left")
    return [
        {**row, "aspect": titles.get(row["aspect"], row["aspect"])}
        for row in found.sort("number", "stage", "aspect", "judge", "attempt", nulls_last=True).iter_rows(
            named=True
        )
    ]


async def publications(event_category: int) -> list[dict[str, Any]]:
    """All publications with their content as it was sealed, oldest first."""
    return (
        await Publication.select()
        .where(Publication.event_category == event_category)
        .order_by(Publication.number)
    )


async def awarded(event_category: int) -> AwardList | None:
    try:
        return await award_list(event_category)
    except Conflict:
        return None


async def titles(event_category: int) -> list[dict[str, Any]]:
    return await titles_of(event_category)


async def certificates(event_category: int) -> list[dict[str, Any]]:
    rows = (
        await Certificate.select()
        .where(Certificate.event_category == event_category)
        .order_by(Certificate.id)
    )
    return [{**row, "printed": read(row)} for row in rows]


async def steps(event_category: int) -> list[dict[str, Any]]:
    return await Step.select().where(Step.event_category == event_category).order_by(Step.id)


async def main_facts(category: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of one event category: registered, approved, women, delegations, ranked, highest and lowest total
    (scaled), awarded by line, certificates, titles on their way; None where there is no final result."""
    people = await registered(category["id"])
    approved = people.filter(pl.col("state") == "approved")
    awards = await awarded(category["id"])
    totals = [row["total"] for row in awards.rows if row["total"] is not None] if awards else []
    about = await programme.event_category(category["id"])
    return {
        "event": category["event_name"],
        "category": category["category"],
        "state": about["state"],
        "registered": people.height,
        "approved": approved.height,
        "women": approved.filter(pl.col("sex") == "f").height,
        "delegations": approved["delegation"].n_unique(),
        "organisations": approved["organisation"].n_unique(),
        "ranked": len(awards.rows) if awards else None,
        "highest": max(totals, default=None),
        "lowest": min(totals, default=None),
        "awards": [(line.title, len(line.rows)) for line in awards.lines] if awards else [],
        "certificates": await Certificate.count().where(
            (Certificate.event_category == category["id"]) & (Certificate.state == "valid")
        ),
        "titles": len(await titles_of(category["id"])),
    }


def content_text(publication: Mapping[str, Any]) -> str:
    """A publication as a document that can be checked alone: what was sealed, with hash and the hash before."""
    kept = {
        name: publication[name]
        for name in ("number", "kind", "previous_hash", "hash", "actor", "reason", "withdrawn_reason")
    }
    kept["at"] = publication["at"].isoformat()
    kept["withdrawn_at"] = publication["withdrawn_at"].isoformat() if publication["withdrawn_at"] else None
    return json.dumps({**kept, "content": publication["content"]}, ensure_ascii=False, indent=1)
