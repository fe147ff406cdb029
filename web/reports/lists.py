"""Any list as a file to take away: CSV that spreadsheets open in Chinese, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import xlsxwriter
from litestar import Response

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_FORMULA) else cell


def as_file(kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response[bytes]:
    """The list as a download. `kind` is a key of KINDS, `name` the file's name without its ending."""
    content = _csv(heads, rows) if kind == "csv" else _xlsx(name, heads, rows)
    return Response(
        content,
        media_type=KINDS[kind],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}.{kind}"},
    )


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([harmless("" if cell is None else cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.write_row(0, 0, heads, book.add_format({"bold": True, "bottom": 1}))
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, 1):
            sheet.write_row(line, 0, row)
        sheet.autofit()
    return file.getvalue()
