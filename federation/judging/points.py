"""From a measured value to points: linear rules, tables, and floor(a·|x − b|^c) without a float."""

from decimal import Context, Decimal
from fractions import Fraction

import polars as pl

from federation.judging.frames import SCALE
from federation.judging.rounding import Exact, clipped, round_number, times, total
from federation.judging.schemes import PointsRule

_PRECISION = Context(prec=60)
_NEAR = Decimal(1).scaleb(-30)


def points(rule: PointsRule, value: Exact, frame: pl.DataFrame) -> Exact:
    """The rule applied to a column already in the frame."""
    if rule.kind == "linear":
        sloped = times(value, Fraction(rule.slope) / Fraction(rule.per))
        base = pl.when(sloped.column.is_not_null()).then(pl.lit(rule.base, dtype=pl.Int64))
        earned = total([sloped, Exact(base, 1, rule.base, rule.base, value.nulls)])
    elif rule.kind == "identity":
        earned = value
    else:
        earned = _by_distinct_value(rule, value, frame)
    return clipped(earned, rule.floor, rule.cap)


def _by_distinct_value(rule: PointsRule, value: Exact, frame: pl.DataFrame) -> Exact:
    """A value table of what was really measured: thousands of entries share a few hundred values."""
    seen = frame.select(value.column.unique().drop_nulls()).to_series()
    of = _table if rule.kind == "table" else power
    results = [of(rule, Fraction(number, value.denominator * SCALE)) for number in seen.to_list()]
    if not results:
        return Exact(value.column.cast(pl.Int64), 1, 0, 0, value.nulls)
    column = value.column.replace_strict(seen, pl.Series(results, dtype=pl.Int64), return_dtype=pl.Int64)
    return Exact(column, 1, min(results), max(results), value.nulls)


def _table(rule: PointsRule, x: Fraction) -> int:
    x = x * SCALE
    if rule.match == "exact":
        found = [step.points for step in rule.table if step.bound == x]
    elif rule.match == "upto":
        found = [step.points for step in rule.table if x <= step.bound][:1]
    else:
        found = [step.points for step in rule.table if step.bound <= x][-1:]
    return found[0] if found else rule.otherwise


def power(rule: PointsRule, x: Fraction) -> int:
    """floor(a·d^c), scaled, where d is how far x lies on the earning side of b; 0 on the other side.

    Sixty digits decide, except within 10^-30 of a whole number: there whole numbers are compared instead,
    since (n / a)^q and d^p are exact for c = p / q.
    """
    b, unit = Fraction(rule.b), Fraction(rule.unit)
    distance = b - x * unit if rule.better == "lower" else x * unit - b
    if distance <= 0:
        return 0
    d = _PRECISION.divide(Decimal(distance.numerator), Decimal(distance.denominator))
    close = _PRECISION.multiply(rule.a, _PRECISION.power(d, rule.c))
    nearest = int(close.to_integral_value())
    if abs(close - nearest) >= _NEAR:
        return round_number(Fraction(close), "floor") * SCALE
    exponent = Fraction(rule.c)
    reached = (Fraction(nearest) / Fraction(rule.a)) ** exponent.denominator <= distance**exponent.numerator
    return (nearest if reached else nearest - 1) * SCALE
