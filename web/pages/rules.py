"""The rules of an event category in words: for everybody, as a page and on paper."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from contests import programme, schemes
from federation.refusals import Conflict, NotFound
from web.formats import named
from web.language import _
from web.reports.rules import UnprintableError, rules_pdf
from web.rule_text import rule_text
from web.templating import Page, page
from web.wording import say


async def _asked(event_category: int) -> tuple[dict[str, Any], Any]:
    """The event category and its scheme. Raises NotFound."""
    row = await programme.event_category(event_category)
    if row["scheme"] is None:
        raise NotFound("rules")
    return row, await schemes.edition(row["scheme"])


@get("/boards/{event_category:int}/rules")
async def rules(event_category: FromPath[int]) -> Page:
    row, scheme = await _asked(event_category)
    return page("rules/page.html", about=row, scheme=scheme, sections=rule_text(scheme))


@get("/boards/{event_category:int}/rules.pdf")
async def rules_file(event_category: FromPath[int]) -> Response[bytes]:
    row, scheme = await _asked(event_category)
    heading = (
        f"{named(row, 'contest_name')} · {named(row, 'event_name')} · {say('category.' + row['category'])}"
    )
    printed = _("评分与排名办法")
    try:
        pdf = await asyncio.to_thread(copy_context().run, rules_pdf, scheme, heading, printed)
    except UnprintableError as refused:
        raise Conflict("rules.unprintable", characters=refused.characters[:20]) from refused
    name = f"rules-{event_category}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-cache"}
    return Response(pdf, media_type="application/pdf", headers=headers)


routes = [rules, rules_file]
