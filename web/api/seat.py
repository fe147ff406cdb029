"""A judge's seat as data: drafts cell by cell, handing in, what moved. The seat is the device's cookie."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery

from contests.forms.mark import SettlementForm
from contests.forms.seat import HandIn, SeatCells, StepAside
from contests.seats import handing_in, recusals, sheets
from web import wording
from web.seat_cookie import holder

Asked = Request[Any, Any, Any]


@post("/api/v1/seat/cells", status_code=200, tags=["seat"], summary="Draft marks from a seat")
async def enter(request: Asked, data: SeatCells) -> dict[str, Any]:
    """Each cell is answered on its own: saved, same, conflict or invalid. The same `sending` is entered once."""
    seated = await holder(request)
    return {"cells": [_answer(one) for one in await handing_in.enter(seated, data)]}


@post("/api/v1/seat/pieces/{piece:int}/hand-in", status_code=200, tags=["seat"], summary="Hand in a sheet")
async def hand_in(request: Asked, piece: FromPath[int], data: HandIn) -> dict[str, Any]:
    return await handing_in.hand_in(await holder(request), piece, data)


@post("/api/v1/seat/pieces/{piece:int}/recuse", status_code=200, tags=["seat"], summary="Step aside")
async def recuse(request: Asked, piece: FromPath[int], data: StepAside) -> dict[str, Any]:
    await recusals.step_aside(await holder(request), piece, data.reason, sending=data.sending)
    return {"state": "recused"}


@post("/api/v1/seat/disputes/{dispute:int}", status_code=200, tags=["seat"])
async def settle(request: Asked, dispute: FromPath[int], data: SettlementForm) -> dict[str, Any]:
    """Let the first or the second value hold."""
    return await handing_in.choose(await holder(request), dispute, data.keep, sending=data.sending)


@get("/api/v1/seat/pieces/{piece:int}/moved", tags=["seat"])
async def moved(request: Asked, piece: FromPath[int], stage: FromQuery[str] = "") -> dict[str, Any]:
    """The own cells of a piece as they stand, its state, and spreads."""
    return await sheets.moved_since(await holder(request), piece, stage)


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    findings = [
        {"code": one["code"], "message": wording.say(one["code"], **one["facts"])}
        for one in answer.get("findings", ())
    ]
    return answer | {"findings": findings}


routes = [enter, hand_in, recuse, settle, moved]
