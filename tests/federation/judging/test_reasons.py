"""Reasons against the board they explain, over random schemes of the whole language."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import polars as pl
from hypothesis import given

from federation.judging import SCALE, Explanation, explain, explain_award, explain_place, explain_places, rank
from tests.federation.judging.invented import Scene, scenes, tried
from tests.federation.judging.tables import board, entries, grid, ranked


def parts(told: Explanation) -> Iterator[Explanation]:
    yield told
    for child in told.children:
        yield from parts(child)


@tried(60)
@given(scenes())
def test_the_tree_ends_at_the_total_of_the_board_and_names_its_scores(scene: Scene) -> None:
    outcome = rank(scene.scheme, scene.marks, scene.entries)
    for entry, total in outcome.places.select("entry", "total").iter_rows():
        told = explain(outcome, entry)
        assert told.value == (None if total is None else Fraction(total, SCALE))


@tried(60)
@given(scenes())
def test_every_neighbour_is_parted_by_the_first_criterion_that_differs(scene: Scene) -> None:
    outcome = rank(scene.scheme, scene.marks, scene.entries)
    rows = {entry: at for at, entry in enumerate(outcome.entries["entry"].to_list())}
    for row in explain_places(outcome).iter_rows(named=True):
        one = explain_place(outcome, row["entry"])
        assert (one.code, one.other, one.criterion) == (row["code"], row["other"], row["criterion"])
        if one.other is None:
            continue
        mine, theirs = rows[one.entry], rows[one.other]
        differing = [key.code for key in outcome.keys if key.column[mine] != key.column[theirs]]
        assert differing[:1] == ([one.criterion] if one.criterion else [])


@tried(40)
@given(scenes())
def test_an_award_is_explained_to_whoever_has_it_and_to_nobody_else(scene: Scene) -> None:
    outcome = rank(scene.scheme, scene.marks, scene.entries)
    for entry, award in outcome.places.select("entry", "award").iter_rows():
        why = explain_award(outcome, entry)
        assert (None if why is None else why.line.id) == award


def test_a_boundary_and_a_tie_across_it() -> None:
    document = {
        "aspects": ["a"],
        "award_lines": [{"id": "first", "share": "0.1"}, {"id": "second", "share": "0.2"}],
    }
    table = grid(
        "entry a", *(f"{n} {value}" for n, value in enumerate((99, 90, 88, 88, 70, 60, 50, 40, 30, 20), 1))
    )
    outcome = ranked(document, table)
    assert [row[3] for row in board(outcome, "award")][:5] == ["first", "second", "second", "second", None]
    # ten are ranked: one first, two second, places 2 and 3; 3 and 4 share place 3
    why = explain_award(outcome, 4)
    assert why is not None
    assert (why.first, why.last, why.field, why.extended) == (2, 3, 10, True)


def test_who_did_not_go_on_is_told_how_many_did() -> None:
    stages = [
        {"id": "heat", "title": "预赛", "modules": [{"id": "h"}], "cut": {"count": 2}},
        {"id": "final", "title": "决赛", "modules": [{"id": "f"}]},
    ]
    table = pl.concat(
        [grid("entry h", "1 9", "2 8", "3 7", stage="heat"), grid("entry f", "1 1", "2 2", stage="final")]
    )
    why = explain_place(ranked({"stages": stages}, table, entries(*({"entry": n} for n in (1, 2, 3)))), 3)
    assert (why.code, why.criterion, why.facts["title"], why.facts["admitted"]) == (
        "behind",
        "reached",
        "决赛",
        2,
    )
