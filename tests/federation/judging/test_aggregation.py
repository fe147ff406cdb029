"""From marks to totals: one table worked by hand for each feature of the scheme language."""

from __future__ import annotations

import polars as pl
import pytest

from federation.judging import FrameError
from tests.federation.judging.tables import board, grid, marks, panel, ranked, tries


def test_theory_and_practice_by_weight() -> None:
    outcome = ranked(
        {"modules": [{"id": "theory", "weight": 0.3}, {"id": "practice", "weight": 0.7}]},
        grid("entry theory practice", "1 80 90", "2 95.5 83.35", "3 60 60"),
    )
    # 24 + 63; 28.65 + 58.345 = 86.995 -> 87.00; 60
    assert board(outcome) == [(1, 1, "87"), (2, 1, "87"), (3, 3, "60")]


@pytest.mark.parametrize(
    ("rule", "line", "total"),
    [
        ({"method": "sum"}, "1 9 8 8.5 7 10", "42.5"),
        ({"method": "mean"}, "1 9 8 8.5 7 10", "8.5"),
        ({"method": "mean"}, "1 1 1 2", "1.33"),  # 4/3
        ({"method": "median"}, "1 9 8 8.5 7 10", "8.5"),
        ({"method": "median"}, "1 9 8 7 10", "8.5"),  # even number: (8 + 9) / 2
        ({"method": "trimmed_mean"}, "1 9 8 8.5 7 10", "8.5"),  # (8 + 8.5 + 9) / 3
        ({"method": "trimmed_mean"}, "1 10 10 7 7 9", "8.67"),  # one 10 and one 7 go: 26 / 3
        ({"method": "trimmed_mean", "trim_from": 5}, "1 10 8 6 6", "7.5"),  # four judges: not trimmed
        ({"method": "trimmed_mean", "drop_high": 2, "drop_low": 2}, "1 1 2 3 4 5 6 10", "4"),  # 3, 4, 5
        ({"method": "trimmed_sum"}, "1 9 8 8.5 7 10", "25.5"),
        ({"method": "clamped_mean", "clamp": 1}, "1 6 8 8 10", "8"),  # 7, 8, 8, 9
        ({"method": "clamped_mean", "clamp": 1}, "1 2 8 8 10", "7.5"),  # mean 7: 6, 8, 8, 8
        ({"method": "clamped_mean", "clamp": 1}, "1 2 8 9", "6.67"),  # mean 19/3: 16/3, 22/3, 22/3
        ({"method": "clamped_mean", "clamp": 1, "center": 1}, "1 2 8 9", "6.33"),  # mean 6: 5, 7, 7
        ({"method": "mean", "minimum": 3}, "1 9 8", ""),  # two of at least three: no value
        ({"method": "mean", "judges": 3, "absent": "wait"}, "1 9 8 -", ""),
        ({"method": "mean", "judges": 3, "absent": "wait"}, "1 9 8 absent", ""),  # one is still waited for
        ({"method": "mean", "judges": 3, "absent": "wait"}, "1 9 8 recused", "8.5"),  # one stepped aside
        ({"method": "sum", "judges": 4, "absent": "fill"}, "1 9 8 7 -", "32"),  # the mean of 8 stands in
        ({"method": "mean"}, "1 9 absent recused", "9"),
    ],
)
def test_judges_become_one_value(rule: dict[str, object], line: str, total: str) -> None:
    document = {"aspects": [{"id": "a", "maximum": 10, "panel": rule}]}
    assert [row[2] for row in board(ranked(document, panel("a", line)))] == [total]


def test_a_judged_three_of_three_is_worth_its_marks_to_two_decimals() -> None:
    aspect = {
        "id": "j",
        "maximum": 3,
        "step": 1,
        "worth": 5,
        "panel": {"method": "mean", "judges": 3},
        "rounding": 0.01,
    }
    # mean 5/3, of 3, worth 5: 2.777…; mean 1: 1.666…
    outcome = ranked({"aspects": [aspect]}, panel("j", "1 2 2 1", "2 1 1 1"))
    assert board(outcome) == [(1, 1, "2.78"), (2, 2, "1.67")]


