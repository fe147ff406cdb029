"""What of appeals speaks against finalising. Reads tables only, so that states can ask it."""

from __future__ import annotations

from typing import Any

from contests.tables import Appeal
from federation.findings import Finding

UNDECIDED = ("filed", "accepted", "proposed")


async def appeals_settled(row: dict[str, Any]) -> list[Finding]:
    """Every appeal is decided, and every re-score the panel ordered is applied or discarded."""
    rows = await Appeal.select(
        Appeal.number, Appeal.state, Appeal.remedy, Appeal.trial.state.as_alias("trial_state")
    ).where(Appeal.event_category == row["id"])
    waiting = sorted(one["number"] for one in rows if one["state"] in UNDECIDED)
    unscored = sorted(
        one["number"]
        for one in rows
        if one["state"] == "upheld"
        and one["remedy"] == "trial"
        and one["trial_state"] not in ("applied", "discarded")
    )
    found = []
    if waiting:
        found.append(Finding("state.appeals_open", facts={"count": len(waiting), "numbers": waiting[:8]}))
    if unscored:
        found.append(Finding("state.appeals_unscored", facts={"numbers": unscored[:8]}))
    return found
