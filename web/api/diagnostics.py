"""Diagnostics as data, for the same people as the page: frames as the judging core describes them."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from contests import diagnostics
from web.guards import viewer


@get("/api/v1/boards/{event_category:int}/diagnostics")
async def board_diagnostics(event_category: FromPath[int], request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Marks in 1/10,000; deviations and the like in points or shares. Diagnostics never change a mark."""
    diagnosed = await diagnostics.diagnosis(viewer(request), event_category)
    found = diagnosed.found
    frames = {
        "judges": found.judges,
        "spreads": found.spreads,
        "own_unit": found.own_unit,
        "left_out": found.left_out.judges,
        "moves": found.left_out.moves,
        "items": found.items,
        "firmness": found.firmness.places,
    }
    return {
        "event_category": event_category,
        "revision": diagnosed.revision,
        "partial": found.firmness.partial,
        "untold": found.firmness.untold,
        **{name: frame.to_dicts() for name, frame in frames.items()},
    }


routes = [board_diagnostics]
