"""Spreadsheets that people fill in: CSV in any usual encoding, XLSX read cell by cell with limits.

Cells keep their place, so that a message can name the row people see. XLSX is read as a stream of XML: nothing
is laid out as a grid, so a file with one far cell costs nothing. Pure; long files belong in a thread.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import xlsxwriter

from federation.refusals import Refusal

MAX_BYTES = 8_000_000
MAX_UNPACKED = 120_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_MEMBERS = 400
MAX_CELL = 2_000
MAX_ELEMENTS = 1_500_000
MAX_ROWS_PASSED = 50_000
"""Rows read in all, blank ones too."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty; `number` counts from 1 as people see it in the file."""

    number: int
    cells: tuple[str, ...]


Sheet = list[Row]


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of an XLSX file, or the one of a CSV file, told apart by their first bytes.

    Raises Refusal: file.empty, file.too_large, file.old_excel, file.damaged, file.not_text, file.encoding,
    file.too_many_rows, file.too_many_columns.
    """
    return [sheet for _, sheet in read_book(content)]


def read_book(content: bytes) -> list[tuple[str, Sheet]]:
    """As `read_sheets`, each sheet with its name; a CSV file has none ("")."""
    if not content.strip():
        raise Refusal("file.empty")
    if len(content) > MAX_BYTES:
        raise Refusal("file.too_large", limit=MAX_BYTES // 1_000_000)
    if content.startswith(OLE):
        raise Refusal("file.old_excel")
    if content.startswith(ZIP):
        return _read_xlsx(content)
    return [("", _read_csv(decoded(content)))]


def decoded(content: bytes) -> str:
    """Byte order mark, then strict UTF-8, then strict GB 18030. Raises Refusal."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            encodings: tuple[str, ...] = (encoding,)
            break
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" in text:
            raise Refusal("file.not_text")
        return text
    raise Refusal("file.encoding")


def _read_csv(text: str) -> Sheet:
    head = text[:4096]
    delimiter = max(",\t;", key=head.count)
    rows: Sheet = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            _keep(rows, number, [_unguarded(cell) for cell in cells])
    except csv.Error:
        raise Refusal("file.damaged") from None
    return rows


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a text from being taken for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell


