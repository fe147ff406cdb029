"""A tier is a dated history: the stock at any date, and what may not be entered."""

from __future__ import annotations

from datetime import date

import pytest

from federation import audit
from federation.refusals import Forbidden, Invalid
from studios import namings
from studios.forms import EndingForm
from studios.tiers import TIERS, height, highest
from tests.studios.scenes import a_studio, naming_form, the_city, the_county, the_province

ENDING = EndingForm(ends_on=date(2016, 7, 1), end_reason="单位搬迁", end_document_number="赣工发〔2016〕9 号")


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(found.code, found.place) for found in refused.value.findings]


def test_tiers_run_from_national_down_to_county() -> None:
    assert TIERS == ("national", "provincial", "municipal", "county")
    assert [height(tier) for tier in (*TIERS, "none")] == [4, 3, 2, 1, 0]
    assert highest(["county", "provincial", "municipal"]) == "provincial"
    assert highest([]) is None


async def test_stock_counts_each_studio_once_by_the_highest_tier_held_on_the_day(db: str) -> None:
    """Four studios, worked by hand.

    A  county 2013-05-01 · municipal 2014-05-01 · provincial 2016-05-01
    B  municipal 2014-05-01, ended 2016-07-01
    C  county 2014-05-01
    D  never named
    """
    province = await the_province()
    await a_studio(
        province,
        "甲工作室",
        ("county", date(2013, 5, 1)),
        ("municipal", date(2014, 5, 1)),
        ("provincial", date(2016, 5, 1)),
    )
    b = await a_studio(province, "乙工作室", ("municipal", date(2014, 5, 1)))
    await a_studio(province, "丙工作室", ("county", date(2014, 5, 1)))
    await a_studio(province, "丁工作室")
    held = (await namings.every()).filter(tier="municipal").sort("naming")["naming"].to_list()
    await namings.end(province, b, held[-1], ENDING)

    table = {
        date(2013, 4, 30): (0, 0, 0, 0),
        date(2013, 5, 1): (0, 0, 0, 1),
        date(2014, 5, 1): (0, 0, 2, 1),
        date(2016, 4, 30): (0, 0, 2, 1),
        date(2016, 5, 1): (0, 1, 1, 1),
        date(2016, 6, 30): (0, 1, 1, 1),
        date(2016, 7, 1): (0, 1, 0, 1),
        date(2026, 1, 1): (0, 1, 0, 1),
    }
    assert {day: tuple((await namings.stock(day)).values()) for day in table} == table


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        (("municipal", date(2012, 2, 29)), [("naming.before_founding", "starts_on")]),
        (("municipal", date(2099, 1, 1)), [("naming.in_future", "starts_on"), ("naming.below_held", "tier")]),
        (("provincial", date(2017, 1, 1)), [("naming.overlaps", "starts_on")]),
        (("provincial", date(2012, 3, 1)), [("naming.overlaps", "starts_on")]),
        (("county", date(2016, 1, 1)), [("naming.below_held", "tier")]),
        (("national", date(2013, 1, 1)), [("naming.lower_came_later", "starts_on")]),
        (("municipal", date(2013, 1, 1)), []),
        (("national", date(2018, 1, 1)), []),
    ],
)
async def test_a_naming_that_cannot_be_is_refused_when_entered(
    db: str, entered: tuple[str, date], expected: list[tuple[str, str]]
) -> None:
    """The studio was founded 2012-03-01 and has been provincial since 2015-01-01."""
    province = await the_province()
    number = await a_studio(province, "甲工作室", ("provincial", date(2015, 1, 1)))
    if not expected:
        await namings.name(province, number, naming_form(*entered))
        return
    with pytest.raises(Invalid) as refused:
        await namings.name(province, number, naming_form(*entered))
    assert codes(refused) == expected


async def test_the_same_tier_can_be_named_again_after_it_ended(db: str) -> None:
    city = await the_city()
    number = await a_studio(city, "甲工作室", ("municipal", date(2014, 5, 1)))
    naming = (await namings.every())["naming"][0]
    await namings.end(city, number, naming, ENDING)
    with pytest.raises(Invalid) as refused:
        await namings.name(city, number, naming_form("municipal", date(2016, 6, 30)))
    assert codes(refused) == [("naming.overlaps", "starts_on")]
    await namings.name(city, number, naming_form("municipal", date(2016, 7, 1)))
    with pytest.raises(Invalid) as refused:
        await namings.end(city, number, naming, ENDING)
    assert codes(refused) == [("naming.ended_already", "ends_on")]


async def test_a_naming_is_put_right_and_the_trail_keeps_what_stood_before(db: str) -> None:
    city = await the_city()
    number = await a_studio(city, "甲工作室", ("municipal", date(2014, 5, 1)))
    naming = (await namings.every())["naming"][0]
    right = naming_form("municipal", date(2014, 6, 1), "洪工发〔2014〕21 号")
    await namings.change_naming(city, number, naming, right)
    assert (await namings.every()).select("starts_on", "document_number").rows() == [
        (date(2014, 6, 1), "洪工发〔2014〕21 号")
    ]
    line = (await audit.lines(deed="studio.naming_change"))[0]
    assert line["subject"] == f"studio:{number}"
    assert '"before":{"document_number":"赣工发〔2013〕1 号","starts_on":"2014-05-01"' in line["facts"]


@pytest.mark.parametrize(
    ("path", "tier", "code"),
    [
        ("T360000/T360100/T360102/", "county", "T360102"),
        ("T360000/T360100/T360102/", "municipal", "T360100"),
        ("T360000/T360100/T360102/", "provincial", "T360000"),
        ("T360000/T360100/T360102/", "national", None),
        ("T360000/I01/", "municipal", "I01"),
        ("T360000/", "municipal", "T360000"),
    ],
)
def test_who_confers_a_tier_follows_from_the_unit(path: str, tier: str, code: str | None) -> None:
    assert namings.conferrer(path, tier) == code


async def test_a_tier_above_the_officer_is_entered_by_the_union_above(db: str) -> None:
    county = await the_county()
    number = await a_studio(county, "甲工作室", ("county", date(2014, 5, 1)))
    with pytest.raises(Forbidden) as refused:
        await namings.name(county, number, naming_form("municipal", date(2015, 5, 1)))
    assert (refused.value.code, refused.value.facts) == ("naming.tier_above_you", {"tier": "municipal"})
