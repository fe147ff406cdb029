"""Panels of who stands where: tiers, cities, industries, chains, namings by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from studios import figures
from studios.figures import PROVINCE
from studios.tiers import TIERS
from web.charts import studios as charts
from web.formats import named
from web.language import _
from web.pages.studios import TILES
from web.panels.views import Panel, View, by_year_table, city_word, in_city, linked, tier_word, year_word


def pyramid(view: View) -> Panel:
    counts = figures.by_tier(view.standing)
    rows = [
        {"tier": tier, "name": tier_word(tier), "studios": counts[tier], "href": view.of_tier(tier)}
        for tier in TIERS
        if not view.wanted.tier or tier in view.wanted.tier
    ]
    table = {
        "head": [_("级别"), _("工作室（家）")],
        "rows": [
            *([row["name"], linked(row["studios"], row["href"])] for row in rows),
            [_("合计"), linked(view.standing.height, view.studios())],
        ],
    }
    return Panel(
        "tiers", _("各级工作室"), _("家，按最高级别计一次"), charts.pyramid(rows, _("家")), table, 260
    )


def city_by_tier(view: View) -> Panel:
    found = {
        (city, tier): count
        for city, tier, count in figures.counted(view.standing, "city", "tier").iter_rows()
    }
    known = {city for city, _tier in found}
    tiers = [tier for tier in TIERS if not view.wanted.tier or tier in view.wanted.tier]
    cities = sorted(known, key=lambda code: (code == PROVINCE, code))
    cells = [
        [
            {"studios": found.get((city, tier), 0), "href": view.of_tier(tier, **in_city(view, city))}
            for tier in tiers
        ]
        for city in cities
    ]
    table = {
        "head": [_("设区市"), *map(tier_word, tiers), _("合计")],
        "rows": [
            [
                city_word(view, city),
                *(linked(cell["studios"], cell["href"]) for cell in row),
                linked(sum(cell["studios"] for cell in row), view.studios(**in_city(view, city))),
            ]
            for city, row in zip(cities, cells, strict=True)
        ],
    }
    names = [city_word(view, city) for city in cities]
    figure = charts.city_by_tier(names, [tier_word(tier) for tier in tiers], cells, _("家"))
    caption = _("家；深浅在每一级内分五档")
    return Panel("cities", _("设区市与级别"), caption, figure, table, max(200, 46 + 30 * len(cities)))


def industries(view: View) -> Panel:
    names = view.register.names["industry"]
    found: dict[str, list[dict[str, Any]]] = {}
    for industry, tier, count in figures.counted(view.standing, "industry", "tier").iter_rows():
        if industry is not None:
            leaf = {
                "tier": tier,
                "name": tier_word(tier),
                "studios": count,
                "href": view.of_tier(tier, industry=(industry,)),
            }
            found.setdefault(industry, []).append(leaf)
    rows = [
        {
            "name": named(names[code]),
            "studios": sum(leaf["studios"] for leaf in leaves),
            "href": view.studios(industry=(code,)),
            "tiers": leaves,
        }
        for code, leaves in found.items()
    ]
    rows.sort(key=lambda row: (-row["studios"], row["name"]))
    table = {
        "head": [_("行业门类"), *map(tier_word, TIERS), _("合计")],
        "rows": [
            [
                row["name"],
                *(_of_tier(row["tiers"], tier) for tier in TIERS),
                linked(row["studios"], row["href"]),
            ]
            for row in rows
        ],
    }
    figure = charts.industry_treemap(rows, _("家"))
    return Panel("industries", _("行业与级别"), _("家，国民经济行业门类"), figure, table, 360)


def _of_tier(leaves: Sequence[Mapping[str, Any]], tier: str) -> Any:
    leaf = next((one for one in leaves if one["tier"] == tier), None)
    return linked(leaf["studios"], leaf["href"]) if leaf else None


def chains(view: View) -> Panel:
    names = view.register.names["chain"]
    now = dict(figures.counted(view.standing, "chain").iter_rows())
    before = dict(figures.counted(view.standing_before, "chain").iter_rows())
    codes = sorted((code for code in now if code is not None), key=lambda code: (-now[code], code))
    rows = [
        {
            "name": named(names[code]),
            "now": now[code],
            "before": before.get(code, 0),
            "now_href": view.studios(chain=(code,)),
            "before_href": view.studios(view.year_ago, chain=(code,)),
        }
        for code in codes
    ]
    days = (view.year_ago.at.isoformat(), view.wanted.at.isoformat())
    table = {
        "head": [_("产业链"), *days],
        "rows": [
            [row["name"], linked(row["before"], row["before_href"]), linked(row["now"], row["now_href"])]
            for row in rows
        ],
    }
    figure = charts.two_years(rows, *days, _("家"))
    return Panel(
        "chains", _("重点产业链"), _("家，与一年前对比"), figure, table, max(200, 70 + 24 * len(rows))
    )


def named_by_year(view: View) -> Panel:
    year = view.wanted.at.year
    years = range(min(2013, year), year + 1)
    found = {
        (year, tier): count
        for year, tier, count in figures.newly_named(
            view.register, view.wanted, view.branches, years
        ).iter_rows()
    }

    def href(tier: str, one: int) -> str:
        return view.of_tier(tier, figures.at_end_of(view.wanted, one), year=(str(one),))

    series = [
        {
            "tier": tier,
            "name": tier_word(tier),
            "values": [found.get((one, tier), 0) for one in years],
            "hrefs": [href(tier, one) for one in years],
        }
        for tier in TIERS
        if not view.wanted.tier or tier in view.wanted.tier
    ]
    return Panel(
        "named",
        _("历年命名"),
        _("家，按年末所持最高级别的命名年份"),
        charts.tiers_by_year([year_word(one) for one in years], series, _("家")),
        by_year_table(years, series),
        300,
    )


def tiles(view: View) -> list[dict[str, Any]]:
    """The cities as tiles of equal size: place, name, studios, step of colour 1 to 5, national studios, address."""
    counts = dict(figures.counted(view.standing, "city").iter_rows())
    national = dict(figures.counted(view.standing.filter(pl.col("tier") == "national"), "city").iter_rows())
    most = max(counts.values(), default=0)
    return [
        {
            "name": city_word(view, code),
            "column": column,
            "row": row,
            "studios": counts.get(code, 0),
            "step": 0 if code == PROVINCE else 1 + charts.step_of(counts.get(code, 0), most),
            "national": national.get(code, 0),
            "href": view.studios(region=(code,)),
        }
        for code, (column, row) in TILES.items()
    ]
