"""Work pages of a marking scheme: choosing a preset, changing it in tables, sending it as a file."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from contests import programme, schemes
from contests.forms.scheme import COLUMNS, SchemeRows, fits, read_rows, rows_of, scheme_from
from contests.rules import may_organise
from federation.findings import Finding, errors
from federation.judging.schemes import Scheme
from federation.refusals import Invalid, NotFound
from web.guards import signed_in, viewer
from web.templating import Page, page, see
from web.wording import say

Web = Request[Any, Any, Any]
METHODS = ("single", "mean", "trimmed_mean", "median", "sum", "trimmed_sum", "clamped_mean")
KINDS = ("points", "measurement", "judgement")
DEDUCTIONS = ("points", "percent", "adjust", "void", "disqualify")
MODES = ("half_up", "half_even", "down", "up")


async def beginning(request: Web, row: dict[str, Any]) -> Scheme | None:
    """What the form begins from: a preset, another category's scheme, or the one in use."""
    preset, other = request.query_params.get("preset"), request.query_params.get("like")
    if preset:
        if preset not in schemes.presets():
            raise NotFound("preset")
        return schemes.presets()[preset]
    if other and other.isdecimal():
        like = await programme.event_category_for(viewer(request), int(other), may_organise)
        return await schemes.scheme_of(like["id"])
    return await schemes.edition(row["scheme"]) if row["scheme"] else None


async def choose_page(row: dict[str, Any], findings: list[Finding] | None = None) -> Page:
    return page(
        "organise/scheme_choose.html",
        status=422 if findings else 200,
        one=row,
        presets=schemes.presets(),
        others=[other for other in await schemes.used_in(row["contest"]) if other["id"] != row["id"]],
        locked=await schemes.is_locked(row["id"]),
        findings=findings or [],
    )


async def edit_page(
    row: dict[str, Any], rows: SchemeRows, base: str, findings: list[Finding], status: int = 200
) -> Page:
    modules = [one["id"] or one["title"] for one in rows.tables["modules"] if one["id"] or one["title"]]
    aspects = [one["id"] or one["title"] for one in rows.tables["aspects"] if one["id"] or one["title"]]
    criteria = [*(f"module:{one}" for one in modules), *(f"aspect:{one}" for one in aspects)]
    used = [one["criterion"] for one in rows.tables["ties"]]
    criteria += [one for one in ("time", "countback", "lot", "ruling", *used) if one and one not in criteria]
    return page(
        "organise/scheme_form.html",
        status=status,
        one=row,
        rows=rows,
        base=base,
        columns=COLUMNS,
        findings=findings,
        options={
            "module": [(one, one) for one in modules],
            "aspects.kind": [(one, say(f"kind.{one}")) for one in KINDS],
            "deductions.kind": [(one, say(f"deduction.{one}")) for one in DEDUCTIONS],
            "method": [(one, say(f"method.{one}")) for one in METHODS],
            "ties": [(one, say(f"line_ties.{one}")) for one in ("extend", "cut")],
            "criterion": [(one, words_of(one)) for one in criteria],
            "mode": [(one, say(f"mode.{one}")) for one in MODES],
        },
        problems={finding.place for finding in errors(findings)},
    )


def words_of(criterion: str) -> str:
    by, _, name = criterion.partition(":")
    return say(f"criterion.{by}", id=name, nth=name)


@get("/work/event-categories/{event_category:int}/scheme", guards=[signed_in])
async def show(request: Web, event_category: int) -> Page:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    scheme = await beginning(request, row)
    if scheme is None or "choose" in request.query_params or await schemes.is_locked(event_category):
        return await choose_page(row)
    if not fits(scheme):
        return await choose_page(row, [Finding("scheme.beyond_form")])
    base = request.query_params.get("preset") or request.query_params.get("like") or ""
    return await edit_page(row, rows_of(scheme), base, scheme.check())


@post("/work/event-categories/{event_category:int}/scheme", guards=[signed_in], status_code=303)
async def save(request: Web, event_category: int) -> Response[Any]:
    """One form, several buttons: `do` is save, check, add-<table> or remove-<table>-<row>."""
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_organise)
    base = await beginning(request, row)
    if base is None or not fits(base):
        return see(f"/work/event-categories/{event_category}/scheme")
    sent = await request.form()
    rows = read_rows(sent)
    do, _, rest = str(sent.get("do", "check")).partition("-")
    table, _, number = rest.partition("-")
    if do == "add" and table in COLUMNS:
        rows = rows.with_blank(table)
    elif do == "remove" and table in COLUMNS and number.isdecimal():
        rows = rows.without(table, int(number))
    scheme, findings = scheme_from(rows, base)
    if do == "save" and scheme is not None and not errors(findings):
        await schemes.attach(person, event_category, scheme, sending=sent.get("sending"))
        return see(f"/work/event-categories/{event_category}", done="done.scheme_attached")
    origin = request.query_params.get("preset") or request.query_params.get("like") or ""
    return await edit_page(row, rows, origin, findings, 422 if do == "save" else 200)


@post("/work/event-categories/{event_category:int}/scheme/use", guards=[signed_in], status_code=303)
async def use(request: Web, event_category: int) -> Response[Any]:
    """Take a preset or another category's scheme as it is."""
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_organise)
    sent = await request.form()
    preset, like = str(sent.get("preset", "")), str(sent.get("like", ""))
    if preset in schemes.presets():
        scheme = schemes.presets()[preset]
    elif like.isdecimal():
        other = await programme.event_category_for(person, int(like), may_organise)
        scheme = await schemes.scheme_of(other["id"])
    else:
        return await choose_page(row, [Finding("not_found.preset")])
    await schemes.attach(person, event_category, scheme, sending=sent.get("sending"))
    return see(f"/work/event-categories/{event_category}", done="done.scheme_attached")


@post("/work/event-categories/{event_category:int}/scheme/file", guards=[signed_in], status_code=303)
async def upload(request: Web, event_category: int) -> Response[Any]:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_organise)
    sent = await request.form()
    file = sent.get("file")
    if file is None or not getattr(file, "filename", ""):
        return await choose_page(row, [Finding("scheme.no_file", place="file")])
    try:
        scheme = schemes.from_document(await file.read())
        await schemes.attach(person, event_category, scheme, sending=sent.get("sending"))
    except Invalid as refused:
        return await choose_page(row, list(refused.findings))
    return see(f"/work/event-categories/{event_category}", done="done.scheme_attached")


@get("/work/event-categories/{event_category:int}/scheme.json", guards=[signed_in])
async def download(request: Web, event_category: int) -> Response[str]:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    text = schemes.document_text(await schemes.scheme_of(event_category))
    name = f"scheme-{row['contest_code']}-{row['event_code']}-{row['category']}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/json", headers=headers)


routes = [show, save, use, upload, download]
