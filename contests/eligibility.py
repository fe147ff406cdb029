"""Who may enter: one entry against the rule of its event. Pure: everything known comes in, findings go out.

Places of findings are the fields of `contests.forms.entry.EntryForm`; facts never hold an identity number or
a phone. Errors block; a warning is answered with a reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from contests.forms.entry import EntryForm
from federation.findings import Finding
from federation.workers import age_on, birth_date_of, check_identity_number, check_phone, tidy_number

PRESET = Path(__file__).parent / "presets" / "admission.json"
NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·. '\-’])*")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A shape of certificate numbers; `level_at` is where the level's digit stands (domestic practice)."""

    kind: str
    pattern: str
    level_at: int | None


@dataclass(frozen=True, slots=True)
class Admission:
    """The rule of admission that holds for all events: an editable document with its basis.

    `statuses`: category → statuses it takes. `barred_places`: (level, class) of a contest → the last place
    that may not enter again as a competitor.
    """

    basis: str
    statuses: Mapping[str, tuple[str, ...]]
    barred_places: Mapping[tuple[str, str], int]
    barred_honours: tuple[str, ...]
    certificates: tuple[Certificate, ...]


@lru_cache(maxsize=1)
def default_admission() -> Admission:
    return read_admission(PRESET.read_text(encoding="utf-8"))


def read_admission(text: str) -> Admission:
    document = json.loads(text)
    return Admission(
        basis=document["basis"],
        statuses={key: tuple(value) for key, value in document["statuses"].items()},
        barred_places={
            (one["level"], one["class_code"]): one["last_place"] for one in document["barred_places"]
        },
        barred_honours=tuple(document["barred_honours"]),
        certificates=tuple(Certificate(**one) for one in document["certificates"]),
    )


@dataclass(frozen=True, slots=True)
class EventRule:
    """What one event category asks of an entry. Ages count on `reference_date`; None is no limit."""

    event_category: int
    category: str
    state: str
    reference_date: date
    age_min: int | None = None
    age_max: int | None = None
    skill_level_min: int | None = None


@dataclass(frozen=True, slots=True)
class Prize:
    """A published place of an earlier contest."""

    contest: str
    level: str
    class_code: str
    place: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of the person: the name held under this identity number, entries of this event
    category that stand, prizes and honours."""

    name: str = ""
    entered_here: bool = False
    prizes: Sequence[Prize] = ()
    honours: Sequence[str] = field(default=())


def check_entry(
    form: EntryForm, rule: EventRule, known: Known, admission: Admission | None = None
) -> list[Finding]:
    """Everything that speaks against this entry, in the order of the form's fields."""
    admission = admission or default_admission()
    identity = check_identity_number(form.identity_number)
    return [
        *check_name(form.name),
        *identity,
        *check_phone(form.phone),
        *([] if identity else _check_age(form, rule)),
        *([] if identity else _check_known(form, known, admission)),
        *_check_status(form, rule, admission),
        *_check_level(form, rule),
        *_check_certificate(form, admission),
    ]


def check_name(name: str, place: str = "name") -> list[Finding]:
    """1 to 50 letters of any script, with the dot of minority names."""
    if len(name) > 50:
        return [Finding("form.too_long", place=place, facts={"limit": 50, "length": len(name)})]
    if not NAME.fullmatch(name):
        return [Finding("entry.name_shape", place=place, facts={"value": name})]
    return []


def check_typed(values: Mapping[str, Any]) -> list[Finding]:
    """The fields of an entry that is not whole yet, so that everything wrong shows at once."""
    checks = (
        ("name", check_name),
        ("identity_number", lambda text: check_identity_number(tidy_number(text))),
        ("phone", lambda text: check_phone(tidy_number(text))),
    )
    return [found for field, judge in checks if values.get(field) for found in judge(str(values[field]))]


def _check_age(form: EntryForm, rule: EventRule) -> list[Finding]:
    born = birth_date_of(form.identity_number)
    assert born is not None
    age = age_on(born, rule.reference_date)
    facts = {"age": age, "day": rule.reference_date, "youngest": rule.age_min, "oldest": rule.age_max}
    if rule.age_min is not None and age < rule.age_min:
        return [Finding("entry.too_young", place="identity_number", facts=facts)]
    if rule.age_max is not None and age > rule.age_max:
        return [Finding("entry.too_old", place="identity_number", facts=facts)]
    return []


