"""What archiving an event category would leave out: a warning, to be answered with a reason."""

from __future__ import annotations

from typing import Any

from contests.archive.items import ITEMS, OWN, is_brought, is_held, noted
from contests.tables import Entry
from federation.findings import Finding


async def archive_complete(row: dict[str, Any]) -> list[Finding]:
    """Everything of the archive list is held: what was brought, and what the system has of this category."""
    brought = await noted(row["contest"])
    waiting = await Entry.count().where((Entry.event_category == row["id"]) & (Entry.state == "submitted"))
    own = {"state": row["state"], "waiting": waiting}
    missing = [
        item
        for item in ITEMS
        if not (is_held(item, own) if item in OWN else is_brought(brought.get(item)))
        and not (brought.get(item) or {}).get("not_needed")
    ]
    return [Finding("state.archive_missing", "warning", facts={"items": missing})] if missing else []
