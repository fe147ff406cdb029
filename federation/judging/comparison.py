"""Two boards of the same entries side by side: who rises, falls, crosses a line. Pure."""

from dataclasses import dataclass

import polars as pl

from federation.judging.ranking import Outcome
from federation.judging.schemes import Scheme

COMPARISON = pl.Schema(
    {
        "entry": pl.Int64(),
        "place_before": pl.Int32(),  # in the first ranking; null for guests and those not ranked
        "place_after": pl.Int32(),
        "total_before": pl.Int64(),  # scaled; null where nothing was marked
        "total_after": pl.Int64(),
        "award_before": pl.String(),  # id of an award line
        "award_after": pl.String(),
        "reached_before": pl.Int32(),  # number of the last stage reached, from 1
        "reached_after": pl.Int32(),
        "tied_before": pl.Boolean(),
        "tied_after": pl.Boolean(),
        "moved": pl.Int32(),  # places risen; negative: fallen; null without a place on either side
        "award_moved": pl.Int32(),  # award lines crossed upwards; negative: downwards
    }
)
"""One row per entry of either board, in the display order of the board after; those only before stand last."""

_SHOWN = ("place", "total", "award", "reached", "tied")
_STANDING = ("place", "award", "reached", "tied")


@dataclass(frozen=True, slots=True)
class Crossings:
    """Entries (Int64) by what happens to them, each in the order of the comparison; one may be in several.

    rises, falls: in place. unchanged: nothing shown differs. retotalled: the total differs. award_up, award_down:
    across an award line. advances, stays_behind: across the line of a cut. enters, leaves: gets a place, or has
    none any more. becomes_tied, ceases_tied: shares its place from now on, or no longer.
    """

    rises: pl.Series
    falls: pl.Series
    unchanged: pl.Series
    retotalled: pl.Series
    award_up: pl.Series
    award_down: pl.Series
    advances: pl.Series
    stays_behind: pl.Series
    enters: pl.Series
    leaves: pl.Series
    becomes_tied: pl.Series
    ceases_tied: pl.Series


def compare(before: Outcome, after: Outcome) -> pl.DataFrame:
    """The boards side by side (COMPARISON). They may differ in scheme, marks and entries."""
    lines = _lines(before.scheme, after.scheme)
    old = before.places.select("entry", pl.col("order").alias("order_before"), *_side("before"))
    new = after.places.select("entry", pl.col("order").alias("order_after"), *_side("after"))
    both = new.join(old, on="entry", how="full", coalesce=True)
    both = both.sort("order_after", "order_before", nulls_last=True)
    return both.with_columns(
        (pl.col("place_before") - pl.col("place_after")).alias("moved"),
        (_line("award_before", lines) - _line("award_after", lines)).alias("award_moved"),
    ).select(COMPARISON.names())


def crossings(comparison: pl.DataFrame) -> Crossings:
    """Who does what in a comparison."""
    moved, line = pl.col("moved"), pl.col("award_moved")
    placed_before, placed_after = pl.col("place_before").is_not_null(), pl.col("place_after").is_not_null()
    stage = pl.col("reached_after") - pl.col("reached_before")
    tied_before, tied_after = pl.col("tied_before").fill_null(False), pl.col("tied_after").fill_null(False)
    conditions = {
        "rises": moved > 0,
        "falls": moved < 0,
        "unchanged": ~changed(),
        "retotalled": pl.col("total_before").ne_missing(pl.col("total_after")),
        "award_up": line > 0,
        "award_down": line < 0,
        "advances": stage > 0,
        "stays_behind": stage < 0,
        "enters": ~placed_before & placed_after,
        "leaves": placed_before & ~placed_after,
        "becomes_tied": ~tied_before & tied_after,
        "ceases_tied": tied_before & ~tied_after,
    }
    flags = comparison.select("entry", **conditions)
    return Crossings(**{name: flags["entry"].filter(flags[name].fill_null(False)) for name in conditions})


def changed() -> pl.Expr:
    """Whether anything shown differs between the two sides of a row."""
    return _differs(_SHOWN)


def standing_changed() -> pl.Expr:
    """Whether more than the total differs: the place, whether it is shared, the award or the stage reached."""
    return _differs(_STANDING)


def _differs(columns: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(pl.col(f"{c}_before").ne_missing(pl.col(f"{c}_after")) for c in columns)


def by_effect(comparison: pl.DataFrame) -> pl.DataFrame:
    """The rows with the weightiest change first: places gained or lost altogether, stages, award lines, places,
    totals; then in the order they had."""

    def size(difference: pl.Expr) -> pl.Expr:
        return difference.abs().fill_null(0)

    placed = pl.col("place_before").is_null().ne_missing(pl.col("place_after").is_null())
    keys = [
        placed.cast(pl.Int32),
        size(pl.col("reached_after") - pl.col("reached_before")),
        size(pl.col("award_moved")),
        size(pl.col("moved")),
        size(pl.col("total_after") - pl.col("total_before")),
    ]
    return comparison.sort(keys, descending=True, maintain_order=True)


def _side(side: str) -> list[pl.Expr]:
    return [pl.col(name).alias(f"{name}_{side}") for name in _SHOWN]


def _lines(before: Scheme, after: Scheme) -> list[str]:
    """All award lines from the top: those of the new scheme, and between them those only the old one has."""
    lines = [line.id for line in after.award_lines]
    at = 0
    for line in before.award_lines:
        if line.id not in lines:
            lines.insert(at, line.id)
        at = lines.index(line.id) + 1
    return lines


def _line(column: str, lines: list[str]) -> pl.Expr:
    """Number of the award line from the top; below all of them without one."""
    numbers = pl.Series(range(len(lines)), dtype=pl.Int32)
    names = pl.Series(lines, dtype=pl.String)
    return pl.col(column).replace_strict(names, numbers, default=len(lines), return_dtype=pl.Int32)
