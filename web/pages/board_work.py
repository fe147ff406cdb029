"""The board for those who work on it: full names, what is missing, and the acts of publishing and withdrawing."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ASGIApp, Scope

from contests import programme, publication, states
from contests.boards import kept
from contests.boards.contents import KINDS
from contests.rules import may_see_staff_board
from federation.findings import Finding
from federation.refusals import Invalid
from web.board_views import asked, view
from web.filled import Filled
from web.guards import viewer
from web.pages.boards import live_stream
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]


async def _context(request: Asking, event_category: int) -> dict[str, Any]:
    """What the template reads. Raises SignInNeeded, Forbidden, NotFound."""
    person = viewer(request)
    await programme.event_category_for(person, event_category, may_see_staff_board)
    board = await kept.settled(event_category, "staff")
    wanted = asked(request.scope["query_string"])
    row = await programme.event_category(event_category)
    acts = [act for act in states.acts_from(person, row["ground"], row["state"]) if act.by_publication]
    return {
        "board": board,
        "about": board.about,
        "view": view(board, wanted),
        "asked": wanted,
        "publications": await publication.publications(event_category),
        "acts": [(act, await states.findings_for(row, act)) for act in acts],
        "kinds": {f"publish_{kind}": kind for kind in KINDS},
    }


@get("/work/boards/{event_category:int}")
async def staff_board(event_category: FromPath[int], request: Asking) -> Page:
    return page("boards/work.html", form=Filled(), tried="", **await _context(request, event_category))


@get("/work/boards/{event_category:int}/rows")
async def staff_rows(event_category: FromPath[int], request: Asking) -> Page:
    context = await _context(request, event_category)
    headers = {"x-revision": str(context["board"].revision)}
    return page("boards/_work_rows.html", headers=headers, **context)


@get("/work/boards/{event_category:int}/live")
async def staff_live(event_category: FromPath[int], request: Asking, scope: Scope) -> ASGIApp:
    await programme.event_category_for(viewer(request), event_category, may_see_staff_board)
    return await live_stream("staff", event_category, scope)


@post("/work/boards/{event_category:int}/{act:str}", status_code=200)
async def act_on_board(event_category: FromPath[int], act: FromPath[str], request: Asking) -> Page | Redirect:
    """Publish (`publish_notice` …) or `withdraw`, confirmed and with a reason."""
    form = await request.form()
    reason, sending = str(form.get("reason", "")).strip(), str(form.get("sending", "")) or None
    kinds = {f"publish_{kind}": kind for kind in KINDS}
    person = viewer(request)
    try:
        if not form.get("confirmed"):
            raise Invalid([Finding("board.not_confirmed", place="confirmed")])
        if act == "withdraw":
            await publication.withdraw(person, event_category, reason, sending=sending)
            return see(f"/work/boards/{event_category}", done="done.board_withdrawn")
        await publication.publish(
            person,
            event_category,
            kinds.get(act, "final"),
            reason=reason,
            announce=bool(form.get("announce")),
            sending=sending,
        )
        return see(f"/work/boards/{event_category}", done="done.board_published")
    except Invalid as refused:
        typed = {"reason": reason, "confirmed": form.get("confirmed"), "announce": form.get("announce")}
        filled = Filled(typed, refused.findings)
        context = await _context(request, event_category)
        return page("boards/work.html", status=422, form=filled, tried=act, **context)


routes = [staff_board, staff_rows, staff_live, act_on_board]
