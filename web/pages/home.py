"""The front page: search, what is on today, what to meet soon, the studios and what they did last."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from litestar import get

from contests import boards
from contests import figures as contest_figures
from studios import figures, register
from studios.register import Wanted
from web.formats import CHINA
from web.pages.dashboard import public_view
from web.panels import stock, units
from web.panels.views import View
from web.templating import Page, page

LIVE = 4
AHEAD = 5
LATEST = 4
COUNTED_ON = date(2017, 12, 31)
"""The day of the federation's published count of 6, 119 and nearly 2,000."""


@get("/")
async def home() -> Page:
    today = datetime.now(CHINA).date()
    held = await register.current()
    view = await public_view(held, Wanted(at=today), None, "")
    live = await contest_figures.live_now()
    counted = figures.by_tier(figures.standing(held, Wanted(at=COUNTED_ON), None))
    return page(
        "home.html",
        today=today,
        live=live[:LIVE],
        live_total=len(live),
        leaders=await leaders(live[0]["event_category"]) if live else [],
        ahead=await contest_figures.ahead(today, AHEAD),
        often=await contest_figures.occupations_named("", AHEAD),
        unit=units.unit_chart(view),
        tiles=stock.tiles(view),
        latest=await latest(view),
        counted=counted,
        counted_on=COUNTED_ON,
        words="",
    )


async def leaders(event_category: int) -> list[dict[str, Any]]:
    """The first three as the public may read them now: nobody unless the board is live."""
    board = await boards.kept.board(event_category)
    if board.shows != "live":
        return []
    names = {one.code: {"name": one.name, "name_en": one.name_en} for one in board.delegations}
    return [
        {**row, "delegation": names.get(row["delegation"], {"name": ""}), "decimals": board.decimals}
        for row in board.rows.head(3).iter_rows(named=True)
        if row["place"] is not None
    ]


async def latest(view: View) -> list[dict[str, Any]]:
    """What was verified last, with the studio as it stands."""
    found = figures.latest(view.found, view.standing, LATEST)
    about = await figures.details(found["output"].to_list())
    return [
        {
            **row,
            **about[row["output"]],
            "amount": f"{view.quantity(row['quantity'], row['measure'])} {view.unit(row['measure'])}",
            "what": view.word(row["measure"]),
        }
        for row in found.iter_rows(named=True)
    ]


routes = [home]
