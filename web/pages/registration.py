"""Registering oneself or others for a contest, and the list on which entries are decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from litestar import Request, Response, get, post

from contests import registration
from contests.eligibility import check_typed
from contests.forms.entry import EntryForm
from contests.registration.reading import contest_for_entries
from contests.rules import may_decide_entries
from federation import privacy
from federation.findings import Finding
from federation.refusals import Conflict, Invalid, NotFound
from web.filled import Filled, read_form
from web.formats import named
from web.guards import signed_in, viewer
from web.reports.lists import KINDS, as_file
from web.templating import Page, page, see
from web.wording import say, state

Web = Request[Any, Any, Any]
PAGE = 100
STATUSES = ("employee", "student", "teacher", "individual")
OWN_NUMBERS = ("identity_number", "phone")


def choices_of(desk: registration.Desk) -> dict[str, list[tuple[Any, str]]]:
    """The options of the form: value and words."""
    return {
        "event_category": [
            (one["id"], f"{named(one, 'event_name')} · {say('category.' + one['category'])}")
            for one in desk.open_categories()
        ],
        "delegation": [(code, named(unit)) for code, unit in desk.delegations.items()],
        "status": [(code, say(f"status.{code}")) for code in STATUSES],
        "skill_level": [(level, say(f"skill_level.{level}")) for level in range(5, 0, -1)],
    }


def form_page(
    desk: registration.Desk,
    form: Filled,
    status: int = 200,
    *,
    entry: Mapping[str, Any] | None = None,
    known: Mapping[str, str] | None = None,
) -> Page:
    """The form; numbers that are known of the person themselves are shown masked and not asked again."""
    known = known or {}
    asked = [finding for finding in form.findings if finding.severity == "warning"]
    return page(
        "registration/register.html",
        status=status,
        desk=desk,
        contest=desk.contest,
        form=form,
        entry=entry,
        asked=asked,
        choices=choices_of(desk),
        identity=privacy.mask_identity(known.get("identity_number", "")),
        phone=privacy.mask_phone(known.get("phone", "")),
    )


async def known_of(desk: registration.Desk) -> dict[str, str]:
    return await registration.own_form(desk.viewer) if desk.own else {}


def read_entry(sent: Any, known: Mapping[str, str]) -> tuple[EntryForm | None, Filled]:
    """The form as sent; the person's own numbers are added where the page did not ask for them."""
    typed = {name: sent.get(name, "") for name in EntryForm.model_fields}
    for name in OWN_NUMBERS:
        typed[name] = typed[name] or known.get(name, "")
    model, form = read_form(EntryForm, typed)
    if model is not None:
        return model, form
    named_fields = [
        Finding("entry.missing", place=found.place, facts={"field": found.place})
        if found.code == "form.missing"
        else found
        for found in form.findings
    ]
    return None, Filled(form.values, [*named_fields, *check_typed(form.values)])


@get("/contests/{code:str}/register", guards=[signed_in])
async def show_register(request: Web, code: str) -> Page:
    desk = await registration.open_desk(viewer(request), code)
    known = await known_of(desk)
    typed: dict[str, Any] = {name: value for name, value in known.items() if name not in OWN_NUMBERS}
    typed["event_category"] = request.query_params.get("event_category", "")
    if len(desk.delegations) == 1:
        typed["delegation"] = next(iter(desk.delegations))
    return form_page(desk, Filled({"status": "employee", **typed}), known=known)


@post("/contests/{code:str}/register", guards=[signed_in], status_code=200)
async def register(request: Web, code: str) -> Response[Any]:
    person, sent = viewer(request), await request.form()
    desk = await registration.open_desk(person, code)
    known = await known_of(desk)
    model, form = read_entry(sent, known)
    if model is not None:
        try:
            await registration.file(person, code, model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            return see("/me" if desk.own else f"/work/contests/{code}/entries", done="done.entry_filed")
    return form_page(desk, form, 422, known=known)


@get("/entries/{entry_id:int}/edit", guards=[signed_in])
async def show_edit(request: Web, entry_id: int) -> Page:
    entry = await registration.entry_for(viewer(request), entry_id)
    if entry["state"] != "returned":
        raise Conflict("entry.elsewhere")
    desk = await registration.open_desk(viewer(request), entry["contest_code"])
    typed = await registration.entry_form(entry)
    if desk.own:
        typed = {name: value for name, value in typed.items() if name not in OWN_NUMBERS}
    return form_page(desk, Filled(typed), entry=entry, known=await known_of(desk))


@post("/entries/{entry_id:int}/edit", guards=[signed_in], status_code=200)
async def edit(request: Web, entry_id: int) -> Response[Any]:
    person, sent = viewer(request), await request.form()
    entry = await registration.entry_for(person, entry_id)
    desk = await registration.open_desk(person, entry["contest_code"])
    known = await known_of(desk)
    model, form = read_entry({**sent, "event_category": entry["event_category"]}, known)
    if model is not None:
        try:
            await registration.resubmit(person, entry_id, model, sending=sent.get("sending"))
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            after = "/me" if desk.own else f"/work/contests/{entry['contest_code']}/entries"
            return see(after, done="done.entry_filed")
    return form_page(desk, form, 422, entry=entry, known=known)


@post("/entries/{entry_id:int}/withdraw", guards=[signed_in], status_code=303)
async def withdraw_own(request: Web, entry_id: int) -> Response[Any]:
    """The person's own button on their page."""
    person, sent = viewer(request), await request.form()
    entry = await registration.entry_for(person, entry_id)
    reason = str(sent.get("reason", ""))[:500]
    await registration.withdraw(
        person, entry["contest_code"], [entry_id], reason, sending=sent.get("sending")
    )
    return see("/me", done="done.entries_withdrawn")


def wanted_of(request: Web) -> registration.Filter:
    asked = request.query_params
    category = asked.get("event_category", "")
    return registration.Filter(
        event_category=int(category) if category.isdigit() and len(category) < 10 else None,
        delegation=asked.get("delegation", "")[:20],
        state=asked.get("state", "") if asked.get("state") in registration.ENTRY_STATES else "",
        words=asked.get("words", "").strip()[:60],
    )


def query_of(wanted: registration.Filter) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in wanted.__slots__}


