"""What studios bring: units and decimals, findings when entered, correction, and what counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from federation import audit
from federation.refusals import Conflict, Forbidden, Invalid
from studios import outputs, records
from studios.outputs import by_year, scaled, totals
from tests.studios.scenes import a_studio, brought, output_form, the_city, the_county


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str, str]]:
    return [(found.code, found.severity, found.place) for found in refused.value.findings]


@pytest.mark.parametrize(
    ("quantity", "decimals", "expected"),
    [("12", 0, 12), ("12.5", 2, 1250), ("12.50", 1, 125), ("12.555", 2, None), ("0.5", 0, None), ("0", 2, 0)],
)
def test_quantities_are_whole_numbers_of_the_smallest_step(
    quantity: str, decimals: int, expected: int | None
) -> None:
    assert scaled(output_form(2020, "m", quantity).quantity, decimals) == expected


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ((2011, "patent.granted", "1"), [("output.before_founding", "error", "year")]),
        ((2099, "patent.granted", "1"), [("output.in_future", "error", "year")]),
        ((2020, "patent.granted", "1.5"), [("output.too_fine", "error", "quantity")]),
        ((2020, "benefit.created", "1.234"), [("output.too_fine", "error", "quantity")]),
        ((2020, "benefit.created", "1260000"), [("output.unit_slip", "warning", "quantity")]),
        ((2020, "benefit.created", "12600"), [("output.unit_slip", "warning", "quantity")]),
        ((2020, "patent.granted", "900"), [("output.out_of_line", "warning", "quantity")]),
        ((2019, "patent.granted", "2"), [("output.entered_already", "warning", "quantity")]),
        ((2020, "patent.imagined", "2"), [("output.unknown_measure", "error", "measure")]),
    ],
)
async def test_an_output_that_looks_wrong_is_a_finding_when_entered(
    db: str, entered: tuple[int, str, str], expected: list[tuple[str, str, str]]
) -> None:
    """The studio was founded in 2012 and had 2 patents and a benefit of 120 万元 in 2019."""
    city = await the_city()
    number = await a_studio(city, "甲工作室")
    await brought(city, number, 2019, "patent.granted", "2")
    await brought(city, number, 2019, "benefit.created", "120")
    with pytest.raises(Invalid) as refused:
        await outputs.enter(city, number, output_form(*entered))
    assert codes(refused) == expected


async def test_a_warning_is_answered_with_a_reason_an_error_is_not(db: str) -> None:
    city = await the_city()
    number = await a_studio(city, "甲工作室")
    large = output_form(2020, "benefit.created", "60000", reason="财务部门盖章，见附件")
    await outputs.enter(city, number, large)
    line = (await audit.lines(deed="studio.output"))[0]
    assert '"warnings":["output.unit_slip"]' in line["facts"]
    with pytest.raises(Invalid):
        await outputs.enter(city, number, output_form(2001, "patent.granted", "1", reason="确实"))


async def test_only_verified_outputs_count_and_a_correction_is_verified_again(db: str) -> None:
    city, county = await the_city(), await the_county()
    number = await a_studio(city, "甲工作室")
    studio = (await records.kept(city, number))["id"]

    async def counted() -> dict[str, int]:
        return totals(await outputs.of_studio(studio))

    entered = await outputs.enter(county, number, output_form(2020, "benefit.created", "1260.5"))
    assert await counted() == {}
    with pytest.raises(Forbidden) as refused:
        await outputs.verify(county, number, entered)
    assert refused.value.code == "output.verified_from_above"
    await outputs.verify(city, number, entered)
    assert await counted() == {"benefit.created": 126_050}

    with pytest.raises(Invalid) as silent:
        await outputs.correct(county, number, entered, output_form(2020, "benefit.created", "1206.5"), 1)
    assert codes(silent) == [("output.reason_missing", "error", "reason")]
    right = output_form(2020, "benefit.created", "1206.5", reason="数字录反")
    await outputs.correct(county, number, entered, right, 1)
    assert await counted() == {}
    with pytest.raises(Conflict):
        await outputs.correct(county, number, entered, right, 1)
    await outputs.verify(city, number, entered)
    assert await counted() == {"benefit.created": 120_650}
    line = (await audit.lines(deed="studio.output_correct"))[0]
    assert '"quantity":126050' in line["facts"]


async def test_years_add_up_by_group(db: str) -> None:
    city = await the_city()
    number = await a_studio(city, "甲工作室", ("county", date(2014, 5, 1)))
    for year, measure, quantity in (
        (2018, "patent.granted", "2"),
        (2018, "key-problem.solved", "3"),
        (2018, "innovation.completed", "1"),
        (2020, "proposal.accepted", "4"),
        (2020, "proposal.made", "9"),
        (2020, "benefit.created", "12.34"),
        (2020, "standard.issued", "1"),
    ):
        await brought(city, number, year, measure, quantity)
    await outputs.enter(city, number, output_form(2021, "patent.granted", "7"))
    studio = (await records.kept(city, number))["id"]
    rows: list[dict[str, Any]] = by_year(await outputs.of_studio(studio)).to_dicts()
    assert rows == [
        {"year": 2018, "tackled": 4, "patents": 2, "methods": 0, "proposals": 0, "benefit": 0},
        {"year": 2019, "tackled": 0, "patents": 0, "methods": 0, "proposals": 0, "benefit": 0},
        {"year": 2020, "tackled": 0, "patents": 0, "methods": 1, "proposals": 4, "benefit": 1234},
    ]
    yearly = await outputs.yearly()
    assert yearly.select("year", "achievements", "benefit").rows() == [(2018, 6, 0), (2020, 5, 1234)]
