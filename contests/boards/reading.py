"""What pages ask beside the board itself: the reader's own number, an entry explained."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.boards.keeping import kept
from contests.boards.snapshots import Board
from contests.ranking import Gathered, modules_of
from contests.tables import Entry
from federation.accounts import Viewer
from federation.judging import (
    AwardReason,
    Explanation,
    Outcome,
    Reason,
    explain,
    explain_award,
    explain_place,
)
from federation.judging.schemes import aspects_of, deductions_of
from federation.refusals import NotFound


async def own_number(viewer: Viewer, event_category: int) -> str:
    """The number of the viewer's own entry here, or nothing."""
    if viewer.worker is None:
        return ""
    row = (
        await Entry.select(Entry.number)
        .where(
            (Entry.event_category == event_category)
            & (Entry.worker == viewer.worker)
            & (Entry.state == "approved")
        )
        .first()
    )
    return (row["number"] or "") if row else ""


@dataclass(frozen=True)
class Told:
    """Why an entry stands where it does. `tree` is None where marks were corrected after the board was published, so
    that the marks no longer add up to what it shows. `other`: the number of the entry compared with."""

    board: Board
    row: Mapping[str, Any]
    tree: Explanation | None
    reason: Reason | None
    other: str
    titles: dict[str, tuple[str, str]]
    award: AwardReason | None = None


async def told(board: Board, number: str) -> Told:
    """Explain one line of a board. Raises NotFound for a number that is not on it."""
    at = board.position.get(number)
    if at is None:
        raise NotFound("board_entry", number=number)
    row = board.rows.row(at, named=True)
    source = board.source
    if source is None:
        source = (await kept.board(board.event_category, "staff")).source
    if source is None:
        return Told(board, row, None, None, "", {})
    return await asyncio.to_thread(_tell, board, row, *source)


def _tell(board: Board, row: Mapping[str, Any], gathered: Gathered, outcome: Outcome) -> Told:
    people = gathered.people
    entry = people.filter(pl.col("number") == row["number"])["entry"]
    titles = titles_of(gathered)
    if not entry.len():
        return Told(board, row, None, None, "", titles)
    now = outcome.places.filter(pl.col("entry") == entry[0]).row(0, named=True)
    if (now["total"], now["place"]) != (row["total"], row["place"]):
        return Told(board, row, None, None, "", titles)
    reason = explain_place(outcome, int(entry[0]))
    other = people.filter(pl.col("entry") == reason.other)["number"] if reason.other is not None else None
    return Told(
        board,
        row,
        explain(outcome, int(entry[0])),
        reason,
        (other[0] or "") if other is not None and other.len() else "",
        titles,
        explain_award(outcome, int(entry[0])),
    )


def titles_of(gathered: Gathered) -> dict[str, tuple[str, str]]:
    """Titles of the parts of a scheme by id, Chinese and English."""
    scheme = gathered.scheme
    parts: list[Any] = [*scheme.stages, *scheme.deductions]
    for stage, module in modules_of(scheme):
        parts += [module, *module.subcriteria, *aspects_of(module), *deductions_of(stage)]
    return {part.id: (part.title or part.id, part.title_en) for part in parts}
