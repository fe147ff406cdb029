"""Panels of what the studios brought: one measure by year and tier, averages, the most, all measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from studios import figures
from studios.tiers import TIERS
from web.charts import studios as charts
from web.formats import named
from web.language import _, link
from web.pages.studios import measured, query_of
from web.panels.views import Panel, View, by_year_table, city_word, in_city, linked, tier_word, year_word

TOP = 10


def measure_by_year(view: View) -> Panel:
    found = {
        (year, tier): value
        for year, tier, value in figures.by_year_and_tier(view.brought, view.measure).iter_rows()
    }
    series = _measure_series(view, found)
    table = by_year_table(
        view.years,
        series,
        lambda one, place: view.quantity(found.get((view.years[place], one["tier"]), 0), view.measure),
    )
    figure = charts.tiers_by_year([year_word(one) for one in view.years], series, view.unit(view.measure))
    caption = _("%(unit)s，经核验，按当年末级别累加", unit=view.unit(view.measure))
    return Panel("outputs", view.word(view.measure), caption, figure, table, 300)


def _measure_series(view: View, found: Mapping[tuple[int, str], int]) -> list[dict[str, Any]]:
    return [
        {
            "tier": tier,
            "name": tier_word(tier),
            "values": [view.value(found.get((year, tier), 0), view.measure) for year in view.years],
            "hrefs": [view.outputs(year, view.measure, tier=(tier,)) for year in view.years],
        }
        for tier in TIERS
        if not view.wanted.tier or tier in view.wanted.tier
    ]


def averages(view: View) -> Panel:
    rows = figures.averages(view.register, view.wanted, view.branches, view.brought, view.measure)
    found = {(row["output_year"], row["tier"]): row["average"] for row in rows.iter_rows(named=True)}
    series = _measure_series(view, dict.fromkeys(found, 0))
    places = view.measures[view.measure]["decimals"] + 2
    for one in series:
        one["values"] = [
            float(Decimal(found.get((year, one["tier"]), 0)).scaleb(-places)) for year in view.years
        ]
    table = by_year_table(
        view.years,
        series,
        lambda one, place: (
            measured(found.get((view.years[place], one["tier"]), 0), places)
            if (view.years[place], one["tier"]) in found
            else "—"
        ),
    )
    figure = charts.averages([year_word(one) for one in view.years], series, view.unit(view.measure))
    caption = _(
        "%(measure)s，%(unit)s，对数刻度", measure=view.word(view.measure), unit=view.unit(view.measure)
    )
    return Panel("averages", _("每个工作室平均"), caption, figure, table, 300)


def top_studios(view: View) -> Panel:
    rows = [
        {
            "name": named(row),
            "value": view.value(row["quantity"], view.measure),
            "text": view.quantity(row["quantity"], view.measure),
            "tier": row["tier"],
            "href": view.outputs(view.year, view.measure, q=row["number"]),
        }
        for row in figures.top(view.brought, view.measure, view.year, TOP).iter_rows(named=True)
    ]
    table = {
        "head": [_("工作室"), f"{view.word(view.measure)}（{view.unit(view.measure)}）"],
        "rows": [[row["name"], linked(row["text"], row["href"])] for row in rows],
    }
    caption = _("%(year)s 年，%(unit)s", year=view.year, unit=view.unit(view.measure))
    figure = charts.ranked(rows, view.unit(view.measure))
    title = _("%(measure)s最多的工作室", measure=view.word(view.measure))
    return Panel("top", title, caption, figure, table, 340)


def measures_table(view: View) -> list[dict[str, Any]]:
    """Every measure by year: label, unit, and one linked cell per year; measures nobody brought are left out."""
    sums = figures.by_measure(view.brought)
    return [
        {
            "label": view.word(code),
            "unit": view.unit(code),
            "cells": [
                linked(view.quantity(sums[code][year], code), view.outputs(year, code))
                if year in sums[code]
                else None
                for year in view.years
            ],
        }
        for code in view.measures
        if code in sums
    ]


def returns(view: View) -> list[dict[str, Any]]:
    """City → how many of its studios have entered outputs of the year, and the address of those that have not."""
    found = figures.returns(view.register, view.found, view.wanted, view.branches, view.year)
    by_city = found.group_by("city").agg(pl.col("reported").sum(), pl.len().alias("due")).sort("city")
    return [
        {
            "name": city_word(view, row["city"]),
            "reported": row["reported"],
            "due": row["due"],
            "href": link(
                "/work/dashboard/missing",
                query_of(replace(view.wanted, **in_city(view, row["city"]), year=())),
                year=view.year,
            ),
        }
        for row in by_city.iter_rows(named=True)
    ]
