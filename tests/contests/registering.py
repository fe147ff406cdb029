"""Candidates for the scenes of registration: invented people with sound identity numbers."""

from __future__ import annotations

from typing import Any

from contests.forms.entry import EntryForm
from federation.workers import CHECK_DIGITS, WEIGHTS
from tests.cast import NANCHANG

NAMES = ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志刚", "黎小红", "辛海涛", "余秋菊", "漆伟", "帅敏")


def identity_number(order: int, born: str = "19900615") -> str:
    """A sound number of the county 360102; different orders are different people."""
    body = f"360102{born}{order:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + CHECK_DIGITS[total % 11]


def candidate(event_category: int, order: int = 1, **changes: Any) -> EntryForm:
    """A sound candidate of Nanchang."""
    values = {
        "event_category": event_category,
        "name": NAMES[order % 10],
        "identity_number": identity_number(order),
        "phone": f"138{order:08d}",
        "status": "employee",
        "organisation": "洪都机械厂",
        "delegation": NANCHANG,
        "skill_level": 3,
    }
    return EntryForm(**{**values, **changes})
