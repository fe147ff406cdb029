"""One sheet of paper, opened by its code: entering, choosing, printing what stands, signing; its photo and files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery

from contests import paper
from contests.forms.paper import ChoiceForm, SheetEntryForm, keyed
from contests.rules import may_enter_marks, may_referee, may_sign_sheets
from contests.states import CORRECTABLE, MARKABLE
from federation.attachments import headers_of
from federation.findings import Finding
from federation.refusals import Invalid, NotFound
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Entry, with_role
from web.score_sheet_pdf import as_pdf
from web.templating import Page, page, see

Asked = Request[Any, Any, Any]
HERE = "/work/score-sheets/{code:str}"
MEDIA = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}

menu = [
    Entry(
        "/work/score-sheets",
        N_("扫码录入"),
        "work",
        25,
        who=with_role("clerk", "chief_referee", "supervisor", "organiser"),
    )
]


@get("/work/score-sheets", guards=[signed_in])
async def find(request: Asked, code: FromQuery[str] = "") -> Any:
    """Where a code is typed or scanned; a good one leads to its sheet."""
    filled = Filled({"code": code})
    if "code" in request.query_params:
        try:
            return see(f"/work/score-sheets/{await paper.code_of(code)}")
        except Invalid as refused:
            filled = filled.with_findings(refused.findings)
    return page("paper/find.html", status=422 if filled.findings else 200, form=filled)


@get(HERE, guards=[signed_in])
async def show(code: FromPath[str], request: Asked) -> Page:
    return await _sheet(request, code)


async def _sheet(
    request: Asked, code: str, form: Filled | None = None, sign_form: Filled | None = None
) -> Page:
    """What this person can do with the sheet next. Nobody sees another's entry before both are in."""
    person = viewer(request)
    sheet = await paper.the_sheet(person, code)
    ground, state = sheet.category["ground"], sheet.category["state"]
    enters = state in MARKABLE and not sheet.expired and may_enter_marks(person, ground)
    role = paper.role_of(person, sheet) if enters else ""
    own = sheet.cells_of(1) if role == "again" else {}
    scanned = request.query_params.get("print", "")
    return page(
        "paper/sheet.html",
        status=422 if form or sign_form else 200,
        about=sheet.category,
        sheet=sheet,
        role=role,
        form=form or Filled({key: sheet.shown(key, content) for key, content in own.items()}),
        sign_form=sign_form or Filled({"hash": scanned}),
        differences=sheet.differences() if role == "choose" else [],
        scanned=scanned,
        scanned_print=next(
            (one for one in sheet.prints if scanned and one["hash"].startswith(scanned)), None
        ),
        may_print=may_enter_marks(person, ground) and state in (*MARKABLE, *CORRECTABLE),
        may_sign=may_sign_sheets(person, ground) and not paper.is_own(person, sheet),
        may_void=may_referee(person, ground) and state in MARKABLE,
        signed={one["print"]: one for one in sheet.signatures},
        shown_code=paper.shown_code,
    )


@post(HERE, guards=[signed_in], status_code=200)
async def enter(code: FromPath[str], request: Asked) -> Any:
    """Fields `c:<cell>` with what stands on the paper, `empties`, `reason`."""
    sent = await request.form()
    cells, reason = keyed(sent, "c:"), str(sent.get("reason", ""))
    empties = "yes" if sent.get("empties") else ""
    given = {"cells": cells, "empties": empties, "reason": reason, "sending": str(sent.get("sending", ""))}
    form, filled = read_form(SheetEntryForm, given)
    findings = _by_cell(filled, "cells.")
    if form is not None:
        try:
            state = await paper.enter_sheet(viewer(request), code, form)
            return see(f"/work/score-sheets/{code}", done=f"done.sheet_{state}")
        except Invalid as refused:
            findings = refused.findings
    return await _sheet(request, code, form=Filled({**cells, "empties": empties, "reason": reason}, findings))


