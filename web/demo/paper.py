"""Paper in the demo: one module of a contest that is being marked is entered from sheets, some of them half way."""

from __future__ import annotations

from contests import paper, schemes
from contests.forms.paper import PaperRuleForm, PrintForm, SheetEntryForm
from contests.scoring.plans import Plan, plans_of
from contests.tables import EventCategory, Mark
from federation.accounts import Viewer, viewer_named
from federation.judging import SCALE, format_value

ROWS = 8
STEPS = ("both", "both", "apart", "once")
"""How far the first sheets are: entered twice alike, entered twice with a difference, entered once; the rest blank."""


async def enter_paper() -> None:
    """As two clerks do it: the module that is furthest behind, the seat that comes first."""
    first, second, referee = [await viewer_named(login) for login in ("lufen1", "lufen2", "caipan")]
    found = await _on_paper()
    if found is None or first is None or second is None or referee is None:
        return
    category, plan = found
    basis = "技术文件第 14 条（纸质评分双录入）"
    await paper.set_rule(referee, category, PaperRuleForm(rows=ROWS, basis=basis))
    seat = paper.seats_of_plan(plan)[0]
    codes = await paper.print_sheets(
        referee, category, PrintForm(plan=plan.key, seats=[seat or "-"], rows=ROWS)
    )
    for code, step in zip(codes, STEPS, strict=False):
        await _enter(code, step, first, second)
    await paper.print_filled(first, codes[0])


async def _enter(code: str, step: str, first: Viewer, second: Viewer) -> None:
    sheet = await paper.the_sheet(first, code)
    cells = {
        key: _text(sheet, key, place)
        for place, key in enumerate(sheet.keys)
        if not sheet.slot(key).is_deduction
    }
    await paper.enter_sheet(first, code, SheetEntryForm(cells=cells))
    if step == "once":
        return
    if step == "apart":
        key = next(key for key in cells if cells[key])
        cells[key] = format_value(sheet.slot(key).aspect.minimum or 0)
    await paper.enter_sheet(second, code, SheetEntryForm(cells=cells))


def _text(sheet: paper.PaperSheet, key: str, place: int) -> str:
    """What stands already, or a good mark."""
    slot = sheet.slot(key)
    mark = sheet.marks.get(key)
    if mark:
        return sheet.text(key, slot)
    full, grain = slot.aspect.maximum or 10 * SCALE, max(slot.aspect.step, SCALE // 2)
    if slot.aspect.kind == "judgement":
        return format_value(full - grain * (place % 2))
    return format_value(full * (70 + place * 7 % 23) // 100 // grain * grain)


async def _on_paper() -> tuple[int, Plan] | None:
    """Of those being marked in public the one after the first, and its sheet with the fewest marks."""
    rows = (
        await EventCategory.select(EventCategory.id, EventCategory.scheme)
        .where((EventCategory.state == "marking") & EventCategory.scheme.is_not_null())
        .order_by(EventCategory.id)
        .limit(2)
    )
    if not rows:
        return None
    plans = [one for one in plans_of(await schemes.edition(rows[-1]["scheme"])) if one.maximum is not None]
    marked = {
        plan.key: await Mark.count().where(
            (Mark.event_category == rows[-1]["id"]) & Mark.aspect.is_in([one.aspect.id for one in plan.slots])
        )
        for plan in plans
    }
    return rows[-1]["id"], min(plans, key=lambda plan: marked[plan.key])
