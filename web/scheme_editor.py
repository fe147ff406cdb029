"""The scheme editor as a page shows it: a tree of nodes with the fields most people need, the rest behind "more".

Every part of the language is shown; what is not named here stands among the rest of its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contests.forms.scheme import Part, is_unlimited, spoken
from federation.findings import Finding
from federation.judging.schemes import Aspect, Deduction, Module, Scheme, Stage, SubCriterion
from federation.judging.shapes import Shape, default_text, shapes_of
from web.scheme_words import add_word, choice, hint, kind_word, label
from web.wording import say

BASIC: dict[str, tuple[str, ...]] = {
    "Scheme": ("title", "basis", "total", "roundings.total.step", "roundings.total.mode"),
    "Stage": ("title", "weight"),
    "Module": ("title", "maximum", "weight"),
    "SubCriterion": ("title", "weight"),
    "Aspect": ("title", "kind", "maximum", "worth", "panel.judges", "panel.method"),
    "Deduction": ("title", "kind", "each", "maximum"),
    "Criterion": ("by", "id"),
    "AwardLine": ("title", "count", "share"),
    "Ranking": ("title", "by"),
    "Carry": ("stage", "weight"),
    "Anchor": ("value", "text", "text_en"),
    "Step": ("bound", "points"),
}
TREE = (Stage, Module, SubCriterion, Aspect, Deduction)
RELEVANT: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("PointsRule", "kind"): {
        "linear": ("base", "slope", "per"),
        "table": ("table", "match", "otherwise"),
        "power": ("a", "b", "c", "unit", "better"),
    },
    ("Panel", "method"): {
        "trimmed_mean": ("drop_high", "drop_low", "trim_from"),
        "trimmed_sum": ("drop_high", "drop_low", "trim_from"),
        "clamped_mean": ("clamp", "center"),
    },
    ("Cut", "kind"): {"count": ("count",), "share": ("share", "share_rounding"), "line": ("line",)},
    ("Attempts", "rule"): {"best": ("count",), "mean": ("count", "skip")},
    ("Criterion", "by"): {
        "countback": ("nth", "level"),
        "attempt": ("nth", "id", "better"),
        **dict.fromkeys(("module", "subcriterion", "aspect", "stage", "time"), ("id", "stage", "better")),
    },
    ("Teams", "rule"): {"best": ("count",)},
}
"""Fields that mean something only under some choices; elsewhere they are shown when something stands in them."""
SECTIONS = ("tie_breaks", "award_lines")
FOLD_FROM = 40


@dataclass
class FieldView:
    """One control. kind: text, number, select."""

    name: str
    label: str
    hint: str
    kind: str
    value: str
    placeholder: str
    options: list[tuple[str, str]] = field(default_factory=list)
    suggestions: str = ""
    faulty: bool = False
    decides: bool = False
    wide: bool = False

    @property
    def id(self) -> str:
        return dashed(self.name)


@dataclass
class GroupView:
    """The fields of an object inside a node."""

    path: str
    label: str
    hint: str
    optional: bool
    present: bool
    fields: list[FieldView]
    groups: list[GroupView]
    lists: list[ListView]
    named: bool = True

    @property
    def id(self) -> str:
        return dashed(self.path)


@dataclass
class ListView:
    path: str
    label: str
    hint: str
    add: str
    kind: str
    nodes: list[NodeView]

    @property
    def id(self) -> str:
        return dashed(self.path)


@dataclass
class NodeView:
    """One object of the tree. `also`: labels of what is set behind "more"."""

    path: str
    kind: str
    word: str
    title: str
    first: bool
    last: bool
    open: bool
    folded: bool
    basic: list[FieldView]
    more: GroupView | None
    lists: list[ListView]
    also: list[str]
    findings: list[Finding] = field(default_factory=list)

    @property
    def id(self) -> str:
        return dashed(self.path)

    @property
    def inside(self) -> int:
        return sum(len(one.nodes) for one in self.lists)


@dataclass
class EditorView:
    root: NodeView
    stages: ListView
    sections: list[ListView]
    nodes: dict[str, NodeView]
    hidden: list[tuple[str, str]]
    focus: str
    findings: list[tuple[str, Finding]]
    ids: list[tuple[str, str]]


def dashed(path: str) -> str:
    return path.replace(".", "-").replace(":", "-") or "root"


def show(part: Part, findings: Sequence[Finding], focus: str = "") -> EditorView:
    """focus: id of the control that takes the keyboard."""
    builder = _Builder({one.place for one in findings if one.severity == "error"})
    root = builder.node(part, "", 0, 1)
    lists = {one.path: one for one in root.lists}
    placed = []
    for finding in findings:
        at = builder.nearest(finding.place)
        at.findings.append(finding)
        placed.append((at.id, finding))
    hidden = [(name, value) for name, value in part.fields() if name not in builder.rendered]
    hidden += [("open", path) for path, node in builder.nodes.items() if node.open]
    hidden += [("fold", path) for path, node in builder.nodes.items() if node.folded]
    sections = [lists[name] for name in SECTIONS]
    return EditorView(root, lists["stages"], sections, builder.nodes, hidden, focus, placed, _ids(part))


def fold_long(part: Part) -> None:
    """Fold the modules of a long scheme, so that it begins as a list of modules."""
    modules = [module for stage in part.lists["stages"] for module in stage.lists["modules"]]
    aspects = sum(
        len(module.lists["aspects"]) + sum(len(g.lists["aspects"]) for g in module.lists["subcriteria"])
        for module in modules
    )
    if aspects > FOLD_FROM:
        for module in modules:
            module.folded = True


def _ids(part: Part) -> list[tuple[str, str]]:
    """Every id a tie-break may name, with its title."""
    found = []
    for stage in part.lists["stages"]:
        nodes = [stage]
        for module in stage.lists["modules"]:
            groups = module.lists["subcriteria"]
            nodes += [module, *module.lists["aspects"], *groups]
            nodes += [aspect for group in groups for aspect in group.lists["aspects"]]
        found += [(node.values["id"], node.values["title"]) for node in nodes if node.values["id"]]
    return list(dict.fromkeys(found))


class _Builder:
    def __init__(self, faulty: set[str]) -> None:
        self.faulty = faulty
        self.rendered: set[str] = set()
        self.nodes: dict[str, NodeView] = {}

    def nearest(self, place: str) -> NodeView:
        steps = place.split(".") if place else []
        while steps and ".".join(steps) not in self.nodes:
            steps.pop()
        return self.nodes[".".join(steps)]

    def node(self, part: Part, path: str, index: int, count: int) -> NodeView:
        kind = part.of.__name__
        names = BASIC.get(kind, ())
        basic = [view for name in names for view in self.dotted(part, path, name)]
        open_ = part.open
        node = NodeView(
            path=path,
            kind=kind,
            word=kind_word(part.of),
            title=_title(part, index),
            first=index == 0,
            last=index == count - 1,
            open=open_,
            folded=part.folded,
            basic=basic,
            more=None,
            lists=[],
            also=[],
        )
        self.nodes[path] = node
        rest = [shape for shape in shapes_of(part.of) if shape.name not in names and not _branches(shape)]
        if rest and open_:
            node.more = self.group(part, path, rest, skip=names)
        elif rest:
            node.also = [label(shape) for shape in rest if _is_set(part, shape, names)]
        if not node.folded:
            node.lists = [self.listed(part, path, shape) for shape in shapes_of(part.of) if _branches(shape)]
        return node

    def dotted(self, part: Part, path: str, name: str) -> list[FieldView]:
        """The field at a dotted name below a node; nothing when the language has no such field any more."""
        *above, last = name.split(".")
        for step in above:
            part = part.parts[step]
            path = _join(path, step)
        shape = next((shape for shape in shapes_of(part.of) if shape.name == last), None)
        if shape is None or last in _idle(part):
            return []
        if shape.form == "words":
            return self.words(part, path, shape)
        return [self.field(part, path, shape)]

    def field(self, part: Part, path: str, shape: Shape) -> FieldView:
        name = _join(path, shape.name)
        self.rendered.add(name)
        default = default_text(shape, part.within)
        view = FieldView(
            name,
            label(shape),
            hint(shape),
            "text",
            part.values[shape.name],
            default,
            faulty=name in self.faulty,
        )
        if shape.form in ("choice", "yes_no"):
            view.kind = "select"
            values = shape.choices or ("yes", "no")
            view.options = [(one, choice(shape, one)) for one in values]
            view.value = view.value or default
            view.decides = (shape.owner.__name__, shape.name) in RELEVANT
            if not view.value or (shape.optional and not default):
                view.options.insert(0, ("", "—"))
            elif view.value not in values:
                view.options.append((view.value, view.value))
        elif shape.form in ("number", "whole"):
            view.kind = "number"
            if shape.may_be_unlimited and is_unlimited(view.value):
                view.value = say("scheme_choice.unlimited")
        elif shape.name in ("title", "basis", "text", "text_en", "title_en"):
            view.wide = True
        if shape.owner.__name__ == "Criterion" and shape.name == "id":
            view.suggestions = "known-ids"
        return view

    def words(self, part: Part, path: str, shape: Shape) -> list[FieldView]:
        """One control for each word and one more."""
        views = []
        for index, word in enumerate([*part.words[shape.name], ""]):
            name = f"{_join(path, shape.name)}.{index}"
            self.rendered.add(name)
            view = FieldView(name, label(shape), hint(shape) if not index else "", "text", word, "")
            if index:
                view.label = f"{view.label} {index + 1}"
            if shape.choices:
                view.kind = "select"
                view.options = [("", "—"), *((one, choice(shape, one)) for one in shape.choices)]
                if word and word not in shape.choices:
                    view.options.append((word, word))
            views.append(view)
        return views

    def group(self, part: Part, path: str, shapes: Sequence[Shape], skip: Sequence[str] = ()) -> GroupView:
        """The fields of an object; `skip`: dotted names shown elsewhere."""
        made = GroupView(path, "", "", False, True, [], [], [], named=False)
        idle = _idle(part)
        for shape in shapes:
            if shape.name in idle:
                continue
            inner = _join(path, shape.name)
            if shape.form == "object":
                made.groups.append(self.object(part, inner, shape, skip))
            elif shape.form == "objects":
                made.lists.append(self.listed(part, path, shape))
            elif shape.form == "words":
                made.fields += self.words(part, path, shape)
            elif shape.name not in skip:
                made.fields.append(self.field(part, path, shape))
        return made

    def object(self, part: Part, path: str, shape: Shape, skip: Sequence[str]) -> GroupView:
        assert shape.of is not None
        inside = part.parts[shape.name]
        below = [name.partition(".")[2] for name in skip if name.startswith(f"{shape.name}.")]
        group = self.group(inside, path, shapes_of(shape.of), below)
        if shape.optional:
            self.rendered.add(path)
        return GroupView(
            path,
            label(shape),
            hint(shape),
            shape.optional,
            inside.present,
            group.fields,
            group.groups,
            group.lists,
        )

    def listed(self, part: Part, path: str, shape: Shape) -> ListView:
        assert shape.of is not None
        below, items = _join(path, shape.name), part.lists[shape.name]
        nodes = [self.node(item, f"{below}.{n}", n, len(items)) for n, item in enumerate(items)]
        return ListView(below, label(shape), hint(shape), add_word(shape.of), shape.of.__name__, nodes)


def _idle(part: Part) -> set[str]:
    """Blank fields that mean nothing under the choices made."""
    idle: set[str] = set()
    for (kind, decider), cases in RELEVANT.items():
        if part.of.__name__ == kind:
            every = {name for names in cases.values() for name in names}
            idle |= every - set(cases.get(part.value(decider), ()))
    return {shape.name for shape in shapes_of(part.of) if shape.name in idle and not _is_set(part, shape)}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _branches(shape: Shape) -> bool:
    """Lists that hang on the tree itself and not among the settings of a node."""
    if shape.owner is Scheme:
        return shape.name == "stages" or shape.name in SECTIONS
    return shape.form == "objects" and shape.of in TREE and shape.owner in (Stage, Module, SubCriterion)


def _is_set(part: Part, shape: Shape, skip: Sequence[str] = ()) -> bool:
    """Whether something of a field was typed that is not shown elsewhere. Ids and English names go without saying."""
    if shape.name in ("title_en", "edition") or (shape.name == "id" and shape.required):
        return False
    if shape.form == "objects":
        return bool(part.lists[shape.name]) and not (shape.owner is Scheme and shape.name == "rankings")
    if shape.form == "words":
        return bool(part.words[shape.name])
    if shape.form == "object":
        inside: Any = part.parts[shape.name]
        shown = {name.partition(".")[2] for name in skip if name.startswith(f"{shape.name}.")}
        if not inside.present:
            return False
        return shape.optional or any(name not in shown for name, _ in inside.fields())
    return bool(part.values[shape.name]) and not (spoken(shape) and part.values[shape.name] == shape.default)


def _title(part: Part, index: int) -> str:
    values = part.values
    title = values.get("title") or values.get("text") or values.get("id") or values.get("by")
    return title or str(index + 1)
