"""Boards for everybody: the list, a board with its parts, and why somebody stands where they stand.

The first page of a public board is made once per revision and language and answered without touching the
database; whatever depends on the reader or on a question is rendered from the same board.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from litestar import Litestar, Request, get
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send

from contests.boards import Audience, Board, kept
from contests.boards.listing import SECTIONS, listed
from contests.boards.reading import own_number
from web.board_charts import charts_of
from web.board_views import Asked, asked, award_seats, view
from web.language import language, speaking
from web.live import Hub
from web.ready import Ready, Shelf, make_ready, send_ready
from web.templating import Page, page, render

PER_LIST = 30
HTML = "text/html; charset=utf-8"


@get("/boards")
async def board_list(request: Request[Any, Any, Any]) -> Page:
    """Boards by section; the finished ones by pages."""
    q, number = request.query_params.get("q", "").strip(), asked(request.scope["query_string"]).page
    found = {
        section: await listed(
            section,
            q,
            limit=PER_LIST,
            offset=(number - 1) * PER_LIST if section == "finished" else 0,
        )
        for section in SECTIONS
    }
    pages = max(1, -(-found["finished"].total // PER_LIST))
    return page("boards/list.html", sections=found, q=q, page=number, pages=pages)


NO_CHARTS = dict.fromkeys(("movement", "scatter", "stacked", "distribution"))


def board_context(board: Board, wanted: Asked, me: str = "") -> dict[str, Any]:
    """What the templates of a board read."""
    shown = view(board, wanted, me)
    return {
        "board": board,
        "about": board.about,
        "view": shown,
        "asked": wanted,
        "charts": charts_of(board, me) if board.rows.height and not wanted.filtered else NO_CHARTS,
        "seats": award_seats(board) if not wanted.filtered else ([], []),
    }


TEMPLATES = {"page": "boards/board.html", "rows": "boards/_part.html"}


async def ready_board(app: Litestar, kind: str, board: Board) -> Ready:
    """The first page (or only its live part) for strangers, in the language of the request."""
    wanted = language()

    def render_now() -> Ready:
        with speaking(wanted):
            path = f"/boards/{board.event_category}"
            text = render(
                TEMPLATES[kind],
                **board_context(board, Asked()),
                path=path,
                settings=app.state.settings,
            )
            return make_ready(text.encode(), board.tag, board.revision, HTML)

    shelf: Shelf = app.state.ready_boards
    key = (kind, board.event_category, wanted)
    return shelf.held(key, board.tag) or await shelf.get(
        key, board.tag, lambda: asyncio.to_thread(render_now)
    )


async def answer(kind: str, event_category: int, scope: Scope) -> ASGIApp:
    """What answers a request for the page or its live part: kept bytes for strangers, otherwise rendered."""
    board = kept.held(event_category) or await kept.board(event_category)
    account = scope["state"].get("account")
    if not scope["query_string"] and account is None:
        found = await ready_board(scope["litestar_app"], kind, board)
        return lambda scope, _receive, send: send_ready(found, scope, send)
    me = await own_number(account, event_category) if account is not None else ""
    made = page(
        TEMPLATES[kind],
        headers={"x-revision": str(board.revision), "cache-control": "private, no-cache"},
        **board_context(board, asked(scope["query_string"]), me),
    )
    request: Request[Any, Any, Any] = Request(scope)
    return made.to_asgi_response(app=None, request=request)


@get("/boards/{event_category:int}")
async def board_page(event_category: FromPath[int], scope: Scope) -> ASGIApp:
    return await answer("page", event_category, scope)


@get("/boards/{event_category:int}/rows")
async def board_rows(event_category: FromPath[int], scope: Scope) -> ASGIApp:
    """The live part of the page alone, as the stream's listeners ask for it."""
    return await answer("rows", event_category, scope)


@get("/boards/{event_category:int}/live")
async def board_live(event_category: FromPath[int], scope: Scope) -> ASGIApp:
    """The stream of a public board: `moved` with the revision before and after."""
    return await live_stream("public", event_category, scope)


async def live_stream(audience: Audience, event_category: int, scope: Scope) -> ASGIApp:
    board = await kept.board(event_category, audience)
    hub: Hub = scope["litestar_app"].state.hub
    since = scope["query_string"].partition(b"since=")[2].partition(b"&")[0]
    at = int(since) if since.isdigit() else board.revision

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await hub.stream((audience, event_category), at, board.revision, scope, receive, send)

    return stream


@contextlib.asynccontextmanager
async def keeping(app: Litestar) -> AsyncIterator[None]:
    """Boards, the answers made of them and the streams live as long as the application."""
    hub = app.state.hub = Hub()
    app.state.ready_boards = Shelf()
    revisions: dict[tuple[str, int], int] = {}

    async def hear(board: Board) -> None:
        topic = (board.audience, board.event_category)
        hub.tell(topic, revisions.get(topic, board.revision), board.revision)
        revisions[topic] = board.revision

    await kept.open()
    kept.hear(hear)
    beside = asyncio.create_task(hub.keep(app.state.stopping))
    try:
        yield
    finally:
        app.state.stopping.set()
        await beside
        await kept.close()


routes = [board_list, board_page, board_rows, board_live]
lifespan = [keeping]
