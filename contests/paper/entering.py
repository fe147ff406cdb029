"""Entering a sheet: one person, then another who does not see the first, and a third where they differ.

An entry is kept as it was sent, at once and for good, but it is no mark: marks of record are written only when the
sheet is confirmed, in the same change. So the newest mark is always the newest confirmed one, and neither board nor
grid can tell the second person what the first one read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests import schemes
from contests.forms.mark import MarkForm
from contests.forms.paper import ChoiceForm, SheetEntryForm
from contests.paper.comparing import EMPTY, Cells, Content, confirmed, differences, digest, stored
from contests.paper.sheets import PaperSheet, sheet_to_enter
from contests.programme import touch
from contests.scoring.entering import (
    Entering,
    cell_columns,
    current_cells,
    read,
    write_versions,
)
from contests.scoring.walls import handed_in
from contests.seats import spreads
from contests.tables import PaperEntry, ScoreSheet
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Invalid

FIRST, SECOND, CHOICE = 1, 2, 3


async def enter_sheet(viewer: Viewer, code: str, form: SheetEntryForm) -> str:
    """Keep what this person read off the sheet; gives the sheet's new state: first, differing or confirmed.

    Whoever comes second under another account is the second reading, also when both began at the same time. The
    first reader may send once more with a reason until the second has. Raises NotFound, Forbidden, Conflict
    (see `sheet_to_enter`; sheet.differing, sheet.own_first) and Invalid with a finding for each cell that cannot be.
    """
    sheet = await sheet_to_enter(viewer, code)
    cells = _read(sheet, form.cells, empties=form.empties)
    try:
        async with change(
            viewer.actor, "sheet.enter", f"score_sheet:{sheet.row['id']}", sending=_own(viewer, form.sending)
        ) as act:
            revision = await touch(sheet.category["id"])
            sheet = await sheet_to_enter(viewer, code)
            part = _part(viewer, sheet, form.reason)
            await _keep(act, viewer, sheet, part, cells, form.reason.strip())
            state = _after(sheet, part, cells)
            await _move(sheet, state)
            act.record(part=part, state=state, read=digest(stored(cells)))
            if state == "confirmed":
                await _confirm(act, viewer, sheet, cells)
                act.tell(MarksMoved(sheet.category["id"], revision))
            act.answer["state"] = state
    except AlreadyDone as before:
        return str(before.answer["state"])
    return state


async def choose(viewer: Viewer, code: str, form: ChoiceForm) -> str:
    """A third person says, paper in hand, what each differing cell holds: first, second or other.

    Raises NotFound, Forbidden, Conflict (sheet.not_differing, sheet.third_person), Invalid for each cell not chosen.
    """
    sheet = await sheet_to_enter(viewer, code)
    _may_choose(viewer, sheet)
    chosen = _chosen(sheet, form)
    try:
        async with change(
            viewer.actor, "sheet.choose", f"score_sheet:{sheet.row['id']}", sending=_own(viewer, form.sending)
        ) as act:
            revision = await touch(sheet.category["id"])
            sheet = await sheet_to_enter(viewer, code)
            _may_choose(viewer, sheet)
            cells = confirmed(sheet.cells_of(FIRST), sheet.cells_of(SECOND), chosen, sheet.keys)
            await _keep(act, viewer, sheet, CHOICE, cells, "")
            await _move(sheet, "confirmed")
            act.record(differences=len(chosen), read=digest(stored(cells)))
            await _confirm(act, viewer, sheet, cells)
            act.tell(MarksMoved(sheet.category["id"], revision))
            act.answer["state"] = "confirmed"
    except AlreadyDone as before:
        return str(before.answer["state"])
    return "confirmed"


def role_of(viewer: Viewer, sheet: PaperSheet) -> str:
    """What this person can do with the sheet next: first, second, again (own first entry), choose, wait or nothing."""
    state = sheet.row["state"]
    if state == "blank":
        return "first"
    if state == "first":
        return "again" if viewer.id in sheet.accounts(FIRST) else "second"
    if state == "differing":
        return "wait" if viewer.id in sheet.accounts(FIRST, SECOND) else "choose"
    return ""


def _own(viewer: Viewer, sending: str) -> str | None:
    return f"{viewer.id}:{sending}"[:64] if sending else None


def _part(viewer: Viewer, sheet: PaperSheet, reason: str) -> int:
    role = role_of(viewer, sheet)
    if role in ("choose", "wait"):
        raise Conflict("sheet.differing")
    if role == "again" and not reason.strip():
        raise Invalid([Finding("sheet.again_reason", place="reason")])
    return SECOND if role == "second" else FIRST


def _after(sheet: PaperSheet, part: int, cells: Cells) -> str:
    if not sheet.rule.double_entry:
        return "confirmed"
    if part == FIRST:
        return "first"
    return "differing" if differences(sheet.cells_of(FIRST), cells, sheet.keys) else "confirmed"


def _may_choose(viewer: Viewer, sheet: PaperSheet) -> None:
    role = role_of(viewer, sheet)
    if role == "wait":
        raise Conflict("sheet.third_person")
    if role != "choose":
        raise Conflict("sheet.not_differing")


def _read(sheet: PaperSheet, typed: Mapping[str, str], *, empties: bool) -> dict[str, Content]:
    """Every cell of the sheet as it was read. Raises Invalid; a cell that is not on the sheet is refused too."""
    numbers = {line.piece: line.number for line in sheet.lines}
    findings = [
        Finding("sheet.cell_elsewhere", place=key, facts={"cell": key[:60]})
        for key in typed
        if key not in sheet.keys
    ]
    cells: dict[str, Content] = {}
    for key in sheet.keys:
        reading = read(_form(key, typed.get(key, "")), sheet.plan, numbers)
        findings += reading.findings
        cells[key] = (reading.value, reading.blank)
    if not findings and not empties:
        findings = _empty_cells(sheet, cells)
    if findings:
        raise Invalid(findings)
    return cells


def _empty_cells(sheet: PaperSheet, cells: Cells) -> list[Finding]:
    """Cells that ask for a mark and have none, unless the whole performance has a standing."""
    standing = {line.piece for line in sheet.lines if line.standing}
    numbers = {line.piece: line.number for line in sheet.lines}
    empty = []
    for key in sheet.keys:
        piece, aspect, _judge, _attempt = key.split(":")
        if cells[key] == EMPTY and int(piece) not in standing and not sheet.slot(key).is_deduction:
            empty.append(f"{numbers[int(piece)]} {aspect}")
    if not empty:
        return []
    return [Finding("sheet.cells_empty", place="empties", facts={"count": len(empty), "cells": empty[:5]})]


def _chosen(sheet: PaperSheet, form: ChoiceForm) -> dict[str, Content]:
    numbers = {line.piece: line.number for line in sheet.lines}
    chosen: dict[str, Content] = {}
    findings: list[Finding] = []
    for one in sheet.differences():
        choice = form.choices.get(one.key, "")
        piece, aspect, _judge, _attempt = one.key.split(":")
        facts = {"number": numbers[int(piece)], "aspect": aspect}
        if choice in ("first", "second"):
            chosen[one.key] = one.first if choice == "first" else one.second
        elif choice == "other":
            reading = read(_form(one.key, form.others.get(one.key, "")), sheet.plan, numbers)
            findings += reading.findings
            chosen[one.key] = (reading.value, reading.blank)
        else:
            findings.append(Finding("sheet.not_chosen", place=one.key, facts=facts))
    if findings:
        raise Invalid(findings)
    return chosen


def _form(key: str, text: str) -> MarkForm:
    piece, aspect, judge, attempt = key.split(":")
    return MarkForm(piece=int(piece), aspect=aspect, judge=judge, attempt=int(attempt), text=text)


async def _keep(act: Change, viewer: Viewer, sheet: PaperSheet, part: int, cells: Cells, reason: str) -> None:
    before = sheet.entry(part)
    await PaperEntry.insert(
        PaperEntry(
            sheet=sheet.row["id"],
            part=part,
            version=before["version"] + 1 if before else 1,
            cells=stored(cells),
            account=viewer.actor.account,
            actor=viewer.actor.name,
            at=act.at,
            reason=reason,
        )
    )


async def _move(sheet: PaperSheet, state: str) -> None:
    """The sheet's next state, if nobody else moved it since it was read."""
    moved = (
        await ScoreSheet.update({ScoreSheet.state: state, ScoreSheet.version: ScoreSheet.version + 1})
        .where((ScoreSheet.id == sheet.row["id"]) & (ScoreSheet.version == sheet.row["version"]))
        .returning(ScoreSheet.id)
    )
    if not moved:
        raise Conflict("sheet.moved")


