"""Organisations: the enterprises, schools and institutions people and studios belong to."""

from __future__ import annotations

import re

from federation.findings import Finding
from federation.tables import Organisation

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_credit_code(code: str, place: str = "credit_code") -> list[Finding]:
    """GB 32100: 18 characters, check digit mod 31."""
    if not re.fullmatch(rf"[{CREDIT_ALPHABET}]{{18}}", code):
        return [Finding("credit_code.shape", place=place, facts={"length": len(code)})]
    if code[17] != credit_check_digit(code):
        return [Finding("credit_code.check_digit", place=place)]
    return []


def credit_check_digit(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(w * CREDIT_ALPHABET.index(c) for w, c in zip(CREDIT_WEIGHTS, code, strict=False))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


async def find_or_enter(name: str, union_unit: int) -> int:
    """Inside an open change: the organisation of this name under this union unit, entered now if new."""
    name = name.strip()
    row = (
        await Organisation.select(Organisation.id)
        .where((Organisation.name == name) & (Organisation.union_unit == union_unit))
        .first()
    )
    if row is not None:
        return int(row["id"])
    entered = await Organisation.insert(Organisation(name=name, union_unit=union_unit))
    return int(entered[0]["id"])
