"""The publications of a board for everybody: what changed from one to the next and why, their hashes, the bundle."""

from __future__ import annotations

import asyncio

from litestar import Response, get
from litestar.params import FromPath

from contests import programme
from contests.bundles import writing
from contests.publication import broken_seals, publications
from federation.judging.schemes import Scheme
from federation.refusals import NotFound
from web.language import Language, speaking
from web.publication_views import Published, published_views
from web.rule_text import as_markdown
from web.templating import Page, page

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@get("/boards/{event_category:int}/publications")
async def all_publications(event_category: FromPath[int]) -> Page:
    """Newest first. While nothing is in force only numbers, reasons and hashes are told."""
    row = await programme.event_category(event_category)
    shown, rows = True, []
    try:
        _row, rows = await writing.published(event_category)
    except NotFound:
        shown, rows = False, list(reversed(await publications(event_category)))
    made = await asyncio.to_thread(published_views, rows) if shown else []
    return page(
        "boards/publications.html",
        about=row,
        shown=shown,
        publications=list(reversed(made)) if shown else [Published(one) for one in reversed(rows)],
        broken=await broken_seals(event_category),
    )


def rule_texts(scheme: Scheme) -> dict[str, str]:
    """The rule in both languages, as the handbook prints it."""
    found = {}
    for one in LANGUAGES:
        with speaking(one):
            found[one] = as_markdown(scheme)
    return found


@get("/boards/{event_category:int}/publications.json")
async def download(event_category: FromPath[int]) -> Response[bytes]:
    """The bundle that `saichuang verify FILE` checks."""
    made = await writing.bundle(event_category, rule_texts)
    name = f"saichuang-publications-{event_category}.json"
    return Response(
        made,
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-cache"},
    )


routes = [all_publications, download]
