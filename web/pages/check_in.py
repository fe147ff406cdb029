"""Check-in (检录): the list at the door, passes with a code to scan, and what is said of everybody."""

from __future__ import annotations

from typing import Any

import segno
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery

from contests.anonymity import checking_in
from contests.forms.coding import CheckInForm
from contests.rules import may_check_in
from federation.findings import Finding
from federation.refusals import Invalid
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_, link
from web.menu import Door
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
HERE = "/work/event-categories/{event_category:int}/check-in"


@get(HERE, guards=[signed_in])
async def show(request: Asking, event_category: FromPath[int], code: FromQuery[str] = "") -> Page:
    return await _page(request, event_category, code)


async def _page(request: Asking, event_category: int, code: str = "", form: Filled | None = None) -> Page:
    row, people = await checking_in.check_in_list(viewer(request), event_category)
    scanned = checking_in.entry_of_pass(event_category, people, code) if code else None
    findings = (
        [Finding("check_in.unknown_pass", facts={"code": code[:20]})] if code and scanned is None else []
    )
    return page(
        "coding/check_in.html",
        status=422 if form or findings else 200,
        one=row,
        people=[one for one in people if scanned in (None, one["entry"])],
        scanned=scanned,
        waiting=sum(not one["outcome"] for one in people),
        total=len(people),
        outcomes=checking_in.OUTCOMES,
        form=form or Filled({}, findings),
        open=row["state"] == "drawn",
    )


@post(HERE, guards=[signed_in])
async def record(request: Asking, event_category: FromPath[int]) -> Any:
    sent = await request.form()
    form, filled = read_form(CheckInForm, sent)
    if form is None:
        return await _page(request, event_category, form=filled)
    try:
        await checking_in.check_in(
            viewer(request), event_category, form.entry, form.outcome, form.reason, sent.get("sending")
        )
    except Invalid as refused:
        return await _page(request, event_category, form=filled.with_findings(refused.findings))
    return see(f"/work/event-categories/{event_category}/check-in", done="done.checked_in")


@get("/work/event-categories/{event_category:int}/passes", guards=[signed_in])
async def passes(request: Asking, event_category: FromPath[int]) -> Page:
    """A pass for everybody to print: name, number, delegation, and the code check-in scans."""
    row, people = await checking_in.check_in_list(viewer(request), event_category)
    here = str(request.base_url).rstrip("/") + link(f"/work/event-categories/{event_category}/check-in")
    shown = []
    for one in people:
        code = checking_in.pass_code(event_category, one["entry"])
        made = segno.make(f"{here}?code={code}", error="m", micro=False)
        shown.append({**one, "code": code, "qr": made.svg_data_uri(scale=3, border=2)})
    return page("coding/passes.html", one=row, people=shown)


routes = [show, record, passes]
doors = [
    Door(
        "/work/event-categories/{id}/check-in",
        N_("检录"),
        N_("核对到场的人；没来的、迟到的、不让参赛的都在这里记下"),
        may_check_in,
        ("drawn", "marking"),
        order=10,
    )
]
