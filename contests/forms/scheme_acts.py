"""What the buttons of the scheme editor do to what was typed: add, remove, move, copy, open, fold."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from contests.forms.scheme import Part, blank
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
from federation.judging.shapes import shapes_of

ACTS = ("add", "remove", "up", "down", "copy", "open", "fold")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def act(part: Part, do: str) -> str:
    """Carry out `add:stages.0.modules` and the like in place; gives the path to look at next, "" for none."""
    what, _, path = do.partition(":")
    if what == "add":
        return _add(part, path)
    if what in ("open", "fold"):
        return _toggle(part, what, path)
    if what in ACTS:
        return _among_siblings(part, what, path)
    return ""


def _add(root: Part, path: str) -> str:
    owner, name = _owner(root, path)
    if owner is None or name not in owner.lists:
        return ""
    kind = next(shape.of for shape in shapes_of(owner.of) if shape.name == name)
    assert kind is not None
    added = blank(kind)
    owner.lists[name].append(added)
    owner.folded = False
    if "by" in added.values and kind is Criterion:
        added.values["by"] = "module"
    elif "id" in added.values:
        added.values["id"] = _fresh(root, owner, added)
    return f"{path}.{len(owner.lists[name]) - 1}"


def _toggle(root: Part, what: str, path: str) -> str:
    found = root.find(path)
    if found is None:
        return ""
    if what == "open":
        found.open = not found.open
    else:
        found.folded = not found.folded
    return path


def _among_siblings(root: Part, what: str, path: str) -> str:
    listed, _, number = path.rpartition(".")
    owner, name = _owner(root, listed)
    items = owner.lists.get(name, []) if owner is not None else []
    if owner is None or not number.isdecimal() or int(number) >= len(items):
        return ""
    index = int(number)
    if what == "remove":
        items.pop(index)
        return f"{listed}.{min(index, len(items) - 1)}" if items else listed
    if what == "copy":
        twin = copy.deepcopy(items[index])
        items.insert(index + 1, twin)
        _rename(root, owner, twin)
        return f"{listed}.{index + 1}"
    target = index - 1 if what == "up" else index + 1
    if 0 <= target < len(items):
        items[index], items[target] = items[target], items[index]
        index = target
    return f"{listed}.{index}"


def _owner(root: Part, path: str) -> tuple[Part | None, str]:
    """The object that holds the list at a path, and the list's name."""
    above, _, name = path.rpartition(".")
    return root.find(above), name


def _rename(root: Part, owner: Part, twin: Part) -> None:
    """New ids for a copy and all it holds; what a copied stage holds keeps its own, as an id stands once in a stage."""
    if "id" not in twin.values or twin.of is Criterion:
        return
    twin.values["id"] = ""
    twin.values["id"] = _fresh(root, owner, twin)
    if twin.of is Stage:
        return
    for name in ("subcriteria", "aspects", "deductions"):
        for inner in twin.lists.get(name, []):
            _rename(root, twin, inner)


def _everything(part: Part) -> Iterator[Part]:
    yield part
    for items in part.lists.values():
        for item in items:
            yield from _everything(item)


def _fresh(root: Part, owner: Part, added: Part) -> str:
    """An id nothing of this kind has yet: A for modules, A1 for what stands in A."""
    taken = {one.values["id"] for one in _everything(root) if "id" in one.values}
    above = owner.values.get("id", "")
    if added.of is Module:
        return next(name for name in _lettered() if name not in taken)
    if added.of is Deduction:
        stem = f"{above}-" if owner.of is not Scheme else ""
        return _numbered(f"{stem}D" if not stem else f"{stem}d", taken)
    if added.of in (SubCriterion, Aspect):
        return _numbered(above if not re.search(r"\d$", above) else f"{above}.", taken)
    stems = {Stage: "stage", AwardLine: "award", Ranking: "ranking"}
    return _numbered(stems.get(added.of, "item"), taken)


def _numbered(stem: str, taken: set[str]) -> str:
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _lettered() -> Iterator[str]:
    yield from LETTERS
    number = 1
    while True:
        yield f"M{number}"
        number += 1
