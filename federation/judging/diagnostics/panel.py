"""The marks of judges beside each other: one row per number a judge gave, next to what the panel made of it.

Deviations are kept as integers over a common denominator until the last step, so that neither the order of rows nor
the names of judges can move a figure. What comes out is a diagnostic, a float, and never a mark.
"""

from __future__ import annotations

from math import lcm

import polars as pl

from federation.judging.aggregation import Evaluation
from federation.judging.frames import SCALE
from federation.judging.schemes import Aspect

GIVEN = pl.Schema(
    {
        "row": pl.Int64(),
        "leaf": pl.Int32(),
        "entry": pl.Int64(),
        "stage": pl.String(),
        "aspect": pl.String(),
        "attempt": pl.Int32(),
        "judge": pl.String(),
        "value": pl.Int64(),  # scaled
        "count": pl.Int64(),  # numbers given to this performance, this one among them
        "sum": pl.Int64(),
        "low": pl.Int64(),
        "high": pl.Int64(),
        "span": pl.Int64(),  # full range of the aspect, scaled; null where it has none
        "dropped": pl.Boolean(),  # left out as an extreme, or drawn in by a clamped mean
        "parted": pl.Int64(),  # (value − panel's mean) over `denominator`
        "apart": pl.Int64(),  # (value − mean of the other judges) over `denominator`
        "denominator": pl.Int64(),
    }
)
"""One row per number given by one of at least two judges of the same performance (entry, aspect, attempt)."""


def judged(aspect: object) -> bool:
    """Is this marked by several judges beside each other?"""
    return isinstance(aspect, Aspect) and aspect.panel.method != "single"


def given(evaluation: Evaluation) -> pl.DataFrame:
    """GIVEN out of the marks of a board, ordered by entry, aspect, attempt and judge."""
    nodes, leaves = evaluation.nodes, evaluation.layout.leaves
    about = []
    for code, path in enumerate(leaves):
        aspect = nodes[path].definition
        if isinstance(aspect, Aspect) and judged(aspect):
            panel = aspect.panel
            trims = panel.method.startswith("trimmed")
            high, low = (panel.drop_high, panel.drop_low) if trims else (0, 0)
            ends = (aspect.minimum, aspect.maximum)
            span = None if ends[0] is None or ends[1] is None else ends[1] - ends[0]
            clamp = panel.clamp if panel.method == "clamped_mean" else None
            about.append(
                (
                    code,
                    nodes[path].stage,
                    aspect.id,
                    span,
                    high,
                    low,
                    max(panel.trim_from, high + low + 1),
                    clamp,
                )
            )
    names = ["leaf", "stage", "aspect", "span", "drop_high", "drop_low", "trims_at", "clamp"]
    types = [pl.Int32, pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64, pl.Int64, pl.Int64]
    aspects = pl.DataFrame(about, schema=dict(zip(names, types, strict=True)), orient="row")
    rows = evaluation.layout.rows.filter(pl.col("value").is_not_null()).select(
        pl.col("row").cast(pl.Int64),
        pl.col("leaf").cast(pl.Int32),
        pl.col("attempt").fill_null(1).cast(pl.Int32),
        pl.col("judge").cast(pl.String).fill_null(""),
        "value",
    )
    rows = rows.join(aspects, on="leaf").sort("row", "leaf", "attempt", "judge")
    beside = ["row", "leaf", "attempt"]
    rows = rows.with_columns(
        count=pl.len().over(beside).cast(pl.Int64),
        sum=pl.col("value").sum().over(beside),
        low=pl.col("value").min().over(beside),
        high=pl.col("value").max().over(beside),
        rank=pl.col("value").rank("ordinal").over(beside).cast(pl.Int64),
    ).filter(pl.col("count") > 1)
    common = 1
    for count in rows["count"].unique().to_list():
        common = lcm(common, count * (count - 1))
    common = min(common, 10**7)  # panels of many sizes: what is lost lies in the eighth digit
    rows = rows.with_columns(_dropped().alias("dropped"), **_deviations(common))
    entries = evaluation.layout.entries["entry"]
    return rows.with_columns(entry=entries.gather(rows["row"])).select(
        pl.col(name).cast(kind) for name, kind in GIVEN.items()
    )


def _dropped() -> pl.Expr:
    trims = pl.col("count") >= pl.col("trims_at")
    end = (pl.col("rank") <= pl.col("drop_low")) | (pl.col("rank") > pl.col("count") - pl.col("drop_high"))
    beyond = (pl.col("value") * pl.col("count") - pl.col("sum")).abs() > pl.col("clamp") * pl.col("count")
    return (trims & end) | beyond.fill_null(False)


def _deviations(common: int) -> dict[str, pl.Expr]:
    """value − mean is (value·count − sum) / count; value − mean of the others the same over count − 1."""
    over = pl.col("value") * pl.col("count") - pl.col("sum")
    return {
        "parted": over * common // pl.col("count"),
        "apart": over * common // (pl.col("count") - 1),
        "denominator": pl.lit(common * SCALE, dtype=pl.Int64),
    }
