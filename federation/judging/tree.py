"""The scheme's tree as a flat plan: every node with its path, its children and the attempts it is counted in."""

from dataclasses import dataclass
from typing import Literal

from federation.judging.schemes import Aspect, Attempts, Deduction, Module, Scheme, Stage, SubCriterion

Level = Literal["deduction", "aspect", "subcriterion", "module", "stage"]
LEVELS: tuple[Level, ...] = ("aspect", "subcriterion", "module", "stage")
Definition = Aspect | Deduction | SubCriterion | Module | Stage


@dataclass(frozen=True, slots=True)
class Node:
    """`owner` is the path of the node, itself or above, whose attempts rule it falls under; None: no attempts."""

    path: str
    level: Level
    definition: Definition
    parent: str
    stage: str
    children: tuple[str, ...] = ()
    deductions: tuple[str, ...] = ()
    owner: str | None = None

    @property
    def attempts(self) -> Attempts | None:
        return None if isinstance(self.definition, Deduction) else self.definition.attempts

    @property
    def leaf(self) -> bool:
        return self.level in ("aspect", "deduction")


def plan(scheme: Scheme) -> dict[str, Node]:
    """All nodes by path, parents before children; the scheme's own deductions come last with parent ""."""
    nodes: dict[str, Node] = {}
    for stage in scheme.stages:
        _add(nodes, stage, "stage", "", stage.id, owner=None)
    for deduction in scheme.deductions:
        _add(nodes, deduction, "deduction", "", "", owner=None)
    return nodes


def _add(
    nodes: dict[str, Node],
    definition: Definition,
    level: Level,
    parent: str,
    stage: str,
    *,
    owner: str | None,
) -> str:
    path = f"{parent}/{definition.id}" if parent else definition.id
    if parent == "" and level == "deduction":
        path = f"/{definition.id}"
    if not isinstance(definition, Deduction) and definition.attempts:
        owner = path
    nodes[path] = Node(path, level, definition, parent, stage, owner=owner)
    children: list[str] = []
    deductions: tuple[Deduction, ...] = ()
    if isinstance(definition, Stage):
        children = [_add(nodes, module, "module", path, stage, owner=owner) for module in definition.modules]
    if isinstance(definition, Module):
        groups = definition.subcriteria
        children = [_add(nodes, group, "subcriterion", path, stage, owner=owner) for group in groups]
    if isinstance(definition, Module | SubCriterion):
        children += [_add(nodes, aspect, "aspect", path, stage, owner=owner) for aspect in definition.aspects]
    if isinstance(definition, Stage | Module | SubCriterion):
        deductions = definition.deductions
    taken = tuple(_add(nodes, deduction, "deduction", path, stage, owner=owner) for deduction in deductions)
    nodes[path] = Node(path, level, definition, parent, stage, tuple(children), taken, owner)
    return path
