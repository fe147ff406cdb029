"""Work pages of the register: an officer's branch, and one page per studio on which everything is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel

from federation.accounts import Viewer
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid
from federation.tables import Chain, Industry, Region
from studios import members, namings, outputs, records, register, rules
from studios.forms import EndingForm, LeaderForm, MemberForm, NamingForm, OutputForm, StudioForm
from web.filled import Filled, read_form
from web.formats import named
from web.guards import only, viewer
from web.language import N_, _, link
from web.menu import Entry, with_role
from web.pages.studios import (
    held_tier,
    is_part,
    list_context,
    list_file,
    measured,
    part_headers,
    wanted_of,
)
from web.templating import Page, page
from web.wording import say

Web = Request[Any, Any, Any]
DESK = "/work/studios"
AT_WORK = rules.EDITORS
SHOWN_YEARS = 3
"""Years of outputs that stand open on the page; older ones wait behind a line."""

Options = list[tuple[Any, str]]


@get(DESK, guards=[only(*AT_WORK)])
async def show_branch(request: Web) -> Page:
    person, held, wanted = viewer(request), await register.current(), wanted_of(request)
    found = held.find(wanted, rules.branches(person))
    return page(
        "studios/_found.html" if is_part(request) else "studios/desk.html",
        headers=part_headers(request, DESK, wanted),
        **list_context(request, DESK, held, found),
        overview=None,
        desk=True,
    )


@get([f"{DESK}/rows.csv", f"{DESK}/rows.xlsx"], guards=[only(*AT_WORK)])
async def download(request: Web) -> Response[bytes]:
    kind = request.scope["path"].rsplit(".", 1)[1]
    branches = rules.branches(viewer(request))
    return list_file(kind, await register.current(), wanted_of(request), branches)


async def record_options(person: Viewer) -> dict[str, Options]:
    """The choices of the form of a studio, as (code, words)."""
    regions = (
        await Region.select().where(Region.level.is_in(["city", "county", "province"])).order_by(Region.code)
    )
    return {
        "unit": [(unit["code"], named(unit)) for unit in await records.units_of(person)],
        "region": [(row["code"], named(row)) for row in regions],
        "industry": [(row["code"], named(row)) for row in await Industry.select().order_by(Industry.code)],
        "chain": [(row["code"], named(row)) for row in await Chain.select().order_by(Chain.sort)],
    }


async def act_options(person: Viewer, studio: dict[str, Any]) -> dict[str, Options]:
    """The choices of the forms below: tiers, skill levels, honours, measures."""
    tiers = rules.conferrable(person, studio["union_path"])
    return {
        "tier": [(tier, say(f"tier.{tier}")) for tier in tiers],
        "skill": [(level, say(f"studio.skill.{level}")) for level in range(1, 6)],
        "honour": [(kind["code"], named(kind)) for kind in await members.honour_kinds()],
        "measure": [
            (
                row["code"],
                _(
                    "%(category)s %(measure)s（%(unit)s）",
                    category=named(row, "category_name"),
                    measure=named(row, "measure_name"),
                    unit=named(row, "unit"),
                ),
            )
            for row in await outputs.measures()
        ],
    }


def record_filled(studio: dict[str, Any]) -> Filled:
    """The form of a studio as its record stands."""
    equipment = records.equipment_in_wan(studio["equipment"])
    return Filled(
        {
            **{
                name: studio[name]
                for name in ("name", "name_en", "region", "industry", "chain", "topic", "premises", "summary")
            },
            "union_unit": studio["union_code"],
            "organisation": studio["organisation_name"],
            "founded_on": studio["founded_on"].isoformat(),
            "equipment": "" if equipment is None else f"{equipment:.2f}",
            "version": studio["version"],
        }
    )


def naming_filled(row: dict[str, Any]) -> Filled:
    return Filled({name: row[name] for name in NamingForm.model_fields})


def member_filled(row: dict[str, Any]) -> Filled:
    plain = {
        "member_name": row["name"],
        "member_title": row["title"],
        "member_skill_level": row["skill_level"],
    }
    return Filled({**plain, **{name: row[name] for name in ("task", "joined_on", "left_on")}})


def output_filled(row: dict[str, Any]) -> Filled:
    quantity = measured(row["quantity"], row["decimals"], trimmed=True).replace(",", "")
    plain = {name: row[name] for name in ("year", "measure", "proof", "version")}
    return Filled({**plain, "quantity": quantity, "output_title": row["title"]})


CHANGED = {"naming": naming_filled, "member": member_filled, "output": output_filled}
"""What the address may open for changing (`?naming=12`), with its form as it stands."""


def chosen(request: Web, kind: str, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The row the address opens for changing, if it is one of these."""
    asked = request.query_params.get(kind, "")
    return next((row for row in rows if str(row["id"]) == asked), None)


