"""Marking schemes: attaching one to an event category, its editions, freezing it, and the presets to begin from.

A stored edition never changes: whoever edits a scheme makes the next edition. So a scheme is cached by its row.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contests.programme import event_category_for, touch
from contests.rules import may_organise
from contests.tables import EventCategory, Mark
from contests.tables import Scheme as SchemeEdition
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.database import engine
from federation.findings import Finding, errors
from federation.judging.schemes import Scheme, SchemeError
from federation.notices import MarksMoved
from federation.refusals import Conflict, Invalid, NotFound

PRESETS = Path(__file__).parent / "presets" / "schemes"
CACHED = 512

_cached: dict[int, Scheme] = {}
_cached_from: list[Any] = [None]  # the engine those ids belong to


def presets() -> dict[str, Scheme]:
    """The schemes to begin from, by name, in the order people use them."""
    return {
        file.stem[3:]: Scheme.from_json(file.read_text("utf-8")) for file in sorted(PRESETS.glob("*.json"))
    }


async def scheme_of(event_category_id: int) -> Scheme:
    """The scheme an event category is marked by. Raises NotFound("scheme") when none is attached."""
    row = (
        await EventCategory.select(EventCategory.scheme).where(EventCategory.id == event_category_id).first()
    )
    if row is None or row["scheme"] is None:
        raise NotFound("scheme", event_category=event_category_id)
    return await edition(row["scheme"])


async def edition(scheme_id: int) -> Scheme:
    """A stored edition by its row. Raises NotFound."""
    if _cached_from[0] is not engine():
        _cached.clear()
        _cached_from[0] = engine()
    found = _cached.get(scheme_id)
    if found is None:
        row = await SchemeEdition.select(SchemeEdition.document).where(SchemeEdition.id == scheme_id).first()
        if row is None:
            raise NotFound("scheme", id=scheme_id)
        found = Scheme.from_json(row["document"])
        if len(_cached) >= CACHED:
            _cached.clear()
        _cached[scheme_id] = found
    return found


async def edition_row(scheme_id: int) -> dict[str, Any]:
    """Code, edition, titles, basis, document and dates of a stored edition. Raises NotFound."""
    row = await SchemeEdition.select().where(SchemeEdition.id == scheme_id).first()
    if row is None:
        raise NotFound("scheme", id=scheme_id)
    return row


async def editions_of(code: str) -> list[dict[str, Any]]:
    """The editions of a scheme, newest first, without their documents."""
    return (
        await SchemeEdition.select(
            SchemeEdition.id,
            SchemeEdition.edition,
            SchemeEdition.title,
            SchemeEdition.basis,
            SchemeEdition.created_at,
            SchemeEdition.frozen_at,
        )
        .where(SchemeEdition.code == code)
        .order_by(SchemeEdition.edition, ascending=False)
    )


async def edition_before(row: dict[str, Any], at: datetime) -> Scheme | None:
    """The scheme an event category had just before a moment; None when it had none."""
    earlier = [one["id"] for one in await editions_of(code_for(row)) if one["created_at"] < at]
    return await edition(earlier[0]) if earlier else None


def code_for(row: dict[str, Any]) -> str:
    """The code under which an event category keeps the editions of its scheme."""
    return f"{row['contest_code']}/{row['event_code']}/{row['category']}"[:60]


async def attach(
    viewer: Viewer, event_category_id: int, scheme: Scheme, *, sending: str | None = None
) -> int:
    """Make the scheme the next edition of this event category and use it; returns the edition's row.

    Raises Forbidden, Invalid (the scheme has faults) and Conflict once a mark was entered.
    """
    row = await event_category_for(viewer, event_category_id, may_organise)
    if faults := errors(scheme.check()):
        raise Invalid(faults)
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "scheme.attach", subject, sending=sending) as act:
        revision = await touch(event_category_id)
        if await is_locked(event_category_id):
            raise Conflict("scheme.frozen")
        scheme_id = await adopt(act, row, scheme)
        act.answer["page"] = f"/work/event-categories/{event_category_id}"
        act.tell(MarksMoved(event_category_id, revision))
    return scheme_id


async def adopt(act: Change, row: dict[str, Any], scheme: Scheme, *, frozen: bool = False) -> int:
    """Inside an open change that touched the event category: the scheme becomes its next edition, `frozen` at once
    where marks exist already. Returns the edition's row."""
    code = code_for(row)
    before = await editions_of(code)
    number = before[0]["edition"] + 1 if before else 1
    entered = await SchemeEdition.insert(
        SchemeEdition(
            code=code,
            edition=number,
            title=scheme.title or row["event_name"],
            title_en=scheme.title_en,
            basis=scheme.basis,
            document=document_text(scheme),
            created_at=act.at,
            frozen_at=act.at if frozen else None,
        )
    )
    scheme_id = int(entered[0]["id"])
    await EventCategory.update({EventCategory.scheme: scheme_id}).where(EventCategory.id == row["id"])
    act.record(scheme=scheme_id, edition=number)
    return scheme_id


async def is_locked(event_category_id: int) -> bool:
    """Whether a mark was entered, so that the scheme stands."""
    return await Mark.exists().where(Mark.event_category == event_category_id)


async def used_in(contest_id: int) -> list[dict[str, Any]]:
    """The event categories of a contest that have a scheme, with its title."""
    return (
        await EventCategory.select(
            EventCategory.id,
            EventCategory.category,
            EventCategory.event.name.as_alias("name"),
            EventCategory.event.name_en.as_alias("name_en"),
            EventCategory.scheme.title.as_alias("title"),
            EventCategory.scheme.title_en.as_alias("title_en"),
        )
        .where((EventCategory.event.contest == contest_id) & EventCategory.scheme.is_not_null())
        .order_by(EventCategory.id)
    )


async def freeze(scheme_id: int) -> None:
    """Inside the change that enters the first mark: from now on this edition is the rule."""
    await SchemeEdition.update({SchemeEdition.frozen_at: datetime.now(UTC)}).where(
        (SchemeEdition.id == scheme_id) & SchemeEdition.frozen_at.is_null()
    )


def document_text(scheme: Scheme) -> str:
    """The scheme as readable JSON, the form people download and send back."""
    return json.dumps(scheme.to_json(), ensure_ascii=False, indent=2)


def from_document(text: str | bytes) -> Scheme:
    """A scheme from an uploaded document. Raises Invalid with a path to every fault."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return Scheme.from_json(text)
    except UnicodeDecodeError as fault:
        raise Invalid([Finding("scheme.not_json", facts={"reason": "UTF-8"})]) from fault
    except SchemeError as fault:
        raise Invalid(fault.findings) from fault
