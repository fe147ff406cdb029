"""Score sheets on paper: to fill in by hand, and filled to be signed. PDF by typst, a code and a QR on each."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import segno
import typst

from contests.paper import shown_code
from federation.judging import format_value
from web.formats import named
from web.language import _, language
from web.reports.rules import FONTS, UnprintableError, missing
from web.wording import say

TEMPLATE = Path(__file__).parent / "paper" / "sheet.typ"
WIDE_FROM = 7
"""Columns from which a sheet of several pieces is printed across."""


def qr_svg(address: str) -> str:
    """The QR code of an address; medium correction, so that a crease does no harm."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()


def sheets_pdf(sheets: Iterable[Mapping[str, Any]], site: str) -> bytes:
    """All these sheets as one file. Each is blank (`contests.paper.blank_of`) or a print's `content` with `hash`.
    `site` is where the codes lead, without a slash at its end.

    Takes tens of milliseconds for each sheet, so off the event loop. Raises UnprintableError.
    """
    data = {"language": language(), "words": _words(), "sheets": [_sheet(one, site) for one in sheets]}
    text = json.dumps(data, ensure_ascii=False)
    if lacking := missing(text):
        raise UnprintableError(lacking)
    pdf: bytes = typst.compile(
        str(TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs={"data": text}
    )
    return pdf


def _words() -> dict[str, Any]:
    return {
        "title": _("评分表"),
        "scan": _("扫码或输入编码录入"),
        "piece": _("作品号"),
        "aspect": _("编号"),
        "what": _("评分点"),
        "limits": _("范围"),
        "mark": _("得分"),
        "date": _("日期"),
        "hash": _("内容校验"),
        "signs": [_("裁判签字"), _("复核签字"), _("裁判长签字")],
    }


def _sheet(one: Mapping[str, Any], site: str) -> dict[str, Any]:
    filled = "rows" in one
    address = f"{site}/work/score-sheets/{one['code']}"
    columns = [_column(column) for column in one["columns"]]
    numbers: Sequence[Any] = one["rows"] if filled else [[n, "", [""] * len(columns)] for n in one["numbers"]]
    several = len(numbers) > 1
    return {
        "code": shown_code(one["code"]),
        "qr": qr_svg(f"{address}?print={one['hash'][:12]}" if filled else address),
        "heading": " · ".join(
            (named(one, "contest_name"), named(one, "event_name"), say("category." + one["category"]))
        ),
        "title": named(one, "title") or _("整场扣分"),
        "seat": _("裁判 %(judge)s", judge=one["judge"]) if one["judge"] else _("合议分"),
        "numbered": _("第 %(number)s 张", number=one["number"]),
        "state": _("成绩表 · 第 %(version)s 版", version=one["version"]) if filled else _("空白表"),
        "note": "",
        "filled": filled,
        "wide": several and len(columns) >= WIDE_FROM,
        "columns": columns,
        "rows": [
            {"number": number, "cells": [_cell(text, standing) for text in cells]}
            for number, standing, cells in numbers
        ],
        "how": _filled_how() if filled else _blank_how(),
        "hash": _grouped(one["hash"]),
        "foot": _("编码 %(code)s", code=shown_code(one["code"])),
    }


def _blank_how() -> str:
    return _("每格写一个分数，缺考写“缺考”；写错就划去，在旁边重写并签名，不要涂改。")


def _filled_how() -> str:
    return _("请对照原始评分表核对后签字；签字以后再改分，这一张即作废，须重新打印和签字。")


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    title = named(column, "title")
    if column["attempt"]:
        title = _("%(title)s 第 %(attempt)s 轮", title=title, attempt=column["attempt"])
    return {
        "id": column["aspect"],
        "title": "" if title == column["aspect"] else title,
        "limits": _limits(column),
        "anchors": [
            {"value": format_value(value), "text": english if language() == "en" and english else text}
            for value, text, english in column["anchors"]
        ],
    }


def _limits(column: Mapping[str, Any]) -> str:
    step = format_value(column["step"])
    lowest = "" if column["minimum"] is None else format_value(column["minimum"])
    if column["maximum"] is None:
        return _("步长 %(step)s", step=step)
    return _(
        "%(lowest)s–%(highest)s，步长 %(step)s",
        lowest=lowest,
        highest=format_value(column["maximum"]),
        step=step,
    )


def _cell(text: str, standing: str) -> str:
    if text.isascii() and text.isalpha():
        return say(f"blank.{text}")
    return text or (say(f"standing.{standing}") if standing else "")


def _grouped(hashed: str) -> str:
    return " ".join(hashed[at : at + 8] for at in range(0, len(hashed), 8))
