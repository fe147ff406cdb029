"""A workbook of a marking scheme read back: every fault with its sheet, row and column, or the whole scheme.

Columns stand in any order and either language; sheets but the marking form may be missing. Nothing is read by halves:
the form that comes out is complete, and whoever asked decides whether to take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contests.forms.scheme import Part, read, scheme_from
from contests.imports.scheme_book import (
    ALSO,
    LETTERS,
    LEVELS,
    MARKING,
    ON_FORM,
    SETTING,
    TABLES,
    Table,
    shape_at,
)
from contests.imports.scheme_words import Vocabulary, parted, plain, unquoted
from federation.findings import Finding
from federation.judging.schemes import Anchor, Aspect, Module, Scheme, Stage, SubCriterion
from federation.refusals import Refusal
from federation.spreadsheets import Row, Sheet

BELOW = {Stage: "stages", Module: "modules", SubCriterion: "subcriteria", Aspect: "aspects"}
LEVEL_OF = {kind: level for level, kind in LEVELS}
HEAD_WITHIN = 15
MAX_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something was written, and what. column: its letter and head, empty for the whole row."""

    sheet: str
    row: int
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding and the cell it concerns."""

    cell: Cell
    finding: Finding


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What a workbook says. `part`: the form of the scheme; None when a cell could not be placed.

    faults: the first MAX_FAULTS of `count`, in the order of sheets and rows. ignored: sheets nobody knows.
    """

    part: Part | None
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()
    count: int = 0


@dataclass
class _Place:
    """A node that was read: its path in the form and the ids from the stage down."""

    path: str
    of: type
    ids: dict[str, str]


@dataclass
class _Head:
    number: int
    names: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)


def read_scheme(book: Sequence[tuple[str, Sheet]], words: Vocabulary) -> ReadBook:
    """Raises Refusal("scheme_book.no_form") when there is no marking form among the sheets."""
    return _Reader(words).read(book)


