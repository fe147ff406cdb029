"""Exact fractions in columns, and the one place where anything is divided.

A quantity is an integer column over one denominator known beforehand: value = column / (denominator · 10 000).
Bounds of the column travel along, so that Int64 is left for Int128 before anything could overflow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

import polars as pl

from federation.findings import Finding
from federation.judging.frames import SCALE, FrameError
from federation.judging.schemes import Mode, Rounding

_NARROW = 2**62
_WIDE = 2**125


@dataclass(frozen=True, slots=True)
class Exact:
    """`column` is null where there is no number; `nulls` says whether that can happen."""

    column: pl.Expr
    denominator: int
    low: int
    high: int
    nulls: bool

    @property
    def wide(self) -> bool:
        return max(-self.low, self.high) >= _NARROW


def times(value: Exact, factor: Fraction) -> Exact:
    """The value times a constant."""
    common = gcd(factor.numerator, value.denominator) or 1
    by = factor.numerator // common
    denominator = value.denominator // common * factor.denominator
    if by == 1:
        return replace(value, denominator=denominator)
    ends = (value.low * by, value.high * by)
    return _made(_room(value.column, value, ends) * _constant(by, ends), denominator, ends, value.nulls)


def over(value: Exact, denominator: int) -> Exact:
    """The same value over a multiple of its denominator."""
    by = denominator // value.denominator
    if by == 1:
        return value
    ends = (value.low * by, value.high * by)
    return _made(_room(value.column, value, ends) * _constant(by, ends), denominator, ends, value.nulls)


def times_column(value: Exact, other: Exact) -> Exact:
    """The product of two columns; null where either is."""
    ends = [a * b for a in (value.low, value.high) for b in (other.low, other.high)]
    left, right = _room(value.column, value, ends), _room(other.column, other, ends)
    # both scales of 1/10 000 multiply; one of them moves into the denominator
    denominator = value.denominator * other.denominator * SCALE
    return _made(left * right, denominator, ends, value.nulls or other.nulls)


def total(values: Sequence[Exact]) -> Exact:
    """The sum of what is there; null only where nothing is."""
    if len(values) == 1:
        return values[0]
    common = lcm(*(value.denominator for value in values))
    parts = [over(value, common) for value in values]
    low = sum(min(part.low, 0) if part.nulls else part.low for part in parts)
    high = sum(max(part.high, 0) if part.nulls else part.high for part in parts)
    widest = [low, high]
    columns = [_room(part.column, part, widest) for part in parts]
    summed = _chain([c.fill_null(0) if p.nulls else c for c, p in zip(columns, parts, strict=True)])
    empty = all(part.nulls for part in parts)
    if empty:
        summed = pl.when(pl.any_horizontal(c.is_not_null() for c in columns)).then(summed)
    return _made(summed, common, widest, empty)


def less(value: Exact, other: Exact) -> Exact:
    """value − other, where a missing other takes nothing off."""
    taken = replace(times(other, Fraction(-1)), nulls=False)
    taken = replace(taken, column=taken.column.fill_null(0), low=min(taken.low, 0), high=max(taken.high, 0))
    common = lcm(value.denominator, taken.denominator)
    a, b = over(value, common), over(taken, common)
    ends = (a.low + b.low, a.high + b.high)
    return _made(_room(a.column, a, ends) + _room(b.column, b, ends), common, ends, value.nulls)


def clipped(value: Exact, floor: int | None, cap: int | None) -> Exact:
    """Held between two scaled constants."""
    low, high, column = value.low, value.high, value.column
    if floor is not None and low < (bound := floor * value.denominator):
        column = pl.max_horizontal(column, _constant(bound, (low, high)))
        low, high = bound, max(high, bound)
    if cap is not None and high > (bound := cap * value.denominator):
        column = pl.min_horizontal(column, _constant(bound, (low, high)))
        low, high = min(low, bound), bound
    if value.nulls and column is not value.column:
        column = pl.when(value.column.is_not_null()).then(column)
    return Exact(column, value.denominator, low, high, value.nulls)


def rounded(value: Exact, rounding: Rounding) -> Exact:
    """To a multiple of the rounding's step; a step of 0 keeps the fraction."""
    if rounding.step == 0:
        return value
    unit = rounding.step * value.denominator
    if unit == 1:
        return value
    ends = (2 * value.low - unit, 2 * value.high + unit)
    quotient = _divide(_room(value.column, value, ends), unit, rounding.mode, value.low >= 0, ends)
    exact_ends = [
        round_number(Fraction(end, unit), rounding.mode) * rounding.step for end in (value.low, value.high)
    ]
    column = quotient * _constant(rounding.step, ends)
    if _needs_wide(ends) and not _needs_wide(exact_ends):
        column = column.cast(pl.Int64)
    return _made(column, 1, exact_ends, value.nulls)


