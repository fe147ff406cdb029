"""The register as people read it: every studio in one frame, kept per revision, filtered and counted in it.

A list says what it shows by plain values (`Wanted`), so that every figure elsewhere can open the rows behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from federation import database
from federation.changes import revision
from federation.tables import Chain, Industry, Region, UnionUnit
from studios import namings, outputs
from studios.members import HONOUR_RANKS
from studios.tiers import TIERS

PAGE_SIZE = 20
SPARK_YEARS = 6
RECENT_YEARS = 3
SORTS = ("tier", "output", "benefit", "named", "founded", "members", "number")
FACETS = ("tier", "city", "region", "industry", "chain", "year")
NONE = "none"
"""The value of the tier facet for studios that hold no naming; only those who keep them see these."""

_STUDIOS = pl.Schema(
    {
        "studio": pl.Int64(),
        "number": pl.String(),
        "name": pl.String(),
        "name_en": pl.String(),
        "organisation": pl.Int64(),
        "organisation_name": pl.String(),
        "organisation_name_en": pl.String(),
        "union_path": pl.String(),
        "region": pl.String(),
        "industry": pl.String(),
        "chain": pl.String(),
        "founded_on": pl.Date(),
        "topic": pl.String(),
        "leader": pl.Int64(),
        "leader_name": pl.String(),
        "members": pl.Int64(),
    }
)
_READ = """
SELECT s.id, s.number, s.name, s.name_en, s.organisation, o.name, o.name_en, u.path, s.region, s.industry, s.chain,
       s.founded_on, s.topic, w.id, w.name, coalesce(m.members, 0)
FROM studio s
JOIN organisation o ON o.id = s.organisation
JOIN union_unit u ON u.id = s.union_unit
LEFT JOIN leadership l ON l.studio = s.id AND l.until IS NULL
LEFT JOIN worker w ON w.id = l.worker
LEFT JOIN (SELECT studio, count(*) AS members FROM studio_member WHERE left_on IS NULL GROUP BY studio) m
       ON m.studio = s.id
ORDER BY s.number
"""
_HONOURS = pl.Schema(
    {"leader": pl.Int64(), "honour": pl.String(), "honour_en": pl.String(), "rank": pl.String()}
)
_READ_HONOURS = """
SELECT DISTINCT h.worker, k.name, k.name_en, k.rank FROM honour h JOIN honour_type k ON k.code = h.kind
WHERE h.worker IN (SELECT worker FROM leadership WHERE until IS NULL) ORDER BY h.worker, k.name
"""


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for. Codes within one filter are alternatives, the filters hold together.

    `region` takes codes of cities and counties, `year` the years in which the tier held at `at` was conferred,
    `union` the code of a union unit for it and all below it.
    """

    at: date
    q: str = ""
    tier: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    union: str = ""
    sort: str = "tier"
    page: int = 1

    @property
    def filtered(self) -> bool:
        return bool(
            self.q or self.tier or self.region or self.industry or self.chain or self.year or self.union
        )


@dataclass(frozen=True)
class Choice:
    """One line of a facet: `count` is what it would show beside the other filters."""

    value: str
    names: Mapping[str, str]
    count: int
    chosen: bool


@dataclass(frozen=True)
class Found:
    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    facets: Mapping[str, list[Choice]]


