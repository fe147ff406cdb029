"""A marking scheme as the sheets of a workbook, nothing lost: the tree as a marking form, further sheets for the rest.

What no other sheet says stands on the last one as setting and value, so that whatever the language can say is carried.
Cells in, cells out; files are the business of `federation.spreadsheets`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contests.forms.scheme import Part, blank, spoken, typed
from contests.imports.scheme_words import Vocabulary, joined, quoted
from federation.judging.schemes import (
    Aspect,
    AwardLine,
    Criterion,
    Deduction,
    Module,
    Ranking,
    Scheme,
    Stage,
    SubCriterion,
)
from federation.judging.shapes import Shape, shapes_of

Rows = list[list[str]]
LEVELS: tuple[tuple[str, type], ...] = (
    ("stage", Stage),
    ("module", Module),
    ("subcriterion", SubCriterion),
    ("aspect", Aspect),
)
MARKING = (
    *(
        "stage",
        "module",
        "subcriterion",
        "aspect",
        "type",
        "title",
        "title_en",
        "anchor",
        "max_mark",
        "weight",
    ),
    *("scale", "minimum", "step", "judges", "method", "max_spread", "rule"),
)
"""Columns of the marking form. max_mark: what the aspect is worth; scale: the highest mark, where that is another."""
ON_FORM: dict[str, dict[type, str]] = {
    "type": {Aspect: "kind"},
    "title": {kind: "title" for _, kind in LEVELS},
    "title_en": {kind: "title_en" for _, kind in LEVELS},
    "max_mark": {Module: "maximum", SubCriterion: "maximum"},
    "weight": {kind: "weight" for _, kind in LEVELS},
    "minimum": {Aspect: "minimum"},
    "step": {Aspect: "step"},
    "judges": {Aspect: "panel.judges"},
    "method": {Aspect: "panel.method"},
    "max_spread": {Aspect: "max_spread"},
    "rule": {Aspect: "rule.kind"},
}
"""Column of the marking form → field of each kind of node."""
ALSO: dict[str, tuple[str, ...]] = {
    "module": ("Criterion ID", "Criterion", "模块", "标准编号"),
    "subcriterion": ("Sub Criterion ID", "Sub-criterion", "子项", "子标准编号"),
    "aspect": ("Aspect ID", "Aspect", "评分点"),
    "type": ("Aspect Type", "Aspect Type M = Meas J = Judg", "类型", "评分类型"),
    "title": ("Aspect - Description", "Description", "名称", "评分内容", "评分点描述", "说明"),
    "anchor": ("Judg Score", "Judgement Score", "评价分", "裁判打分"),
    "max_mark": ("Max Mark", "Maximum Mark", "分值", "配分", "最高分"),
}
"""Further heads under which the columns of other people's marking forms are understood."""
SETTING = ("setting", "value")
LETTERS = {"measurement": "M", "judgement": "J", "points": "P"}


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one row per node that says something of it. columns: dotted paths within the node."""

    code: str
    of: type
    columns: tuple[str, ...]
    addressed: bool = True
    listed: str = ""
    """name of the list whose items are the rows; none: the nodes themselves"""


def single(of: type, *prefixes: str) -> tuple[str, ...]:
    """Dotted paths of every single value of a kind, those of objects inside it after the object's own."""
    return tuple(_single(of, "", prefixes))


