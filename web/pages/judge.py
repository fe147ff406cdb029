"""The judge's own pages, by seat: sitting down, the list of pieces, the form of one piece. No script needed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from contests import schemes
from contests.forms.seat import HandIn, SeatCell, SeatCells
from contests.seated import Seated
from contests.seats import adjusting, handing_in, links, recusals, sheets
from contests.seats.seating import rule_of
from federation.findings import Finding
from federation.refusals import Conflict, Invalid, Refusal
from web import wording
from web.language import link
from web.seat_cookie import COOKIE, device_of, give, holder, personal
from web.seat_forms import BLANKS, rank_of, sheet_data
from web.templating import Page, page, see

Asked = Request[Any, Any, Any]


@get("/seat/{secret:str}")
async def show_link(secret: FromPath[str]) -> Page:
    return _sit(await links.at_link(secret), secret)


def _sit(found: dict[str, Any], secret: str, problem: Refusal | None = None) -> Page:
    return page(
        "judge/sign_in.html",
        status=422 if problem else 200,
        headers={"cache-control": "private, no-store"},
        seat=found["seat"]["code"],
        category=found["category"],
        holder=found["holder"],
        secret=secret,
        problem=wording.say(problem) if problem else "",
        asks=problem is not None and problem.code == "seat.in_use",
    )


@post("/seat/{secret:str}", status_code=303)
async def sit_down(secret: FromPath[str], request: Asked) -> Response[Any]:
    sent = await request.form()
    found = await links.at_link(secret)
    pin, over = str(sent.get("pin", ""))[:20], bool(sent.get("take_over"))
    try:
        token = await links.sign_in(secret, pin, device_of(request), take_over=over)
    except Refusal as refused:
        if not refused.code.startswith("seat."):
            raise
        return _sit(found, secret, refused)
    answer = see("/judge")
    rule = await rule_of(found["category"]["id"])
    give(request, answer, token, rule.session_hours)
    return answer


@post("/judge/leave", status_code=303)
async def leave(request: Asked) -> Response[Any]:
    seated = await holder(request)
    await links.sign_out(seated)
    answer = see("/judge/left")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@get("/judge/left", sync_to_thread=False)
def left() -> Page:
    return page("judge/gone.html", standing=None, why=wording.say("seat.gone_signed_out"))


@get("/judge")
async def pieces(request: Asked, stage: FromQuery[str] = "") -> Page:
    seated = await holder(request)
    category, stage, stages, lines = await sheets.list_for(seated, stage)
    scheme = await schemes.scheme_of(seated.event_category)
    return page(
        "judge/list.html",
        headers=personal(seated),
        seated=seated,
        category=category,
        stage=stage,
        stages=[one for one in scheme.stages if one.id in stages],
        lines=lines,
        data=_common(seated),
    )


@get("/judge/{piece:int}")
async def show(piece: FromPath[int], request: Asked, stage: FromQuery[str] = "") -> Page:
    seated = await holder(request)
    return await _form(seated, piece, stage)


async def _form(
    seated: Seated, piece: int, stage: str, findings: list[Finding] | None = None, typed: Any = None
) -> Page:
    sheet = await sheets.sheet_for(seated, piece, stage)
    scheme = await schemes.scheme_of(seated.event_category)
    return page(
        "judge/sheet.html",
        status=422 if findings else 200,
        headers=personal(seated),
        seated=seated,
        sheet=sheet,
        category=sheet.category,
        parts=sheet_data(sheet, scheme),
        rank=rank_of(sheet),
        findings=findings or [],
        typed=typed or {},
        blanks=BLANKS,
        data=_common(seated),
        mine={"piece": piece, "stage": sheet.stage, "state": sheet.line.state, "editable": sheet.editable},
    )


def _common(seated: Seated) -> dict[str, Any]:
    return {"prefix": f"saichuang:seat{seated.id}:", "api": link("/api/v1/seat"), "device": seated.device}


@post("/judge/{piece:int}", status_code=303)
async def save(piece: FromPath[int], request: Asked) -> Any:
    """The whole form at once, for a browser without a script. `do`: save, or hand_in after saving."""
    seated = await holder(request)
    sent = dict(await request.form())
    stage, sending = str(sent.get("stage", "")), str(sent.get("sending", ""))[:24]
    sheet = await sheets.sheet_for(seated, piece, stage)
    findings = await _saved(seated, sheet, sent, sending)
    if not findings and sent.get("do") == "hand_in":
        now = await sheets.sheet_for(seated, piece, stage)
        shown = {f"{box.slot.aspect.id}:{box.attempt}": box.text for box in now.boxes}
        try:
            form = HandIn(sending=f"in-{sending}", stage=stage, shown=shown)
            await handing_in.hand_in(seated, piece, form)
        except Invalid as refused:
            findings = list(refused.findings)
        except Conflict as refused:
            findings = [Finding(refused.code)]
        else:
            after = now.after.id if now.after else piece
            return see(f"/judge/{after}", stage=stage, done="done.sheet_handed_in")
    if findings:
        return await _form(seated, piece, stage, findings, sent)
    return see(f"/judge/{piece}", stage=stage, done="done.draft_saved")


async def _saved(
    seated: Seated, sheet: sheets.SeatSheet, sent: dict[str, Any], sending: str
) -> list[Finding]:
    """Enter what was changed, a deduction with its own reason."""
    findings = []
    for number, box in enumerate(sheet.boxes):
        version, _, before = str(sent.get(f"s:{box.key}", f"{box.version}|{box.text}")).partition("|")
        text = str(sent.get(f"b:{box.key}", "") or sent.get(f"t:{box.key}", before)).strip()
        if text == before:
            continue
        cell = SeatCell(
            piece=sheet.line.piece.id,
            aspect=box.slot.aspect.id,
            attempt=box.attempt,
            text=text[:80],
            seen_version=int(version) if version.isdigit() else 0,
        )
        form = SeatCells(
            sending=f"f{number}-{sending}"[:32],
            stage=sheet.stage,
            reason=str(sent.get(f"r:{box.key}", ""))[:400],
            cells=[cell],
        )
        for answer in await handing_in.enter(seated, form):
            findings += [
                Finding(one["code"], place=box.key, facts=one["facts"]) for one in answer.get("findings", ())
            ]
    return findings


@post("/judge/{piece:int}/recuse", status_code=303)
async def step_aside(piece: FromPath[int], request: Asked) -> Any:
    seated = await holder(request)
    sent = await request.form()
    stage = str(sent.get("stage", ""))
    try:
        await recusals.step_aside(
            seated, piece, str(sent.get("reason", ""))[:400], sending=str(sent.get("sending", ""))[:24]
        )
    except Invalid as refused:
        return await _form(seated, piece, stage, list(refused.findings))
    return see(f"/judge/{piece}", stage=stage, done="done.stepped_aside")


@post("/judge/{piece:int}/spreads/{spread:int}", status_code=303)
async def adjust(piece: FromPath[int], spread: FromPath[int], request: Asked) -> Any:
    seated = await holder(request)
    sent = await request.form()
    stage = str(sent.get("stage", ""))
    try:
        await adjusting.adjust(
            seated,
            spread,
            str(sent.get("text", ""))[:80],
            str(sent.get("reason", ""))[:400],
            sending=str(sent.get("sending", ""))[:24],
        )
    except Invalid as refused:
        return await _form(seated, piece, stage, list(refused.findings), dict(sent))
    return see(f"/judge/{piece}", stage=stage, done="done.spread_adjusted")


@post("/judge/{piece:int}/disputes/{dispute:int}", status_code=303)
async def choose(piece: FromPath[int], dispute: FromPath[int], request: Asked) -> Any:
    """Of two values that two devices entered, let one hold."""
    seated = await holder(request)
    sent = await request.form()
    keep = "second" if sent.get("keep") == "second" else "first"
    try:
        await handing_in.choose(seated, dispute, keep, sending=str(sent.get("sending", ""))[:24])
    except Conflict as refused:
        return await _form(seated, piece, str(sent.get("stage", "")), [Finding(refused.code)])
    return see(f"/judge/{piece}", stage=str(sent.get("stage", "")), done="done.dispute_settled")


routes = [show_link, sit_down, leave, left, pieces, show, save, step_aside, adjust, choose]
