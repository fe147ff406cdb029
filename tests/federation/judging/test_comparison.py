"""Two boards side by side, with figures worked by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import polars.selectors as cs
from hypothesis import given

from federation.judging import Outcome, Scheme, rank
from federation.judging.comparison import COMPARISON, Crossings, by_effect, changed, compare, crossings
from tests.federation.judging.tables import entries, grid, marks, panel, ranked, scaled
from tests.federation.judging.test_properties import QUICK, TABLES, laid, schemes

ONE = {"modules": [{"id": "A"}], "award_lines": [{"id": "gold", "count": 1}, {"id": "silver", "count": 1}]}


def judged(method: str) -> dict[str, Any]:
    """One aspect of ten points before five judges."""
    aspect = {"id": "a", "maximum": 10, "panel": {"method": method, "judges": 5}}
    return {"modules": [{"id": "A", "maximum": 10, "aspects": [aspect]}]}


def met(comparison: pl.DataFrame) -> dict[str, list[int]]:
    """Who does what; whoever does nothing of the kind is left out."""
    found: Crossings = crossings(comparison)
    lists = {name: getattr(found, name).to_list() for name in Crossings.__dataclass_fields__}
    return {name: entries for name, entries in lists.items() if entries}


def test_a_corrected_mark_carries_hu_from_no_award_to_gold() -> None:
    before = ranked(ONE, grid("entry A", "1 80", "2 79", "3 70"))
    after = ranked(ONE, grid("entry A", "1 80", "2 79", "3 90"))

    comparison = compare(before, after)

    assert comparison.rows() == [
        (3, 3, 1, scaled(70), scaled(90), None, "gold", 1, 1, False, False, 2, 2),
        (1, 1, 2, scaled(80), scaled(80), "gold", "silver", 1, 1, False, False, -1, -1),
        (2, 2, 3, scaled(79), scaled(79), "silver", None, 1, 1, False, False, -1, -1),
    ]
    assert met(comparison) == {
        "rises": [3],
        "falls": [1, 2],
        "retotalled": [3],
        "award_up": [3],
        "award_down": [1, 2],
    }


def test_without_the_trim_exactly_two_swap() -> None:
    """1: 9 9 9 9 0 is 9 trimmed and 7.2 plain. 2: 8 8 8 8 8 is 8 both ways. 3: 7 both ways."""
    table = panel("a", "1 9 9 9 9 0", "2 8 8 8 8 8", "3 7 7 7 7 7")

    comparison = compare(ranked(judged("trimmed_mean"), table), ranked(judged("mean"), table))

    assert comparison.select(
        "entry", "place_before", "place_after", "total_before", "total_after"
    ).rows() == [
        (2, 2, 1, scaled(8), scaled(8)),
        (1, 1, 2, scaled(9), scaled("7.2")),
        (3, 3, 3, scaled(7), scaled(7)),
    ]
    assert met(comparison) == {"rises": [2], "falls": [1], "unchanged": [3], "retotalled": [1]}


def test_rounding_moved_to_the_end_parts_a_tie() -> None:
    """Two halves of 80.04 and 80.01 round to 80.0 each by module, at the end to 160.1 and 160.0."""
    modules = [{"id": "A", "aspects": [{"id": "a"}]}, {"id": "B", "aspects": [{"id": "b"}]}]
    table = grid("entry a b", "1 80.04 80.04", "2 80.01 80.01")
    early = {"modules": modules, "roundings": {"module": 0.1, "total": 0.1}}
    late = {"modules": modules, "roundings": {"total": 0.1}}

    comparison = compare(ranked(early, table), ranked(late, table))

    assert comparison.select("entry", "place_before", "place_after", "moved").rows() == [
        (1, 1, 1, 0),
        (2, 1, 2, -1),
    ]
    assert met(comparison) == {"falls": [2], "retotalled": [1], "ceases_tied": [1, 2]}


def test_crossing_the_cut_entering_and_leaving_the_ranking() -> None:
    """One goes to the final, where 5 was recorded for 1 and 2 alike. 3 was a guest and is none any more."""
    stages: dict[str, Any] = {
        "stages": [
            {"id": "first", "cut": {"kind": "count", "count": 1}, "modules": [{"id": "A"}]},
            {"id": "final", "modules": [{"id": "B"}]},
        ]
    }
    first = [
        {"entry": n, "stage": "first", "aspect": "A", "value": v} for n, v in ((1, 80), (2, 70), (3, 60))
    ]
    final = [{"entry": n, "stage": "final", "aspect": "B", "value": 5} for n in (1, 2)]
    raised = [first[0], {**first[1], "value": 90}, first[2]]
    before = ranked(
        stages, marks(*first, *final), entries({"entry": 1}, {"entry": 2}, {"entry": 3, "guest": True})
    )
    after = ranked(stages, marks(*raised, *final), entries({"entry": 1}, {"entry": 2}, {"entry": 3}))

    forth, back = compare(before, after), compare(after, before)

    assert forth.drop(cs.matches("award|tied|moved")).rows() == [
        (2, 2, 1, scaled(70), scaled(95), 1, 2),
        (1, 1, 2, scaled(85), scaled(80), 2, 1),
        (3, None, 3, scaled(60), scaled(60), 1, 1),
    ]
    assert met(forth) == {
        "rises": [2],
        "falls": [1],
        "retotalled": [2, 1],
        "advances": [2],
        "stays_behind": [1],
        "enters": [3],
    }
    assert met(back)["leaves"] == [3]


def test_a_line_only_one_scheme_has_stands_where_it_stood() -> None:
    """A special prize above gold: whoever keeps gold has crossed nothing."""
    table = grid("entry A", "1 80", "2 70", "3 60")
    special = {**ONE, "award_lines": [{"id": "special", "count": 1}, {"id": "gold", "count": 1}]}

    comparison = compare(ranked(ONE, table), ranked(special, table))

    assert comparison.select("entry", "award_before", "award_after", "award_moved").rows() == [
        (1, "gold", "special", 1),
        (2, "silver", "gold", 1),
        (3, None, None, 0),
    ]


def test_an_entry_of_one_board_alone_is_listed_last() -> None:
    before = ranked(ONE, grid("entry A", "1 80", "2 70"))
    after = ranked(ONE, grid("entry A", "2 70"))

    comparison = compare(before, after)

    assert comparison.select("entry", "place_before", "place_after", "moved").rows() == [
        (2, 2, 1, 1),
        (1, 1, None, None),
    ]
    assert met(comparison)["leaves"] == [1]


def test_the_weightiest_change_comes_first() -> None:
    """5 loses its place, 3 takes the gold from 1; 2 and 4 shift by one; 1 falls two and loses two lines."""
    before = ranked(ONE, grid("entry A", "1 80", "2 79", "3 78", "4 70", "5 60"))
    after = ranked(
        ONE,
        grid("entry A", "1 50", "2 79", "3 78", "4 70", "5 60"),
        entries({"entry": 1}, {"entry": 2}, {"entry": 3}, {"entry": 4}, {"entry": 5, "status": "dsq"}),
    )

    comparison = by_effect(compare(before, after))

    assert comparison.select("entry", "moved", "award_moved").rows() == [
        (5, None, 0),
        (1, -3, -2),
        (2, 1, 1),
        (3, 1, 1),
        (4, 1, 0),
    ]


@QUICK
@given(schemes(), TABLES)
def test_a_board_against_itself_shows_no_change(tried: Scheme, table: Any) -> None:
    outcome: Outcome = rank(tried, laid(tried, table))

    comparison = compare(outcome, outcome)

    assert comparison.schema == COMPARISON
    assert comparison["entry"].to_list() == outcome.places["entry"].to_list()
    assert comparison.filter(changed()).is_empty()
    assert comparison["moved"].drop_nulls().unique().to_list() in ([], [0])
    assert comparison["award_moved"].unique().to_list() == [0]
    assert met(comparison) == {"unchanged": comparison["entry"].to_list()}


@QUICK
@given(schemes(), schemes(), TABLES)
def test_there_and_back_is_nothing(one: Scheme, other: Scheme, table: Any) -> None:
    """Whoever rises one way falls the other by as much."""
    number = min(len(one.stages[0].modules), len(other.stages[0].modules))
    first = rank(one, laid(one, table))
    second = rank(other, laid(one, table)) if number == len(one.stages[0].modules) else first

    forth = compare(first, second).sort("entry")
    back = compare(second, first).sort("entry")

    assert forth["moved"].to_list() == (-back["moved"]).to_list()
    assert forth["award_moved"].to_list() == (-back["award_moved"]).to_list()
    assert forth["total_before"].to_list() == back["total_after"].to_list()
