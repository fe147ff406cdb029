"""How judges and parts of the task hold up, on tables worked by hand; and what unbiased chance looks like."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from federation.judging import SCALE, Scheme, rank
from federation.judging.diagnostics import (
    Samples,
    by_judge,
    diagnose,
    given,
    items,
    leave_one_out,
    own_unit,
    spreads,
)
from federation.judging.diagnostics.own_unit import by_chance
from tests.federation.judging.tables import entries, grid, marks, panel, ranked, scheme

FIVE = {
    "modules": [
        {
            "id": "A",
            "maximum": 10,
            "aspects": [{"id": "a", "maximum": 10, "panel": {"method": "trimmed_mean", "trim_from": 5}}],
        }
    ]
}


def test_each_judge_beside_the_panel():
    """Entry 1: 5 6 7 8 9, mean 7. Entry 2: 6 6 6 6 1, mean 5. J4 is highest once and lowest once."""
    numbers = given(ranked(FIVE, panel("a", "1 5 6 7 8 9", "2 6 6 6 6 1")).evaluation)
    found = by_judge(numbers, Samples(agreement=3))
    assert found.select("judge", "marks", "deviation", "absolute", "highest", "lowest", "dropped").rows() == [
        ("J0", 2, -0.5, 1.5, 1, 1, 1),
        ("J1", 2, 0.0, 1.0, 1, 0, 0),
        ("J2", 2, 0.5, 0.5, 1, 0, 0),
        ("J3", 2, 1.0, 1.0, 1, 0, 1),
        ("J4", 2, -1.0, 3.0, 1, 1, 2),
    ]
    assert found["share"].to_list() == [-0.05, 0.0, 0.05, 0.1, -0.1]
    assert found.select("entries", "agreement").rows() == [(2, None)] * 5


def test_a_judge_who_turns_the_order_round_disagrees_with_the_panel():
    """J0 and J1 agree on 1 > 2 > 3 > 4, J2 has it the other way. J0 against the mean of J1 and J2, which is 5.5 5.5
    5.5 5.5, tells nothing."""
    rows = panel("a", "1 9 9 2", "2 7 7 4", "3 4 4 7", "4 2 2 9")
    found = by_judge(given(ranked(FIVE, rows).evaluation), Samples(agreement=4))
    assert found.select("judge", "agreement").rows() == [("J0", None), ("J1", None), ("J2", -1.0)]


def test_who_marked_alone_is_beside_nobody():
    numbers = given(ranked(FIVE, panel("a", "1 5 - -", "2 6 7 -")).evaluation)
    assert numbers.select("entry", "judge").rows() == [(2, "J0"), (2, "J1")]


JUDGED = {
    "modules": [
        {
            "id": "A",
            "maximum": 20,
            "aspects": [
                {
                    "id": "a",
                    "kind": "judgement",
                    "maximum": 3,
                    "step": 1,
                    "worth": 20,
                    "max_spread": 1,
                    "panel": {"method": "mean", "judges": 3, "minimum": 3},
                }
            ],
        }
    ]
}


def test_judges_further_apart_than_allowed():
    """A spread of 1 is allowed and is none; 3 against 1 and 3 against 0 are."""
    outcome = ranked(JUDGED, panel("a", "1 2 3 2", "2 1 3 2", "3 0 3 3"))
    found = spreads(outcome.evaluation, given(outcome.evaluation))
    assert found.select("entry", "spread", "allowed", "judges", "values").rows() == [
        (3, 3 * SCALE, SCALE, ["J0", "J1", "J2"], [0, 3 * SCALE, 3 * SCALE]),
        (2, 2 * SCALE, SCALE, ["J0", "J1", "J2"], [SCALE, 3 * SCALE, 2 * SCALE]),
    ]


def test_the_board_without_each_judge():
    """Means of three: 1 has 3 3 1 = 7/3, 2 has 2 2 2 = 2. Only J2 holds 1 back; without J0 or J1 1 and 2 draw level at
    2, so 2 is first as well."""
    document = {**JUDGED, "award_lines": [{"id": "first", "count": 1}, {"id": "second", "count": 1}]}
    found = leave_one_out(ranked(document, panel("a", "1 3 3 1", "2 2 2 2", "3 0 0 0")))
    assert found.judges.rows() == [
        ("J0", 3, 1, 1, True, 1, 0, True),
        ("J1", 3, 1, 1, True, 1, 0, True),
        ("J2", 3, 0, 0, False, 0, 0, True),
    ]
    assert found.moves.select("judge", "entry", "place", "place_without", "award_without").rows() == [
        ("J0", 2, 2, 1, "first"),
        ("J1", 2, 2, 1, "first"),
    ]
    assert found.moves["total_without"].to_list() == [133_300, 133_300]


def test_without_one_of_five_the_extremes_of_four_are_left_out():
    """5 6 7 8 9 without J4: 5 6 7 8 → 6.5, not the mean of what is left."""
    outcome = ranked(FIVE, panel("a", "1 5 6 7 8 9", "2 7 7 7 7 7"))
    assert outcome.places["place"].to_list() == [1, 1]
    moves = leave_one_out(outcome).moves.filter(pl.col("judge") == "J4")
    assert moves.select("entry", "place", "place_without", "total_without").rows() == [(1, 1, 2, 65_000)]


def test_a_sum_without_a_judge_lets_the_mean_of_the_others_stand_in():
    """1: 9 9 3 = 21, 2: 7 7 8 = 22. Without J2: 9·3 = 27 before 7·3 = 21."""
    document = {
        "modules": [
            {
                "id": "A",
                "aspects": [{"id": "a", "panel": {"method": "sum", "judges": 3, "minimum": 3}}],
            }
        ]
    }
    found = leave_one_out(ranked(document, panel("a", "1 9 9 3", "2 7 7 8"))).moves
    assert found.filter(pl.col("judge") == "J2").select("entry", "total", "total_without").rows() == [
        (2, 220_000, 210_000),
        (1, 210_000, 270_000),
    ]


def test_marks_nobody_else_gave_stay():
    outcome = ranked(FIVE, panel("a", "1 5 - -", "2 6 7 -"))
    assert leave_one_out(outcome).judges.select("judge", "marks", "moved").rows() == [
        ("J0", 1, 0),
        ("J1", 1, 0),
    ]


def test_how_hard_each_module_was():
    """Ten entries, A: 1 … 10 of 10, mean 5.5; B the same doubled; C the other way round. 27 % of ten are three.
    A against B + C = A + 11 agrees perfectly, B against A + C = 11 has nothing to agree with, C goes the other way."""
    outcome = ranked(
        {"modules": [{"id": "A", "maximum": 10}, {"id": "B", "maximum": 20}, {"id": "C", "maximum": 10}]},
        grid("entry A B C", *(f"{one} {one} {2 * one} {11 - one}" for one in range(1, 11))),
    )
    found = items(outcome).filter(pl.col("level") == "module")
    assert found.select("id", "entries", "mean", "difficulty").rows() == [
        ("A", 10, 5.5, 0.55),
        ("B", 10, 11.0, 0.55),
        ("C", 10, 5.5, 0.55),
    ]
    assert found["correlation"].to_list() == [pytest.approx(1.0), None, pytest.approx(-1.0)]
    assert found["upper_lower"].to_list() == pytest.approx([0.7, 0.7, -0.7])


def test_too_few_entries_tell_nothing_about_a_module():
    outcome = ranked({"modules": [{"id": "A"}, {"id": "B"}]}, grid("entry A B", "1 50 40", "2 40 30"))
    assert (
        items(outcome).select("entries", "difficulty", "correlation", "upper_lower").rows()
        == [(2, None, None, None)] * 4
    )


@pytest.mark.parametrize(
    ("errors", "freedom", "chance"),
    [
        (12.706, 1, 0.05),
        (4.303, 2, 0.05),
        (2.571, 5, 0.05),
        (2.228, 10, 0.05),
        (2.845, 20, 0.01),
        (1.962, 1000, 0.05),
    ],
)
def test_students_table(errors, freedom, chance):
    """The printed table of Student's t, two-sided."""
    assert by_chance(errors, freedom) == pytest.approx(chance, abs=3e-4)
    assert by_chance(-errors, freedom) == by_chance(errors, freedom)


