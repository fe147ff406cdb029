"""The audit trail: what a line's hash covers, reading it, and verifying the whole chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from federation.tables import AuditHead, AuditLine

GENESIS = "0" * 64


def canonical(value: Any) -> str:
    """The one spelling of a value as JSON: sorted keys, no spaces, real characters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def line_hash(
    *,
    number: int,
    at: str,
    account: int | None,
    actor: str,
    deed: str,
    subject: str,
    facts: str,
    previous_hash: str,
) -> str:
    """SHA-256 over every field of the line and the hash of the line before."""
    return hashlib.sha256(
        canonical([number, at, account, actor, deed, subject, facts, previous_hash]).encode()
    ).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at` is the number of the first line that does not follow from the one before, or None."""

    lines: int
    broken_at: int | None


async def verify(batch: int = 5_000) -> Verdict:
    """Walk the chain from the first line; also compares the end with the head row."""
    previous, number = GENESIS, 0
    while True:
        lines = (
            await AuditLine.select().where(AuditLine.number > number).order_by(AuditLine.number).limit(batch)
        )
        for line in lines:
            expected = line_hash(
                number=number + 1,
                previous_hash=previous,
                **{key: line[key] for key in ("at", "account", "actor", "deed", "subject", "facts")},
            )
            if line["number"] != number + 1 or line["previous_hash"] != previous or line["hash"] != expected:
                return Verdict(lines=number, broken_at=number + 1)
            previous, number = line["hash"], line["number"]
        if len(lines) < batch:
            break
    head = await AuditHead.select().where(AuditHead.id == 1).first()
    if head is not None and (head["number"], head["hash"]) != (number, previous):
        return Verdict(lines=number, broken_at=number + 1)
    return Verdict(lines=number, broken_at=None)


async def lines(
    *, subject: str = "", deed: str = "", before: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Newest first; `subject` and `deed` match by prefix."""
    query = AuditLine.select().order_by(AuditLine.number, ascending=False).limit(limit)
    if subject:
        query = query.where(AuditLine.subject.like(f"{subject}%"))
    if deed:
        query = query.where(AuditLine.deed.like(f"{deed}%"))
    if before is not None:
        query = query.where(AuditLine.number < before)
    return await query
