"""Corners of the language where two readings were possible: what was decided, each as one small table."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.federation.judging.tables import board, entries, grid, panel, ranked, tries


def test_negative_numbers_beyond_64_bits() -> None:
    aspect = {"id": "a", "minimum": -100, "weight": "0.3333", "panel": {"method": "sum"}}
    deduction = {"id": "d", "kind": "percent"}
    module = {"id": "m", "weight": "0.3333", "aspects": [aspect], "deductions": [deduction]}
    document = {"stages": [{"id": "s", "weight": "0.3333", "modules": [module]}]}
    table = pl.concat([panel("a", "1 -30 -30 -30", "2 60 30 0"), grid("entry d", "1 10", "2 50")])
    # -90 · 0.3333 · 0.9 · 0.3333² = -2.9991; 90 · 0.3333 · 0.5 · 0.3333² = 1.6661
    assert board(ranked(document, table)) == [(2, 1, "1.67"), (1, 2, "-3")]


def test_a_count_back_over_a_level_that_is_not_there_parts_nobody() -> None:
    document = {"aspects": ["a"], "tie_breaks": [{"by": "countback", "level": "subcriterion"}]}
    assert board(ranked(document, grid("entry a", "1 5", "2 5")), "tied") == [
        (1, 1, "5", True),
        (2, 1, "5", True),
    ]


@pytest.mark.parametrize(
    ("blanks", "line", "total"),
    [
        ({"dnf": "zero"}, "1 dnf dnf", "0"),  # no attempt gave a value
        ({"dnf": "zero"}, "1 dnf 7", "7"),
        ({"dsq": "zero"}, "1 dsq -", "0"),
        ({"dnf": "zero"}, "1 dns dns", ""),
    ],
)
def test_attempts_all_blank_count_as_zero_once(blanks: dict[str, str], line: str, total: str) -> None:
    document = {"aspects": [{"id": "a", "attempts": {"rule": "best"}}], "blanks": blanks}
    assert [row[2] for row in board(ranked(document, tries("a", line)))] == [total]


@pytest.mark.parametrize(("recorded", "total"), [("-8", "45"), ("8", "55"), ("-2", "48")])
def test_an_adjustment_is_limited_either_way(recorded: str, total: str) -> None:
    adjust = {"id": "d", "kind": "adjust", "maximum": 5}
    module = {"id": "m", "aspects": ["a"], "deductions": [adjust]}
    assert [
        row[2] for row in board(ranked({"modules": [module]}, grid("entry a d", f"1 50 {recorded}")))
    ] == [total]


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("1 9 8 7 3 -", "21.75"),  # 6.75 stands in: 9 8 7 6.75 3, less 9 and 3
        ("1 9 8 7 6 3", "21"),
        ("1 9 6 - - -", "22.5"),  # 7.5 three times: 9 7.5 7.5 7.5 6
    ],
)
def test_the_mean_of_the_others_stands_in_before_extremes_go(line: str, total: str) -> None:
    rule = {"method": "trimmed_sum", "judges": 5, "absent": "fill"}
    document = {"aspects": [{"id": "a", "maximum": 10, "panel": rule}]}
    assert [row[2] for row in board(ranked(document, panel("a", line)))] == [total]


def test_each_ranking_measures_near_ties_from_its_own_leaders() -> None:
    document = {
        "aspects": ["a"],
        "near_tie": 1,
        "rankings": [{"id": "category", "by": ["category"]}, {"id": "all"}],
    }
    known = entries(*({"entry": n, "category": c} for n, c in enumerate("AAB", 1)))
    outcome = ranked(document, grid("entry a", "1 90", "2 89.2", "3 89.6"), known)
    # 89.2 and 89.6 are within 1 of 90 overall; within its category 89.6 leads alone
    assert dict(outcome.places.select("entry", "place:all").rows()) == {1: 1, 2: 1, 3: 1}
    outcome = ranked(document, grid("entry a", "1 90", "2 89.2", "3 90.5"), known)
    # overall 90.5 leads: 90 is near, 89.2 is not
    assert dict(outcome.places.select("entry", "place:all").rows()) == {3: 1, 1: 1, 2: 3}


def test_each_ranking_counts_back_among_its_own() -> None:
    document = {
        "modules": [{"id": "a"}, {"id": "b"}],
        "tie_breaks": ["countback"],
        "rankings": [{"id": "category", "by": ["category"]}, {"id": "all"}],
    }
    known = entries(*({"entry": n, "category": c} for n, c in enumerate("ABA", 1)))
    outcome = ranked(document, grid("entry a b", "1 6 4", "2 7 3", "3 9 0"), known)
    # overall the firsts are 3's (a) and 1's (b); 2 leads its category of one in both and is first in neither
    assert dict(outcome.places.select("entry", "place:all").rows()) == {1: 1, 2: 2, 3: 3}


FINAL: dict[str, Any] = {
    "stages": [
        {"id": "heat", "modules": [{"id": "h"}], "cut": {"count": 2}},
        {"id": "final", "modules": [{"id": "f"}], "carry_over": 0.5},
    ]
}


def test_who_is_disqualified_in_the_final_calls_nobody_up() -> None:
    table = pl.concat(
        [
            grid("entry h", "1 90", "2 85", "3 80", stage="heat"),
            grid("entry f", "1 dsq", "2 40", stage="final"),
        ]
    )
    # 2: 42.5 + 40; 3 was out after the heat and keeps its 80
    assert board(ranked(FINAL, table), "reached", "status") == [
        (2, 1, "82.5", 2, ""), (3, 2, "80", 1, ""), (1, None, "45", 2, "dsq"),
    ]  # fmt: skip


def test_nothing_is_missing_from_those_a_cut_stopped() -> None:
    table = pl.concat(
        [
            grid("entry h", "1 90", "2 85", "3 80", stage="heat"),
            grid("entry f", "1 10", "2 20", stage="final"),
        ]
    )
    outcome = ranked({**FINAL, "blanks": {"pending": "unranked"}}, table)
    assert board(outcome) == [(2, 1, "62.5"), (1, 2, "55"), (3, 3, "80")]


def test_what_counts_as_zero_is_no_hole_for_other_blanks() -> None:
    document = {
        "aspects": [{"id": "a", "attempts": {"rule": "best"}}],
        "blanks": {"dnf": "zero", "void": "behind"},
    }
    # 2 did not finish, which counts 0; the void attempt beside it is no worse than beside a number
    assert board(ranked(document, tries("a", "1 0 -", "2 dnf void", "3 void -"))) == [
        (1, 1, "0"), (2, 1, "0"), (3, None, ""),
    ]  # fmt: skip
