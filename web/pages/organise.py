"""Work pages of the organiser: contests, their events and the categories of an event."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from contests import directory, programme, states
from contests.forms.contest import CategoryForm, ContestForm, EventForm
from contests.rules import may_create_contest, may_organise
from federation.accounts import Viewer
from federation.findings import Finding
from federation.refusals import Conflict, Forbidden, Invalid
from federation.tables import Industry, Occupation, Region, Trade
from federation.unions import all_units
from web.filled import Filled, read_form
from web.formats import named
from web.guards import only, signed_in, viewer
from web.language import N_
from web.menu import Entry, with_role
from web.pages.contests import names_of_choices, wanted_of
from web.templating import Page, page, see
from web.wording import say

Web = Request[Any, Any, Any]
AT_WORK = (
    "organiser",
    "officer",
    "clerk",
    "judge",
    "chief_referee",
    "supervisor",
    "checkin",
    "anonymiser",
    "floor_referee",
    "appeals_panel",
)


def overtaken(form: Filled, refused: Conflict, version: int) -> Filled:
    """What was typed, the word that somebody was first, and the version that sending again would replace."""
    if refused.code != "contest.changed_meanwhile":
        raise refused
    return Filled({**form.values, "version": version}, [*form.findings, Finding(refused.code)])


def filled_from(row: dict[str, Any]) -> Filled:
    """A form as it stands in the tables."""
    return Filled(
        {name: "yes" if value is True else value for name, value in row.items() if value not in (None, False)}
    )


async def contest_choices(person: Viewer) -> dict[str, list[tuple[str, str]]]:
    """The options of the contest form: code and words."""
    names = await names_of_choices()
    regions = (
        await Region.select().where(Region.level.is_in(["province", "city", "county"])).order_by(Region.code)
    )
    industries = await Industry.select().order_by(Industry.code)
    return {
        "host": [
            (unit["code"], named(unit))
            for unit in await all_units()
            if may_create_contest(person, unit["path"])
        ],
        "series": [(code, named(row)) for code, row in names["series"].items()],
        "class_code": [(code, say(f"class.{code}")) for code in ("I", "II", "III")],
        "level": [(code, say(f"level.{code}")) for code in ("province", "city", "county", "unit")],
        "region": [(row["code"], named(row)) for row in regions],
        "industry": [(row["code"], f"{row['code']} {named(row)}") for row in industries],
    }


async def event_choices() -> dict[str, list[tuple[str, str]]]:
    occupations = await Occupation.select().order_by(Occupation.code)
    trades = await Trade.select().order_by(Trade.code)
    by_code = {row["code"]: named(row) for row in occupations}
    return {
        "occupation": [(row["code"], f"{row['code']} {named(row)}") for row in occupations],
        "trade": [(row["code"], f"{by_code[row['occupation']]} · {named(row)}") for row in trades],
        "skill_level_min": [(str(level), say(f"skill_level.{level}")) for level in range(5, 0, -1)],
    }


@get("/work/contests", guards=[only(*AT_WORK)])
async def show_list(request: Web) -> Page:
    person = viewer(request)
    wanted = wanted_of(request)
    return page(
        "organise/list.html",
        wanted=wanted,
        found=await directory.find(wanted, person, own=True),
        names=await names_of_choices(),
        may_create=person.holds("organiser", "officer") and bool(person.branches("organiser", "officer")),
    )


async def contest_page(
    request: Web, form: Filled, status: int = 200, contest: dict[str, Any] | None = None
) -> Page:
    choices = await contest_choices(viewer(request))
    if not choices["host"]:
        raise Forbidden("forbidden.role", roles=["organiser", "officer"])
    if contest is not None and contest["host_code"] not in dict(choices["host"]):
        choices["host"].insert(0, (contest["host_code"], named(contest, "host_name")))
    return page("organise/contest_form.html", status=status, form=form, choices=choices, contest=contest)


@get("/work/contests/new", guards=[signed_in])
async def new_contest(request: Web) -> Page:
    day = states.today()
    return await contest_page(request, Filled({"year": day.year, "level": "province"}))


@post("/work/contests/new", guards=[signed_in], status_code=303)
async def create_contest(request: Web) -> Response[Any]:
    sent = await request.form()
    model, form = read_form(ContestForm, sent)
    if model is not None:
        try:
            code = await programme.create_contest(viewer(request), model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        except Forbidden as refused:
            form = form.with_findings([Finding(refused.code, place="host", facts=refused.facts)])
        else:
            return see(f"/work/contests/{code}", done="done.contest_created")
    return await contest_page(request, form, 422)


@get("/work/contests/{code:str}/edit", guards=[signed_in])
async def edit_contest(request: Web, code: str) -> Page:
    row = await programme.contest_for(viewer(request), code, may_organise)
    return await contest_page(request, filled_from({**row, "host": row["host_code"]}), contest=row)


@post("/work/contests/{code:str}/edit", guards=[signed_in], status_code=303)
async def change_contest(request: Web, code: str) -> Response[Any]:
    person = viewer(request)
    row = await programme.contest_for(person, code, may_organise)
    sent = await request.form()
    model, form = read_form(ContestForm, sent)
    if model is not None:
        try:
            await programme.change_contest(person, code, model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        except Forbidden as refused:
            form = form.with_findings([Finding(refused.code, place="host", facts=refused.facts)])
        except Conflict as refused:
            form = overtaken(form, refused, (await programme.contest(code))["version"])
        else:
            return see(f"/work/contests/{code}", done="done.saved")
    return await contest_page(request, form, 422, contest=row)


@get("/work/contests/{code:str}", guards=[signed_in])
async def show_contest(request: Web, code: str) -> Page:
    person = viewer(request)
    row = await programme.contest_for(person, code)
    events = await programme.events_of(row["id"])
    return page(
        "organise/contest.html",
        contest=row,
        events=events,
        next_acts={
            one["id"]: states.acts_from(person, row["ground"], one["state"])
            for event in events
            for one in event["categories"]
        },
        may_organise=may_organise(person, row["ground"]),
        state=directory.phase_of([one["state"] for event in events for one in event["categories"]]),
    )


async def event_page(
    contest: dict[str, Any], form: Filled, status: int = 200, event: dict[str, Any] | None = None
) -> Page:
    return page(
        "organise/event_form.html",
        status=status,
        form=form,
        contest=contest,
        event=event,
        choices=await event_choices(),
    )


@get("/work/contests/{code:str}/events/new", guards=[signed_in])
async def new_event(request: Web, code: str) -> Page:
    row = await programme.contest_for(viewer(request), code, may_organise)
    number = len(await programme.events_of(row["id"])) + 1
    return await event_page(
        row, Filled({"code": f"E{number}", "reference_date": row["starts_on"], "age_min": 16})
    )


@post("/work/contests/{code:str}/events/new", guards=[signed_in], status_code=303)
async def create_event(request: Web, code: str) -> Response[Any]:
    person = viewer(request)
    row = await programme.contest_for(person, code, may_organise)
    sent = await request.form()
    model, form = read_form(EventForm, sent)
    if model is not None:
        try:
            await programme.create_event(person, code, model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            address = f"/work/contests/{code}/events/{model.code}/categories/new"
            return see(address, done="done.event_created")
    return await event_page(row, form, 422)


@get("/work/contests/{code:str}/events/{event_code:str}/edit", guards=[signed_in])
async def edit_event(request: Web, code: str, event_code: str) -> Page:
    row = await programme.contest_for(viewer(request), code, may_organise)
    event = await programme.event(row["id"], event_code)
    return await event_page(row, filled_from(event), event=event)


@post("/work/contests/{code:str}/events/{event_code:str}/edit", guards=[signed_in], status_code=303)
async def change_event(request: Web, code: str, event_code: str) -> Response[Any]:
    person = viewer(request)
    row = await programme.contest_for(person, code, may_organise)
    event = await programme.event(row["id"], event_code)
    sent = await request.form()
    model, form = read_form(EventForm, {**dict(sent.items()), "code": event_code})
    if model is not None:
        try:
            await programme.change_event(person, code, event_code, model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        except Conflict as refused:
            version = (await programme.event(row["id"], event_code))["version"]
            form = overtaken(form, refused, version)
        else:
            return see(f"/work/contests/{code}", done="done.saved")
    return await event_page(row, form, 422, event=event)


def category_page(contest: dict[str, Any], event: dict[str, Any], form: Filled, status: int = 200) -> Page:
    return page(
        "organise/category_form.html", status=status, form=form, contest=contest, event=event, one=None
    )


@get("/work/contests/{code:str}/events/{event_code:str}/categories/new", guards=[signed_in])
async def new_category(request: Web, code: str, event_code: str) -> Page:
    row = await programme.contest_for(viewer(request), code, may_organise)
    event = await programme.event(row["id"], event_code)
    return category_page(row, event, Filled({"category": "employee", "live_public": "yes"}))


@post("/work/contests/{code:str}/events/{event_code:str}/categories/new", guards=[signed_in], status_code=303)
async def create_category(request: Web, code: str, event_code: str) -> Response[Any]:
    person = viewer(request)
    row = await programme.contest_for(person, code, may_organise)
    event = await programme.event(row["id"], event_code)
    sent = await request.form()
    model, form = read_form(CategoryForm, sent)
    if model is not None:
        try:
            made = await programme.create_category(
                person, code, event_code, model, sending=sent.get("sending")
            )
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            return see(f"/work/event-categories/{made}/scheme", done="done.category_created")
    return category_page(row, event, form, 422)


routes = [
    show_list,
    new_contest,
    create_contest,
    edit_contest,
    change_contest,
    show_contest,
    new_event,
    create_event,
    edit_event,
    change_event,
    new_category,
    create_category,
]
menu = [Entry("/work/contests", N_("竞赛"), "work", 20, who=with_role(*AT_WORK))]
