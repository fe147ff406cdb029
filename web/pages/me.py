"""我的: what the signed-in person entered, where they stand, their honours."""

from __future__ import annotations

from typing import Any

from litestar import Request, get

from contests import registration
from federation.honours import honours_of
from web.guards import signed_in, viewer
from web.templating import Page, page


@get("/me", guards=[signed_in])
async def show_own(request: Request[Any, Any, Any]) -> Page:
    worker = viewer(request).worker
    return page(
        "registration/own.html",
        entries=[] if worker is None else await registration.of_person(worker),
        honours=[] if worker is None else await honours_of(worker),
    )


routes = [show_own]
