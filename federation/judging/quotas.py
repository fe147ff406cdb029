"""Lines across a board: who goes on to the next stage, who is proposed for which award."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import polars as pl

from federation.judging.frames import SCALE
from federation.judging.order import Sorted, places
from federation.judging.rounding import round_number
from federation.judging.schemes import AwardLine, Cut, Mode, Scheme


def admitted(cut: Cut, strict: Sorted, by_total: Sorted, totals: pl.Series, lower: bool) -> pl.Series:
    """Rows that pass. `strict` is sorted by the whole chain, `by_total` by totals alone; `totals` is by row."""
    if cut.kind == "line":
        rows = strict.index
        beyond = totals.gather(rows) <= cut.line if lower else totals.gather(rows) >= cut.line
        return rows.filter(beyond.fill_null(False))
    ordered = strict if cut.ties == "break" else by_total
    placed = places(ordered, "standard")
    last = "place" if cut.ties != "exclude" else "end"
    placed = placed.with_columns((pl.col("standard") + pl.col("run") - 1).alias("end"))
    quota = _of_field(
        placed["field"],
        lambda field: cut.count if cut.kind == "count" else _share(cut.share, field, cut.share_rounding),
    )
    return ordered.index.filter(placed[last] <= quota)


def awards(scheme: Scheme, placed: pl.DataFrame, totals: pl.Series) -> pl.Series:
    """The award line of each sorted row, or null. `placed` is what `order.places` gave, `totals` in the same order."""
    lines = scheme.award_lines
    if not lines:
        return pl.repeat(None, placed.height, dtype=pl.String, eager=True)
    ordinal = scheme.place_form == "ordinal"
    first = placed["place"].cast(pl.Int64) if ordinal else placed["standard"]
    last = first if ordinal else first + placed["run"] - 1
    code = pl.repeat(None, placed.height, dtype=pl.Int32, eager=True)
    for number, line in reversed(list(enumerate(lines))):
        filled = _of_field(placed["field"], partial(boundary, lines[: number + 1]))
        won = (first if line.ties == "extend" else last) <= filled
        won = won & (placed["field"] >= line.minimum_field)
        if line.minimum_total is not None:
            enough = (
                totals <= line.minimum_total if scheme.better == "lower" else totals >= line.minimum_total
            )
            won = won & enough.fill_null(False)
        code = code.set(won, number)
    return pl.Series([line.id for line in lines]).gather(code)


def boundary(lines: tuple[AwardLine, ...], field: int) -> int:
    """The last place of the last of the lines, in a field of this size."""
    return sum(
        line.count if line.count is not None else _share(line.share or 0, field, line.rounding)
        for line in lines
        if field >= line.minimum_field
    )


def _share(share: int, field: int, mode: Mode) -> int:
    return round_number(Fraction(share * field, SCALE), mode)


def _of_field(field: pl.Series, of: Callable[[int], int]) -> pl.Series:
    """A number that depends on the size of the group alone."""
    sizes = field.unique()
    return field.replace_strict(sizes, pl.Series([of(size) for size in sizes], dtype=pl.Int64))
