"""A scheme tried on earlier marks, as the page reads it: who moves how far, old beside new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.scheme_trying import LeftOut, Tried
from federation.findings import Finding
from federation.judging import SCALE
from federation.judging.comparison import crossings
from federation.judging.schemes import Scheme
from web.formats import named

SHOWN = 300


@dataclass(frozen=True)
class TriedView:
    """rows: of the comparison, awards as names; None: nobody could be ranked. counts: of `Crossings`, by name."""

    about: Mapping[str, Any]
    rows: list[dict[str, Any]] | None
    hidden: int
    counts: dict[str, int]
    left_out: tuple[LeftOut, ...]
    marks: int
    used: int
    findings: tuple[Finding, ...]
    decimals_before: int
    decimals_after: int
    staged: bool


def tried_view(tried: Tried) -> TriedView:
    shown, hidden, counts = None, 0, {}
    if tried.comparison is not None:
        shown = _rows(tried.comparison.head(SHOWN), tried.before, tried.after)
        hidden = max(0, tried.comparison.height - SHOWN)
        crossed = crossings(tried.comparison)
        names = ("rises", "falls", "unchanged", "award_up", "award_down", "enters", "leaves")
        counts = {name: getattr(crossed, name).len() for name in names}
    return TriedView(
        tried.about,
        shown,
        hidden,
        counts,
        tried.left_out,
        tried.marks,
        tried.used,
        tried.findings,
        _decimals(tried.before),
        _decimals(tried.after),
        len(tried.after.stages) > 1,
    )


def _decimals(scheme: Scheme) -> int:
    """Places that totals are rounded to."""
    step = scheme.roundings.total.step
    return next((places for places in range(5) if step * 10**places % SCALE == 0), 4)


def _rows(comparison: pl.DataFrame, before: Scheme, after: Scheme) -> list[dict[str, Any]]:
    old = {line.id: named(line, "title") or line.id for line in before.award_lines}
    new = {line.id: named(line, "title") or line.id for line in after.award_lines}
    return [
        {
            **row,
            "award_before": old.get(row["award_before"], ""),
            "award_after": new.get(row["award_after"], ""),
        }
        for row in comparison.iter_rows(named=True)
    ]
