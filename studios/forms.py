"""What is entered into the register: one form serves page, API, import file and command.

Amounts are given as people write them (万元 with decimals) and scaled where they are stored.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studios.tiers import Tier


def _text(longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Words = Annotated[str, _text(200)]
PersonName = Annotated[str, _text(60, 2)]
Year = Annotated[int, Field(ge=1949, le=2100)]
SkillLevel = Annotated[int, Field(ge=1, le=5)]
Day = Annotated[date, Field(ge=date(1949, 10, 1))]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StudioForm(_Form):
    """`union_unit`, `region`, `industry`, `chain` are codes; `equipment` in 万元, `premises` in square metres."""

    name: Annotated[str, _text(120, 4)]
    name_en: Annotated[str, _text(160)] | None = None
    union_unit: Annotated[str, _text(20)]
    organisation: Annotated[str, _text(120, 2)]
    region: Annotated[str, _text(6)] | None = None
    industry: Annotated[str, _text(4)] | None = None
    chain: Annotated[str, _text(20)] | None = None
    founded_on: Day
    topic: Words | None = None
    premises: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    equipment: Annotated[Decimal, Field(ge=0, le=1_000_000)] | None = None
    summary: Annotated[str, _text(2000)] | None = None


class NamingForm(_Form):
    tier: Tier
    starts_on: Day
    document_number: Annotated[str, _text(80, 4)]
    plaque_number: Annotated[str, _text(40)] = ""


class EndingForm(_Form):
    ends_on: Day
    end_reason: Annotated[str, _text(200, 2)]
    end_document_number: Annotated[str, _text(80, 4)]


class LeaderForm(_Form):
    """A change of the lead person from a day on; the honour is the highest the person holds."""

    leader_name: PersonName
    leader_title: Annotated[str, _text(60)] = ""
    leader_skill_level: SkillLevel | None = None
    since: Day
    honour: Annotated[str, _text(40)] | None = None
    honour_year: Year | None = None


class MemberForm(_Form):
    member_name: PersonName
    member_title: Annotated[str, _text(60)] = ""
    member_skill_level: SkillLevel | None = None
    task: Annotated[str, _text(80)] = ""
    joined_on: Day
    left_on: Day | None = None


class OutputForm(_Form):
    """`quantity` in the unit of the measure; `reason` answers warnings and says why a figure is corrected."""

    year: Year
    measure: Annotated[str, _text(50)]
    quantity: Annotated[Decimal, Field(ge=0, le=Decimal(9999999999), allow_inf_nan=False)]
    output_title: Words | None = None
    proof: Annotated[str, _text(200)] = ""
    reason: Words | None = None
