"""Files of a marking scheme: the template, a file read into the editor, the scheme as a file."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile

from contests import programme, schemes
from contests.forms.scheme import scheme_from, typed
from contests.imports.scheme_reading import ReadBook, read_scheme
from contests.rules import may_organise
from federation.findings import Finding, errors
from federation.refusals import Invalid, Refusal
from federation.spreadsheets import read_book
from web.guards import signed_in, viewer
from web.pages.schemes import choose_page, edit_page
from web.reports import scheme_file
from web.scheme_editor import fold_long
from web.scheme_vocabulary import vocabulary
from web.templating import Page, page

Web = Request[Any, Any, Any]


@post("/work/event-categories/{event_category:int}/scheme/file", guards=[signed_in], status_code=200)
async def upload(request: Web, event_category: int) -> Response[Any]:
    """Read a workbook or a JSON document into the editor; nothing is written."""
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    if await schemes.is_locked(event_category):
        return await choose_page(row, [Finding("scheme.frozen")])
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await choose_page(row, [Finding("scheme_book.no_file", place="file")])
    content = await file.read()
    try:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            part = typed(schemes.from_document(content))
            return begun(row, ReadBook(part, (), ()), file.filename)
        book = await asyncio.to_thread(lambda: read_scheme(read_book(content), vocabulary()))
    except Invalid as refused:
        return await choose_page(row, list(refused.findings))
    except Refusal as refused:
        return await choose_page(row, [Finding(refused.code, place="file", facts=refused.facts)])
    return begun(row, book, file.filename)


def begun(row: dict[str, Any], book: ReadBook, filename: str) -> Page:
    """The editor with what was read, or every fault of the file by its cell."""
    if book.part is None or errors(fault.finding for fault in book.faults):
        return page("organise/scheme_faults.html", status=422, one=row, book=book, filename=filename)
    fold_long(book.part)
    return edit_page(row, book.part, scheme_from(book.part)[1], read_from=filename, ignored=book.ignored)


@get("/work/event-categories/{event_category:int}/scheme.json", guards=[signed_in])
async def download(request: Web, event_category: int) -> Response[Any]:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    return scheme_file.as_file(scheme_file.name_of(row), await schemes.scheme_of(event_category), "json")


@get("/work/event-categories/{event_category:int}/scheme.xlsx", guards=[signed_in])
async def download_book(request: Web, event_category: int) -> Response[Any]:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    return scheme_file.as_file(scheme_file.name_of(row), await schemes.scheme_of(event_category), "xlsx")


@get("/work/scheme-template.xlsx", guards=[signed_in], sync_to_thread=True)
def template() -> Response[Any]:
    return scheme_file.template()


routes = [upload, download, download_book, template]
