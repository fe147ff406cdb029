"""Trials: seen first, then applied or discarded as a whole, and nothing in force before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contests import programme, schemes, trials
from contests.ranking import outcome
from contests.tables import Entry, Mark, Trial
from contests.tables import Scheme as SchemeEdition
from federation import audit
from federation.accounts import Viewer
from federation.judging import Scheme, format_value
from federation.judging.comparison import crossings
from federation.refusals import Conflict, Forbidden, Invalid
from tests.builders import a_contest, an_event_category, approved_entries, bring_to, marks, pieces
from tests.cast import a_viewer, the_administrator, the_chief_referee, the_clerk, the_organiser

PEOPLE = ("涂国强", "章丽娟", "欧阳文")
GIVEN = {"1": ("9", "8", "7"), "2": ("8", "8", "7"), "3": ("4", "8", "7")}
"""By judge. Middle of three: 8, 8, 7; means 7, 8, 7."""


def a_scheme(method: str = "trimmed_mean") -> Scheme:
    aspect = {"id": "tea", "title": "茶艺", "maximum": 10, "panel": {"method": method, "judges": 3}}
    return Scheme.from_json(
        {
            "id": "tea",
            "title": "茶艺",
            "basis": "技术文件第 6 条",
            "modules": [{"id": "A", "title": "茶艺", "maximum": 10, "aspects": [aspect]}],
            "award_lines": [{"id": "first", "title": "一等奖", "count": 1, "ties": "extend"}],
        }
    )


async def a_scene(viewer: Viewer) -> tuple[int, list[int]]:
    made = await an_event_category(viewer, await a_contest(viewer), scheme=a_scheme())
    people = await approved_entries(made, PEOPLE)
    await bring_to(viewer, made, "marking")
    for judge, given in GIVEN.items():
        table = {entry: {"tea": text} for entry, text in zip(people, given, strict=True)}
        await marks(made, table, judge=judge)
    return made, people


async def number_of(entry: int) -> str:
    """As it was drawn."""
    row = await Entry.select(Entry.number).where(Entry.id == entry).first()
    assert row is not None
    return str(row["number"])


async def standing(made: int) -> list[tuple[int, int, str]]:
    places = (await outcome(made)).places
    return [(row[0], row[1], format_value(row[2])) for row in places.select("entry", "place", "total").rows()]


async def everything() -> list[Any]:
    return [await table.select().order_by(table.id) for table in (Mark, SchemeEdition)]


async def looked_at(viewer: Viewer, made: int, trial: int) -> trials.Tried:
    return await trials.tried(viewer, made, (await trials.the_trial(viewer, made, trial))["set"])


async def test_without_the_trim_a_low_judge_pulls_one_down(db):
    xiong = await the_organiser()
    made, (tu, zhang, ouyang) = await a_scene(xiong)
    assert await standing(made) == [(tu, 1, "8"), (zhang, 1, "8"), (ouyang, 3, "7")]
    before = await everything()
    trial = await trials.open_trial(xiong, made, "不去极端分", a_scheme("mean"))
    found = await looked_at(xiong, made, trial)
    assert found.comparison is not None
    shown = found.comparison.select("entry", "place_before", "place_after", "total_after", "award_after")
    assert shown.rows() == [
        (zhang, 1, 1, 80_000, "first"),
        (tu, 1, 2, 70_000, None),
        (ouyang, 3, 2, 70_000, None),
    ]
    sets = crossings(found.comparison)
    assert (sets.falls.to_list(), sets.award_down.to_list(), sets.rises.to_list()) == ([tu], [tu], [ouyang])
    assert await everything() == before


async def test_a_scheme_is_changed_after_marks_only_by_a_trial(db):
    xiong = await the_organiser()
    made, (tu, zhang, ouyang) = await a_scene(xiong)
    with pytest.raises(Conflict):
        await schemes.attach(xiong, made, a_scheme("mean"))
    trial = await trials.open_trial(xiong, made, "不去极端分", a_scheme("mean"))
    found = await looked_at(xiong, made, trial)
    assert found.after is not None
    await trials.apply_trial(xiong, made, trial, revision=found.revision, reason="组委会第 3 次会议决定")
    assert await standing(made) == [(zhang, 1, "8"), (tu, 2, "7"), (ouyang, 2, "7")]
    assert (await outcome(made)).places.equals(found.after.places)
    row = await programme.event_category(made)
    edition = await schemes.edition_row(row["scheme"])
    assert (edition["edition"], edition["frozen_at"] is not None) == (2, True)
    [line] = await audit.lines(deed="trial.apply")
    assert '"reason":"组委会第 3 次会议决定"' in line["facts"]


async def test_a_judge_left_out_is_recused_in_new_versions(db):
    xiong = await the_organiser()
    made, (tu, zhang, ouyang) = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "裁判 1 回避")
    await trials.leave_out_judge(xiong, made, trial, "1")
    found = await looked_at(xiong, made, trial)
    # two judges are too few to trim: 8 and 4, 8 and 8, 7 and 7
    await trials.apply_trial(xiong, made, trial, revision=found.revision, reason="执裁回避")
    assert await standing(made) == [(zhang, 1, "8"), (ouyang, 2, "7"), (tu, 3, "6")]
    whose = await pieces(made)
    versions = (
        await Mark.select(Mark.version, Mark.value, Mark.blank, Mark.reason, Mark.is_current)
        .where((Mark.piece == whose[tu]) & (Mark.judge == "1"))
        .order_by(Mark.version)
    )
    assert [tuple(one.values()) for one in versions] == [
        (1, 90_000, None, "", False),
        (2, None, "recused", "执裁回避", True),
    ]


async def test_a_corrected_mark_crosses_the_award_line(db):
    xiong = await the_organiser()
    made, (tu, zhang, ouyang) = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "欧阳文漏加一分")
    for judge in ("1", "2"):
        await trials.add_mark(
            xiong,
            made,
            trial,
            number=await number_of(ouyang),
            stage="",
            aspect="tea",
            judge=judge,
            attempt=1,
            text="8.5",
        )
    found = await looked_at(xiong, made, trial)
    assert found.comparison is not None
    sets = crossings(found.comparison)
    assert (sets.award_up.to_list(), sets.award_down.to_list()) == ([ouyang], [tu, zhang])
    await trials.apply_trial(xiong, made, trial, revision=found.revision, reason="复核原始记录")
    assert await standing(made) == [(ouyang, 1, "8.5"), (tu, 2, "8"), (zhang, 2, "8")]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"number": "099"}, "number"),
        ({"aspect": "coffee"}, "aspect"),
        ({"judge": ""}, "judge"),
        ({"text": "10.5"}, "text"),
        ({"text": "8.005"}, "text"),
        ({"text": "八"}, "text"),
    ],
)
async def test_a_value_that_cannot_stand_is_named_by_its_field(db, typed, place):
    xiong = await the_organiser()
    made, _ = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "更正")
    given = {"number": "001", "stage": "", "aspect": "tea", "judge": "1", "attempt": 1, "text": "9"}
    with pytest.raises(Invalid) as refused:
        await trials.add_mark(xiong, made, trial, **{**given, **typed})
    assert [finding.place for finding in refused.value.findings] == [place]
    assert (await trials.the_trial(xiong, made, trial))["set"].empty


async def test_a_discarded_trial_changes_nothing_ever(db):
    xiong = await the_organiser()
    made, _ = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "裁判 2 回避")
    await trials.leave_out_judge(xiong, made, trial, "2")
    before, revision = await everything(), (await programme.event_category(made))["revision"]
    await trials.discard_trial(xiong, made, trial, reason="无须回避")
    assert await everything() == before
    assert (await programme.event_category(made))["revision"] == revision
    with pytest.raises(Conflict):
        await trials.apply_trial(xiong, made, trial, revision=revision, reason="还是回避")
    assert await everything() == before


async def test_a_mark_entered_meanwhile_asks_to_look_again(db):
    xiong = await the_organiser()
    made, (tu, *_) = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "裁判 1 回避")
    await trials.leave_out_judge(xiong, made, trial, "1")
    looked = await looked_at(xiong, made, trial)
    await marks(made, {tu: {"tea": "8.5"}}, judge="2")
    before = await everything()
    with pytest.raises(Conflict) as refused:
        await trials.apply_trial(xiong, made, trial, revision=looked.revision, reason="执裁回避")
    assert refused.value.code == "trial.stale"
    assert await everything() == before
    again = await looked_at(xiong, made, trial)
    await trials.apply_trial(xiong, made, trial, revision=again.revision, reason="执裁回避")
    assert (await trials.the_trial(xiong, made, trial))["state"] == "applied"


async def test_sent_twice_is_applied_once(db):
    xiong = await the_organiser()
    made, _ = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "裁判 1 回避", sending="a")
    assert await trials.open_trial(xiong, made, "裁判 1 回避", sending="a") == trial
    assert await Trial.count() == 1
    await trials.leave_out_judge(xiong, made, trial, "1")
    looked = await looked_at(xiong, made, trial)
    for _ in range(2):
        await trials.apply_trial(xiong, made, trial, revision=looked.revision, reason="执裁回避", sending="b")
    assert await Mark.count().where(Mark.version == 2) == 3


async def test_a_scheme_that_does_not_know_the_marks_is_said_so(db):
    xiong = await the_organiser()
    made, _ = await a_scene(xiong)
    other = a_scheme()
    module = replace(
        other.stages[0].modules[0], aspects=(replace(other.stages[0].modules[0].aspects[0], id="x"),)
    )
    other = replace(other, stages=(replace(other.stages[0], modules=(module,)),))
    trial = await trials.open_trial(xiong, made, "换方案", other)
    found = await looked_at(xiong, made, trial)
    assert (found.after, [finding.code for finding in found.findings]) == (None, ["marks.aspect_unknown"])
    with pytest.raises(Invalid):
        await trials.apply_trial(xiong, made, trial, revision=found.revision, reason="换方案")


async def test_who_may_look_and_who_may_decide(db):
    xiong = await the_organiser()
    made, _ = await a_scene(xiong)
    trial = await trials.open_trial(xiong, made, "裁判 1 回避")
    row = await programme.event_category(made)
    chief = await the_chief_referee(row["contest"])
    supervisor = await a_viewer("万监督", ("supervisor", "contest", row["contest"]))
    await trials.leave_out_judge(chief, made, trial, "1")
    assert [one["id"] for one in await trials.trials_of(supervisor, made)] == [trial]
    for person in (supervisor, await the_clerk(row["contest"]), await the_administrator()):
        with pytest.raises(Forbidden):
            await trials.discard_trial(person, made, trial, reason="不同意")
    for person in (await a_viewer("路人"), None):
        with pytest.raises(Forbidden):
            await trials.the_trial(person, made, trial)
