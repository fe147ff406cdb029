"""Publications as a template reads them: each with what it shows otherwise than the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contests.boards.changes import Cell, RowChange, changes
from web.formats import named, points
from web.language import _
from web.wording import say

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class CellView:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """kind: changed, appeared, left."""

    kind: str
    number: str
    name: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """`changed` is None for the first publication and where contents are not shown. `more`: rows not listed."""

    row: Mapping[str, Any]
    before: int | None = None
    changed: tuple[ChangeView, ...] | None = None
    more: int = 0
    unmasked: bool = False
    masked: bool = False


def published_views(rows: Sequence[Mapping[str, Any]]) -> list[Published]:
    """From the oldest to the newest, as given."""
    made: list[Published] = []
    last: tuple[int, dict[str, Any]] | None = None
    for row in rows:
        content = json.loads(row["content"])
        if last is None:
            made.append(Published(row))
        else:
            found = changes(last[1], content)
            words = _Words(last[1], content)
            listed = tuple(words.change(one) for one in found.rows[:MOST_ROWS])
            more = len(found.rows) - len(listed)
            made.append(Published(row, last[0], listed, more, found.unmasked, found.masked))
        last = row["number"], content
    return made


class _Words:
    """The names that two contents give their codes."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        both = (before, after)
        self.decimals = after["decimals"]
        self.modules = {one["id"]: named(one, "title") for content in both for one in content["columns"]}
        self.awards = {one["id"]: named(one, "title") for content in both for one in content["lines"]}
        self.delegations = {one["code"]: named(one) for content in both for one in content["delegations"]}

    def change(self, row: RowChange) -> ChangeView:
        return ChangeView(row.kind, row.number, row.name, tuple(self.cell(one) for one in row.cells))

    def cell(self, cell: Cell) -> CellView:
        kind, _colon, module = cell.field.partition(":")
        label = self.modules.get(module, module) if kind == "module" else say(f"changed.{kind}")
        return CellView(label, self.value(kind, cell.before), self.value(kind, cell.after))

    def value(self, kind: str, value: Any) -> str:
        if value in (None, ""):
            return _("无")
        if kind in ("total", "module"):
            return points(value, self.decimals)
        if kind == "award":
            return self.awards.get(value, str(value))
        if kind == "delegation":
            return self.delegations.get(value, str(value))
        return say(f"standing.{value}") if kind == "status" else str(value)
