"""The desk of appeals of an event category: what came in, the hearing, the re-score; rule, moment, panel."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests.appeals import hearing, panel, reading, rescoring, settings
from contests.appeals import window as clocks
from contests.forms.appeal import GROUNDS, MOMENTS, AppealRuleForm, DecisionForm, EndedForm
from contests.programme import event_category_for
from contests.rules import may_diagnose, may_organise, may_referee, may_see_appeals
from federation.findings import Finding
from federation.refusals import Conflict, Invalid, NotFound
from federation.unions import delegations, province
from web.appeal_views import effect_rows, ground_words, sheet_rows, window_words
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
HERE = "/work/event-categories/{event_category:int}/appeals"


def _desk_of(event_category: int) -> str:
    return f"/work/event-categories/{event_category}/appeals"


@get(HERE, guards=[signed_in])
async def show(event_category: FromPath[int], request: Asking) -> Page:
    return await _all(request, event_category)


async def _all(request: Asking, event_category: int, form: Filled | None = None) -> Page:
    person = viewer(request)
    about = await event_category_for(person, event_category, may_see_appeals)
    return page(
        "appeals/all.html",
        status=422 if form else 200,
        about=about,
        rule=await settings.rule_of(about),
        window=await settings.window_of(about),
        ended=await settings.ended_of(event_category),
        now=clocks.now(),
        appeals=await reading.appeals_of(person, event_category),
        members=await panel.members(about),
        ground_words=ground_words,
        window_words=window_words,
        may_rule=may_organise(person, about["ground"]),
        may_record=may_referee(person, about["ground"]),
        form=form or Filled(),
    )


@post(HERE + "/ended", guards=[signed_in], status_code=200)
async def record_end(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    """When the competition ended, where the window counts from that."""
    sent = await request.form()
    model, form = read_form(EndedForm, sent)
    if model is None:
        return await _all(request, event_category, form)
    try:
        await settings.record_end(
            viewer(request), event_category, model, sending=str(sent.get("sending", "")) or None
        )
    except Invalid as refused:
        return await _all(request, event_category, form.with_findings(refused.findings))
    return see(_desk_of(event_category), done="done.appeal_moment")


@get(HERE + "/rule", guards=[signed_in])
async def rule(event_category: FromPath[int], request: Asking) -> Page:
    return await _rule(request, event_category)


async def _rule(
    request: Asking, event_category: int, form: Filled | None = None, seat: Filled | None = None
) -> Page:
    """`seat`: what was typed of the unit of a member."""
    about = await event_category_for(viewer(request), event_category, may_organise)
    return page(
        "appeals/rule.html",
        status=422 if form or seat else 200,
        about=about,
        form=form or Filled((await settings.rule_of(about)).model_dump()),
        seat=seat or Filled(),
        rows=await settings.rules_of(about),
        members=await panel.members(about),
        units=[*await province(), *await delegations()],
        grounds=GROUNDS,
        moments=MOMENTS,
        ground_words=ground_words,
        window_words=window_words,
    )


@post(HERE + "/rule", guards=[signed_in], status_code=200)
async def set_rule(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(AppealRuleForm, sent)
    if model is None:
        return await _rule(request, event_category, form)
    model = model if "grounds" in form.values else model.model_copy(update={"grounds": []})
    sending = str(sent.get("sending", "")) or None
    try:
        await settings.set_rule(viewer(request), event_category, model, sending=sending)
    except Invalid as refused:
        return await _rule(request, event_category, form.with_findings(refused.findings))
    except Conflict as refused:
        return await _rule(request, event_category, form.with_findings([Finding(refused.code)]))
    return see(_desk_of(event_category), done="done.appeal_rule")


@post(HERE + "/members", guards=[signed_in], status_code=200)
async def set_unit(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    """Where a member of the panel comes from: `account`, `unit` (a code)."""
    sent = await request.form()
    account, unit = str(sent.get("account", "")), str(sent.get("unit", ""))[:20]
    try:
        await panel.set_unit(
            viewer(request),
            event_category,
            int(account) if account.isdecimal() and len(account) < 10 else 0,
            unit,
            sending=str(sent.get("sending", "")) or None,
        )
    except Invalid as refused:
        typed = {"account": account, "unit": unit}
        return await _rule(request, event_category, seat=Filled(typed, refused.findings))
    return see(f"{_desk_of(event_category)}/rule", done="done.appeal_member")


@get(HERE + "/{number:int}", guards=[signed_in])
async def show_case(event_category: FromPath[int], number: FromPath[int], request: Asking) -> Page:
    return await _case(request, event_category, number)


async def _case(request: Asking, event_category: int, number: int, form: Filled | None = None) -> Page:
    person = viewer(request)
    found = await reading.case(person, event_category, number)
    return page(
        "appeals/case.html",
        status=422 if form else 200,
        about=found.about,
        found=found,
        sheets=sheet_rows(found.sheets),
        effect=effect_rows(found.effect),
        ground_words=ground_words,
        agrees=found.hears and found.row["state"] == "proposed" and person.id not in found.voices,
        may_try=may_diagnose(person, found.about["ground"]),
        form=form or Filled(),
    )


@post(HERE + "/{number:int}/{verb:str}", guards=[signed_in], status_code=200)
async def act(
    event_category: FromPath[int], number: FromPath[int], verb: FromPath[str], request: Asking
) -> Page | Redirect:
    """`accept`, `refuse` (with a reason), `decide`, `agree` (as seen); `rescore` opens the trial."""
    sent = await request.form()
    typed = {str(name): value for name, value in sent.items() if isinstance(value, str)}
    here = f"{_desk_of(event_category)}/{number}"
    try:
        if verb == "rescore":
            trial = await rescoring.begin(
                viewer(request), event_category, number, typed.get("title", ""), sending=typed.get("sending")
            )
            return see(f"/work/boards/{event_category}/trials/{trial}", done="done.trial_opened")
        await _heard(request, event_category, number, verb, typed)
    except Invalid as refused:
        return await _case(request, event_category, number, Filled(typed, refused.findings))
    except Conflict as refused:
        told = [Finding(refused.code, facts=refused.facts)]
        return await _case(request, event_category, number, Filled(typed, told))
    return see(here, done=DONE[verb])


DONE = {
    "accept": "done.appeal_accepted",
    "refuse": "done.appeal_refused",
    "decide": "done.appeal_proposed",
    "agree": "done.appeal_agreed",
}


async def _heard(request: Asking, event_category: int, number: int, verb: str, typed: dict[str, str]) -> None:
    person, sending = viewer(request), typed.get("sending") or None
    match verb:
        case "accept":
            await hearing.accept(person, event_category, number, sending=sending)
        case "refuse":
            await hearing.refuse(
                person, event_category, number, typed.get("reason", "")[:4000], sending=sending
            )
        case "decide":
            model, form = read_form(DecisionForm, typed)
            if model is None:
                raise Invalid(form.findings)
            await hearing.decide(person, event_category, number, model, sending=sending)
        case "agree":
            seen = typed.get("seen", "")
            version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
            await hearing.agree(person, event_category, number, seen=version, sending=sending)
        case _:
            raise NotFound


routes = [show, record_end, rule, set_rule, set_unit, show_case, act]

doors = [
    Door(
        "/work/event-categories/{id}/appeals",
        N_("申诉"),
        N_("代表队领队的申诉：受理、裁决、试算；时限、范围和仲裁委员在这里设"),
        may_see_appeals,
        (),
        42,
    )
]
