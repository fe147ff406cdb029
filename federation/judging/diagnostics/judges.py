"""How each judge marked beside the others. Figures to look at, floats in points or shares, never marks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from federation.judging.aggregation import Evaluation
from federation.judging.frames import SCALE
from federation.judging.schemes import Aspect

JUDGES = pl.Schema(
    {
        "judge": pl.String(),
        "marks": pl.Int64(),
        "deviation": pl.Float64(),  # mean of mark − panel's mean of the same performance, points as recorded
        "share": pl.Float64(),  # the same as a share of the aspect's full range
        "absolute": pl.Float64(),  # mean distance from the panel's mean, points
        "absolute_share": pl.Float64(),
        "highest": pl.Int64(),  # performances of which this judge gave the (or a) highest, where they differed
        "lowest": pl.Int64(),
        "dropped": pl.Int64(),  # left out as an extreme or drawn in by a clamped mean
        "entries": pl.Int64(),  # entries the agreement is told from
        "agreement": pl.Float64(),  # Spearman with the panel without this judge; null below the minimum
    }
)
"""One row per judge of any panel, by name."""

SPREADS = pl.Schema(
    {
        "entry": pl.Int64(),
        "stage": pl.String(),
        "aspect": pl.String(),
        "attempt": pl.Int32(),
        "spread": pl.Int64(),  # highest − lowest, scaled
        "allowed": pl.Int64(),
        "judges": pl.List(pl.String()),
        "values": pl.List(pl.Int64()),
    }
)
"""One row per performance whose judges lie further apart than its aspect allows, the widest first."""

BESIDE = pl.Schema(
    {
        "entry": pl.Int64(),
        "stage": pl.String(),
        "aspect": pl.String(),
        "attempt": pl.Int32(),
        "value": pl.Int64(),  # scaled
        "deviation": pl.Float64(),  # value − the panel's mean, points as recorded
        "dropped": pl.Boolean(),  # left out as an extreme, or drawn in by a clamped mean
        "judges": pl.List(pl.String()),  # the others who marked the same
        "values": pl.List(pl.Int64()),
    }
)
"""One row per number a judge gave beside others, the furthest from the panel first."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The least numbers a figure is told from. Editable; below them it says so instead of a number.

    own: entries of the judge's own unit (and as many others). agreement: entries of a rank agreement.
    items: entries of difficulty and discrimination. alarm: how often an unbiased judge may be marked by chance.
    """

    own: int = 3
    agreement: int = 5
    items: int = 10
    alarm: float = 0.01


USUAL = Samples()


def by_judge(numbers: pl.DataFrame, samples: Samples = USUAL) -> pl.DataFrame:
    """JUDGES out of panel.GIVEN."""
    unit = pl.col("denominator").first()
    differed = pl.col("high") > pl.col("low")
    ranged = pl.col("span") > 0
    counted = (
        numbers.group_by("judge")
        .agg(
            marks=pl.len().cast(pl.Int64),
            deviation=pl.col("parted").sum() / (unit * pl.len()),
            absolute=pl.col("parted").abs().sum() / (unit * pl.len()),
            share=_by_span("parted").filter(ranged).sum(),
            absolute_share=_by_span("parted", absolute=True).filter(ranged).sum(),
            ranged=ranged.sum(),
            highest=(differed & (pl.col("value") == pl.col("high"))).sum().cast(pl.Int64),
            lowest=(differed & (pl.col("value") == pl.col("low"))).sum().cast(pl.Int64),
            dropped=pl.col("dropped").sum().cast(pl.Int64),
        )
        .with_columns(
            (pl.when(pl.col("ranged") > 0).then(pl.col(name) / pl.col("ranged"))).alias(name)
            for name in ("share", "absolute_share")
        )
    )
    joined = counted.join(agreement(numbers, samples.agreement), on="judge", how="left")
    return joined.sort("judge").select(pl.col(name).cast(kind) for name, kind in JUDGES.items())


def _by_span(column: str, *, absolute: bool = False) -> pl.Expr:
    value = pl.col(column).abs() if absolute else pl.col(column)
    return value / pl.col("denominator") / (pl.col("span") / SCALE)


def agreement(numbers: pl.DataFrame, least: int) -> pl.DataFrame:
    """`judge`, `entries`, `agreement`: Spearman between what a judge gave each entry, summed over the performances
    the judge marked, and the mean of the others there. Null with fewer entries or where one side gave all alike."""
    common = pl.col("denominator") // SCALE
    summed = (
        numbers.with_columns(others=pl.col("value") * common - pl.col("apart"))
        .group_by("judge", "entry")
        .agg(pl.col("value").sum(), pl.col("others").sum(), performances=pl.len())
        .with_columns(most=pl.col("performances").max().over("judge"))
        .filter(pl.col("performances") == pl.col("most"))
        .sort("judge", "entry")
        .with_columns(
            own=pl.col("value").rank("average").over("judge"),
            rest=pl.col("others").rank("average").over("judge"),
        )
    )
    found = summed.group_by("judge", maintain_order=True).agg(
        entries=pl.len().cast(pl.Int64), agreement=pl.corr("own", "rest").fill_nan(None)
    )
    return found.with_columns(agreement=pl.when(pl.col("entries") >= least).then("agreement"))


def deviations(numbers: pl.DataFrame) -> pl.DataFrame:
    """`judge`, `entry`, `stage`, `aspect`, `attempt`, `deviation` in points: every number for the picture of a
    judge's spread."""
    return numbers.select(
        "judge",
        "entry",
        "stage",
        "aspect",
        "attempt",
        deviation=pl.col("parted") / pl.col("denominator"),
    )


def beside(numbers: pl.DataFrame, judge: str) -> pl.DataFrame:
    """BESIDE of one judge out of panel.GIVEN."""
    same = ["row", "leaf", "attempt"]
    of_judge = pl.col("judge") == judge
    by_seat = numbers.filter(~of_judge).sort(pl.col("judge").str.len_chars(), "judge")
    others = by_seat.group_by(same, maintain_order=True)
    rows = (
        numbers.filter(of_judge)
        .join(others.agg(judges=pl.col("judge"), values=pl.col("value")), on=same)
        .sort(pl.col("parted").abs(), "row", "leaf", "attempt", descending=[True, False, False, False])
        .with_columns(deviation=pl.col("parted") / pl.col("denominator"))
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in BESIDE.items())


def spreads(evaluation: Evaluation, numbers: pl.DataFrame) -> pl.DataFrame:
    """SPREADS out of panel.GIVEN: exact, a mark at the limit is no violation."""
    allowed = {
        code: node.definition.max_spread
        for code, path in enumerate(evaluation.layout.leaves)
        if isinstance((node := evaluation.nodes[path]).definition, Aspect)
        and node.definition.max_spread is not None
    }
    limits = pl.DataFrame(
        {"leaf": list(allowed), "allowed": list(allowed.values())},
        schema={"leaf": pl.Int32, "allowed": pl.Int64},
    )
    wide = numbers.join(limits, on="leaf").with_columns(spread=pl.col("high") - pl.col("low"))
    wide = wide.filter(pl.col("spread") > pl.col("allowed")).sort("judge")
    found = wide.group_by(
        "entry", "stage", "aspect", "attempt", "spread", "allowed", maintain_order=True
    ).agg(judges=pl.col("judge"), values=pl.col("value"))
    found = found.sort(
        pl.col("spread") - pl.col("allowed"),
        "entry",
        "stage",
        "aspect",
        "attempt",
        descending=[True, False, False, False, False],
    )
    return found.select(pl.col(name).cast(kind) for name, kind in SPREADS.items())
