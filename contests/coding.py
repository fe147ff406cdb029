"""What coding has to say before an act: are the pieces made, are the codes opened."""

from __future__ import annotations

from typing import Any

from contests.tables import CodingLayer, Piece
from federation.findings import Finding


async def layers_drawn(row: dict[str, Any]) -> list[Finding]:
    """Every layer of a coded event is drawn, so that there are pieces to mark."""
    if not row["coding"]:
        return []
    here = CodingLayer.event_category == row["id"]
    drawn = await CodingLayer.count().where(here & CodingLayer.drawn_at.is_not_null())
    left = row["coding"] - drawn
    return [Finding("state.layers_undrawn", facts={"layers": left})] if left > 0 else []


async def codes_opened(row: dict[str, Any]) -> list[Finding]:
    """Nothing is published under a code."""
    closed = row["coding"] and row["decoded_at"] is None
    return [Finding("state.not_decoded")] if closed else []


async def codes_closed(row: dict[str, Any]) -> list[Finding]:
    """Marking again after the codes were opened needs a reason: the judges may know by now."""
    opened = row["coding"] and row["decoded_at"] is not None
    return [Finding("state.already_decoded", "warning")] if opened else []


async def nothing_coded(row: dict[str, Any]) -> list[Finding]:
    """No piece carries a code yet."""
    coded = row["coding"] and await Piece.exists().where(Piece.event_category == row["id"])
    return [Finding("state.already_coded")] if coded else []
