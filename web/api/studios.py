"""The register as data: named studios and what is public of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from federation.privacy import mask_name
from studios import members, namings, outputs, records, register
from web.pages.studios import held_tier, wanted_of

LIST_SIZE = 100
_LISTED = (
    *("number", "name", "name_en", "tier", "named_on", "document_number"),
    *("organisation_name", "organisation_name_en", "city", "region", "industry", "chain"),
    *("leader_name", "honour", "honour_en", "members", "founded_on", "recent", "benefit"),
)
_STUDIO = (
    *("number", "name", "name_en", "organisation_name", "organisation_name_en", "union_code", "union_name"),
    *("union_name_en", "region", "industry", "chain", "founded_on", "topic", "premises", "summary"),
)
_NAMING = (
    *("tier", "starts_on", "ends_on", "document_number", "plaque_number", "conferrer", "conferrer_en"),
    *("end_reason", "end_document_number"),
)


def _only(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


@get("/api/v1/studios", tags=["studios"], summary="Named studios")
async def list_studios(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Filters as on the page: q, tier, at, region, industry, chain, year, union, sort, page. 100 to a page.

    `recent` counts achievements of the last three years, `benefit` is in 1/100 of 万元; both verified only.
    """
    held, wanted = await register.current(), wanted_of(request)
    found = held.find(wanted, size=LIST_SIZE)
    return {
        "at": wanted.at,
        "revision": held.revision,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "studios": [_only(row, _LISTED) for row in found.rows],
    }


@get("/api/v1/studios/{number:str}", tags=["studios"], summary="One studio")
async def one_studio(number: FromPath[str]) -> dict[str, Any]:
    """What is public of a named studio. Members' names are masked; `quantity` is in 1/10^decimals of `unit`."""
    studio = await records.seen(None, number)
    history = await namings.of_studio(studio["id"])
    held = held_tier(history, date.today())
    people = await members.of_studio(studio["id"])
    counted = [row for row in await outputs.of_studio(studio["id"]) if row["verified_on"] is not None]
    return {
        **_only(studio, _STUDIO),
        "tier": held["tier"] if held else None,
        "namings": [_only(row, _NAMING) for row in history],
        "leaders": [_only(row, ("name", "since", "until")) for row in await members.leaders(studio["id"])],
        "members": [
            {"name": mask_name(row["name"]), "task": row["task"], "skill_level": row["skill_level"]}
            for row in people
            if row["left_on"] is None
        ],
        "outputs": [
            _only(row, ("year", "measure", "quantity", "decimals", "unit", "title")) for row in counted
        ],
    }


routes = [list_studios, one_studio]
