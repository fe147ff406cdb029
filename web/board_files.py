"""A board as data and as files: JSON, CSV and XLSX with the same columns under stable Chinese heads."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec
import polars as pl
import xlsxwriter

from contests.boards import Board
from federation.judging import format_value
from web import wording
from web.language import gettext

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(board: Board) -> bytes:
    """Marks as decimal text, exactly; everything a public page shows and nothing more."""
    about = board.about
    modules = [column.id for column in board.columns]
    fields = ("number", "name", "delegation", "region", "place", "tied", "award", "tie_break", "status")
    rows = board.rows.select(
        *fields,
        _texts("total").alias("total"),
        *(_texts(f"m{at}").alias(f"m{at}") for at in range(len(modules))),
    )
    body: dict[str, Any] = {
        "id": board.event_category,
        "revision": board.revision,
        "state": board.state,
        "shows": board.shows,
        "contest": {
            "code": about["contest_code"],
            "name": about["contest_name"],
            "name_en": about["contest_name_en"],
        },
        "event": {
            "code": about["event_code"],
            "name": about["event_name"],
            "name_en": about["event_name_en"],
        },
        "category": about["category"],
        "entered": board.entered,
        "ranked": board.ranked,
        "changed_at": board.changed_at,
        "publication": dict(board.publication) if board.publication else None,
        "modules": [
            {
                "id": column.id,
                "title": column.title,
                "title_en": column.title_en,
                "maximum": format_value(column.maximum) or None,
                "weight": format_value(column.weight),
            }
            for column in board.columns
        ],
        "award_lines": [
            {
                "id": line.id,
                "title": line.title,
                "title_en": line.title_en,
                "first": line.first,
                "last": line.last,
            }
            for line in board.lines
        ],
        "rows": [
            {
                **dict(zip((*fields, "total"), row[: len(fields) + 1], strict=True)),
                "modules": dict(zip(modules, row[len(fields) + 1 :], strict=True)),
            }
            for row in rows.iter_rows()
        ],
    }
    return msgspec.json.encode(body)


def _texts(column: str) -> pl.Expr:
    """Scaled integers as plain decimals with two places, four where they are needed."""
    value = pl.col(column)
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, rest = value.abs() // 10_000, value.abs() % 10_000
    two = (rest // 100).cast(pl.String).str.zfill(2)
    four = rest.cast(pl.String).str.zfill(4)
    return pl.when(value.is_not_null()).then(
        sign + whole.cast(pl.String) + "." + pl.when(rest % 100 == 0).then(two).otherwise(four)
    )


def table_of(board: Board) -> tuple[list[str], list[list[Any]]]:
    """Heads and rows of the files; marks are decimals as text."""
    heads = [
        "名次",
        "参赛号",
        "姓名",
        "代表队",
        "地区",
        "单位",
        *(column.title for column in board.columns),
        "总分",
        "奖项",
        "同分依据",
        "说明",
    ]
    names = {facet.code: facet.name for facet in board.delegations}
    regions = {facet.code: facet.name for facet in board.regions}
    awards = {line.id: line.title for line in board.lines}
    steps = {step.code: step.title or step.code for step in board.criteria} | {"shared": "并列"}
    rows = [
        [
            row["place"],
            row["number"],
            row["name"],
            names.get(row["delegation"], row["delegation"]),
            regions.get(row["region"], ""),
            row["organisation"],
            *(format_value(row[f"m{at}"]) for at in range(len(board.columns))),
            format_value(row["total"], board.decimals) if row["total"] is not None else "",
            awards.get(row["award"], ""),
            steps.get(row["tie_break"], row["tie_break"]),
            gettext(wording.say(f"standing.{row['status']}")) if row["status"] else "",
        ]
        for row in board.rows.iter_rows(named=True)
    ]
    return heads, rows


def harmless(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula is led by an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_csv(board: Board) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    heads, rows = table_of(board)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([harmless("" if cell is None else cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(board: Board) -> bytes:
    """Numbers as numbers; text is never read as a formula or a link."""
    heads, rows = table_of(board)
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "constant_memory": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("榜单")
        bold = book.add_format({"bold": True, "bottom": 1})
        points = book.add_format({"num_format": "0.00##"})
        sheet.write_row(0, 0, heads, bold)
        first, last = 6, 6 + len(board.columns)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell in (None, ""):
                    continue
                if first <= column <= last:
                    sheet.write_number(at, column, float(cell), points)
                elif isinstance(cell, int):
                    sheet.write_number(at, column, cell)
                else:
                    sheet.write_string(at, column, harmless(cell))
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 5, 14)
    return out.getvalue()