def _single(of: type, before: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    for shape in shapes_of(of):
        path = f"{before}{shape.name}"
        if not before and prefixes and shape.name not in prefixes:
            continue
        if shape.form == "object" and shape.of is not None:
            if shape.optional:
                yield path
            yield from _single(shape.of, f"{path}.", ())
        elif shape.form != "objects":
            yield path


TABLES: tuple[Table, ...] = (
    Table("stages", Stage, single(Stage, "carry_over", "cut", "floor", "cap")),
    Table("deductions", Deduction, single(Deduction), listed="deductions"),
    Table(
        "panels",
        Aspect,
        tuple(p for p in single(Aspect, "panel") if p not in ("panel.judges", "panel.method")),
    ),
    *(Table(f"attempts_{code}", kind, single(kind, "attempts", "rounding")) for code, kind in LEVELS),
    Table("rules", Aspect, tuple(path for path in single(Aspect, "rule") if path != "rule.kind")),
    Table("rule_steps", Aspect, ("bound", "points"), listed="rule.table"),
    Table("tie_breaks", Criterion, single(Criterion), addressed=False, listed="tie_breaks"),
    Table("award_lines", AwardLine, single(AwardLine), addressed=False, listed="award_lines"),
    Table("rankings", Ranking, single(Ranking), addressed=False, listed="rankings"),
)


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree with its path in the form and the ids above it and its own, by level."""

    part: Part
    path: str
    ids: dict[str, str]

    @property
    def address(self) -> list[str]:
        return [quoted(self.ids.get(level, "")) for level, _ in LEVELS]


def nodes_of(scheme: Part) -> Iterator[Node]:
    """Every node of the tree in the order of the marking form."""
    for index, stage in enumerate(scheme.lists["stages"]):
        yield from _walk(stage, f"stages.{index}", {})


def _walk(part: Part, path: str, above: dict[str, str]) -> Iterator[Node]:
    level = next(level for level, kind in LEVELS if kind is part.of)
    ids = {**above, level: part.value("id")}
    yield Node(part, path, ids)
    for name in ("modules", "aspects", "subcriteria"):
        for index, inner in enumerate(part.lists.get(name, [])):
            yield from _walk(inner, f"{path}.{name}.{index}", ids)


def shape_at(of: type, path: str) -> Shape:
    """The field a dotted path without numbers ends in."""
    first, _, rest = path.partition(".")
    shape = next(shape for shape in shapes_of(of) if shape.name == first)
    if not rest:
        return shape
    assert shape.of is not None
    return shape_at(shape.of, rest)


def text_at(part: Part, path: str) -> str:
    """The single value at a dotted path; an optional object answers yes when it is there."""
    first, _, rest = path.partition(".")
    if rest:
        return text_at(part.parts[first], rest)
    if first in part.parts:
        return "yes" if part.parts[first].present else ""
    return part.values[first]


def sheets(scheme: Scheme, words: Vocabulary) -> list[tuple[str, Rows]]:
    """The workbook of a scheme: (name of the sheet, rows with the head first)."""
    return _Writer(typed(scheme), words).sheets()


class _Writer:
    def __init__(self, scheme: Part, words: Vocabulary) -> None:
        self.scheme = scheme
        self.words = words
        self.nodes = list(nodes_of(scheme))
        self.said: set[str] = set()

    def word(self, code: str) -> str:
        return self.words.word(code)[0]

    def sheets(self) -> list[tuple[str, Rows]]:
        made = [(self.word("sheet.marking"), self.marking())]
        for table in TABLES:
            rows = self.table(table)
            if len(rows) > 1:
                made.append((self.word(f"sheet.{table.code}"), rows))
        rest = self.rest()
        return [*made, (self.word("sheet.other"), rest)] if len(rest) > 1 else made

    def marking(self) -> Rows:
        rows = [[self.word(f"column.{name}") for name in MARKING]]
        alone = len(self.scheme.lists["stages"]) == 1
        unsaid, shown = blank(Stage), ("id", "title", "title_en", "weight")
        for node in self.nodes:
            stands_alone = alone and node.part.of is Stage
            if not stands_alone or any(node.part.values[name] != unsaid.values[name] for name in shown):
                rows.append(self.marking_row(node))
            self.said.add(f"{node.path}.id")
            if node.part.of is Aspect:
                rows.extend(self.anchor_rows(node))
        return rows

    def marking_row(self, node: Node) -> list[str]:
        level = next(level for level, kind in LEVELS if kind is node.part.of)
        row = {level: self.words.cell(shape_at(node.part.of, "id"), node.part.value("id"))}
        for column, fields in ON_FORM.items():
            if path := fields.get(node.part.of):
                row[column] = self.say(node, path)
        if node.part.of is Aspect:
            row["type"] = LETTERS[node.part.value("kind")]
            row |= self.marks(node)
        return [row.get(column, "") for column in MARKING]

    def marks(self, node: Node) -> dict[str, str]:
        """What an aspect is worth and the highest mark, in two columns."""
        worth, maximum = self.say(node, "worth"), self.say(node, "maximum")
        if worth:
            return {"max_mark": worth, "scale": maximum or node.part.value("maximum")}
        if node.part.value("kind") == "judgement" and node.part.lists["anchors"]:
            return {"max_mark": maximum or node.part.value("maximum"), "scale": self.word("same")}
        return {"max_mark": maximum}

    def anchor_rows(self, node: Node) -> Rows:
        rows = []
        for index, anchor in enumerate(node.part.lists["anchors"]):
            below = Node(anchor, f"{node.path}.anchors.{index}", node.ids)
            row = {"anchor": self.say(below, "value"), "title": self.say(below, "text")}
            row["title_en"] = self.say(below, "text_en")
            rows.append([row.get(column, "") for column in MARKING])
        return rows

    def say(self, node: Node, path: str) -> str:
        """The cell of a field, noted as said."""
        self.said.add(f"{node.path}.{path}" if node.path else path)
        shape = shape_at(node.part.of, path)
        if shape.form == "words":
            words = node.part.words[path]
            self.said.update(f"{node.path}.{path}.{index}" for index in range(len(words)))
            return joined(self.words.cell(shape, one) for one in words)
        text = text_at(node.part, path)
        return self.word("yes") if shape.form == "object" and text else self.words.cell(shape, text)

    def table(self, table: Table) -> Rows:
        of = shape_at(table.of, table.listed).of if table.code == "rule_steps" else table.of
        assert of is not None
        heads = [self.words.head(of, path) for path in table.columns]
        if not table.addressed:
            rows = [[self.say(node, path) for path in table.columns] for node in self.items(table)]
            return [heads, *rows]
        rows = []
        for node in self.items(table):
            cells = [self.say(node, path) for path in table.columns]
            if any(cells):
                rows.append([*node.address, *cells])
        return [[*(self.word(f"column.{level}") for level, _ in LEVELS), *heads], *rows]

    def items(self, table: Table) -> Iterator[Node]:
        """The rows of a table: nodes of its kind, or the items of a list, of the scheme first."""
        if not table.listed:
            yield from (node for node in self.nodes if node.part.of is table.of)
            return
        for node in [Node(self.scheme, "", {}), *self.nodes]:
            above, _, name = table.listed.rpartition(".")
            if table.addressed and above and node.part.of is not table.of:
                continue
            holder = node.part.parts[above] if above else node.part
            for index, item in enumerate(holder.lists.get(name, [])):
                dot = f"{node.path}." if node.path else ""
                yield Node(item, f"{dot}{table.listed}.{index}", node.ids)

    def rest(self) -> Rows:
        """Whatever no other sheet said."""
        rows = [[self.word(f"column.{name}") for name in (*(level for level, _ in LEVELS), *SETTING)]]
        owners = {node.path: node for node in self.nodes}
        for path, text in self.scheme.fields():
            if path in self.said or path in owners:
                continue
            above = path
            while above and above not in owners:
                above = above.rpartition(".")[0]
            node = owners.get(above, Node(self.scheme, "", {}))
            below = path[len(above) + 1 :] if above else path
            unnumbered = ".".join(step for step in below.split(".") if not step.isdecimal())
            shape = shape_at(node.part.of, unnumbered)
            if shape.form == "objects" and below.rpartition(".")[2].isdecimal():
                continue
            if spoken(shape) and text == shape.default:
                continue
            cell = self.word("yes") if shape.form == "object" else self.words.cell(shape, text)
            rows.append([*node.address, self.words.head(node.part.of, below), cell])
        return rows
