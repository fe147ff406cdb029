"""Objections (异议) to a board under notice: anybody may lodge one and look up its state; staff answer each in writing.

An open objection, and an upheld one whose publication was not corrected, keep the result from becoming final.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contests.forms.notice import AnswerForm, ObjectionForm
from contests.notices import clock as clocks
from contests.notices.terms import clock_of, terms_of
from contests.programme import event_category, event_category_for
from contests.rules import may_answer_objections
from contests.tables import Entry, EventCategory, Objection
from federation.accounts import Viewer
from federation.changes import Actor, change
from federation.findings import Finding
from federation.privacy import decrypt, encrypt, lookup_hash, mask_name
from federation.refusals import Conflict, Invalid, NotFound

PUBLIC = Actor(account=None, name="public")
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a receipt: nothing that reads like another."""


class TooMany(Invalid):
    """This sender has lodged as many objections today as the terms allow."""


async def lodge(
    viewer: Viewer | None,
    origin: str,
    event_category_id: int,
    form: ObjectionForm,
    *,
    sending: str | None = None,
) -> str:
    """Keep an objection to the publication under notice; returns the receipt to look it up by.

    `origin` tells senders without an account apart; it is kept as a keyed hash of the day only. Raises Invalid (no
    notice runs, no such number), TooMany, NotFound.
    """
    actor = viewer.actor if viewer is not None else PUBLIC
    receipt = new_receipt()
    subject = f"event_category:{event_category_id}"
    async with change(actor, "objection.lodge", subject, sending=sending) as act:
        await _hold(event_category_id)
        row = await event_category(event_category_id)
        at = clocks.now()
        await _check(row, form, at)
        sender = _sender(viewer, origin, at)
        await _count(row, sender)
        number = await Objection.count().where(Objection.event_category == event_category_id) + 1
        await Objection.insert(
            Objection(
                event_category=event_category_id,
                number=number,
                publication=row["publication"],
                receipt=receipt,
                account=viewer.id if viewer is not None else None,
                sender=sender,
                about=form.about,
                name_cipher=encrypt(form.name, purpose="objection.name"),
                contact_cipher=encrypt(form.contact, purpose="objection.contact"),
                text_cipher=encrypt(form.text, purpose="objection.text"),
                at=at,
            )
        )
        act.record(number=number, publication=row["publication"])
        act.answer["page"] = f"/objections/{receipt}"
    return receipt


async def _hold(event_category_id: int) -> None:
    """Objections and acts of one event category wait for each other."""
    await EventCategory.update({EventCategory.version: EventCategory.version + 0}).where(
        EventCategory.id == event_category_id
    )


async def _check(row: Mapping[str, Any], form: ObjectionForm, at: datetime) -> None:
    if refused := await closed_because(row, at):
        raise Invalid([refused])
    if form.about and not await Entry.exists().where(
        (Entry.event_category == row["id"]) & (Entry.number == form.about) & (Entry.state == "approved")
    ):
        raise Invalid([Finding("objection.no_such_number", place="about", facts={"number": form.about})])


async def closed_because(row: Mapping[str, Any], at: datetime) -> Finding | None:
    """Why no objection can be lodged at this moment, or None."""
    running = await clock_of(row)
    if running is None:
        return Finding("objection.no_notice")
    if not running.begun(at):
        return Finding("objection.not_begun", facts={"opens": running.opens})
    if running.over(at):
        return Finding("objection.over", facts={"closes": running.closes})
    return None


def _sender(viewer: Viewer | None, origin: str, at: datetime) -> str:
    """Whose objection it is, for counting those of one day."""
    who = f"account {viewer.id}" if viewer is not None else f"origin {origin}"
    return lookup_hash(f"objection {at.astimezone(clocks.CHINA).date().isoformat()} {who}")


async def _count(row: Mapping[str, Any], sender: str) -> None:
    terms = await terms_of(row)
    lodged = await Objection.count().where(
        (Objection.event_category == row["id"]) & (Objection.sender == sender)
    )
    if lodged >= terms.per_day:
        raise TooMany([Finding("objection.too_many", facts={"limit": terms.per_day})])


