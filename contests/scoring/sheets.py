"""Reading sheets: the grid of one module, what moved in it, and the sheets a person works on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from contests import schemes
from contests.programme import event_category_for
from contests.rules import Ground, may_correct_marks, may_enter_marks, may_referee
from contests.scoring.entering import shown
from contests.scoring.plans import Column, Plan, plan_of, plans_of
from contests.states import CORRECTABLE, MARKABLE
from contests.tables import Dispute, EventCategory
from federation.accounts import Viewer
from federation.database import frame
from federation.judging import Scheme, score
from federation.refusals import NotFound

PAGE = 150
"""Rows of a sheet on one page; more would make the grid slow under the fingers."""

_CELLS = {
    "id": pl.Int64,
    "piece": pl.Int64,
    "aspect": pl.String,
    "judge": pl.String,
    "attempt": pl.Int32,
    "version": pl.Int64,
    "value": pl.Int64,
    "blank": pl.String,
    "account": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; version 0 is a cell nobody touched. `text` is as shown, `blank` a code or ""."""

    key: str
    version: int = 0
    text: str = ""
    blank: str = ""
    account: int | None = None

    @property
    def is_filled(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A value that waits for a choice, beside the one that stands in its cell."""

    id: int
    key: str
    offered: str
    offered_by: str
    offered_at: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One piece, known by its number only."""

    piece: int
    number: str
    standing: str
    cells: tuple[Cell, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sheet is: cells filled of cells asked for; pieces that do not compete are not asked."""

    plan: Plan
    done: int
    asked: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One module of an event category as a grid. `cursor` is the newest mark in it, for `moved`."""

    category: dict[str, Any]
    scheme: Scheme
    plan: Plan
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    page: int
    pages: int
    progress: tuple[Progress, ...]
    column_progress: tuple[tuple[Column, int], ...]
    pieces: int
    disputes: tuple[OpenDispute, ...]
    cursor: int
    editable: bool
    needs_reason: bool
    may_referee: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed on a page of a sheet since a cursor."""

    cursor: int
    revision: int
    state: str
    cells: tuple[Cell, ...] = ()
    totals: dict[int, int | None] = field(default_factory=dict)
    standings: dict[int, str] = field(default_factory=dict)
    disputes: tuple[OpenDispute, ...] = ()


async def sheet(viewer: Viewer, event_category_id: int, key: str, page: int = 1, find: str = "") -> Sheet:
    """The grid of one module: pieces by number × aspects, judges and attempts.

    `find` opens the page that holds this number. Raises NotFound, Forbidden.
    """
    category = await event_category_for(viewer, event_category_id, may_enter_marks)
    scheme = await schemes.scheme_of(event_category_id)
    plan = plan_of(scheme, key)
    if plan is None:
        raise NotFound("sheet", sheet=key)
    pieces = await pieces_by_number(event_category_id)
    pages = max(1, -(-len(pieces) // PAGE))
    wanted = next((n for n, one in enumerate(pieces) if plain(one[1]) == plain(find)), None) if find else None
    page = min(max(1, wanted // PAGE + 1 if wanted is not None else page), pages)
    shown_here = pieces[(page - 1) * PAGE : page * PAGE]
    marks = await _marks(event_category_id, plan.stage, plan, [one[0] for one in shown_here])
    counts = await _counts(event_category_id)
    seats = {(aspect, judge) for stage, aspect, judge, _ in counts if stage == plan.stage}
    columns = plan.columns(seats)
    cells = {cell.key: cell for cell in marks}
    totals = await totals_of(scheme, plan, event_category_id, [one[0] for one in shown_here])
    rows = tuple(
        Row(
            piece,
            number,
            standing,
            tuple(cells.get(f"{piece}:{column.key}", Cell(f"{piece}:{column.key}")) for column in columns),
            totals.get(piece),
        )
        for piece, number, standing in shown_here
    )
    competing = sum(1 for one in pieces if not one[2])
    ground = category["ground"]
    return Sheet(
        category,
        scheme,
        plan,
        columns,
        rows,
        page,
        pages,
        tuple(_progress(one, counts, competing) for one in plans_of(scheme)),
        tuple(
            (column, counts.get((plan.stage, column.aspect.id, column.judge, column.attempt), 0))
            for column in columns
        ),
        competing,
        await open_disputes(event_category_id, plan),
        await _cursor(event_category_id),
        category["state"] in MARKABLE
        or (category["state"] in CORRECTABLE and may_correct_marks(viewer, ground)),
        category["state"] in CORRECTABLE,
        may_referee(viewer, ground),
    )


async def moved(viewer: Viewer, event_category_id: int, key: str, since: int) -> Moved:
    """Cells of a sheet that changed after the cursor `since`, the totals of their rows, standings and disputes."""
    category = await event_category_for(viewer, event_category_id, may_enter_marks)
    scheme = await schemes.scheme_of(event_category_id)
    plan = plan_of(scheme, key)
    if plan is None:
        raise NotFound("sheet", sheet=key)
    cursor = await _cursor(event_category_id)
    cells = await _marks(event_category_id, plan.stage, plan, None, since) if cursor > since else ()
    touched = sorted({int(cell.key.split(":")[0]) for cell in cells})
    standings = await frame(
        "SELECT id, standing FROM piece WHERE event_category = ? AND standing <> ''",
        {"id": pl.Int64, "standing": pl.String},
        event_category_id,
    )
    return Moved(
        cursor,
        category["revision"],
        category["state"],
        cells,
        await totals_of(scheme, plan, event_category_id, touched),
        dict(standings.iter_rows()),
        await open_disputes(event_category_id, plan),
    )


async def totals(
    viewer: Viewer, event_category_id: int, key: str, pieces: Iterable[int]
) -> dict[int, int | None]:
    """The scores of a module (scaled) of these pieces, for whoever may see the sheet."""
    await event_category_for(viewer, event_category_id, may_enter_marks)
    scheme = await schemes.scheme_of(event_category_id)
    plan = plan_of(scheme, key)
    return await totals_of(scheme, plan, event_category_id, pieces) if plan else {}


async def stage_of(event_category_id: int, key: str) -> str:
    """The stage whose marks a sheet holds, as marks store it. Raises NotFound."""
    plan = plan_of(await schemes.scheme_of(event_category_id), key)
    if plan is None:
        raise NotFound("sheet", sheet=key)
    return plan.stage


async def pieces_by_number(event_category_id: int) -> list[tuple[int, str, str]]:
    """(piece, number, standing) of the pieces in the order people count: 2 before 10."""
    rows = await frame(
        "SELECT id, number, standing FROM piece WHERE event_category = ?",
        {"id": pl.Int64, "number": pl.String, "standing": pl.String},
        event_category_id,
    )
    return sorted(rows.iter_rows(), key=lambda row: natural(row[1]))


def natural(number: str) -> list[tuple[int, int, str]]:
    """The order in which people count numbers: 2 before 10."""
    parts = re.findall(r"\d+|\D+", number)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


def plain(number: str) -> str:
    """A number as people type it: `k02` finds K-02."""
    return re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", number.upper())


async def _marks(
    event_category_id: int, stage: str, plan: Plan, pieces: Sequence[int] | None, since: int = 0
) -> tuple[Cell, ...]:
    if pieces is not None and not pieces:
        return ()
    within = f" AND piece IN ({', '.join(str(int(one)) for one in pieces)})" if pieces is not None else ""
    rows = await frame(
        "SELECT id, piece, aspect, judge, attempt, version, value, blank, account FROM mark"
        f" WHERE event_category = ? AND is_current AND stage = ? AND id > ?{within}",
        _CELLS,
        event_category_id,
        stage,
        since,
    )
    slots = {slot.aspect.id: slot for slot in plan.slots}
    return tuple(
        Cell(
            f"{row['piece']}:{row['aspect']}:{row['judge']}:{row['attempt']}",
            row["version"],
            shown(row["value"], row["blank"], slots[row["aspect"]]),
            "" if row["blank"] in (None, "pending") else row["blank"],
            row["account"],
        )
        for row in rows.iter_rows(named=True)
        if row["aspect"] in slots
    )


async def _cursor(event_category_id: int) -> int:
    """Marks of one event category get their ids under its lock, so they appear in the order of their ids."""
    newest = await frame(
        "SELECT coalesce(max(id), 0) FROM mark WHERE event_category = ?", {"id": pl.Int64}, event_category_id
    )
    return int(newest["id"][0])


async def _counts(event_category_id: int) -> dict[tuple[str, str, str, int], int]:
    """(stage, aspect, judge, attempt) → marks that are in, of pieces that compete."""
    rows = await frame(
        "SELECT m.stage, m.aspect, m.judge, m.attempt, count(*) FROM mark m JOIN piece p ON p.id = m.piece"
        " WHERE m.event_category = ? AND m.is_current AND p.standing = ''"
        " AND (m.blank IS NULL OR m.blank <> 'pending') GROUP BY 1, 2, 3, 4",
        {"stage": pl.String, "aspect": pl.String, "judge": pl.String, "attempt": pl.Int32, "n": pl.Int64},
        event_category_id,
    )
    return {(stage, aspect, judge, attempt): n for stage, aspect, judge, attempt, n in rows.iter_rows()}


def _progress(plan: Plan, counts: dict[tuple[str, str, str, int], int], pieces: int) -> Progress:
    seats = {(aspect, judge) for stage, aspect, judge, _ in counts if stage == plan.stage}
    columns = plan.columns(seats)
    done = sum(counts.get((plan.stage, one.aspect.id, one.judge, one.attempt), 0) for one in columns)
    asked = sum(not one.slot.is_deduction for one in columns) * pieces
    return Progress(plan, min(done, asked), asked)


async def open_disputes(event_category_id: int, plan: Plan) -> tuple[OpenDispute, ...]:
    """The values of this sheet that wait for a choice, oldest first."""
    rows = (
        await Dispute.select()
        .where(
            (Dispute.event_category == event_category_id)
            & (Dispute.stage == plan.stage)
            & Dispute.settled_at.is_null()
        )
        .order_by(Dispute.id)
    )
    slots = {slot.aspect.id: slot for slot in plan.slots}
    return tuple(
        OpenDispute(
            row["id"],
            f"{row['piece']}:{row['aspect']}:{row['judge']}:{row['attempt']}",
            shown(row["value"], row["blank"], slots[row["aspect"]]),
            row["actor"],
            row["at"],
        )
        for row in rows
        if row["aspect"] in slots
    )


async def totals_of(
    scheme: Scheme, plan: Plan, event_category_id: int, pieces: Iterable[int]
) -> dict[int, int | None]:
    """Each piece's score of this module (scaled), by the same arithmetic as the board; None: nothing marked."""
    ids = list(pieces)
    if not ids or (plan.maximum is None and "/" not in plan.node):
        return {}
    marks = await frame(
        "SELECT piece AS entry, stage, aspect, judge, attempt, value, blank FROM mark WHERE event_category = ?"
        f" AND is_current AND piece IN ({', '.join(str(int(one)) for one in ids)})",
        {
            "entry": pl.Int64,
            "stage": pl.String,
            "aspect": pl.String,
            "judge": pl.String,
            "attempt": pl.Int32,
            "value": pl.Int64,
            "blank": pl.String,
        },
        event_category_id,
    )
    known = marks.filter(
        pl.col("stage") == plan.stage, pl.col("aspect").is_in([s.aspect.id for s in plan.slots])
    )
    if known.is_empty():
        return dict.fromkeys(ids)
    scores = score(scheme, known, pl.DataFrame({"entry": ids}, schema={"entry": pl.Int64}))
    module = scores.filter((pl.col("node") == plan.node) & (pl.col("attempt") == 0))
    if module.is_empty():
        module = scores.filter(pl.col("node") == plan.node).group_by("entry").agg(pl.col("score").max())
    marked = set(known.filter(pl.col("value").is_not_null())["entry"].to_list())
    found = dict(module.select("entry", "score").iter_rows())
    return {piece: found.get(piece) if piece in marked else None for piece in ids}


@dataclass(frozen=True, slots=True)
class Work:
    """An event category somebody enters marks for, with its sheets."""

    category: dict[str, Any]
    sheets: tuple[Progress, ...]
    pieces: int
    disputes: int


async def my_sheets(viewer: Viewer) -> list[Work]:
    """The sheets of the event categories this person may mark now: those open first, then those to correct."""
    rows = await EventCategory.select(
        EventCategory.id,
        EventCategory.category,
        EventCategory.state,
        EventCategory.scheme,
        EventCategory.event.name.as_alias("event_name"),
        EventCategory.event.name_en.as_alias("event_name_en"),
        EventCategory.event.contest.as_alias("contest"),
        EventCategory.event.contest.code.as_alias("contest_code"),
        EventCategory.event.contest.name.as_alias("contest_name"),
        EventCategory.event.contest.name_en.as_alias("contest_name_en"),
        EventCategory.event.contest.host.path.as_alias("host_path"),
    ).where(EventCategory.state.is_in([*MARKABLE, *CORRECTABLE]))
    work = []
    for row in rows:
        ground = Ground(row["contest"], row["host_path"], row["id"])
        rule = may_enter_marks if row["state"] in MARKABLE else may_correct_marks
        if row["scheme"] is None or not rule(viewer, ground):
            continue
        counts = await _counts(row["id"])
        pieces = sum(1 for one in await pieces_by_number(row["id"]) if not one[2])
        disputes = await Dispute.count().where(
            (Dispute.event_category == row["id"]) & Dispute.settled_at.is_null()
        )
        plans = plans_of(await schemes.edition(row["scheme"]))
        work.append(Work(row, tuple(_progress(plan, counts, pieces) for plan in plans), pieces, disputes))
    return sorted(work, key=lambda one: (one.category["state"] not in MARKABLE, one.category["id"]))
