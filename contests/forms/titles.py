"""What people send about titles: one rule of the rules by which they follow from places."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contests.awards.title_rules import TitleRule

Count = Annotated[int, Field(ge=1, le=9999)]
Age = Annotated[int, Field(ge=14, le=100)]
SkillLevel = Annotated[int, Field(ge=1, le=5)]


class TitleRuleForm(BaseModel):
    """One rule. `awards`: titles of award lines, apart by commas or spaces."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    title: Annotated[str, Field(min_length=1, max_length=80)]
    title_en: Annotated[str, Field(max_length=120)] = ""
    kind: Literal["honour", "level"] = "honour"
    honour: Annotated[str, Field(max_length=40)] = ""
    conferred_by: Annotated[str, Field(min_length=1, max_length=80)]
    basis: Annotated[str, Field(max_length=160)] = ""
    levels: list[Literal["province", "city", "county", "unit"]] = []
    classes: list[Literal["I", "II", "III"]] = []
    categories: list[Literal["employee", "student", "teacher"]] = []
    places: Count | None = None
    awards: Annotated[str, Field(max_length=120)] = ""
    ties: Literal["extend", "exclude"] = "extend"
    passes_down: bool = False
    not_held: list[Annotated[str, Field(max_length=40)]] = []
    age_min: Age | None = None
    age_max: Age | None = None
    sex: Literal["", "f", "m"] = ""
    level: SkillLevel | None = None
    step_up: bool = False
    level_at_least: SkillLevel | None = None
    once_a_year: bool = False

    def rule(self, identity: str) -> TitleRule:
        lists = ("levels", "classes", "categories", "not_held")
        values = {name: tuple(value) if name in lists else value for name, value in self.model_dump().items()}
        values["awards"] = tuple(part for part in re.split(r"[,，、;；\s]+", self.awards) if part)
        return TitleRule(id=identity, **values)
