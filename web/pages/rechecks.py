"""Sample rechecks: the rule, drawn lists, sheets compared with paper, faults corrected, the report."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests.forms.recheck import RecheckRuleForm
from contests.programme import event_category_for
from contests.recheck import checking, drawing, ending, reading, settings
from contests.recheck.selection import percent
from contests.rules import may_correct_marks, may_draw_recheck, may_organise, may_recheck
from contests.states import CORRECTABLE
from federation.findings import Finding
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.recheck_views import measure_words, pull_paper, report_paper
from web.reports.papers import paper_pdf
from web.reports.rules import UnprintableError
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
HERE = "/work/event-categories/{event_category:int}/recheck"
PERCENTS = ("top_share", "rest_share", "fault_limit")


def _finding(refused: Conflict | Forbidden) -> Finding:
    return Finding(refused.code, facts=refused.facts)


@get(HERE, guards=[signed_in])
async def show(event_category: FromPath[int], request: Asking) -> Page:
    return await _all(request, event_category)


async def _all(request: Asking, event_category: int, findings: list[Finding] | None = None) -> Page:
    person = viewer(request)
    row = await event_category_for(person, event_category, may_recheck)
    rule, is_set = await settings.rule_of(row)
    lists = await reading.lists_of(person, event_category)
    return page(
        "recheck/all.html",
        status=422 if findings else 200,
        about=row,
        rule=rule,
        is_set=is_set,
        percent=percent,
        measure_words=measure_words,
        lists=lists,
        findings=findings or [],
        may_draw=may_draw_recheck(person, row["ground"])
        and row["state"] in CORRECTABLE
        and not any(one["state"] == "open" for one in lists),
        may_rule=may_organise(person, row["ground"]),
    )


@post(HERE, guards=[signed_in], status_code=200)
async def draw(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    try:
        number = await drawing.draw(
            viewer(request), event_category, sending=str(sent.get("sending", "")) or None
        )
    except Invalid as refused:
        return await _all(request, event_category, list(refused.findings))
    except Conflict as refused:
        return await _all(request, event_category, [_finding(refused)])
    return see(f"/work/event-categories/{event_category}/recheck/{number}", done="done.recheck_drawn")


@get(HERE + "/rule", guards=[signed_in])
async def rule(event_category: FromPath[int], request: Asking) -> Page:
    return await _rule(request, event_category)


async def _rule(request: Asking, event_category: int, form: Filled | None = None) -> Page:
    row = await event_category_for(viewer(request), event_category, may_organise)
    holds, _is_set = await settings.rule_of(row)
    values = holds.model_dump() | {name: percent(getattr(holds, name)) for name in PERCENTS}
    return page(
        "recheck/rule.html",
        status=422 if form else 200,
        about=row,
        form=form or Filled(values | {"asked": "yes"} if not holds.seen else values),
        rows=await settings.rules_of(row),
        percent=percent,
        measure_words=measure_words,
    )


@post(HERE + "/rule", guards=[signed_in], status_code=200)
async def set_rule(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    sent = await request.form()
    model, form = read_form(RecheckRuleForm, sent)
    if model is None:
        return await _rule(request, event_category, form)
    try:
        await settings.set_rule(
            viewer(request), event_category, model, sending=str(sent.get("sending", "")) or None
        )
    except Conflict as refused:
        return await _rule(request, event_category, form.with_findings([_finding(refused)]))
    return see(f"/work/event-categories/{event_category}/recheck", done="done.recheck_rule")


@get(HERE + "/{number:int}", guards=[signed_in])
async def show_list(event_category: FromPath[int], number: FromPath[int], request: Asking) -> Page:
    return await _list(request, event_category, number)


async def _list(
    request: Asking, event_category: int, number: int, findings: list[Finding] | None = None
) -> Page:
    person = viewer(request)
    found = await reading.listed(person, event_category, number)
    ground = found.about["ground"]
    is_open = found.row["state"] == "open" and not found.stale
    return page(
        "recheck/list.html",
        status=422 if findings else 200,
        about=found.about,
        found=found,
        percent=percent,
        measure_words=measure_words,
        findings=findings or [],
        to_do=await ending.unfinished(found.row["id"]) if is_open else [],
        may_draw=may_draw_recheck(person, ground),
        may_correct=may_correct_marks(person, ground) and is_open,
        me=person.id,
    )


@post(HERE + "/{number:int}/{verb:str}", guards=[signed_in], status_code=200)
async def end(
    event_category: FromPath[int], number: FromPath[int], verb: FromPath[str], request: Asking
) -> Page | Redirect:
    """`finish` the list, or `void` it with a reason."""
    sent = await request.form()
    sending, back = str(sent.get("sending", "")) or None, f"/work/event-categories/{event_category}/recheck"
    try:
        if verb == "void":
            reason = str(sent.get("reason", ""))[:400]
            await drawing.set_aside(viewer(request), event_category, number, reason, sending=sending)
            return see(back, done="done.recheck_void")
        if verb != "finish":
            raise NotFound
        risen = await ending.finish(viewer(request), event_category, number, sending=sending)
    except Invalid as refused:
        return await _list(request, event_category, number, list(refused.findings))
    except Conflict as refused:
        return await _list(request, event_category, number, [_finding(refused)])
    done = "done.recheck_risen" if risen else "done.recheck_finished"
    return see(f"{back}/{number}", done=done)


@post(HERE + "/{number:int}/faults/{fault:int}", guards=[signed_in], status_code=200)
async def settle(
    event_category: FromPath[int], number: FromPath[int], fault: FromPath[int], request: Asking
) -> Page | Redirect:
    """`do`=correct puts the right value in force; `do`=keep finds that what stood is right, with a reason."""
    sent = await request.form()
    sending, person = str(sent.get("sending", "")) or None, viewer(request)
    try:
        if sent.get("do") == "keep":
            reason = str(sent.get("reason", ""))[:400]
            await ending.keep_standing(person, event_category, fault, reason, sending=sending)
        else:
            await ending.correct(person, event_category, fault, sending=sending)
    except Invalid as refused:
        return await _list(request, event_category, number, list(refused.findings))
    except Conflict as refused:
        return await _list(request, event_category, number, [_finding(refused)])
    return see(
        f"/work/event-categories/{event_category}/recheck/{number}",
        done="done.recheck_kept" if sent.get("do") == "keep" else "done.recheck_corrected",
    )


@get(HERE + "/sheets/{sheet:int}", guards=[signed_in])
async def show_sheet(event_category: FromPath[int], sheet: FromPath[int], request: Asking) -> Page:
    return await _sheet(request, event_category, sheet)


async def _sheet(
    request: Asking, event_category: int, sheet: int, form: Filled | None = None, status: int = 200
) -> Page:
    found = await reading.opened(viewer(request), event_category, sheet)
    return page("recheck/sheet.html", status=status, about=found.about, found=found, form=form or Filled())


@post(HERE + "/sheets/{sheet:int}", guards=[signed_in], status_code=200)
async def record(event_category: FromPath[int], sheet: FromPath[int], request: Asking) -> Page | Redirect:
    """`do`: right or wrong; the right values come as `right:<column>`."""
    sent = await request.form()
    typed = {str(name): value for name, value in sent.items() if isinstance(value, str)}
    version = typed.get("version", "")
    try:
        await checking.record(
            viewer(request),
            event_category,
            sheet,
            wrong=typed.get("do") == "wrong",
            right={key[6:]: text[:80] for key, text in typed.items() if key.startswith("right:")},
            reason=typed.get("reason", "")[:400],
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            sending=typed.get("sending") or None,
        )
    except Invalid as refused:
        return await _sheet(request, event_category, sheet, Filled(typed, refused.findings), 422)
    except Conflict as refused:
        return await _sheet(request, event_category, sheet, Filled(typed, [_finding(refused)]), 409)
    row = await checking.sheet_row(event_category, sheet)
    back = f"/work/event-categories/{event_category}/recheck/{row['list_number']}"
    return see(back, done="done.recheck_recorded")


PAPERS = {"pull.pdf": pull_paper, "report.pdf": report_paper}


@get(HERE + "/{number:int}/{kind:str}", guards=[signed_in])
async def paper(
    event_category: FromPath[int], number: FromPath[int], kind: FromPath[str], request: Asking
) -> Response[bytes]:
    """The list of sheets to pull, or the report, to print and sign."""
    make = PAPERS.get(kind)
    if make is None:
        raise NotFound
    found = await reading.listed(viewer(request), event_category, number)
    try:
        pdf = await asyncio.to_thread(copy_context().run, paper_pdf, make(found))
    except UnprintableError as refused:
        raise Conflict("rules.unprintable", characters=refused.characters[:20]) from refused
    name = f"recheck-{event_category}-{number}-{kind}"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


routes = [show, draw, rule, set_rule, show_list, end, settle, show_sheet, record, paper]

doors = [
    Door(
        "/work/event-categories/{id}/recheck",
        N_("抽检"),
        N_("封榜以后按规定抽取评分表，由没有录过这些分的人对照原件复核"),
        may_recheck,
        ("marking", "frozen", "provisional", "notice", "final", "archived"),
        40,
    )
]