async def desk_page(request: Web, number: str, typed: dict[str, Filled] | None = None) -> Page:
    """The page of a studio. `typed` holds forms that came back with findings."""
    person = viewer(request)
    studio = await records.kept(person, number)
    history = await namings.of_studio(studio["id"])
    people = await members.of_studio(studio["id"])
    brought = await outputs.of_studio(studio["id"])
    opened = {
        "leader": None,
        "naming": chosen(request, "naming", history),
        "ending": chosen(request, "ending", history),
        "member": chosen(request, "member", people),
        "output": chosen(request, "output", brought),
    }
    forms = {kind: Filled() for kind in ("naming", "ending", "leader", "member", "output")}
    forms["record"] = record_filled(studio)
    for kind, fill in CHANGED.items():
        if opened[kind]:
            forms[kind] = fill(opened[kind])
    years = sorted({row["year"] for row in brought}, reverse=True)
    return page(
        "studios/edit.html",
        status=422 if typed else 200,
        studio=studio,
        held=held_tier(history, wanted_of(request).at),
        history=history,
        leaders=list(reversed(await members.leaders(studio["id"]))),
        people=people,
        brought=[(year, [row for row in brought if row["year"] == year]) for year in years],
        shown_years=SHOWN_YEARS,
        forms={**forms, **(typed or {})},
        typed=set(typed or ()),
        opened=opened,
        section=request.query_params.get("section", ""),
        options={**await record_options(person), **await act_options(person, studio)},
        may_confer={
            row["id"]: rules.may_confer(person, studio["union_path"], row["tier"]) for row in history
        },
        may_verify=rules.may_verify(person, studio["union_path"]),
        measured=measured,
    )


def back(number: str, done: str, section: str) -> Redirect:
    """To the page of the studio, at the section something was done in."""
    address = link(f"{DESK}/{number}/edit", done=done, section=section)
    return Redirect(f"{address}#{section}", status_code=303)


FORMS: dict[str, tuple[type[BaseModel], str, str]] = {
    "naming": (NamingForm, "namings", "done.naming_saved"),
    "ending": (EndingForm, "namings", "done.naming_ended"),
    "leader": (LeaderForm, "leader", "done.leader_saved"),
    "member": (MemberForm, "members", "done.member_saved"),
    "output": (OutputForm, "outputs", "done.output_saved"),
}
"""Each form below the record: its model, the section it stands in, what is said when it was saved."""


async def carry_out(
    request: Web, number: str, kind: str, deed: Callable[[Any, str | None], Awaitable[Any]]
) -> Response[Any]:
    """Read one form, do the deed, go back; with findings the page comes again with what was typed."""
    model, section, done = FORMS[kind]
    sent = await request.form()
    form, filled = read_form(model, sent)
    if form is None:
        return await desk_page(request, number, {kind: filled})
    try:
        await deed(form, sent.get("sending"))
    except Invalid as refused:
        return await desk_page(request, number, {kind: filled.with_findings(refused.findings)})
    except AlreadyDone:
        pass
    return back(number, done, section)


@get(f"{DESK}/new", guards=[only(*AT_WORK)])
async def new_studio(request: Web) -> Page:
    return page("studios/new.html", form=Filled(), options=await record_options(viewer(request)))


@post(f"{DESK}/new", guards=[only(*AT_WORK)], status_code=200)
async def add_studio(request: Web) -> Response[Any]:
    person, sent = viewer(request), await request.form()
    form, filled = read_form(StudioForm, sent)
    if form is not None:
        try:
            number = await records.add(person, form, sending=sent.get("sending"))
            return back(number, "done.studio_added", "record")
        except AlreadyDone as before:
            return back(before.answer["number"], "done.studio_added", "record")
        except Invalid as refused:
            filled = filled.with_findings(refused.findings)
    return page("studios/new.html", status=422, form=filled, options=await record_options(person))


@get(f"{DESK}/{{number:str}}/edit", guards=[only(*AT_WORK)])
async def edit_studio(request: Web, number: FromPath[str]) -> Page:
    return await desk_page(request, number)


