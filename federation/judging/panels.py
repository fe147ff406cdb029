"""Several judges' marks of one aspect become one value."""

from dataclasses import replace
from fractions import Fraction
from math import lcm

import polars as pl

from federation.findings import Finding
from federation.judging.frames import FrameError
from federation.judging.rounding import Exact, halves, over, part_of, rounded, times, total
from federation.judging.schemes import Panel


def combine(
    panel: Panel, marks: list[Exact], frame: pl.DataFrame, aspect: str, recused: pl.Series | None = None
) -> Exact:
    """`marks`: one column per seat, null where that judge gave no number. `recused`: how many judges of each row
    stepped aside and are not waited for; None where nobody did."""
    if panel.method == "single":
        return marks[0]
    if panel.judges and len(marks) > panel.judges:
        _refuse_too_many(panel, marks, frame, aspect)
    count = _count(marks)
    if panel.method in ("sum", "mean") and not any(mark.nulls for mark in marks):
        full = total(marks)
        value = full if panel.method == "sum" else times(full, Fraction(1, len(marks)))
        if panel.method == "sum" and panel.absent == "fill" and panel.judges > len(marks):
            value = times(full, Fraction(panel.judges, len(marks)))
    else:
        value = _combined(panel, marks, count)
    needed = pl.lit(max(panel.minimum, 1), dtype=pl.Int64)
    if panel.absent == "wait":
        expected = pl.lit(panel.judges, dtype=pl.Int64)
        needed = pl.max_horizontal(needed, expected if recused is None else expected - pl.lit(recused))
    elif panel.minimum <= 1:
        return value
    return Exact(pl.when(count >= needed).then(value.column), value.denominator, value.low, value.high, True)


def _refuse_too_many(panel: Panel, marks: list[Exact], frame: pl.DataFrame, aspect: str) -> None:
    crowded = frame.filter(_count(marks) > panel.judges)["entry"]
    if crowded.len():
        facts = {"aspect": aspect, "judges": panel.judges, "entries": crowded[:20].to_list()}
        raise FrameError([Finding("marks.too_many_judges", place="marks.judge", facts=facts)])


def _count(marks: list[Exact]) -> pl.Expr:
    return pl.sum_horizontal(mark.column.is_not_null().cast(pl.Int64) for mark in marks)


def _combined(panel: Panel, marks: list[Exact], count: pl.Expr) -> Exact:
    if panel.method == "clamped_mean":
        return _clamped(panel, marks, count)
    if panel.method == "trimmed_sum" and panel.absent == "fill":
        marks = _filled(panel, marks, count)
        count = pl.when(count > 0).then(panel.judges).otherwise(0)
    kept, parts = _kept(panel, marks, count)
    if panel.method == "trimmed_sum":
        return kept
    if panel.method == "sum":
        if panel.absent != "fill":
            return kept
        return times(_divided(kept, parts, len(marks)), Fraction(panel.judges))
    return _divided(kept, parts, len(marks))


def _filled(panel: Panel, marks: list[Exact], count: pl.Expr) -> list[Exact]:
    """The marks and, for every judge missing from the panel, their mean."""
    mean = _divided(total(marks), count, len(marks))
    stand_ins = [
        replace(mean, column=pl.when(count + missing <= panel.judges).then(mean.column), nulls=True)
        for missing in range(1, panel.judges)
    ]
    return [*(over(mark, mean.denominator) for mark in marks), *stand_ins]


def _divided(kept: Exact, parts: pl.Expr, most: int) -> Exact:
    """kept / parts, where parts is a column of 1 … most."""
    common = lcm(*range(1, most + 1))
    low, high = min(kept.low * common, kept.low), max(kept.high * common, kept.high)
    wide = max(-low, high) >= 2**62
    column = kept.column.cast(pl.Int128) if wide else kept.column
    return Exact(column * part_of(common, parts), kept.denominator * common, low, high, kept.nulls)


def _kept(panel: Panel, marks: list[Exact], count: pl.Expr) -> tuple[Exact, pl.Expr]:
    """What counts of an entry's marks, summed, and how many those are."""
    full = total(marks)
    if panel.method in ("sum", "mean"):
        return full, count
    columns = [mark.column for mark in marks]
    ordered = pl.concat_list(columns).list.drop_nulls().list.sort()
    ends = (min([full.low, *(mark.low for mark in marks)]), max([full.high, *(mark.high for mark in marks)]))
    if panel.method == "median":
        length = 2 - count % 2
        middle = ordered.list.slice(halves(count - 1), length).list.sum()
        return Exact(pl.when(count > 0).then(middle), full.denominator, *ends, nulls=True), length
    dropped = panel.drop_high + panel.drop_low
    trims = count >= max(panel.trim_from, dropped + 1)
    if panel.drop_high <= 1 and panel.drop_low <= 1:
        rest = full.column
        if panel.drop_high:
            rest = rest - pl.max_horizontal(columns)
        if panel.drop_low:
            rest = rest - pl.min_horizontal(columns)
    else:
        rest = ordered.list.slice(panel.drop_low, (count - dropped).clip(0)).list.sum()
    column = pl.when(trims).then(rest).otherwise(full.column)
    spare = max(abs(end) for end in ends)
    kept = Exact(column, full.denominator, ends[0] - spare, ends[1] + spare, full.nulls)
    return kept, pl.when(trims).then(count - dropped).otherwise(count)


def _clamped(panel: Panel, marks: list[Exact], count: pl.Expr) -> Exact:
    """Every mark drawn to within `clamp` of the mean, then the mean of those."""
    full = total(marks)
    most = len(marks)
    if panel.center.step:
        center, by = rounded(_divided(full, count, most), panel.center).column, pl.lit(1, dtype=pl.Int64)
    else:
        center, by = full.column, count  # over the number of marks, which keeps the mean exact
    reach = by * panel.clamp
    drawn = [
        pl.when(mark.column.is_not_null()).then(
            pl.min_horizontal(pl.max_horizontal(mark.column * by, center - reach), center + reach)
        )
        for mark in marks
    ]
    span = (
        (most + 1) * most * (max(abs(full.low), abs(full.high), 1) + most * panel.clamp + panel.center.step)
    )
    summed = Exact(pl.sum_horizontal(drawn), full.denominator, -span, span, full.nulls)
    once = _divided(summed, count, most)
    return once if panel.center.step else _divided(once, count, most)