@pytest.mark.parametrize(
    ("rule", "value", "total"),
    [
        ({"kind": "linear", "base": 20, "slope": -1, "per": 3}, "7", "17.67"),  # 20 - 7/3
        ({"kind": "linear", "base": 10, "slope": -2, "floor": 0}, "3", "4"),
        ({"kind": "linear", "base": 10, "slope": -2, "floor": 0}, "7", "0"),
        ({"kind": "linear", "slope": "0.5", "cap": 10}, "40", "10"),
        ({"kind": "table", "table": [{"bound": 10, "points": 1}, {"bound": 20, "points": 3}]}, "19.99", "1"),
        ({"kind": "table", "table": [{"bound": 10, "points": 1}, {"bound": 20, "points": 3}]}, "20", "3"),
        ({"kind": "table", "table": [{"bound": 10, "points": 1}], "otherwise": 0.5}, "9", "0.5"),
        (
            {
                "kind": "table",
                "match": "upto",
                "table": [{"bound": 5, "points": 9}, {"bound": 8, "points": 4}],
            },
            "5.01",
            "4",
        ),
        (
            {
                "kind": "table",
                "match": "exact",
                "table": [{"bound": 1, "points": 100}, {"bound": 2, "points": 80}],
            },
            "2",
            "80",
        ),
        ({"kind": "power", "a": "25.4347", "b": 18, "c": "1.81", "better": "lower"}, "10.85", "894"),
        ({"kind": "power", "a": "0.14354", "b": 220, "c": "1.4", "unit": 100}, "7.84", "1020"),
        ({"kind": "power", "a": 1, "b": 0, "c": "0.5"}, "81", "9"),  # a whole number stays whole
        (
            {"kind": "power", "a": "0.1", "b": 0, "c": 2},
            "10",
            "10",
        ),  # 0.1 · 100: floats say 10.000000000000002
        ({"kind": "power", "a": "25.4347", "b": 18, "c": "1.81", "better": "lower"}, "18.5", "0"),
    ],
)
def test_a_measured_value_becomes_points(rule: dict[str, object], value: str, total: str) -> None:
    document = {"aspects": [{"id": "m", "maximum": 1000, "rule": rule}]}
    assert [row[2] for row in board(ranked(document, grid("entry m", f"1 {value}")))] == [total]


@pytest.mark.parametrize(
    ("deduction", "recorded", "total"),
    [
        ({"kind": "points"}, "5", "85"),
        ({"kind": "points", "each": 1.5}, "2", "87"),
        ({"kind": "points", "each": 10, "maximum": 15}, "2", "75"),
        ({"kind": "points"}, "95", "0"),  # the floor holds
        ({"kind": "percent"}, "10", "81"),
        ({"kind": "adjust"}, "-3", "87"),
        ({"kind": "adjust"}, "3", "93"),
        ({"kind": "void"}, "1", "0"),
        ({"kind": "void"}, "0", "90"),
    ],
)
def test_what_is_taken_off(deduction: dict[str, object], recorded: str, total: str) -> None:
    module = {"id": "m", "floor": 0, "aspects": ["a"], "deductions": [{"id": "d", **deduction}]}
    outcome = ranked({"modules": [module]}, grid("entry a d", f"1 90 {recorded}", "2 10 -"))
    assert {row[0]: row[2] for row in board(outcome)} == {1: total, 2: "10"}


def test_a_disqualifying_sanction_takes_the_place_away() -> None:
    document = {"aspects": ["a"], "deductions": [{"id": "out", "kind": "disqualify"}]}
    outcome = ranked(document, grid("entry a out", "1 90 1", "2 10 -"))
    assert board(outcome, "status") == [(2, 1, "10", ""), (1, None, "90", "dsq")]


@pytest.mark.parametrize(
    ("mode", "up", "down"),
    [("half_up", "12.35", "-12.35"), ("half_even", "12.34", "-12.34"), ("down", "12.34", "-12.34"),
     ("up", "12.35", "-12.35"), ("floor", "12.34", "-12.35"), ("ceil", "12.35", "-12.34")],
)  # fmt: skip
def test_rounding_of_a_half(mode: str, up: str, down: str) -> None:
    document = {
        "aspects": [{"id": "a", "minimum": -100, "step": 0.001}],
        "roundings": {"total": {"step": 0.01, "mode": mode}},
    }
    outcome = ranked(document, grid("entry a", "1 12.345", "2 -12.345"))
    assert board(outcome) == [(1, 1, up), (2, 2, down)]


def test_where_the_rounding_stands_changes_the_total() -> None:
    modules = [{"id": "a", "weight": 0.5}, {"id": "b", "weight": 0.5}]
    table = grid("entry a b", "1 80.01 70.01")
    late = ranked({"modules": modules}, table)  # 40.005 + 35.005 = 75.01
    early = ranked({"modules": modules, "roundings": {"weighted": 0.01}}, table)  # 40.01 + 35.01
    assert (board(late), board(early)) == ([(1, 1, "75.01")], [(1, 1, "75.02")])


def test_the_factor_of_a_performance_multiplies_its_points() -> None:
    aspect = {"id": "dive", "maximum": 10, "factored": True, "panel": {"method": "trimmed_sum"}}
    table = panel("dive", "1 7 7.5 8 6.5 7", "2 8 8 8 8 8").with_columns(
        factor=pl.when(pl.col("entry") == 1).then(32_000).otherwise(24_000)
    )
    # (7 + 7 + 7.5) · 3.2 = 68.8; 24 · 2.4 = 57.6
    assert board(ranked({"aspects": [aspect]}, table)) == [(1, 1, "68.8"), (2, 2, "57.6")]


