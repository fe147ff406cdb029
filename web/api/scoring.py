"""Score entry as data: cells saved one by one or in blocks, what moved, the history of a cell, choices."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery

from contests import scoring
from contests.forms.mark import MarksForm, SettlementForm
from contests.programme import event_category
from contests.scoring.sheets import Cell, OpenDispute
from federation.refusals import NotFound
from web import wording
from web.formats import clock, moment, points
from web.guards import signed_in, viewer

Asked = Request[Any, Any, Any]


@post(
    "/api/v1/sheets/{category:int}/{sheet:str}/cells",
    guards=[signed_in],
    status_code=200,
    tags=["scoring"],
    summary="Enter marks",
)
async def enter(
    request: Asked, category: FromPath[int], sheet: FromPath[str], data: MarksForm
) -> dict[str, Any]:
    """Each cell is answered on its own: saved, same, conflict or invalid. The same `sending` is entered once."""
    person = viewer(request)
    answers = await scoring.enter_marks(
        person, category, sheet, data.cells, sending=f"{person.id}:{data.sending}", reason=data.reason
    )
    touched = sorted({form.piece for form in data.cells})
    totals = await scoring.totals(person, category, sheet, touched)
    return {"cells": [_answer(one) for one in answers], "totals": _totals(totals)}


@get("/api/v1/sheets/{category:int}/{sheet:str}/moved", guards=[signed_in], tags=["scoring"])
async def moved(
    request: Asked, category: FromPath[int], sheet: FromPath[str], since: FromQuery[int] = 0
) -> dict[str, Any]:
    """Cells that changed after the cursor `since`, and everything that waits for a choice."""
    found = await scoring.moved(viewer(request), category, sheet, since)
    return {
        "cursor": found.cursor,
        "revision": found.revision,
        "state": found.state,
        "cells": [cell_data(cell) for cell in found.cells],
        "totals": _totals(found.totals),
        "standings": {str(piece): standing for piece, standing in found.standings.items()},
        "disputes": [dispute_data(one) for one in found.disputes],
    }


@get("/api/v1/sheets/{category:int}/{sheet:str}/history", guards=[signed_in], tags=["scoring"])
async def history(
    request: Asked,
    category: FromPath[int],
    sheet: FromPath[str],
    cell: FromQuery[str],
) -> dict[str, Any]:
    """Every version of a cell (piece:aspect:judge:attempt) and every value offered for it, newest first."""
    person = viewer(request)
    piece, aspect, judge, attempt = parts_of(cell)
    stage = await scoring.stage_of(category, sheet)
    lines = await scoring.history(
        person, category, piece, stage=stage, aspect=aspect, judge=judge, attempt=attempt
    )
    return {"lines": [_line(line, person.id) for line in lines]}


def parts_of(cell: str) -> tuple[int, str, str, int]:
    """Piece, aspect, judge and attempt of a cell's key. Raises NotFound."""
    parts = cell.split(":")
    if len(parts) != 4 or not parts[0].isdigit() or not parts[3].isdigit():
        raise NotFound("sheet", sheet=cell)
    return int(parts[0]), parts[1], parts[2], int(parts[3])


@post("/api/v1/disputes/{dispute:int}", guards=[signed_in], status_code=200, tags=["scoring"])
async def settle(request: Asked, dispute: FromPath[int], data: SettlementForm) -> dict[str, Any]:
    """Let the first or the second value hold."""
    person = viewer(request)
    sending = f"{person.id}:{data.sending}" if data.sending else None
    return await scoring.settle(person, dispute, data.keep, reason=data.reason, sending=sending)


@get(
    "/api/v1/sheets/{category:int}",
    guards=[signed_in],
    tags=["scoring"],
    summary="Sheets of an event category",
)
async def sheets(request: Asked, category: FromPath[int]) -> dict[str, Any]:
    """The sheets of an event category this person may fill in, with their progress."""
    await event_category(category)
    work = [one for one in await scoring.my_sheets(viewer(request)) if one.category["id"] == category]
    return {
        "sheets": [
            {"key": part.plan.key, "title": part.plan.title, "done": part.done, "asked": part.asked}
            for one in work
            for part in one.sheets
        ]
    }


def cell_data(cell: Cell) -> dict[str, Any]:
    return {"key": cell.key, "version": cell.version, "text": cell.text}


def dispute_data(dispute: OpenDispute) -> dict[str, Any]:
    return {
        "id": dispute.id,
        "key": dispute.key,
        "offered": dispute.offered,
        "by": dispute.offered_by,
        "at": clock(dispute.offered_at),
    }


def _totals(totals: dict[int, int | None]) -> dict[str, str]:
    return {str(piece): points(total, blank="") for piece, total in totals.items()}


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    findings = [
        {"code": one["code"], "message": wording.say(one["code"], **one["facts"])}
        for one in answer.get("findings", ())
    ]
    return answer | {"findings": findings}


def _line(line: dict[str, Any], me: int) -> dict[str, Any]:
    return {
        "kind": line["kind"],
        "text": line["text"],
        "mine": line["account"] == me,
        "actor": line["actor"],
        "at": clock(line["at"], seconds=True),
        "moment": moment(line["at"], year=True),
        "reason": line.get("reason", ""),
        "settlement": line.get("settlement", ""),
    }


routes = [enter, moved, history, settle, sheets]
