"""Appeals of the delegations one leads: what may be appealed until when, the form, the receipt."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests.appeals import filing, reading
from contests.appeals import window as clocks
from contests.appeals.settings import rule_of, window_of
from contests.forms.appeal import AppealForm
from contests.rules import may_open_appeals
from contests.states import CORRECTABLE
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from web.appeal_views import ground_words, length_words, window_words
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Entry
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
HERE = "/work/appeals"


@get(HERE, guards=[signed_in])
async def show(request: Asking) -> Page:
    room = await reading.room_of(viewer(request))
    return page(
        "appeals/own.html",
        room=room,
        now=clocks.now(),
        ground_words=ground_words,
        window_words=window_words,
    )


@get(HERE + "/new/{event_category:int}", guards=[signed_in])
async def ask(event_category: FromPath[int], request: Asking) -> Page:
    return await _ask(request, event_category)


async def _ask(request: Asking, event_category: int, form: Filled | None = None, status: int = 200) -> Page:
    about, entries = await filing.appealable(viewer(request), event_category)
    rule = await rule_of(about)
    only = {"entry": entries[0]["id"]} if len(entries) == 1 else {}
    return page(
        "appeals/file.html",
        status=status,
        about=about,
        entries=entries,
        rule=rule,
        window=await window_of(about) if about["state"] in CORRECTABLE else None,
        now=clocks.now(),
        ground_words=ground_words,
        length_words=length_words,
        window_words=window_words,
        form=form or Filled(only),
    )


@post(HERE + "/new/{event_category:int}", guards=[signed_in], status_code=200)
async def file(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(AppealForm, sent)
    if model is None:
        return await _ask(request, event_category, form, 422)
    sending = str(sent.get("sending", "")) or None
    try:
        appeal = await filing.file(viewer(request), event_category, model, sending=sending)
    except Invalid as refused:
        return await _ask(request, event_category, form.with_findings(refused.findings), 422)
    except Conflict as refused:
        closed = [Finding(refused.code, facts=refused.facts)]
        return await _ask(request, event_category, form.with_findings(closed), 409)
    return see(f"{HERE}/{appeal}", done="done.appeal_filed")


@get(HERE + "/{appeal:int}", guards=[signed_in])
async def receipt(appeal: FromPath[int], request: Asking) -> Page:
    found = await reading.receipt(viewer(request), appeal)
    return page("appeals/receipt.html", about=found.about, found=found, ground_words=ground_words)


@post(HERE + "/{appeal:int}/take-back", guards=[signed_in], status_code=303)
async def take_back(appeal: FromPath[int], request: Asking) -> Redirect:
    sent = await request.form()
    await filing.take_back(viewer(request), appeal, sending=str(sent.get("sending", "")) or None)
    return see(f"{HERE}/{appeal}", done="done.appeal_taken_back")


routes = [show, ask, file, receipt, take_back]
menu = [Entry(HERE, N_("申诉"), "work", 60, who=may_open_appeals)]
