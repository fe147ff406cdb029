"""Workers: identity numbers and phones checked, the same person found again across years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from federation import privacy
from federation.findings import Finding
from federation.tables import Worker

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
PHONE = re.compile(r"1[3-9]\d{9}")
FULL_WIDTH = str.maketrans("０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨ", "0123456789XxABCDEFGH")
STATUSES = ("employee", "student", "teacher", "individual")


def tidy_number(text: str) -> str:
    """Half-width, upper case, without spaces or hyphens."""
    return re.sub(r"[\s\-]", "", text.translate(FULL_WIDTH)).upper()


def check_identity_number(number: str, place: str = "identity_number") -> list[Finding]:
    """GB 11643: 18 characters, real birth date, check digit. The address code is never judged: it is the county
    of first registration and many are abolished. Facts never repeat the number."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return [Finding("identity.shape", place=place, facts={"length": len(number)})]
    if birth_date_of(number) is None:
        return [Finding("identity.birth_date", place=place, facts={"digits": number[6:14]})]
    expected = CHECK_DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, number, strict=False)) % 11]
    if number[17] != expected:
        return [Finding("identity.check_digit", place=place)]
    return []


def birth_date_of(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if date(1900, 1, 1) <= born <= date.today() else None


def sex_of(number: str) -> str:
    return "m" if int(number[16]) % 2 else "f"


def check_phone(number: str, place: str = "phone") -> list[Finding]:
    return (
        []
        if PHONE.fullmatch(number)
        else [Finding("phone.shape", place=place, facts={"length": len(number)})]
    )


def age_on(born: date, day: date) -> int:
    """Completed years of life."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Person:
    """What a registration says of a person; numbers are tidy and checked."""

    name: str
    identity_number: str
    phone: str
    status: str
    organisation: int | None = None
    skill_level: int | None = None
    certificate_number: str = ""


async def recognise(person: Person) -> int:
    """Inside an open change: the id of the worker with this identity number, entered now if new, else brought
    up to date. Matching is by keyed hash, so the same person is found again across years."""
    identity_hash = privacy.lookup_hash(person.identity_number)
    values: dict[Any, Any] = {
        Worker.name: person.name,
        Worker.phone_cipher: privacy.encrypt(person.phone, purpose="phone"),
        Worker.phone_hash: privacy.lookup_hash(person.phone),
        Worker.status: person.status,
        Worker.organisation: person.organisation,
        Worker.skill_level: person.skill_level,
        Worker.certificate_number: person.certificate_number,
    }
    known = await Worker.update(values).where(Worker.identity_hash == identity_hash).returning(Worker.id)
    if known:
        return int(known[0]["id"])
    row = await Worker.insert(
        Worker(
            **{column._meta.name: value for column, value in values.items()},
            sex=sex_of(person.identity_number),
            birth_date=birth_date_of(person.identity_number),
            identity_cipher=privacy.encrypt(person.identity_number, purpose="identity"),
            identity_hash=identity_hash,
        )
    )
    return int(row[0]["id"])
