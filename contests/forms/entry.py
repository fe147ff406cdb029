"""An entry as it is sent: by a person, an officer, a row of a file, the API or a command."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from federation.workers import tidy_number

Status = Literal["employee", "student", "teacher", "individual"]


class EntryForm(BaseModel):
    """One person for one event category. `delegation` is the code of a union unit, skill levels run from 5 to 1.

    The numbers are tidied here but judged in `contests.eligibility`, so that no finding ever repeats them.
    `answer` is the filer's word on findings that ask for one.
    """

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    event_category: int
    name: str
    identity_number: str
    phone: str
    status: Status
    organisation: Annotated[str, Field(max_length=120)]
    delegation: str
    skill_level: Annotated[int, Field(ge=1, le=5)] | None = None
    certificate_number: str = ""
    answer: Annotated[str, Field(max_length=500)] = ""

    @field_validator("identity_number", "phone", "certificate_number")
    @classmethod
    def tidy(cls, value: str) -> str:
        return tidy_number(value)