def a_contest(seed: int, people: int, own: int, bias: float = 0.0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Five judges, marks around a talent with an error of 0.3; judge J0 is of unit N, which `own` entries are of."""
    chance = random.Random(seed)
    rows = []
    for entry in range(1, people + 1):
        talent = chance.uniform(4, 8)
        for seat in range(5):
            value = talent + chance.gauss(0, 0.3) + (bias if seat == 0 and entry <= own else 0)
            rows.append({"entry": entry, "aspect": "a", "judge": f"J{seat}", "value": round(value, 2)})
    units = [{"entry": entry, "delegation": "N" if entry <= own else "M"} for entry in range(1, people + 1)]
    return marks(*rows), entries(*units)


def verdict(seed: int, people: int, own: int, bias: float = 0.0, least: int = 3) -> tuple[Any, ...]:
    table, known = a_contest(seed, people, own, bias)
    outcome = rank(scheme(**FIVE), table, known)
    found = own_unit(given(outcome.evaluation), outcome.entries, {"J0": "N"}, Samples(own=least))
    return found.select("own", "others", "difference", "errors", "verdict").row(0)


def test_half_a_point_for_the_own_unit_is_seen():
    own, others, difference, errors, told = verdict(1, people=40, own=6, bias=0.5)
    assert (own, others, told) == (6, 34, "striking")
    assert difference == pytest.approx(0.5, abs=0.25)
    assert errors > 2.7


def test_below_the_least_sample_there_is_no_number():
    assert verdict(1, people=40, own=2, bias=1.5) == (2, 38, None, None, "few")
    assert verdict(1, people=40, own=3, bias=1.5)[4] == "striking"
    assert verdict(1, people=40, own=3, bias=1.5, least=4)[4] == "few"
    assert verdict(1, people=4, own=4, bias=1.5) == (4, 0, None, None, "few")


def test_unbiased_judges_are_marked_no_oftener_than_stated():
    """300 contests without bias at a stated rate of 1 %: three expected, ten or more are very rare."""
    alarms = sum(verdict(seed, people=24, own=4)[4] == "striking" for seed in range(300))
    assert alarms <= 9


def test_judges_who_always_agree_tell_nothing():
    outcome = ranked(
        FIVE,
        panel("a", *(f"{entry} 5 5 5" for entry in range(1, 9))),
        entries(*({"entry": one, "delegation": "N" if one < 5 else "M"} for one in range(1, 9))),
    )
    found = own_unit(given(outcome.evaluation), outcome.entries, {"J0": "N", "J9": "N"})
    assert found.select("judge", "own", "others", "verdict").rows() == [
        ("J0", 4, 4, "few"),
        ("J9", 0, 0, "few"),
    ]


@settings(max_examples=15)
@drawn(st.integers(0, 10_000), st.randoms())
def test_order_and_names_never_matter_and_no_mark_is_touched(seed: int, chance: Any) -> None:
    table, known = a_contest(seed, people=12, own=4)
    rule: Scheme = scheme(**FIVE)
    before = table.clone()
    outcome = rank(rule, table, known)
    places = outcome.places.clone()
    first = diagnose(outcome, {"J0": "N"})
    assert table.equals(before)
    assert outcome.places.equals(places)
    seats = [f"J{seat}" for seat in range(5)]
    named = dict(zip(seats, chance.sample(seats, 5), strict=True))
    other = table.sample(fraction=1, shuffle=True, seed=seed).with_columns(pl.col("judge").replace(named))
    second = diagnose(rank(rule, other, known), {named["J0"]: "N"})
    back = {new: old for old, new in named.items()}
    for one, two in (
        (first.judges, second.judges),
        (first.own_unit, second.own_unit),
        (first.left_out.judges, second.left_out.judges),
    ):
        same = two.with_columns(pl.col("judge").replace(back)).sort("judge")
        assert one.drop("dropped", strict=False).equals(same.drop("dropped", strict=False))
    assert first.items.equals(second.items)
    assert (
        first.firmness.places.drop("judge")
        .select("entry", "steps")
        .equals(second.firmness.places.select("entry", "steps"))
    )
