"""Sheets go to paper: blank ones under a new code, filled ones as a print that names what it shows; void ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contests.forms.paper import PrintForm
from contests.paper.codes import new_code
from contests.paper.comparing import canonical, digest
from contests.paper.rule import rule_in_force
from contests.paper.sheets import PaperSheet, pieces_to_print, seats_of_plan, the_sheet
from contests.programme import event_category_for, touch
from contests.rules import may_enter_marks, may_referee
from contests.schemes import edition
from contests.scoring.plans import Plan, plan_of
from contests.states import MARKABLE
from contests.tables import ScoreSheet, SheetPrint, SheetRow
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound

WIDEST = 16
"""Columns a sheet of several pieces can hold and still be filled in by hand."""


async def print_sheets(
    viewer: Viewer, event_category_id: int, form: PrintForm, *, sending: str | None = None
) -> list[str]:
    """Make the sheets of a module for these seats, for every piece that is on none yet; gives their codes.

    A first sheet puts the usual rule into force where there was none. Raises NotFound, Forbidden, Conflict
    (sheet.not_yet), Invalid (sheet.no_such_seat, sheet.too_wide, sheet.all_printed).
    """
    category = await event_category_for(viewer, event_category_id, may_enter_marks)
    if category["state"] not in MARKABLE:
        raise Conflict("sheet.not_yet")
    scheme = await edition(category["scheme"])
    plan = plan_of(scheme, form.plan)
    if plan is None:
        raise NotFound("sheet", sheet=form.plan)
    if findings := _problems(form, plan, seats_of_plan(plan)):
        raise Invalid(findings)
    try:
        async with change(
            viewer.actor, "sheet.print", f"event_category:{event_category_id}", sending=sending
        ) as act:
            await touch(event_category_id)
            await rule_in_force(act, viewer.actor, event_category_id)
            codes = await _make(act, viewer, category, plan, form)
            if not codes:
                raise Invalid([Finding("sheet.all_printed", place="seats")])
            act.record(module=plan.key, seats=form.seats, sheets=codes)
            act.answer["codes"] = codes
    except AlreadyDone as before:
        return list(before.answer["codes"])
    return codes


def _problems(form: PrintForm, plan: Plan, seats: Sequence[str]) -> list[Finding]:
    findings = [
        Finding("sheet.no_such_seat", place="seats", facts={"judge": seat or "-"})
        for seat in form.seats
        if seat not in seats
    ]
    columns = max((sum(1 for one in plan.columns() if one.judge == seat) for seat in form.seats), default=0)
    if not findings and form.rows > 1 and columns > WIDEST:
        facts = {"columns": columns, "most": WIDEST}
        findings.append(Finding("sheet.too_wide", place="rows", facts=facts))
    return findings


async def _make(
    act: Change, viewer: Viewer, category: dict[str, Any], plan: Plan, form: PrintForm
) -> list[str]:
    here = category["id"]
    number = await ScoreSheet.count().where(ScoreSheet.event_category == here)
    codes: list[str] = []
    for judge in form.seats:
        waiting = await pieces_to_print(here, plan.key, judge)
        for first in range(0, len(waiting), form.rows):
            number += 1
            code = new_code()
            made = await ScoreSheet.insert(
                ScoreSheet(
                    code=code,
                    event_category=here,
                    scheme=category["scheme"],
                    plan=plan.key,
                    stage=plan.stage,
                    judge=judge,
                    number=number,
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            lines = [
                SheetRow(
                    sheet=made[0]["id"],
                    event_category=here,
                    plan=plan.key,
                    judge=judge,
                    piece=piece,
                    place=place,
                )
                for place, (piece, _number) in enumerate(waiting[first : first + form.rows])
            ]
            await SheetRow.insert(*lines)
            codes.append(code)
    return codes


async def void_sheet(viewer: Viewer, code: str, reason: str, *, sending: str | None = None) -> None:
    """Let a sheet hold no more: lost, spoilt, printed for another edition. Its pieces can be printed anew.

    What was entered from it stays. A confirmed sheet cannot be made void. Raises NotFound, Forbidden, Conflict,
    Invalid (sheet.reason_needed).
    """
    found = await the_sheet(viewer, code)
    if not may_referee(viewer, found.category["ground"]):
        raise Forbidden("sheet.void_not_yours")
    if not reason.strip():
        raise Invalid([Finding("sheet.reason_needed", place="reason")])
    try:
        async with change(
            viewer.actor,
            "sheet.void",
            f"score_sheet:{found.row['id']}",
            sending=sending,
            reason=reason.strip(),
        ):
            moved = (
                await ScoreSheet.update(
                    {
                        ScoreSheet.state: "void",
                        ScoreSheet.reason: reason.strip(),
                        ScoreSheet.version: ScoreSheet.version + 1,
                    }
                )
                .where(
                    (ScoreSheet.id == found.row["id"])
                    & ScoreSheet.state.is_in(["blank", "first", "differing"])
                )
                .returning(ScoreSheet.id)
            )
            if not moved:
                raise Conflict("sheet.not_void")
            await SheetRow.update({SheetRow.is_live: False}).where(SheetRow.sheet == found.row["id"])
    except AlreadyDone:
        return


async def print_filled(
    viewer: Viewer, code: str, *, reason: str = "", sending: str | None = None
) -> tuple[int, str]:
    """Keep what a confirmed sheet shows now as its next print; gives version and hash.

    The same content is not printed as a new version: the one that shows it is given again. Every version after
    the first needs a reason. Raises NotFound, Forbidden, Conflict (sheet.unconfirmed), Invalid.
    """
    found = await the_sheet(viewer, code)
    if not may_enter_marks(viewer, found.category["ground"]):
        raise Forbidden("sheet.not_yours", name=found.category["contest_name"])
    try:
        async with change(
            viewer.actor, "sheet.print_filled", f"score_sheet:{found.row['id']}", sending=sending
        ) as act:
            await touch(found.category["id"])
            found = await the_sheet(viewer, code)
            if found.row["state"] != "confirmed":
                raise Conflict("sheet.unconfirmed")
            last = found.prints[-1] if found.prints else None
            if last is not None and found.is_shown_by(last):
                act.answer["print"] = [last["version"], last["hash"]]
                return last["version"], last["hash"]
            if last is not None and not reason.strip():
                raise Invalid([Finding("sheet.reason_needed", place="reason")])
            version = last["version"] + 1 if last is not None else 1
            content = content_of(found, version)
            await SheetPrint.insert(
                SheetPrint(
                    sheet=found.row["id"],
                    version=version,
                    content=canonical(content),
                    hash=digest(content),
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                    reason=reason.strip(),
                )
            )
            act.record(version=version, hash=digest(content), reason=reason.strip())
            act.answer["print"] = [version, digest(content)]
    except AlreadyDone as before:
        version, kept = before.answer["print"]
        return int(version), str(kept)
    return version, digest(content)


def content_of(sheet: PaperSheet, version: int) -> dict[str, Any]:
    """Everything a filled sheet says, as it is hashed: head, columns and rows. Words in both languages."""
    return {**head_of(sheet), "version": version, "rows": sheet.shown_rows()}


def blank_of(sheet: PaperSheet) -> dict[str, Any]:
    """Everything a blank sheet says, and the `hash` of it: another module's columns under this code are noticed."""
    content = {**head_of(sheet), "numbers": [line.number for line in sheet.lines]}
    return {**content, "hash": digest(content)}


def head_of(sheet: PaperSheet) -> dict[str, Any]:
    """What stands above and beside the cells of a sheet, blank or filled."""
    category = sheet.category
    names = ("contest_name", "contest_name_en", "event_name", "event_name_en", "category")
    return {
        "code": sheet.code,
        "number": sheet.row["number"],
        "scheme": sheet.row["scheme"],
        **{name: category[name] for name in names},
        "module": sheet.plan.key,
        "title": sheet.plan.title,
        "title_en": sheet.plan.title_en,
        "judge": sheet.row["judge"],
        "columns": [
            {
                "aspect": one.aspect.id,
                "title": one.aspect.title,
                "title_en": one.aspect.title_en,
                "attempt": one.attempt if one.slot.attempts > 1 else 0,
                "maximum": one.aspect.maximum,
                "minimum": one.aspect.minimum,
                "step": one.aspect.step,
                "places": one.decimals,
                "deduction": one.slot.is_deduction,
                "anchors": [[anchor.value, anchor.text, anchor.text_en] for anchor in one.aspect.anchors],
            }
            for one in sheet.columns
        ],
    }


__all__ = ["blank_of", "content_of", "head_of", "print_filled", "print_sheets", "void_sheet"]
