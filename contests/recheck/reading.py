"""Reading rechecks: the lists of an event category, one list with its sheets and faults, one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contests import schemes
from contests.programme import event_category_for
from contests.recheck.checking import (
    entered_by,
    entered_sheets,
    plan_for,
    sheet_row,
    wrong_sheets,
)
from contests.recheck.checks import freeze_of
from contests.recheck.drawing import recheck_row
from contests.recheck.selection import Measure, most_allowed, rate
from contests.recheck.settings import measure_of
from contests.rules import may_recheck
from contests.scoring.entering import scheme_slots, shown
from contests.scoring.lines import Line, lines_of
from contests.scoring.plans import Plan, Slot, plan_of
from contests.scoring.sheets import natural
from contests.tables import Recheck, RecheckFault, RecheckSheet
from federation.accounts import Viewer


@dataclass(frozen=True, slots=True)
class Fault:
    """A mark found wrong, its values as score entry shows them."""

    row: dict[str, Any]
    number: str
    plan: Plan
    slot: Slot | None
    stood: str
    right: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a list. `own`: the viewer entered marks of it and may not check it."""

    row: dict[str, Any]
    number: str
    plan: Plan
    own: bool
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its sheets by piece number. `stale`: marking was opened again since it was drawn."""

    about: dict[str, Any]
    row: dict[str, Any]
    measure: Measure
    sheets: tuple[Sheet, ...]
    wrong: int
    stale: bool

    @property
    def done(self) -> int:
        return sum(bool(one.row["result"]) for one in self.sheets)

    @property
    def drawn_sheets(self) -> int:
        """How many sheets there were before everything was taken in."""
        return self.row["widened_sheets"] or len(self.sheets)

    @property
    def rate(self) -> str:
        """Wrong sheets of all on the list, in per cent: what is held against the limit."""
        return rate(self.wrong, len(self.sheets))

    @property
    def allowed(self) -> int:
        return most_allowed(self.drawn_sheets, self.measure)

    def pieces(self, *why: str) -> list[str]:
        """Numbers of the pieces that are on the list for one of these reasons, in the order people count."""
        found = {one.number for one in self.sheets if not why or one.row["why"] in why}
        return sorted(found, key=natural)

    @property
    def faults(self) -> list[Fault]:
        return [fault for sheet in self.sheets for fault in sheet.faults]

    @property
    def open_faults(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.row["state"] == "open"]


async def lists_of(viewer: Viewer, event_category: int) -> list[dict[str, Any]]:
    """The lists of an event category, newest first, each with `sheets`, `done` and `wrong`."""
    await event_category_for(viewer, event_category, may_recheck)
    rows = (
        await Recheck.select()
        .where(Recheck.event_category == event_category)
        .order_by(Recheck.number, ascending=False)
    )
    for row in rows:
        here = RecheckSheet.recheck == row["id"]
        row["sheets"] = await RecheckSheet.count().where(here)
        row["done"] = await RecheckSheet.count().where(here & (RecheckSheet.result != ""))
        row["wrong"] = await wrong_sheets(row["id"])
        row["rate"] = rate(row["wrong"], row["sheets"])
    return rows


async def listed(viewer: Viewer, event_category: int, number: int) -> Listed:
    """One list in full. Raises NotFound, Forbidden."""
    about = await event_category_for(viewer, event_category, may_recheck)
    row = await recheck_row(event_category, number)
    scheme = await schemes.scheme_of(event_category)
    own = await entered_sheets(event_category, viewer.id)
    faults = await _faults(row["id"])
    slots = scheme_slots(scheme)
    rows = await RecheckSheet.select(
        *RecheckSheet.all_columns(), RecheckSheet.piece.number.as_alias("number")
    ).where(RecheckSheet.recheck == row["id"])
    sheets = []
    for one in sorted(rows, key=lambda one: (natural(one["number"]), one["position"])):
        plan = plan_of(scheme, one["plan"])
        if plan is None:
            continue
        mine = any((one["piece"], plan.stage, slot.aspect.id) in own for slot in plan.slots)
        found = tuple(
            _fault(fault, one["number"], plan, slots.get((fault["stage"], fault["aspect"])))
            for fault in faults
            if fault["sheet"] == one["id"]
        )
        sheets.append(Sheet(one, one["number"], plan, mine, found))
    stale = row["state"] == "open" and row["freeze"] != await freeze_of(event_category)
    return Listed(about, row, measure_of(row), tuple(sheets), await wrong_sheets(row["id"]), stale)


async def _faults(recheck: int) -> list[dict[str, Any]]:
    return await RecheckFault.select().where(RecheckFault.sheet.recheck == recheck).order_by(RecheckFault.id)


def _fault(row: dict[str, Any], number: str, plan: Plan, slot: Slot | None) -> Fault:
    stood, right = "", ""
    if slot is not None:
        stood = shown(row["stood_value"], row["stood_blank"], slot)
        right = shown(row["right_value"], row["right_blank"], slot)
    return Fault(row, number, plan, slot, stood, right)


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet to be compared with paper."""

    about: dict[str, Any]
    row: dict[str, Any]
    plan: Plan
    lines: list[Line]
    own: bool
    editable: bool


async def opened(viewer: Viewer, event_category: int, sheet: int) -> Opened:
    """One sheet with what the record says. Raises NotFound, Forbidden."""
    about = await event_category_for(viewer, event_category, may_recheck)
    row = await sheet_row(event_category, sheet)
    plan = await plan_for(event_category, row["plan"])
    own = viewer.id in await entered_by(event_category, row["piece"], plan)
    editable = row["list"]["state"] == "open" and row["result"] != "wrong" and not own
    lines = await lines_of(event_category, row["piece"], plan)
    return Opened(about, row, plan, lines, own, editable)
