"""What of the judges' seats speaks against freezing the marking. Reads tables only, so that states can ask it."""

from __future__ import annotations

from typing import Any

import polars as pl

from contests.tables import Spread
from federation.database import frame
from federation.findings import Finding


async def spreads_settled(row: dict[str, Any]) -> list[Finding]:
    """No aspect waits for its judges to come closer."""
    waiting = await Spread.count().where((Spread.event_category == row["id"]) & Spread.settled_at.is_null())
    return [Finding("state.spreads_open", facts={"spreads": waiting})] if waiting else []


async def sheets_back_in(row: dict[str, Any]) -> list[Finding]:
    """Every sheet that was returned to its judge is in again."""
    returned = await frame(
        "SELECT count(*) FROM (SELECT s.seat, s.piece, s.stage FROM sheet_submission s"
        " JOIN judge_seat j ON j.id = s.seat WHERE s.event_category = ? AND j.closed_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM seat_recusal r WHERE r.seat = s.seat AND r.piece = s.piece"
        " AND r.lifted_at IS NULL) GROUP BY s.seat, s.piece, s.stage"
        " HAVING count(*) = count(s.returned_at)) AS open_sheets",
        {"sheets": pl.Int64},
        row["id"],
    )
    sheets = int(returned["sheets"][0])
    return [Finding("state.sheets_returned", facts={"sheets": sheets})] if sheets else []