async def entries_page(
    request: Web, code: str, findings: tuple[Finding, ...] = (), reason: str = "", status: int = 200
) -> Page:
    person, wanted = viewer(request), wanted_of(request)
    contest = await contest_for_entries(person, code)
    everything = await registration.entries_of(person, contest, registration.Filter())
    found = await registration.entries_of(person, contest, wanted)
    number = request.query_params.get("page", "1")
    at = max(1, int(number)) if number.isdigit() and len(number) < 7 else 1
    counts = dict(everything.group_by("state").len().iter_rows())
    shown = found.slice((at - 1) * PAGE, PAGE)
    return page(
        "registration/entries.html",
        status=status,
        contest=contest,
        wanted=query_of(wanted),
        filtered=wanted != registration.Filter(),
        entries=list(shown.iter_rows(named=True)),
        total=found.height,
        at=at,
        pages=max(1, -(-found.height // PAGE)),
        counts=counts,
        states=registration.ENTRY_STATES,
        categories=everything.select("event_category", "event", "event_en", "category")
        .unique("event_category", maintain_order=True)
        .to_dicts(),
        delegations=everything.select("delegation_code", "delegation", "delegation_en")
        .unique("delegation_code", maintain_order=True)
        .to_dicts(),
        may_decide=may_decide_entries(person, contest["ground"]),
        may_file=await may_file_somewhere(request, code),
        findings=findings,
        reason=reason,
    )


async def may_file_somewhere(request: Web, code: str) -> bool:
    return not (await registration.open_desk(viewer(request), code)).own


@get("/work/contests/{code:str}/entries", guards=[signed_in])
async def show_entries(request: Web, code: str) -> Page:
    return await entries_page(request, code)


@post("/work/contests/{code:str}/entries", guards=[signed_in], status_code=200)
async def decide(request: Web, code: str) -> Response[Any]:
    """Approve, return or withdraw those that were chosen."""
    person, sent = viewer(request), await request.form()
    chosen = [int(one) for one in sent.getall("entries", []) if one.isdigit() and len(one) < 10]
    reason, key = str(sent.get("reason", ""))[:500], sent.get("sending")
    try:
        match sent.get("act"):
            case "approve":
                await registration.approve(person, code, chosen, sending=key)
                done = "done.entries_approved"
            case "return":
                await registration.send_back(person, code, chosen, reason, sending=key)
                done = "done.entries_returned"
            case "withdraw":
                await registration.withdraw(person, code, chosen, reason, sending=key)
                done = "done.entries_withdrawn"
            case _:
                raise NotFound
    except Invalid as refused:
        return await entries_page(request, code, refused.findings, reason, 422)
    except Conflict as refused:
        return await entries_page(request, code, (Finding(refused.code),), reason, 409)
    return see(f"/work/contests/{code}/entries", **query_of(wanted_of(request)), done=done)


@get("/work/contests/{code:str}/entries/{kind:str}", guards=[signed_in])
async def download_entries(request: Web, code: str, kind: str) -> Response[bytes]:
    """The list as a file, without identity numbers and phones."""
    if kind not in KINDS:
        raise NotFound
    person = viewer(request)
    contest = await contest_for_entries(person, code)
    found = await registration.entries_of(person, contest, wanted_of(request))
    fields = (
        "number",
        "event",
        "category",
        "name",
        "organisation",
        "delegation",
        "skill_level",
        "state",
        "reason",
    )
    heads = [say(f"field.{field}") for field in fields]
    return as_file(kind, f"{code}-entries", heads, rows_of(found))


def rows_of(found: pl.DataFrame) -> list[list[str]]:
    return [
        [
            row["number"] or "",
            named(row, "event"),
            say(f"category.{row['category']}"),
            row["name"],
            row["organisation"],
            named(row, "delegation"),
            say(f"skill_level.{row['skill_level']}") if row["skill_level"] else "",
            state(row["state"])[0],
            row["reason"],
        ]
        for row in found.iter_rows(named=True)
    ]


routes = [
    show_register,
    register,
    show_edit,
    edit,
    withdraw_own,
    show_entries,
    decide,
    download_entries,
]
