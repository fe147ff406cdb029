"""Judges' seats for staff: who sits where, cards with links, the devices in use; sheets handed in and spreads."""

from __future__ import annotations

import io
from typing import Any

import segno
from litestar import Request, get, post
from litestar.params import FromPath

from contests import diagnostics, schemes
from contests.anonymity.owners import owners
from contests.forms.seat import SeatForm, SeatRuleForm
from contests.rules import may_see_seats
from contests.seats import handing_in, links, own_units, recusals, refereeing, seating, spreads
from federation.findings import Finding
from federation.refusals import Invalid
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.settings import Settings
from web.templating import Page, page, see

Asked = Request[Any, Any, Any]
HERE = "/work/event-categories/{category:int}/seats"
SHEETS = "/work/event-categories/{category:int}/sheets"

own_units.ask(owners)  # the room of seats asks without knowing who holds a coded link


@get(HERE, guards=[signed_in])
async def show(category: FromPath[int], request: Asked) -> Page:
    return await _seats(request, category)


async def _seats(
    request: Asked, category: int, form: Filled | None = None, rule_form: Filled | None = None
) -> Page:
    person = viewer(request)
    seen = await refereeing.overview(person, category)
    rule = await seating.rule_of(category)
    scheme = await schemes.scheme_of(category) if seen.category["scheme"] else None
    asked = request.query_params.get("seat", "")
    chosen = next((one.seat for one in seen.lines if str(one.seat.id) == asked), None)
    return page(
        "seats/seats.html",
        status=422 if form or rule_form else 200,
        about=seen.category,
        seen=seen,
        chosen=chosen,
        choices=seating.choices(scheme) if scheme else [],
        units=await diagnostics.units(category),
        rule=rule,
        form=form or _filled(chosen),
        rule_form=rule_form or Filled(rule.model_dump() | {"may_uphold": "yes" if rule.may_uphold else ""}),
    )


def _filled(chosen: seating.Seat | None) -> Filled:
    if chosen is None:
        return Filled()
    aspects = ["|".join(pair) for pair in chosen.aspects]
    return Filled({"code": chosen.code, "name": chosen.name, "unit": chosen.unit, "aspects": aspects})


@post(HERE, guards=[signed_in], status_code=200)
async def set_seat(category: FromPath[int], request: Asked) -> Any:
    """A new seat, or the one named `seat`."""
    sent = await request.form()
    seat = str(sent.get("seat", ""))
    model, filled = read_form(SeatForm, sent)
    if model is not None:
        try:
            await seating.set_seat(
                viewer(request),
                category,
                model,
                seat=int(seat) if seat.isdecimal() else None,
                sending=str(sent.get("sending", "")) or None,
            )
            return see(f"/work/event-categories/{category}/seats", done="done.seat_set")
        except Invalid as refused:
            filled = filled.with_findings(refused.findings)
    return await _seats(request, category, form=filled)


@post(HERE + "/rule", guards=[signed_in], status_code=200)
async def set_rule(category: FromPath[int], request: Asked) -> Any:
    sent = await request.form()
    model, filled = read_form(SeatRuleForm, sent)
    if model is None:
        return await _seats(request, category, rule_form=filled)
    await seating.set_rule(viewer(request), category, model, sending=str(sent.get("sending", "")) or None)
    return see(f"/work/event-categories/{category}/seats", done="done.seat_rule_set")


@post(HERE + "/issue", guards=[signed_in], status_code=200)
async def issue(category: FromPath[int], request: Asked) -> Page:
    """New cards, shown this once: the database keeps no secret it could show again."""
    sent = await request.form()
    seats = [int(one) for one in sent.getall("seat", []) if str(one).isdecimal()]
    cards = await links.issue(viewer(request), category, seats, sending=str(sent.get("sending", "")) or None)
    seen = await refereeing.overview(viewer(request), category)
    lines = {line.seat.id: line.seat for line in seen.lines}
    return page(
        "seats/cards.html",
        headers={"cache-control": "private, no-store"},
        about=seen.category,
        cards=[{"card": card, "seat": lines[card.seat], **_code(request, card.secret)} for card in cards],
    )


