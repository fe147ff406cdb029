"""The links judges sit down by: issued with a PIN, bound to one device, taken over in the open, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contests.programme import event_category as the_category
from contests.programme import event_category_for
from contests.rules import may_referee
from contests.seated import Seated
from contests.seats import own_units, recusals
from contests.seats.seating import aspects_from, rule_of, seats_of, the_seat
from contests.tables import JudgeSeat, SeatSession
from federation.accounts import Viewer, hashed, matches
from federation.changes import Actor, Change, change
from federation.refusals import AlreadyDone, Conflict, NotFound, Refusal

SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed for a seat, once: nobody can read the secret or the PIN again."""

    seat: int
    code: str
    secret: str
    pin: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Who a device is: `seated`, or None and `why` its seat is gone: taken_over, revoked, expired, signed_out or ""."""

    seated: Seated | None
    why: str = ""
    code: str = ""
    device: str = ""
    at: datetime | None = None


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def issue(
    viewer: Viewer, event_category: int, seats: Sequence[int] = (), *, sending: str | None = None
) -> list[Card]:
    """New links and PINs for these seats (none named: for all). What was out before ends at once.

    Raises Forbidden, NotFound, and Conflict("seat.cards_given") for a repeated sending: the cards are shown once.
    """
    await event_category_for(viewer, event_category, may_referee)
    rule = await rule_of(event_category)
    chosen = [one for one in await seats_of(event_category) if not seats or one.id in seats]
    if not chosen:
        raise NotFound("seat", seat="")
    cards = [
        Card(
            one.id,
            one.code,
            secrets.token_urlsafe(24),
            f"{secrets.randbelow(10**rule.pin_digits):0{rule.pin_digits}d}",
        )
        for one in chosen
    ]
    pins = [await hashed(card.pin) for card in cards]
    try:
        async with change(
            viewer.actor,
            "seat.issue",
            f"event_category:{event_category}",
            sending=sending,
            seats=[card.code for card in cards],
        ) as act:
            for card, pin in zip(cards, pins, strict=True):
                await JudgeSeat.update(
                    {
                        JudgeSeat.link_hash: secret_hash(card.secret),
                        JudgeSeat.pin_hash: pin,
                        JudgeSeat.issued_at: act.at,
                        JudgeSeat.issues: JudgeSeat.issues + 1,
                        JudgeSeat.failures: 0,
                        JudgeSeat.locked_until: None,
                    }
                ).where(JudgeSeat.id == card.seat)
                await _end(act, card.seat, "revoked")
            await own_units.keep(act, event_category)
    except AlreadyDone:
        raise Conflict("seat.cards_given") from None
    return cards


async def revoke(
    viewer: Viewer, event_category: int, seat: int, *, close: bool = False, sending: str | None = None
) -> None:
    """End a seat's link and the device that holds it. `close` takes the seat out of use; its marks stay."""
    await event_category_for(viewer, event_category, may_referee)
    found = await the_seat(event_category, seat)
    try:
        async with change(
            viewer.actor,
            "seat.close" if close else "seat.revoke",
            f"event_category:{event_category}",
            sending=sending,
            seat=found.code,
        ) as act:
            await JudgeSeat.update(
                {
                    JudgeSeat.link_hash: None,
                    JudgeSeat.pin_hash: "",
                    JudgeSeat.closed_at: act.at if close else None,
                }
            ).where(JudgeSeat.id == seat)
            await _end(act, seat, "revoked")
    except AlreadyDone:
        return


async def _end(act: Change, seat: int, why: str) -> None:
    await SeatSession.update({SeatSession.ended_at: act.at, SeatSession.ended_why: why}).where(
        (SeatSession.seat == seat) & SeatSession.ended_at.is_null()
    )


async def at_link(secret: str) -> dict[str, Any]:
    """The seat a link leads to: `seat` row, `category`, and `holder`, the device that holds it now, or None.

    Raises NotFound("seat_link") for a link that was revoked or never was.
    """
    seat = (
        await JudgeSeat.select()
        .where((JudgeSeat.link_hash == secret_hash(secret)) & JudgeSeat.closed_at.is_null())
        .first()
    )
    if seat is None:
        raise NotFound("seat_link")
    holder = await _holder(seat["id"], datetime.now(UTC))
    return {"seat": seat, "category": await the_category(seat["event_category"]), "holder": holder}


async def _holder(seat: int, now: datetime) -> dict[str, Any] | None:
    row = (
        await SeatSession.select().where((SeatSession.seat == seat) & SeatSession.ended_at.is_null()).first()
    )
    return row if row is not None and row["expires_at"] > now else None


