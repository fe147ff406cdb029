"""The states: one table, who may move what, and what stands in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from contests import programme, states
from contests.draw import drawn_order
from contests.notices import clock
from contests.notices.clock import CHINA
from contests.rules import Ground
from contests.tables import Dispute, Entry, EventCategory, Mark, Piece, Step
from federation import notices
from federation.accounts import Granted, Viewer
from federation.changes import SYSTEM, change
from federation.notices import BoardPublished, MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid
from federation.tables import AuditLine
from tests.builders import a_contest, an_event_category, approved_entries, bring_to, entries, pieces
from tests.cast import the_chief_referee, the_clerk, the_organiser


async def the_scene(**changes):
    """Xiong organises a contest with one category of electricians: (Xiong, id of the event category)."""
    xiong = await the_organiser()
    return xiong, await an_event_category(xiong, await a_contest(xiong), **changes)


async def mark(event_category, entry_ids, *aspects):
    made = await pieces(event_category)
    for entry in entry_ids:
        for aspect in aspects:
            await Mark.insert(
                Mark(
                    event_category=event_category,
                    piece=made[entry],
                    stage="",
                    aspect=aspect,
                    judge="",
                    value=800_000,
                    actor="邱录分",
                    at=datetime.now(UTC),
                )
            )


async def state_of(event_category):
    return (await programme.event_category(event_category))["state"]


async def findings_of(viewer, event_category, act, reason=""):
    with pytest.raises(Invalid) as refused:
        await states.step(viewer, event_category, act, reason)
    return [(finding.code, dict(finding.facts)) for finding in refused.value.findings]


async def publish(viewer, event_category, act, reason=""):
    async with change(viewer.actor, "board.publish", f"event_category:{event_category}") as open_change:
        return await states.take(open_change, viewer, event_category, act, reason)


def test_the_table_names_every_move():
    assert [(act.code, act.sources, act.target) for act in states.ACTS.values()] == [
        ("open_registration", ("planned",), "open"),
        ("close_registration", ("open",), "closed"),
        ("reopen_registration", ("closed", "drawn"), "open"),
        ("draw", ("closed",), "drawn"),
        ("open_marking", ("drawn",), "marking"),
        ("freeze", ("marking",), "frozen"),
        ("reopen_marking", ("frozen",), "marking"),
        ("publish_provisional", ("frozen",), "provisional"),
        ("publish_notice", ("provisional",), "notice"),
        ("publish_final", ("notice",), "final"),
        ("withdraw", ("provisional", "notice", "final"), "frozen"),
        ("archive", ("final",), "archived"),
    ]


@pytest.mark.parametrize("role", ["administrator", "security_administrator", "auditor"])
def test_whoever_runs_guards_or_audits_moves_nothing_even_as_an_organiser(role):
    person = Viewer(1, role, role, None, (Granted(role, "all"), Granted("organiser", "all")))
    ground = Ground(1, "T360000/", 1)
    assert [states.acts_from(person, ground, state) for state in states.STATES] == [[]] * 10


async def test_from_planned_to_frozen_each_act_leaves_a_step_and_a_line(db):
    xiong, ec = await the_scene()
    await approved_entries(ec)
    await bring_to(xiong, ec, "frozen")

    steps = await Step.select().where(Step.event_category == ec).order_by(Step.id)
    assert [(step["act"], step["from_state"], step["to_state"], step["actor"]) for step in steps] == [
        ("open_registration", "planned", "open", "熊晓燕"),
        ("close_registration", "open", "closed", "熊晓燕"),
        ("draw", "closed", "drawn", "熊晓燕"),
        ("open_marking", "drawn", "marking", "熊晓燕"),
        ("freeze", "marking", "frozen", "熊晓燕"),
    ]
    lines = (
        await AuditLine.select(AuditLine.deed)
        .where(AuditLine.deed.like("state.%"))
        .order_by(AuditLine.number)
    )
    assert [line["deed"] for line in lines] == [f"state.{step['act']}" for step in steps]


async def test_registration_does_not_open_without_a_scheme(db):
    xiong, ec = await the_scene(scheme=None)
    assert await findings_of(xiong, ec, "open_registration") == [("state.scheme_missing", {})]
    assert await state_of(ec) == "planned"


async def test_no_draw_while_entries_wait_or_with_nobody(db):
    xiong, ec = await the_scene()
    await bring_to(xiong, ec, "closed")
    assert await findings_of(xiong, ec, "draw") == [("state.no_entries", {})]
    await approved_entries(ec, ["涂国强"])
    await entries(ec, ["章丽娟", "欧阳文"], state="submitted")
    assert await findings_of(xiong, ec, "draw") == [("state.entries_waiting", {"waiting": 2})]


async def test_a_field_below_the_minimum_goes_on_with_a_reason_only(db):
    xiong, ec = await the_scene(minimum_field=30)
    await approved_entries(ec)
    await bring_to(xiong, ec, "closed")
    small = ("state.field_too_small", {"approved": 5, "minimum": 30})
    assert await findings_of(xiong, ec, "draw") == [small, ("state.reason_needed", {})]
    assert await states.step(xiong, ec, "draw", "组委会批准照常举行") == "drawn"


async def test_the_draw_numbers_everybody_approved_and_can_be_repeated_from_its_seed(db):
    xiong, ec = await the_scene()
    ids = await entries(ec, numbered=False)
    await entries(ec, ["漆伟"], state="returned")
    await bring_to(xiong, ec, "drawn")

    line = await AuditLine.select(AuditLine.facts).where(AuditLine.deed == "state.draw").first()
    seed = line["facts"].split('"seed":"')[1][:32]
    numbered = await Entry.select(Entry.id).where(Entry.number.is_not_null()).order_by(Entry.number)
    assert [row["id"] for row in numbered] == drawn_order(ids, seed)
    numbers = await Entry.select(Entry.number).where(Entry.number.is_not_null()).order_by(Entry.number)
    assert [row["number"] for row in numbers] == ["001", "002", "003", "004", "005"]


def test_the_order_of_a_draw_follows_from_the_seed_alone():
    assert drawn_order([1, 2, 3, 4, 5], "a") == drawn_order([5, 4, 3, 2, 1], "a")
    assert drawn_order([1, 2, 3, 4, 5], "a") != drawn_order([1, 2, 3, 4, 5], "b")


async def test_no_marking_for_entries_without_a_number(db):
    xiong, ec = await the_scene()
    await approved_entries(ec, ["涂国强"])
    await bring_to(xiong, ec, "drawn")
    await entries(ec, ["章丽娟"], numbered=False)
    assert await findings_of(xiong, ec, "open_marking") == [("state.entries_without_number", {"without": 1})]


async def test_no_freeze_while_two_values_wait_for_a_choice(db):
    xiong, ec = await the_scene()
    [entry] = await approved_entries(ec, ["涂国强"])
    await bring_to(xiong, ec, "marking")
    await Dispute.insert(
        Dispute(
            event_category=ec,
            piece=(await pieces(ec))[entry],
            aspect="theory",
            value=700_000,
            seen_version=1,
            met_version=2,
            actor="邱录分",
            at=datetime.now(UTC),
        )
    )
    assert await findings_of(xiong, ec, "freeze") == [("state.disputes_open", {"disputes": 1})]


async def test_results_wait_for_every_mark_but_not_for_those_who_did_not_start(db):
    xiong, ec = await the_scene()
    tu, zhang, ouyang = await approved_entries(ec, ["涂国强", "章丽娟", "欧阳文"])
    await bring_to(xiong, ec, "frozen")
    await mark(ec, [tu], "theory", "practical")
    await mark(ec, [zhang], "theory")
    await Piece.update({Piece.standing: "dns"}).where(Piece.id == (await pieces(ec))[ouyang])
    missing = await Entry.select(Entry.number).where(Entry.id == zhang).first()

    with pytest.raises(Invalid) as refused:
        await publish(xiong, ec, "publish_provisional")
    assert [(one.code, dict(one.facts)) for one in refused.value.findings] == [
        ("state.marks_missing", {"missing": 1, "entries": 1, "numbers": [missing["number"]]})
    ]
    await mark(ec, [zhang], "practical")
    assert await publish(xiong, ec, "publish_provisional") == "provisional"


async def test_notice_runs_five_working_days_unless_dates_were_set_and_ends_early_with_a_reason(
    db, monkeypatch
):
    thursday = datetime(2026, 11, 26, 10, 0, tzinfo=CHINA)
    monkeypatch.setattr(clock, "now", lambda: thursday)
    xiong, ec = await the_scene()
    ids = await approved_entries(ec, ["涂国强"])
    await bring_to(xiong, ec, "frozen")
    await mark(ec, ids, "theory", "practical")
    await publish(xiong, ec, "publish_provisional")
    await publish(xiong, ec, "publish_notice")
    row = await programme.event_category(ec)
    assert (row["notice_from"], row["notice_until"]) == (date(2026, 11, 26), date(2026, 12, 2))

    with pytest.raises(Invalid) as refused:
        await publish(xiong, ec, "publish_final")
    assert [one.code for one in refused.value.findings] == ["state.notice_running", "state.reason_needed"]
    await EventCategory.update({EventCategory.notice_until: date(2026, 1, 9)}).where(EventCategory.id == ec)
    assert await publish(xiong, ec, "publish_final") == "final"
    assert await states.step(xiong, ec, "archive", "归档清单月底补齐") == "archived"


async def test_going_back_needs_a_reason(db):
    xiong, ec = await the_scene()
    await approved_entries(ec)
    await bring_to(xiong, ec, "frozen")
    assert await findings_of(xiong, ec, "reopen_marking") == [("state.reason_needed", {})]
    assert await states.step(xiong, ec, "reopen_marking", "模块 B 漏录两人") == "marking"


async def test_registration_does_not_reopen_once_something_was_marked(db):
    xiong, ec = await the_scene()
    ids = await approved_entries(ec)
    await bring_to(xiong, ec, "drawn")
    await mark(ec, ids[:1], "theory")
    found = await findings_of(xiong, ec, "reopen_registration", "补报三人")
    assert found == [("state.already_marked", {})]


async def test_an_act_out_of_turn_is_a_conflict_and_a_second_sending_changes_nothing(db):
    xiong, ec = await the_scene()
    with pytest.raises(Conflict):
        await states.step(xiong, ec, "freeze")
    await states.step(xiong, ec, "open_registration", sending="one")
    with pytest.raises(AlreadyDone):
        await states.step(xiong, ec, "open_registration", sending="one")
    assert await Step.count().where(Step.event_category == ec) == 1


async def test_the_chief_referee_opens_marking_and_a_clerk_does_not(db):
    xiong, ec = await the_scene()
    await approved_entries(ec)
    await bring_to(xiong, ec, "drawn")
    contest = (await programme.event_category(ec))["contest"]
    with pytest.raises(Forbidden):
        await states.step(await the_clerk(contest), ec, "open_marking")
    referee = await the_chief_referee(contest)
    assert await states.step(referee, ec, "open_marking") == "marking"
    with pytest.raises(Forbidden):
        await publish(referee, ec, "withdraw", "试一试")


async def test_every_move_tells_the_boards_once_it_is_committed(db):
    xiong, ec = await the_scene()
    heard = []

    async def listener(notice):
        heard.append((type(notice).__name__, notice.event_category, await state_of(ec)))

    for kind in (MarksMoved, BoardPublished):
        notices.listen(kind, listener)
    try:
        await states.step(xiong, ec, "open_registration")
    finally:
        for kind in (MarksMoved, BoardPublished):
            notices.unlisten(kind, listener)
    assert heard == [("MarksMoved", ec, "open"), ("BoardPublished", ec, "open")]


async def test_an_act_that_fails_leaves_nothing_behind(db):
    xiong, ec = await the_scene()
    before = (await programme.event_category(ec))["revision"]
    with pytest.raises(RuntimeError):
        async with change(SYSTEM, "board.publish") as open_change:
            await states.take(open_change, xiong, ec, "open_registration")
            raise RuntimeError
    row = await programme.event_category(ec)
    assert (row["state"], row["revision"], await Step.count()) == ("planned", before, 0)
