"""What of appeals speaks against finalising. Reads tables only, so that states can ask it."""

from __future__ import annotations

from typing import Any

from contests.tables import Appeal, MarksLock
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


async def locked_since_appeals(row: dict[str, Any]) -> list[Finding]:
    """What an appeal changed is under a lock of its own before it is put before the public again."""
    applied = await Appeal.select(Appeal.number, Appeal.trial.decided_at.as_alias("decided_at")).where(
        (Appeal.event_category == row["id"]) & (Appeal.trial.state == "applied")
    )
    if not applied:
        return []
    lock = (
        await MarksLock.select(MarksLock.at)
        .where(MarksLock.event_category == row["id"])
        .order_by(MarksLock.number, ascending=False)
        .first()
    )
    open_ones = sorted(one["number"] for one in applied if lock is None or lock["at"] < one["decided_at"])
    return [Finding("state.appeals_unlocked", facts={"numbers": open_ones[:8]})] if open_ones else []
