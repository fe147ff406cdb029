"""The terms of the public notice of an event category: days, hours, the document they rest on."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import programme
from contests.forms.notice import NoticeForm
from contests.notices import clock
from contests.notices.terms import clock_of, days_for, set_terms, terms_of, terms_rows, unknown_holidays
from contests.rules import may_organise, may_work_on
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
HERE = "/work/event-categories/{event_category:int}/notice"


def hour(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


async def _page(request: Asking, event_category: int, form: Filled | None = None) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_work_on)
    terms, rows = await terms_of(row), await terms_rows(row)
    first, last = await days_for(row, clock.now())
    kept = {
        "days": terms.days,
        "opens": hour(terms.opens),
        "closes": hour(terms.closes),
        "first_day": terms.first_day,
        "per_day": terms.per_day,
        "basis": terms.basis,
        "seen": rows[0]["id"] if rows else 0,
    }
    return page(
        "notices/terms.html",
        status=422 if form else 200,
        about=row,
        clock=await clock_of(row),
        ahead=(first, last, hour(terms.closes)),
        unknown=unknown_holidays(last),
        rows=[{**one, "hours": f"{hour(one['opens'])}–{hour(one['closes'])}"} for one in rows],
        may=may_organise(person, row["ground"]),
        form=form or Filled(kept),
    )


@get(HERE, guards=[signed_in])
async def terms(event_category: FromPath[int], request: Asking) -> Page:
    return await _page(request, event_category)


@post(HERE, guards=[signed_in], status_code=200)
async def keep_terms(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(NoticeForm, sent)
    if model is None:
        return await _page(request, event_category, form)
    sending = str(sent.get("sending", "")) or None
    try:
        await set_terms(viewer(request), event_category, model, sending=sending)
    except Invalid as refused:
        return await _page(request, event_category, form.with_findings(refused.findings))
    except Conflict as refused:
        return await _page(request, event_category, form.with_findings([Finding(refused.code)]))
    return see(f"/work/event-categories/{event_category}/notice", done="done.notice_terms")


routes = [terms, keep_terms]

doors = [
    Door(
        "/work/event-categories/{id}/notice",
        N_("公示规则"),
        N_("公示几个工作日、几点开始几点截止，依据哪份文件"),
        may_work_on,
        (),
        84,
    )
]
