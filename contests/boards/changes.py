"""What one publication shows otherwise than the one before: exactly the rows that changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.privacy import mask_name

COMPARED = ("name", "delegation", "place", "total", "award", "status")
"""Fields whose change is told, in this order; then the modules by their id."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row: `field` is one of COMPARED or "module:<id>"; marks are scaled."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row. kind: changed, appeared, left. `name` as the newer publication that has the row shows it."""

    kind: str
    number: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`unmasked`, `masked`: names stand in full now, or not any more; neither by itself changes a row."""

    rows: tuple[RowChange, ...] = ()
    unmasked: bool = False
    masked: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """From one content to the next. Rows come in the order of the newer board, those that left at the end."""
    old, new = _rows(before), _rows(after)
    found: list[RowChange] = []
    unmasked = masked = False
    for number, row in new.items():
        if number not in old:
            cells = tuple(Cell(field, None, value) for field, value in row.items() if value not in (None, ""))
            found.append(RowChange("appeared", number, str(row["name"]), cells))
            continue
        cells = _cells(old[number], row)
        before, after = str(old[number]["name"]), str(row["name"])
        if before != after and (before == mask_name(after) or after == mask_name(before)):
            unmasked, masked = unmasked or before == mask_name(after), masked or after == mask_name(before)
            cells = tuple(cell for cell in cells if cell.field != "name")
        if cells:
            found.append(RowChange("changed", number, str(row["name"]), cells))
    for number, row in old.items():
        if number not in new:
            cells = tuple(Cell(field, value, None) for field, value in row.items() if value not in (None, ""))
            found.append(RowChange("left", number, str(row["name"]), cells))
    return Changes(tuple(found), unmasked, masked)


def _rows(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Number → what is compared. A row without a number is known by its position."""
    fields = content["fields"]
    modules = {f"m{at}": f"module:{column['id']}" for at, column in enumerate(content["columns"])}
    found = {}
    for at, values in enumerate(content["rows"], 1):
        row = dict(zip(fields, values, strict=True))
        kept = {field: row.get(field) for field in COMPARED}
        kept |= {name: row[field] for field, name in modules.items() if field in row}
        found[str(row.get("number") or f"#{at}")] = kept
    return found


def _cells(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Cell, ...]:
    fields = [*after, *(field for field in before if field not in after)]
    return tuple(
        Cell(field, before.get(field), after.get(field))
        for field in fields
        if before.get(field) != after.get(field)
    )
