"""Does a judge mark entries of the own unit otherwise than the other judges do? A question to ask, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from math import atan, cos, erfc, pi, sin, sqrt

import polars as pl

from federation.judging.diagnostics.judges import USUAL, Samples
from federation.judging.frames import SCALE

OWN_UNIT = pl.Schema(
    {
        "judge": pl.String(),
        "unit": pl.String(),
        "own": pl.Int64(),  # entries of the own unit this judge marked beside others
        "others": pl.Int64(),
        "difference": pl.Float64(),  # points; positive: more for the own unit. Null below the sample
        "share": pl.Float64(),  # the same as a share of the full range
        "errors": pl.Float64(),  # the share in units of its standard error
        "chance": pl.Float64(),  # how often an unbiased judge would lie as far off, either way
        "verdict": pl.String(),  # "few", "usual" or "striking"
    }
)
"""One row per judge with a known unit, by name."""


def own_unit(
    numbers: pl.DataFrame,
    entries: pl.DataFrame,
    units: Mapping[str, str],
    samples: Samples = USUAL,
) -> pl.DataFrame:
    """OWN_UNIT out of panel.GIVEN. `entries`: `entry`, `delegation`. `units`: judge → delegation.

    A judge's marks are held against the mean of the other judges of the same performance; then entries of the own
    unit against all others. Entries, not marks, are counted: marks of one entry lean on each other. Below
    `samples.own` on either side, or where nothing varies, the verdict is "few" and no number is given.
    """
    known = pl.DataFrame(
        {"judge": list(units), "unit": list(units.values())}, schema={"judge": pl.String, "unit": pl.String}
    )
    ranged = numbers.with_columns(span=pl.when(pl.col("span") > 0).then("span").otherwise(SCALE))
    each = (
        ranged.join(known, on="judge")
        .join(entries.select("entry", pl.col("delegation").cast(pl.String)), on="entry")
        .sort("judge", "entry", "leaf", "attempt")
        .group_by("judge", "unit", "entry", "delegation", maintain_order=True)
        .agg(
            points=(pl.col("apart") / pl.col("denominator")).mean(),
            share=(pl.col("apart") / pl.col("denominator") / (pl.col("span") / SCALE)).mean(),
        )
        .with_columns(mine=(pl.col("delegation") == pl.col("unit")).fill_null(False))
    )
    told = each.group_by("judge", "unit", maintain_order=True).agg(
        own=pl.col("mine").sum().cast(pl.Int64),
        others=(~pl.col("mine")).sum().cast(pl.Int64),
        difference=pl.col("points").filter("mine").mean() - pl.col("points").filter(~pl.col("mine")).mean(),
        share=pl.col("share").filter("mine").mean() - pl.col("share").filter(~pl.col("mine")).mean(),
        scatter=pl.col("share").filter("mine").var(ddof=0) * pl.col("mine").sum(),
        scatter_others=pl.col("share").filter(~pl.col("mine")).var(ddof=0) * (~pl.col("mine")).sum(),
    )
    silent = known.join(told, on="judge", how="anti")
    rows = [_verdict(row, samples) for row in told.iter_rows(named=True)]
    rows += [_few(row["judge"], row["unit"], 0, 0) for row in silent.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=OWN_UNIT, orient="row").sort("judge")


Row = tuple[str, str, int, int, float | None, float | None, float | None, float | None, str]


def _few(judge: str, unit: str, own: int, others: int) -> Row:
    return judge, unit, own, others, None, None, None, None, "few"


def _verdict(row: dict[str, object], samples: Samples) -> Row:
    judge, unit, own, others = str(row["judge"]), str(row["unit"]), row["own"], row["others"]
    assert isinstance(own, int)
    assert isinstance(others, int)
    least = max(samples.own, 2)
    if own < least or others < least:
        return _few(judge, unit, own, others)
    difference, share, *scatters = (
        row[name] for name in ("difference", "share", "scatter", "scatter_others")
    )
    assert isinstance(difference, float)
    assert isinstance(share, float)
    freedom = own + others - 2
    scatter = sum(one for one in scatters if isinstance(one, float))
    error = sqrt(max(scatter, 0.0) / freedom * (1 / own + 1 / others))
    if error < 1e-9:
        return _few(judge, unit, own, others)
    errors = share / error
    chance = by_chance(errors, freedom)
    verdict = "striking" if chance < samples.alarm else "usual"
    return judge, unit, own, others, difference, share, errors, chance, verdict


def by_chance(errors: float, freedom: int) -> float:
    """How often Student's t of this freedom lies further out than `errors`, both sides together.

    The closed sums for whole degrees of freedom; the normal law from 1,000 on.
    """
    far = abs(errors)
    if freedom >= 1_000:
        return erfc(far / sqrt(2))
    angle = atan(far / sqrt(freedom))
    square = cos(angle) ** 2
    term = cos(angle) if freedom % 2 else 1.0
    inside = 0.0
    for number in range(freedom % 2 + 2, freedom + 1, 2):
        inside += term
        term *= square * (number - 1) / number
    if freedom % 2:
        return max(0.0, 1 - 2 / pi * (angle + sin(angle) * inside))
    return max(0.0, 1 - sin(angle) * inside)
