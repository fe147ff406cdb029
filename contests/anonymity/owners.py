"""Which delegation a coded piece comes from, for the one question whether a judge would mark the own unit.

Read from the sealed layers in this process, answered to `contests.seats.own_units`, kept nowhere: what stays is its yes
or no.
"""

from __future__ import annotations

import json

from contests.tables import CodingLayer, Entry, EventCategory, Piece
from federation import privacy


async def owners(event_category: int) -> dict[int, int]:
    """Piece → delegation, while the codes are closed; nothing before all layers are drawn or once they are open."""
    row = (
        await EventCategory.select(EventCategory.coding, EventCategory.decoded_at)
        .where(EventCategory.id == event_category)
        .first()
    )
    if row is None or not row["coding"] or row["decoded_at"] is not None:
        return {}
    layers = (
        await CodingLayer.select(CodingLayer.sealed)
        .where((CodingLayer.event_category == event_category) & CodingLayer.sealed.is_not_null())
        .order_by(CodingLayer.layer)
    )
    if len(layers) < row["coding"]:
        return {}
    first, *others = [
        json.loads(privacy.decrypt(bytes(one["sealed"]), purpose="coding"))["drawn"] for one in layers
    ]
    pieces = {
        one["number"]: one["id"]
        for one in await Piece.select(Piece.id, Piece.number).where(Piece.event_category == event_category)
    }
    units = {
        one["id"]: one["delegation"]
        for one in await Entry.select(Entry.id, Entry.delegation).where(
            Entry.event_category == event_category
        )
    }
    found = {}
    for entry, number in first.items():
        for drawn in others:
            number = drawn.get(number, "")  # noqa: PLW2901
        if number in pieces:
            found[pieces[number]] = units[int(entry)]
    return found
