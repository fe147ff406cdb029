"""Places, ties, stages, blanks, awards and teams: small boards whose order is plain to see."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from federation.judging import explain, explain_place
from tests.federation.judging.tables import board, entries, grid, marks, panel, ranked, tries

FOUR = ("entry a", "1 90", "2 85", "3 85", "4 80")


@pytest.mark.parametrize(
    ("form", "places"), [("standard", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3]), ("ordinal", [1, 2, 3, 4])]
)
def test_forms_of_places(form: str, places: list[int]) -> None:
    outcome = ranked({"aspects": ["a"], "place_form": form}, grid(*FOUR))
    assert outcome.places["place"].to_list() == places
    assert outcome.places["tied"].to_list() == [False, True, True, False]


def test_the_chain_parts_equal_totals_link_by_link() -> None:
    document = {
        "modules": [{"id": "theory"}, {"id": "practice"}, {"id": "safety"}],
        "tie_breaks": ["module:practice", "module:safety", "time"],
    }
    table = pl.concat(
        [
            grid(
                "entry theory practice safety",
                "1 50 40 10",
                "2 40 50 10",
                "3 45 45 10",
                "4 50 45 5",
                "5 45 45 10",
            ),
            grid("entry theory", "6 45", time=70),
            grid("entry practice", "6 45", time=20),
            grid("entry safety", "6 10"),
        ]
    )
    # all 100: practice 50 first; 45 three times, safety parts 4; a recorded time beats none; 3 and 5 share
    assert board(ranked(document, table), "tied", "tie_break") == [
        (2, 1, "100", False, "module:practice"),
        (6, 2, "100", False, "module:practice"),
        (3, 3, "100", True, "shared"),
        (5, 3, "100", True, "shared"),
        (4, 5, "100", False, "module:safety"),
        (1, 6, "100", False, "module:practice"),
    ]


def test_equal_best_runs_go_to_the_better_second_run() -> None:
    module = {"id": "run", "attempts": {"rule": "best"}, "aspects": ["a"]}
    outcome = ranked(
        {"modules": [module], "tie_breaks": ["attempt:2"]}, tries("a", "1 90 - 70", "2 80 90 -", "3 90 - -")
    )
    assert board(outcome, "tie_break") == [
        (2, 1, "90", "attempt:2"), (1, 2, "90", "attempt:2"), (3, 3, "90", "attempt:2"),
    ]  # fmt: skip
    reason = explain_place(outcome, 1)
    assert (reason.code, reason.other, reason.criterion) == ("behind", 2, "attempt:2")
    assert (reason.value, reason.other_value) == (70, 80)


def test_count_back_of_firsts_then_seconds() -> None:
    document = {"modules": [{"id": m} for m in "abcd"], "tie_breaks": ["countback"]}
    # 1 and 2 have one first each; 2 was second twice, 1 once
    table = grid("entry a b c d", "1 9 5 2 3", "2 6 4 5 4", "3 1 1 3 9", "4 2 9 1 1")
    assert board(ranked(document, table), "tie_break")[:2] == [
        (2, 1, "19", "countback:2"), (1, 2, "19", "countback:2"),
    ]  # fmt: skip


def test_count_back_of_the_judges_who_placed_an_entry_first() -> None:
    document = {
        "aspects": [{"id": "a", "panel": {"method": "sum"}}],
        "tie_breaks": [{"by": "countback", "level": "judge"}],
    }
    # both have 24 of three juries; the second was first with two of them
    outcome = ranked(document, panel("a", "1 12 4 8", "2 2 10 12", "3 3 3 3"))
    assert board(outcome, "tie_break")[:2] == [(2, 1, "24", "countback:1"), (1, 2, "24", "countback:1")]


def test_judges_too_far_apart_are_reported() -> None:
    judged = {"id": "a", "kind": "judgement", "maximum": 3, "step": 1, "max_spread": 1}
    judged["panel"] = {"method": "mean", "judges": 3}
    outcome = ranked({"aspects": [judged]}, panel("a", "1 1 2 2", "2 0 2 1", "3 3 1 3"))
    assert [(f.code, f.severity, f.facts["entries"]) for f in outcome.findings] == [
        ("marks.spread_exceeded", "warning", [2, 3])
    ]


def test_a_recorded_lot_or_ruling_comes_last() -> None:
    known = entries({"entry": 1, "lot": 2}, {"entry": 2, "lot": 1}, {"entry": 3, "lot": 1, "ruling": 1})
    outcome = ranked(
        {"aspects": ["a"], "tie_breaks": ["lot", "ruling"]}, grid("entry a", "1 5", "2 5", "3 5"), known
    )
    assert board(outcome, "tie_break") == [(3, 1, "5", "ruling"), (2, 2, "5", "ruling"), (1, 3, "5", "lot")]


def test_a_near_tie_is_measured_from_the_best_of_the_run() -> None:
    outcome = ranked(
        {"aspects": ["a"], "near_tie": 2}, grid("entry a", "1 90", "2 89", "3 88", "4 87", "5 85")
    )
    # 90, 89, 88 are within 2 of 90; 87 opens the next run, 85 is within 2 of it
    assert outcome.places["place"].to_list() == [1, 1, 1, 4, 4]


def test_blanks_are_no_numbers() -> None:
    document = {"modules": [{"id": "a"}, {"id": "b"}]}
    table = grid("entry a b", "1 0 0", "2 dns dns", "3 10 dnf", "4 dsq 60", "5 - -", "6 pending void")
    outcome = ranked(document, table, entries(*({"entry": n} for n in range(1, 8))))
    assert board(outcome, "status") == [
        (3, 1, "10", ""),
        (1, 2, "0", ""),
        (2, None, "", "blank"),
        (5, None, "", "blank"),
        (6, None, "", "blank"),
        (7, None, "", "blank"),
        (4, None, "60", "dsq"),
    ]


@pytest.mark.parametrize(
    ("blanks", "order"),
    [
        ({}, [(1, 1), (2, 2), (3, 3)]),
        ({"dnf": "behind"}, [(2, 1), (3, 2), (1, 3)]),
        ({"dnf": "unranked"}, [(2, 1), (3, 2), (1, None)]),
        ({"dnf": "zero"}, [(1, 1), (2, 2), (3, 3)]),
    ],
)
def test_what_an_unfinished_module_costs(blanks: dict[str, str], order: list[tuple[int, int | None]]) -> None:
    document = {"modules": [{"id": "a"}, {"id": "b"}], "blanks": blanks}
    outcome = ranked(document, grid("entry a b", "1 90 dnf", "2 40 40", "3 10 10"))
    assert [(e, p) for e, p, _ in board(outcome)] == order


def test_no_blank_is_an_advantage_where_the_shorter_time_wins() -> None:
    aspects = [{"id": "r1", "maximum": None}, {"id": "r2", "maximum": None}]
    document = {"aspects": aspects, "better": "lower"}
    outcome = ranked(document, grid("entry r1 r2", "1 50.1 50.2", "2 49 -", "3 51 52", "4 48 dnf"))
    assert board(outcome) == [(1, 1, "100.3"), (3, 2, "103"), (4, 3, "48"), (2, 4, "49")]


def test_no_blank_is_an_advantage_where_points_can_be_lost() -> None:
    aspects = [{"id": "a"}, {"id": "b", "minimum": -10}]
    outcome = ranked({"aspects": aspects}, grid("entry a b", "1 20 -5", "2 20 -"))
    assert board(outcome) == [(1, 1, "15"), (2, 2, "20")]


def test_guests_are_listed_and_take_no_place() -> None:
    known = entries(
        {"entry": 1}, {"entry": 2, "guest": True}, {"entry": 3}, {"entry": 4, "status": "withdrawn"}
    )
    lines = [{"id": "first", "share": 0.5}]
    outcome = ranked(
        {"aspects": ["a"], "award_lines": lines}, grid("entry a", "1 80", "2 99", "3 70", "4 75"), known
    )
    assert board(outcome, "status", "award") == [
        (1, 1, "80", "", "first"), (3, 2, "70", "", None),
        (2, None, "99", "guest", None), (4, None, "75", "withdrawn", None),
    ]  # fmt: skip


def _two_stages(cut: dict[str, Any] | None, **final: Any) -> dict[str, Any]:
    first = {"id": "heat", "modules": [{"id": "h"}]} | ({"cut": cut} if cut else {})
    return {"stages": [first, {"id": "final", "modules": [{"id": "f"}], **final}]}


def _two_rounds(heat: str, final: str) -> pl.DataFrame:
    first = grid("entry h", *(f"{n} {v}" for n, v in enumerate(heat.split(), 1)), stage="heat")
    second = grid("entry f", *(f"{n} {v}" for n, v in enumerate(final.split(), 1)), stage="final")
    return pl.concat([first, second])


@pytest.mark.parametrize(
    ("cut", "carry", "rows"),
    [
        # everyone who goes on stands before everyone who does not, whatever their points
        ({"count": 2}, 0, [(2, 1, "5"), (1, 2, "3"), (3, 3, "80"), (4, 4, "70")]),
        ({"count": 2}, 1, [(1, 1, "93"), (2, 2, "90"), (3, 3, "80"), (4, 4, "70")]),
        ({"count": 2}, 0.5, [(1, 1, "48"), (2, 2, "47.5"), (3, 3, "80"), (4, 4, "70")]),
        ({"kind": "share", "share": 0.5}, 0, [(2, 1, "5"), (1, 2, "3"), (3, 3, "80"), (4, 4, "70")]),
        ({"kind": "line", "line": 85}, 0, [(2, 1, "5"), (1, 2, "3"), (3, 3, "80"), (4, 4, "70")]),
        ({"kind": "marked"}, 0, [(2, 1, "5"), (1, 2, "3"), (3, 3, "80"), (4, 4, "70")]),
        (None, 1, [(1, 1, "93"), (2, 2, "90"), (3, 3, "80"), (4, 4, "70")]),
    ],
)
def test_a_final_after_heats(cut: dict[str, Any] | None, carry: float, rows: list[tuple[Any, ...]]) -> None:
    outcome = ranked(_two_stages(cut, carry_over=carry), _two_rounds("90 85 80 70", "3 5 - -"))
    assert board(outcome) == rows


def test_each_round_names_what_the_rounds_before_it_weigh() -> None:
    """As in piano competitions: 30:70 after the second round, 10:20:70 after the third, where 30:70 is no help."""
    stages = [
        {"id": "first", "cut": {"count": 3}, "modules": [{"id": "etudes"}]},
        {
            "id": "second", "weight": 0.7, "carries": [{"stage": "first", "weight": 0.3}], "cut": {"count": 2},
            "modules": [{"id": "sonata"}],
        },
        {
            "id": "final", "weight": 0.7, "modules": [{"id": "concerto"}],
            "carries": [{"stage": "first", "weight": 0.1}, {"stage": "second", "weight": 0.2}],
        },
    ]  # fmt: skip
    rounds = [grid(f"entry {name}", *lines, stage=stage) for stage, name, *lines in (
        ("first", "etudes", "1 20", "2 22", "3 18", "4 17"),
        ("second", "sonata", "1 23", "2 19", "3 21"),
        ("final", "concerto", "1 21", "3 24"),
    )]  # fmt: skip
    outcome = ranked({"stages": stages}, pl.concat(rounds))
    # 1: 0.1 x 20 + 0.2 x 23 + 0.7 x 21; 3: 0.1 x 18 + 0.2 x 21 + 0.7 x 24; 2: 0.3 x 22 + 0.7 x 19; 4: 17
    assert board(outcome) == [(3, 1, "22.8"), (1, 2, "21.3"), (2, 3, "19.9"), (4, 4, "17")]
    told = explain(outcome, 3)
    assert [(stage.id, stage.part) for stage in told.children] == [
        ("first", Fraction("1.8")), ("second", Fraction("4.2")), ("final", Fraction("16.8")),
    ]  # fmt: skip


@pytest.mark.parametrize(("ties", "through"), [("admit", [1, 2, 3]), ("exclude", [1]), ("break", [1, 2, 3])])
def test_ties_on_the_cut(ties: str, through: list[int]) -> None:
    outcome = ranked(_two_stages({"count": 2, "ties": ties}), _two_rounds("90 85 85 70", "1 1 1 -"))
    assert sorted(outcome.places.filter(pl.col("reached") == 2)["entry"]) == through


def test_marks_beyond_the_cut_do_not_count_and_are_reported() -> None:
    outcome = ranked(_two_stages({"count": 1}), _two_rounds("90 85", "1 100"))
    assert board(outcome) == [(1, 1, "91"), (2, 2, "85")]
    assert [(f.code, f.facts["entries"]) for f in outcome.findings] == [
        ("marks.marked_without_advancing", [2])
    ]


def test_a_finalist_without_a_mark_stays_before_those_who_are_out() -> None:
    outcome = ranked(_two_stages({"count": 2}, carry_over=0), _two_rounds("90 85 80", "- 1 -"))
    assert board(outcome) == [(2, 1, "1"), (1, 2, ""), (3, 3, "80")]


def test_places_within_category_and_overall_and_by_region() -> None:
    document = {
        "aspects": ["a"],
        "rankings": [
            {"id": "category", "by": ["category"]}, {"id": "all"}, {"id": "region", "by": ["region"]},
        ],
    }  # fmt: skip
    known = entries(
        {"entry": 1, "category": "职工组", "region": "赣州"},
        {"entry": 2, "category": "学生组", "region": "南昌"},
        {"entry": 3, "category": "职工组", "region": "南昌"},
        {"entry": 4, "category": "学生组"},
    )
    outcome = ranked(document, grid("entry a", "1 90", "2 95", "3 80", "4 80"), known)
    found = {row[0]: row[1:] for row in board(outcome, "place:all", "place:region")}
    assert found == {1: (1, "90", 2, 1), 2: (1, "95", 1, 1), 3: (2, "80", 3, 2), 4: (2, "80", 3, None)}


@pytest.mark.parametrize(
    ("lines", "awards"),
    [
        ([{"id": "g", "count": 1}, {"id": "s", "count": 2}], ["g", "s", "s", None]),
        (
            [{"id": "g", "count": 2}, {"id": "s", "count": 1}],
            ["g", "g", "g", None],
        ),  # the tie extends gold, uses up silver
        ([{"id": "g", "count": 2, "ties": "cut"}, {"id": "s", "count": 1}], ["g", "s", "s", None]),
        ([{"id": "g", "share": 0.25}], ["g", None, None, None]),
        ([{"id": "g", "share": 0.3, "rounding": "ceil"}], ["g", "g", "g", None]),
        ([{"id": "g", "count": 1, "minimum_field": 5}, {"id": "s", "count": 1}], ["s", None, None, None]),
        ([{"id": "g", "count": 4, "minimum_total": 85}], ["g", "g", "g", None]),
    ],
)
def test_award_lines(lines: list[dict[str, Any]], awards: list[str | None]) -> None:
    assert ranked({"aspects": ["a"], "award_lines": lines}, grid(*FOUR)).places["award"].to_list() == awards


def test_teams_are_the_sum_of_their_best() -> None:
    document = {
        "aspects": ["a"],
        "teams": {"by": "team", "rule": "best", "count": 2, "minimum": 2, "time": True},
    }
    known = entries(*({"entry": n, "team": t} for n, t in enumerate("AAABBC", 1)))
    table = pl.concat(
        [grid("entry a", "1 50", "2 40", "3 10", "6 99", time=5), grid("entry a", "4 60", "5 30", time=4)]
    )
    teams = ranked(document, table, known).teams
    assert teams.select("team", "place", "total", "members", "time").rows() == [
        ("B", 1, 900_000, 2, 8_000), ("A", 2, 900_000, 2, 10_000),
    ]  # fmt: skip


def test_many_tie_breaks_need_more_than_sixty_three_bits() -> None:
    ids = [f"m{n}" for n in range(8)]
    document = {
        "modules": [
            {"id": i, "maximum": 10**7, "aspects": [{"id": i, "maximum": 10**7, "step": 0.0001}]} for i in ids
        ],
        "tie_breaks": [f"module:{i}" for i in ids],
    }
    head = "entry " + " ".join(ids)
    table = grid(
        head, "1 1 2 3 4 5 6 7 9000000.0003", "2 1 2 3 4 5 6 9000000.0003 7", "3 2 1 3 4 5 6 7 9000000.0003"
    )
    assert board(ranked(document, table), "tie_break") == [
        (3, 1, "9000028", "module:m0"), (2, 2, "9000028", "module:m0"), (1, 3, "9000028", "module:m6"),
    ]  # fmt: skip


def test_thirty_judges_of_whom_each_entry_meets_three() -> None:
    rows = [
        {"entry": e, "aspect": "a", "judge": f"J{(e * 3 + k) % 30:02}", "value": 50 + k * 10}
        for e in range(20) for k in range(3)
    ]  # fmt: skip
    outcome = ranked({"aspects": [{"id": "a", "panel": {"method": "median"}}]}, marks(*rows))
    assert set(outcome.places["total"]) == {600_000}
