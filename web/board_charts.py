"""Which charts a board has, with their words; the figures themselves are web.charts.boards."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from contests.boards import Board, Column
from federation.judging.frames import SCALE
from web.charts.boards import (
    SCATTERED,
    Charted,
    distribution,
    first_against_rest,
    movement,
    stacked,
)
from web.formats import named
from web.language import _, language

_made: WeakKeyDictionary[Board, dict[tuple[str, str], dict[str, Any]]] = WeakKeyDictionary()


def charts_of(board: Board, me: str = "") -> dict[str, Any]:
    """name → {figure, table} of the charts, None for those the board has not enough for. Made once per board."""
    made = _made.setdefault(board, {})
    key = (language(), me if me in board.position else "")
    if key not in made:
        made[key] = _charts(board, key[1])
    return made[key]


def _charts(board: Board, me: str) -> dict[str, Any]:
    rows = charted(board, SCATTERED, me)
    modules = [named(column, "title") for column in board.columns]
    begun = _begun(board)
    totals = [total for total in board.rows["total"].to_list() if total is not None]
    own = next((row.total for row in rows if me and row.number == me), None)
    rest = modules[1] if len(modules) == 2 else _("其余模块")
    made = {
        "movement": movement(rows, [modules[at] for at in begun], _("参赛号"), me),
        "stacked": stacked(rows, modules, _("参赛号"), _("总分")),
        "distribution": distribution(totals, _("总分"), _("人数"), own, _("我")),
        "scatter": first_against_rest(
            rows,
            [named(line, "title") for line in board.lines],
            (modules[0] if modules else "", rest, _("其他"), _("总分"), _("参赛号")),
        ),
    }
    return {name: {"figure": one[0], "table": one[1]} if one else None for name, one in made.items()}


def movement_of(board: Board) -> dict[str, Any] | None:
    """The chart of the hall screen."""
    modules = [named(board.columns[at], "title") for at in _begun(board)]
    made = movement(charted(board, 6), modules, _("参赛号"), big=True)
    return {"figure": made[0], "table": made[1]} if made else None


def place_of(board: Board, total: int | None) -> dict[str, Any] | None:
    """The distribution with one total marked."""
    totals = [one for one in board.rows["total"].to_list() if one is not None]
    made = distribution(totals, _("总分"), _("人数"), total, _("总分"))
    return {"figure": made[0], "table": made[1]} if made else None


def _begun(board: Board) -> list[int]:
    return [at for at in range(len(board.columns)) if board.rows[f"m{at}"].null_count() < board.rows.height]


def charted(board: Board, most: int, me: str = "") -> list[Charted]:
    """The first rows, and the reader's own, as charts read them."""
    part = board.rows.head(most)
    own = board.position.get(me) if me else None
    if own is not None and own >= most:
        part = part.vstack(board.rows.slice(own, 1))
    order = {line.id: number for number, line in enumerate(board.lines)}
    after = range(1, board.stages_begun + 1)
    return [
        Charted(
            row["number"] or "",
            row["name"],
            row["place"],
            row["total"],
            order.get(row["award"]),
            tuple(counted(row[f"m{at}"], column) for at, column in enumerate(board.columns)),
            tuple(row[f"a{at}"] for at in after),
        )
        for row in part.to_dicts()
    ]


def counted(score: int | None, column: Column) -> int | None:
    """A module's score as it counts in the total."""
    return None if score is None else score * column.weight // SCALE