@dataclass
class Register:
    """All studios at one revision. `names` gives the names of codes, by kind of code."""

    revision: int
    studios: pl.DataFrame
    namings: pl.DataFrame
    yearly: pl.DataFrame
    names: Mapping[str, Mapping[str, Mapping[str, str]]]
    paths: Mapping[str, str]
    engine: Any
    _at: dict[date, pl.DataFrame] = field(default_factory=dict)
    _found: dict[Any, Found] = field(default_factory=dict)

    def standing(self, at: date) -> pl.DataFrame:
        """Every studio with the naming it counts by at a date and its outputs up to that year.

        Adds to the columns of the register: tier, named_on, document_number, year, recent (achievements of the
        last three years), benefit (all years, 万元 × 100) and spark (achievements of the last six years).
        """
        if at not in self._at:
            if len(self._at) > 64:
                self._at.clear()
            self._at[at] = _standing(self, at)
        return self._at[at]

    def find(
        self, wanted: Wanted, branches: tuple[str, ...] | None = None, *, size: int = PAGE_SIZE
    ) -> Found:
        """The rows of a page with the facets. `branches` None is the public: named studios, all branches."""
        key = (wanted, branches, size)
        if key not in self._found:
            if len(self._found) > 512:
                self._found.clear()
            self._found[key] = self._look(wanted, branches, size)
        return self._found[key]

    def rows(self, wanted: Wanted, branches: tuple[str, ...] | None = None) -> pl.DataFrame:
        """Every row of the list, in its order."""
        studios = _visible(self.standing(wanted.at), branches)
        masks = _masks(studios, wanted, self.paths)
        return _sorted(studios.filter(_all(masks, len(studios))), wanted.sort)

    def _look(self, wanted: Wanted, branches: tuple[str, ...] | None, size: int) -> Found:
        studios = _visible(self.standing(wanted.at), branches)
        masks = _masks(studios, wanted, self.paths)
        shown = _sorted(studios.filter(_all(masks, len(studios))), wanted.sort)
        pages = max(1, -(-len(shown) // size))
        page = min(max(1, wanted.page), pages)
        return Found(
            rows=shown.slice((page - 1) * size, size).to_dicts(),
            total=len(shown),
            page=page,
            pages=pages,
            facets={facet: self._facet(facet, studios, masks, wanted) for facet in FACETS},
        )

    def _facet(
        self, facet: str, studios: pl.DataFrame, masks: Mapping[str, pl.Series], wanted: Wanted
    ) -> list[Choice]:
        own = "region" if facet == "city" else facet
        others = _all({name: mask for name, mask in masks.items() if name != own}, len(studios))
        column = studios[facet].filter(others)
        counts = {str(value): count for value, count in column.drop_nulls().value_counts().iter_rows()}
        if facet == "tier" and (unnamed := column.null_count()):
            counts[NONE] = unnamed
        chosen = getattr(wanted, own)
        if facet == "region":
            cities = {code[:4] for code in chosen}
            counts = {
                code: count for code, count in counts.items() if code[:4] in cities and code[4:] != "00"
            }
        known = self.names[own]
        for value in chosen:
            if facet not in ("city", "region") or (value[4:] == "00") == (facet == "city"):
                counts.setdefault(value, 0)
        choices = [
            Choice(value, known.get(value, {"name": value}), count, value in chosen)
            for value, count in counts.items()
        ]
        return sorted(choices, key=_ORDER[facet])


_ORDER: dict[str, Callable[[Choice], Any]] = {
    "tier": lambda choice: (*TIERS, NONE).index(choice.value) if choice.value in (*TIERS, NONE) else 9,
    "city": lambda choice: (-choice.count, choice.value),
    "region": lambda choice: (-choice.count, choice.value),
    "industry": lambda choice: (-choice.count, choice.value),
    "chain": lambda choice: (-choice.count, choice.value),
    "year": lambda choice: -int(choice.value) if choice.value.isdigit() else 0,
}


def _visible(studios: pl.DataFrame, branches: tuple[str, ...] | None) -> pl.DataFrame:
    if branches is None:
        return studios.filter(pl.col("tier").is_not_null())
    if "" in branches:
        return studios
    within = [pl.col("union_path").str.starts_with(branch) for branch in branches]
    return studios.filter(reduce(or_, within, pl.lit(False)))


def _masks(studios: pl.DataFrame, wanted: Wanted, paths: Mapping[str, str]) -> dict[str, pl.Series]:
    """One mask per filter that is set, so that a facet can be counted without its own."""
    masks: dict[str, pl.Series] = {}
    if words := wanted.q.lower().split():
        haystack = studios["haystack"]
        masks["q"] = reduce(and_, (haystack.str.contains(word, literal=True) for word in words))
    if wanted.tier:
        known = [tier for tier in wanted.tier if tier in TIERS]
        masks["tier"] = studios["tier"].is_in(known).fill_null(NONE in wanted.tier)
    if wanted.region:
        masks["region"] = studios["region"].is_in(list(wanted.region)).fill_null(False) | studios[
            "city"
        ].is_in(_whole_cities(wanted.region)).fill_null(False)
    for name in ("industry", "chain", "year"):
        if chosen := getattr(wanted, name):
            masks[name] = studios[name].is_in(list(chosen)).fill_null(False)
    if wanted.union:
        masks["union"] = studios["union_path"].str.starts_with(paths.get(wanted.union, "?"))
    return masks


def _whole_cities(codes: tuple[str, ...]) -> list[str]:
    """Cities that are asked for as a whole: a county chosen below its city narrows the city down to it."""
    narrowed = {code[:4] for code in codes if not code.endswith("00")}
    return [code for code in codes if code.endswith("00") and code[:4] not in narrowed]


def _all(masks: Mapping[str, pl.Series], length: int) -> pl.Series:
    return reduce(and_, masks.values(), pl.repeat(True, length, eager=True))


_SORTS: dict[str, tuple[list[str], list[bool]]] = {
    "tier": (["tier", "recent", "number"], [False, True, False]),
    "output": (["recent", "tier", "number"], [True, False, False]),
    "benefit": (["benefit", "tier", "number"], [True, False, False]),
    "named": (["named_on", "tier", "number"], [True, False, False]),
    "founded": (["founded_on", "number"], [False, False]),
    "members": (["members", "tier", "number"], [True, False, False]),
    "number": (["number"], [False]),
}


def _sorted(studios: pl.DataFrame, sort: str) -> pl.DataFrame:
    by, descending = _SORTS.get(sort, _SORTS["tier"])
    return studios.sort(by, descending=descending, nulls_last=True)


def _standing(register: Register, at: date) -> pl.DataFrame:
    held = namings.held(register.namings, at).select(
        "studio",
        "tier",
        pl.col("starts_on").alias("named_on"),
        "document_number",
        pl.col("starts_on").dt.year().cast(pl.String).alias("year"),
    )
    past = register.yearly.filter(pl.col("year") <= at.year)
    sums = past.group_by("studio").agg(
        pl.col("achievements").filter(pl.col("year") > at.year - RECENT_YEARS).sum().alias("recent"),
        pl.col("benefit").sum(),
        *(
            pl.col("achievements").filter(pl.col("year") == at.year - back).sum().alias(f"back{back}")
            for back in reversed(range(SPARK_YEARS))
        ),
    )
    years = [f"back{back}" for back in reversed(range(SPARK_YEARS))]
    return (
        register.studios.join(held, on="studio", how="left", maintain_order="left")
        .join(sums, on="studio", how="left", maintain_order="left")
        .with_columns(pl.col("recent", "benefit", *years).fill_null(0))
        .with_columns(pl.concat_list(years).alias("spark"))
        .drop(years)
    )


_kept: list[Register] = []
_loading = asyncio.Lock()


async def current() -> Register:
    """The register at its newest revision; read from the database only when a change moved it."""
    newest = await revision("studios")
    if not _is_kept(newest):
        async with _loading:
            newest = await revision("studios")
            if not _is_kept(newest):
                _kept[:] = [await _load(newest)]
    return _kept[0]


def _is_kept(newest: int) -> bool:
    return bool(_kept) and _kept[0].revision == newest and _kept[0].engine is database.engine()


async def _load(newest: int) -> Register:
    studios = await database.frame(_READ, _STUDIOS)
    honours = await database.frame(_READ_HONOURS, _HONOURS)
    regions = {row["code"]: row for row in await Region.select()}
    cities = (pl.col("region").str.slice(0, 4) + "00").fill_null("360000")
    best = (
        honours.with_columns(pl.col("rank").cast(pl.Enum(HONOUR_RANKS)))
        .sort("leader", "rank", "honour")
        .unique("leader", keep="first", maintain_order=True)
        .drop("rank")
    )
    studios = studios.join(best, on="leader", how="left", maintain_order="left").with_columns(
        cities.alias("city"),
        pl.concat_str(
            [
                "name",
                "name_en",
                "organisation_name",
                "organisation_name_en",
                "leader_name",
                "number",
                "topic",
            ],
            separator="\n",
            ignore_nulls=True,
        )
        .str.to_lowercase()
        .alias("haystack"),
    )
    units = await UnionUnit.select(UnionUnit.code, UnionUnit.path, UnionUnit.name, UnionUnit.name_en)
    return Register(
        revision=newest,
        studios=studios,
        namings=await namings.every(),
        yearly=await outputs.yearly(),
        names={
            "tier": {},
            "region": regions,
            "industry": {row["code"]: row for row in await Industry.select()},
            "chain": {row["code"]: row for row in await Chain.select()},
            "year": {},
            "union": {row["code"]: row for row in units},
        },
        paths={row["code"]: row["path"] for row in units},
        engine=database.engine(),
    )