def _code(request: Asked, secret: str) -> dict[str, str]:
    settings: Settings = request.app.state.settings
    base = settings.trusted_origins[0] if settings.trusted_origins else str(request.base_url).rstrip("/")
    address = f"{base}/seat/{secret}"
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=2, scale=4, nl=False
    )
    return {"address": address, "svg": drawn.getvalue().decode()}


@post(HERE + "/{seat:int}/{verb:str}", guards=[signed_in], status_code=200)
async def end(category: FromPath[int], seat: FromPath[int], verb: FromPath[str], request: Asked) -> Any:
    """`revoke` ends the link and the device; `close` takes the seat out of use."""
    sent = await request.form()
    close = verb == "close"
    await links.revoke(
        viewer(request), category, seat, close=close, sending=str(sent.get("sending", "")) or None
    )
    done = "done.seat_closed" if close else "done.seat_revoked"
    return see(f"/work/event-categories/{category}/seats", done=done)


@post(HERE + "/check", guards=[signed_in], status_code=200)
async def check(category: FromPath[int], request: Asked) -> Any:
    """Compare the judges' units with the delegations of the pieces as they are now."""
    await links.check_own_units(viewer(request), category)
    return see(f"/work/event-categories/{category}/seats", done="done.own_units_checked")


@get(SHEETS, guards=[signed_in])
async def sheets(category: FromPath[int], request: Asked) -> Page:
    return await _sheets(request, category)


async def _sheets(request: Asked, category: int, findings: list[Finding] | None = None) -> Page:
    seen = await refereeing.overview(viewer(request), category)
    return page(
        "seats/sheets.html",
        status=422 if findings else 200,
        about=seen.category,
        seen=seen,
        findings=findings or [],
    )


@post(SHEETS + "/{what:str}/{number:int}/{verb:str}", guards=[signed_in], status_code=200)
async def decide(
    category: FromPath[int], what: FromPath[str], number: FromPath[int], verb: FromPath[str], request: Asked
) -> Any:
    """spreads: open, look, uphold. submissions: return. recusals: lift."""
    sent = await request.form()
    reason, sending = str(sent.get("reason", ""))[:400], str(sent.get("sending", "")) or None
    person = viewer(request)
    try:
        match (what, verb):
            case ("spreads", "open"):
                await spreads.open_marks(person, category, number, sending=sending)
                done = "done.spread_opened"
            case ("spreads", "uphold"):
                await spreads.uphold(person, category, number, reason, sending=sending)
                done = "done.spread_upheld"
            case ("spreads", "look"):
                settled = await spreads.look_again(person, category, number, sending=sending)
                done = "done.spread_adjusted" if settled else "done.spread_still_open"
            case ("submissions", "return"):
                await handing_in.hand_back(person, category, number, reason, sending=sending)
                done = "done.sheet_returned"
            case ("recusals", "lift"):
                await recusals.lift(person, category, number, reason, sending=sending)
                done = "done.recusal_lifted"
            case _:
                raise Invalid([Finding("seat.settled")])
    except Invalid as refused:
        return await _sheets(request, category, list(refused.findings))
    return see(f"/work/event-categories/{category}/sheets", done=done)


routes = [show, set_seat, set_rule, issue, end, check, sheets, decide]

doors = [
    Door(
        "/work/event-categories/{id}/seats",
        N_("裁判席位"),
        N_("谁坐哪一席、评什么；发席位卡，看哪台设备在用"),
        may_see_seats,
        ("planned", "open", "closed", "drawn", "marking"),
        20,
    ),
    Door(
        "/work/event-categories/{id}/sheets",
        N_("提交与分差"),
        N_("各席交了多少，退回评分表，处理分差超限和回避"),
        may_see_seats,
        ("marking", "frozen", "provisional", "notice"),
        30,
    ),
]
