"""归档清单: what of the ten items is held, what was brought, and everything in one file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from contests import programme
from contests.archive import checklist, fill
from contests.archive.contents import opened
from contests.archive.items import BASIS
from contests.forms.certificates import ArchiveForm
from contests.rules import may_decide_awards, may_see_awards
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from web.archive_files import archive_files
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see
from web.zip_stream import zipped

Asking = Request[Any, Any, Any]
HERE = "/work/contests/{code:str}/archive"


@get("/work/event-categories/{event_category:int}/archive", guards=[signed_in])
async def of_category(event_category: FromPath[int], request: Asking) -> Redirect:
    """The list belongs to the contest."""
    row = await programme.event_category_for(viewer(request), event_category, may_see_awards)
    return see(f"/work/contests/{row['contest_code']}/archive")


@get(HERE, guards=[signed_in])
async def show(code: FromPath[str], request: Asking) -> Page:
    return await _page(request, code, "", None)


async def _page(request: Asking, code: str, item: str, filled: Filled | None) -> Page:
    person = viewer(request)
    found = await checklist(person, code)
    return page(
        "archive/list.html",
        status=422 if filled else 200,
        found=found,
        contest=found.contest,
        basis=BASIS,
        tried=item,
        form=filled or Filled(),
        may=may_decide_awards(person, found.contest["ground"]),
    )


@post(HERE + "/{item:str}", guards=[signed_in], status_code=200)
async def keep(code: FromPath[str], item: FromPath[str], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(ArchiveForm, sent)
    if model is not None:
        try:
            await fill(viewer(request), code, item, model, sending=str(sent.get("sending", "")) or None)
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        except Conflict as refused:
            form = form.with_findings([Finding(refused.code, place="document_number")])
        else:
            return see(f"/work/contests/{code}/archive", done="done.archive_kept")
    return await _page(request, code, item, form)


@post(HERE + "/files/zip", guards=[signed_in], status_code=200)
async def take_away(code: FromPath[str], request: Asking) -> Stream:
    """Everything the system can produce, with the hash of each file, sent while it is made."""
    contest = await programme.contest_for(viewer(request), code, may_decide_awards)
    found = await checklist(viewer(request), code)
    await opened(viewer(request), code, len(found.categories))
    about = {"contest": contest["code"], "name": contest["name"], "percent": found.percent}
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(contest['code'])}.zip",
        "cache-control": "private, no-store",
    }
    return Stream(zipped(archive_files(found), about), media_type="application/zip", headers=headers)


routes = [of_category, show, keep, take_away]

doors = [
    Door(
        "/work/event-categories/{id}/archive",
        N_("归档清单"),
        N_("十项材料齐了几项，补上要交的，一次打包带走"),
        may_see_awards,
        ("frozen", "provisional", "notice", "final", "archived"),
        220,
    )
]
