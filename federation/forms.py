"""What people send about themselves: signing in, opening an account, a new password."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError


def _same(value: str, info: ValidationInfo, other: str) -> str:
    if info.data.get(other, value) != value:
        raise PydanticCustomError("password.differs", "the two passwords differ")
    return value


class SignIn(BaseModel):
    login: Annotated[str, Field(max_length=60)]
    password: Annotated[str, Field(max_length=200)]


class NewAccount(BaseModel):
    """A person opens an account of their own, to register themselves."""

    display_name: Annotated[str, Field(max_length=50)]
    login: Annotated[str, Field(min_length=4, max_length=60)]
    password: Annotated[str, Field(max_length=200)]
    repeated: Annotated[str, Field(max_length=200)]

    @field_validator("repeated")
    @classmethod
    def repeats(cls, value: str, info: ValidationInfo) -> str:
        return _same(value, info, "password")


class NewPassword(BaseModel):
    old_password: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=200)]
    repeated: Annotated[str, Field(max_length=200)]

    @field_validator("repeated")
    @classmethod
    def repeats(cls, value: str, info: ValidationInfo) -> str:
        return _same(value, info, "password")
