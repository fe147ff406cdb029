"""The desk: where somebody who works here begins, with what waits for them."""

from __future__ import annotations

from typing import Any

from litestar import Request, get

from contests import directory
from contests.directory import Wanted
from contests.duties import duties_of
from contests.states import ACTS
from web.guards import signed_in, viewer
from web.language import N_
from web.menu import Entry, entries, with_role
from web.templating import Page, page

WORKERS = (
    "organiser",
    "officer",
    "clerk",
    "judge",
    "chief_referee",
    "supervisor",
    "checkin",
    "anonymiser",
    "floor_referee",
    "appeals_panel",
    "leader",
    "administrator",
    "security_administrator",
    "auditor",
)
ORDER = (
    "settle_disputes",
    "answer_objections",
    "hear_appeals",
    "rescore_appeals",
    "decide_entries",
    "enter_marks",
    "next_step",
)


@get("/work", guards=[signed_in])
async def show(request: Request[Any, Any, Any]) -> Page:
    person = viewer(request)
    duties = await duties_of(person)
    files = person.holds("leader", "officer")
    return page(
        "organise/desk.html",
        duties={code: [duty for duty in duties if duty.code == code] for code in ORDER},
        on_board={code for code, act in ACTS.items() if act.by_publication},
        open_contests=(await directory.find(Wanted(state="open"))).contests if files else [],
        files=files,
        places=[line for line in entries("work", person) if line.path != "/work"],
    )


routes = [show]
menu = [Entry("/work", N_("工作台"), "work", 10, who=with_role(*WORKERS))]