@pytest.mark.parametrize(
    ("rule", "totals"),
    [
        ({"rule": "best"}, ["9", "8"]),
        ({"rule": "best", "count": 2}, ["13", "12"]),  # entry 2 wins with 8 + 5, entry 1 has 9 + 3
        ({"rule": "sum"}, ["13", "13"]),
        ({"rule": "last"}, ["5", "1"]),
    ],
)
def test_attempts(rule: dict[str, object], totals: list[str]) -> None:
    document = {"aspects": [{"id": "a", "attempts": rule}]}
    outcome = ranked(document, tries("a", "1 9 3 1", "2 8 dnf 5"))
    assert [row[2] for row in board(outcome)] == totals


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("1 12 10 11 15 9", "11"),  # 9 and 15 go: (10 + 11 + 12) / 3
        ("1 12 10 11 dnf 9", "11"),  # the one not finished is the worst: (10 + 11 + 12) / 3
        ("1 12 10 dnf dnf 9", ""),  # only 10 and 12 are left of the three it takes
    ],
)
def test_the_mean_of_the_middle_attempts_where_the_shorter_time_wins(line: str, total: str) -> None:
    solve = {"id": "solve", "attempts": {"rule": "mean", "skip": 1, "count": 3, "of": 5}}
    outcome = ranked({"better": "lower", "aspects": [solve]}, tries("solve", line))
    assert [row[2] for row in board(outcome)] == [total]


def test_a_module_counts_its_best_whole_attempt() -> None:
    module = {"id": "run", "attempts": {"rule": "best"}, "aspects": ["style", "height"]}
    table = pl.concat([tries("style", "1 40 10", "2 20 25"), tries("height", "1 10 45", "2 20 20")])
    # 1: 50 and 55; 2: 40 and 45; the best halves of different runs never add up (that would be 85)
    assert board(ranked({"modules": [module]}, table)) == [(1, 1, "55"), (2, 2, "45")]


def test_sub_criteria_carry_their_own_weight() -> None:
    module = {
        "id": "m",
        "subcriteria": [
            {"id": "s1", "weight": 0.4, "aspects": ["a", "b"]},
            {"id": "s2", "weight": 0.6, "aspects": ["c"]},
        ],
    }
    # 0.4 · (10 + 20) + 0.6 · 50
    assert board(ranked({"modules": [module]}, grid("entry a b c", "1 10 20 50"))) == [(1, 1, "42")]


def test_numbers_too_large_for_64_bits_stay_exact() -> None:
    aspects = [{"id": "a", "maximum": None, "panel": {"method": "mean"}, "weight": "0.9999"}]
    # (9e8 + 9e8 + 9e8 + 1) / 4 · 0.9999 with thirteen judges of whom four marked: lcm(1..13) overflows 64 bits
    table = panel("a", "1 900000000 900000000 900000000 1", "2" + " 5" * 13)
    assert board(ranked({"aspects": aspects}, table))[0] == (1, 1, "674932500.25")


def test_values_beyond_their_aspect_are_refused() -> None:
    with pytest.raises(FrameError) as refusal:
        ranked({"aspects": [{"id": "a", "maximum": 10}]}, grid("entry a", "1 10.5"))
    finding = refusal.value.findings[0]
    assert (finding.code, dict(finding.facts)) == (
        "marks.value_above_maximum",
        {"aspect": "a", "value": "10.5", "maximum": "10"},
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"entry": 1, "aspect": "b", "value": 1}, "marks.aspect_unknown"),
        ({"entry": 1, "aspect": "a", "value": 1, "stage": "x"}, "marks.stage_unknown"),
        ({"entry": 1, "aspect": "a", "value": 1, "attempt": 2}, "marks.attempt_unexpected"),
        ({"entry": 1, "aspect": "a", "value": 1, "factor": 2}, "marks.factor_unexpected"),
        ({"entry": 2, "aspect": "a", "value": 1}, "marks.mark_twice"),
        ({"entry": 2, "aspect": "a", "value": "dns"}, "marks.mark_twice"),
    ],
)
def test_rows_that_cannot_be_placed(row: dict[str, object], code: str) -> None:
    table = marks({"entry": 2, "aspect": "a", "value": 5}, row)
    with pytest.raises(FrameError) as refusal:
        ranked({"aspects": ["a"]}, table)
    assert [finding.code for finding in refusal.value.findings] == [code]


def test_floats_are_refused_at_the_door() -> None:
    with pytest.raises(FrameError) as refusal:
        ranked({"aspects": ["a"]}, pl.DataFrame({"entry": [1], "aspect": ["a"], "value": [87.5]}))
    assert [(f.code, f.place) for f in refusal.value.findings] == [("marks.column_type", "marks.value")]
