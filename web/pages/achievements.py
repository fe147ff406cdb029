"""What has been achieved, for everybody: studios, what they brought, contests. Only what is public anyway."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, get

from contests import figures as contest_figures
from studios import register
from web.pages.dashboard import asked, public_view
from web.panels import brought, contests, lines, stock, units
from web.panels.views import View
from web.templating import Page, page


def _panels(view: View) -> dict[str, Any]:
    return {
        "stock": lines.stock_line(view),
        "brought": lines.output_line(view),
        "tiles": stock.tiles(view),
        "unit": units.unit_chart(view),
        "panels_shown": [
            stock.named_by_year(view),
            stock.chains(view),
            brought.measure_by_year(view),
            brought.averages(view),
        ],
        "measures": brought.measures_table(view),
    }


@get("/achievements")
async def show(request: Request[Any, Any, Any]) -> Page:
    wanted, year, measure = asked(request)
    view = await public_view(await register.current(), wanted, year, measure)
    held, entered = await contest_figures.held(), await contest_figures.entered()
    return page(
        "achievements.html",
        view=view,
        contest_panels=[found for found in (contests.classes(held), contests.entries(entered)) if found],
        occupations=contest_figures.occupations(held),
        **await asyncio.to_thread(_panels, view),
    )


routes = [show]
