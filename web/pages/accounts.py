"""账号: the administrator opens accounts, grants roles within a scope, and stops or starts an account."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from pydantic import BaseModel, Field

from federation import accounts, unions
from federation.findings import Finding
from federation.refusals import Invalid
from web import wording
from web.filled import Filled, read_form
from web.guards import only, viewer
from web.language import N_
from web.menu import Entry, with_role
from web.templating import Page, page, see

Web = Request[Any, Any, Any]
KEEPERS = ("administrator",)

menu = [Entry("/work/accounts", N_("账号"), "work", 70, who=with_role(*KEEPERS))]


class OpeningForm(BaseModel):
    """A new account with one role; `union` is the code of the branch it reaches, empty for everywhere."""

    login: Annotated[str, Field(min_length=4, max_length=60, pattern=r"^[\w.@-]+$")]
    display_name: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[str, Field(max_length=200)]
    role: Literal[accounts.ROLES]  # type: ignore[valid-type]
    union: str = ""


async def accounts_page(form: Filled, status: int = 200) -> Page:
    return page(
        "accounts/all.html",
        status=status,
        form=form,
        accounts=await accounts.all_accounts(),
        roles=[(role, wording.say(f"role.{role}")) for role in accounts.ROLES],
        units=[(unit["code"], unit["name"]) for unit in await unions.all_units()],
    )


@get("/work/accounts", guards=[only(*KEEPERS)])
async def show() -> Page:
    return await accounts_page(Filled())


@post("/work/accounts", guards=[only(*KEEPERS)], status_code=200)
async def open_account(request: Web) -> Response[Any]:
    model, form = read_form(OpeningForm, await request.form())
    if model is None:
        return await accounts_page(form, 422)
    unit = await unions.unit(model.union) if model.union else None
    if model.union and unit is None:
        return await accounts_page(form.with_findings([Finding("form.not_a_choice", place="union")]), 422)
    try:
        opened = await accounts.open_account(
            viewer(request).actor, login=model.login, password=model.password, display_name=model.display_name
        )
    except Invalid as refused:
        return await accounts_page(form.with_findings(refused.findings), 422)
    scope = ("union", unit["id"]) if unit else ("all", None)
    await accounts.grant(viewer(request).actor, opened, model.role, *scope)
    return see("/work/accounts", done="done.saved")


@post("/work/accounts/{account:int}/{act:str}", guards=[only(*KEEPERS)], status_code=303)
async def stop_or_start(request: Web, account: int, act: str) -> Response[Any]:
    await accounts.enable(viewer(request), account, enabled=act == "start")
    return see("/work/accounts", done="done.saved")


routes = [show, open_account, stop_or_start]
