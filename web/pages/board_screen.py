"""The hall screen: ten lines a page, turning by itself, never more than the public board shows."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from contests.boards import Board, kept
from web.board_charts import counted, movement_of
from web.board_views import Asked, asked, view
from web.formats import clock, named
from web.language import _
from web.templating import Page, page
from web.wording import say

PER_PAGE = 10
MOST_PAGES = 20
"""A hall reads the first two hundred; the others look on their phones."""


def _context(board: Board, number: int, host: str) -> dict[str, Any]:
    pages = min(MOST_PAGES, max(1, -(-board.rows.height // PER_PAGE)))
    number = (number - 1) % pages + 1
    shown = view(board, Asked(page=number), per_page=PER_PAGE)
    heads, parts = _parts(board, shown.rows)
    done = [
        {"name": named(column, "title"), "done": board.rows.height - board.rows[f"m{at}"].null_count()}
        for at, column in enumerate(board.columns)
    ]
    return {
        "board": board,
        "about": board.about,
        "view": shown,
        "heads": heads,
        "parts": parts,
        "movement": movement_of(board) if board.rows.height else None,
        "progress": done,
        "number_shown": number,
        "pages": pages,
        "frozen": _frozen(board),
        "note": _note(board),
        "address": f"{host}/boards/{board.event_category}",
    }


def _parts(board: Board, rows: list[Any]) -> tuple[list[str], dict[str, list[int | None]]]:
    """Up to three modules as they are; more are shown as the first and the sum of the others, as they count."""
    columns = board.columns
    if len(columns) <= 3:
        return [named(one, "title") for one in columns], {row.number: row.cells for row in rows}
    cells = {}
    for row in rows:
        rest = [counted(cell, columns[at]) for at, cell in enumerate(row.cells) if at and cell is not None]
        first = row.cells[0]
        cells[row.number] = [
            None if first is None else counted(first, columns[0]),
            sum(one for one in rest if one is not None) if rest else None,
        ]
    return [named(columns[0], "title"), _("其余模块")], cells


def _frozen(board: Board) -> str:
    if board.shows == "sealed":
        return _("榜单已封")
    if board.publication:
        kind = say(f"publication.{board.publication['kind']}")
        return f"{kind} {clock(board.publication['at'])}"
    return ""


def _note(board: Board) -> str:
    if board.state == "marking" and board.shows == "live":
        return _("随录入更新，最终名次以公布为准")
    return {"provisional": _("初步成绩"), "notice": _("公示中"), "final": _("正式成绩")}.get(board.state, "")


@get("/boards/{event_category:int}/screen")
async def screen(event_category: FromPath[int], request: Request[Any, Any, Any]) -> Page:
    board = await kept.board(event_category)
    return page("boards/screen.html", **_context(board, _number(request), _host(request)))


@get("/boards/{event_category:int}/screen/page")
async def screen_page(event_category: FromPath[int], request: Request[Any, Any, Any]) -> Page:
    """One page of it; `X-Page` says which, since behind the last comes the first."""
    board = await kept.board(event_category)
    context = _context(board, _number(request), _host(request))
    headers = {"x-page": str(context["number_shown"]), "x-revision": str(board.revision)}
    return page("boards/_screen_page.html", headers=headers, **context)


def _number(request: Request[Any, Any, Any]) -> int:
    return asked(request.scope["query_string"]).page


def _host(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("host", "")


routes = [screen, screen_page]
