"""Certificates on paper: PDF by typst out of the frozen content alone, so that a reprint is the same file."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import segno
import typst

from contests.certificates.codes import shown_code
from contests.certificates.contents import hash_of, words_of
from federation.audit import canonical
from federation.refusals import Refusal
from web.reports.rules import FONTS, missing

LAYOUTS = {1: Path(__file__).parent / "paper" / "certificate.typ"}
DIGITS = "〇一二三四五六七八九"
QR_MASK = 3
"""Any of the eight masks is a valid code; trying all of them takes most of the time of a certificate."""

_local = threading.local()


def certificate_pdf(content: Mapping[str, Any]) -> bytes:
    """One certificate. A few milliseconds, off the event loop. Raises Refusal("certificate.unprintable")."""
    return certificates_pdf([content])


def certificates_pdf(contents: Sequence[Mapping[str, Any]]) -> bytes:
    """All of them in one file, a page each, all in one layout. Raises Refusal for what cannot be printed."""
    pages = [_page(content) for content in contents]
    last = date.fromisoformat(contents[-1]["issued_on"])
    made = _compiler(contents[0]["layout"]).compile(
        sys_inputs={"data": json.dumps(pages, ensure_ascii=False)},
        timestamp=datetime(last.year, last.month, last.day, tzinfo=UTC),
    )
    assert isinstance(made, bytes)
    return made


def _compiler(layout: int) -> typst.Compiler:
    """One per thread and layout: reading the font takes longer than a certificate."""
    held: dict[int, typst.Compiler] = _local.__dict__.setdefault("compilers", {})
    if layout not in held:
        held[layout] = typst.Compiler(str(LAYOUTS[layout]), font_paths=[str(FONTS)], ignore_system_fonts=True)
    return held[layout]


def _page(content: Mapping[str, Any]) -> dict[str, Any]:
    words = words_of(content)
    page = {
        "title": content["title"],
        "name": content["name"],
        "greeting": words.greeting,
        "greeting_end": words.greeting_end,
        "before": words.before,
        "award": content["award"],
        "after": words.after,
        "issuer": content["issuer"],
        "day": chinese_day(date.fromisoformat(content["issued_on"])),
        "number": content["number"],
        "document": content["document_number"],
        "code": shown_code(content["code"]),
        "check": content["check"].rpartition("/")[0],
        "hash": hash_of(canonical(content))[:16],
    }
    if lacking := missing("".join(page.values())):
        raise Refusal("certificate.unprintable", characters=lacking)
    return {**page, "qr": qr(content["check"])}


def qr(text: str) -> str:
    """The code as SVG."""
    made = segno.make(text, error="m", boost_error=False, mask=QR_MASK, micro=False)
    return str(made.svg_inline(border=0, omitsize=True))


def chinese_day(day: date) -> str:
    """As it stands below official papers.

    >>> chinese_day(date(2026, 12, 20))
    '二〇二六年十二月二十日'
    """
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_counted(day.month)}月{_counted(day.day)}日"


def _counted(number: int) -> str:
    """1 to 31 in Chinese."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return lead + (DIGITS[ones] if ones else "")
