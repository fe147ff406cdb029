"""Boards as data: /api/v1/boards, one board whole, and its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.params import FromPath
from litestar.types import ASGIApp, Scope

from contests import programme
from contests.boards import Board, kept
from contests.boards.listing import SECTIONS, listed
from contests.boards.reading import told
from contests.rules import may_see_staff_board
from federation.refusals import NotFound
from web.board_files import as_csv, as_json, as_xlsx
from web.board_told import explained
from web.board_views import asked
from web.guards import viewer
from web.ready import Ready, make_ready, send_ready
from web.templating import viewer as optional_viewer

PER_PAGE = 100
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAKERS: dict[str, Callable[[Board], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


@get("/api/v1/boards")
async def boards(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Boards that are running, under notice and finished; `q` searches, `page` turns the finished ones."""
    words, number = request.query_params.get("q", ""), asked(request.scope["query_string"]).page
    found: dict[str, Any] = {}
    for section in SECTIONS:
        offset = (number - 1) * PER_PAGE if section == "finished" else 0
        part = await listed(section, words, limit=PER_PAGE, offset=offset)
        found[section] = {"total": part.total, "boards": part.rows}
    return found


async def ready_json(app: Litestar, board: Board) -> Ready:
    async def make() -> Ready:
        return await asyncio.to_thread(
            lambda: make_ready(as_json(board), board.tag, board.revision, "application/json")
        )

    return await app.state.ready_boards.get(("json", board.event_category), board.tag, make)


@get("/api/v1/boards/{event_category:int}")
async def board_data(event_category: FromPath[int], scope: Scope) -> ASGIApp:
    """The whole board the public may see, with an ETag that moves with its revision."""
    board = kept.held(event_category) or await kept.board(event_category)
    shelf = scope["litestar_app"].state.ready_boards
    found = shelf.held(("json", event_category), board.tag) or await ready_json(scope["litestar_app"], board)
    return lambda scope, _receive, send: send_ready(found, scope, send)


@get("/api/v1/boards/{event_category:int}/entries/{number:str}")
async def board_entry(
    event_category: FromPath[int], number: FromPath[str], request: Request[Any, Any, Any]
) -> dict[str, Any]:
    """One line of a board explained: the total taken apart, the reason for the place, the award.

    As deep as the page of the same entry: single marks of judges only for those who work on the board.
    """
    board = await kept.board(event_category)
    if not board.rows.height:
        raise NotFound("board")
    about = await told(board, number)
    staff = may_see_staff_board(optional_viewer(request), board.about["ground"])
    return explained(about, judges=staff)


@get([f"/boards/{{event_category:int}}/export.{form}" for form in MAKERS])
async def board_file(event_category: FromPath[int], request: Request[Any, Any, Any]) -> Response[bytes]:
    return await _file(await kept.board(event_category), request)


@get([f"/work/boards/{{event_category:int}}/export.{form}" for form in MAKERS])
async def staff_file(event_category: FromPath[int], request: Request[Any, Any, Any]) -> Response[bytes]:
    await programme.event_category_for(viewer(request), event_category, may_see_staff_board)
    return await _file(await kept.board(event_category, "staff"), request)


async def _file(board: Board, request: Request[Any, Any, Any]) -> Response[bytes]:
    form = str(request.scope["path"]).rpartition(".")[2]
    if not board.rows.height:
        raise NotFound("board")
    content = await asyncio.to_thread(MAKERS[form], board)
    name = f"board-{board.event_category}-{board.revision}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-cache"}
    return Response(content, media_type=MEDIA[form], headers=headers)


routes = [boards, board_data, board_entry, board_file, staff_file]
