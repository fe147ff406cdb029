"""A marking scheme as a file to take away: JSON, or a workbook in the reader's language; and the template."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response

from contests import schemes
from contests.imports.scheme_book import MARKING, sheets
from federation.judging.schemes import Scheme
from federation.spreadsheets import write_xlsx
from web.reports.lists import KINDS
from web.scheme_vocabulary import vocabulary
from web.wording import say

EXAMPLE = "judgement"


def name_of(row: dict[str, Any]) -> str:
    return f"scheme-{row['contest_code']}-{row['event_code']}-{row['category']}"


def as_file(name: str, scheme: Scheme, kind: str) -> Response[Any]:
    """kind: json or xlsx."""
    if kind == "json":
        return _download(f"{name}.json", schemes.document_text(scheme), "application/json")
    return _download(f"{name}.xlsx", write_xlsx(sheets(scheme, vocabulary())), KINDS["xlsx"])


def template() -> Response[Any]:
    """A preset as a workbook to be written over, with a sheet that explains the columns."""
    book = [*sheets(schemes.presets()[EXAMPLE], vocabulary()), notes()]
    return _download(f"{say('scheme_book.template')}.xlsx", write_xlsx(book), KINDS["xlsx"])


def notes() -> tuple[str, list[list[str]]]:
    """What every column of the marking form holds, and what the other sheets are for."""
    columns = [[say(f"scheme_book.column.{name}"), say(f"scheme_book.note.{name}")] for name in MARKING]
    rest = [["", say(f"scheme_book.note.{name}")] for name in ("rows", "sheets", "order", "text")]
    heads = [say("scheme_book.column.heading"), say("scheme_book.column.meaning")]
    return say("scheme_book.sheet.notes"), [heads, *columns, *rest]


def _download(name: str, content: str | bytes, kind: str) -> Response[Any]:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=kind, headers=headers)
