"""Figures of the register: how many studios stand where, and what they brought.

Everything here but `outputs_of` and `details` is pure. Who stands is asked of `Register.rows`, which also makes the
lists, so that a figure and the list behind it cannot differ. An output counts when it is verified and its studio stood
at the end of its year, by the tier it had then. Quantities of different measures are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from federation import database
from studios.register import Register, Wanted
from studios.tiers import TIER, TIERS

OUTPUTS = pl.Schema(
    {
        "output": pl.Int64(),
        "studio": pl.Int64(),
        "output_year": pl.Int64(),
        "measure": pl.String(),
        "quantity": pl.Int64(),
        "verified_on": pl.Date(),
        "titled": pl.Boolean(),
    }
)
PROVINCE = "360000"
"""The city of a studio that lies in none: it belongs to the province itself."""

Branches = tuple[str, ...] | None
"""Paths of union units whose studios are looked at; None is the public, which sees all that are named."""

_kept: list[tuple[Register, pl.DataFrame]] = []


async def outputs_of(register: Register) -> pl.DataFrame:
    """Every output as OUTPUTS, read once per revision of the register."""
    if not _kept or _kept[0][0] is not register:
        found = await database.frame(
            "SELECT id, studio, year, measure, quantity, verified_on, title <> ''"
            " FROM studio_output ORDER BY id",
            OUTPUTS,
        )
        _kept[:] = [(register, found)]
    return _kept[0][1]


def standing(register: Register, wanted: Wanted, branches: Branches) -> pl.DataFrame:
    """The rows of the list that hold a tier at the date; `tier` is the highest, `year` that of its naming."""
    return register.rows(replace(wanted, tier=wanted.tier or TIERS), branches)


def at_end_of(wanted: Wanted, year: int) -> Wanted:
    """The same question at the last day of a year, or at its own date when the year is not over on it."""
    return replace(wanted, at=min(date(year, 12, 31), wanted.at))


def by_tier(standing: pl.DataFrame) -> dict[str, int]:
    """Tier → studios, every tier, highest first."""
    counts = dict(standing["tier"].value_counts().iter_rows())
    return {tier: counts.get(tier, 0) for tier in TIERS}


def counted(standing: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """columns × `studios`, in the order of the columns, nulls last."""
    return (
        standing.group_by(columns)
        .agg(pl.len().cast(pl.Int64).alias("studios"))
        .sort(columns, nulls_last=True)
    )


def newly_named(register: Register, wanted: Wanted, branches: Branches, years: Iterable[int]) -> pl.DataFrame:
    """named_in × tier × `studios`: standing at the end of the year by a naming of that year."""
    parts = [
        counted(
            standing(register, replace(at_end_of(wanted, year), year=(str(year),)), branches), "tier"
        ).select(pl.lit(year, pl.Int64).alias("named_in"), "tier", "studios")
        for year in years
    ]
    return pl.concat([pl.DataFrame(schema={"named_in": pl.Int64, "tier": TIER, "studios": pl.Int64}), *parts])


def brought(
    register: Register, outputs: pl.DataFrame, wanted: Wanted, branches: Branches, years: Iterable[int]
) -> pl.DataFrame:
    """The verified outputs of the years: OUTPUTS with number, name, city, union_path and `tier` of the studio."""
    verified = outputs.filter(pl.col("verified_on").is_not_null())
    kept = ("studio", "number", "name", "name_en", "city", "union_path", "tier")
    parts = [
        verified.filter(pl.col("output_year") == year).join(
            standing(register, at_end_of(wanted, year), branches).select(kept),
            on="studio",
            maintain_order="left",
        )
        for year in years
    ]
    return pl.concat(parts)


def by_measure(brought: pl.DataFrame) -> dict[str, dict[int, int]]:
    """Measure → year → quantity."""
    found: dict[str, dict[int, int]] = {}
    sums = brought.group_by("measure", "output_year").agg(pl.col("quantity").sum())
    for measure, year, quantity in sums.sort("measure", "output_year").iter_rows():
        found.setdefault(measure, {})[year] = quantity
    return found


def by_year_and_tier(brought: pl.DataFrame, measure: str) -> pl.DataFrame:
    """output_year × tier × `quantity` of one measure."""
    return (
        brought.filter(pl.col("measure") == measure)
        .group_by("output_year", "tier")
        .agg(pl.col("quantity").sum())
        .sort("output_year", "tier")
    )


def averages(
    register: Register, wanted: Wanted, branches: Branches, brought: pl.DataFrame, measure: str
) -> pl.DataFrame:
    """output_year × tier × `quantity`, `studios` and `average` per studio in 1/100 of the quantity, half up."""
    sums = by_year_and_tier(brought, measure)
    stocks = [
        counted(standing(register, at_end_of(wanted, year), branches), "tier").with_columns(
            pl.lit(year, pl.Int64).alias("output_year")
        )
        for year in sums["output_year"].unique().sort()
    ]
    empty = pl.DataFrame(schema={"tier": TIER, "studios": pl.Int64, "output_year": pl.Int64})
    hundredths = (pl.col("quantity") * 200 + pl.col("studios")) // (pl.col("studios") * 2)
    return (
        sums.join(pl.concat([empty, *stocks]), on=("output_year", "tier"))
        .with_columns(hundredths.alias("average"))
        .sort("output_year", "tier")
    )


def top(brought: pl.DataFrame, measure: str, year: int, count: int = 10) -> pl.DataFrame:
    """The studios that brought most of a measure in a year: number, name, tier, `quantity`; ties by number."""
    return (
        brought.filter((pl.col("measure") == measure) & (pl.col("output_year") == year))
        .group_by("studio", "number", "name", "name_en", "tier")
        .agg(pl.col("quantity").sum())
        .sort("quantity", "number", descending=[True, False])
        .head(count)
    )


def returns(
    register: Register, outputs: pl.DataFrame, wanted: Wanted, branches: Branches, year: int
) -> pl.DataFrame:
    """The studios standing in a year with `reported`: whether any output of it was entered, verified or not."""
    reported = outputs.filter(pl.col("output_year") == year)["studio"].unique()
    found = standing(register, at_end_of(wanted, year), branches)
    return found.with_columns(pl.col("studio").is_in(reported.implode()).alias("reported"))


def change_on_year(now: int, before: int) -> int | None:
    """By how many thousandths a figure rose on the year before, half up; None where there was nothing.

    >>> change_on_year(5209, 4715), change_on_year(97, 100), change_on_year(5, 0)
    (105, -30, None)
    """
    return None if before == 0 else ((now - before) * 2000 + before) // (2 * before)


async def details(output_ids: list[int]) -> Mapping[int, Mapping[str, Any]]:
    """Output → its title, proof, who verified it and when."""
    if not output_ids:
        return {}
    found = await database.frame(
        "SELECT id, title, proof, verified_by, verified_on FROM studio_output"
        f" WHERE id IN ({', '.join('?' * len(output_ids))})",
        {
            "output": pl.Int64,
            "title": pl.String,
            "proof": pl.String,
            "verified_by": pl.String,
            "verified_on": pl.Date,
        },
        *output_ids,
    )
    return {row["output"]: row for row in found.iter_rows(named=True)}


def latest(outputs: pl.DataFrame, standing: pl.DataFrame, count: int) -> pl.DataFrame:
    """What was verified last of outputs that have a title, one of each studio: OUTPUTS with the register."""
    return (
        outputs.filter("titled", pl.col("verified_on").is_not_null())
        .join(standing, on="studio", maintain_order="left")
        .sort("verified_on", "output", descending=True)
        .unique("studio", keep="first", maintain_order=True)
        .head(count)
    )
