"""What is sent when marks are entered: one cell, or a block of cells under one key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_CELLS = 2_000


class MarkForm(BaseModel):
    """One cell as it was typed. `judge` is the seat ("" where the aspect has one mark); `seen_version` is the
    version the clerk had before their eyes, 0 for an empty cell."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    piece: int
    aspect: Annotated[str, Field(min_length=1, max_length=60)]
    judge: Annotated[str, Field(max_length=20)] = ""
    attempt: Annotated[int, Field(ge=1, le=99)] = 1
    text: Annotated[str, Field(max_length=80)] = ""
    seen_version: Annotated[int, Field(ge=0)] = 0

    @property
    def key(self) -> str:
        return f"{self.piece}:{self.aspect}:{self.judge}:{self.attempt}"


class MarksForm(BaseModel):
    """A block of cells. The same `sending` twice is entered once and answered alike."""

    model_config = ConfigDict(extra="forbid")

    sending: Annotated[str, Field(min_length=8, max_length=80)]
    reason: Annotated[str, Field(max_length=400)] = ""
    cells: Annotated[list[MarkForm], Field(min_length=1, max_length=MOST_CELLS)]


class SettlementForm(BaseModel):
    """Which of two values of a dispute holds: the one that stood first, or the one offered second."""

    model_config = ConfigDict(extra="forbid")

    keep: Literal["first", "second"]
    reason: Annotated[str, Field(max_length=400)] = ""
    sending: Annotated[str, Field(max_length=80)] = ""


class StandingForm(BaseModel):
    """What is said of a whole performance; "" takes it back."""

    model_config = ConfigDict(extra="forbid")

    piece: int
    standing: Literal["", "dns", "dnf", "dsq"] = ""
    reason: Annotated[str, Field(max_length=400)] = ""
    sending: Annotated[str, Field(max_length=80)] = ""
