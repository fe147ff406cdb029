"""Entries as data: filing one, with the same form and the same checks as the page."""

from __future__ import annotations

from typing import Any

from litestar import Request, post

from contests import registration
from contests.forms.entry import EntryForm
from web.guards import signed_in, viewer


@post("/api/v1/contests/{code:str}/entries", guards=[signed_in], tags=["entries"])
async def file_entry(request: Request[Any, Any, Any], code: str, data: EntryForm) -> dict[str, int]:
    """File an entry; answers its id. The header Idempotency-Key makes a repetition harmless."""
    key = request.headers.get("idempotency-key")
    return {"entry": await registration.file(viewer(request), code, data, sending=key)}


routes = [file_entry]
