"""Do the tables have teeth? Each engine fault named here is built in, and the table that must notice it does.

A fault is a replaced function of the engine, or a rule changed behind the table's back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest

from federation.judging import aggregation, order, panels, quotas, ranking, standing, tiebreaks
from federation.judging.rounding import round_number
from federation.judging.schemes import EXACT, Rounding
from tests.federation.judging.tables import board, entries, grid, marks, panel, ranked


@dataclass(frozen=True)
class Table:
    """A rule, its marks, and the board worked by hand."""

    document: dict[str, Any]
    marks: pl.DataFrame
    expected: list[tuple[Any, ...]]
    known: pl.DataFrame | None = None
    columns: tuple[str, ...] = ()

    def shown(self) -> list[tuple[Any, ...]]:
        return board(ranked(self.document, self.marks, self.known), *self.columns)


def judged(method: str, **more: Any) -> dict[str, Any]:
    return {"aspects": [{"id": "a", "panel": {"method": method, **more}}]}


TRIMMED = Table(judged("trimmed_mean"), panel("a", "1 9 8 7 6 0", "2 7 7 7 7 7"), [(1, 1, "7"), (2, 1, "7")])
CLAMPED = Table(
    judged("clamped_mean", clamp=1), panel("a", "1 2 8 8 10", "2 7 7 7 7"), [(1, 1, "7.5"), (2, 2, "7")]
)
WEIGHTED = Table(
    {"modules": [{"id": m, "weight": "0.5"} for m in "ab"], "roundings": {"weighted": "0.1"}},
    grid("entry a b", "1 8.1 8.1", "2 8.2 8.1"),
    # 4.05 -> 4.1 twice; 4.1 and 4.05 -> 4.1: equal only because each product is rounded
    [(1, 1, "8.2"), (2, 1, "8.2")],
)
HALF = Table({"aspects": ["a"], "roundings": {"total": "0.1"}}, grid("entry a", "1 8.25"), [(1, 1, "8.3")])
GUEST = Table(
    {"aspects": ["a"], "award_lines": [{"id": "first", "share": "0.5"}]},
    grid("entry a", "1 9", "2 8", "3 7"),
    # two are ranked: half of them is one
    [(2, 1, "8", "first"), (3, 2, "7", None), (1, None, "9", None)],
    entries({"entry": 1, "guest": True}, {"entry": 2}, {"entry": 3}),
    ("award",),
)
CARRIED = Table(
    {
        "stages": [
            {"id": "heat", "modules": [{"id": "h"}], "cut": {"count": 2}},
            {"id": "final", "modules": [{"id": "f"}], "carry_over": "0.5"},
        ]
    },
    pl.concat(
        [grid("entry h", "1 9", "2 8", "3 7", stage="heat"), grid("entry f", "1 3", "2 4", stage="final")]
    ),
    [(2, 1, "8"), (1, 2, "7.5"), (3, 3, "7")],
)
TIED = Table(
    {"modules": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "tie_breaks": ["module:a", "module:b"]},
    grid("entry a b c", "1 5 1 4", "2 4 6 0"),
    [(1, 1, "10"), (2, 2, "10")],
)
TIMED = Table(
    {"aspects": ["a"], "tie_breaks": ["time"]},
    marks(
        {"entry": 1, "aspect": "a", "value": 5, "time": 80},
        {"entry": 2, "aspect": "a", "value": 5, "time": 70},
    ),
    [(2, 1, "5"), (1, 2, "5")],
)
BLANK = Table(
    {"better": "lower", "modules": [{"id": "a"}, {"id": "b"}]},
    grid("entry a b", "1 5 5", "2 4 dnf"),
    # half a result is no advantage where the lower total wins
    [(1, 1, "10"), (2, 2, "4")],
)
EVERY = (TRIMMED, CLAMPED, WEIGHTED, HALF, GUEST, CARRIED, TIED, TIMED, BLANK)


@pytest.mark.parametrize("table", EVERY)
def test_the_tables_hold_as_long_as_the_engine_is_whole(table: Table) -> None:
    assert table.shown() == table.expected


Patch = Callable[[pytest.MonkeyPatch], None]
_combine, _rounded, _keys = panels.combine, aggregation.rounded, tiebreaks.tie_keys
_standing, _admitted, _places, _behind = ranking.standing, ranking.admitted, quotas.places, standing._behind


def no_trim(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(aggregation, "combine", lambda panel, *rest: _combine(replace(panel, method="mean"), *rest))


def only_the_highest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(aggregation, "combine", lambda panel, *rest: _combine(replace(panel, drop_low=0), *rest))


def no_clamp(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(aggregation, "combine", lambda panel, *rest: _combine(replace(panel, clamp=10**6), *rest))


def rounding_at_the_end(patch: pytest.MonkeyPatch) -> None:
    """Every level but the total keeps its exact value."""
    total = Rounding()
    patch.setattr(aggregation, "rounded", lambda value, how: _rounded(value, how if how == total else EXACT))


def half_to_even(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        aggregation,
        "rounded",
        lambda value, how: _rounded(value, replace(how, mode="half_even") if how.mode == "half_up" else how),
    )


def rank_the_guests(patch: pytest.MonkeyPatch) -> None:
    def everybody(evaluation: Any) -> Any:
        found = _standing(evaluation)
        return replace(found, code=found.code.set(found.code == 1, 0))

    patch.setattr(ranking, "standing", everybody)


def guests_in_the_base(patch: pytest.MonkeyPatch) -> None:
    """Award lines count everybody listed."""
    whole = quotas.awards

    def counted(scheme: Any, placed: pl.DataFrame, totals: pl.Series) -> pl.Series:
        return whole(scheme, placed.with_columns(pl.col("field") + 1), totals)

    patch.setattr(ranking, "awards", counted)


def no_carry_over(patch: pytest.MonkeyPatch) -> None:
    climb = aggregation._Ladder.runnings

    def from_nothing(ladder: Any) -> Any:
        stages = tuple(replace(stage, carry_over=0) for stage in ladder.scheme.stages)
        ladder.scheme = replace(ladder.scheme, stages=stages)
        return climb(ladder)

    patch.setattr(aggregation._Ladder, "runnings", from_nothing)


def everybody_advances(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ranking, "admitted", lambda cut, strict, *_: strict.index)


def chain_reversed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ranking, "tie_keys", lambda *asked: _keys(*asked)[::-1])


def longer_time_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        ranking, "tie_keys", lambda *asked: [replace(key, better="higher") for key in _keys(*asked)]
    )


def blanks_before_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "_behind", lambda *_: None)


def the_lower_total_first(patch: pytest.MonkeyPatch) -> None:
    whole = order._codes
    turned = {"higher": "lower", "lower": "higher"}
    patch.setattr(order, "_codes", lambda key: whole(replace(key, better=turned[key.better])))


@pytest.mark.parametrize(
    ("fault", "table"),
    [
        (no_trim, TRIMMED),
        (only_the_highest, TRIMMED),
        (no_clamp, CLAMPED),
        (rounding_at_the_end, WEIGHTED),
        (half_to_even, HALF),
        (rank_the_guests, GUEST),
        (guests_in_the_base, GUEST),
        (no_carry_over, CARRIED),
        (everybody_advances, CARRIED),
        (chain_reversed, TIED),
        (longer_time_first, TIMED),
        (blanks_before_numbers, BLANK),
        (the_lower_total_first, TIED),
    ],
)
def test_a_fault_in_the_engine_is_noticed(
    fault: Patch, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    assert table.shown() != table.expected


def test_the_rule_of_rounding_itself() -> None:
    from fractions import Fraction

    assert [round_number(Fraction(n, 2), "half_up") for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
