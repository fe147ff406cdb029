"""The chief referee's desk: how the marking stands by judge and piece, what stands out, the lock and who signs it."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath

from contests import marking_desk, sign_off
from contests.locks import ROLES
from contests.paper import shown_code
from contests.rules import may_see_desk
from contests.states import ACTS, CORRECTABLE
from federation.findings import Finding
from federation.refusals import Invalid
from web.desk_views import health_chart, judge_rows
from web.filled import Filled
from web.formats import named
from web.guards import signed_in, viewer
from web.language import N_, _
from web.menu import Door
from web.templating import Page, page, see

Asked = Request[Any, Any, Any]
HERE = "/work/event-categories/{category:int}/desk"
MOST_LISTED = 60


@get(HERE, guards=[signed_in])
async def show(category: FromPath[int], request: Asked) -> Page:
    return await _desk(request, category)


async def _desk(request: Asked, category: int, form: Filled | None = None) -> Page:
    person = viewer(request)
    seen = await marking_desk.desk(person, category)
    ground, state = seen.category["ground"], seen.category["state"]
    return page(
        "paper/desk.html",
        status=422 if form else 200,
        about=seen.category,
        seen=seen,
        judges=judge_rows(seen),
        health=health_chart(seen),
        waiting=[one for one in seen.spreads if one.row["settled_at"] is None],
        most=MOST_LISTED,
        titles_of_plans=[(named(plan, "title") or _("整场扣分"), "num") for plan in seen.plans],
        roles=[(role, who(person, ground)) for role, who in ROLES.items()],
        may_lock=state == "marking" and ACTS["freeze"].who(person, ground),
        may_lock_again=state in CORRECTABLE and seen.may_referee,
        correctable=state in CORRECTABLE,
        form=form or Filled(),
        shown_code=shown_code,
    )


@post(HERE + "/lock", guards=[signed_in], status_code=200)
async def lock_again(category: FromPath[int], request: Asked) -> Any:
    """Name the marks anew after a correction."""
    sent = await request.form()
    reason = str(sent.get("reason", ""))[:400]
    try:
        await sign_off.lock_again(
            viewer(request), category, reason, sending=str(sent.get("sending", "")) or None
        )
    except Invalid as refused:
        return await _desk(request, category, Filled({"reason": reason}, refused.findings))
    return see(f"/work/event-categories/{category}/desk", done="done.marks_locked")


@post(HERE + "/sign", guards=[signed_in], status_code=200)
async def sign(category: FromPath[int], request: Asked) -> Any:
    """Sign as `role` under the lock `hash` that was looked at."""
    sent = await request.form()
    try:
        if not sent.get("seen"):
            raise Invalid([Finding("sign_off.not_seen", place="seen")])
        await sign_off.sign(
            viewer(request),
            category,
            str(sent.get("role", "")),
            str(sent.get("hash", "")),
            sending=str(sent.get("sending", "")) or None,
        )
    except Invalid as refused:
        return await _desk(request, category, Filled({}, refused.findings))
    return see(f"/work/event-categories/{category}/desk", done="done.signed_off")


routes = [show, lock_again, sign]

doors = [
    Door(
        "/work/event-categories/{id}/desk",
        N_("裁判长工作台"),
        N_("各裁判、各作品的进度，分差、离群分、缺项和未签字的表；锁定和签字"),
        may_see_desk,
        ("marking", "frozen", "provisional", "notice", "final", "archived"),
        15,
    )
]
