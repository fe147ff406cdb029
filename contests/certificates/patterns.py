"""Texts with fields in braces, such as 赣工竞〔{year}〕{award}-{serial:6}: numbers and wording. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from federation.findings import Finding
from federation.refusals import Invalid

SERIAL = "serial"
NUMBER_FIELDS = ("year", "class", "contest", "event", "category", "award", SERIAL)
WORDING_FIELDS = ("name", "organisation", "contest", "event", "category", "award", "place")
WIDEST_SERIAL = 9
LONGEST_NUMBER = 60
_PIECE = re.compile(r"\{([^{}]*)\}|([{}])|([^{}]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """Either a text as it is, or a field with the width its number is filled up to (0: as it is)."""

    text: str = ""
    field: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    parts: tuple[Part, ...]

    def filled(self, facts: Mapping[str, Any]) -> str:
        """The text with its fields filled in; numbers with a width get zeros in front."""
        return "".join(_shown(part, facts) for part in self.parts)

    def stem(self, facts: Mapping[str, Any]) -> str:
        """The number without its serial: numbers with the same stem share one counter."""
        return self.filled({**facts, SERIAL: "#"})

    def serial_of(self, number: str, facts: Mapping[str, Any]) -> int | None:
        """The serial of a number of this pattern, or None when it is not one."""
        before, _, after = self.stem(facts).partition("#")
        digits = number[len(before) : len(number) - len(after) or None]
        right = number.startswith(before) and number.endswith(after) and digits.isdecimal()
        return int(digits) if right and self.filled({**facts, SERIAL: int(digits)}) == number else None


def _shown(part: Part, facts: Mapping[str, Any]) -> str:
    if not part.field:
        return part.text
    value = facts[part.field]
    return f"{value:0{part.width}d}" if part.width and isinstance(value, int) else str(value)


def read_pattern(text: str, known: Iterable[str], place: str) -> Pattern:
    """Raises Invalid, every finding at `place`: a brace alone, a field that does not exist, a width that is none."""
    known = tuple(known)
    parts: list[Part] = []
    findings: list[Finding] = []
    for field, brace, plain in _PIECE.findall(text):
        if plain:
            parts.append(Part(text=plain))
            continue
        name, colon, width = field.partition(":")
        if brace or not field:
            findings.append(Finding("pattern.brace_alone", place=place))
        elif name not in known:
            facts = {"value": name, "allowed": [f"{{{one}}}" for one in known]}
            findings.append(Finding("pattern.unknown_field", place=place, facts=facts))
        elif colon and not (name == SERIAL and width in tuple("123456789")):
            findings.append(Finding("pattern.width", place=place, facts={"value": width}))
        else:
            parts.append(Part(field=name, width=int(width) if colon else 0))
    if findings:
        raise Invalid(findings)
    return Pattern(tuple(parts))


def read_number_pattern(text: str, place: str = "number_pattern") -> Pattern:
    """A pattern of numbers: exactly one serial, with no digit and no other field beside it, so that no two serials
    give one number. Raises Invalid."""
    pattern = read_pattern(text.strip(), NUMBER_FIELDS, place)
    at = [index for index, part in enumerate(pattern.parts) if part.field == SERIAL]
    if len(at) != 1:
        raise Invalid([Finding("pattern.serial_once", place=place, facts={"count": len(at)})])
    before = pattern.parts[at[0] - 1] if at[0] else None
    after = pattern.parts[at[0] + 1] if at[0] + 1 < len(pattern.parts) else None
    touched = (before is not None and (before.field or before.text[-1].isdigit())) or (
        after is not None and (after.field or after.text[0].isdigit())
    )
    if touched:
        raise Invalid([Finding("pattern.serial_touched", place=place)])
    plain = "".join(part.text for part in pattern.parts)
    if "#" in plain or any(not one.isprintable() for one in plain):
        raise Invalid([Finding("pattern.unprintable", place=place)])
    if len(text) > LONGEST_NUMBER:
        raise Invalid([Finding("form.too_long", place=place, facts={"limit": LONGEST_NUMBER})])
    return pattern
