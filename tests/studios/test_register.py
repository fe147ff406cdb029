"""The list: what is found, counted beside the other filters, sorted; and how the register is changed."""

from __future__ import annotations

from datetime import date

import pytest

from federation import audit
from federation.changes import revision
from federation.notices import RegisterMoved, listen, unlisten
from federation.refusals import AlreadyDone, Conflict, Invalid
from studios import members, records, register
from studios.forms import LeaderForm, MemberForm
from studios.register import Found, Wanted
from tests.studios.scenes import XIHU, XUNYANG, a_studio, brought, studio_form, the_province

TODAY = date(2026, 11, 24)


async def five_studios() -> dict[str, str]:
    """Name → number.

    焊 Donghu   county 2013, provincial 2016   equipment   patents 3 in 2025
    瓷 Donghu   municipal 2015                 food        patents 5 in 2025
    铜 Xihu     county 2016                    equipment
    纺 Xunyang  county 2016                    textiles
    药 Xunyang  not named
    """
    province = await the_province()
    made = {
        "焊": await a_studio(
            province, "焊接工作室", ("county", date(2013, 5, 1)), ("provincial", date(2016, 5, 1))
        ),
        "瓷": await a_studio(province, "陶瓷工作室", ("municipal", date(2015, 5, 1)), chain="food"),
        "铜": await a_studio(province, "铜冶炼工作室", ("county", date(2016, 5, 1)), union_unit=XIHU),
        "纺": await a_studio(
            province, "纺织工作室", ("county", date(2016, 5, 1)), union_unit=XUNYANG, chain="textiles"
        ),
        "药": await a_studio(province, "中药工作室", union_unit=XUNYANG, chain="medicine"),
    }
    await brought(province, made["焊"], 2025, "patent.granted", "3")
    await brought(province, made["瓷"], 2025, "patent.granted", "5")
    await members.change_leader(
        province, made["铜"], LeaderForm(leader_name="欧阳文", since=date(2014, 1, 1))
    )
    return made


def shown(found: Found) -> str:
    return "".join(row["name"][0] for row in found.rows)


def counts(found: Found, facet: str) -> dict[str, int]:
    return {choice.value: choice.count for choice in found.facets[facet]}


async def test_a_list_is_what_its_address_asks_for(db: str) -> None:
    made = await five_studios()
    held = await register.current()
    table = {
        "everything": (Wanted(at=TODAY), "焊陶铜纺"),
        "by achievements": (Wanted(at=TODAY, sort="output"), "陶焊铜纺"),
        "at a date": (Wanted(at=date(2015, 12, 31)), "陶焊"),
        "before all": (Wanted(at=date(2012, 1, 1)), ""),
        "a tier": (Wanted(at=TODAY, tier=("provincial",)), "焊"),
        "a tier at a date": (Wanted(at=date(2015, 12, 31), tier=("county",)), "焊"),
        "a city": (Wanted(at=TODAY, region=("360100",)), "焊陶铜"),
        "a county": (Wanted(at=TODAY, region=("360103",)), "铜"),
        "a city narrowed to a county": (Wanted(at=TODAY, region=("360100", "360103")), "铜"),
        "two cities": (Wanted(at=TODAY, region=("360100", "360400")), "焊陶铜纺"),
        "a union": (Wanted(at=TODAY, union="T360100"), "焊陶铜"),
        "no such union": (Wanted(at=TODAY, union="T999999"), ""),
        "named in a year": (Wanted(at=TODAY, year=("2016",)), "焊铜纺"),
        "a chain": (Wanted(at=TODAY, chain=("equipment",)), "焊铜"),
        "words of the name": (Wanted(at=TODAY, q="焊接"), "焊"),
        "two words": (Wanted(at=TODAY, q="工作室 陶瓷"), "陶"),
        "the lead": (Wanted(at=TODAY, q="欧阳文"), "铜"),
        "the number": (Wanted(at=TODAY, q=made["纺"].lower()), "纺"),
        "nothing": (Wanted(at=TODAY, q="没有这个"), ""),
    }
    got = {what: shown(held.find(wanted)) for what, (wanted, _expected) in table.items()}
    assert got == {what: expected for what, (_wanted, expected) in table.items()}


async def test_facets_count_beside_the_other_filters_but_not_their_own(db: str) -> None:
    await five_studios()
    held = await register.current()
    every = held.find(Wanted(at=TODAY))
    assert counts(every, "tier") == {"provincial": 1, "municipal": 1, "county": 2}
    assert counts(every, "city") == {"360100": 3, "360400": 1}
    assert counts(every, "region") == {}
    assert counts(every, "year") == {"2016": 3, "2015": 1}

    nanchang = held.find(Wanted(at=TODAY, region=("360100",), tier=("county",)))
    assert shown(nanchang) == "铜"
    assert counts(nanchang, "tier") == {"provincial": 1, "municipal": 1, "county": 1}
    assert counts(nanchang, "city") == {"360100": 1, "360400": 1}
    assert counts(nanchang, "region") == {"360103": 1}
    assert counts(nanchang, "chain") == {"equipment": 1}