@post(f"{DESK}/{{number:str}}/edit", guards=[only(*AT_WORK)], status_code=200)
async def alter_studio(request: Web, number: FromPath[str]) -> Response[Any]:
    person, sent = viewer(request), await request.form()
    form, filled = read_form(StudioForm, sent)
    studio = await records.kept(person, number)
    version = str(sent.get("version", ""))
    if form is not None:
        try:
            seen = int(version) if version.isdecimal() else 0
            await records.alter(person, number, form, seen, sending=sent.get("sending"))
            return back(number, "done.studio_saved", "record")
        except AlreadyDone:
            return back(number, "done.studio_saved", "record")
        except Invalid as refused:
            filled = filled.with_findings(refused.findings)
        except Conflict as refused:
            filled = filled.with_findings([Finding(refused.code)])
            version = str(studio["version"])
    return await desk_page(
        request, number, {"record": Filled({**filled.values, "version": version}, filled.findings)}
    )


@post(f"{DESK}/{{number:str}}/namings", guards=[only(*AT_WORK)], status_code=200)
async def add_naming(request: Web, number: FromPath[str]) -> Response[Any]:
    async def deed(form: NamingForm, sending: str | None) -> None:
        await namings.name(viewer(request), number, form, sending=sending)

    return await carry_out(request, number, "naming", deed)


@post(f"{DESK}/{{number:str}}/namings/{{naming:int}}", guards=[only(*AT_WORK)], status_code=200)
async def change_naming(request: Web, number: FromPath[str], naming: FromPath[int]) -> Response[Any]:
    async def deed(form: NamingForm, sending: str | None) -> None:
        await namings.change_naming(viewer(request), number, naming, form, sending=sending)

    return await carry_out(request, number, "naming", deed)


@post(f"{DESK}/{{number:str}}/namings/{{naming:int}}/end", guards=[only(*AT_WORK)], status_code=200)
async def end_naming(request: Web, number: FromPath[str], naming: FromPath[int]) -> Response[Any]:
    async def deed(form: EndingForm, sending: str | None) -> None:
        await namings.end(viewer(request), number, naming, form, sending=sending)

    return await carry_out(request, number, "ending", deed)


@post(f"{DESK}/{{number:str}}/leader", guards=[only(*AT_WORK)], status_code=200)
async def change_leader(request: Web, number: FromPath[str]) -> Response[Any]:
    async def deed(form: LeaderForm, sending: str | None) -> None:
        await members.change_leader(viewer(request), number, form, sending=sending)

    return await carry_out(request, number, "leader", deed)


@post(f"{DESK}/{{number:str}}/members", guards=[only(*AT_WORK)], status_code=200)
async def add_member(request: Web, number: FromPath[str]) -> Response[Any]:
    async def deed(form: MemberForm, sending: str | None) -> None:
        await members.take_in(viewer(request), number, form, sending=sending)

    return await carry_out(request, number, "member", deed)


@post(f"{DESK}/{{number:str}}/members/{{member:int}}", guards=[only(*AT_WORK)], status_code=200)
async def change_member(request: Web, number: FromPath[str], member: FromPath[int]) -> Response[Any]:
    async def deed(form: MemberForm, sending: str | None) -> None:
        await members.change_member(viewer(request), number, member, form, sending=sending)

    return await carry_out(request, number, "member", deed)


@post(f"{DESK}/{{number:str}}/outputs", guards=[only(*AT_WORK)], status_code=200)
async def add_output(request: Web, number: FromPath[str]) -> Response[Any]:
    async def deed(form: OutputForm, sending: str | None) -> None:
        await outputs.enter(viewer(request), number, form, sending=sending)

    return await carry_out(request, number, "output", deed)


@post(f"{DESK}/{{number:str}}/outputs/{{output:int}}", guards=[only(*AT_WORK)], status_code=200)
async def correct_output(request: Web, number: FromPath[str], output: FromPath[int]) -> Response[Any]:
    version = str((await request.form()).get("version", ""))
    seen = int(version) if version.isdecimal() else 0

    async def deed(form: OutputForm, sending: str | None) -> None:
        await outputs.correct(viewer(request), number, output, form, seen, sending=sending)

    return await carry_out(request, number, "output", deed)


@post(f"{DESK}/{{number:str}}/outputs/{{output:int}}/verify", guards=[only(*AT_WORK)])
async def verify_output(request: Web, number: FromPath[str], output: FromPath[int]) -> Response[Any]:
    await outputs.verify(viewer(request), number, output)
    return back(number, "done.output_verified", "outputs")


menu = [Entry(DESK, N_("工作室"), "work", 40, who=with_role(*AT_WORK))]
routes = [
    show_branch,
    download,
    new_studio,
    add_studio,
    edit_studio,
    alter_studio,
    add_naming,
    change_naming,
    end_naming,
    change_leader,
    add_member,
    change_member,
    add_output,
    correct_output,
    verify_output,
]