def round_number(number: Fraction, mode: Mode) -> int:
    """One number by the same modes; half_up is away from zero on a half, down is towards zero, up away from it."""
    below = number.numerator // number.denominator
    rest = number - below
    if rest == 0:
        return below
    if mode == "floor" or (mode == "down" and number > 0) or (mode == "up" and number < 0):
        return below
    if mode in ("ceil", "down", "up"):
        return below + 1
    if rest == Fraction(1, 2):
        away = below + 1 if number > 0 else below
        return away if mode == "half_up" else below + below % 2
    return below + (rest > Fraction(1, 2))


def round_fraction(value: Fraction, rounding: Rounding) -> Fraction:
    """One value in points, by the same rule as a column."""
    if rounding.step == 0:
        return value
    step = Fraction(rounding.step, SCALE)
    return round_number(value / step, rounding.mode) * step


def part_of(whole: int, count: pl.Expr) -> pl.Expr:
    """whole / count, for counts that divide the whole; null for a count of 0."""
    return pl.when(count > 0).then(pl.lit(whole, dtype=pl.Int64) // count)


def halves(count: pl.Expr) -> pl.Expr:
    return count // 2


def multiples(column: pl.Series, step: int) -> pl.Series:
    """column / step, for columns of multiples of the step."""
    return column if step == 1 else column // step


def scaled(value: Exact) -> pl.Expr:
    """The value as a scaled Int64, half-up where the exact fraction is finer than 1/10 000."""
    return rounded(value, Rounding(1)).column


def _divide(column: pl.Expr, unit: int, mode: Mode, positive: bool, ends: Sequence[int]) -> pl.Expr:
    by = _constant(unit, ends)
    if mode == "floor" or (mode == "down" and positive):
        return column // by
    if mode == "ceil" or (mode == "up" and positive):
        return 0 - (0 - column) // by
    if mode == "down":
        return pl.when(column >= 0).then(column // by).otherwise(0 - (0 - column) // by)
    if mode == "up":
        return pl.when(column >= 0).then(0 - (0 - column) // by).otherwise(column // by)
    double = _constant(2 * unit, ends)
    up = (column * 2 + by) // double
    if mode == "half_up":
        return up if positive else pl.when(column >= 0).then(up).otherwise(0 - (by - column * 2) // double)
    tie = ((column * 2 + by) % double == 0) & (up % 2 != 0)
    return up - tie.cast(pl.Int64)


def _chain(columns: Sequence[pl.Expr]) -> pl.Expr:
    summed = columns[0]
    for column in columns[1:]:
        summed = summed + column
    return summed


def _needs_wide(ends: Sequence[int]) -> bool:
    return max(abs(end) for end in ends) >= _NARROW


def _room(column: pl.Expr, value: Exact, ends: Sequence[int]) -> pl.Expr:
    """The column in a type that can hold what it is about to become."""
    return column.cast(pl.Int128) if _needs_wide(ends) and not value.wide else column


def _constant(number: int, ends: Sequence[int]) -> pl.Expr:
    return pl.lit(number, dtype=pl.Int128 if _needs_wide([*ends, number]) else pl.Int64)


def _made(column: pl.Expr, denominator: int, ends: Sequence[int], nulls: bool) -> Exact:
    low, high = min(ends), max(ends)
    if max(-low, high, denominator) >= _WIDE:
        raise FrameError([Finding("marks.numbers_too_large", place="marks")])
    return Exact(column, denominator, low, high, nulls)
