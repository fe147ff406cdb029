"""What is sent about score sheets on paper: their rule, which to print, what was read off them, who signed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

Key = Annotated[str, Field(max_length=160)]
Text = Annotated[str, Field(max_length=80)]
Reason = Annotated[str, Field(max_length=400)]


class PaperRuleForm(BaseModel):
    """The rule of one event category; `version` is the one that was looked at, 0 where there was none."""

    model_config = ConfigDict(extra="ignore")

    double_entry: bool = True
    sign_off: bool = True
    signed_sheets: bool = True
    photo: bool = True
    rows: Annotated[int, Field(ge=1, le=40)] = 10
    odd_limit: Annotated[int, Field(ge=20, le=100)] = 50
    basis: Annotated[str, Field(max_length=160)] = ""
    version: Annotated[int, Field(ge=0)] = 0


class PrintForm(BaseModel):
    """Which sheets to print: a module, seats ("-" is the agreed marks without a seat) and pieces to a sheet."""

    model_config = ConfigDict(extra="ignore")

    plan: Annotated[str, Field(min_length=1, max_length=100)]
    seats: Annotated[list[Annotated[str, Field(max_length=20)]], Field(min_length=1, max_length=40)]
    rows: Annotated[int, Field(ge=1, le=40)] = 10

    @field_validator("seats")
    @classmethod
    def without_dash(cls, seats: list[str]) -> list[str]:
        return ["" if seat == "-" else seat for seat in dict.fromkeys(seats)]


class SheetEntryForm(BaseModel):
    """What one person read off a sheet: text by cell key. `empties`: those without a mark are empty on paper too."""

    model_config = ConfigDict(extra="ignore")

    cells: Annotated[dict[Key, Text], Field(max_length=2000)]
    empties: bool = False
    reason: Reason = ""
    sending: Annotated[str, Field(max_length=80)] = ""


class ChoiceForm(BaseModel):
    """For each cell that was read differently: first, second or other, with what the paper says there."""

    model_config = ConfigDict(extra="ignore")

    choices: Annotated[dict[Key, str], Field(max_length=2000)]
    others: Annotated[dict[Key, Text], Field(max_length=2000)] = {}
    sending: Annotated[str, Field(max_length=80)] = ""


def keyed(sent: Any, prefix: str) -> dict[str, str]:
    """The fields of a form below a prefix, by the rest of their names."""
    return {
        str(name)[len(prefix) :]: str(value).strip()
        for name, value in sent.items()
        if str(name).startswith(prefix) and isinstance(value, str)
    }
