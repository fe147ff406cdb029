"""What was found on a sheet, entered by somebody who entered none of its marks; going on to all when much is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from contests import schemes
from contests.forms.mark import MarkForm
from contests.programme import event_category_for, hold
from contests.recheck.checks import freeze_of
from contests.recheck.drawing import recheck_row, widen
from contests.recheck.selection import too_many
from contests.recheck.settings import measure_of
from contests.rules import may_recheck
from contests.scoring.entering import PENDING, read
from contests.scoring.lines import Line, lines_of, marks_of
from contests.scoring.plans import Plan, plan_of
from contests.states import CORRECTABLE
from contests.tables import Recheck, RecheckFault, RecheckSheet
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.database import frame
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound

NOTHING = ("空", "无", "—", "-", "none", "empty")
"""What is typed where nothing should stand."""


def _field(line: Line) -> str:
    """Where the right value of a cell is typed."""
    return f"right:{line.column.key}"


async def sheet_row(event_category: int, sheet: int) -> dict[str, Any]:
    """A sheet with its list as `list` and the number of its piece. Raises NotFound."""
    row = (
        await RecheckSheet.select(
            *RecheckSheet.all_columns(),
            RecheckSheet.piece.number.as_alias("number"),
            RecheckSheet.recheck.number.as_alias("list_number"),
        )
        .where((RecheckSheet.id == sheet) & (RecheckSheet.recheck.event_category == event_category))
        .first()
    )
    if row is None:
        raise NotFound("recheck_sheet", sheet=sheet)
    return {**row, "list": await recheck_row(event_category, row["list_number"])}


async def plan_for(event_category: int, key: str) -> Plan:
    """The module a sheet records. Raises NotFound."""
    plan = plan_of(await schemes.scheme_of(event_category), key)
    if plan is None:
        raise NotFound("sheet", sheet=key)
    return plan


async def entered_by(event_category: int, piece: int, plan: Plan) -> set[int]:
    """The accounts that ever entered a mark of a sheet."""
    return {
        row["account"] for row in await marks_of(event_category, piece, plan) if row["account"] is not None
    }


async def entered_sheets(event_category: int, account: int) -> set[tuple[int, str, str]]:
    """(piece, stage, aspect) of every mark an account ever entered here."""
    rows = await frame(
        "SELECT DISTINCT piece, stage, aspect FROM mark WHERE event_category = ? AND account = ?",
        {"piece": pl.Int64, "stage": pl.String, "aspect": pl.String},
        event_category,
        account,
    )
    return set(rows.iter_rows())


async def record(
    viewer: Viewer,
    event_category: int,
    sheet: int,
    *,
    wrong: bool,
    right: Mapping[str, str],
    reason: str = "",
    version: int,
    sending: str | None = None,
) -> str:
    """Enter the result of a sheet: right, or wrong with the right value of each wrong cell and a reason.

    `right`: key of a column → what should stand, as typed; `version` of the sheet that was looked at. The answer is
    "right" or "wrong". Above the limit the list goes on to every sheet, in the same change.
    Raises NotFound, Forbidden (own marks), Conflict (ended, overtaken), Invalid by field.
    """
    await event_category_for(viewer, event_category, may_recheck)
    subject = f"event_category:{event_category}"
    result = "wrong" if wrong else "right"
    try:
        async with change(viewer.actor, "recheck.record", subject, sending=sending) as act:
            await hold(event_category)
            row = await _checkable(viewer, event_category, sheet)
            plan = await plan_for(event_category, row["plan"])
            lines = await lines_of(event_category, row["piece"], plan)
            faults = _faults(row, plan, lines, right, reason.strip(), wrong=wrong)
            await _keep(act, viewer, row, result, version)
            for line, value, blank in faults:
                await RecheckFault.insert(
                    _fault(viewer, row["id"], plan.stage, line, value, blank, reason.strip(), act.at)
                )
            act.record(list=row["list_number"], number=row["number"], sheet=row["plan"], result=result)
            act.record(faults=[line.column.key for line, _, _ in faults])
            await _widen_if_needed(act, event_category, row["list"])
    except AlreadyDone:
        return result
    return result


async def _checkable(viewer: Viewer, event_category: int, sheet: int) -> dict[str, Any]:
    """The sheet, when this person may say now what is on it."""
    category = await event_category_for(viewer, event_category, may_recheck)
    row = await sheet_row(event_category, sheet)
    if row["list"]["state"] != "open":
        raise Conflict("recheck.ended_already")
    if row["list"]["freeze"] != await freeze_of(event_category) or category["state"] not in CORRECTABLE:
        raise Conflict("recheck.stale")
    if row["result"] == "wrong":
        raise Conflict("recheck.recorded_already")
    plan = await plan_for(event_category, row["plan"])
    if viewer.id in await entered_by(event_category, row["piece"], plan):
        raise Forbidden("recheck.own_marks", number=row["number"])
    return row


def _faults(
    row: Mapping[str, Any],
    plan: Plan,
    lines: list[Line],
    right: Mapping[str, str],
    reason: str,
    *,
    wrong: bool,
) -> list[tuple[Line, int | None, str | None]]:
    """Cell, right value and blank of every wrong cell. Raises Invalid."""
    typed = {key: text.strip() for key, text in right.items() if text.strip()}
    if not wrong:
        if typed:
            raise Invalid([Finding("recheck.right_with_values", place=f"right:{next(iter(typed))}")])
        return []
    findings, faults = [], []
    for line in lines:
        text = typed.pop(line.column.key, "")
        if not text:
            continue
        meant = "" if text.lower() in NOTHING else text
        form = MarkForm(
            piece=row["piece"],
            aspect=line.column.aspect.id,
            judge=line.column.judge,
            attempt=line.column.attempt,
            text=meant[:80],
        )
        reading = read(form, plan, {row["piece"]: row["number"]})
        findings += [Finding(one.code, place=_field(line), facts=one.facts) for one in reading.findings]
        stands = (line.value, PENDING if line.value is None and line.blank is None else line.blank)
        if not reading.findings and (reading.value, reading.blank) == stands:
            findings.append(Finding("recheck.same_value", place=_field(line), facts={"typed": text[:20]}))
        faults.append((line, reading.value, reading.blank))
    if not faults or typed:
        findings.append(Finding("recheck.no_value", place=_field(lines[0]) if lines else ""))
    if not reason:
        findings.append(Finding("recheck.reason_needed", place="reason"))
    if findings:
        raise Invalid(findings)
    return faults


async def _keep(act: Change, viewer: Viewer, row: Mapping[str, Any], result: str, version: int) -> None:
    kept = (
        await RecheckSheet.update(
            {
                RecheckSheet.result: result,
                RecheckSheet.account: viewer.actor.account,
                RecheckSheet.actor: viewer.actor.name,
                RecheckSheet.at: act.at,
                RecheckSheet.version: RecheckSheet.version + 1,
            }
        )
        .where((RecheckSheet.id == row["id"]) & (RecheckSheet.version == version))
        .returning(RecheckSheet.id)
    )
    if not kept:
        raise Conflict("recheck.overtaken", number=row["number"])


def _fault(
    viewer: Viewer,
    sheet: int,
    stage: str,
    line: Line,
    value: int | None,
    blank: str | None,
    reason: str,
    at: datetime,
) -> RecheckFault:
    return RecheckFault(
        sheet=sheet,
        stage=stage,
        aspect=line.column.aspect.id,
        judge=line.column.judge,
        attempt=line.column.attempt,
        seen_version=line.version,
        stood_value=line.value,
        stood_blank=line.blank,
        right_value=value,
        right_blank=blank,
        reason=reason,
        account=viewer.actor.account,
        actor=viewer.actor.name,
        at=at,
    )


async def wrong_sheets(recheck: int) -> int:
    """Sheets with a fault that was not found to be none."""
    rows = await RecheckFault.select(RecheckFault.sheet).where(
        (RecheckFault.sheet.recheck == recheck) & (RecheckFault.state != "kept")
    )
    return len({row["sheet"] for row in rows})


async def _widen_if_needed(act: Change, event_category: int, row: Mapping[str, Any]) -> None:
    """As soon as the limit is passed whatever the sheets still to come say, everything is looked at, once."""
    if row["widened_at"] is not None:
        return
    sheets = await RecheckSheet.count().where(RecheckSheet.recheck == row["id"])
    wrong = await wrong_sheets(row["id"])
    if not too_many(wrong, sheets, measure_of(row)):
        return
    await Recheck.update(
        {Recheck.widened_at: act.at, Recheck.widened_wrong: wrong, Recheck.widened_sheets: sheets}
    ).where(Recheck.id == row["id"])
    act.record(widened=await widen(event_category, row["id"]), wrong=wrong, of=sheets)
