"""A scheme tried on earlier marks: who may choose what, which marks fit, old beside new, nothing written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from contests import programme, scheme_trying, schemes
from contests.scheme_trying import LeftOut, candidates, fit, try_on
from contests.tables import Mark
from federation.judging import MARKS, SCALE
from federation.judging.schemes import Aspect, Attempts, Module, Panel, Scheme, Stage
from federation.refusals import Forbidden, NotFound
from federation.tables import AuditLine
from tests.builders import a_contest, an_event_category, entries, pieces
from tests.cast import the_clerk, the_organiser

THEORY_PRACTICE = {"涂国强": (90, 70), "章丽娟": (80, 76), "欧阳文": (60, 84)}
"""30/70: 76.0, 77.2, 76.8. Half and half: 80, 78, 72."""


async def marked(event_category, given=THEORY_PRACTICE, aspects=("theory", "practical")):
    ids = await entries(event_category, list(given))
    made = await pieces(event_category)
    for entry, values in zip(ids, given.values(), strict=True):
        for aspect, value in zip(aspects, values, strict=True):
            await Mark.insert(
                Mark(
                    event_category=event_category,
                    piece=made[entry],
                    stage="",
                    aspect=aspect,
                    judge="",
                    value=value * SCALE,
                    actor="邱录分",
                    at=datetime.now(UTC),
                )
            )
    return dict(zip(given, ids, strict=True))


async def the_scene():
    """Last year's electricians with marks, this year's without: (Xiong, last year's id, this year's id)."""
    xiong = await the_organiser()
    last = await a_contest(
        xiong, code="2025-qg", year=2025, starts_on=date(2025, 11, 21), ends_on=date(2025, 11, 23)
    )
    before = await an_event_category(xiong, last)
    await marked(before)
    return xiong, before, await an_event_category(xiong, await a_contest(xiong))


def half_and_half() -> Scheme:
    preset = schemes.presets()["theory-practical"]
    stage = preset.stages[0]
    modules = tuple(replace(module, weight=SCALE // 2) for module in stage.modules)
    return replace(preset, stages=(replace(stage, modules=modules),))


async def test_last_years_marks_are_ranked_by_the_scheme_being_edited(db):
    xiong, before, _ = await the_scene()
    tried = await try_on(xiong, before, half_and_half())
    assert (tried.marks, tried.used, tried.left_out) == (6, 6, ())
    assert tried.comparison is not None
    shown = ("name", "place_before", "place_after", "total_before", "total_after", "moved")
    assert tried.comparison.select(shown).rows() == [
        ("涂国强", 3, 1, 760_000, 800_000, 2),
        ("章丽娟", 1, 2, 772_000, 780_000, -1),
        ("欧阳文", 2, 3, 768_000, 720_000, -1),
    ]


async def test_nothing_is_written(db):
    xiong, before, _ = await the_scene()
    lines, marks = await AuditLine.count(), await Mark.count()
    await try_on(xiong, before, half_and_half())
    assert (await AuditLine.count(), await Mark.count()) == (lines, marks)
    assert await schemes.scheme_of(before) == schemes.presets()["theory-practical"]


async def test_the_same_occupation_comes_first_then_the_newest(db):
    xiong, before, now = await the_scene()
    other = await an_event_category(xiong, "2026-qg", event="E2", occupation="6-18-02-04", name="焊工")
    await marked(other)
    found = await candidates(xiong, await programme.event_category(now))
    assert [(one["id"], one["same"]) for one in found] == [(before, True), (other, False)]


async def test_what_has_no_marks_or_is_the_category_itself_is_not_offered(db):
    xiong, before, _ = await the_scene()
    assert await candidates(xiong, await programme.event_category(before)) == []


async def test_only_an_organiser_is_shown_other_peoples_marks(db):
    xiong, before, now = await the_scene()
    clerk = await the_clerk((await programme.contest("2025-qg"))["id"])
    assert await candidates(clerk, await programme.event_category(now)) == []
    with pytest.raises(Forbidden):
        await try_on(clerk, before, half_and_half())
    with pytest.raises(NotFound):
        await try_on(xiong, now, half_and_half())


async def test_marks_the_scheme_does_not_know_are_left_out_and_listed(db):
    """Three modules A, B, C know neither theory nor practice: nobody has a total, so there is nothing to compare."""
    xiong, before, _ = await the_scene()
    tried = await try_on(xiong, before, schemes.presets()["modules"])
    assert tried.comparison is None
    assert tried.left_out == (
        LeftOut("main", "theory", "理论知识", "Theory", "unknown", 3),
        LeftOut("main", "practical", "操作技能", "Practical", "unknown", 3),
    )
    assert (tried.marks, tried.used) == (6, 0)


def frame(*rows) -> pl.DataFrame:
    """Rows (entry, stage, aspect, judge, attempt, value)."""
    names = ("entry", "stage", "aspect", "judge", "attempt", "value")
    made = pl.DataFrame(rows, schema={name: MARKS[name] for name in names}, orient="row")
    return made.with_columns(pl.lit(None, dtype=pl.String).alias("blank"))


def a_scheme(*aspects: Aspect, stages: tuple[str, ...] = ("main",)) -> Scheme:
    return Scheme("x", stages=tuple(Stage(one, modules=(Module("M", aspects=aspects),)) for one in stages))


def left(
    marks: pl.DataFrame, old: Scheme, new: Scheme
) -> tuple[list[tuple[str, str, int]], list[tuple[str, str]]]:
    """((stage, why, how many) left out, (stage, aspect) of what stays)."""
    kept, out = fit(marks, old, new)
    return [(one.stage, one.why, one.count) for one in out], kept.select("stage", "aspect").rows()


@pytest.mark.parametrize(
    ("old", "new", "marks", "expected"),
    [
        # a stage of another name is the same stage where there is one on both sides
        (a_scheme(Aspect("A")), a_scheme(Aspect("A"), stages=("final",)), [(1, "", "A", "", 1, 5)],
         ([], [("final", "A")])),
        # of two rounds only the one of the same name is taken
        (a_scheme(Aspect("A"), stages=("heat", "final")), a_scheme(Aspect("A"), stages=("final",)),
         [(1, "heat", "A", "", 1, 5), (1, "final", "A", "", 1, 6)], ([("heat", "unknown", 1)], [("final", "A")])),
        # where both rounds of the new scheme have the aspect, nobody can say which is meant
        (a_scheme(Aspect("A")), a_scheme(Aspect("A"), stages=("heat", "final")), [(1, "", "A", "", 1, 5)],
         ([("main", "unknown", 1)], [])),
        (a_scheme(Aspect("A")), a_scheme(Aspect("A", maximum=10 * SCALE)),
         [(1, "", "A", "", 1, 10 * SCALE), (2, "", "A", "", 1, 10 * SCALE + 1), (3, "", "A", "", 1, -1)],
         ([("main", "outside", 2)], [("main", "A")])),
        (a_scheme(Aspect("A", attempts=Attempts(of=2))), a_scheme(Aspect("A")),
         [(1, "", "A", "", 1, 5), (1, "", "A", "", 2, 6)], ([("main", "attempts", 1)], [("main", "A")])),
        (a_scheme(Aspect("A", panel=Panel("mean"))), a_scheme(Aspect("A")),
         [(1, "", "A", "J1", 1, 5), (1, "", "A", "J2", 1, 6), (2, "", "A", "J1", 1, 7)],
         ([("main", "judges", 2)], [("main", "A")])),
    ],
)  # fmt: skip
def test_only_marks_that_fit_are_taken(old, new, marks, expected):
    assert left(frame(*marks), old, new) == expected


def test_the_marks_that_fit_can_always_be_ranked():
    """Whatever is left after fitting is taken by the core without a fault."""
    old = a_scheme(Aspect("A", panel=Panel("mean"), attempts=Attempts(of=3)), Aspect("B"))
    new = a_scheme(Aspect("A", maximum=8), Aspect("C"))
    rows = [
        (entry, "", "A", f"J{judge}", turn, entry + turn)
        for entry in (1, 2)
        for judge in (1, 2)
        for turn in (1, 2)
    ]
    kept, out = fit(
        frame(*rows, (3, "", "A", "J1", 1, 9), (3, "", "B", "", 1, 4), (4, "", "A", "J2", 1, 7)), old, new
    )
    assert [(one.aspect, one.why, one.count) for one in out] == [
        ("A", "judges", 8),
        ("A", "outside", 1),
        ("B", "unknown", 1),
    ]
    assert scheme_trying.rank(new, kept).places.select("entry", "total").rows() == [(4, 0)]
