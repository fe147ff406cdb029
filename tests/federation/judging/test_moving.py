"""One changed mark: the board moved is the board ranked anew, whatever the scheme and whatever changed."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.judging import MARKS, Scheme, moving, rank
from federation.judging.frames import FrameError
from federation.judging.moving import moved
from tests.federation.judging.invented import Scene, paper, scenes, tried
from tests.federation.judging.test_oracle import seen

ELECTRICIANS = Scheme.from_json(
    {
        "id": "electricians",
        "modules": [
            {"id": "T", "weight": "0.3", "aspects": ["theory"]},
            {"id": "P", "weight": "0.7", "aspects": ["practice"]},
        ],
        "tie_breaks": ["module:P"],
        "rankings": [{"id": "all"}, {"id": "region", "by": ["region"]}],
        "award_lines": [{"id": "first", "count": 1}, {"id": "second", "count": 2}],
    }
)
CAST = {
    1: ("涂国强", 80, 90),
    2: ("章丽娟", 90, 80),
    3: ("欧阳文", 70, 80),
    4: ("喻建平", 60, 70),
    5: ("万里", 50, 50),
}


def a_mark(entry: int, aspect: str, value: float) -> dict[str, Any]:
    return {"entry": entry, "aspect": aspect, "value": int(value * 10_000)}


def papers(**changed: float) -> pl.DataFrame:
    """The marks of the cast; `p3=95` gives the third 95 for practice."""
    rows = []
    for entry, (_, theory, practice) in CAST.items():
        rows.append(a_mark(entry, "theory", changed.get(f"t{entry}", theory)))
        rows.append(a_mark(entry, "practice", changed.get(f"p{entry}", practice)))
    return pl.DataFrame(rows, schema=MARKS)


def of(entry: int, marks: pl.DataFrame) -> pl.DataFrame:
    return marks.filter(pl.col("entry") == entry)


REGIONS = pl.DataFrame({"entry": [1, 2, 3, 4, 5], "region": ["南昌", "九江", "南昌", "九江", "南昌"]})


def test_the_third_rises_to_the_first_place():
    before = rank(ELECTRICIANS, papers(), REGIONS)
    after = moved(before, of(3, papers(p3=95)))
    told = after.places.select("entry", "place", "award", "place:region", "total").rows()
    # 0.3 · 70 + 0.7 · 95 = 87.5; 0.3 · 80 + 0.7 · 90 = 87; 0.3 · 90 + 0.7 · 80 = 83
    assert told == [
        (3, 1, "first", 1, 875_000),
        (1, 2, "second", 2, 870_000),
        (2, 3, "second", 1, 830_000),
        (4, 4, None, 2, 670_000),
        (5, 5, None, 3, 500_000),
    ]
    assert before.places["entry"].to_list() == [1, 2, 3, 4, 5]


def test_only_the_changed_entry_is_evaluated(monkeypatch):
    """A full ranking would have to be asked for; here none is."""
    before = rank(ELECTRICIANS, papers(), REGIONS)
    monkeypatch.setattr(moving, "rank", lambda *_: 1 / 0)
    after = moved(before, of(5, papers(t5=50.5)))
    assert after.places["total"].to_list()[-1] == 501_500


def test_a_chain_of_changes_ends_where_the_marks_lead():
    outcome = rank(ELECTRICIANS, papers(), REGIONS)
    changes: dict[str, float] = {}
    for name, value in (("p3", 95), ("t1", 12), ("p5", 90), ("t5", 90), ("p1", 90), ("p2", 80), ("t4", 0)):
        changes[name] = value
        outcome = moved(outcome, of(int(name[1]), papers(**changes)))
        assert seen(outcome) == seen(rank(ELECTRICIANS, papers(**changes), REGIONS)), name


@st.composite
def changes(draw: Any) -> tuple[Scene, list[dict[str, Any]], list[int]]:
    """A scene, what its marks are after some entries were marked anew, and which those are."""
    scene = draw(scenes(people=9))
    entries = [person["entry"] for person in scene.known]
    changed = draw(st.lists(st.sampled_from(entries), min_size=1, max_size=3, unique=True))
    rows = [row for row in scene.rows if row["entry"] not in changed]
    for entry in changed:
        twin = draw(st.one_of(st.none(), st.sampled_from(entries)))
        if twin is None or twin in changed:
            rows += paper(draw, scene.scheme, entry)
        else:
            rows += [{**row, "entry": entry} for row in scene.rows if row["entry"] == twin]
    return scene, rows, changed


@tried(250)
@given(changes())
def test_moving_is_ranking_anew(change: tuple[Scene, list[dict[str, Any]], list[int]]) -> None:
    scene, rows, changed = change
    before = rank(scene.scheme, scene.marks, scene.entries)
    marks = pl.DataFrame(rows, schema=MARKS)
    try:
        anew = rank(scene.scheme, marks, scene.entries)
    except FrameError:
        return
    if {row["entry"] for row in rows} >= set(changed):
        after = moved(before, marks.filter(pl.col("entry").is_in(changed)))
        assert (seen(after), after.findings) == (seen(anew), anew.findings)
        assert after.places.schema == anew.places.schema


FORMS = st.sampled_from(["standard", "ordinal"])
POINTS = st.integers(0, 6).map(float)


@tried(250)
@given(
    form=FORMS,
    better=st.sampled_from(["higher", "lower"]),
    given_points=st.lists(st.tuples(POINTS, POINTS, st.integers(0, 3)), min_size=2, max_size=40),
    moves=st.lists(
        st.tuples(st.integers(0, 39), POINTS, POINTS), min_size=1, max_size=3, unique_by=lambda m: m[0]
    ),
)
def test_full_of_ties_and_still_without_ranking_anew(
    form: str,
    better: str,
    given_points: list[tuple[float, float, int]],
    moves: list[tuple[int, float, float]],
) -> None:
    """Seven values for two modules: most entries share something, and regions 0 are nobody's."""
    scheme = Scheme.from_json(
        {
            "id": "ties",
            "better": better,
            "place_form": form,
            "modules": [
                {"id": "T", "weight": "0.5", "aspects": ["theory"]},
                {"id": "P", "weight": "0.5", "aspects": ["practice"]},
            ],
            "tie_breaks": ["module:P"],
            "rankings": [{"id": "all"}, {"id": "region", "by": ["region"]}, {"id": "again"}],
            "award_lines": [
                {"id": "first", "share": "0.1"},
                {"id": "second", "share": "0.3", "ties": "extend"},
            ],
        }
    )
    entries = pl.DataFrame(
        {"entry": range(len(given_points)), "region": [str(r) if r else None for *_, r in given_points]},
        schema={"entry": pl.Int64, "region": pl.String},
    )

    def all_marks(points: dict[int, tuple[float, float]]) -> pl.DataFrame:
        rows = [(entry, *pair) for entry, pair in points.items()]
        return pl.DataFrame(
            [row for e, t, p in rows for row in (a_mark(e, "theory", t), a_mark(e, "practice", p))],
            schema=MARKS,
        )

    points = {entry: (theory, practice) for entry, (theory, practice, _) in enumerate(given_points)}
    before = rank(scheme, all_marks(points), entries)
    new = {entry: (theory, practice) for entry, theory, practice in moves if entry in points}
    if not new:
        return
    anew = rank(scheme, all_marks(points | new), entries)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moving, "rank", lambda *_: None)
        after = moved(before, all_marks(new))
    assert seen(after) == seen(anew)
