"""Work pages of one event category: its acts, settings and the places of each delegation."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from contests import programme, schemes, states
from contests.forms.contest import CategoryForm
from contests.rules import may_enter_marks, may_organise, may_see_entries, may_see_staff_board
from federation.findings import Finding
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from federation.unions import delegations
from web.filled import Filled, read_form
from web.formats import named
from web.guards import signed_in, viewer
from web.menu import doors as doors_of
from web.pages.organise import filled_from, overtaken
from web.templating import Page, page, see

Web = Request[Any, Any, Any]


@get("/work/event-categories/{event_category:int}", guards=[signed_in])
async def show(request: Web, event_category: int) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category)
    ground = row["ground"]
    contest = await programme.contest(row["contest_code"])
    counted = await programme.entry_counts(event_category)
    return page(
        "organise/event_category.html",
        one=row,
        contest=contest,
        counted=counted,
        scheme=await schemes.edition(row["scheme"]) if row["scheme"] else None,
        edition=await schemes.edition_row(row["scheme"]) if row["scheme"] else None,
        acts=states.acts_from(person, ground, row["state"]),
        way=states.STATES,
        history=await states.history(event_category),
        doors=doors_of(person, ground, row["state"]),
        may_organise=may_organise(person, ground),
        may_see_entries=may_see_entries(person, ground),
        may_enter_marks=may_enter_marks(person, ground),
        may_see_board=may_see_staff_board(person, ground),
    )


async def act_page(request: Web, event_category: int, code: str, reason: str = "", found: Any = None) -> Page:
    """What an act means, what speaks against it, and the place for a reason."""
    person = viewer(request)
    row = await programme.event_category_for(person, event_category)
    act = states.ACTS.get(code)
    if act is None or act.by_publication:
        raise NotFound("page")
    if not act.who(person, row["ground"]):
        raise Forbidden("state.not_yours", act=code)
    possible = row["state"] in act.sources
    findings = found if found is not None else await states.findings_for(row, act) if possible else []
    return page(
        "organise/act.html",
        status=422 if found else 200,
        one=row,
        act=act,
        possible=possible,
        findings=findings,
        blocked=any(finding.severity == "error" and finding.place != "reason" for finding in findings),
        asks_reason=act.needs_reason or any(finding.severity == "warning" for finding in findings),
        form=Filled({"reason": reason}, [one for one in findings if one.place == "reason"]),
    )


@get("/work/event-categories/{event_category:int}/acts/{code:str}", guards=[signed_in])
async def show_act(request: Web, event_category: int, code: str) -> Page:
    return await act_page(request, event_category, code)


@post("/work/event-categories/{event_category:int}/acts/{code:str}", guards=[signed_in], status_code=303)
async def carry_out(request: Web, event_category: int, code: str) -> Response[Any]:
    sent = await request.form()
    reason = str(sent.get("reason", ""))[:500]
    try:
        await states.step(viewer(request), event_category, code, reason, sent.get("sending"))
    except Invalid as refused:
        return await act_page(request, event_category, code, reason, refused.findings)
    return see(f"/work/event-categories/{event_category}", done="done.stepped")


async def settings_page(row: dict[str, Any], form: Filled, status: int = 200) -> Page:
    contest = await programme.contest(row["contest_code"])
    event = {"code": row["event_code"], "name": row["event_name"], "name_en": row["event_name_en"]}
    return page(
        "organise/category_form.html", status=status, form=form, contest=contest, event=event, one=row
    )


@get("/work/event-categories/{event_category:int}/edit", guards=[signed_in])
async def edit(request: Web, event_category: int) -> Page:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    return await settings_page(row, filled_from(row))


@post("/work/event-categories/{event_category:int}/edit", guards=[signed_in], status_code=303)
async def change(request: Web, event_category: int) -> Response[Any]:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_organise)
    sent = await request.form()
    model, form = read_form(CategoryForm, {**dict(sent.items()), "category": row["category"]})
    if model is not None:
        try:
            await programme.change_category(person, event_category, model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        except Conflict as refused:
            form = overtaken(form, refused, (await programme.event_category(event_category))["version"])
        else:
            return see(f"/work/event-categories/{event_category}", done="done.saved")
    return await settings_page(row, form, 422)


async def places_page(row: dict[str, Any], form: Filled, status: int = 200) -> Page:
    return page(
        "organise/places.html",
        status=status,
        one=row,
        form=form,
        delegations=await delegations(),
        filed=await programme.filed_by_delegation(row["id"]),
    )


@get("/work/event-categories/{event_category:int}/places", guards=[signed_in])
async def show_places(request: Web, event_category: int) -> Page:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    own = await programme.quotas_of(event_category)
    return await places_page(row, Filled({f"places-{unit}": number for unit, number in own.items()}))


@post("/work/event-categories/{event_category:int}/places", guards=[signed_in], status_code=303)
async def set_places(request: Web, event_category: int) -> Response[Any]:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_organise)
    sent = await request.form()
    places: dict[int, int | None] = {}
    findings = []
    typed = {}
    for unit in await delegations():
        name = f"places-{unit['id']}"
        text = str(sent.get(name, "")).strip()
        typed[name] = text
        if not text:
            places[unit["id"]] = None
        elif text.isdecimal() and int(text) <= 9999:
            places[unit["id"]] = int(text)
        else:
            facts = {"delegation": named(unit), "value": text}
            findings.append(Finding("quota.not_a_number", place=name, facts=facts))
    if findings:
        return await places_page(row, Filled(typed, findings), 422)
    await programme.set_quotas(person, event_category, places, sending=sent.get("sending"))
    return see(f"/work/event-categories/{event_category}", done="done.saved")


routes = [show, show_act, carry_out, edit, change, show_places, set_places]
