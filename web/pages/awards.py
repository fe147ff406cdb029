"""获奖名单: who has which award, the titles that follow, and the list taken away as a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from contests import programme
from contests.awards import titles
from contests.awards.export import COLUMNS, export
from contests.rules import may_decide_awards, may_export_identities, may_see_awards
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from web.filled import Filled
from web.guards import signed_in, viewer
from web.language import N_, speaking
from web.menu import Door
from web.reports.lists import KINDS, as_file
from web.templating import Page, page, see
from web.wording import say

Asking = Request[Any, Any, Any]
HERE = "/work/event-categories/{event_category:int}/awards"


@get(HERE, guards=[signed_in])
async def show(event_category: FromPath[int], request: Asking) -> Page:
    return await _page(request, event_category)


async def _page(request: Asking, event_category: int, filled: Filled | None = None) -> Page:
    person = viewer(request)
    row = await programme.event_category_for(person, event_category, may_see_awards)
    try:
        looked = await titles.look(person, event_category)
    except Conflict:
        looked = None
    return page(
        "awards/list.html",
        status=422 if filled else 200,
        about=row,
        looked=looked,
        titles=await titles.titles_of(event_category),
        steps=(await titles.steps_of(event_category))[:40],
        may=may_decide_awards(person, row["ground"]),
        may_export=may_export_identities(person, row["ground"]),
        form=filled or Filled(),
    )


@post(HERE + "/titles", guards=[signed_in], status_code=200)
async def decide_titles(event_category: FromPath[int], request: Asking) -> Page | Redirect:
    """`to`: propose (with `chosen` as entry:rule), or the state the chosen titles go to."""
    form = await request.form()
    typed = {str(name): value for name, value in form.items() if isinstance(value, str)}
    chosen = [str(value) for value in form.getall("chosen", [])]
    sending = typed.get("sending") or None
    try:
        if typed.get("to") == "propose":
            pairs = [
                (int(entry), rule)
                for entry, _, rule in (one.partition(":") for one in chosen)
                if entry.isdecimal()
            ]
            await titles.propose(viewer(request), event_category, pairs, sending=sending)
        else:
            await titles.move(
                viewer(request),
                event_category,
                [int(one) for one in chosen if one.isdecimal()],
                typed.get("to", "") if typed.get("to") in titles.MOVES else "",
                document_number=typed.get("document_number", ""),
                document_on=_day(typed.get("document_on", "")),
                reason=typed.get("reason", ""),
                sending=sending,
            )
    except Invalid as refused:
        typed["chosen"] = chosen  # type: ignore[assignment]
        return await _page(request, event_category, Filled(typed, refused.findings))
    return see(f"/work/event-categories/{event_category}/awards", done="done.titles_moved")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid([Finding("form.not_a_date", place="document_on", facts={"value": text[:20]})]) from None


@post(HERE + "/export", guards=[signed_in], status_code=200)
async def take_away(event_category: FromPath[int], request: Asking) -> Response[Any]:
    """The list as a file; with full identity numbers when `numbers` is full, a reason given."""
    form = await request.form()
    kind, reason = str(form.get("kind", "xlsx")), str(form.get("export_reason", ""))
    row = await programme.event_category_for(viewer(request), event_category, may_see_awards)
    kind = kind if kind in KINDS else "xlsx"
    try:
        found = await export(
            viewer(request),
            row["contest_code"],
            None if form.get("all") else event_category,
            in_full=form.get("numbers") == "full",
            reason=reason,
            kind=kind,
        )
    except Invalid as refused:
        typed = {"export_reason": reason, "numbers": form.get("numbers", "")}
        places = [Finding(one.code, one.severity, "export_reason", one.facts) for one in refused.findings]
        return await _page(request, event_category, Filled(typed, places))
    with speaking("zh"):
        heads = [say(f"award_column.{column}") for column in COLUMNS]
        rows = [[_cell(column, one[column]) for column in COLUMNS] for one in found.rows]
        answer = as_file(kind, say("award.file_name"), heads, rows)
    answer.headers["cache-control"] = "private, no-store"
    return answer


def _cell(column: str, value: Any) -> Any:
    if column == "category":
        return say(f"category.{value}")
    if column == "skill_level":
        return say(f"skill_level.{value}") if value else ""
    return value


routes = [show, decide_titles, take_away]

doors = [
    Door(
        "/work/event-categories/{id}/awards",
        N_("获奖名单"),
        N_("按最终公布列出获奖人员，推荐称号并记录批复，导出报送表"),
        may_see_awards,
        ("final", "archived"),
        200,
    )
]