async def _confirm(act: Change, viewer: Viewer, sheet: PaperSheet, cells: Cells) -> None:
    """Write what was confirmed as marks of record: the next version of each cell that says something else."""
    category, stage = sheet.category["id"], sheet.row["stage"]
    current = await current_cells(category, stage, {line.piece for line in sheet.lines})
    marks: list[dict[str, Any]] = []
    replaced: list[int] = []
    for key, (value, blank) in cells.items():
        stands = current.get(key)
        if (stands["value"], stands["blank"]) == (value, blank) if stands else (value, blank) == EMPTY:
            continue
        if stands:
            replaced.append(stands["id"])
        version = stands["version"] + 1 if stands else 1
        marks.append(cell_columns(_form(key, "")) | {"value": value, "blank": blank, "version": version})
    await _not_handed_in(sheet, marks)
    reason = sheet.code if replaced else ""
    await write_versions(Entering(act, viewer, category, stage, reason), marks, replaced)
    await schemes.freeze(sheet.row["scheme"])
    scheme = await schemes.edition(sheet.row["scheme"])
    aspects = sorted({one.aspect.id for one in sheet.columns})
    for line in sheet.lines:
        await spreads.look(act, category, scheme, stage, line.piece, aspects)


async def _not_handed_in(sheet: PaperSheet, marks: list[dict[str, Any]]) -> None:
    """What a judge handed in from the seat is not overwritten from paper. Raises Conflict("sheet.handed_in")."""
    pieces = {line.piece: line.number for line in sheet.lines}
    held = await handed_in(sheet.category["id"], sheet.row["stage"], pieces)
    for mark in marks:
        if f"{mark['piece']}:{mark['aspect']}:{mark['judge']}:{mark['attempt']}" in held:
            raise Conflict("sheet.handed_in", number=pieces[mark["piece"]], aspect=mark["aspect"])
