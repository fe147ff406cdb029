"""Diagnostics of a board: how judges, parts of the task and places hold up. Never alters a mark.

Standard deviations, correlations and the like are floats: they are read by people and never go into a total. Where a
figure decides something exact (a spread beyond the limit, a mark that would alter a place), it is an integer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from federation.judging.diagnostics.firmness import Firmness, firmness
from federation.judging.diagnostics.items import items
from federation.judging.diagnostics.judges import USUAL, Samples, beside, by_judge, deviations, spreads
from federation.judging.diagnostics.own_unit import own_unit
from federation.judging.diagnostics.panel import given
from federation.judging.diagnostics.without import LeftOut, leave_one_out
from federation.judging.ranking import Outcome

__all__ = [
    "USUAL",
    "Diagnosis",
    "Firmness",
    "LeftOut",
    "Samples",
    "beside",
    "by_judge",
    "deviations",
    "diagnose",
    "firmness",
    "given",
    "items",
    "leave_one_out",
    "own_unit",
    "spreads",
]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything of one board: frames as the modules here describe them."""

    outcome: Outcome
    samples: Samples
    numbers: pl.DataFrame
    judges: pl.DataFrame
    spreads: pl.DataFrame
    own_unit: pl.DataFrame
    left_out: LeftOut
    items: pl.DataFrame
    firmness: Firmness
    units: Mapping[str, str] = field(default_factory=dict)


def diagnose(outcome: Outcome, units: Mapping[str, str] | None = None, samples: Samples = USUAL) -> Diagnosis:
    """All diagnostics of a board. `units`: judge → delegation, as far as known."""
    numbers = given(outcome.evaluation)
    known = dict(units or {})
    return Diagnosis(
        outcome,
        samples,
        numbers,
        by_judge(numbers, samples),
        spreads(outcome.evaluation, numbers),
        own_unit(numbers, outcome.entries, known, samples),
        leave_one_out(outcome),
        items(outcome, samples),
        firmness(outcome),
        known,
    )
