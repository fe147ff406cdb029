"""留痕: the trail for the auditor, line by line, and whether it holds."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post

from federation import audit
from web.guards import only
from web.language import N_
from web.menu import Entry, with_role
from web.templating import Page, page

Web = Request[Any, Any, Any]
READERS = ("auditor", "security_administrator")
SHOWN = 100

menu = [Entry("/work/audit", N_("留痕"), "work", 80, who=with_role(*READERS))]


async def trail_page(request: Web, verdict: audit.Verdict | None = None) -> Page:
    asked = request.query_params
    before = asked.get("before", "")
    wanted = {name: asked.get(name, "").strip()[:60] for name in ("deed", "subject")}
    lines = await audit.lines(**wanted, before=int(before) if before.isdigit() else None, limit=SHOWN)
    return page(
        "audit/trail.html",
        lines=lines,
        wanted=wanted,
        older=lines[-1]["number"] if len(lines) == SHOWN else None,
        verdict=verdict,
    )


@get("/work/audit", guards=[only(*READERS)])
async def show(request: Web) -> Page:
    return await trail_page(request)


@post("/work/audit", guards=[only(*READERS)], status_code=200)
async def verify(request: Web) -> Page:
    """Walk the whole chain now."""
    return await trail_page(request, await audit.verify())


routes = [show, verify]
