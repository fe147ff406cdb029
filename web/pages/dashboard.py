"""The officers' dashboard: the figures of their branch, and the rows behind those that are not lists of studios."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import polars as pl
from litestar import Request, get

from studios import figures, register, rules
from studios.register import Register, Wanted
from studios.tiers import TIERS
from web.formats import named
from web.guards import only, viewer
from web.language import N_, link
from web.menu import Entry, with_role
from web.pages.studios import query_of, wanted_of
from web.panels import brought, lines, stock
from web.panels.views import View, city_word, tier_word, view_of
from web.templating import Page, page

Web = Request[Any, Any, Any]
PATH = "/work/dashboard"
ROWS = f"{PATH}/outputs"
PUBLIC_ROWS = "/achievements/outputs"
PER_PAGE = 50


def asked(request: Web) -> tuple[Wanted, int | None, str]:
    """What a page of figures is asked for: the studios, the year of the outputs, the measure."""
    wanted = wanted_of(request)
    years = [int(year) for year in wanted.year if year.isdecimal() and len(year) == 4]
    measure = request.query_params.get("measure", "")[:50]
    return replace(wanted, year=(), page=1, sort="tier"), next(iter(years), None), measure


async def officers_view(request: Web) -> View:
    wanted, year, measure = asked(request)
    held, branches = await register.current(), rules.branches(viewer(request))
    return await view_of(held, wanted, branches, base="/work/studios", rows=ROWS, year=year, measure=measure)


def choices(view: View) -> dict[str, list[tuple[str, str]]]:
    """Value and words of each filter, from what the branch holds."""
    held = view.register
    own = figures.standing(held, Wanted(at=view.wanted.at), view.branches)
    codes = {
        name: own[name].drop_nulls().unique().to_list() for name in ("city", "region", "industry", "chain")
    }
    names = held.names
    cities = sorted(codes["city"])
    counties = (
        [code for code in sorted(codes["region"]) if not code.endswith("00")] if len(cities) == 1 else []
    )
    return {
        "tier": [(tier, tier_word(tier)) for tier in TIERS],
        "region": [
            *((code, city_word(view, code)) for code in cities),
            *((code, named(names["region"][code])) for code in counties),
        ],
        "industry": [(code, named(names["industry"][code])) for code in sorted(codes["industry"])],
        "chain": [(code, named(names["chain"][code])) for code in sorted(codes["chain"])],
        "year": [(str(year), str(year)) for year in range(view.wanted.at.year, 2012, -1)],
        "measure": [(code, f"{view.word(code)}（{view.unit(code)}）") for code in view.measures],
    }


def _panels(view: View) -> dict[str, Any]:
    return {
        "stock": lines.stock_line(view),
        "brought": lines.output_line(view),
        "panels_shown": [
            stock.pyramid(view),
            stock.city_by_tier(view),
            stock.industries(view),
            stock.chains(view),
            brought.measure_by_year(view),
            brought.averages(view),
            brought.top_studios(view),
            stock.named_by_year(view),
        ],
        "measures": brought.measures_table(view),
        "returns": brought.returns(view),
    }


@get(PATH, guards=[only(*rules.EDITORS)])
async def show(request: Web) -> Page:
    view = await officers_view(request)
    return page(
        "dashboard/page.html",
        view=view,
        choices=choices(view),
        **await asyncio.to_thread(_panels, view),
    )


def rows_page(request: Web, view: View) -> Page:
    """The outputs behind a quantity, the greatest first, with their sum."""
    shown = figures.brought(view.register, view.found, view.wanted, view.branches, [view.year]).filter(
        pl.col("measure") == view.measure
    )
    number = request.query_params.get("page", "1")
    pages = max(1, -(-shown.height // PER_PAGE))
    place = min(max(1, int(number) if number.isdecimal() and len(number) < 7 else 1), pages)
    rows = shown.sort("quantity", "number", "output", descending=[True, False, False])
    return page(
        "dashboard/outputs.html",
        layout="layouts/work.html" if view.branches is not None else "layouts/public.html",
        view=view,
        rows=rows.slice((place - 1) * PER_PAGE, PER_PAGE).to_dicts(),
        total=shown.height,
        sum=view.quantity(int(shown["quantity"].sum()), view.measure),
        page_number=place,
        pages=pages,
        same_rows={**query_of(view.wanted), "year": view.year, "measure": view.measure},
        back=link(PATH if view.branches is not None else "/achievements", query_of(view.wanted)),
        path_of_rows=view.rows,
    )


@get(ROWS, guards=[only(*rules.EDITORS)])
async def show_rows(request: Web) -> Page:
    view = await officers_view(request)
    answer = rows_page(request, view)
    answer.context["details"] = await figures.details([row["output"] for row in answer.context["rows"]])
    return answer


@get(PUBLIC_ROWS)
async def show_public_rows(request: Web) -> Page:
    view = await public_view(await register.current(), *asked(request))
    answer = rows_page(request, view)
    answer.context["details"] = {}
    return answer


async def public_view(held: Register, wanted: Wanted, year: int | None, measure: str) -> View:
    return await view_of(held, wanted, None, base="/studios", rows=PUBLIC_ROWS, year=year, measure=measure)


@get(f"{PATH}/missing", guards=[only(*rules.EDITORS)])
async def show_missing(request: Web) -> Page:
    view = await officers_view(request)
    found = figures.returns(view.register, view.found, view.wanted, view.branches, view.year)
    rows = found.filter(~pl.col("reported")).sort("tier", "number")
    return page("dashboard/missing.html", view=view, rows=rows.to_dicts(), due=found.height)


routes = [show, show_rows, show_public_rows, show_missing]
menu = [Entry(PATH, N_("看板"), "work", 60, who=with_role(*rules.EDITORS))]
