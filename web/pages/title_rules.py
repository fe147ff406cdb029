"""The rules by which titles follow from places: read in words, changed one by one, each change a new edition."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import programme
from contests.awards.title_editions import InForce, adopt_rules, editions, rules_in_force
from contests.awards.title_rules import RuleSet, TitleRule, check_rule, default_rules
from contests.forms.titles import TitleRuleForm
from contests.rules import may_decide_awards, may_rule_series, may_see_awards
from federation.findings import Finding
from federation.honours import kinds
from federation.refusals import Conflict, Invalid, NotFound
from web.filled import Filled, read_form
from web.formats import named
from web.guards import signed_in, viewer
from web.templating import Page, page, see
from web.title_words import rule_words

Asking = Request[Any, Any, Any]
HERE = "/work/contests/{code:str}/titles"
LISTS = ("levels", "classes", "categories", "not_held", "awards")


async def _names() -> dict[str, str]:
    return {row["code"]: named(row) for row in await kinds()}


@get(HERE, guards=[signed_in])
async def show(code: FromPath[str], request: Asking) -> Page:
    return await _page(request, code)


async def _page(request: Asking, code: str, filled: Filled | None = None) -> Page:
    person = viewer(request)
    contest = await programme.contest_for(person, code, may_see_awards)
    held = await rules_in_force(contest)
    honours = await _names()
    return page(
        "awards/rules.html",
        status=422 if filled else 200,
        contest=contest,
        held=held,
        words={rule.id: rule_words(rule, honours) for rule in held.rules.rules},
        editions=await editions(person, code),
        may=may_decide_awards(person, contest["ground"]),
        may_series=bool(contest["series"]) and may_rule_series(person),
        form=filled or Filled({"basis": held.rules.basis}),
    )


@post(HERE, guards=[signed_in], status_code=200)
async def change(code: FromPath[str], request: Asking) -> Page | Redirect:
    """`do`: basis (a new 依据文件) or default (begin again from the default)."""
    form = await request.form()
    typed = {str(name): value for name, value in form.items() if isinstance(value, str)}
    contest = await programme.contest_for(viewer(request), code, may_decide_awards)
    held = await rules_in_force(contest)
    if typed.get("do") == "default":
        rules = default_rules()
    else:
        rules = RuleSet(typed.get("basis", "").strip(), held.rules.rules)
    try:
        await _adopt(request, code, rules, typed)
    except Invalid as refused:
        return await _page(request, code, Filled(typed, refused.findings))
    return see(f"/work/contests/{code}/titles", done="done.title_rules")


async def _adopt(request: Asking, code: str, rules: RuleSet, typed: dict[str, Any]) -> None:
    edition = str(typed.get("edition", ""))
    try:
        await adopt_rules(
            viewer(request),
            code,
            rules,
            seen=(str(typed.get("scope", "")), int(edition) if edition.isdecimal() else -1),
            reason=str(typed.get("reason", "")),
            for_series=typed.get("for_series") == "yes",
            sending=str(typed.get("sending", "")) or None,
        )
    except Conflict as refused:
        raise Invalid([Finding(refused.code, place="reason")]) from refused


@get(HERE + "/{rule:str}", guards=[signed_in])
async def edit(code: FromPath[str], rule: FromPath[str], request: Asking) -> Page:
    contest = await programme.contest_for(viewer(request), code, may_decide_awards)
    held = await rules_in_force(contest)
    return await _edit_page(request, contest, held, _known(held, rule), None)


def _known(held: InForce, rule: str) -> TitleRule:
    found = TitleRule(id="new", title="") if rule == "new" else held.rules.rule(rule)
    if found is None:
        raise NotFound("title_rule")
    return found


async def _edit_page(
    request: Asking, contest: dict[str, Any], held: InForce, rule: TitleRule, filled: Filled | None
) -> Page:
    values = {name: getattr(rule, name) for name in TitleRuleForm.model_fields}
    values["awards"] = "、".join(rule.awards)
    return page(
        "awards/rule_form.html",
        status=422 if filled else 200,
        contest=contest,
        held=held,
        rule=rule,
        honours=[(row["code"], named(row)) for row in await kinds()],
        may_series=bool(contest["series"]) and may_rule_series(viewer(request)),
        form=filled or Filled(values),
    )


@post(HERE + "/{rule:str}", guards=[signed_in], status_code=200)
async def keep(code: FromPath[str], rule: FromPath[str], request: Asking) -> Page | Redirect:
    """A changed or new rule; with `do` remove the edition goes without it."""
    sent = await request.form()
    contest = await programme.contest_for(viewer(request), code, may_decide_awards)
    held = await rules_in_force(contest)
    known = _known(held, rule)
    model, form = read_form(TitleRuleForm, sent)
    more = {name: str(sent.get(name, "")) for name in ("reason", "scope", "edition", "for_series", "sending")}
    form = Filled({**form.values, **more}, form.findings)
    if sent.get("do") == "remove":
        try:
            await _adopt(request, code, held.rules.without(known.id), more)
        except Invalid as refused:
            return await _edit_page(request, contest, held, known, form.with_findings(refused.findings))
        return see(f"/work/contests/{code}/titles", done="done.title_rules")
    if model is not None:
        made = model.rule(secrets.token_hex(4) if rule == "new" else known.id)
        try:
            if faults := check_rule(made):
                raise Invalid(faults)
            await _adopt(request, code, held.rules.with_rule(made), more)
        except Invalid as refused:
            form = form.with_findings(refused.findings)
        else:
            return see(f"/work/contests/{code}/titles", done="done.title_rules")
    return await _edit_page(request, contest, held, known, form)


routes = [show, change, edit, keep]