def _check_known(form: EntryForm, known: Known, admission: Admission) -> list[Finding]:
    findings = []
    if known.entered_here:
        findings.append(Finding("entry.already_entered", place="identity_number"))
    if known.name and known.name != form.name:
        findings.append(Finding("entry.other_name", "warning", place="name"))
    for prize in known.prizes:
        last = admission.barred_places.get((prize.level, prize.class_code), 0)
        if prize.place <= last:
            facts = {
                "contest": prize.contest,
                "place": prize.place,
                "class_code": prize.class_code,
                "last": last,
                "basis": admission.basis,
            }
            findings.append(Finding("entry.barred_by_place", place="identity_number", facts=facts))
            break
    if set(known.honours) & set(admission.barred_honours):
        findings.append(Finding("entry.barred_by_honour", place="identity_number"))
    return findings


def _check_status(form: EntryForm, rule: EventRule, admission: Admission) -> list[Finding]:
    admitted = admission.statuses.get(rule.category, ())
    if form.status in admitted:
        return []
    facts = {"status": form.status, "category": rule.category}
    return [Finding("entry.status_elsewhere", place="status", facts=facts)]


def _check_level(form: EntryForm, rule: EventRule) -> list[Finding]:
    """A lower number is a higher level: level 1 satisfies a minimum of 3, level 4 does not."""
    if rule.skill_level_min is None:
        return []
    if form.skill_level is None:
        return [Finding("entry.level_missing", place="skill_level", facts={"level": rule.skill_level_min})]
    if form.skill_level > rule.skill_level_min:
        facts = {"level": rule.skill_level_min, "own_level": form.skill_level}
        return [Finding("entry.level_too_low", place="skill_level", facts=facts)]
    return []


def _check_certificate(form: EntryForm, admission: Admission) -> list[Finding]:
    number = form.certificate_number
    if not number:
        return []
    if len(number) > 22:
        facts = {"limit": 22, "length": len(number)}
        return [Finding("form.too_long", place="certificate_number", facts=facts)]
    for shape in admission.certificates:
        if re.fullmatch(shape.pattern, number):
            digit = number[shape.level_at] if shape.level_at is not None else None
            if digit is None or form.skill_level is None or digit == str(form.skill_level):
                return []
            facts = {"level": int(digit), "own_level": form.skill_level}
            return [Finding("entry.certificate_level", "warning", place="certificate_number", facts=facts)]
    return [
        Finding(
            "entry.certificate_shape", "warning", place="certificate_number", facts={"length": len(number)}
        )
    ]


def check_twice(forms: Mapping[int, EntryForm]) -> dict[int, list[Finding]]:
    """The same person twice for one event category in one file: row number → finding on each later row."""
    first: dict[tuple[str, int], int] = {}
    findings: dict[int, list[Finding]] = {}
    for row, form in forms.items():
        person = (form.identity_number, form.event_category)
        before = first.setdefault(person, row)
        if before != row:
            findings[row] = [Finding("entry.twice_in_file", place="identity_number", facts={"other": before})]
    return findings


def check_places(
    forms: Mapping[int, EntryForm],
    places: Mapping[tuple[int, str], int | None],
    taken: Mapping[tuple[int, str], int],
) -> dict[int, list[Finding]]:
    """Entries beyond a delegation's places in an event category, in the order they come.

    `places` and `taken` by (event category, code of the delegation); None is no limit.
    """
    used = dict(taken)
    findings: dict[int, list[Finding]] = {}
    for row, form in forms.items():
        key = (form.event_category, form.delegation)
        used[key] = used.get(key, 0) + 1
        limit = places.get(key)
        if limit is not None and used[key] > limit:
            facts: dict[str, Any] = {"places": limit, "taken": taken.get(key, 0)}
            findings[row] = [Finding("entry.no_place_left", place="delegation", facts=facts)]
            used[key] -= 1
    return findings
