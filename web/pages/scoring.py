"""Score entry: my sheets, and the grid of one module. Without a script each row is a form."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery

from contests import scoring
from contests.forms.mark import MarkForm, SettlementForm, StandingForm
from contests.scoring import Sheet
from contests.scoring.sheets import plain
from federation.findings import Finding
from federation.judging import format_value
from federation.refusals import Invalid
from web import wording
from web.api.scoring import dispute_data, parts_of
from web.filled import read_form
from web.guards import signed_in, viewer
from web.language import N_, link
from web.menu import Entry, with_role
from web.seat_cookie import KEEP
from web.templating import Page, page, see

Asked = Request[Any, Any, Any]


@get("/work/scoring", guards=[signed_in])
async def mine(request: Asked) -> Page:
    return page("scoring/list.html", headers=may_keep(request), work=await scoring.my_sheets(viewer(request)))


@get("/work/scoring/{category:int}/{sheet:str}", guards=[signed_in])
async def show(
    request: Asked,
    category: FromPath[int],
    sheet: FromPath[str],
    leaf: FromQuery[int] = 1,
    find: FromQuery[str] = "",
) -> Page:
    found = await scoring.sheet(viewer(request), category, sheet, leaf, find)
    return _grid(request, found, find=find)


@post("/work/scoring/{category:int}/{sheet:str}", guards=[signed_in])
async def save_row(request: Asked, category: FromPath[int], sheet: FromPath[str]) -> Any:
    """One row sent as a form: the cells that were changed."""
    person = viewer(request)
    sent = await request.form()
    typed = {key[2:]: str(text) for key, text in sent.items() if key.startswith("t:")}
    forms = []
    for key, text in typed.items():
        version, _, before = str(sent.get(f"s:{key}", "0|")).partition("|")
        if text.strip() != before:
            forms.append(_form(key, text, version))
    leaf = int(sent["leaf"]) if str(sent.get("leaf", "")).isdigit() else 1
    where = f"/work/scoring/{category}/{sheet}"
    if not forms:
        return see(where, leaf=leaf if leaf > 1 else None)
    sending, reason = str(sent.get("sending", "")), str(sent.get("reason", ""))
    try:
        answers = await scoring.enter_marks(
            person, category, sheet, forms, sending=f"{person.id}:{sending}", reason=reason
        )
        findings = [
            Finding(one["code"], place=answer["key"], facts=one["facts"])
            for answer in answers
            for one in answer.get("findings", ())
        ]
        conflicts = [answer for answer in answers if answer["outcome"] == "conflict"]
    except Invalid as refused:
        findings, conflicts = list(refused.findings), []
    if not findings and not conflicts:
        return see(where, leaf=leaf if leaf > 1 else None, done="done.marks_entered")
    found = await scoring.sheet(person, category, sheet, leaf)
    wrong = {finding.place for finding in findings}
    kept = {key: text for key, text in typed.items() if key in wrong or "reason" in wrong}
    return _grid(request, found, findings=findings, typed=kept, reason=reason, status=422)


@post("/work/scoring/{category:int}/{sheet:str}/settle/{dispute:int}", guards=[signed_in])
async def settle(
    request: Asked, category: FromPath[int], sheet: FromPath[str], dispute: FromPath[int]
) -> Any:
    form, filled = read_form(SettlementForm, await request.form())
    if form is None:
        raise Invalid(list(filled.findings))
    person = viewer(request)
    await scoring.settle(person, dispute, form.keep, reason=form.reason, sending=_own(person, form.sending))
    return see(f"/work/scoring/{category}/{sheet}", done="done.dispute_settled")


@post("/work/scoring/{category:int}/{sheet:str}/standing", guards=[signed_in])
async def set_standing(request: Asked, category: FromPath[int], sheet: FromPath[str]) -> Any:
    """What the chief referee says of a whole performance; the piece is named by its number."""
    person = viewer(request)
    sent = dict(await request.form())
    number = str(sent.pop("number", ""))
    found = await scoring.sheet(person, category, sheet, find=number)
    row = next((one for one in found.rows if plain(one.number) == plain(number)), None)
    problems: list[Finding] = []
    if row is None:
        problems = [Finding("mark.no_such_piece", facts={"number": number})]
    else:
        form, filled = read_form(StandingForm, {**sent, "piece": str(row.piece)})
        problems = list(filled.findings)
        if form is not None:
            try:
                await scoring.set_standing(
                    person,
                    category,
                    row.piece,
                    form.standing,
                    reason=form.reason,
                    sending=_own(person, form.sending),
                )
                return see(f"/work/scoring/{category}/{sheet}", done="done.standing_set")
            except Invalid as refused:
                problems = list(refused.findings)
    return _grid(request, found, findings=problems, standing=sent | {"number": number}, status=422)


def may_keep(request: Asked) -> dict[str, str]:
    """The device of a clerk keeps its sheets for a hall without network, under this sign-in alone."""
    person = viewer(request)
    return {"cache-control": "private, no-store", KEEP: f"account{person.id}-{person.token_hash[:12]}"}


def _own(person: Any, sending: str) -> str | None:
    return f"{person.id}:{sending}" if sending else None


def _form(key: str, text: str, version: str) -> MarkForm:
    piece, aspect, judge, attempt = parts_of(key)
    return MarkForm(
        piece=piece,
        aspect=aspect,
        judge=judge,
        attempt=attempt,
        text=text[:80],
        seen_version=int(version) if version.isdigit() else 0,
    )


def _grid(
    request: Asked,
    sheet: Sheet,
    *,
    findings: list[Finding] | None = None,
    typed: dict[str, str] | None = None,
    standing: dict[str, Any] | None = None,
    reason: str = "",
    find: str = "",
    status: int = 200,
) -> Page:
    return page(
        "scoring/sheet.html",
        status=status,
        headers=may_keep(request),
        sheet=sheet,
        columns=[column_data(column) for column in sheet.columns],
        groups=_groups(sheet),
        disputes={one["key"]: one for one in map(dispute_data, sheet.disputes)},
        findings=findings or [],
        typed=typed or {},
        standing=standing or {},
        reason=reason,
        find=find,
        mine=viewer(request),
        moved_url=link(f"/api/v1/sheets/{sheet.category['id']}/{sheet.plan.key}"),
        said=wording.say,
    )


def column_data(column: Any) -> dict[str, Any]:
    """A column as the script needs it: limits in 1/10 000, words as they are."""
    aspect = column.aspect
    return {
        "key": column.key,
        "aspect": aspect.id,
        "title": aspect.title,
        "title_en": aspect.title_en,
        "judge": column.judge,
        "attempt": column.attempt,
        "attempts": column.slot.attempts,
        "minimum": aspect.minimum,
        "maximum": aspect.maximum,
        "step": aspect.step,
        "places": column.decimals,
        "shown_maximum": format_value(aspect.maximum, column.decimals),
        "shown_minimum": format_value(aspect.minimum, column.decimals),
        "shown_step": format_value(aspect.step),
        "kind": "deduction" if column.slot.is_deduction else aspect.kind,
        "anchors": [
            {"value": format_value(one.value), "text": one.text, "text_en": one.text_en}
            for one in aspect.anchors
        ],
    }


def _groups(sheet: Sheet) -> list[tuple[str, str, int]]:
    """(title, title_en, columns) of the row of groups above the heads; nothing where no group has a title."""
    groups: list[list[Any]] = []
    for column in sheet.columns:
        slot = column.slot
        if groups and groups[-1][0] == slot.group:
            groups[-1][2] += 1
        else:
            groups.append([slot.group, slot.group_en, 1])
    return [(title, english, span) for title, english, span in groups] if any(g[0] for g in groups) else []


routes = [mine, show, save_row, settle, set_standing]
menu = [
    Entry(
        "/work/scoring",
        N_("录分"),
        "work",
        40,
        who=with_role("clerk", "chief_referee", "organiser"),
    )
]