def _keep(rows: Sheet, number: int, cells: Sequence[str]) -> None:
    tidy = [cell.strip() for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    if not tidy:
        return
    if len(tidy) > MAX_COLUMNS:
        raise Refusal("file.too_many_columns", limit=MAX_COLUMNS)
    if len(rows) >= MAX_ROWS + 50:
        raise Refusal("file.too_many_rows", limit=MAX_ROWS)
    if long := next((cell for cell in tidy if len(cell) > MAX_CELL), None):
        raise Refusal("file.cell_too_long", row=number, limit=MAX_CELL, length=len(long))
    rows.append(Row(number, tuple(tidy)))


class _Limited(io.RawIOBase):
    """A member of a zip file that refuses to give more than was allowed for the whole file."""

    def __init__(self, source: io.BufferedIOBase | zipfile.ZipExtFile, allowance: list[int]) -> None:
        self.source = source
        self.allowance = allowance

    def read(self, size: int = -1) -> bytes:
        block = self.source.read(size if size >= 0 else 1 << 20)
        self.allowance[0] -= len(block)
        if self.allowance[0] < 0:
            raise Refusal("file.too_large", limit=MAX_UNPACKED // 1_000_000)
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise Refusal("file.damaged")
        return block


def _read_xlsx(content: bytes) -> list[tuple[str, Sheet]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            members = book.infolist()
            if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
                raise Refusal("file.too_large", limit=MAX_UNPACKED // 1_000_000)
            allowance = [MAX_UNPACKED]
            texts = list(_shared_texts(book, allowance))
            return [
                (name, _read_sheet(book, path, texts, allowance))
                for name, path in _sheet_paths(book, allowance)
            ]
    except (
        zipfile.BadZipFile,
        ET.ParseError,
        LookupError,
        ValueError,
        EOFError,
        OSError,
        RuntimeError,
    ):
        raise Refusal("file.damaged") from None
    except (NotImplementedError, zipfile.LargeZipFile):
        raise Refusal("file.damaged") from None


def _elements(
    book: zipfile.ZipFile, path: str, allowance: list[int]
) -> Iterator[tuple[str, str, ET.Element]]:
    """(start or end, local name, element), each element emptied after its end."""
    left = MAX_ELEMENTS
    with book.open(path) as member:
        for event, element in ET.iterparse(  # noqa: S314  (entities refused in _Limited)
            _Limited(member, allowance), events=("start", "end")
        ):
            left -= 1
            if left < 0:
                raise Refusal("file.too_many_rows", limit=MAX_ROWS)
            yield event, element.tag.rpartition("}")[2], element


def _sheet_paths(book: zipfile.ZipFile, allowance: list[int]) -> list[tuple[str, str]]:
    """Names and paths of the visible sheets in the order of the tabs."""
    targets = {}
    for event, name, element in _elements(book, "xl/_rels/workbook.xml.rels", allowance):
        if event == "end" and name == "Relationship":
            target = element.attrib["Target"]
            targets[element.attrib["Id"]] = target.lstrip("/") if target[0] == "/" else f"xl/{target}"
    return [
        (element.attrib.get("name", ""), targets[element.attrib[_RELATION]])
        for event, name, element in _elements(book, "xl/workbook.xml", allowance)
        if event == "end" and name == "sheet" and element.attrib.get("state", "visible") == "visible"
    ]


def _shared_texts(book: zipfile.ZipFile, allowance: list[int]) -> Iterator[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return
    for event, name, element in _elements(book, "xl/sharedStrings.xml", allowance):
        if event == "end" and name == "si":
            yield _text_of(element)
            element.clear()


def _text_of(element: ET.Element) -> str:
    """The text of a string, its formatted runs joined, without the phonetic reading."""
    parts = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.append(_text_of(child))
    return "".join(parts)


def _read_sheet(book: zipfile.ZipFile, path: str, texts: list[str], allowance: list[int]) -> Sheet:
    rows: Sheet = []
    number, passed = 0, 0
    cells: dict[int, str] = {}
    body = None
    for event, name, element in _elements(book, path, allowance):
        match (event, name):
            case ("start", "sheetData"):
                body = element
            case ("start", "row"):
                number, cells = int(element.attrib.get("r", number + 1)), {}
                passed += 1
                if passed > MAX_ROWS_PASSED:
                    raise Refusal("file.too_many_rows", limit=MAX_ROWS)
            case ("end", "c"):
                _put(cells, element, texts)
            case ("end", "row"):
                _keep(rows, number, [cells.get(column, "") for column in range(max(cells, default=-1) + 1)])
                if body is not None:
                    body.clear()
    return rows


def _put(cells: dict[int, str], element: ET.Element, texts: list[str]) -> None:
    """A cell into its column, when it holds something. Without a reference it follows the one before."""
    value = _cell_value(element, texts).strip()
    place = _CELL.fullmatch(element.attrib.get("r", ""))
    column = _column(place[1]) if place else max(cells, default=-1) + 1
    if value and column >= MAX_COLUMNS:
        raise Refusal("file.too_many_columns", limit=MAX_COLUMNS)
    if value:
        cells[column] = value


def _column(letters: str) -> int:
    """Zero-based: A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _cell_value(cell: ET.Element, texts: list[str]) -> str:
    kind, value = cell.attrib.get("t", "n"), ""
    for child in cell:
        name = child.tag.rpartition("}")[2]
        if name == "is":
            return _text_of(child)
        if name == "v":
            value = child.text or ""
    if kind == "s" and value:
        return texts[int(value)]
    return value[:-2] if kind == "n" and value.endswith(".0") else value


def write_xlsx(sheets: Sequence[tuple[str, Sequence[Sequence[object]]]], marked: Iterable[int] = ()) -> bytes:
    """Sheets of (name, rows); the first row is the head. Every cell is text; `marked` are columns in red."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    red_columns = set(marked)
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E5EDF8", "text_wrap": True, "valign": "vcenter"})
        text = book.add_format({"num_format": "@"})
        red = book.add_format({"num_format": "@", "font_color": "#AD1240", "text_wrap": True})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, words in enumerate(rows[0] if rows else ()):
                width = max([len(str(row[column])) for row in rows if column < len(row)] or [8])
                shape = red if column in red_columns else text
                sheet.set_column(column, column, min(48, max(10, width * 1.6)), shape)
                sheet.write_string(0, column, str(words), head)
            for index, row in enumerate(rows[1:], 1):
                for column, cell in enumerate(row):
                    shape = red if column in red_columns else text
                    sheet.write_string(index, column, "" if cell is None else str(cell), shape)
    return out.getvalue()