async def sign_in(secret: str, pin: str, device: str, *, take_over: bool = False) -> str:
    """Sit down: the link's secret and the PIN give this device the seat; returns the secret of its cookie.

    Raises NotFound("seat_link"), Refusal: `seat.locked` (until), `seat.pin_wrong` (left), `seat.in_use` (device, at)
    while another device holds the seat and `take_over` is not said. A try is counted before the PIN is looked at, so
    that guesses sent side by side are as few as guesses sent one by one.
    """
    found = await at_link(secret)
    seat, holder = found["seat"], found["holder"]
    rule = await rule_of(seat["event_category"])
    actor = Actor(None, f"裁判席 {seat['code']}")
    left = await _count_try(actor, seat, rule.tries, timedelta(minutes=rule.lock_minutes))
    if not await matches(seat["pin_hash"], pin.strip()):
        raise (
            Refusal("seat.pin_wrong", left=left)
            if left
            else Refusal("seat.locked_now", minutes=rule.lock_minutes)
        )
    if holder is not None and not take_over:
        async with change(
            actor, "seat.pin_right", f"event_category:{seat['event_category']}", seat=seat["code"]
        ):
            await _forget_tries(seat["id"])
        raise Refusal("seat.in_use", device=holder["device"], at=holder["seen_at"])
    token = secrets.token_urlsafe(32)
    async with change(
        actor,
        "seat.sign_in",
        f"event_category:{seat['event_category']}",
        seat=seat["code"],
        device=device[:60],
    ) as act:
        held = (
            await JudgeSeat.update({JudgeSeat.failures: 0, JudgeSeat.locked_until: None})
            .where((JudgeSeat.id == seat["id"]) & (JudgeSeat.link_hash == seat["link_hash"]))
            .returning(JudgeSeat.id)
        )
        if not held:
            raise NotFound("seat_link")
        if not take_over and await _holder(seat["id"], act.at) is not None:
            raise Refusal("seat.in_use", device="", at=act.at)
        await _end(act, seat["id"], "taken_over")
        act.record(took_over=holder["device"] if holder else "")
        session = SeatSession(
            token_hash=secret_hash(token),
            seat=seat["id"],
            device=device[:60],
            created_at=act.at,
            seen_at=act.at,
            expires_at=act.at + timedelta(hours=rule.session_hours),
        )
        await SeatSession.insert(session)
        await own_units.keep(act, seat["event_category"], seat["id"])
        await recusals.recuse_own_unit(act, seated_from(seat, session.token_hash))
    return token


async def _count_try(actor: Actor, seat: dict[str, Any], tries: int, lock: timedelta) -> int:
    """Count a try; how many are left after it. The last one locks the seat at once, until a right PIN opens it."""
    async with change(
        actor, "seat.sign_in_tried", f"event_category:{seat['event_category']}", seat=seat["code"]
    ) as act:
        free = JudgeSeat.locked_until.is_null() | (JudgeSeat.locked_until < act.at)
        counted = (
            await JudgeSeat.update({JudgeSeat.failures: JudgeSeat.failures + 1})
            .where((JudgeSeat.id == seat["id"]) & free)
            .returning(JudgeSeat.failures)
        )
        failures = int(counted[0]["failures"]) if counted else 0
        if failures >= tries:
            await JudgeSeat.update({JudgeSeat.failures: 0, JudgeSeat.locked_until: act.at + lock}).where(
                JudgeSeat.id == seat["id"]
            )
            act.record(locked=True)
    if not counted:
        row = await JudgeSeat.select(JudgeSeat.locked_until).where(JudgeSeat.id == seat["id"]).first()
        raise Refusal("seat.locked", until=row["locked_until"] if row else None)
    return max(0, tries - failures)


async def _forget_tries(seat: int) -> None:
    await JudgeSeat.update({JudgeSeat.failures: 0, JudgeSeat.locked_until: None}).where(JudgeSeat.id == seat)


def seated_from(seat: dict[str, Any], token_hash: str) -> Seated:
    return Seated(seat["id"], seat["event_category"], seat["code"], aspects_from(seat["aspects"]), token_hash)


async def standing_of(token: str) -> Standing:
    """Who the cookie of a device is now; a device that lost its seat hears why, and to whom."""
    token_hash = secret_hash(token)
    row = await SeatSession.select().where(SeatSession.token_hash == token_hash).first()
    if row is None:
        return Standing(None)
    seat = await JudgeSeat.select().where(JudgeSeat.id == row["seat"]).first()
    assert seat is not None
    now = datetime.now(UTC)
    if row["ended_at"] is not None:
        holder = await _holder(row["seat"], now) if row["ended_why"] == "taken_over" else None
        device = holder["device"] if holder else ""
        return Standing(None, row["ended_why"], seat["code"], device, row["ended_at"])
    if row["expires_at"] <= now or seat["closed_at"] is not None:
        return Standing(None, "expired", seat["code"], "", row["expires_at"])
    if row["seen_at"] + SEEN_EVERY < now:
        await SeatSession.update({SeatSession.seen_at: now}).where(SeatSession.token_hash == token_hash)
    return Standing(seated_from(seat, token_hash), code=seat["code"], device=row["device"])


async def sign_out(seated: Seated) -> None:
    async with change(
        seated.actor, "seat.sign_out", f"event_category:{seated.event_category}", seat=seated.code
    ) as act:
        await _end(act, seated.id, "signed_out")


async def holders_of(event_category: int) -> dict[int, dict[str, Any]]:
    """seat → the device that holds it now, and how often the seat changed hands, for staff."""
    rows = (
        await SeatSession.select()
        .where(SeatSession.seat.event_category == event_category)
        .order_by(SeatSession.created_at)
    )
    now = datetime.now(UTC)
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        line = found.setdefault(row["seat"], {"holder": None, "taken_over": 0})
        line["taken_over"] += row["ended_why"] == "taken_over"
        if row["ended_at"] is None and row["expires_at"] > now:
            line["holder"] = row
    return found


async def check_own_units(viewer: Viewer, event_category: int) -> None:
    """Compare the judges' units with the pieces as they are now; seats in use step aside where the rule says so."""
    await event_category_for(viewer, event_category, may_referee)
    async with change(viewer.actor, "seat.check_units", f"event_category:{event_category}") as act:
        await own_units.keep(act, event_category)
        for seat in await seats_of(event_category):
            await recusals.recuse_own_unit(act, seated_from(seat.row, ""))
