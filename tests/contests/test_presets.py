"""The rules to begin from: sound, honest about what they rest on, and each worked once by hand."""

from __future__ import annotations

import polars as pl
import pytest

from contests import schemes
from federation.judging import Scheme, format_value, rank
from tests.federation.judging.tables import board, entries, grid, marks, panel

PRESETS = schemes.presets()


def test_what_is_offered_and_in_which_order():
    assert list(PRESETS) == [
        "theory-practical",
        "modules",
        "five-judges",
        "judgement",
        "knowledge",
        "team-of-three",
        "studio-review",
    ]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_sound_and_says_that_it_is_a_default(name):
    scheme = PRESETS[name]
    assert scheme.check() == []
    assert "默认值，" in scheme.basis
    assert scheme.title_en
    assert Scheme.from_json(scheme.to_json()) == scheme


def test_theory_and_practice():
    table = grid("entry theory practical", "1 80 90.5", "2 95 83.35", "3 60 99")
    # 24 + 63.35; 28.5 + 58.345 -> 58.35; 18 + 69.3
    assert board(rank(PRESETS["theory-practical"], table)) == [
        (1, 1, "87.35"),
        (3, 2, "87.3"),
        (2, 3, "86.85"),
    ]


def test_three_modules_with_deductions_for_safety():
    table = grid("entry A B C A-safety", "1 25 25 35 7", "2 20 25 35 -", "3 3 25 30 5")
    # 25 - 5 at most; 3 - 5 is not below 0; equal totals: C equal, A 20 and 20, B equal
    assert board(rank(PRESETS["modules"], table), "tied") == [
        (1, 1, "80", True),
        (2, 1, "80", True),
        (3, 3, "55", False),
    ]


def test_five_judges_without_the_extremes():
    table = pl.concat(
        [
            grid("entry theory", "1 70", "2 90"),
            panel("work", "1 50 52 54 56 60", "2 40 50 50 50 60"),
            panel("process", "1 30 31 32 33 34", "2 30 30 30 30 30"),
        ]
    )
    # 0.2 x 70 + 0.8 x (54 + 32); 0.2 x 90 + 0.8 x (50 + 30)
    assert board(rank(PRESETS["five-judges"], table)) == [(1, 1, "82.8"), (2, 2, "82")]


def test_measurement_and_judgement_of_three():
    table = pl.concat(
        [grid("entry size function", "1 45 25", "2 45 25"), panel("finish", "1 2 2 3", "2 2 2 2")]
    )
    outcome = rank(PRESETS["judgement"], table)
    # 7/3 of 3 worth 20 is 15.555…; 2 of 3 is 13.333…
    assert board(outcome) == [(1, 1, "85.56"), (2, 2, "83.33")]
    wide = pl.concat([grid("entry size function", "1 45 25"), panel("finish", "1 1 2 3")])
    assert [finding.code for finding in rank(PRESETS["judgement"], wide).findings] == [
        "marks.spread_exceeded"
    ]


def test_a_knowledge_contest_where_wrong_answers_cost_points():
    table = grid("entry base required quick risk", "1 100 80 -20 50", "2 100 60 40 10", "3 100 50 60 -")
    # 1 and 2 and 3 have 210: more in quick answers stands before
    assert board(rank(PRESETS["knowledge"], table), "tie_break") == [
        (3, 1, "210", "module:quick"),
        (2, 2, "210", "module:quick"),
        (1, 3, "210", "module:quick"),
    ]


def test_a_team_of_three_and_the_shorter_time():
    rows = []
    for entry, practical, minutes in (
        (1, 90, 60),
        (2, 80, 50),
        (3, 70, 40),
        (4, 90, 50),
        (5, 80, 50),
        (6, 70, 45),
    ):
        rows.append({"entry": entry, "aspect": "theory", "value": 100})
        rows.append({"entry": entry, "aspect": "practical", "value": practical, "time": minutes * 60})
    rows.append({"entry": 7, "aspect": "practical", "value": 100, "time": 60})
    known = entries(
        *({"entry": n, "delegation": "赣州" if n <= 3 else "九江" if n <= 6 else "宜春"} for n in range(1, 8))
    )
    outcome = rank(PRESETS["team-of-three"], marks(*rows), known)
    teams = outcome.teams.select("place", "team", "total", "time").rows()
    # 93 + 86 + 79 each; 145 minutes stand before 150; one alone is no team
    assert [(place, team, format_value(total), time // 60_000) for place, team, total, time in teams] == [
        (1, "九江", "258", 145),
        (2, "赣州", "258", 150),
    ]


def test_experts_review_studios():
    parts = (
        "team 16 17 18 19 20",
        "operation 15 16 17 18 19",
        "outcomes 20 24 25 26 30",
        "talent 15 15 15 15 15",
    )
    tables = [panel(line.split()[0], f"1 {' '.join(line.split()[1:])}") for line in parts]
    outcome = rank(PRESETS["studio-review"], pl.concat([*tables, panel("demonstration", "1 8 8 8 8 8")]))
    # 18 + 17 + 25 + 15 + 8; alone in its field 30 % of 1 is no place at all
    assert board(outcome, "award") == [(1, 1, "83", None)]
