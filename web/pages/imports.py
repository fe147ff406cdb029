"""Entries from a file: upload, preview with every fault, accept all or the good ones, take the faults away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile

from contests import imports, registration
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, Refusal
from federation.spreadsheets import MAX_BYTES, write_xlsx
from web.guards import signed_in, viewer
from web.reports.faults import faults_file
from web.reports.lists import KINDS, as_file
from web.templating import Page, page, see
from web.wording import say

Web = Request[Any, Any, Any]
SHOWN = 200
VERDICTS = {"faulty": ("bad", "ask"), "good": ("good",), "all": ("bad", "ask", "good")}
EXAMPLE = {
    "name": "李小明",
    "identity_number": "11010519491231002X",
    "phone": "13800000000",
    "organisation": "洪都机械厂",
    "delegation": "南昌市总工会",
    "event": "电工",
    "category": "职工组",
    "status": "职工",
    "skill_level": "三级",
    "certificate_number": "",
}


def heads() -> list[str]:
    """The columns of the template, as files are read in either language."""
    return [names[0] for names in imports.HEADERS.values()]


async def desk_of(request: Web, code: str) -> registration.Desk:
    desk = await registration.open_desk(viewer(request), code)
    if desk.own:
        raise Forbidden("import.not_yours")
    return desk


async def upload_page(request: Web, code: str, problem: Refusal | None = None, status: int = 200) -> Page:
    desk = await desk_of(request, code)
    return page(
        "registration/upload.html",
        status=status,
        contest=desk.contest,
        open_categories=desk.open_categories(),
        drafts=await imports.drafts_of(viewer(request), code),
        problem=problem,
        columns=[
            (names[0], names[1:4], field in ("name", "identity_number", "phone", "organisation", "event"))
            for field, names in imports.HEADERS.items()
        ],
        limit=MAX_BYTES // 1_000_000,
    )


@get("/work/contests/{code:str}/import", guards=[signed_in])
async def show_upload(request: Web, code: str) -> Page:
    return await upload_page(request, code)


@post("/work/contests/{code:str}/import", guards=[signed_in], status_code=200)
async def upload(request: Web, code: str) -> Response[Any]:
    sent = await request.form()
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await upload_page(request, code, Refusal("import.no_file"), 422)
    try:
        draft = await imports.send_file(
            viewer(request), code, file.filename, await file.read(), sending=sent.get("sending")
        )
    except Refusal as refused:
        if refused.code.startswith("file.") or refused.code in ("import.no_header", "import.no_rows"):
            return await upload_page(request, code, refused, 422)
        raise
    return see(f"/work/contests/{code}/import/{draft}")


async def preview_page(
    request: Web,
    code: str,
    draft: int,
    findings: tuple[Finding, ...] = (),
    *,
    answer: str = "",
    status: int = 200,
) -> Page:
    desk = await desk_of(request, code)
    shown = await imports.preview(viewer(request), code, draft)
    faulty = shown.counts["bad"] + shown.counts["ask"]
    which = request.query_params.get("rows", "")
    which = which if which in VERDICTS else "faulty" if faulty else "good"
    lines = [line for line in shown.lines if line.verdict in VERDICTS[which]]
    return page(
        "registration/preview.html",
        status=status,
        contest=desk.contest,
        decides=desk.decides,
        shown=shown,
        counts=shown.counts,
        which=which,
        lines=lines[:SHOWN],
        hidden=max(0, len(lines) - SHOWN),
        findings=findings,
        answer=answer,
    )


@get("/work/contests/{code:str}/import/{draft:int}", guards=[signed_in])
async def show_preview(request: Web, code: str, draft: int) -> Page:
    return await preview_page(request, code, draft)


@post("/work/contests/{code:str}/import/{draft:int}", guards=[signed_in], status_code=200)
async def settle(request: Web, code: str, draft: int) -> Response[Any]:
    """The buttons below the preview: accept all, accept the good ones, give up."""
    person, sent = viewer(request), await request.form()
    key, answer = sent.get("sending"), str(sent.get("answer", ""))[:500]
    if sent.get("act") == "drop":
        await imports.drop(person, code, draft, sending=key)
        return see(f"/work/contests/{code}/import", done="done.import_dropped")
    try:
        await imports.accept(
            person,
            code,
            draft,
            only_good=sent.get("act") == "good",
            approve=sent.get("approve") == "yes",
            answer=answer,
            sending=key,
        )
    except Invalid as refused:
        return await preview_page(request, code, draft, refused.findings, answer=answer, status=422)
    except Conflict as refused:
        return await preview_page(request, code, draft, (Finding(refused.code),), answer=answer, status=409)
    except AlreadyDone:
        pass
    return see(f"/work/contests/{code}/entries", done="done.imported")


@get("/work/contests/{code:str}/import/{draft:int}/faults", guards=[signed_in])
async def faults(request: Web, code: str, draft: int) -> Response[bytes]:
    """The rows with faults as they were written, each with what is wrong, to be mended and sent again."""
    shown = await imports.preview(viewer(request), code, draft)
    return _workbook(f"{code}-{say('import.faults_file')}", faults_file(shown))


@get("/work/contests/{code:str}/import/template/{kind:str}", guards=[signed_in])
async def template(request: Web, code: str, kind: str) -> Response[bytes]:
    """An empty table with our heads and one invented person to be overwritten; in XLSX its cells are text."""
    desk = await desk_of(request, code)
    first = next(iter(desk.open_categories() or desk.categories.values()), None)
    own = {
        "event": first["event_name"] if first else EXAMPLE["event"],
        "category": say(f"category.{first['category']}") if first else EXAMPLE["category"],
        "delegation": next(iter(desk.delegations.values()))["name"],
    }
    row = list({**EXAMPLE, **own}.values())
    if kind == "csv":
        return as_file("csv", f"{code}-template", heads(), [row])
    return _workbook(f"{code}-template", write_xlsx([("报名表", [heads(), row])]))


def _workbook(name: str, content: bytes) -> Response[bytes]:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(content, media_type=KINDS["xlsx"], headers={"content-disposition": disposition})


routes = [show_upload, upload, show_preview, settle, faults, template]
