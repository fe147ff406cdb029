"""What a diagnostics page is asked: the least samples, and where the judges of an event category come from."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from federation.judging.diagnostics import Samples


class SamplesForm(BaseModel):
    """`own`: least entries of the own unit. `items`: least entries of a module. `alarm`: unbiased judges of 1,000 that
    may be marked by chance."""

    own: Annotated[int, Field(ge=2, le=100)] = 3
    items: Annotated[int, Field(ge=3, le=1000)] = 10
    alarm: Annotated[int, Field(ge=1, le=100)] = 10

    @property
    def samples(self) -> Samples:
        return Samples(own=self.own, items=self.items, alarm=self.alarm / 1000)
