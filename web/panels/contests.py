"""Panels of the contests over the years: how many of each class, in how many occupations, with how many entries."""

from __future__ import annotations

from typing import Any

import polars as pl

from contests import figures
from web.charts import contests as charts
from web.language import _, link
from web.panels.views import Panel, linked, year_word
from web.wording import say


def classes(held: pl.DataFrame) -> Panel | None:
    """Contests by year and class; None before the first."""
    found = {(year, code): count for year, code, count in figures.by_class(held).iter_rows()}
    if not found:
        return None
    years = sorted({year for year, _code in found})
    codes = [code for code in (*figures.CLASSES, None) if any((year, code) in found for year in years)]
    series = [
        {
            "name": say(f"class.{code}") if code else _("不分类"),
            "values": [found.get((year, code), 0) for year in years],
            "hrefs": [link("/contests", year=year, class_code=code) if code else None for year in years],
        }
        for code in codes
    ]
    rows = [
        [
            year_word(year),
            *(_cell(one["values"][place], one["hrefs"][place]) for one in series),
            linked(sum(one["values"][place] for one in series), link("/contests", year=year)),
            figures.occupations(held, year),
        ]
        for place, year in enumerate(years)
    ]
    head = [_("年份"), *(one["name"] for one in series), _("合计"), _("竞赛职业（种）")]
    figure = charts.by_year([year_word(year) for year in years], series, _("项"))
    return Panel("classes", _("历年竞赛"), _("项，按类别"), figure, {"head": head, "rows": rows}, 300)


def _cell(value: int, href: Any) -> Any:
    return linked(value, href) if href else value


def entries(entered: pl.DataFrame) -> Panel | None:
    """Approved entries by year and category; None before the first."""
    found = {(year, category): count for year, category, count in figures.by_category(entered).iter_rows()}
    if not found:
        return None
    years = sorted({year for year, _category in found})
    categories = sorted({category for _year, category in found})
    series = [
        {
            "name": say(f"category.{category}"),
            "values": [found.get((year, category), 0) for year in years],
            "hrefs": [None for _year in years],
        }
        for category in categories
    ]
    table = {
        "head": [_("年份"), *(one["name"] for one in series)],
        "rows": [
            [year_word(year), *(one["values"][place] for one in series)] for place, year in enumerate(years)
        ],
    }
    figure = charts.by_year([year_word(year) for year in years], series, _("人次"))
    return Panel("entries", _("历年参赛"), _("人次，审核通过的报名"), figure, table, 300)
