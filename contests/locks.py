"""The lock: all marks of record named by one hash when marking is closed, and the two who sign under it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests.rules import Ground, may_sign_as_chief_referee, may_sign_as_supervisor
from contests.tables import MarksLock, PaperRule, ScoreSheet, SignOff, Trial
from federation.accounts import Viewer
from federation.changes import Actor, Change
from federation.database import frame
from federation.findings import Finding

ROLES: dict[str, Callable[[Viewer | None, Ground], bool]] = {
    "chief_referee": may_sign_as_chief_referee,
    "supervisor": may_sign_as_supervisor,
}
"""Who signs, in this order on the paper; never the same person twice."""

_MARKS = {
    "number": pl.String,
    "stage": pl.String,
    "aspect": pl.String,
    "judge": pl.String,
    "attempt": pl.Int64,
    "version": pl.Int64,
    "value": pl.Int64,
    "blank": pl.String,
}


@dataclass(frozen=True, slots=True)
class Lock:
    """The newest lock; `holds`: no mark moved since and no trial was applied. `signed`: role → row of its signature."""

    row: dict[str, Any]
    signed: dict[str, dict[str, Any]]
    holds: bool

    @property
    def is_signed(self) -> bool:
        return self.holds and set(self.signed) == set(ROLES)


async def record_hash(event_category_id: int) -> tuple[str, int]:
    """SHA-256 of all marks of record and what was said of whole performances, and how many marks those are.

    One line of JSON for each mark, [number, stage, aspect, judge, attempt, version, value, blank], sorted, then
    one [number, standing] for each piece that has one, each line ended by a line feed.
    """
    marks = await frame(
        "SELECT p.number, m.stage, m.aspect, m.judge, m.attempt, m.version, m.value, m.blank"
        " FROM mark m JOIN piece p ON p.id = m.piece WHERE m.event_category = ? AND m.is_current",
        _MARKS,
        event_category_id,
    )
    standings = await frame(
        "SELECT number, standing FROM piece WHERE event_category = ? AND standing <> ''",
        {"number": pl.String, "standing": pl.String},
        event_category_id,
    )
    hashed = hashlib.sha256()
    for line in [*sorted(marks.iter_rows(), key=lambda row: row[:5]), *sorted(standings.iter_rows())]:
        hashed.update(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return hashed.hexdigest(), marks.height


async def lock_marks(act: Change, actor: Actor, event_category_id: int, reason: str = "") -> str:
    """Inside the open change that freezes, or locks again: name the marks of record. Gives the hash."""
    digest, marks = await record_hash(event_category_id)
    number = await MarksLock.count().where(MarksLock.event_category == event_category_id)
    await MarksLock.insert(
        MarksLock(
            event_category=event_category_id,
            number=number + 1,
            hash=digest,
            marks=marks,
            account=actor.account,
            actor=actor.name,
            at=act.at,
            reason=reason,
        )
    )
    act.record(lock=digest, marks=marks)
    return digest


async def lock_of(event_category_id: int) -> Lock | None:
    """The newest lock with its signatures, or None before the first."""
    row = (
        await MarksLock.select()
        .where(MarksLock.event_category == event_category_id)
        .order_by(MarksLock.number, ascending=False)
        .first()
    )
    if row is None:
        return None
    signed = await SignOff.select().where(SignOff.lock == row["id"])
    digest, _marks = await record_hash(event_category_id)
    # a trial may change the scheme and no mark: what was signed counts otherwise then
    tried = await Trial.exists().where(
        (Trial.event_category == event_category_id)
        & (Trial.state == "applied")
        & (Trial.decided_at > row["at"])
    )
    return Lock(row, {one["role"]: one for one in signed}, digest == row["hash"] and not tried)


async def signed_off(row: dict[str, Any]) -> list[Finding]:
    """Where the rule asks for it: chief referee and supervisor signed, and no mark moved since."""
    asked = await PaperRule.exists().where(
        (PaperRule.event_category == row["id"]) & PaperRule.is_current.eq(True) & PaperRule.sign_off.eq(True)
    )
    if not asked:
        return []
    lock = await lock_of(row["id"])
    if lock is None:
        return [Finding("state.not_locked")]
    if not lock.holds:
        return [Finding("state.lock_stale", facts={"lock": lock.row["hash"][:8]})]
    missing = [role for role in ROLES if role not in lock.signed]
    return [Finding("state.sign_off_missing", facts={"roles": missing})] if missing else []


async def sheets_confirmed(row: dict[str, Any]) -> list[Finding]:
    """No sheet was entered and then left without its confirmation: what is on it is no mark yet."""
    waiting = (
        await ScoreSheet.select(ScoreSheet.code)
        .where((ScoreSheet.event_category == row["id"]) & ScoreSheet.state.is_in(["first", "differing"]))
        .order_by(ScoreSheet.number)
        .output(as_list=True)
    )
    facts = {"sheets": len(waiting), "numbers": waiting[:5]}
    return [Finding("state.sheets_unconfirmed", facts=facts)] if waiting else []
