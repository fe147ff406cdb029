"""Fractions of points: rounding, judges to a value, value to points."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

from federation.judging import schemes as language

SCALE = 10_000
Number = Fraction | None
Row = dict[str, Any]
Holder = language.Stage | language.Module | language.SubCriterion | language.Aspect
Columns = dict[int, Any]
KINDS = ("dnf", "dns", "dsq", "void", "pending")


def stepped(value: Fraction, rounding: language.Rounding) -> Fraction:
    """To a multiple of the step; a half goes away from zero, to the even multiple, or wherever the mode says."""
    if not rounding.step:
        return value
    step = Fraction(rounding.step, SCALE)
    size = abs(value) / step
    whole = floor(size)
    rest = size - whole
    sign = -1 if value < 0 else 1
    if rounding.mode == "half_up":
        whole += rest >= Fraction(1, 2)
    elif rounding.mode == "half_even":
        whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    elif rounding.mode == "up":
        whole += rest > 0
    elif rounding.mode == "floor":
        whole += rest > 0 and sign < 0
    elif rounding.mode == "ceil":
        whole += rest > 0 and sign > 0
    return sign * whole * step


def shown(value: Number) -> int | None:
    return None if value is None else int(stepped(value, language.Rounding(1)) * SCALE)


def points(scaled: int) -> Fraction:
    return Fraction(scaled, SCALE)


def average(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def limited(value: Fraction, low: int | None, high: int | None) -> Fraction:
    if low is not None:
        value = max(value, points(low))
    return value if high is None else min(value, points(high))


def added(values: Sequence[Number]) -> Number:
    there = [value for value in values if value is not None]
    return sum(there, Fraction(0)) if there else None


# judges to a value, value to points


def together(panel: language.Panel, given: list[Fraction], recused: int = 0) -> Number:
    """What the judges who gave a number give together; some may have stepped aside."""
    if not given or len(given) < panel.minimum:
        return None
    if panel.absent == "wait" and len(given) < panel.judges - recused:
        return None
    if panel.method == "single":
        return given[0]
    if panel.absent == "fill" and panel.method in ("sum", "trimmed_sum"):
        given = given + [average(given)] * (panel.judges - len(given))
    ordered = sorted(given)
    if panel.method.startswith("trimmed"):
        out = panel.drop_low + panel.drop_high
        if len(ordered) > out and len(ordered) >= panel.trim_from:
            ordered = ordered[panel.drop_low : len(ordered) - panel.drop_high]
    if panel.method == "median":
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else average(ordered[half - 1 : half + 1])
    if panel.method == "clamped_mean":
        center, reach = stepped(average(given), panel.center), points(panel.clamp)
        return average([max(center - reach, min(center + reach, mark)) for mark in given])
    whole = sum(ordered, Fraction(0))
    return whole if panel.method in ("sum", "trimmed_sum") else whole / len(ordered)


def earned(rule: language.PointsRule, x: Fraction) -> Fraction:
    if rule.kind == "identity":
        found = x
    elif rule.kind == "linear":
        found = points(rule.base) + Fraction(rule.slope) * x / Fraction(rule.per)
    elif rule.kind == "table":
        found = points(rule.otherwise)
        lines = rule.table if rule.match == "from" else tuple(reversed(rule.table))
        for line in lines:
            bound = points(line.bound)
            if {"from": bound <= x, "upto": x <= bound, "exact": x == bound}[rule.match]:
                found = points(line.points)
    else:
        found = Fraction(powered(rule, x))
    return limited(found, rule.floor, rule.cap)


def powered(rule: language.PointsRule, x: Fraction) -> int:
    """The largest whole n with n <= a·d^c, found with whole numbers: (n/a)^q <= d^p for c = p/q."""
    distance = x * Fraction(rule.unit) - Fraction(rule.b)
    if rule.better == "lower":
        distance = -distance
    if distance <= 0:
        return 0
    c, a = Fraction(rule.c), Fraction(rule.a)
    target = distance**c.numerator

    def fits(n: int) -> bool:
        return (Fraction(n) / a) ** c.denominator <= target

    high = 1
    while fits(high):
        high *= 2
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
