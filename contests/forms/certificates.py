"""What people send about certificates, titles and the archive list."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Form(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")


class SettingsForm(_Form):
    """How certificates look and are numbered. `edition` is the one that was seen, 0 for none."""

    number_pattern: Annotated[str, Field(min_length=1, max_length=80)]
    title: Annotated[str, Field(min_length=1, max_length=20)]
    wording: Annotated[str, Field(min_length=1, max_length=300)]
    issuer: Annotated[str, Field(min_length=1, max_length=120)]
    issued_on: date
    document_number: Annotated[str, Field(max_length=80)] = ""
    check_address: Annotated[str, Field(min_length=1, max_length=160)]
    basis: Annotated[str, Field(min_length=1, max_length=160)]
    edition: Annotated[int, Field(ge=0)] = 0


class ArchiveForm(_Form):
    """What was brought for one item of the archive list. `version` is the one that was seen, 0 for none."""

    document_number: Annotated[str, Field(max_length=160)] = ""
    location: Annotated[str, Field(max_length=500)] = ""
    not_needed: bool = False
    reason: Annotated[str, Field(max_length=300)] = ""
    version: Annotated[int, Field(ge=0)] = 0
