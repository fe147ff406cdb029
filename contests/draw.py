"""The draw: numbers for approved entries in an order that a recorded seed can give again, and pieces to mark."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from contests.tables import Entry
from federation.database import execute


def drawn_order(entries: Iterable[int], seed: str) -> list[int]:
    """Entry ids in drawn order: by SHA-256 of seed and id, so that anybody can repeat the draw."""
    return sorted(entries, key=lambda entry: (hashlib.sha256(f"{seed}:{entry}".encode()).hexdigest(), entry))


async def draw_numbers(event_category_id: int, seed: str) -> int:
    """Inside an open change: give every approved entry a number, 001 upwards; returns how many."""
    here = Entry.event_category == event_category_id
    approved = await Entry.select(Entry.id).where(here & (Entry.state == "approved")).output(as_list=True)
    await Entry.update({Entry.number: None}).where(here)
    width = max(3, len(str(len(approved))))
    for place, entry in enumerate(drawn_order(approved, seed), 1):
        await Entry.update({Entry.number: f"{place:0{width}d}"}).where(Entry.id == entry)
    return len(approved)


async def make_pieces(event_category_id: int) -> None:
    """Inside an open change: what is marked in an open event, one piece for each approved entry, under its number."""
    await execute(
        "INSERT INTO piece (event_category, number, standing, version)"
        " SELECT event_category, number, standing, 1 FROM entry"
        " WHERE event_category = ? AND state = 'approved' AND piece IS NULL ORDER BY number",
        event_category_id,
    )
    await execute(
        "UPDATE entry SET standing = '', piece = (SELECT p.id FROM piece p"
        " WHERE p.event_category = entry.event_category AND p.number = entry.number)"
        " WHERE event_category = ? AND state = 'approved' AND piece IS NULL",
        event_category_id,
    )
