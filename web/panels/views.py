"""What one audience looks at, and the addresses of the rows behind each number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from studios import figures, outputs
from studios.figures import PROVINCE, Branches
from studios.register import Register, Wanted
from studios.tiers import TIERS
from web.formats import amount, named
from web.language import _, language, link
from web.pages.studios import measured, query_of
from web.wording import say

SHOWN_YEARS = 8
LINE = (
    "patent.granted",
    "proposal.accepted",
    "training.promoted",
    "apprenticeship.completed",
    outputs.BENEFIT,
)
"""The measures of the line of figures."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart with its table: cells are words or {"text", "href"}."""

    name: str
    title: str
    caption: str
    figure: dict[str, Any]
    table: dict[str, Any]
    height: int = 320
    note: str = ""


@dataclass(frozen=True)
class View:
    """What one audience looks at. `base` is its list of studios, `rows` its list of outputs.

    `year` is the year of the outputs, `measure` the one that is charted.
    """

    register: Register
    found: pl.DataFrame
    measures: Mapping[str, Mapping[str, Any]]
    wanted: Wanted
    branches: Branches
    base: str
    rows: str
    year: int
    measure: str
    _stocks: dict[int, pl.DataFrame] = field(default_factory=dict)

    @cached_property
    def years(self) -> range:
        """The last eight years up to `year`, as far back as anything was brought."""
        first = self.found["output_year"].min()
        earliest = min(int(first), self.year) if isinstance(first, int) else self.year
        return range(max(self.year - SHOWN_YEARS + 1, earliest), self.year + 1)

    @cached_property
    def standing(self) -> pl.DataFrame:
        return figures.standing(self.register, self.wanted, self.branches)

    @cached_property
    def year_ago(self) -> Wanted:
        at = self.wanted.at
        return replace(
            self.wanted, at=at.replace(year=at.year - 1, day=min(at.day, 28) if at.month == 2 else at.day)
        )

    @cached_property
    def standing_before(self) -> pl.DataFrame:
        return figures.standing(self.register, self.year_ago, self.branches)

    @cached_property
    def brought(self) -> pl.DataFrame:
        return figures.brought(self.register, self.found, self.wanted, self.branches, self.years)

    def stock(self, year: int) -> pl.DataFrame:
        if year not in self._stocks:
            wanted = figures.at_end_of(self.wanted, year)
            self._stocks[year] = figures.standing(self.register, wanted, self.branches)
        return self._stocks[year]

    def studios(self, wanted: Wanted | None = None, **changed: Any) -> str:
        """The address of a list of studios; only those that hold a tier unless tiers are named."""
        wanted = replace(wanted or self.wanted, **changed)
        return link(self.base, query_of(replace(wanted, tier=wanted.tier or TIERS)))

    def of_tier(self, tier: str, wanted: Wanted | None = None, **changed: Any) -> str:
        return self.studios(wanted, tier=(tier,), **changed)

    def outputs(self, year: int, measure: str, **changed: Any) -> str:
        """The address of the outputs behind a quantity."""
        wanted = replace(self.wanted, **changed)
        return link(self.rows, query_of(replace(wanted, year=())), year=year, measure=measure)

    def quantity(self, value: int, measure: str) -> str:
        return measured(value, self.measures[measure]["decimals"], trimmed=True)

    def value(self, value: int, measure: str) -> float:
        """For drawing only."""
        return float(Decimal(value).scaleb(-self.measures[measure]["decimals"]))

    def unit(self, measure: str) -> str:
        return named(self.measures[measure], "unit")

    def word(self, measure: str) -> str:
        row = self.measures[measure]
        return f"{named(row, 'category_name')} · {named(row, 'measure_name')}"


def year_word(year: int) -> str:
    return f"{year} 年" if language() == "zh" else str(year)


def tier_word(tier: str) -> str:
    return say(f"tier.{tier}")


def city_word(view: View, code: str | None) -> str:
    if code in (None, PROVINCE):
        return _("省直")
    row = view.register.names["region"][str(code)]
    return str(row["short_name"]) if language() == "zh" else named(row)


def linked(text: Any, href: str) -> dict[str, Any]:
    return {"text": amount(text) if isinstance(text, int) else text, "href": href}


def in_city(view: View, city: str) -> dict[str, Any]:
    """Within a chosen county the region stays; otherwise the city is the region."""
    return {} if view.wanted.region else {"region": (city,)}


def by_year_table(
    years: Sequence[int],
    series: Sequence[Mapping[str, Any]],
    texts: Callable[[Mapping[str, Any], int], str] | None = None,
) -> dict[str, Any]:
    return {
        "head": [_("年份"), *(one["name"] for one in series)],
        "rows": [
            [
                year_word(year),
                *(
                    linked(texts(one, place) if texts else one["values"][place], one["hrefs"][place])
                    for one in series
                ),
            ]
            for place, year in enumerate(years)
        ],
    }


async def view_of(
    register: Register,
    wanted: Wanted,
    branches: Branches,
    *,
    base: str,
    rows: str,
    year: int | None = None,
    measure: str = "",
) -> View:
    """Gather what a page of panels needs. An unknown measure is the first of LINE, no year the newest with outputs."""
    found = await figures.outputs_of(register)
    known = {row["code"]: row for row in await outputs.measures()}
    newest = found.filter(pl.col("verified_on").is_not_null(), pl.col("output_year") <= wanted.at.year)[
        "output_year"
    ].max()
    latest = int(newest) if isinstance(newest, int) else wanted.at.year
    return View(
        register,
        found,
        known,
        wanted,
        branches,
        base,
        rows,
        min(year or latest, wanted.at.year),
        measure if measure in known else LINE[0],
    )
