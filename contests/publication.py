"""Publishing a board: named acts, numbered, frozen as canonical JSON, each carrying the hash of the one before.

A publication is never changed. Withdrawing it takes it out of force with a reason; it stays readable for staff.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from contests import programme, ranking, schemes, states
from contests.boards.changes import changes
from contests.boards.contents import Kind, Stamp, content_of
from contests.boards.snapshots import live_board
from contests.notices import clock
from contests.tables import EventCategory, Publication
from federation.accounts import Viewer
from federation.audit import GENESIS
from federation.changes import change
from federation.findings import Finding
from federation.refusals import Conflict, Invalid


async def publish(
    viewer: Viewer,
    event_category: int,
    kind: Kind,
    *,
    reason: str = "",
    announce: bool = False,
    sending: str | None = None,
) -> int:
    """Put the board before the public and move the state; returns the number of the publication.

    Names stand masked in a provisional board, in full from the notice on. A publication that shows otherwise than the
    one before, or follows one that was taken back, needs a reason. `announce` lets a provisional result be read out.
    Raises Forbidden, Invalid (what is missing), Conflict (the state does not allow it), NotFound.
    """
    subject = f"event_category:{event_category}"
    async with change(viewer.actor, f"board.publish_{kind}", subject, sending=sending) as act:
        await states.take(act, viewer, event_category, f"publish_{kind}", reason)
        about = await programme.event_category(event_category)
        gathered = await ranking.gather(event_category)
        last, at = await _last(event_category), clock.now()
        number, previous = (last["number"] + 1, last["hash"]) if last else (1, GENESIS)
        edition = await schemes.edition_row(about["scheme"])
        stamp = Stamp(
            number=number,
            at=at.isoformat(),
            actor=viewer.actor.name,
            reason=reason.strip(),
            scheme=edition["id"],
            scheme_edition=edition["edition"],
            scheme_sha256=sha256(edition["document"]),
            announce=announce and kind == "provisional",
        )
        content = await asyncio.to_thread(_content, about, gathered, kind, stamp)
        if last and not reason.strip() and (missing := await asyncio.to_thread(_reason, last, content)):
            raise Invalid([missing])
        digest = seal(previous, content)
        await Publication.insert(
            Publication(
                event_category=event_category,
                number=number,
                kind=kind,
                revision=about["revision"],
                content=content,
                previous_hash=previous,
                hash=digest,
                actor=viewer.actor.name,
                at=at,
                reason=reason.strip(),
            )
        )
        await EventCategory.update({EventCategory.publication: number}).where(
            EventCategory.id == event_category
        )
        act.record(publication=number, kind=kind, hash=digest)
        act.answer.update(publication=number, page=f"/work/boards/{event_category}")
    return number


async def withdraw(viewer: Viewer, event_category: int, reason: str, *, sending: str | None = None) -> None:
    """Take the publication in force back; the public then sees that the board is being checked.

    Raises Forbidden, Invalid (no reason), Conflict (nothing is published), NotFound.
    """
    subject = f"event_category:{event_category}"
    async with change(viewer.actor, "board.withdraw", subject, sending=sending) as act:
        await states.take(act, viewer, event_category, "withdraw", reason)
        about = await programme.event_category(event_category)
        if about["publication"] is None:
            raise Conflict("board.nothing_published")
        await Publication.update(
            {
                Publication.withdrawn_at: act.at,
                Publication.withdrawn_by: viewer.actor.name,
                Publication.withdrawn_reason: reason.strip(),
            }
        ).where((Publication.event_category == event_category) & Publication.withdrawn_at.is_null())
        await EventCategory.update({EventCategory.publication: None}).where(
            EventCategory.id == event_category
        )
        act.record(publication=about["publication"])
        act.answer["page"] = f"/work/boards/{event_category}"


async def publications(event_category: int) -> list[dict[str, Any]]:
    """All publications, newest first, without their content."""
    return (
        await Publication.select(*Publication.all_columns(exclude=[Publication.content]))
        .where(Publication.event_category == event_category)
        .order_by(Publication.number, ascending=False)
    )


async def broken_seals(event_category: int) -> list[int]:
    """Numbers of the publications whose content or chain is not what was sealed; empty when all hold."""
    broken: list[int] = []
    previous, expected = GENESIS, 1
    for row in (
        await Publication.select()
        .where(Publication.event_category == event_category)
        .order_by(Publication.number)
    ):
        kept = seal(row["previous_hash"], row["content"])
        if (row["number"], row["previous_hash"], row["hash"]) != (expected, previous, kept):
            broken.append(row["number"])
        previous, expected = row["hash"], expected + 1
    return broken


async def all_broken_seals() -> list[tuple[int, int]]:
    """(event category, number) of every publication that is not what was sealed."""
    published = await Publication.select(Publication.event_category).distinct()
    return [
        (one, number)
        for one in sorted(row["event_category"] for row in published)
        for number in await broken_seals(one)
    ]


def seal(previous_hash: str, content: str) -> str:
    """SHA-256 over the hash of the publication before and the content."""
    return hashlib.sha256(f"{previous_hash}\n{content}".encode()).hexdigest()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def _last(event_category: int) -> dict[str, Any] | None:
    return (
        await Publication.select()
        .where(Publication.event_category == event_category)
        .order_by(Publication.number, ascending=False)
        .first()
    )


def _content(about: Mapping[str, Any], gathered: ranking.Gathered, kind: Kind, stamp: Stamp) -> str:
    board = live_board(
        about, "public", gathered, ranking.ranked(gathered), None, in_full=kind != "provisional"
    )
    return content_of(board, kind, stamp)


def _reason(last: Mapping[str, Any], content: str) -> Finding | None:
    """Why this publication has to say why it is made."""
    facts = {"number": last["number"]}
    if last["withdrawn_at"] is not None:
        return Finding("publication.reason_after_withdrawal", place="reason", facts=facts)
    moved = changes(json.loads(last["content"]), json.loads(content)).rows
    if moved:
        facts["rows"] = len(moved)
        return Finding("publication.reason_for_changes", place="reason", facts=facts)
    return None
