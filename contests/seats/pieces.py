"""The pieces a judge marks, by number. Whose they are is not known here."""

from __future__ import annotations

from dataclasses import dataclass

from contests.scoring.sheets import pieces_by_number
from federation.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Piece:
    """`standing` is what the chief referee said of the whole performance: "", dns, dnf or dsq."""

    id: int
    number: str
    standing: str = ""


async def pieces_of(event_category: int) -> list[Piece]:
    """In the order people count."""
    return [Piece(*one) for one in await pieces_by_number(event_category)]


async def piece_of(event_category: int, piece: int) -> Piece:
    """Raises NotFound."""
    found = next((one for one in await pieces_of(event_category) if one.id == piece), None)
    if found is None:
        raise NotFound("piece", id=piece)
    return found
