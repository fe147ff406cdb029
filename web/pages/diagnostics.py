"""Diagnostics of a board for organiser, chief referee and supervisor; figures to look at, no way to change a mark."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import diagnostics, programme
from contests.forms.diagnostics import SamplesForm
from contests.rules import may_diagnose, may_referee
from federation.findings import Finding
from federation.refusals import Invalid, NotFound
from web.diagnostic_views import diagnostics_view, judge_view
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
A_PAGE = 100


async def _page(request: Asking, event_category: int, filled: Filled | None = None) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_diagnose)
    asked, form = read_form(SamplesForm, request.query_params)
    samples = (asked or SamplesForm()).samples
    found = await diagnostics.diagnosis(person, event_category, samples) if row["scheme"] else None
    seats = await diagnostics.seats(event_category)
    here = f"/work/boards/{event_category}/diagnostics"
    return page(
        "boards/diagnostics.html",
        status=422 if filled else 200,
        about=row,
        view=diagnostics_view(found, seats, here) if found and found.found.outcome.marks.height else None,
        seats=seats,
        units=await diagnostics.units(event_category),
        may_seat=may_referee(person, row["ground"]),
        form=filled or Filled(),
        samples=Filled((asked or SamplesForm()).model_dump()),
        refused=[Finding("diagnostics.bad_sample")] if form.findings else [],
    )


@get("/work/boards/{event_category:int}/diagnostics", guards=[signed_in])
async def show(event_category: FromPath[int], request: Asking) -> Page:
    return await _page(request, event_category)


@get("/work/boards/{event_category:int}/diagnostics/judge", guards=[signed_in])
async def judge(event_category: FromPath[int], request: Asking) -> Page:
    """The marks of one seat (`seat`) beside those of the others, the furthest first."""
    person, seat = viewer(request), request.query_params.get("seat", "")
    row = await programme.event_category_for(person, event_category, may_diagnose)
    asked = request.query_params.get("page", "1")[:6]
    number = max(1, int(asked)) if asked.isdecimal() else 1
    found = await diagnostics.diagnosis(person, event_category) if row["scheme"] else None
    view = judge_view(found, seat, (number - 1) * A_PAGE, A_PAGE) if found else None
    if view is None:
        raise NotFound("judge_marks")
    pages = -(-view.total // A_PAGE)
    return page("boards/judge.html", about=row, view=view, seat=seat, number=number, pages=pages)


@post("/work/boards/{event_category:int}/diagnostics/seats", guards=[signed_in], status_code=200)
async def seat(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    """Where the judges come from: fields `seat-<judge>` with the code of a delegation or nothing."""
    sent = await request.form()
    given = {
        str(name).removeprefix("seat-"): str(value)
        for name, value in sent.items()
        if str(name).startswith("seat-")
    }
    try:
        await diagnostics.seat_judges(
            viewer(request), event_category, given, sending=str(sent.get("sending", "")) or None
        )
    except Invalid as refused:
        findings = [
            Finding(one.code, one.severity, f"seat-{one.place}", one.facts) for one in refused.findings
        ]
        typed = {f"seat-{judge}": code for judge, code in given.items()}
        return await _page(request, event_category, Filled(typed, findings))
    return see(f"/work/boards/{event_category}/diagnostics", done="done.seats_saved")


doors = [
    Door(
        "/work/boards/{id}/diagnostics",
        N_("诊断"),
        N_("裁判、模块和名次牢不牢；只供查看"),
        may_diagnose,
        ("marking", "frozen", "provisional", "notice", "final", "archived"),
        90,
    )
]
routes = [show, judge, seat]