@post(HERE + "/choose", guards=[signed_in], status_code=200)
async def choose(code: FromPath[str], request: Asked) -> Any:
    """Fields `k:<cell>` (first, second, other) and `o:<cell>` with what the paper says."""
    sent = await request.form()
    choices, others = keyed(sent, "k:"), keyed(sent, "o:")
    given = {"choices": choices, "others": others, "sending": str(sent.get("sending", ""))}
    form, filled = read_form(ChoiceForm, given)
    findings = _by_cell(filled, "others.")
    if form is not None:
        try:
            state = await paper.choose(viewer(request), code, form)
            return see(f"/work/score-sheets/{code}", done=f"done.sheet_{state}")
        except Invalid as refused:
            findings = refused.findings
    typed = {f"k:{key}": value for key, value in choices.items()}
    typed |= {f"o:{key}": value for key, value in others.items()}
    return await _sheet(request, code, form=Filled(typed, findings))


def _by_cell(filled: Filled, prefix: str) -> Sequence[Finding]:
    """Findings at their cells, as the page names them."""
    return [replace(one, place=one.place.removeprefix(prefix)) for one in filled.findings]


@post(HERE + "/print", guards=[signed_in], status_code=200)
async def print_filled(code: FromPath[str], request: Asked) -> Any:
    """Keep what the sheet shows now as a print, `reason` for every later one."""
    sent = await request.form()
    reason = str(sent.get("reason", ""))[:400]
    try:
        await paper.print_filled(
            viewer(request), code, reason=reason, sending=str(sent.get("sending", "")) or None
        )
    except Invalid as refused:
        return await _sheet(request, code, form=Filled({"reason": reason}, refused.findings))
    return see(f"/work/score-sheets/{code}", done="done.sheet_kept")


@get(HERE + "/sheet.pdf", guards=[signed_in])
async def file(code: FromPath[str], request: Asked, version: FromQuery[int] = 0) -> Response[bytes]:
    """The blank sheet, or the print of this version as it was kept."""
    sheet = await paper.the_sheet(viewer(request), code)
    if not version:
        return await as_pdf(request, [paper.blank_of(sheet)], f"score-sheet-{sheet.code}")
    kept = next((one for one in sheet.prints if one["version"] == version), None)
    if kept is None:
        raise NotFound("score_sheet", sheet=sheet.code)
    return await as_pdf(
        request, [{**kept["content"], "hash": kept["hash"]}], f"score-sheet-{sheet.code}-{version}"
    )


@post(HERE + "/sign", guards=[signed_in], status_code=200)
async def sign(code: FromPath[str], request: Asked) -> Any:
    """A print came back signed: `version`, `hash` as on the paper, `seen`, `photo`."""
    sent = await request.form()
    version, photo = str(sent.get("version", "")), sent.get("photo")
    uploaded = (
        (photo.filename, await photo.read()) if isinstance(photo, UploadFile) and photo.filename else None
    )
    try:
        await paper.sign_sheet(
            viewer(request),
            code,
            version=int(version) if version.isdecimal() else 0,
            shown_hash=str(sent.get("hash", "")),
            seen=bool(sent.get("seen")),
            photo=uploaded,
            sending=str(sent.get("sending", "")) or None,
        )
    except Invalid as refused:
        typed = {"hash": str(sent.get("hash", "")), "seen": sent.get("seen", "")}
        return await _sheet(request, code, sign_form=Filled(typed, refused.findings))
    return see(f"/work/score-sheets/{code}", done="done.sheet_signed")


@post(HERE + "/void", guards=[signed_in], status_code=200)
async def void(code: FromPath[str], request: Asked) -> Any:
    sent = await request.form()
    reason = str(sent.get("reason", ""))[:400]
    try:
        await paper.void_sheet(viewer(request), code, reason, sending=str(sent.get("sending", "")) or None)
    except Invalid as refused:
        findings = [Finding(one.code, one.severity, "void_reason", one.facts) for one in refused.findings]
        return await _sheet(request, code, form=Filled({"void_reason": reason}, findings))
    return see(f"/work/score-sheets/{code}", done="done.sheet_void")


@get(HERE + "/photos/{attachment:int}", guards=[signed_in])
async def photo(code: FromPath[str], attachment: FromPath[int], request: Asked) -> Response[bytes]:
    """The photo of a signed print, for whoever may see the sheet."""
    row, data = await paper.photo_of(viewer(request), code, attachment)
    return Response(data, media_type=MEDIA[row["kind"]], headers=headers_of(row))


routes = [find, show, enter, choose, print_filled, file, sign, void, photo]
