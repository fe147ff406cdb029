"""What is set of a recheck."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _hundredths(value: Any) -> Any:
    """ "12.5" per cent → 1250."""
    if not isinstance(value, str):
        return value
    try:
        number = Decimal(value.strip().rstrip("%％").strip()) * 100
    except InvalidOperation:
        number = Decimal("0.1")
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number <= 10_000:
        raise PydanticCustomError("recheck.not_a_percent", "not a per cent")
    return int(number)


Percent = Annotated[int, BeforeValidator(_hundredths), Field(ge=0, le=10_000)]
"""In 1/100 of a per cent, typed as a per cent."""


class RecheckRuleForm(BaseModel):
    """How much is rechecked. `seen`: id of the newest rule the sender saw, 0 for none."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    asked: bool = False
    before: Literal["publish_provisional", "publish_notice"] = "publish_provisional"
    top_kind: Literal["count", "share"] = "count"
    top_count: Annotated[int, Field(ge=0, le=100_000)] = 10
    top_share: Percent = 3_000
    rest_share: Percent = 1_500
    fault_limit: Percent = 500
    basis: Annotated[str, Field(max_length=160)] = ""
    whole_contest: bool = False
    seen: Annotated[int, Field(ge=0)] = 0
