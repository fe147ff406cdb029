"""申诉: who may appeal for whom and until when, who decides, what comes of it, and what waits for it.

Published at 10:00:00.4 on 23 November in China, two hours: the last second is 12:00:00.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contests import programme, states, trials
from contests.appeals import filing, hearing, panel, reading, rescoring, settings
from contests.appeals.window import Window
from contests.forms.appeal import EndedForm
from contests.locks import lock_of
from contests.ranking import outcome
from contests.sign_off import lock_again
from contests.tables import Appeal, EventCategory
from federation import audit
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.cast import a_viewer, in_branch, the_administrator
from tests.contests.appeal_scenes import (
    FOUND,
    PUBLISHED,
    WORDS,
    Hall,
    a_hall,
    at,
    filed,
    finds,
    form,
    rule,
)
from tests.contests.board_scenes import SCHEME

EARLY = PUBLISHED + timedelta(minutes=30)
LAST = datetime(2026, 11, 23, 4, 0, 0, 999_999, tzinfo=UTC)
LATE = datetime(2026, 11, 23, 4, 0, 1, tzinfo=UTC)


def test_the_window_is_counted_to_the_second():
    window = Window("publish_provisional", PUBLISHED, 120)
    assert window.limit == datetime(2026, 11, 23, 4, 0, 0, tzinfo=UTC)
    assert [window.takes(moment) for moment in (PUBLISHED, LAST, LATE)] == [True, True, False]
    assert not window.takes(PUBLISHED - timedelta(seconds=1))
    assert (window.over(LAST), window.over(LATE)) == (False, True)


async def test_in_the_last_second_is_in_time_and_one_later_is_late(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, LAST)
    first = await filed(hall)
    at(monkeypatch, LATE)
    second = await filed(hall)
    rows = await Appeal.select(Appeal.number, Appeal.state, Appeal.limit_at).order_by(Appeal.number)
    limit = datetime(2026, 11, 23, 4, 0, 0, tzinfo=UTC)
    assert [(row["number"], row["state"], row["limit_at"]) for row in rows] == [
        (1, "filed", limit),
        (2, "late", limit),
    ]
    told = await reading.receipt(hall.hu, second)
    assert [step["deed"] for step in told.steps] == ["filed", "late"]
    assert (await reading.receipt(hall.hu, first)).text == WORDS


async def test_a_rule_of_twenty_minutes_from_the_recorded_end(db, monkeypatch):
    hall = await a_hall()
    await rule(hall, minutes=20, moment="ended")
    at(monkeypatch, EARLY)
    with pytest.raises(Conflict) as unknown:
        await filed(hall)
    assert unknown.value.code == "appeal.no_moment"
    with pytest.raises(Invalid) as ahead:
        await settings.record_end(hall.wan, hall.id, EndedForm(moment="2026-11-23 10:31"))
    assert [one.code for one in ahead.value.findings] == ["appeal.moment_to_come"]
    await settings.record_end(hall.wan, hall.id, EndedForm(moment="2026-11-23 10:10:30"))
    row = await programme.event_category(hall.id)
    window = await settings.window_of(row)
    assert window is not None
    assert window.limit == datetime(2026, 11, 23, 2, 30, 30, tzinfo=UTC)
    await filed(hall)


async def test_taking_a_publication_back_closes_the_window(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await states.step(hall.xiong, hall.id, "withdraw", "更正后重新公布")
    with pytest.raises(Conflict) as none:
        await filed(hall)
    assert none.value.code == "appeal.no_moment"


async def test_a_leader_appeals_for_their_own_delegation_alone(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    with pytest.raises(Invalid) as other:
        await filing.file(hall.hu, hall.id, form(hall.entries[1]))
    assert [(one.code, one.place) for one in other.value.findings] == [("appeal.not_your_entry", "entry")]
    for viewer in (hall.xiong, hall.wan, hall.shen, await the_administrator()):
        with pytest.raises(Forbidden):
            await filing.file(viewer, hall.id, form(hall.entries[2]))
    officer = await in_branch("熊主席", "officer", "T360100")
    with pytest.raises(Forbidden):
        await filing.file(officer, hall.id, form(hall.entries[2]))
    appeal = await filed(hall)
    with pytest.raises(NotFound):
        await reading.receipt(hall.deng, appeal)
    with pytest.raises(NotFound):
        await filing.take_back(hall.deng, appeal)


async def test_grounds_come_from_the_rule(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await rule(hall, grounds=["equipment"], own_grounds="赛前公布的材料清单与现场不符\n")
    with pytest.raises(Invalid) as refused:
        await filed(hall)
    assert [(one.code, one.place) for one in refused.value.findings] == [("appeal.no_such_ground", "ground")]
    await filed(hall, ground="赛前公布的材料清单与现场不符")
    with pytest.raises(Invalid) as empty:
        await rule(hall, grounds=[], own_grounds=" ", seen=1)
    assert [one.code for one in empty.value.findings] == ["appeal.no_grounds"]


async def test_the_same_sending_files_once_and_words_are_kept_encrypted(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    sent = form(hall.entries[2])
    first = await filing.file(hall.hu, hall.id, sent, sending="appeal-once")
    assert await filing.file(hall.hu, hall.id, sent, sending="appeal-once") == first
    [row] = await Appeal.select()
    assert WORDS.encode() not in bytes(row["text_cipher"])
    assert row["digest"] == filing.digest_of(hall.id, 1, sent, EARLY)
    [line] = await audit.lines(deed="appeal.file")
    assert WORDS not in line["facts"]
    facts = json.loads(line["facts"])
    assert (facts["limit"], facts["state"]) == ("2026-11-23T04:00:00+00:00", "filed")


async def test_members_of_the_same_unit_are_barred(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await filed(hall)
    shen, jiang, nan = hall.panel
    with pytest.raises(Forbidden) as own:
        await hearing.accept(nan, hall.id, 1)
    assert own.value.code == "appeal.own_unit"
    seen = await reading.case(nan, hall.id, 1)
    assert (seen.hears, seen.barred, seen.sheets) == (False, "appeal.own_unit", [])
    newcomer = await a_viewer("新仲裁", ("appeals_panel", "contest", hall.contest))
    with pytest.raises(Forbidden) as undeclared:
        await hearing.accept(newcomer, hall.id, 1)
    assert undeclared.value.code == "appeal.unit_undeclared"
    # a district of Nanchang is Nanchang too
    await panel.set_unit(hall.xiong, hall.id, newcomer.id, "T360102")
    with pytest.raises(Forbidden) as below:
        await hearing.accept(newcomer, hall.id, 1)
    assert below.value.code == "appeal.own_unit"
    await hearing.accept(jiang, hall.id, 1)
    assert (await reading.case(shen, hall.id, 1)).hears


async def test_organisers_and_referees_decide_nothing(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await filed(hall)
    for viewer in (hall.xiong, hall.wan, hall.hu):
        with pytest.raises(Forbidden):
            await hearing.accept(viewer, hall.id, 1)
        with pytest.raises(Forbidden):
            await hearing.decide(viewer, hall.id, 1, finds())


async def test_out_of_scope_is_refused_with_a_reason(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    appeal = await filed(hall)
    with pytest.raises(Invalid) as short:
        await hearing.refuse(hall.shen, hall.id, 1, "不受理")
    assert [one.code for one in short.value.findings] == ["appeal.reason_short"]
    await hearing.refuse(hall.shen, hall.id, 1, "对评委的评判分有异议，不在规程规定的申诉范围内。")
    with pytest.raises(Conflict):
        await hearing.accept(hall.shen, hall.id, 1)
    told = await reading.receipt(hall.hu, appeal)
    assert (told.state, told.answer) == ("out_of_scope", "对评委的评判分有异议，不在规程规定的申诉范围内。")
    assert [(step["deed"], step["actor"]) for step in told.steps] == [("filed", "胡领队"), ("refused", "")]


async def test_the_panel_sees_the_piece_by_number_and_seat(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await filed(hall)
    seen = await reading.case(hall.shen, hall.id, 1)
    assert seen.entry == {"number": "003", "piece_number": "003"}
    assert [(plan.key, [line.text for line in lines]) for plan, lines in seen.sheets] == [
        ("T", ["24.00"]),
        ("P", ["60.00"]),
    ]
    # while the codes are closed nobody may know which piece it is
    await EventCategory.update({EventCategory.coding: 1}).where(EventCategory.id == hall.id)
    from contests.tables import Entry

    await Entry.update({Entry.piece: None}).where(Entry.id == hall.entries[2])
    assert (await reading.case(hall.shen, hall.id, 1)).sheets == []


async def test_two_voices_make_a_decision_and_the_leader_hears_it_then(db, monkeypatch):
    hall = await a_hall()
    await rule(hall, voices=2)
    at(monkeypatch, EARLY)
    appeal = await filed(hall)
    shen, jiang, nan = hall.panel
    await hearing.accept(shen, hall.id, 1)
    await hearing.decide(shen, hall.id, 1, finds("dismissed", None))
    told = await reading.receipt(hall.hu, appeal)
    assert (told.state, told.answer) == ("accepted", "")
    seen = await reading.case(jiang, hall.id, 1)
    assert seen.voices == {shen.id: "申仲裁"}
    with pytest.raises(Conflict) as twice:
        await hearing.agree(shen, hall.id, 1, seen=seen.row["version"])
    assert twice.value.code == "appeal.agreed_already"
    with pytest.raises(Forbidden):
        await hearing.agree(nan, hall.id, 1, seen=seen.row["version"])
    # Jiang puts another decision forward: Shen's voice goes with the first
    await hearing.decide(jiang, hall.id, 1, finds("upheld", "none"))
    with pytest.raises(Conflict) as overtaken:
        await hearing.agree(shen, hall.id, 1, seen=seen.row["version"])
    assert overtaken.value.code == "appeal.moved"
    now = await reading.case(shen, hall.id, 1)
    await hearing.agree(shen, hall.id, 1, seen=now.row["version"])
    told = await reading.receipt(hall.hu, appeal)
    assert (told.state, told.answer, told.effect) == ("upheld", FOUND, "none")
    assert [(step["deed"], step["actor"]) for step in told.steps] == [
        ("filed", "胡领队"),
        ("accepted", ""),
        ("decided", ""),
    ]


async def upheld(hall: Hall) -> int:
    appeal = await filed(hall)
    await hearing.accept(hall.shen, hall.id, 1)
    with pytest.raises(Invalid) as bare:
        await hearing.decide(hall.shen, hall.id, 1, finds("upheld", None))
    assert [one.place for one in bare.value.findings] == ["remedy"]
    await hearing.decide(hall.shen, hall.id, 1, finds())
    return appeal


async def speaks_against(hall: Hall) -> list[tuple[str, list[int]]]:
    row = await programme.event_category(hall.id)
    found = await states.findings_for(row, states.ACTS["publish_final"])
    return [(one.code, one.facts["numbers"]) for one in found if one.code.startswith("state.appeals")]


async def test_an_upheld_appeal_is_a_trial_that_is_applied(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    assert await speaks_against(hall) == []
    appeal = await upheld(hall)
    assert await speaks_against(hall) == [("state.appeals_unscored", [1])]
    trial = await rescoring.begin(hall.wan, hall.id, 1, "第 1 号申诉：003", sending="begin-once")
    assert await rescoring.begin(hall.wan, hall.id, 1, "第 1 号申诉：003", sending="begin-once") == trial
    with pytest.raises(Conflict) as there:
        await rescoring.begin(hall.wan, hall.id, 1, "再来一次")
    assert there.value.code == "appeal.trial_there"
    await trials.add_mark(
        hall.wan, hall.id, trial, number="003", stage="", aspect="P", judge="", attempt=1, text="62.5"
    )
    # 24 + 60 = 84 and third; 24 + 62.5 = 86.5 is second before 86
    seen = await reading.case(hall.shen, hall.id, 1)
    assert seen.effect == rescoring.Effect((840_000, 865_000), (3, 2))
    assert (await reading.receipt(hall.hu, appeal)).effect == "waiting"
    row = await EventCategory.select(EventCategory.revision).where(EventCategory.id == hall.id).first()
    assert row is not None
    await trials.apply_trial(hall.wan, hall.id, trial, revision=row["revision"], reason="仲裁组第 1 号裁决")
    places = (await outcome(hall.id)).places.select("entry", "place", "total").rows()
    tu, zhang, ouyang = hall.entries
    assert places == [(tu, 1, 870_000), (ouyang, 2, 865_000), (zhang, 3, 860_000)]
    assert await speaks_against(hall) == [("state.appeals_unlocked", [1])]
    await lock_again(hall.wan, hall.id, "第 1 号申诉更正")
    assert await speaks_against(hall) == []
    # what it did is kept with it, whatever is corrected later
    assert (await reading.case(hall.shen, hall.id, 1)).effect == rescoring.Effect((840_000, 865_000), (3, 2))
    assert (await reading.receipt(hall.hu, appeal)).effect == "applied"
    assert (await audit.verify()).broken_at is None


async def test_a_discarded_trial_may_be_followed_by_another(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    appeal = await upheld(hall)
    trial = await rescoring.begin(hall.wan, hall.id, 1, "第 1 号申诉：003")
    await trials.discard_trial(hall.wan, hall.id, trial, reason="写错了人")
    assert (await reading.receipt(hall.hu, appeal)).effect == "discarded"
    assert await rescoring.begin(hall.wan, hall.id, 1, "第 1 号申诉：003") != trial
    assert (await reading.receipt(hall.hu, appeal)).effect == "waiting"


async def test_open_appeals_keep_a_result_from_being_final(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    appeal = await filed(hall)
    assert await speaks_against(hall) == [("state.appeals_open", [1])]
    await hearing.accept(hall.shen, hall.id, 1)
    assert await speaks_against(hall) == [("state.appeals_open", [1])]
    with pytest.raises(Conflict):
        await rescoring.begin(hall.wan, hall.id, 1, "尚未裁决")
    await filing.take_back(hall.hu, appeal)
    assert await speaks_against(hall) == []
    with pytest.raises(Conflict) as decided:
        await filing.take_back(hall.hu, appeal)
    assert decided.value.code == "appeal.decided_already"
    at(monkeypatch, LATE)
    await filed(hall)
    assert await speaks_against(hall) == []


async def test_a_scheme_that_an_appeal_changed_asks_for_a_new_lock_too(db, monkeypatch):
    """No mark moves, so that the hash of the marks stays: the lock does not hold all the same."""
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await upheld(hall)
    trial = await rescoring.begin(hall.wan, hall.id, 1, "第 1 号申诉：003")
    before = await lock_of(hall.id)
    assert before is not None
    assert before.holds
    [theory, practice] = SCHEME.stages[0].modules
    heavier = replace(theory, aspects=(replace(theory.aspects[0], maximum=350_000),))
    changed = replace(SCHEME, stages=(replace(SCHEME.stages[0], modules=(heavier, practice)),))
    await trials.use_scheme(hall.wan, hall.id, trial, changed)
    row = await EventCategory.select(EventCategory.revision).where(EventCategory.id == hall.id).first()
    assert row is not None
    await trials.apply_trial(hall.wan, hall.id, trial, revision=row["revision"], reason="仲裁组第 1 号裁决")
    after = await lock_of(hall.id)
    assert after is not None
    assert (after.row["hash"], after.holds) == (before.row["hash"], False)
    await lock_again(hall.wan, hall.id, "第 1 号申诉换了方案")
    assert await speaks_against(hall) == []


async def test_lists_show_each_their_own(db, monkeypatch):
    hall = await a_hall()
    at(monkeypatch, EARLY)
    await filed(hall)
    assert [row["number"] for row in await reading.filed_by(hall.hu)] == [1]
    assert await reading.filed_by(hall.deng) == []
    [chance] = await reading.opportunities(hall.deng)
    assert chance.window is not None
    assert chance.window.takes(EARLY)
    assert await reading.opportunities(hall.xiong) == []
    assert [row["number"] for row in await reading.cases(hall.shen)] == [1]
    stranger = await a_viewer("外场仲裁", ("appeals_panel", "contest", hall.contest + 1000))
    assert await reading.cases(stranger) == []
    room = await reading.room_of(hall.deng)
    assert ([one.about["id"] for one in room.opportunities], room.filed, room.cases) == ([hall.id], [], [])
    with pytest.raises(Forbidden) as apart:
        await reading.room_of(hall.xiong)
    assert apart.value.code == "appeal.no_part"
    with pytest.raises(Forbidden):
        await reading.case(stranger, hall.id, 1)
