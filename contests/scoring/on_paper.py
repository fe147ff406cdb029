"""Cells that a sheet of paper holds: entered twice through its code, and not changed unseen once it was signed."""

from __future__ import annotations

from collections.abc import Sequence

from contests.forms.mark import MarkForm
from contests.schemes import edition
from contests.scoring.plans import plans_of
from contests.tables import PaperRule, SheetRow, SheetSignature
from federation.findings import Finding


async def held_by_paper(event_category: int, stage: str, forms: Sequence[MarkForm]) -> dict[str, Finding]:
    """Cells among these that cannot be entered past their sheet: key → mark.on_paper under double entry, or
    mark.signed_reason where the sheet is signed.
    """
    rows = await SheetRow.select(
        SheetRow.piece,
        SheetRow.judge,
        SheetRow.plan,
        SheetRow.sheet.as_alias("sheet"),
        SheetRow.sheet.code.as_alias("code"),
        SheetRow.sheet.stage.as_alias("stage"),
        SheetRow.sheet.scheme.as_alias("scheme"),
    ).where(
        (SheetRow.event_category == event_category)
        & SheetRow.is_live.eq(True)
        & SheetRow.piece.is_in(sorted({form.piece for form in forms}))
    )
    rows = [row for row in rows if row["stage"] == stage]
    if not rows:
        return {}
    twice = await PaperRule.exists().where(
        (PaperRule.event_category == event_category)
        & PaperRule.is_current.eq(True)
        & PaperRule.double_entry.eq(True)
    )
    signed = set(
        await SheetSignature.select(SheetSignature.sheet)
        .where(SheetSignature.sheet.is_in(sorted({row["sheet"] for row in rows})))
        .output(as_list=True)
    )
    found: dict[str, Finding] = {}
    for row in rows:
        code = "mark.signed_reason" if row["sheet"] in signed else "mark.on_paper" if twice else ""
        if not code:
            continue
        plan = next((one for one in plans_of(await edition(row["scheme"])) if one.key == row["plan"]), None)
        for form in forms:
            on_it = form.piece == row["piece"] and form.judge == row["judge"]
            if on_it and plan is not None and plan.slot(form.aspect):
                found[form.key] = Finding(code, facts={"sheet": row["code"], "typed": form.text})
    return found


async def confirmed_seats(event_category: int, stage: str, piece: int, aspect: str) -> set[str]:
    """Seats whose sheet of paper with this aspect of this piece is confirmed."""
    rows = await SheetRow.select(
        SheetRow.judge,
        SheetRow.plan,
        SheetRow.sheet.stage.as_alias("stage"),
        SheetRow.sheet.state.as_alias("state"),
        SheetRow.sheet.scheme.as_alias("scheme"),
    ).where(
        (SheetRow.event_category == event_category)
        & SheetRow.is_live.eq(True)
        & (SheetRow.piece == piece)
        & (SheetRow.judge != "")
    )
    found = set()
    for row in rows:
        if row["stage"] == stage and row["state"] == "confirmed":
            plan = next(
                (one for one in plans_of(await edition(row["scheme"])) if one.key == row["plan"]), None
            )
            if plan is not None and plan.slot(aspect):
                found.add(row["judge"])
    return found
