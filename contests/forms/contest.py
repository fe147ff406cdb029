"""What a contest, an event and an event category are made of, from a page, the API or a command alike."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Level = Literal["province", "city", "county", "unit"]
Category = Literal["employee", "student", "teacher"]
ClassCode = Literal["I", "II", "III"]


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")


class ContestForm(_Form):
    """A contest. `host` is the code of a union unit, `class_code` means something only inside a series.

    `code` is part of addresses; left empty it is made from year and order. `version` is what the sender had
    seen; None for a new contest.
    """

    code: Annotated[str, Field(max_length=30, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")] | None = None
    name: Annotated[str, Field(min_length=2, max_length=120)]
    name_en: Annotated[str, Field(max_length=160)] = ""
    series: str | None = None
    class_code: ClassCode | None = None
    level: Level
    year: Annotated[int, Field(ge=1950, le=2100)]
    host: str
    organiser: Annotated[str, Field(max_length=160)] = ""
    region: str | None = None
    industry: str | None = None
    venue: Annotated[str, Field(max_length=120)] = ""
    venue_en: Annotated[str, Field(max_length=160)] = ""
    starts_on: date
    ends_on: date
    registration_opens_on: date | None = None
    registration_closes_on: date | None = None
    summary: Annotated[str, Field(max_length=2000)] = ""
    summary_en: Annotated[str, Field(max_length=4000)] = ""
    document_number: Annotated[str, Field(max_length=80)] = ""
    version: int | None = None


class EventForm(_Form):
    """One contested occupation. Ages are full years on `reference_date`; skill levels run from 5 up to 1."""

    code: Annotated[str, Field(max_length=30, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    name_en: Annotated[str, Field(max_length=120)] = ""
    occupation: str | None = None
    trade: str | None = None
    reference_date: date | None = None
    age_min: Annotated[int, Field(ge=14, le=100)] | None = None
    age_max: Annotated[int, Field(ge=14, le=100)] | None = None
    skill_level_min: Annotated[int, Field(ge=1, le=5)] | None = None
    minimum_field: Annotated[int, Field(ge=0, le=999)] = 0
    basis: Annotated[str, Field(max_length=160)] = ""
    version: int | None = None


class CategoryForm(_Form):
    """One category of an event. `quota` is the number of places of each delegation; None sets no limit."""

    category: Category
    quota: Annotated[int, Field(ge=0, le=9999)] | None = None
    quota_basis: Annotated[str, Field(max_length=160)] = ""
    live_public: bool = False
    notice_from: date | None = None
    notice_until: date | None = None
    version: int | None = None
