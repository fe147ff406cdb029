"""The coding room: layers and their holders, drawing, envelopes, witnesses and opening."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath

from contests.anonymity import layers
from contests.forms.coding import CodingForm
from contests.programme import event_category_for
from contests.rules import may_code, may_organise, may_see_coding, may_witness
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
HERE = "/work/event-categories/{event_category:int}/coding"


@get(HERE, guards=[signed_in])
async def show(request: Asking, event_category: FromPath[int]) -> Page:
    return await _page(request, event_category)


async def _page(request: Asking, event_category: int, form: Filled | None = None) -> Page:
    person = viewer(request)
    row = await event_category_for(person, event_category, may_see_coding)
    found = await layers.layers_of(event_category)
    held = {f"holder_{one['layer']}": one["holder"] for one in found}
    first = found[0] if found else {"apart": True, "stations": None, "basis": ""}
    as_it_is = (
        {name: first[name] for name in ("apart", "stations", "basis")} | held | {"layers": row["coding"]}
    )
    return page(
        "coding/room.html",
        status=422 if form else 200,
        one=row,
        layers=found,
        form=form or Filled({name: value for name, value in as_it_is.items() if value is not None}),
        holders=[(one["id"], one["name"]) for one in await layers.possible_holders(row)],
        may_organise=may_organise(person, row["ground"]),
        may_code=may_code(person, row["ground"]),
        may_witness=may_witness(person, row["ground"]),
        drawn=any(one["drawn_at"] for one in found),
        needed=layers.WITNESSES,
        me=person.id,
    )


@post(HERE, guards=[signed_in])
async def set_up(request: Asking, event_category: FromPath[int]) -> Any:
    person = viewer(request)
    sent = await request.form()
    form, filled = read_form(CodingForm, sent)
    if form is None:
        return await _page(request, event_category, filled)
    try:
        await layers.set_up(person, event_category, form, sent.get("sending"))
    except Invalid as refused:
        return await _page(request, event_category, filled.with_findings(refused.findings))
    return see(f"/work/event-categories/{event_category}/coding", done="done.saved")


DEEDS = {"draw": layers.draw, "witness": layers.stand_by, "open": layers.open_layer}


@post(HERE + "/{layer:int}/{deed:str}", guards=[signed_in])
async def act(
    request: Asking, event_category: FromPath[int], layer: FromPath[int], deed: FromPath[str]
) -> Any:
    """Draw a layer, stand by as a witness, or open it. What speaks against it is said on the same page."""
    person = viewer(request)
    sent = await request.form()
    doing = DEEDS.get(deed)
    if doing is None:
        return see(f"/work/event-categories/{event_category}/coding")
    try:
        await doing(person, event_category, layer, sent.get("sending"))
    except Invalid as refused:
        return await _page(request, event_category, Filled({}, refused.findings))
    except Conflict as refused:
        if not refused.code.startswith("coding."):
            raise
        return await _page(request, event_category, Filled({}, [Finding(refused.code, facts=refused.facts)]))
    return see(f"/work/event-categories/{event_category}/coding", done=f"done.coding_{deed}")


@get(HERE + "/{layer:int}/envelopes", guards=[signed_in])
async def envelopes(request: Asking, event_category: FromPath[int], layer: FromPath[int]) -> Page:
    person = viewer(request)
    row = await event_category_for(person, event_category, may_code)
    slips = await layers.envelopes(person, event_category, layer)
    return page("coding/envelopes.html", one=row, layer=layer, slips=slips)


routes = [show, set_up, act, envelopes]
doors = [
    Door(
        "/work/event-categories/{id}/coding",
        N_("加密与解密"),
        N_("谁的作品是谁的：分层抽号，各层各人保管，封分后逐层打开"),
        may_see_coding,
        ("planned", "open", "closed", "drawn", "marking", "frozen", "provisional", "notice", "final"),
        order=20,
    )
]
