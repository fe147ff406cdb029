"""Registration: who may file for whom, what stands in the way, deciding, sending again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from contests import programme, registration, states
from contests.tables import Entry, EventCategory, Publication
from federation import audit, notices
from federation.audit import canonical
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound
from federation.tables import Account, AuditLine, Organisation, Worker
from tests.builders import a_contest, an_event_category, bring_to
from tests.cast import JIUJIANG, NANCHANG, PROVINCE, a_viewer, in_branch, the_clerk, the_organiser, unit_id
from tests.contests.registering import candidate, identity_number

CODE = "2026-qg"


async def the_scene(**changes):
    """Xiong organises; registration for electricians is open: (Xiong, id of the event category)."""
    xiong = await the_organiser()
    made = await an_event_category(xiong, await a_contest(xiong), **changes)
    await states.step(xiong, made, "open_registration")
    return xiong, made


async def refused(act) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        await act
    return [(finding.code, finding.place) for finding in refusal.value.findings]


async def states_of(*entries):
    rows = await Entry.select(Entry.id, Entry.state).where(Entry.id.is_in([*entries]))
    found = {row["id"]: row["state"] for row in rows}
    return [found[entry] for entry in entries]


async def test_a_person_registers_themselves_and_the_account_becomes_theirs(db):
    _, made = await the_scene()
    zhang = await a_viewer("章丽娟", ("participant", "all", None))
    entry = await registration.file(zhang, CODE, candidate(made))
    row = await Entry.select().where(Entry.id == entry).first()
    account = await Account.select().where(Account.id == zhang.id).first()
    assert (row["state"], row["name"], row["organisation_name"], row["number"]) == (
        "submitted",
        "章丽娟",
        "洪都机械厂",
        None,
    )
    assert (row["worker"], row["filed_by"]) == (account["worker"], zhang.id)


async def test_nobody_takes_over_another_persons_record(db):
    """Somebody who knows the number but not the phone neither enters nor changes that person."""
    xiong, made = await the_scene()
    await registration.file(xiong, CODE, candidate(made))
    thief = await a_viewer("某人", ("participant", "all", None))
    assert await refused(registration.file(thief, CODE, candidate(made, name="某人"))) == [
        ("entry.already_entered", "identity_number"),
        ("entry.other_name", "name"),
        ("entry.not_your_number", "identity_number"),
    ]
    assert await Worker.select(Worker.name).output(as_list=True) == ["章丽娟"]


async def test_a_person_with_a_record_registers_nobody_else(db):
    _, made = await the_scene()
    zhang = await a_viewer("章丽娟", ("participant", "all", None))
    await registration.file(zhang, CODE, candidate(made))
    worker = (await Worker.select().first())["id"]
    again = await a_viewer("章丽娟2", ("participant", "all", None), worker=worker)
    assert await refused(registration.file(again, CODE, candidate(made, 2))) == [
        ("entry.own_number_only", "identity_number")
    ]


async def test_a_leader_files_for_their_own_delegation_only(db):
    _, made = await the_scene()
    zhao = await in_branch("赵领队", "leader", NANCHANG)
    assert await registration.file(zhao, CODE, candidate(made))
    assert await refused(registration.file(zhao, CODE, candidate(made, 2, delegation=JIUJIANG))) == [
        ("entry.delegation_elsewhere", "delegation")
    ]


async def test_faults_are_all_named_and_nothing_is_kept(db):
    xiong, made = await the_scene(skill_level_min=2)
    bad = candidate(made, phone="12345", identity_number="36010219900615001", status="student")
    assert await refused(registration.file(xiong, CODE, bad)) == [
        ("identity.shape", "identity_number"),
        ("phone.shape", "phone"),
        ("entry.status_elsewhere", "status"),
        ("entry.level_too_low", "skill_level"),
    ]
    assert (await Entry.count(), await Worker.count(), await Organisation.count()) == (0, 0, 0)


async def test_a_warning_is_answered_and_the_answer_is_kept(db):
    xiong, made = await the_scene()
    odd = candidate(made, certificate_number="XYZ123")
    assert await refused(registration.file(xiong, CODE, odd)) == [
        ("entry.certificate_shape", "certificate_number"),
        ("entry.answer_needed", "answer"),
    ]
    entry = await registration.file(xiong, CODE, odd.model_copy(update={"answer": "1998 年的旧证"}))
    assert (await Entry.select().where(Entry.id == entry).first())["reason"] == "1998 年的旧证"


async def test_the_same_person_enters_an_event_category_once(db):
    xiong, made = await the_scene()
    other = await an_event_category(xiong, CODE, event="E2", name="焊工", occupation="6-18-02-04")
    await states.step(xiong, other, "open_registration")
    first = await registration.file(xiong, CODE, candidate(made))
    assert await registration.file(xiong, CODE, candidate(other))
    assert await refused(registration.file(xiong, CODE, candidate(made))) == [
        ("entry.already_entered", "identity_number")
    ]
    await registration.withdraw(xiong, CODE, [first], "改报焊工")
    assert await registration.file(xiong, CODE, candidate(made))


async def test_places_of_a_delegation_are_counted(db):
    xiong, made = await the_scene(quota=2)
    await programme.set_quotas(xiong, made, {await unit_id(JIUJIANG): 1})
    entries = [await registration.file(xiong, CODE, candidate(made, order)) for order in (1, 2)]
    assert await refused(registration.file(xiong, CODE, candidate(made, 3))) == [
        ("entry.no_place_left", "delegation")
    ]
    assert await registration.file(xiong, CODE, candidate(made, 4, delegation=JIUJIANG))
    assert await refused(registration.file(xiong, CODE, candidate(made, 5, delegation=JIUJIANG))) == [
        ("entry.no_place_left", "delegation")
    ]
    await registration.withdraw(xiong, CODE, entries[:1], "因伤")
    assert await registration.file(xiong, CODE, candidate(made, 3))


async def test_twelve_at_once_for_three_places_leave_three(db):
    xiong, made = await the_scene(quota=3)
    sent = [registration.file(xiong, CODE, candidate(made, order)) for order in range(1, 13)]
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(answer) for answer in answers if not isinstance(answer, int)] == [Invalid] * 9
    assert await Entry.count() == 3


async def test_registration_opens_and_closes_and_the_organiser_takes_latecomers(db):
    xiong, made = await the_scene()
    zhao = await in_branch("赵领队", "leader", NANCHANG)
    await states.step(xiong, made, "close_registration")
    assert await refused(registration.file(zhao, CODE, candidate(made))) == [
        ("entry.not_open", "event_category")
    ]
    late = await registration.file(xiong, CODE, candidate(made))
    await registration.approve(xiong, CODE, [late])
    await states.step(xiong, made, "draw")
    assert await refused(registration.file(xiong, CODE, candidate(made, 2))) == [
        ("entry.not_open", "event_category")
    ]


async def test_an_event_category_of_another_contest_takes_nobody_here(db):
    xiong, made = await the_scene()
    await a_contest(xiong, code="2026-hw")
    assert await refused(registration.file(xiong, "2026-hw", candidate(made))) == [
        ("entry.category_elsewhere", "event_category")
    ]


async def test_a_form_sent_twice_enters_once(db):
    xiong, made = await the_scene()
    await registration.file(xiong, CODE, candidate(made), sending="k-1")
    with pytest.raises(AlreadyDone) as again:
        await registration.file(xiong, CODE, candidate(made), sending="k-1")
    assert (again.value.answer["page"], await Entry.count()) == (
        "/work/contests/2026-qg/entries?done=done.entry_filed",
        1,
    )


async def test_deciding_on_many_tells_the_boards_once_per_event_category(db):
    xiong, made = await the_scene()
    entries = [await registration.file(xiong, CODE, candidate(made, order)) for order in (1, 2, 3)]
    told: list[MarksMoved] = []

    async def hear(notice: MarksMoved) -> None:
        told.append(notice)

    notices.listen(MarksMoved, hear)
    try:
        assert await registration.approve(xiong, CODE, entries) == 3
    finally:
        notices.unlisten(MarksMoved, hear)
    assert await states_of(*entries) == ["approved"] * 3
    row = await EventCategory.select().where(EventCategory.id == made).first()
    assert told == [MarksMoved(made, row["revision"])]


async def test_returning_and_withdrawing_need_a_reason(db):
    xiong, made = await the_scene()
    entry = await registration.file(xiong, CODE, candidate(made))
    for act in (registration.send_back, registration.withdraw):
        assert await refused(act(xiong, CODE, [entry], "  ")) == [("entry.reason_needed", "reason")]
    assert await refused(registration.approve(xiong, CODE, [])) == [("entry.none_chosen", "entries")]


async def test_a_returned_entry_is_mended_and_sent_again(db):
    xiong, made = await the_scene()
    zhao = await in_branch("赵领队", "leader", NANCHANG)
    entry = await registration.file(zhao, CODE, candidate(made))
    await registration.send_back(xiong, CODE, [entry], "单位请写全称")
    shown = await registration.entry_for(zhao, entry)
    form = await registration.entry_form(shown)
    assert (shown["reason"], form["identity_number"], form["phone"]) == (
        "单位请写全称",
        identity_number(1),
        "13800000001",
    )
    await registration.resubmit(zhao, entry, candidate(made, organisation="江西洪都机械厂有限公司"))
    row = await Entry.select().where(Entry.id == entry).first()
    assert (row["state"], row["organisation_name"], row["reason"]) == (
        "submitted",
        "江西洪都机械厂有限公司",
        "",
    )
    with pytest.raises(Conflict):
        await registration.resubmit(zhao, entry, candidate(made))


async def test_who_may_decide_and_who_may_not(db):
    xiong, made = await the_scene()
    entry = await registration.file(xiong, CODE, candidate(made))
    contest = (await programme.contest(CODE))["id"]
    leader, elsewhere = (
        await in_branch("赵领队", "leader", NANCHANG),
        await in_branch("钱", "leader", JIUJIANG),
    )
    clerk, auditor = await the_clerk(contest), await a_viewer("周审计", ("auditor", "all", None))
    for person in (leader, elsewhere, clerk, auditor):
        with pytest.raises(Forbidden):
            await registration.approve(person, CODE, [entry])
    for person in (elsewhere, clerk, auditor):
        with pytest.raises(Forbidden):
            await registration.withdraw(person, CODE, [entry], "不报了")
    assert await registration.withdraw(leader, CODE, [entry], "不报了") == 1


async def test_entries_of_another_contest_are_not_found_here(db):
    xiong, made = await the_scene()
    entry = await registration.file(xiong, CODE, candidate(made))
    await a_contest(xiong, code="2026-hw")
    with pytest.raises(NotFound):
        await registration.approve(xiong, "2026-hw", [entry])


async def test_after_the_marking_began_nobody_is_withdrawn(db):
    xiong, made = await the_scene()
    entry = await registration.file(xiong, CODE, candidate(made))
    await registration.approve(xiong, CODE, [entry])
    await bring_to(xiong, made, "marking")
    with pytest.raises(Conflict) as refusal:
        await registration.withdraw(xiong, CODE, [entry], "因伤")
    assert refusal.value.code == "entry.too_late"


async def test_everybody_sees_the_entries_of_their_own_branch(db):
    xiong, made = await the_scene()
    await registration.file(xiong, CODE, candidate(made, 1))
    await registration.file(xiong, CODE, candidate(made, 2, delegation=JIUJIANG))
    contest = await programme.contest(CODE)
    people = {
        "organiser": xiong,
        "leader of Nanchang": await in_branch("赵领队", "leader", NANCHANG),
        "officer of Jiujiang": await in_branch("孙干事", "officer", JIUJIANG),
        "officer of the province": await in_branch("李干事", "officer", PROVINCE),
    }
    seen = {
        name: (await registration.entries_of(person, contest, registration.Filter()))["delegation"].to_list()
        for name, person in people.items()
    }
    assert seen == {
        "organiser": ["南昌", "九江"],
        "leader of Nanchang": ["南昌"],
        "officer of Jiujiang": ["九江"],
        "officer of the province": ["南昌", "九江"],
    }
    for stranger in (await the_clerk(contest["id"]), await a_viewer("路人", ("participant", "all", None))):
        with pytest.raises(Forbidden):
            await registration.entries_of(stranger, contest, registration.Filter())


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"words": "欧阳"}, ["欧阳文"]),
        ({"words": "洪都"}, ["章丽娟", "欧阳文"]),
        ({"state": "approved"}, ["章丽娟"]),
        ({"delegation": JIUJIANG}, ["欧阳文"]),
        ({"words": "%' OR 1=1 --"}, []),
    ],
)
async def test_the_list_is_narrowed(db, asked, names):
    xiong, made = await the_scene()
    first = await registration.file(xiong, CODE, candidate(made, 1))
    await registration.file(xiong, CODE, candidate(made, 2, delegation=JIUJIANG))
    await registration.approve(xiong, CODE, [first])
    found = await registration.entries_of(xiong, await programme.contest(CODE), registration.Filter(**asked))
    assert found["name"].to_list() == names


async def a_published_place(contest_code: str, entry: int, place: int) -> None:
    """The entry gets number 001 and this place on a publication the public sees."""
    row = await Entry.select().where(Entry.id == entry).first()
    await Entry.update({Entry.number: "001", Entry.state: "approved"}).where(Entry.id == entry)
    await Publication.insert(
        Publication(
            event_category=row["event_category"],
            number=1,
            kind="final",
            content=canonical({"fields": ["number", "place"], "rows": [["001", place]]}),
            at=datetime.now(UTC),
        )
    )
    await EventCategory.update({EventCategory.publication: 1, EventCategory.state: "final"}).where(
        EventCategory.id == row["event_category"]
    )


@pytest.mark.parametrize(("place", "found"), [(3, [("entry.barred_by_place", "identity_number")]), (4, [])])
async def test_a_published_winner_of_last_year_does_not_compete_again(db, place, found):
    xiong = await the_organiser()
    before = await an_event_category(xiong, await a_contest(xiong, code="2025-qg", year=2025))
    await states.step(xiong, before, "open_registration")
    won = await registration.file(xiong, "2025-qg", candidate(before))
    await a_published_place("2025-qg", won, place)
    made = await an_event_category(xiong, await a_contest(xiong))
    await states.step(xiong, made, "open_registration")
    if found:
        assert await refused(registration.file(xiong, CODE, candidate(made))) == found
    else:
        assert await registration.file(xiong, CODE, candidate(made))


async def test_a_persons_own_page_shows_published_places(db):
    xiong, made = await the_scene()
    entry = await registration.file(xiong, CODE, candidate(made))
    worker = (await Worker.select().first())["id"]
    assert [(one["state"], one["line"]) for one in await registration.of_person(worker)] == [
        ("submitted", None)
    ]
    await a_published_place(CODE, entry, 2)
    assert [(one["number"], one["line"]["place"]) for one in await registration.of_person(worker)] == [
        ("001", 2)
    ]


async def test_no_number_or_phone_reaches_the_trail(db):
    xiong, made = await the_scene()
    entry = await registration.file(xiong, CODE, candidate(made))
    await registration.approve(xiong, CODE, [entry])
    trail = canonical([row["facts"] for row in await AuditLine.select(AuditLine.facts)])
    assert (identity_number(1) in trail, "13800000001" in trail) == (False, False)
    assert (await audit.verify()).broken_at is None
