"""An officer sees and keeps their branch and nothing else; the public sees what was named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from federation.accounts import Viewer
from federation.refusals import Invalid, NotFound
from studios import members, namings, outputs, records, register, rules
from studios.forms import EndingForm, LeaderForm, MemberForm
from tests.cast import in_branch, the_administrator
from tests.studios.scenes import (
    DONGHU,
    XIHU,
    XUNYANG,
    a_studio,
    naming_form,
    output_form,
    studio_form,
    the_city,
    the_county,
    the_province,
)

TODAY = date(2026, 11, 24)


async def three_studios(province: Viewer) -> dict[str, str]:
    """Name of the place → number: Donghu and Xihu lie in Nanchang, Xunyang in Jiujiang; Xihu is not named."""
    return {
        "donghu": await a_studio(province, "东湖工作室", ("county", date(2014, 5, 1)), union_unit=DONGHU),
        "xihu": await a_studio(province, "西湖工作室", union_unit=XIHU),
        "xunyang": await a_studio(province, "浔阳工作室", ("county", date(2014, 5, 1)), union_unit=XUNYANG),
    }


async def test_every_audience_sees_its_branch_and_nothing_else(db: str) -> None:
    province = await the_province()
    numbers = await three_studios(province)
    audiences = {
        "stranger": None,
        "county": await the_county(),
        "city": await the_city(),
        "province": province,
        "clerk": await in_branch("录分员", "clerk", DONGHU),
        "administrator": await the_administrator(),
    }

    async def works_on(person: Viewer | None) -> set[str]:
        held = await register.current()
        found = held.find(register.Wanted(at=TODAY), rules.branches(person))
        by_number = {number: place for place, number in numbers.items()}
        return {by_number[row["number"]] for row in found.rows}

    async def may_open(person: Viewer | None) -> set[str]:
        seen = set()
        for place, number in numbers.items():
            try:
                await records.seen(person, number)
            except NotFound:
                continue
            seen.add(place)
        return seen

    assert {name: (await works_on(person), await may_open(person)) for name, person in audiences.items()} == {
        "stranger": (set(), {"donghu", "xunyang"}),
        "county": ({"donghu"}, {"donghu", "xunyang"}),
        "city": ({"donghu", "xihu"}, {"donghu", "xihu", "xunyang"}),
        "province": ({"donghu", "xihu", "xunyang"}, {"donghu", "xihu", "xunyang"}),
        "clerk": (set(), {"donghu", "xunyang"}),
        "administrator": (set(), {"donghu", "xunyang"}),
    }


ACTS: dict[str, Callable[[Viewer, str], Awaitable[object]]] = {
    "alter": lambda who, number: records.alter(who, number, studio_form(), 1),
    "name": lambda who, number: namings.name(who, number, naming_form("county", date(2020, 1, 1))),
    "change_naming": lambda who, number: namings.change_naming(
        who, number, 1, naming_form("county", date(2020, 1, 1))
    ),
    "end": lambda who, number: namings.end(
        who, number, 1, EndingForm(ends_on=TODAY, end_reason="停办", end_document_number="文〔2026〕1 号")
    ),
    "change_leader": lambda who, number: members.change_leader(
        who, number, LeaderForm(leader_name="章丽娟", since=TODAY)
    ),
    "take_in": lambda who, number: members.take_in(
        who, number, MemberForm(member_name="喻建平", joined_on=TODAY)
    ),
    "change_member": lambda who, number: members.change_member(
        who, number, 1, MemberForm(member_name="喻建平", joined_on=TODAY)
    ),
    "enter": lambda who, number: outputs.enter(who, number, output_form(2020, "patent.granted", "1")),
    "correct": lambda who, number: outputs.correct(
        who, number, 1, output_form(2020, "patent.granted", "1", reason="更正"), 1
    ),
    "verify": lambda who, number: outputs.verify(who, number, 1),
}


@pytest.mark.parametrize("act", ACTS)
async def test_no_act_reaches_a_studio_outside_the_branch(db: str, act: str) -> None:
    numbers = await three_studios(await the_province())
    county = await the_county()
    for place in ("xihu", "xunyang"):
        with pytest.raises(NotFound):
            await ACTS[act](county, numbers[place])


async def test_a_studio_cannot_be_entered_for_another_branch_nor_moved_there(db: str) -> None:
    county = await the_county()
    with pytest.raises(Invalid) as refused:
        await records.add(county, studio_form(union_unit=XIHU))
    assert [found.code for found in refused.value.findings] == ["studio.unit_not_yours"]
    number = await records.add(county, studio_form())
    with pytest.raises(Invalid):
        await records.alter(county, number, studio_form(union_unit=XIHU), 1)


@pytest.mark.parametrize(
    ("branch", "tiers"),
    [
        ("T360000", ("national", "provincial", "municipal", "county")),
        ("T360100", ("municipal", "county")),
        ("T360102", ("county",)),
        ("T360400", ()),
    ],
)
async def test_each_level_enters_the_tiers_up_to_its_own(
    db: str, branch: str, tiers: tuple[str, ...]
) -> None:
    officer = await in_branch("干部", "officer", branch)
    assert rules.conferrable(officer, "T360000/T360100/T360102/") == tiers


async def test_outputs_are_verified_from_above(db: str) -> None:
    path = "T360000/T360100/T360102/"
    assert not rules.may_verify(await the_county(), path)
    assert rules.may_verify(await the_city(), path)
    assert not rules.may_verify(None, path)
