"""The contests as everybody sees them: the list with its filters, and the page of one contest."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, get

from contests import directory, programme, progress, schemes, states
from contests.directory import FACETS, Wanted
from contests.rules import may_work_on
from contests.tables import Series
from federation.judging.schemes import Scheme
from federation.tables import Region
from web.templating import Page, page, viewer

STEPS = {
    "registration": ("planned", "open"),
    "check": ("closed", "drawn"),
    "contest": ("marking", "frozen", "provisional"),
    "notice": ("notice",),
    "final": ("final", "archived"),
}
"""The way of a contest as the public reads it, with the states of each stop."""


def wanted_of(request: Request[Any, Any, Any]) -> Wanted:
    """What the address asks for; a page that is no number is the first."""
    asked = request.query_params
    number = asked.get("page", "1")
    return Wanted(
        words=asked.get("words", "")[:80].strip(),
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,
        **{facet: asked.get(facet, "")[:40] for facet in FACETS},
    )


async def names_of_choices() -> dict[str, dict[str, dict[str, Any]]]:
    """Names of the choices that are rows of a table: series and cities."""
    series = await Series.select(Series.code, Series.name, Series.name_en)
    cities = await Region.select(Region.code, Region.short_name.as_alias("name"), Region.name_en).where(
        Region.level.is_in(["province", "city"])
    )
    return {
        "series": {row["code"]: row for row in series},
        "city": {row["code"]: row for row in cities},
    }


def steps_of(contest: dict[str, Any], categories: list[dict[str, Any]], state: str) -> list[dict[str, Any]]:
    """The stops of the way: code, first and last day where known, and "past", "now" or ""."""
    notices = [one for one in categories if one["notice_until"] is not None]
    days: dict[str, tuple[date | None, date | None]] = {
        "registration": (contest["registration_opens_on"], contest["registration_closes_on"]),
        "contest": (contest["starts_on"], contest["ends_on"]),
        "notice": (
            min((one["notice_from"] for one in notices if one["notice_from"]), default=None),
            max((one["notice_until"] for one in notices), default=None),
        ),
    }
    now = next(place for place, held in enumerate(STEPS.values()) if state in held)
    return [
        {
            "code": code,
            "days": days.get(code, (None, None)),
            "place": "past" if place < now or state == "archived" else "now" if place == now else "",
        }
        for place, code in enumerate(STEPS)
    ]


@get("/contests")
async def show_list(request: Request[Any, Any, Any]) -> Page:
    wanted = wanted_of(request)
    return page(
        "contests/list.html",
        wanted=wanted,
        found=await directory.find(wanted),
        names=await names_of_choices(),
    )


@get("/contests/{code:str}")
async def show_contest(request: Request[Any, Any, Any], code: str) -> Page:
    row = await programme.contest(code)
    events = await programme.events_of(row["id"])
    categories = [one for event in events for one in event["categories"]]
    state = directory.phase_of([one["state"] for one in categories])
    delegations = await directory.delegations_of(row["id"])
    used: dict[int, Scheme] = {
        one["scheme"]: await schemes.edition(one["scheme"]) for one in categories if one["scheme"]
    }
    return page(
        "contests/contest.html",
        contest=row,
        events=events,
        state=state,
        steps=steps_of(row, categories, state),
        categories=sorted({one["category"] for one in categories}, key=programme.CATEGORIES.index),
        delegations=delegations,
        entries=sum(one["entries"] for one in delegations),
        schemes=used,
        shares=await progress.shares_done(row["id"]),
        open_for_entry=any(one["state"] == "open" for one in categories),
        has_board=any(one["state"] in (*states.PUBLISHED, "marking", "frozen") for one in categories),
        may_work=may_work_on(viewer(request), row["ground"]),
    )


routes = [show_list, show_contest]
