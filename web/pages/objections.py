"""Objections to a board under notice: the public form, the receipt, and the desk where they are answered."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import objections, programme
from contests.forms.notice import AnswerForm, ObjectionForm
from contests.notices import clock
from contests.notices.terms import clock_of
from contests.rules import may_answer_objections, may_publish, may_see_staff_board
from federation.findings import Finding
from federation.refusals import Conflict, Invalid, NotFound
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
DESK = "/work/event-categories/{event_category:int}/objections"
NO_STORE = {"cache-control": "no-store"}


async def _public(event_category: int, form: Filled, status: int = 200) -> Page:
    row = await programme.event_category(event_category)
    return page(
        "notices/objections.html",
        status=status,
        headers=NO_STORE,
        about=row,
        clock=await clock_of(row),
        closed=await objections.closed_because(row, clock.now()),
        counts=await objections.counted(event_category),
        form=form,
    )


@get("/boards/{event_category:int}/objections")
async def ask(event_category: FromPath[int], request: Asking) -> Page:
    about = request.query_params.get("about", "").strip()[:20]
    return await _public(event_category, Filled({"about": about}))


@post("/boards/{event_category:int}/objections", status_code=200)
async def lodge(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(ObjectionForm, sent)
    if model is None:
        return await _public(event_category, form, 422)
    origin = request.client.host if request.client else ""
    person = request.scope["state"].get("account")
    try:
        receipt = await objections.lodge(
            person, origin, event_category, model, sending=str(sent.get("sending", "")) or None
        )
    except objections.TooMany as refused:
        return await _public(event_category, form.with_findings(refused.findings), 429)
    except Invalid as refused:
        return await _public(event_category, form.with_findings(refused.findings), 422)
    return see(f"/objections/{receipt}", done="done.objection_lodged")


@get("/objections")
async def find(request: Asking) -> Page | Redirect:
    text = request.query_params.get("receipt", "")
    if receipt := objections.tidy_receipt(text):
        return see(f"/objections/{receipt}")
    return page("notices/receipt.html", found=None, missing=None, headers=NO_STORE)


@get("/objections/{receipt:str}")
async def receipt(receipt: FromPath[str]) -> Page:
    try:
        found = await objections.by_receipt(receipt)
    except NotFound as missing:
        return page("notices/receipt.html", status=404, found=None, missing=missing, headers=NO_STORE)
    return page("notices/receipt.html", found=found, missing=None, headers=NO_STORE)


async def _desk(
    request: Asking,
    event_category: int,
    form: Filled | None = None,
    tried: int = 0,
    shown: tuple[int, str, str] | None = None,
) -> Page:
    """`tried`: number of the objection `form` answers. `shown`: number, name and contact in full."""
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_answer_objections)
    return page(
        "notices/answers.html",
        status=422 if form else 200,
        about=row,
        clock=await clock_of(row),
        objections=await objections.objections(person, event_category),
        blocking=await objections.objections_answered(row),
        form=form or Filled(),
        blank=Filled(),
        tried=tried,
        shown=shown,
        may_look=may_see_staff_board(person, row["ground"]),
        may_withdraw=may_publish(person, row["ground"]),
    )


@get(DESK, guards=[signed_in])
async def desk(event_category: FromPath[int], request: Asking) -> Page:
    return await _desk(request, event_category)


@post(DESK + "/{number:int}", guards=[signed_in], status_code=200)
async def answer(event_category: FromPath[int], number: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(AnswerForm, sent)
    if model is None:
        return await _desk(request, event_category, form, number)
    sending = str(sent.get("sending", "")) or None
    try:
        await objections.answer(viewer(request), event_category, number, model, sending=sending)
    except Invalid as refused:
        return await _desk(request, event_category, form.with_findings(refused.findings), number)
    except Conflict as refused:
        late = [Finding(refused.code, facts=refused.facts)]
        return await _desk(request, event_category, form.with_findings(late), number)
    return see(f"/work/event-categories/{event_category}/objections", done="done.objection_answered")


@post(DESK + "/{number:int}/contact", guards=[signed_in], status_code=200)
async def contact(event_category: FromPath[int], number: FromPath[int], request: Asking) -> Page:
    """Name and contact in full, once, with a line in the trail."""
    name, how = await objections.reveal(viewer(request), event_category, number)
    return await _desk(request, event_category, shown=(number, name, how))


routes = [ask, lodge, find, receipt, desk, answer, contact]

doors = [
    Door(
        "/work/event-categories/{id}/objections",
        N_("异议"),
        N_("公示期间收到的异议，逐件书面答复；没有答复完不能公布最终结果"),
        may_answer_objections,
        ("notice", "frozen", "provisional", "final", "archived"),
        85,
    )
]
