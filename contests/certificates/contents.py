"""What is printed on a certificate, frozen as canonical JSON under its hash. Pure but for the code's randomness."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contests.certificates.patterns import WORDING_FIELDS, read_pattern
from federation.audit import canonical

LAYOUT = 1
"""Number of the printed layout; a certificate is printed again in the one it was made in."""
CATEGORY_NAMES = {"employee": "职工组", "student": "学生组", "teacher": "教师组"}


def content_of(
    *,
    about: Mapping[str, Any],
    row: Mapping[str, Any],
    settings: Mapping[str, Any],
    publication: Mapping[str, Any],
    number: str,
    code: str,
) -> str:
    """`row`: of the award list, its name and organisation as they are to be printed."""
    return canonical(
        {
            "layout": LAYOUT,
            "name": row["name"],
            "organisation": row["organisation"],
            "contest": about["contest_name"],
            "event": about["event_name"],
            "category": CATEGORY_NAMES.get(about["category"], about["category"]),
            "award": row["award_title"],
            "place": row["place"],
            "tied": row["tied"],
            "category_code": about["category"],
            "wording": settings["wording"].replace("\r\n", "\n"),
            "title": settings["title"],
            "issuer": settings["issuer"],
            "issued_on": settings["issued_on"].isoformat(),
            "document_number": settings["document_number"],
            "check": f"{settings['check_address'].rstrip('/')}/{code}",
            "number": number,
            "code": code,
            "publication": publication["number"],
            "publication_hash": publication["hash"],
        }
    )


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def is_sound(certificate: Mapping[str, Any]) -> bool:
    """Whether the content is still what was frozen."""
    return hash_of(certificate["content"]) == certificate["hash"]


def read(certificate: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(certificate["content"])


@dataclass(frozen=True, slots=True)
class Words:
    """The wording filled in: what stands before and behind the name in the first line, before and behind the award."""

    greeting: str
    greeting_end: str
    before: str
    after: str


def words_of(content: Mapping[str, Any]) -> Words:
    """The first line greets; in the others the award stands alone and large."""
    first, _, rest = content["wording"].partition("\n")
    greeting, _, greeting_end = first.partition("{name}")
    before, _, after = rest.partition("{award}")
    return Words(*(_filled(part, content) for part in (greeting, greeting_end, before, after)))


def _filled(text: str, content: Mapping[str, Any]) -> str:
    return read_pattern(text, WORDING_FIELDS, "wording").filled(content).strip()
