"""Own units: whether a piece comes from the unit of the judge who would mark it.

The one place that sees both sides, at the link of a piece to its delegation. What it keeps is a yes or no for each seat
and piece; whoever marks reads nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from contests.tables import Entry, JudgeSeat, OwnUnit, PanelSeat
from federation.changes import Change

Source = Callable[[int], Awaitable[Mapping[int, int]]]
"""Event category → piece → delegation, from whoever holds the link."""


async def _open_link(event_category: int) -> dict[int, int]:
    """Where the link of an entry to its piece lies open, the entry says it."""
    rows = await Entry.select(Entry.piece, Entry.delegation).where(
        (Entry.event_category == event_category) & Entry.piece.is_not_null()
    )
    return {row["piece"]: row["delegation"] for row in rows}


_sources: list[Source] = [_open_link]


def ask(source: Source) -> None:
    """Let the holder of a coded link be asked too. Whoever marks need not know who that is."""
    if source not in _sources:
        _sources.append(source)


async def keep(act: Change, event_category: int, seat: int | None = None) -> None:
    """Inside an open change: keep the yes or no of every seat (or of one) and piece."""
    owners: dict[int, int] = {}
    for source in _sources:
        owners |= await source(event_category)
    seats = await JudgeSeat.select(JudgeSeat.id, JudgeSeat.code).where(
        (JudgeSeat.event_category == event_category)
        & (JudgeSeat.closed_at.is_null() if seat is None else JudgeSeat.id == seat)
    )
    if not seats:
        return
    units = {
        row["judge"]: row["delegation"]
        for row in await PanelSeat.select(PanelSeat.judge, PanelSeat.delegation).where(
            PanelSeat.event_category == event_category
        )
    }
    await OwnUnit.delete().where(OwnUnit.seat.is_in([one["id"] for one in seats]))
    rows: list[OwnUnit] = []
    for one in seats:
        unit = units.get(one["code"])
        rows += [
            OwnUnit(seat=one["id"], piece=piece, is_own=unit is not None and owner == unit, at=act.at)
            for piece, owner in owners.items()
        ]
    for first in range(0, len(rows), 200):
        await OwnUnit.insert(*rows[first : first + 200])


async def own_pieces(seat: int) -> set[int]:
    """The pieces of the judge's own unit. For the room and the chief referee; never shown to the judge as such."""
    rows = await OwnUnit.select(OwnUnit.piece).where(
        (OwnUnit.seat == seat) & (OwnUnit.is_own == True)  # noqa: E712
    )
    return {row["piece"] for row in rows}


async def own_pieces_of(event_category: int) -> list[dict[str, Any]]:
    """(seat, piece) pairs of one unit, for the chief referee."""
    return await OwnUnit.select(OwnUnit.seat, OwnUnit.piece).where(
        (OwnUnit.seat.event_category == event_category) & (OwnUnit.is_own == True)  # noqa: E712
    )
