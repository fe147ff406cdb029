"""Studios for scenes, entered the way officers enter them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from federation.accounts import Viewer
from studios import namings, outputs, records
from studios.forms import NamingForm, OutputForm, StudioForm
from tests.cast import NANCHANG, PROVINCE, in_branch

DONGHU = "T360102"
XIHU = "T360103"
XUNYANG = "T360403"


async def the_province() -> Viewer:
    return await in_branch("省总干部", "officer", PROVINCE)


async def the_city() -> Viewer:
    return await in_branch("南昌市总干部", "officer", NANCHANG)


async def the_county() -> Viewer:
    return await in_branch("东湖区总干部", "officer", DONGHU)


def studio_form(**changes: Any) -> StudioForm:
    return StudioForm(
        **{
            "name": "涂国强劳模创新工作室",
            "organisation": "东湖精密机械厂",
            "union_unit": DONGHU,
            "industry": "C",
            "chain": "equipment",
            "founded_on": date(2012, 3, 1),
            **changes,
        }
    )


def naming_form(tier: str, starts_on: date, document_number: str = "赣工发〔2013〕1 号") -> NamingForm:
    return NamingForm(tier=tier, starts_on=starts_on, document_number=document_number)


def output_form(year: int, measure: str, quantity: str, **more: Any) -> OutputForm:
    return OutputForm(year=year, measure=measure, quantity=Decimal(quantity), **more)


async def a_studio(viewer: Viewer, name: str, *history: tuple[str, date], **changes: Any) -> str:
    """A studio with its namings (tier, from when); returns its number."""
    form = studio_form(name=name, organisation=f"{name}所在单位", **changes)
    number = await records.add(viewer, form)
    for tier, starts_on in history:
        await namings.name(viewer, number, naming_form(tier, starts_on))
    return number


async def brought(viewer: Viewer, number: str, year: int, measure: str, quantity: str) -> int:
    """An output, entered and verified."""
    entered = await outputs.enter(viewer, number, output_form(year, measure, quantity))
    await outputs.verify(viewer, number, entered)
    return entered
