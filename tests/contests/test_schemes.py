"""Marking schemes: presets, editions, freezing, documents in and out."""

from __future__ import annotations

import json

import pytest

from contests import programme, schemes
from contests.rules import may_organise
from contests.tables import EventCategory
from contests.tables import Scheme as SchemeEdition
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.builders import a_contest, an_event_category, approved_entries
from tests.cast import the_clerk, the_organiser
from tests.contests.test_states import mark


@pytest.mark.parametrize("name", ["theory-practical", "modules", "five-judges", "judgement"])
def test_a_preset_is_sound(name):
    assert schemes.presets()[name].check() == []


async def test_each_change_makes_the_next_edition_and_the_old_one_stays(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    first = (await programme.event_category(ec))["scheme"]
    second = await schemes.attach(xiong, ec, schemes.presets()["modules"])

    rows = await SchemeEdition.select().order_by(SchemeEdition.edition)
    assert [(row["id"], row["code"], row["edition"], row["title"]) for row in rows] == [
        (first, "2026-qg/E1/employee", 1, "理论 30 %，操作技能 70 %"),
        (second, "2026-qg/E1/employee", 2, "三个模块 A 30、B 30、C 40"),
    ]
    assert await schemes.scheme_of(ec) == schemes.presets()["modules"]
    assert await schemes.edition(first) == schemes.presets()["theory-practical"]


async def test_after_the_first_mark_the_scheme_stands(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    ids = await approved_entries(ec, ["涂国强"])
    await mark(ec, ids, "theory")
    with pytest.raises(Conflict) as refused:
        await schemes.attach(xiong, ec, schemes.presets()["modules"])
    assert refused.value.code == "scheme.frozen"
    assert await SchemeEdition.count() == 1


async def test_freezing_keeps_the_first_moment(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    scheme_id = (await programme.event_category(ec))["scheme"]
    await schemes.freeze(scheme_id)
    first = (await schemes.edition_row(scheme_id))["frozen_at"]
    await schemes.freeze(scheme_id)
    assert (await schemes.edition_row(scheme_id))["frozen_at"] == first


async def test_without_a_scheme_there_is_none_to_read(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong), scheme=None)
    with pytest.raises(NotFound):
        await schemes.scheme_of(ec)


async def test_a_clerk_attaches_nothing(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    ec = await an_event_category(xiong, code)
    clerk = await the_clerk((await programme.contest(code))["id"])
    assert not may_organise(clerk, (await programme.contest(code))["ground"])
    with pytest.raises(Forbidden):
        await schemes.attach(clerk, ec, schemes.presets()["modules"])


async def test_a_faulty_document_is_refused_with_the_path_of_every_fault(db):
    with pytest.raises(Invalid) as refused:
        schemes.from_document('{"id": "x", "modules": [{"id": "A", "weight": "viel"}], "judges": 3}')
    assert [(one.code, one.place) for one in refused.value.findings] == [
        ("scheme.not_a_number", "modules[0].weight"),
        ("scheme.unknown_field", "judges"),
    ]
    with pytest.raises(Invalid):
        schemes.from_document("理论".encode("gb18030"))


async def test_a_downloaded_document_can_be_sent_back(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong), scheme="judgement")
    text = schemes.document_text(await schemes.scheme_of(ec))
    assert json.loads(text)["id"] == "judgement"
    assert schemes.from_document(text.encode()) == await schemes.scheme_of(ec)


async def test_the_title_of_the_scheme_is_known_where_it_is_used(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    ec = await an_event_category(xiong, code)
    await an_event_category(xiong, code, category="student", scheme=None)
    used = await schemes.used_in((await programme.contest(code))["id"])
    assert [(row["id"], row["category"], row["title"]) for row in used] == [
        (ec, "employee", "理论 30 %，操作技能 70 %")
    ]
    assert await EventCategory.count() == 2
