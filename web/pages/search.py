"""One search over contests, occupations and studios. Answers while one types, and as a plain page."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, get

from contests import directory, figures
from studios import register
from studios.register import Wanted
from web.templating import Page, page

EACH = 6


@get("/search")
async def show(request: Request[Any, Any, Any]) -> Page:
    words = request.query_params.get("q", "").strip()[:80]
    part = request.headers.get("hx-target") == "answers"
    found = await answers(words) if words else None
    return page(
        "search/_answers.html" if part else "search/page.html",
        headers={"vary": "HX-Request, HX-Target"},
        words=words,
        found=found,
    )


async def answers(words: str) -> dict[str, Any]:
    """The first of each kind with how many there are."""
    contests = await directory.find(directory.Wanted(words=words))
    studios = (await register.current()).find(Wanted(at=date.today(), q=words), size=EACH)
    return {
        "contests": contests.contests[:EACH],
        "contests_total": contests.total,
        "occupations": await figures.occupations_named(words, EACH),
        "studios": studios.rows,
        "studios_total": studios.total,
    }


routes = [show]
