"""Making a board: read what it needs, decide what its audience may see, compute it in a thread."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contests import programme, ranking
from contests.boards.contents import board_of
from contests.boards.listing import siblings
from contests.boards.snapshots import Board, bare_board, live_board
from contests.boards.visibility import Audience, names_in_full, shows
from contests.notices.terms import clock_of
from contests.tables import Entry, Mark, Publication
from federation.refusals import NotFound


async def make_board(event_category: int, audience: Audience) -> Board:
    """The board an audience may see now. Raises NotFound."""
    about = await programme.event_category(event_category)
    about["siblings"] = await siblings(event_category)
    about["notice"] = await clock_of(about)
    wanted = shows(audience, about["state"], about["live_public"], about["publication"])
    if wanted == "publication":
        return await _published_board(about, audience)
    if wanted != "live" or about["scheme"] is None:
        entered = await Entry.count().where(
            (Entry.event_category == event_category) & (Entry.state == "approved")
        )
        return bare_board(about, audience, "nothing" if wanted == "live" else wanted, entered)
    gathered = await ranking.gather(event_category)
    changed_at = await _changed_at(event_category)
    return await asyncio.to_thread(
        _rank, about, audience, gathered, changed_at, names_in_full(audience, about["state"])
    )


def _rank(
    about: Mapping[str, Any],
    audience: Audience,
    gathered: ranking.Gathered,
    changed_at: datetime | None,
    in_full: bool,
) -> Board:
    return live_board(about, audience, gathered, ranking.ranked(gathered), changed_at, in_full=in_full)


async def _published_board(about: Mapping[str, Any], audience: Audience) -> Board:
    row = (
        await Publication.select()
        .where((Publication.event_category == about["id"]) & (Publication.number == about["publication"]))
        .first()
    )
    if row is None:
        raise NotFound("board", id=about["id"])
    return await asyncio.to_thread(_read, about, audience, row)


def _read(about: Mapping[str, Any], audience: Audience, row: Mapping[str, Any]) -> Board:
    return board_of(about, audience, row, json.loads(row["content"]))


async def _changed_at(event_category: int) -> datetime | None:
    """When the newest mark came in."""
    row = (
        await Mark.select(Mark.at)
        .where(Mark.event_category == event_category)
        .order_by(Mark.id, ascending=False)
        .first()
    )
    return row["at"] if row else None
