"""The scheme editor inside a trial: what is saved goes into the trial's set and nowhere else."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from contests import programme, trials
from contests.forms.scheme import scheme_from, typed
from contests.rules import may_referee
from federation.judging.schemes import Scheme
from web.guards import signed_in, viewer
from web.pages.scheme_views import Sent, preview_page, sent_for, text_page
from web.pages.schemes import edit_page, edited
from web.scheme_desk import Desk, desk_of
from web.scheme_editor import fold_long
from web.templating import Page, see

Web = Request[Any, Any, Any]
HERE = "/work/boards/{event_category:int}/trials/{trial:int}/scheme"


async def _desk(request: Web, event_category: int, trial: int) -> tuple[dict[str, Any], Desk, Scheme]:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_referee)
    kept, scheme = await trials.scheme_tried(person, event_category, trial)
    return row, desk_of(event_category, kept), scheme


@get(HERE, guards=[signed_in])
async def show_editor(request: Web, event_category: FromPath[int], trial: FromPath[int]) -> Page:
    """With the scheme of the trial, or the one in use."""
    row, desk, scheme = await _desk(request, event_category, trial)
    part = typed(scheme)
    fold_long(part)
    return edit_page(row, part, scheme_from(part)[1], desk=desk)


@post(HERE, guards=[signed_in], status_code=200)
async def edit(request: Web, event_category: FromPath[int], trial: FromPath[int]) -> Response[Any]:
    row, desk, _scheme = await _desk(request, event_category, trial)

    async def keep(scheme: Scheme, sent: Any) -> Response[Any]:
        person, seen = viewer(request), str(sent.get("seen", ""))
        assert person is not None
        version = int(seen) if seen.isdecimal() and len(seen) < 10 else None
        await trials.use_scheme(person, event_category, trial, scheme, seen=version)
        return see(desk.back, done="done.trial_changed")

    return await edited(request, row, desk, keep)


async def _sent(request: Web, event_category: int, trial: int) -> Sent:
    row, desk, _scheme = await _desk(request, event_category, trial)
    return await sent_for(request, row, desk)


@post(f"{HERE}/preview", guards=[signed_in], status_code=200)
async def preview(request: Web, event_category: FromPath[int], trial: FromPath[int]) -> Page:
    return preview_page(await _sent(request, event_category, trial))


@post(f"{HERE}/text", guards=[signed_in], status_code=200)
async def text(request: Web, event_category: FromPath[int], trial: FromPath[int]) -> Page:
    return text_page(await _sent(request, event_category, trial))


routes = [show_editor, edit, preview, text]
