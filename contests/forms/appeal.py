"""What is set of appeals, what an appeal is made of, and what the panel says."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

GROUNDS = ("counting", "equipment", "procedure", "conduct", "sanction")
"""What may usually be appealed against; the rule of an event category chooses among them and adds its own."""
MOMENTS = ("publish_provisional", "freeze", "ended", "publish_notice")
"""Recorded moments a window may count from."""


def _lines(value: Any) -> Any:
    """Own grounds, one a line."""
    if isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    return value


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")


class AppealRuleForm(_Form):
    """The rule. `seen`: id of the newest one the sender saw, 0 for none."""

    minutes: Annotated[int, Field(ge=1, le=20_160)] = 120
    moment: Literal["publish_provisional", "freeze", "ended", "publish_notice"] = "publish_provisional"
    grounds: list[Literal["counting", "equipment", "procedure", "conduct", "sanction"]] = list(GROUNDS)
    own_grounds: str = ""
    voices: Annotated[int, Field(ge=1, le=15)] = 1
    basis: Annotated[str, Field(max_length=160)] = ""
    whole_contest: bool = False
    seen: Annotated[int, Field(ge=0)] = 0

    @field_validator("grounds", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @property
    def all_grounds(self) -> list[str]:
        """Codes of the usual grounds and grounds in own words."""
        return [*self.grounds, *_lines(self.own_grounds)]


class AppealForm(_Form):
    """An appeal for one entry. `proof`: where it can be found, in words."""

    entry: int
    ground: Annotated[str, Field(max_length=80)]
    text: Annotated[str, Field(min_length=10, max_length=4000)]
    proof: Annotated[str, Field(max_length=1000)] = ""


class DecisionForm(_Form):
    """What the panel finds. `remedy` of an upheld appeal: `none`, or `trial` for a re-score that is tried first."""

    decision: Literal["upheld", "dismissed"]
    remedy: Literal["none", "trial"] | None = None
    answer: Annotated[str, Field(min_length=10, max_length=4000)]


def _moment(value: Any) -> Any:
    return value.strip().replace(" ", "T") if isinstance(value, str) else value


class EndedForm(_Form):
    """When the competition ended, by the clock of the hall (China's time)."""

    moment: Annotated[datetime, BeforeValidator(_moment)]
