"""Reading out a publication: the wall, the announcer's phone, and the desk that opens it.

The wall shows nothing that was not revealed. Whoever has the link steps on, from the phone or on the wall's keyboard.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any, Literal

import segno
from litestar import Litestar, Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Scope, Send

from contests import announcing, programme
from contests.announcing import Showing
from contests.publication import publications
from contests.rules import may_publish
from federation import notices
from federation.findings import Finding
from federation.notices import AnnouncementMoved, BoardPublished
from federation.refusals import Conflict, NotFound
from web.filled import Filled
from web.guards import signed_in, viewer
from web.language import N_, link
from web.live import Hub
from web.menu import Door
from web.templating import Page, page, see

log = logging.getLogger(__name__)

Asking = Request[Any, Any, Any]
DESK = "/work/event-categories/{event_category:int}/announcer"
NO_STORE = {"cache-control": "no-store"}
POLL = 0.5
"""Seconds between looks for what other processes changed."""


def _shown(template: str, found: Showing, remote: str = "", **more: Any) -> Page:
    headers = {**NO_STORE, "x-revision": str(found.revision)}
    return page(template, headers=headers, showing=found, about=found.about, remote=remote, **more)


@get("/boards/{event_category:int}/announcer")
async def wall(event_category: FromPath[int]) -> Page:
    """The wall as anybody may look at it."""
    return _shown("announcer/screen.html", await announcing.showing(event_category))


@get("/boards/{event_category:int}/announcer/part")
async def wall_part(event_category: FromPath[int]) -> Page:
    return _shown("announcer/_wall.html", await announcing.showing(event_category))


@get("/boards/{event_category:int}/announcer/live")
async def wall_live(event_category: FromPath[int], scope: Scope) -> ASGIApp:
    """The stream of the wall and the remotes: `moved` with every step."""
    hub: Hub = scope["litestar_app"].state.hub
    found = await announcing.showing(event_category)
    since = scope["query_string"].partition(b"since=")[2].partition(b"&")[0]
    at = int(since) if since.isdigit() and len(since) < 12 else found.revision

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        await hub.stream(("announcer", event_category), at, found.revision, scope, receive, send)

    return stream


@get("/announcer/{key:str}")
async def remote(key: FromPath[str]) -> Page:
    """The announcer's phone: what is on the wall, what comes next, on and back."""
    found = await announcing.showing(await announcing.by_link(key))
    return _shown("announcer/remote.html", found, key)


@get("/announcer/{key:str}/part")
async def remote_part(key: FromPath[str]) -> Page:
    found = await announcing.showing(await announcing.by_link(key))
    return _shown("announcer/_remote.html", found, key)


@get("/announcer/{key:str}/screen")
async def keyed_wall(key: FromPath[str]) -> Page:
    """The wall with a keyboard: space and arrows step on and back."""
    return _shown("announcer/screen.html", await announcing.showing(await announcing.by_link(key)), key)


@post("/announcer/{key:str}/{move:str}", status_code=303)
async def step(key: FromPath[str], move: FromPath[str], request: Asking) -> Redirect:
    """`next` or `back`, from the step the sender saw (`from`); what was pressed too late moves nothing."""
    event_category = await announcing.by_link(key)
    if move not in ("next", "back"):
        raise NotFound("page")
    sent = await request.form()
    seen = str(sent.get("from", ""))
    way: Literal["next", "back"] = "next" if move == "next" else "back"
    if seen.isdecimal() and len(seen) < 9:
        await announcing.go(announcing.ANNOUNCER, event_category, way, int(seen))
    return see(f"/announcer/{key}")


async def _desk(request: Asking, event_category: int, findings: tuple[Finding, ...] = ()) -> Page:
    person = viewer(request)
    about = await programme.event_category_for(person, event_category, may_publish)
    row = await announcing.announcement(event_category)
    is_open = row is not None and row["is_open"]
    key = announcing.link_of(row) if row is not None and is_open else ""
    address = f"{request.url.scheme}://{request.headers.get('host', '')}{link(f'/announcer/{key}')}"
    return page(
        "announcer/desk.html",
        status=409 if findings else 200,
        headers=NO_STORE,
        about=about,
        showing=await announcing.showing(event_category) if is_open else None,
        published=next(
            (one for one in await publications(event_category) if one["number"] == about["publication"]), None
        ),
        key=key,
        address=address,
        code=segno.make(address, error="m").svg_inline(border=2, omitsize=True) if key else "",
        form=Filled(findings=findings),
    )


@get(DESK, guards=[signed_in])
async def desk(event_category: FromPath[int], request: Asking) -> Page:
    return await _desk(request, event_category)


@post(DESK + "/{act:str}", guards=[signed_in], status_code=200)
async def open_or_close(
    event_category: FromPath[int], act: FromPath[str], request: Asking
) -> Page | Redirect:
    """`open` reads out the publication in force from the beginning; `close` ends it."""
    sending = str((await request.form()).get("sending", "")) or None
    acts = {"open": announcing.open_announcement, "close": announcing.close_announcement}
    if act not in acts:
        raise NotFound("page")
    try:
        await acts[act](viewer(request), event_category, sending=sending)
    except Conflict as refused:
        return await _desk(request, event_category, (Finding(refused.code, facts=refused.facts),))
    return see(f"/work/event-categories/{event_category}/announcer", done=f"done.announcement_{act}")


@contextlib.asynccontextmanager
async def watching(app: Litestar) -> AsyncIterator[None]:
    """Screens hear of every step, made in this process or in another one."""

    async def look() -> None:
        hub: Hub = app.state.hub
        listened = [one[1] for one in hub.topics() if isinstance(one, tuple) and one[0] == "announcer"]
        for event_category, now in (await announcing.stands(listened)).items() if listened else ():
            before = told.get(event_category, 0)
            if now != before:
                told[event_category] = now
                hub.tell(("announcer", event_category), before, now)

    async def heard(_notice: Any) -> None:
        await look()

    async def poll() -> None:
        while not app.state.stopping.is_set():
            await asyncio.sleep(POLL)
            try:
                await look()
            except Exception:
                log.exception("could not look for announcements that moved")

    told: dict[int, int] = {}
    for kind in (AnnouncementMoved, BoardPublished):
        notices.listen(kind, heard)
    task = asyncio.create_task(poll())
    try:
        yield
    finally:
        for kind in (AnnouncementMoved, BoardPublished):
            notices.unlisten(kind, heard)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


routes = [wall, wall_part, wall_live, remote, remote_part, keyed_wall, step, desk, open_or_close]
lifespan = [watching]

doors = [
    Door(
        "/work/event-categories/{id}/announcer",
        N_("颁奖播报"),
        N_("大屏从最后一名往前揭晓，主持人用手机遥控；只播已经公布的成绩"),
        may_publish,
        ("provisional", "notice", "final", "archived"),
        90,
    )
]