def new_receipt() -> str:
    """Twelve letters and digits in groups of four: nobody guesses one."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join(drawn[at : at + 4] for at in range(0, 12, 4))


def tidy_receipt(text: str) -> str:
    """As people type it: any case, with or without hyphens and spaces."""
    drawn = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())[:12]
    return "-".join(drawn[at : at + 4] for at in range(0, len(drawn), 4))


async def by_receipt(text: str) -> dict[str, Any]:
    """What the holder of a receipt may read: where it stands, what was answered. Raises NotFound."""
    row = (
        await Objection.select(
            Objection.receipt,
            Objection.number,
            Objection.event_category,
            Objection.publication,
            Objection.about,
            Objection.state,
            Objection.remedy,
            Objection.answer,
            Objection.decided_at,
            Objection.at,
        )
        .where(Objection.receipt == tidy_receipt(text))
        .first()
    )
    if row is None:
        raise NotFound("objection")
    return {**row, "of": await event_category(row["event_category"])}


async def counted(event_category_id: int) -> dict[str, int]:
    """Numbers of objections by state; all that the public is told of them."""
    rows = await Objection.select(Objection.state).where(Objection.event_category == event_category_id)
    states = [row["state"] for row in rows]
    return {state: states.count(state) for state in ("open", "upheld", "dismissed")}


async def objections(viewer: Viewer | None, event_category_id: int) -> list[dict[str, Any]]:
    """Every objection with its words and the masked name, newest first. Raises NotFound, Forbidden."""
    await event_category_for(viewer, event_category_id, may_answer_objections)
    rows = (
        await Objection.select()
        .where(Objection.event_category == event_category_id)
        .order_by(Objection.number, ascending=False)
    )
    hidden = ("name_cipher", "contact_cipher", "text_cipher", "sender")
    return [
        {
            **{key: value for key, value in row.items() if key not in hidden},
            "name": mask_name(decrypt(row["name_cipher"], purpose="objection.name")),
            "text": decrypt(row["text_cipher"], purpose="objection.text"),
        }
        for row in rows
    ]


async def reveal(viewer: Viewer, event_category_id: int, number: int) -> tuple[str, str]:
    """Name and contact in full; who looked is kept in the trail. Raises NotFound, Forbidden."""
    await event_category_for(viewer, event_category_id, may_answer_objections)
    row = await _one(event_category_id, number)
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "objection.reveal", subject, number=number):
        return (
            decrypt(row["name_cipher"], purpose="objection.name"),
            decrypt(row["contact_cipher"], purpose="objection.contact"),
        )


async def answer(
    viewer: Viewer, event_category_id: int, number: int, form: AnswerForm, *, sending: str | None = None
) -> None:
    """Uphold or dismiss an objection in writing, once. Raises Invalid, NotFound, Forbidden, Conflict."""
    await event_category_for(viewer, event_category_id, may_answer_objections)
    row = await _one(event_category_id, number)
    if form.decision == "upheld" and form.remedy is None:
        raise Invalid([Finding("objection.remedy_missing", place="remedy")])
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "objection.answer", subject, sending=sending, number=number) as act:
        decided = (
            await Objection.update(
                {
                    Objection.state: form.decision,
                    Objection.remedy: (form.remedy or "") if form.decision == "upheld" else "",
                    Objection.answer: form.answer,
                    Objection.decided_by: viewer.actor.name,
                    Objection.decided_at: clocks.now(),
                }
            )
            .where((Objection.id == row["id"]) & (Objection.state == "open"))
            .returning(Objection.id)
        )
        if not decided:
            raise Conflict("objection.answered_already", number=number)
        act.record(decision=form.decision)
        act.answer["page"] = f"/work/event-categories/{event_category_id}/objections"


async def _one(event_category_id: int, number: int) -> dict[str, Any]:
    row = (
        await Objection.select()
        .where((Objection.event_category == event_category_id) & (Objection.number == number))
        .first()
    )
    if row is None:
        raise NotFound("objection")
    return row


async def objections_answered(row: dict[str, Any]) -> list[Finding]:
    """No objection waits for its answer, and none was upheld against the publication in force."""
    rows = await Objection.select(Objection.number, Objection.state, Objection.publication).where(
        Objection.event_category == row["id"]
    )
    waiting = sorted(one["number"] for one in rows if one["state"] == "open")
    upheld = sorted(
        one["number"] for one in rows if one["state"] == "upheld" and one["publication"] == row["publication"]
    )
    found = []
    if waiting:
        found.append(Finding("objection.waiting", facts={"count": len(waiting), "numbers": waiting[:8]}))
    if upheld:
        found.append(Finding("objection.uncorrected", facts={"numbers": upheld[:8]}))
    return found