async def test_whoever_keeps_a_studio_sees_it_before_it_is_named(db: str) -> None:
    await five_studios()
    held = await register.current()
    everything = held.find(Wanted(at=TODAY), ("",))
    assert counts(everything, "tier") == {"provincial": 1, "municipal": 1, "county": 2, "none": 1}
    assert shown(held.find(Wanted(at=TODAY, tier=("none",)), ("",))) == "中"
    assert shown(held.find(Wanted(at=TODAY, tier=("none",)))) == ""


async def test_a_list_turns_its_pages(db: str) -> None:
    await five_studios()
    held = await register.current()
    pages = [held.find(Wanted(at=TODAY, page=page), size=3) for page in (1, 2, 9)]
    assert [(shown(found), found.page, found.pages, found.total) for found in pages] == [
        ("焊陶铜", 1, 2, 4),
        ("纺", 2, 2, 4),
        ("纺", 2, 2, 4),
    ]


async def test_every_change_moves_the_register_and_tells(db: str) -> None:
    heard: list[int] = []

    async def hear(notice: RegisterMoved) -> None:
        heard.append(notice.revision)

    province = await the_province()
    listen(RegisterMoved, hear)
    try:
        number = await a_studio(province, "焊接工作室", ("county", date(2013, 5, 1)))
        before = await register.current()
        await members.take_in(province, number, MemberForm(member_name="喻建平", joined_on=date(2014, 1, 1)))
    finally:
        unlisten(RegisterMoved, hear)
    assert heard == [1, 2, 3]
    assert await revision("studios") == 3
    after = await register.current()
    assert [one.find(Wanted(at=TODAY)).rows[0]["members"] for one in (before, after)] == [0, 1]
    assert await register.current() is after


async def test_the_second_of_two_who_change_the_same_studio_is_told(db: str) -> None:
    province = await the_province()
    number = await records.add(province, studio_form())
    await records.alter(province, number, studio_form(topic="电机装配"), 1)
    with pytest.raises(Conflict) as refused:
        await records.alter(province, number, studio_form(topic="数控加工"), 1)
    assert refused.value.code == "studio.changed_meanwhile"
    studio = await records.kept(province, number)
    assert (studio["topic"], studio["version"]) == ("电机装配", 2)
    line = (await audit.lines(deed="studio.change"))[0]
    assert line["facts"] == '{"after":{"topic":"电机装配"},"before":{"topic":""}}'


async def test_sending_a_form_twice_enters_one_studio(db: str) -> None:
    province = await the_province()
    number = await records.add(province, studio_form(), sending="abc")
    with pytest.raises(AlreadyDone) as before:
        await records.add(province, studio_form(name="另一个工作室"), sending="abc")
    assert before.value.answer == {"number": number}
    assert len((await register.current()).studios) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [("studio.entered_already", "name")]),
        ({"name": "新的工作室", "region": "360103"}, [("studio.region_outside_unit", "region")]),
        ({"name": "新的工作室", "chain": "moon"}, [("studio.unknown_code", "chain")]),
        (
            {"name": "新的工作室", "founded_on": date(2099, 1, 1)},
            [("studio.founded_in_future", "founded_on")],
        ),
        ({"name": "新的工作室", "equipment": "3.555"}, [("output.too_fine", "equipment")]),
    ],
)
async def test_what_is_wrong_with_a_record_names_its_field(
    db: str, changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    province = await the_province()
    await records.add(province, studio_form())
    with pytest.raises(Invalid) as refused:
        await records.add(province, studio_form(**changes))
    assert [(found.code, found.place) for found in refused.value.findings] == expected


async def test_numbers_run_within_the_union_unit(db: str) -> None:
    province = await the_province()
    numbers = [await a_studio(province, f"{name}工作室") for name in ("甲号", "乙号")]
    assert numbers == ["T360102-0001", "T360102-0002"]


async def test_a_new_lead_person_ends_the_time_of_the_one_before(db: str) -> None:
    province = await the_province()
    number = await records.add(province, studio_form())
    studio = await records.kept(province, number)
    first = LeaderForm(
        leader_name="涂国强", since=date(2012, 3, 1), honour="ganpo-craftsman", honour_year=2018
    )
    await members.change_leader(province, number, first)
    await members.change_leader(province, number, LeaderForm(leader_name="章丽娟", since=date(2020, 1, 1)))
    history = await members.leaders(studio["id"])
    assert [(row["name"], row["since"], row["until"]) for row in history] == [
        ("涂国强", date(2012, 3, 1), date(2020, 1, 1)),
        ("章丽娟", date(2020, 1, 1), None),
    ]
    assert [(row["kind"], row["year"]) for row in await members.honours_of(history[0]["worker"])] == [
        ("ganpo-craftsman", 2018)
    ]
    with pytest.raises(Invalid) as refused:
        await members.change_leader(
            province, number, LeaderForm(leader_name="章丽娟", since=date(2019, 1, 1), honour="x")
        )
    assert [found.code for found in refused.value.findings] == [
        "leader.before_last_change",
        "leader.same",
        "leader.honour_year_missing",
    ]
