"""Figures of the register, worked by hand over four studios.

焊 Donghu   county 2013, provincial 2016   equipment
瓷 Donghu   municipal 2015                 food
纺 Xunyang  county 2016                    textiles
药 Xunyang  not named
"""

from __future__ import annotations

from datetime import date

import pytest

from studios import figures, namings, outputs, register
from studios.forms import EndingForm
from studios.register import Register, Wanted
from tests.studios.scenes import XUNYANG, a_studio, brought, output_form, the_city, the_county, the_province

END_2016 = Wanted(at=date(2016, 12, 31))
CITY = ("T360000/T360100/",)


@pytest.fixture
async def held(db: str) -> Register:
    province = await the_province()
    weld = await a_studio(
        province, "焊接工作室", ("county", date(2013, 5, 1)), ("provincial", date(2016, 5, 1))
    )
    glaze = await a_studio(province, "陶瓷工作室", ("municipal", date(2015, 5, 1)), chain="food")
    cloth = await a_studio(
        province, "纺织工作室", ("county", date(2016, 5, 1)), union_unit=XUNYANG, chain="textiles"
    )
    herbs = await a_studio(province, "中药工作室", union_unit=XUNYANG, chain="medicine")
    for number, year, measure, quantity in (
        (weld, 2015, "patent.granted", "2"),
        (weld, 2016, "patent.granted", "3"),
        (weld, 2016, "benefit.created", "120.55"),
        (glaze, 2016, "patent.granted", "4"),
        (cloth, 2016, "patent.granted", "1"),
        (herbs, 2016, "patent.granted", "9"),
    ):
        await brought(province, number, year, measure, quantity)
    await outputs.enter(province, cloth, output_form(2016, "patent.granted", "50"))
    return await register.current()


async def test_the_stock_counts_each_studio_once_by_its_highest_tier(held: Register) -> None:
    on = {
        day: figures.by_tier(figures.standing(held, Wanted(at=day), None))
        for day in (date(2012, 12, 31), date(2015, 12, 31), date(2016, 12, 31))
    }
    assert {day.year: tuple(counts.values()) for day, counts in on.items()} == {
        2012: (0, 0, 0, 0),
        2015: (0, 0, 1, 1),
        2016: (0, 1, 1, 1),
    }
    assert on[date(2016, 12, 31)] == await namings.stock(date(2016, 12, 31))


async def test_a_branch_counts_its_own(held: Register) -> None:
    counts = [
        tuple(figures.by_tier(figures.standing(held, END_2016, branches)).values())
        for branches in (("",), CITY, ("T360000/T360400/",), ())
    ]
    assert counts == [(0, 1, 1, 1), (0, 1, 1, 0), (0, 0, 0, 1), (0, 0, 0, 0)]


async def test_cities_industries_and_chains(held: Register) -> None:
    standing = figures.standing(held, END_2016, None)
    assert figures.counted(standing, "city", "tier").rows() == [
        ("360100", "provincial", 1),
        ("360100", "municipal", 1),
        ("360400", "county", 1),
    ]
    assert figures.counted(standing, "industry").rows() == [("C", 3)]
    assert figures.counted(standing, "chain").rows() == [("equipment", 1), ("food", 1), ("textiles", 1)]


async def test_newly_named_is_counted_in_the_year_of_the_tier_held_at_its_end(held: Register) -> None:
    assert figures.newly_named(held, END_2016, None, range(2013, 2017)).rows() == [
        (2013, "county", 1),
        (2015, "municipal", 1),
        (2016, "provincial", 1),
        (2016, "county", 1),
    ]


async def test_outputs_count_when_verified_and_by_the_tier_of_their_year(held: Register) -> None:
    found = figures.brought(held, await figures.outputs_of(held), END_2016, None, range(2014, 2017))
    assert figures.by_measure(found) == {
        "patent.granted": {2015: 2, 2016: 8},
        "benefit.created": {2016: 12055},
    }
    assert figures.by_year_and_tier(found, "patent.granted").rows() == [
        (2015, "county", 2),
        (2016, "provincial", 3),
        (2016, "municipal", 4),
        (2016, "county", 1),
    ]
    top = figures.top(found, "patent.granted", 2016, 2)
    assert [(row["name"], row["quantity"]) for row in top.iter_rows(named=True)] == [
        ("陶瓷工作室", 4),
        ("焊接工作室", 3),
    ]


async def test_averages_divide_by_all_that_stand(held: Register) -> None:
    county = await the_county()
    await a_studio(county, "木工工作室", ("county", date(2016, 6, 1)))
    await a_studio(county, "茶艺工作室", ("county", date(2016, 6, 1)))
    now = await register.current()
    found = figures.brought(now, await figures.outputs_of(now), END_2016, None, [2016])
    rows = figures.averages(now, END_2016, None, found, "patent.granted")
    assert rows.select("tier", "quantity", "studios", "average").rows() == [
        ("provincial", 3, 1, 300),
        ("municipal", 4, 1, 400),
        ("county", 1, 3, 33),
    ]


async def test_returns_count_what_is_entered_verified_or_not(held: Register) -> None:
    found = figures.returns(held, await figures.outputs_of(held), Wanted(at=date(2017, 12, 31)), None, 2015)
    assert dict(found.select("name", "reported").iter_rows()) == {"焊接工作室": True, "陶瓷工作室": False}


async def test_an_ended_naming_leaves_the_stock_on_its_day(held: Register) -> None:
    county = await the_county()
    number = await a_studio(county, "剪纸工作室", ("county", date(2014, 1, 1)))
    [naming] = await namings.of_studio(
        (await register.current()).rows(Wanted(at=END_2016.at, q=number))["studio"][0]
    )
    ending = EndingForm(
        ends_on=date(2016, 7, 1), end_reason="领衔人退休", end_document_number="东工〔2016〕2 号"
    )
    await namings.end(county, number, naming["id"], ending)
    now = await register.current()
    counts = [
        figures.by_tier(figures.standing(now, Wanted(at=day), CITY))["county"]
        for day in (date(2016, 4, 30), date(2016, 6, 30), date(2016, 7, 1))
    ]
    assert counts == [2, 1, 0]
    assert (await the_city()).branches("officer") == CITY


@pytest.mark.parametrize(
    ("now", "before", "thousandths"),
    [(5209, 4715, 105), (97, 100, -30), (5, 0, None), (0, 4, -1000), (7, 7, 0)],
)
def test_change_on_the_year_before(now: int, before: int, thousandths: int | None) -> None:
    assert figures.change_on_year(now, before) == thousandths
