"""One sheet of one piece, cell by cell, for whoever reads it beside the paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contests.scoring.entering import shown
from contests.scoring.plans import Column, Plan
from contests.tables import Mark


@dataclass(frozen=True, slots=True)
class Line:
    """One cell as it stands in the record: `text` as score entry shows it, "" for none (version 0: never entered)."""

    column: Column
    version: int
    value: int | None
    blank: str | None
    text: str


async def lines_of(event_category: int, piece: int, plan: Plan) -> list[Line]:
    """The cells of a sheet in the order of its columns; deductions nobody gave are among them, empty."""
    rows = await marks_of(event_category, piece, plan)
    current = {(row["aspect"], row["judge"], row["attempt"]): row for row in rows if row["is_current"]}
    seats = {(row["aspect"], row["judge"]) for row in rows}
    found = []
    for column in plan.columns(seats):
        row = current.get((column.aspect.id, column.judge, column.attempt))
        value, blank = (row["value"], row["blank"]) if row else (None, None)
        found.append(
            Line(column, row["version"] if row else 0, value, blank, shown(value, blank, column.slot))
        )
    return found


async def marks_of(event_category: int, piece: int, plan: Plan) -> list[dict[str, Any]]:
    """Every version of every mark of a sheet."""
    aspects = [slot.aspect.id for slot in plan.slots]
    return await Mark.select().where(
        (Mark.event_category == event_category)
        & (Mark.piece == piece)
        & (Mark.stage == plan.stage)
        & Mark.aspect.is_in(aspects)
    )
