"""Sheets of paper of one event category: what is printed and how far each is, printing more, and the rule."""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from contests import paper, schemes
from contests.forms.paper import PaperRuleForm, PrintForm
from contests.rules import may_enter_marks, may_referee, may_see_paper
from contests.scoring.plans import plans_of
from contests.states import MARKABLE
from federation.findings import Finding
from federation.refusals import Invalid
from web.filled import Filled, read_form
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Door
from web.score_sheet_pdf import as_pdf
from web.templating import Page, page, see

Asked = Request[Any, Any, Any]
HERE = "/work/event-categories/{category:int}/paper"
STANDINGS = ("blank", "first", "differing", "confirmed", "printed", "signed", "superseded", "void")
SWITCHES = ("double_entry", "sign_off", "signed_sheets", "photo")


@get(HERE, guards=[signed_in])
async def show(category: FromPath[int], request: Asked) -> Page:
    return await _sheets(request, category)


async def _sheets(
    request: Asked, category: int, form: Filled | None = None, rule_form: Filled | None = None
) -> Page:
    person = viewer(request)
    about, sheets = await paper.all_sheets(person, category)
    plans = plans_of(await schemes.edition(about["scheme"])) if about["scheme"] else ()
    rule = await paper.rule_of(category)
    usual = rule if rule.version else paper.USUAL
    wanted = request.query_params.get("standing", "")
    return page(
        "paper/sheets.html",
        status=422 if form or rule_form else 200,
        about=about,
        sheets=[one for one in sheets if wanted not in STANDINGS or one.standing == wanted],
        counts=Counter(one.standing for one in sheets),
        standings=STANDINGS,
        wanted=wanted,
        plans=[(plan, paper.seats_of_plan(plan)) for plan in plans],
        rule=rule,
        history=await paper.history_of(category),
        may_print=about["state"] in MARKABLE and may_enter_marks(person, about["ground"]),
        may_rule=may_referee(person, about["ground"]),
        form=form or Filled({"rows": usual.rows}),
        rule_form=rule_form or Filled(_rule_values(usual, rule.version)),
        shown_code=paper.shown_code,
    )


def _rule_values(rule: paper.Rule, version: int) -> dict[str, Any]:
    switches = {name: "yes" if getattr(rule, name) else "" for name in SWITCHES}
    return {
        **switches,
        "rows": rule.rows,
        "odd_limit": rule.odd_limit,
        "basis": rule.basis,
        "version": version,
    }


@post(HERE + "/print", guards=[signed_in], status_code=200)
async def print_blank(category: FromPath[int], request: Asked) -> Any:
    """New sheets of a module: fields `plan`, `seats`, `rows`. The list then offers them as one file."""
    sent = await request.form()
    model, filled = read_form(PrintForm, sent)
    if model is not None:
        try:
            codes = await paper.print_sheets(
                viewer(request), category, model, sending=str(sent.get("sending", "")) or None
            )
        except Invalid as refused:
            filled = filled.with_findings(refused.findings)
        else:
            here = f"/work/event-categories/{category}/paper"
            return see(here, standing="blank", first=codes[0], done="done.sheets_printed")
    return await _sheets(request, category, form=filled)


@get(HERE + "/sheets.pdf", guards=[signed_in])
async def blank_file(category: FromPath[int], request: Asked, plan: FromQuery[str] = "") -> Response[bytes]:
    """All sheets nobody entered from yet, or those of one module, in the order of their numbers."""
    _, sheets = await paper.all_sheets(viewer(request), category)
    chosen = [
        paper.blank_of(one)
        for one in sheets
        if one.row["state"] == "blank" and (not plan or one.plan.key == plan)
    ]
    if not chosen:
        raise Invalid([Finding("sheet.none_blank")])
    return await as_pdf(request, chosen, f"score-sheets-{category}")


@post(HERE + "/rule", guards=[signed_in], status_code=200)
async def set_rule(category: FromPath[int], request: Asked) -> Any:
    sent = dict((await request.form()).items())
    typed = {**sent, **{name: "yes" if sent.get(name) else "no" for name in SWITCHES}}
    model, filled = read_form(PaperRuleForm, typed)
    if model is None:
        shown = {**typed, **{name: sent.get(name, "") for name in SWITCHES}}
        return await _sheets(request, category, rule_form=Filled(shown, filled.findings))
    await paper.set_rule(viewer(request), category, model, sending=str(sent.get("sending", "")) or None)
    return see(f"/work/event-categories/{category}/paper", done="done.paper_rule_set")


routes = [show, print_blank, blank_file, set_rule]

doors = [
    Door(
        "/work/event-categories/{id}/paper",
        N_("纸质评分表"),
        N_("打印带编码的评分表，看每张录到哪一步；两人各录一遍，不同的由第三人定"),
        may_see_paper,
        ("marking", "frozen", "provisional", "notice", "final", "archived"),
        40,
    )
]
