"""How firm a place is: the fewest steps of one mark that alter it, against trying every step of every mark."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.judging import Scheme, rank
from federation.judging.diagnostics import firmness
from federation.judging.schemes import aspects_of
from tests.federation.judging.tables import entries, grid, marks, panel, ranked, scheme

TOLD = ("entry", "place", "direction", "whose", "aspect", "judge", "steps")


def told(found: Any, *columns: str) -> list[tuple[Any, ...]]:
    return found.places.select(columns or TOLD).rows()


def test_held_by_two_hundredths_of_practice():
    """1 leads 90.00 to 89.98 and 80.00. Two steps draw the second level, in practice too, so that the first
    place is shared; a third step takes it. The third needs 9.98 in theory: practice parts equal totals."""
    outcome = ranked(
        {"modules": [{"id": "T"}, {"id": "P"}], "tie_breaks": ["module:P"]},
        grid("entry T P", "1 50 40", "2 50 39.98", "3 40 40"),
    )
    assert told(firmness(outcome)) == [
        (1, 1, "falls", 1, "T", None, 3),
        (2, 2, "rises", 2, "P", None, 2),
        (3, 3, "rises", 3, "T", None, 998),
    ]
    assert firmness(outcome).places.select("above", "below", "value", "changed").rows() == [
        (None, 200, 500_000, 499_700),
        (200, 99_800, 399_800, 400_000),
        (99_800, None, 400_000, 499_800),
    ]


def test_a_mark_that_is_dropped_holds_a_place_until_it_is_an_extreme_no_more():
    """Five judges, extremes dropped. 1: 5 6 7 8 9 → 7; 2: 5 5 7 8 9 → 6.67. Raising a dropped 9 alters nothing."""
    outcome = ranked(
        {
            "modules": [
                {"id": "A", "maximum": 10, "aspects": [
                    {"id": "a", "maximum": 10, "step": 1, "panel": {"method": "trimmed_mean"}}]}
            ]
        },
        panel("a", "1 5 6 7 8 9", "2 5 5 7 8 9"),
    )  # fmt: skip
    found = firmness(outcome)
    assert told(found)[0][:3] + told(found)[0][6:] == (1, 1, "falls", 2)
    assert told(found)[1][:3] + told(found)[1][6:] == (2, 2, "rises", 1)


def test_no_mark_alters_the_place_of_who_stands_alone():
    outcome = ranked({"modules": [{"id": "A"}]}, grid("entry A", "1 50"))
    assert told(firmness(outcome)) == [(1, 1, None, None, None, None, None)]


def test_within_a_cap_no_step_helps():
    """Both over the cap of 60: 1 leads by the tie-break. Lowering its only mark under 60 is what alters the place."""
    outcome = ranked(
        {
            "modules": [
                {"id": "A", "cap": 60, "aspects": [{"id": "a", "maximum": 100, "step": 1}]},
                {"id": "B", "aspects": [{"id": "b", "maximum": 10, "step": 10}]},
            ],
        },
        grid("entry a b", "1 80 0", "2 59 0"),
    )
    assert told(firmness(outcome)) == [
        (1, 1, "falls", 2, "b", None, 1),
        (2, 2, "rises", 2, "a", None, 1),
    ]


@pytest.mark.parametrize(
    ("document", "why"), [({"near_tie": 1}, "near_tie"), ({"tie_breaks": ["countback"]}, "countback")]
)
def test_where_a_place_depends_on_everybody_it_is_not_told(document, why):
    outcome = ranked({"modules": [{"id": "A"}], **document}, grid("entry A", "1 50", "2 40"))
    assert (firmness(outcome).untold, firmness(outcome).places.height) == (why, 0)


def test_on_a_large_board_only_what_is_near_a_line_is_told():
    """Sixty entries, a prize for the first 30: told are 1–11 and 20–40."""
    outcome = ranked(
        {"modules": [{"id": "A"}], "award_lines": [{"id": "first", "count": 30}]},
        grid("entry A", *(f"{entry} {100 - entry}" for entry in range(1, 61))),
    )
    found = firmness(outcome, most=50)
    assert found.partial
    assert found.places["entry"].to_list() == [*range(1, 12), *range(20, 41)]
    everything = firmness(outcome).places.filter(pl.col("entry").is_in(found.places["entry"].implode()))
    assert found.places.equals(everything)


def test_who_went_on_is_taken_as_it_happened():
    """Two of three go on. In the final the order turns: ten points draw the second level with the first, one step more
    puts it ahead. The third stays third however little parted it from the cut."""
    document = {
        "stages": [
            {"id": "first", "modules": [{"id": "A"}], "cut": {"kind": "count", "count": 2}},
            {"id": "final", "carry_over": 0, "modules": [{"id": "B"}]},
        ]
    }
    table = pl.concat(
        [
            grid("entry A", "1 90", "2 80", "3 79.99", stage="first"),
            grid("entry B", "1 50", "2 60", stage="final"),
        ]
    )
    assert told(firmness(ranked(document, table)), "entry", "place", "whose", "stage", "steps") == [
        (2, 1, 2, "final", 1001),
        (1, 2, 1, "final", 1000),
        (3, 3, None, None, None),
    ]


METHODS = st.sampled_from(["mean", "median", "trimmed_mean", "sum", "clamped_mean"])


@st.composite
def tried(draw: Any) -> tuple[Scheme, pl.DataFrame]:
    """A rule with coarse steps, caps and roundings, and a board of two to five in two groups."""
    method = draw(METHODS)
    modules = [
        {
            "id": "A",
            "maximum": None,
            "cap": draw(st.sampled_from([None, 5])),
            "rounding": draw(st.sampled_from([0, 1, 0.1])),
            "weight": draw(st.sampled_from([1, 0.3, 2])),
            "aspects": [
                {"id": "a", "maximum": 6, "step": 1,
                 "panel": {"method": method, "clamp": draw(st.sampled_from([0.5, 1])), "trim_from": 3}},
            ],
        },
        {
            "id": "B",
            "maximum": None,
            "weight": draw(st.sampled_from([1, 0.5, -1])),
            "aspects": [{"id": "b", "maximum": 4, "step": 0.5, "worth": draw(st.sampled_from([None, 10]))}],
        },
    ]  # fmt: skip
    rule = scheme(
        modules=modules,
        better=draw(st.sampled_from(["higher", "lower"])),
        place_form=draw(st.sampled_from(["standard", "ordinal"])),
        tie_breaks=draw(st.sampled_from([[], ["module:A"], ["aspect:b"], ["lot"]])),
        roundings={"total": draw(st.sampled_from([0.01, 1]))},
    )
    rows = []
    for entry in range(1, draw(st.integers(2, 5)) + 1):
        for seat in "xyz":
            value = draw(st.one_of(st.none(), st.integers(0, 6)))
            if value is not None:
                rows.append({"entry": entry, "aspect": "a", "judge": seat, "value": value})
        rows.append({"entry": entry, "aspect": "b", "value": draw(st.integers(0, 8)) / 2})
    return rule, marks(*rows)


def by_trying(rule: Scheme, table: pl.DataFrame, known: pl.DataFrame) -> dict[int, int | None]:
    """Entry → the fewest steps, by ranking anew for every step of every mark of the entry and of those next to it."""
    before = rank(rule, table, known).places.filter(pl.col("status") == "")
    aspects = {one.id: one for module in rule.stages[0].modules for one in aspects_of(module)}
    group = dict(known.select("entry", "category").rows())
    place = dict(before.select("entry", "place").rows())
    best: dict[int, int | None] = dict.fromkeys(place)
    for at, row in enumerate(table.iter_rows(named=True)):
        aspect, owner = aspects[row["aspect"]], row["entry"]
        if owner not in place:
            continue
        places = sorted({place[one] for one in place if group[one] == group[owner]})
        next_to = places[max(places.index(place[owner]) - 1, 0) : places.index(place[owner]) + 2]
        near = [one for one in place if group[one] == group[owner] and place[one] in next_to]
        for value in range(0, (aspect.maximum or 0) + 1, aspect.step):
            steps = abs(value - row["value"]) // aspect.step
            if steps == 0:
                continue
            after = rank(rule, table.with_columns(table["value"].scatter(at, value)), known).places
            now = dict(after.select("entry", "place").rows())
            for one in near:
                if now[one] != place[one] and (best[one] is None or steps < best[one]):  # type: ignore[operator]
                    best[one] = steps
    return best


@settings(max_examples=25)
@given(tried(), st.data())
def test_against_trying_every_step_of_every_mark(board: tuple[Scheme, pl.DataFrame], data: Any) -> None:
    rule, table = board
    ids = table["entry"].unique().sort().to_list()
    groups = data.draw(st.lists(st.sampled_from("mn"), min_size=len(ids), max_size=len(ids)))
    lots = data.draw(st.permutations(range(len(ids))))
    known = entries(
        *(
            {"entry": one, "category": group, "lot": lot}
            for one, group, lot in zip(ids, groups, lots, strict=True)
        )
    )
    outcome = rank(rule, table, known)
    found = firmness(outcome)
    assert dict(found.places.select("entry", "steps").rows()) == by_trying(rule, table, known)
    for row in found.places.drop_nulls("steps").iter_rows(named=True):
        judge = pl.col("judge").eq_missing(pl.lit(row["judge"], dtype=pl.String))
        here = (pl.col("entry") == row["whose"]) & (pl.col("aspect") == row["aspect"]) & judge
        changed = table.with_columns(value=pl.when(here).then(row["changed"]).otherwise("value"))
        assert table.filter(here)["value"].to_list() == [row["value"]]
        place = dict(rank(rule, changed, known).places.select("entry", "place").rows())[row["entry"]]
        assert (place < row["place"]) == (row["direction"] == "rises")
        assert place != row["place"]


@settings(max_examples=15)
@given(tried(), st.integers(0, 99))
def test_the_order_of_rows_never_matters_and_no_mark_is_touched(board: Any, seed: int) -> None:
    rule, table = board
    before = table.clone()
    outcome = rank(rule, table)
    first = firmness(outcome).places
    assert table.equals(before)
    assert outcome.marks.equals(before)
    other = firmness(rank(rule, table.sample(fraction=1, shuffle=True, seed=seed))).places
    columns = ["entry", "place", "above", "below", "steps"]
    assert first.select(columns).equals(other.select(columns))
