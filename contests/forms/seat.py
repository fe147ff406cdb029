"""What is sent about judges' seats: a seat, the rule of seats, a PIN, marks and sheets from a seat."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class SeatForm(BaseModel):
    """A seat. `aspects` are "stage|aspect"; `unit` is the code of a delegation taking part, "" for none of them."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,20}$")]
    name: Annotated[str, Field(max_length=60)] = ""
    unit: Annotated[str, Field(max_length=20)] = ""
    aspects: list[str] = []

    @field_validator("aspects", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class SeatRuleForm(BaseModel):
    """How seats are kept. The figures are defaults to be set after the contest's own technical document."""

    model_config = ConfigDict(extra="forbid")

    own_unit: Literal["block", "flag", "off"] = "block"
    pin_digits: Annotated[int, Field(ge=4, le=10)] = 6
    tries: Annotated[int, Field(ge=1, le=20)] = 5
    lock_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    session_hours: Annotated[int, Field(ge=1, le=72)] = 14
    may_uphold: bool = False
    basis: Annotated[str, Field(max_length=160)] = ""


class SeatCell(BaseModel):
    """One cell as the judge tapped it. Whose it is the server knows; a judge is never sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    piece: int
    aspect: Annotated[str, Field(min_length=1, max_length=60)]
    attempt: Annotated[int, Field(ge=1, le=99)] = 1
    text: Annotated[str, Field(max_length=80)] = ""
    seen_version: Annotated[int, Field(ge=0)] = 0


class SeatCells(BaseModel):
    """Cells of one stage. The same `sending` twice is entered once and answered alike."""

    model_config = ConfigDict(extra="forbid")

    sending: Annotated[str, Field(min_length=8, max_length=32, pattern=r"^[0-9A-Za-z_-]+$")]
    stage: Annotated[str, Field(max_length=40)] = ""
    reason: Annotated[str, Field(max_length=400)] = ""
    cells: Annotated[list[SeatCell], Field(min_length=1, max_length=200)]


class HandIn(BaseModel):
    """Handing in the sheet of a piece. `shown` is what stood on the judge's screen: "aspect:attempt" → text."""

    model_config = ConfigDict(extra="forbid")

    sending: Annotated[str, Field(min_length=8, max_length=32, pattern=r"^[0-9A-Za-z_-]+$")]
    stage: Annotated[str, Field(max_length=40)] = ""
    shown: dict[str, Annotated[str, Field(max_length=80)]] = {}


class StepAside(BaseModel):
    """Stepping aside for a piece, with the reason."""

    model_config = ConfigDict(extra="forbid")

    sending: Annotated[str, Field(min_length=8, max_length=32)]
    reason: Annotated[str, Field(max_length=400)] = ""


class Adjustment(BaseModel):
    """A judge's own mark changed after a spread was opened for talk, with the written reason."""

    model_config = ConfigDict(extra="forbid")

    sending: Annotated[str, Field(min_length=8, max_length=32)]
    text: Annotated[str, Field(max_length=80)] = ""
    reason: Annotated[str, Field(max_length=400)] = ""