def letters(column: int) -> str:
    """A for 0, AA for 26."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Reader:
    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.fields: dict[str, str] = {}
        self.cells: dict[str, Cell] = {}
        self.places: list[_Place] = [_Place("", Scheme, {})]
        self.counts: dict[str, int] = {}
        self.faults: list[Fault] = []
        self.sheet = ""
        self.order: dict[str, int] = {}
        self.marking_word = words.word("sheet.marking")[0]

    def read(self, book: Sequence[tuple[str, Sheet]]) -> ReadBook:
        self.order = {name or self.marking_word: number for number, (name, _) in enumerate(book)}
        known = {self.code_of(name): (name, rows) for name, rows in book if self.code_of(name)}
        if "marking" not in known:
            found = next(((name, rows) for name, rows in book if self.find_head(rows)), None)
            if found is None:
                raise Refusal("scheme_book.no_form", sheet=self.marking_word)
            known["marking"] = found
        taken = {name for name, _ in known.values()}
        ignored = tuple(name for name, rows in book if name not in taken and rows)
        self.marking(*known["marking"])
        for table in TABLES:
            if table.code in known:
                self.table(table, *known[table.code])
        if "other" in known:
            self.rest(*known["other"])
        return self.finished(ignored)

    def finished(self, ignored: tuple[str, ...]) -> ReadBook:
        self.fields.setdefault("id", "scheme")
        if not any(path.startswith("rankings.") for path in self.fields):
            self.fields |= {"rankings.0": "yes", "rankings.0.id": "category", "rankings.0.by.0": "category"}
        part = read(self.fields, as_is=True)
        scheme, findings = scheme_from(part)
        whole = not self.faults
        if whole or scheme is None:  # what was not placed would be missed again by the check
            self.faults += [Fault(self.cell_of(one.place), one) for one in findings]
        self.faults.sort(key=lambda fault: (self.order.get(fault.cell.sheet, -1), fault.cell.row))
        return ReadBook(part if whole else None, tuple(self.faults[:MAX_FAULTS]), ignored, len(self.faults))

    def code_of(self, name: str) -> str:
        codes = ("marking", *(table.code for table in TABLES), "other", "notes")
        return next((code for code in codes if self.words.is_word(name, f"sheet.{code}")), "")

    def cell_of(self, path: str) -> Cell:
        """The cell of a path or of what it stands in."""
        while path and path not in self.cells:
            path = path.rpartition(".")[0]
        return self.cells.get(path, Cell("", 0))

    def complain(self, code: str, row: int, column: str = "", value: str = "") -> None:
        shown = value[:80]
        self.faults.append(Fault(Cell(self.sheet, row, column, shown), Finding(code, facts={"value": shown})))

    def put(self, path: str, text: str, row: Row, column: str) -> None:
        if path in self.fields:
            self.complain("scheme_book.said_twice", row.number, column, value=text)
        self.fields[path] = text
        self.cells[path] = Cell(self.sheet, row.number, column, text[:80])

    # the marking form

    def find_head(self, rows: Sheet) -> _Head | None:
        names = {
            plain(one): name
            for name in MARKING
            for one in (name, *self.words.word(f"column.{name}"), *ALSO.get(name, ()))
        }
        for row in rows[:HEAD_WITHIN]:
            head = _Head(row.number)
            for index, cell in enumerate(row.cells):
                if name := names.get(plain(cell)):
                    head.names[index] = name
                head.words[index] = cell
            if {"module", "title"} <= set(head.names.values()):
                return head
        return None

    def marking(self, name: str, rows: Sheet) -> None:
        self.sheet = name or self.marking_word
        head = self.find_head(rows)
        if head is None:
            raise Refusal("scheme_book.no_form", sheet=self.sheet)
        self.check_heads(head)
        above: dict[str, _Place] = {}
        for row in rows:
            if row.number > head.number:
                self.marking_row(row, head, above)

    def check_heads(self, head: _Head) -> None:
        seen: set[str] = set()
        for index, cell in head.words.items():
            name = head.names.get(index, "")
            if cell and (not name or name in seen):
                code = "scheme_book.head_twice" if name else "scheme_book.head_unknown"
                self.complain(code, head.number, letters(index), value=cell)
            seen.add(name)

    def marking_row(self, row: Row, head: _Head, above: dict[str, _Place]) -> None:
        said = {
            head.names[i]: (cell, self.label(head, i))
            for i, cell in enumerate(row.cells)
            if cell and i in head.names
        }
        if "anchor" in said:
            self.anchor(row, said, above)
            return
        given = [(level, kind) for level, kind in LEVELS if level in said]
        if "type" in said and (not given or given[-1][1] is not Aspect):
            said["aspect"] = (self.next_aspect(above), said["type"][1])
            given.append(("aspect", Aspect))
        if not given:
            self.complain("scheme_book.row_without_id", row.number, next(iter(said.values()), ("", ""))[1])
            return
        for level, _ in given[:-1]:
            known = above.get(level)
            if known is None or known.ids[level] != unquoted(said[level][0]):
                self.complain("scheme_book.above_unknown", row.number, said[level][1], value=said[level][0])
                return
        level, kind = given[-1]
        place = self.begin(row, kind, level, unquoted(said[level][0]), above, said[level][1])
        if place is not None:
            self.node(row, place, said)

    def next_aspect(self, above: dict[str, _Place]) -> str:
        """An id for an aspect that was given none, as in A1.1 below A1."""
        holder = above.get("subcriterion") or above.get("module")
        if holder is None:
            return "?"
        stem = holder.ids[LEVEL_OF[holder.of]]
        return f"{stem}.{self.counts.get(f'{holder.path}.aspects', 0) + 1}"

    def label(self, head: _Head, index: int) -> str:
        return f"{letters(index)} {head.words[index]}"

    def begin(
        self, row: Row, kind: type, level: str, own: str, above: dict[str, _Place], label: str = ""
    ) -> _Place | None:
        """A new node below what stands open, which it closes from its level down."""
        order = [name for name, _ in LEVELS]
        for deeper in order[order.index(level) :]:
            above.pop(deeper, None)
        if level == "stage":
            holder = self.places[0]
        elif level == "module":
            holder = above.get("stage") or self.begin(row, Stage, "stage", "", above)  # type: ignore[assignment]
        else:
            found = above.get("subcriterion") if level == "aspect" else None
            holder = found or above.get("module")  # type: ignore[assignment]
        if holder is None:
            self.complain("scheme_book.no_module", row.number, label, value=own)
            return None
        listed = f"{holder.path}.{BELOW[kind]}" if holder.path else BELOW[kind]
        path = self.next(listed, row)
        place = _Place(path, kind, {**holder.ids, level: own or ("main" if kind is Stage else "")})
        if own:
            self.put(f"{path}.id", own, row, label)
        self.places.append(place)
        above[level] = place
        return place

    def next(self, listed: str, row: Row) -> str:
        """The path of one more item of a list."""
        number = self.counts.get(listed, 0)
        self.counts[listed] = number + 1
        path = f"{listed}.{number}"
        self.fields[path] = "yes"
        self.cells[path] = Cell(self.sheet, row.number)
        return path

    def node(self, row: Row, place: _Place, said: dict[str, tuple[str, str]]) -> None:
        for column, (cell, label) in said.items():
            path = ON_FORM.get(column, {}).get(place.of)
            if column == "type" and place.of is Aspect:
                self.put(f"{place.path}.kind", self.kind(cell), row, label)
            elif path:
                shape = shape_at(place.of, path)
                self.put(f"{place.path}.{path}", self.words.value(shape, cell), row, label)
            elif column in ("max_mark", "scale") and place.of is Aspect:
                self.marks(row, place, column, said)
            elif column not in [level for level, _ in LEVELS]:
                self.complain("scheme_book.not_here", row.number, label, value=cell)

    def kind(self, cell: str) -> str:
        short = {letter: code for code, letter in LETTERS.items()}
        return short.get(cell.strip().upper()) or self.words.value(shape_at(Aspect, "kind"), cell)

    def marks(self, row: Row, place: _Place, column: str, said: dict[str, tuple[str, str]]) -> None:
        cell, label = said[column]
        scale, _ = said.get("scale", ("", ""))
        number = self.words.value(shape_at(Aspect, "maximum"), cell)
        if column == "scale":
            if not self.words.is_word(cell, "same"):
                self.put(f"{place.path}.maximum", number, row, label)
        elif scale and not self.words.is_word(scale, "same"):
            self.put(f"{place.path}.worth", number, row, label)
        else:
            self.put(f"{place.path}.maximum", number, row, label)
            if not scale:
                self.cells[f"{place.path}.scale"] = Cell(self.sheet, row.number, label)

    def anchor(self, row: Row, said: dict[str, tuple[str, str]], above: dict[str, _Place]) -> None:
        """A step of the scale of the aspect above. Without a scale of its own the aspect takes the highest step."""
        aspect = above.get("aspect")
        if aspect is None:
            self.complain("scheme_book.anchor_alone", row.number, said["anchor"][1], value=said["anchor"][0])
            return
        path = self.next(f"{aspect.path}.anchors", row)
        for column, name in (("anchor", "value"), ("title", "text"), ("title_en", "text_en")):
            if column in said:
                cell, label = said[column]
                self.put(f"{path}.{name}", self.words.value(shape_at(Anchor, name), cell), row, label)
        if self.fields.get(f"{aspect.path}.kind") == "judgement" and f"{aspect.path}.scale" in self.cells:
            if f"{aspect.path}.worth" not in self.fields and f"{aspect.path}.maximum" in self.fields:
                self.fields[f"{aspect.path}.worth"] = self.fields.pop(f"{aspect.path}.maximum")
                self.cells[f"{aspect.path}.worth"] = self.cells.pop(f"{aspect.path}.maximum")
            self.fields[f"{aspect.path}.maximum"] = self.fields[f"{path}.value"]
            self.cells[f"{aspect.path}.maximum"] = self.cells[f"{path}.value"]

    # the other sheets

    def table(self, table: Table, name: str, rows: Sheet) -> None:
        self.sheet = name
        of = shape_at(table.of, table.listed).of if table.code == "rule_steps" else table.of
        assert of is not None
        levels = [level for level, _ in LEVELS] if table.addressed else []
        head, body = self.head(rows, {**self.addresses(levels), **self.heads_of(of, table.columns)})
        for row in body:
            said = {
                head.names[i]: (c, self.label(head, i))
                for i, c in enumerate(row.cells)
                if c and i in head.names
            }
            place = self.places[0]
            if table.addressed:
                wanted = self.addressed(row, said)
                if wanted is None:
                    continue
                place = wanted
            path = place.path
            if table.listed:
                path = self.next(f"{path}.{table.listed}" if path else table.listed, row)
            for column, (cell, label) in said.items():
                if column not in levels:
                    self.settle(of, path, column, cell, row, label)

    def addresses(self, levels: Sequence[str]) -> dict[str, str]:
        return {plain(one): level for level in levels for one in (level, *self.words.word(f"column.{level}"))}

    def heads_of(self, of: type, columns: Sequence[str]) -> dict[str, str]:
        return {plain(one): path for path in columns for one in self.words.heads(of, path)}

    def head(self, rows: Sheet, names: dict[str, str]) -> tuple[_Head, Sheet]:
        if not rows:
            return _Head(0), []
        head = _Head(rows[0].number, {}, dict(enumerate(rows[0].cells)))
        for index, cell in head.words.items():
            if name := names.get(plain(cell)):
                head.names[index] = name
        self.check_heads(head)
        return head, rows[1:]

    def addressed(self, row: Row, said: dict[str, tuple[str, str]]) -> _Place | None:
        """The node whose ids a row names; levels above it may be left out where that is plain."""
        wanted = {level: unquoted(said[level][0]) for level, _ in LEVELS if level in said}
        if not wanted:
            return self.places[0]
        deepest = list(wanted)[-1]
        kind = dict(LEVELS)[deepest]
        fitting = [
            place
            for place in self.places
            if place.of is kind and all(place.ids.get(level) == own for level, own in wanted.items())
        ]
        exact = [place for place in fitting if place.ids == wanted]
        if len(exact) == 1 or len(fitting) == 1:
            return (exact if len(exact) == 1 else fitting)[0]
        code = "scheme_book.address_open" if fitting else "scheme_book.address_unknown"
        self.complain(code, row.number, said[deepest][1], value=wanted[deepest])
        return None

    def settle(self, of: type, path: str, column: str, cell: str, row: Row, label: str) -> None:
        """A cell of a table or of the settings into the form."""
        unnumbered = ".".join(step for step in column.split(".") if not step.isdecimal())
        shape = shape_at(of, unnumbered)
        dot = f"{path}." if path else ""
        steps = column.split(".")
        for length in range(1, len(steps)):
            above = f"{dot}{'.'.join(steps[:length])}"
            self.fields.setdefault(above, "yes")
            self.cells.setdefault(above, Cell(self.sheet, row.number, label))
        if shape.form == "words" and not steps[-1].isdecimal():
            for index, word in enumerate(parted(cell)):
                self.put(f"{dot}{column}.{index}", self.words.value(shape, word), row, label)
        elif shape.form == "object":
            if not self.words.is_word(cell, "no"):
                self.fields[f"{dot}{column}"] = "yes"
                self.cells[f"{dot}{column}"] = Cell(self.sheet, row.number, label)
        else:
            self.put(f"{dot}{column}", self.words.value(shape, cell), row, label)

    def rest(self, name: str, rows: Sheet) -> None:
        self.sheet = name
        levels = [level for level, _ in LEVELS]
        head, body = self.head(rows, self.addresses([*levels, *SETTING]))
        for row in body:
            said = {
                head.names[i]: (c, self.label(head, i))
                for i, c in enumerate(row.cells)
                if c and i in head.names
            }
            place = self.addressed(row, said)
            setting, label = said.get("setting", ("", ""))
            column = self.words.path(place.of, setting) if place is not None and setting else None
            if place is None:
                continue
            if column is None:
                self.complain("scheme_book.setting_unknown", row.number, label, value=setting)
            elif "value" in said:
                cell, label = said["value"]
                self.settle(place.of, place.path, column, cell, row, label)
