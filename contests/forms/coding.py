"""How an event category is coded: layers and their holders, the draw of workstations, the basis document."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class CodingForm(BaseModel):
    """`layers` 0 is an open event. Holders are accounts; those of layers there are not are left out."""

    model_config = ConfigDict(extra="ignore")

    layers: Annotated[int, Field(ge=0, le=3)] = 0
    holder_1: int | None = None
    holder_2: int | None = None
    holder_3: int | None = None
    apart: bool = False
    stations: Annotated[int | None, Field(ge=1, le=999)] = None
    basis: Annotated[str, Field(max_length=160)] = ""

    @property
    def holders(self) -> list[int | None]:
        return [self.holder_1, self.holder_2, self.holder_3][: self.layers]


class CheckInForm(BaseModel):
    """What is said of an entry at check-in."""

    model_config = ConfigDict(extra="ignore")

    entry: int
    outcome: Annotated[str, Field(min_length=1, max_length=10)]
    reason: Annotated[str, Field(max_length=200)] = ""
