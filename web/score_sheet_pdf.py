"""Score sheets as an answer: the PDF, with codes that lead to this site."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from typing import Any

from litestar import Request, Response

from federation.refusals import Conflict
from web.reports.rules import UnprintableError
from web.reports.sheets import sheets_pdf
from web.settings import Settings


async def as_pdf(
    request: Request[Any, Any, Any], sheets: Sequence[Mapping[str, Any]], name: str
) -> Response[bytes]:
    """These sheets (see `sheets_pdf`) as one file. Raises Conflict("sheet.unprintable")."""
    settings: Settings = request.app.state.settings
    site = settings.trusted_origins[0] if settings.trusted_origins else str(request.base_url).rstrip("/")
    try:
        pdf = await asyncio.to_thread(copy_context().run, sheets_pdf, sheets, site)
    except UnprintableError as refused:
        raise Conflict("sheet.unprintable", characters=refused.characters[:20]) from refused
    headers = {
        "content-disposition": f'inline; filename="{name}.pdf"',
        "cache-control": "private, no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)
