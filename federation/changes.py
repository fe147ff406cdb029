"""The one way to change anything: one transaction, one audit line, notices after commit."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from federation import audit, database
from federation.notices import tell
from federation.refusals import AlreadyDone
from federation.tables import AuditHead, AuditLine, Revision, Sending


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, as the trail will name them."""

    account: int | None
    name: str


SYSTEM = Actor(account=None, name="system")


@dataclass(slots=True)
class Change:
    """What an act tells about itself while its transaction is open.

    `facts` go into the audit line and must hold no identity number, phone or other private datum;
    `answer` is kept under the sending's key and given again to whoever sends it again.
    """

    subject: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    notices: list[Any] = field(default_factory=list)

    def record(self, **facts: Any) -> None:
        self.facts.update(facts)

    def tell(self, notice: Any) -> None:
        self.notices.append(notice)


@contextlib.asynccontextmanager
async def change(
    actor: Actor, deed: str, subject: str = "", *, sending: str | None = None, **facts: Any
) -> AsyncIterator[Change]:
    """Open the transaction of one act.

    `deed` is a code such as "mark.enter", `subject` names the thing ("event_category:12"). With `sending`, a
    second call under the same key raises `AlreadyDone` carrying the first answer. Any exception rolls
    everything back, the line included. On SQLite the write lock is taken here, so what is read inside is
    still true at commit; on PostgreSQL decide with `update … where version = … returning`.
    """
    current = Change(subject=subject, at=datetime.now(UTC), facts=dict(facts))
    async with database.engine().transaction():
        if sending:
            await _claim(sending, deed, current.at)
        yield current
        if sending:
            await Sending.update({Sending.answer: audit.canonical(current.answer)}).where(
                Sending.key == sending
            )
        await _write_line(actor, deed, current)
    for notice in current.notices:
        await tell(notice)


async def _claim(sending: str, deed: str, at: datetime) -> None:
    claimed = (
        await Sending.insert(Sending(key=sending, deed=deed, answer="{}", at=at))
        .on_conflict(target=Sending.key, action="DO NOTHING")
        .returning(Sending.key)
    )
    if not claimed:
        before = await Sending.select(Sending.answer).where(Sending.key == sending).first()
        raise AlreadyDone(json.loads(before["answer"]) if before else {})


async def _write_line(actor: Actor, deed: str, current: Change) -> None:
    """Updating the head row first makes lines of concurrent changes wait for each other in order."""
    await AuditHead.insert(AuditHead(id=1, number=0, hash=audit.GENESIS)).on_conflict(
        target=AuditHead.id, action="DO NOTHING"
    )
    await AuditHead.update({AuditHead.number: AuditHead.number + 1}).where(AuditHead.id == 1)
    head = await AuditHead.select().where(AuditHead.id == 1).first()
    assert head is not None
    content = {
        "number": head["number"],
        "at": current.at.isoformat(),
        "account": actor.account,
        "actor": actor.name,
        "deed": deed,
        "subject": current.subject,
        "facts": audit.canonical(current.facts),
        "previous_hash": head["hash"],
    }
    digest = audit.line_hash(**content)
    await AuditLine.insert(AuditLine(**content, hash=digest))
    await AuditHead.update({AuditHead.hash: digest}).where(AuditHead.id == 1)


async def move(name: str) -> int:
    """Move a subject's revision inside the open change; returns the new number."""
    await Revision.insert(Revision(name=name, number=0)).on_conflict(
        target=Revision.name, action="DO NOTHING"
    )
    moved = (
        await Revision.update({Revision.number: Revision.number + 1})
        .where(Revision.name == name)
        .returning(Revision.number)
    )
    return int(moved[0]["number"])


async def revision(name: str) -> int:
    """The number a subject stands at; 0 before its first change."""
    row = await Revision.select(Revision.number).where(Revision.name == name).first()
    return int(row["number"]) if row else 0
