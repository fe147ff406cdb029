"""Signing in and out, opening an account of one's own, a new password."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from federation import accounts
from federation.changes import SYSTEM
from federation.findings import Finding
from federation.forms import NewAccount, NewPassword, SignIn
from federation.refusals import Invalid, Refusal
from web.demo.accounts import PASSWORD as DEMO_PASSWORD
from web.demo.accounts import SIGN_INS as DEMO_SIGN_INS
from web.filled import Filled, read_form
from web.guards import COOKIE, signed_in, viewer
from web.settings import Settings
from web.templating import Page, page, see


def inside(path: str) -> str:
    """The address to go on to if it lies in this site, else nothing."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") and "\n" not in path else ""


def way_on(person: accounts.Viewer | None, next_page: str) -> str:
    """Where somebody who signed in goes: back to the page they came from, or to their desk."""
    if next_page:
        return next_page
    at_work = person is not None and set(person.roles) - {"participant"}
    return "/work" if at_work else "/me"


def sign_in_page(request: Request[Any, Any, Any], form: Filled, status: int = 200, *, came: str = "") -> Page:
    settings: Settings = request.app.state.settings
    return page(
        "accounts/sign_in.html",
        status=status,
        form=form,
        next_page=came,
        session_ended=bool(request.scope["state"].get("session_ended")),
        cards=DEMO_SIGN_INS if settings.demo else (),
        demo_password=DEMO_PASSWORD,
    )


@get("/sign-in", sync_to_thread=False)
def show_sign_in(request: Request[Any, Any, Any]) -> Page:
    return sign_in_page(request, Filled(), came=inside(request.query_params.get("next", "")))


@post("/sign-in", status_code=303)
async def sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    sent = await request.form()
    came = inside(sent.get("next", ""))
    model, form = read_form(SignIn, sent)
    if model is None:
        return sign_in_page(request, form, 422, came=came)
    try:
        secret = await accounts.sign_in(model.login, model.password)
    except Refusal as refused:
        found = Finding(refused.code, place="login", facts=refused.facts)
        return sign_in_page(request, form.with_findings([found]), 422, came=came)
    return await _welcome(request, secret, came)


async def _welcome(request: Request[Any, Any, Any], secret: str, came: str) -> Redirect:
    answer = see(way_on(await accounts.viewer_of(secret), came))
    answer.set_cookie(
        key=COOKIE,
        value=secret,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        max_age=int(accounts.SESSION_LIFE.total_seconds()),
    )
    return answer


@post("/sign-out", status_code=303)
async def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    person = request.scope["state"].get("account")
    if person is not None:
        await accounts.sign_out(person)
    answer = see("/", done="done.signed_out")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@get("/sign-up", sync_to_thread=False)
def show_sign_up(request: Request[Any, Any, Any]) -> Page:
    return page(
        "accounts/sign_up.html", form=Filled(), next_page=inside(request.query_params.get("next", ""))
    )


@post("/sign-up", status_code=303)
async def sign_up(request: Request[Any, Any, Any]) -> Response[Any]:
    """Open an account for oneself: it may register its owner and see their results, nothing else."""
    sent = await request.form()
    came = inside(sent.get("next", ""))
    model, form = read_form(NewAccount, sent)
    if model is not None:
        try:
            account = await accounts.open_account(
                SYSTEM, login=model.login, password=model.password, display_name=model.display_name
            )
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            await accounts.grant(SYSTEM, account, "participant")
            return await _welcome(request, await accounts.sign_in(model.login, model.password), came)
    return page("accounts/sign_up.html", status=422, form=form, next_page=came)


@get("/me/password", guards=[signed_in], sync_to_thread=False)
def show_password() -> Page:
    return page("accounts/password.html", form=Filled())


@post("/me/password", guards=[signed_in], status_code=303)
async def change_password(request: Request[Any, Any, Any]) -> Response[Any]:
    model, form = read_form(NewPassword, await request.form())
    if model is not None:
        try:
            await accounts.change_password(viewer(request), model.old_password, model.password)
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            return see("/me", done="done.password_changed")
    return page("accounts/password.html", status=422, form=form)


routes = [show_sign_in, sign_in, sign_out, show_sign_up, sign_up, show_password, change_password]
