"""What is set of a notice, and what an objection and its answer are made of."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_HOUR = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")


def _minutes(value: Any) -> Any:
    """ "9:00" → 540."""
    if not isinstance(value, str):
        return value
    found = _HOUR.fullmatch(value.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else 1441
    if minutes > 1440:
        raise PydanticCustomError("notice.not_an_hour", "not an hour")
    return minutes


Hour = Annotated[int, BeforeValidator(_minutes), Field(ge=0, le=1440)]


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")


class NoticeForm(_Form):
    """The terms of a notice. `seen`: id of the newest setting the sender saw, 0 for none."""

    days: Annotated[int, Field(ge=1, le=60)]
    opens: Hour
    closes: Hour
    first_day: Literal["same", "next"]
    per_day: Annotated[int, Field(ge=1, le=1000)]
    basis: Annotated[str, Field(max_length=160)] = ""
    whole_contest: bool = False
    seen: Annotated[int, Field(ge=0)] = 0


class ObjectionForm(_Form):
    """`about`: the number objected to, empty for the result as a whole."""

    name: Annotated[str, Field(min_length=2, max_length=50)]
    contact: Annotated[str, Field(min_length=5, max_length=100)]
    about: Annotated[str, Field(max_length=20)] = ""
    text: Annotated[str, Field(min_length=10, max_length=4000)]


class AnswerForm(_Form):
    """`remedy` of an upheld objection: `trial` re-scores first, `withdraw` takes the publication back."""

    decision: Literal["upheld", "dismissed"]
    remedy: Literal["trial", "withdraw"] | None = None
    answer: Annotated[str, Field(min_length=10, max_length=4000)]
