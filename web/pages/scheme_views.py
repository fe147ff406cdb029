"""What a scheme means, while it is being edited: the judge's form, the rule text, earlier marks ranked by it.

Each view takes the whole form along and gives it back; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, get, post

from contests import programme, scheme_trying, schemes
from contests.forms.scheme import Part, scheme_from, typed
from contests.rules import may_organise
from federation.findings import Finding, errors
from federation.judging.schemes import Scheme
from web.guards import signed_in, viewer
from web.judge_forms import judge_forms
from web.pages.schemes import sent_part
from web.rule_text import rule_text
from web.scheme_desk import Desk, desk_of
from web.scheme_trials import tried_view
from web.templating import Page, page

Web = Request[Any, Any, Any]
WORK = "/work/event-categories/{event_category:int}/scheme"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the editor sent. scheme: None while it has faults."""

    row: dict[str, Any]
    desk: Desk
    fields: Any
    part: Part
    scheme: Scheme | None
    faults: list[Finding]


async def sent_scheme(request: Web, event_category: int) -> Sent:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    return await sent_for(request, row, desk_of(event_category))


async def sent_for(request: Web, row: dict[str, Any], desk: Desk) -> Sent:
    fields, part = await sent_part(request)
    scheme, findings = scheme_from(part)
    faults = errors(findings)
    return Sent(row, desk, fields, part, None if faults else scheme, faults)


def view_page(
    view: str, row: dict[str, Any], part: Part, desk: Desk, *, in_use: bool = False, **more: Any
) -> Page:
    """view: preview, text or trial."""
    fields = list(part.fields())
    return page(
        f"organise/scheme_{view}.html", one=row, desk=desk, carried_fields=fields, in_use=in_use, **more
    )


def faulty_page(view: str, sent: Sent) -> Page:
    """In the place of a view: what is wrong with the scheme."""
    fields = list(sent.part.fields())
    context = {"one": sent.row, "desk": sent.desk, "carried_fields": fields, "in_use": False}
    return page("organise/scheme_unready.html", status=422, view=view, findings=sent.faults, **context)


def preview_page(sent: Sent) -> Page:
    if sent.scheme is None:
        return faulty_page("preview", sent)
    return view_page("preview", sent.row, sent.part, sent.desk, forms=judge_forms(sent.scheme))


def text_page(sent: Sent) -> Page:
    if sent.scheme is None:
        return faulty_page("text", sent)
    told = {"scheme": sent.scheme, "sections": rule_text(sent.scheme)}
    return view_page("text", sent.row, sent.part, sent.desk, **told)


@post(f"{WORK}/preview", guards=[signed_in], status_code=200)
async def preview(request: Web, event_category: int) -> Page:
    return preview_page(await sent_scheme(request, event_category))


@post(f"{WORK}/text", guards=[signed_in], status_code=200)
async def text(request: Web, event_category: int) -> Page:
    return text_page(await sent_scheme(request, event_category))


@post(f"{WORK}/trial", guards=[signed_in], status_code=200)
async def trial(request: Web, event_category: int) -> Page:
    sent = await sent_scheme(request, event_category)
    if sent.scheme is None:
        return faulty_page("trial", sent)
    person, other = viewer(request), str(sent.fields.get("other", ""))
    tried = None
    if other.isascii() and other.isdecimal() and len(other) < 12:
        tried = tried_view(await scheme_trying.try_on(person, int(other), sent.scheme))
    choices = await scheme_trying.candidates(person, sent.row)
    return view_page("trial", sent.row, sent.part, sent.desk, choices=choices, tried=tried)


@get([f"{WORK}/preview", f"{WORK}/text"], guards=[signed_in])
async def in_use(request: Web, event_category: int) -> Page:
    """The same of the scheme in use."""
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    scheme = await schemes.scheme_of(event_category)
    view = request.url.path.rpartition("/")[2]
    told = {"scheme": scheme, "forms": judge_forms(scheme), "sections": rule_text(scheme)}
    return view_page(view, row, typed(scheme), desk_of(event_category), in_use=True, **told)


routes = [preview, text, trial, in_use]
