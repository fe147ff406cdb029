"""Work pages of a marking scheme: choosing what to begin from, and the editor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from litestar import Request, Response, get, post

from contests import programme, schemes
from contests.forms.scheme import Part, read, scheme_from, typed
from contests.forms.scheme_acts import ACTS, act
from contests.rules import may_organise
from federation.findings import Finding, errors
from federation.judging.schemes import Scheme
from federation.refusals import Conflict, Invalid, NotFound
from web.guards import signed_in, viewer
from web.reports.scheme_file import as_file, name_of
from web.scheme_desk import Desk, desk_of
from web.scheme_editor import fold_long, show
from web.templating import Page, page, see

Web = Request[Any, Any, Any]
Keep = Callable[[Scheme, Any], Awaitable[Response[Any]]]


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
        scheme=await schemes.edition(row["scheme"]) if row["scheme"] else None,
        findings=findings or [],
    )


def edit_page(
    row: dict[str, Any],
    part: Part,
    findings: list[Finding],
    *,
    focus: str = "",
    sent: str | None = None,
    read_from: str = "",
    ignored: Sequence[str] = (),
    live: bool = False,
    status: int = 200,
    desk: Desk | None = None,
) -> Page:
    desk = desk or desk_of(row["id"])
    return page(
        "organise/_scheme_live.html" if live else "organise/scheme_form.html",
        status=status,
        one=row,
        view=show(part, findings, focus),
        desk=desk,
        path_of_form=desk.path,
        sent=sent,
        read_from=read_from,
        ignored=ignored,
    )


async def sent_part(request: Web) -> tuple[Any, Part]:
    """What a form of the editor sent, and the scheme typed in it."""
    sent = await request.form()
    return sent, read(sent, sent.getall("open", []), sent.getall("fold", []))


@get("/work/event-categories/{event_category:int}/scheme", guards=[signed_in])
async def show_editor(request: Web, event_category: int) -> Page:
    row = await programme.event_category_for(viewer(request), event_category, may_organise)
    scheme = await beginning(request, row)
    if scheme is None or "choose" in request.query_params or await schemes.is_locked(event_category):
        return await choose_page(row)
    part = typed(scheme)
    fold_long(part)
    return edit_page(row, part, scheme_from(part)[1])


@post("/work/event-categories/{event_category:int}/scheme", guards=[signed_in], status_code=200)
async def save(request: Web, event_category: int) -> Response[Any]:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_organise)

    async def keep(scheme: Scheme, sent: Any) -> Response[Any]:
        await schemes.attach(person, event_category, scheme, sending=sent.get("sending"))
        return see(f"/work/event-categories/{event_category}", done="done.scheme_attached")

    return await edited(request, row, desk_of(event_category), keep)


async def edited(request: Web, row: dict[str, Any], desk: Desk, keep: Keep) -> Response[Any]:
    """One form, several buttons: `do` is save, check, live, xlsx, json or an act on the tree (add:tie_breaks).

    `keep` saves a sound scheme with what else the form sent; its Invalid or Conflict stands above the editor.
    """
    sent, part = await sent_part(request)
    do = str(sent.get("do", "check"))
    focus = focus_after(do, act(part, do)) if do.partition(":")[0] in ACTS else ""
    scheme, findings = scheme_from(part)
    faults = errors(findings)
    if do in ("xlsx", "json") and scheme is not None:
        return as_file(name_of(row), scheme, do)
    if do == "save" and scheme is not None and not faults:
        try:
            return await keep(scheme, sent)
        except Conflict as refused:
            return edit_page(row, part, [Finding(refused.code)], status=409, desk=desk)
        except Invalid as refused:
            return edit_page(row, part, list(refused.findings), status=422, desk=desk)
    if do in ("save", "check", "xlsx", "json"):
        open_faulty(part, faults)
    refused = do in ("save", "xlsx", "json") and bool(faults)
    status = 422 if refused else 200
    key = None if do == "save" else sent.get("sending")
    return edit_page(row, part, findings, focus=focus, sent=key, live=do == "live", status=status, desk=desk)


def open_faulty(part: Part, faults: list[Finding]) -> None:
    """Open whatever a fault lies in and unfold what is above it."""
    for fault in faults:
        steps = fault.place.split(".")
        for length in range(len(steps)):
            if (above := part.find(".".join(steps[: length + 1]))) is not None:
                above.folded = False
                nearest = above
                nearest.open = True


def focus_after(do: str, path: str) -> str:
    """The control that takes the keyboard after an act."""
    what, _, at = do.partition(":")
    if what in ("add", "copy") and path:
        first = {"tie_breaks": "by", "anchors": "value", "table": "bound", "carries": "stage"}
        return f"i-{path}-{first.get(path.split('.')[-2], 'title')}".replace(".", "-")
    if what == "remove":
        return f"add:{at.rpartition('.')[0]}"
    return f"{what}:{path}"


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


routes = [show_editor, save, use]
