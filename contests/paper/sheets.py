"""Reading sheets of paper: by code, by event category, with their cells and how far each has come.

Nobody here learns a name, and nobody reads an entry of another person but to choose between two of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contests import schemes
from contests.paper.codes import is_code, plain_code
from contests.paper.comparing import Cells, Content, Difference, differences, read_back
from contests.paper.rule import Rule, rule_of
from contests.programme import event_category, event_category_for
from contests.rules import may_enter_marks, may_see_paper
from contests.scoring.entering import shown
from contests.scoring.plans import Column, Plan, Slot, plan_of
from contests.scoring.sheets import pieces_by_number
from contests.states import MARKABLE
from contests.tables import Mark, PaperEntry, ScoreSheet, SheetPrint, SheetRow, SheetSignature
from federation.accounts import Viewer
from federation.findings import Finding
from federation.judging import Scheme
from federation.refusals import Conflict, Forbidden, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """A piece on a sheet, known by its number."""

    piece: int
    number: str
    standing: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A sheet with everything it is made of. `standing` says how far it has come:

    blank, first, differing, confirmed, printed (to be signed), signed, superseded (signed, then a mark moved), void.
    `expired`: printed for another edition of the scheme than the one in force.
    """

    row: dict[str, Any]
    category: dict[str, Any]
    rule: Rule
    plan: Plan
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    entries: tuple[dict[str, Any], ...]
    prints: tuple[dict[str, Any], ...]
    signatures: tuple[dict[str, Any], ...]
    marks: Mapping[str, Mapping[str, Any]]
    expired: bool

    @property
    def code(self) -> str:
        return str(self.row["code"])

    @property
    def keys(self) -> tuple[str, ...]:
        """The cells in reading order: row by row."""
        return tuple(f"{line.piece}:{column.key}" for line in self.lines for column in self.columns)

    @property
    def standing(self) -> str:
        state = str(self.row["state"])
        if state != "confirmed":
            return state
        if self.is_signed_as_it_stands:
            return "signed"
        if self.prints and self.is_shown_by(self.prints[-1]):
            return "printed"
        return "superseded" if self.signatures else "confirmed"

    @property
    def is_signed_as_it_stands(self) -> bool:
        """The newest print came back signed and no mark on it has moved since."""
        return (
            bool(self.signatures)
            and self.signatures[-1]["print"] == self.prints[-1]["id"]
            and self.is_shown_by(self.prints[-1])
        )

    def is_shown_by(self, printed: Mapping[str, Any]) -> bool:
        """Whether a print says what the marks say now."""
        return printed["content"]["rows"] == self.shown_rows()

    def shown_rows(self) -> list[Any]:
        """What a filled sheet shows: [number, standing, [text of each cell]] for each row."""
        return [
            [
                line.number,
                line.standing,
                [self.text(f"{line.piece}:{one.key}", one.slot) for one in self.columns],
            ]
            for line in self.lines
        ]

    def text(self, key: str, slot: Slot) -> str:
        mark = self.marks.get(key)
        return shown(mark["value"], mark["blank"], slot) if mark else ""

    def entry(self, part: int) -> dict[str, Any] | None:
        """The newest version of a part: 1 first entry, 2 second, 3 choice."""
        return next((one for one in reversed(self.entries) if one["part"] == part), None)

    def cells_of(self, part: int) -> Cells:
        entry = self.entry(part)
        return read_back(entry["cells"]) if entry else {}

    def differences(self) -> list[Difference]:
        return differences(self.cells_of(1), self.cells_of(2), self.keys)

    def slot(self, key: str) -> Slot:
        return next(one.slot for one in self.columns if key.endswith(f":{one.key}"))

    def shown(self, key: str, content: Content) -> str:
        return shown(*content, self.slot(key))

    def accounts(self, *parts: int) -> set[int]:
        return {one["account"] for one in self.entries if one["part"] in parts}


async def code_of(typed: str) -> str:
    """The code of a sheet, from what was typed or scanned.

    Raises Invalid: sheet.code_missing, sheet.code_mistyped, sheet.code_unknown (facts: typed).
    """
    plain = plain_code(typed)
    if not plain:
        raise Invalid([Finding("sheet.code_missing", place="code")])
    if not is_code(plain):
        raise Invalid([Finding("sheet.code_mistyped", place="code", facts={"typed": typed.strip()[:60]})])
    if not await ScoreSheet.exists().where(ScoreSheet.code == plain):
        raise Invalid([Finding("sheet.code_unknown", place="code", facts={"typed": typed.strip()[:60]})])
    return plain


async def the_sheet(viewer: Viewer, code: str) -> PaperSheet:
    """A sheet for whoever enters marks here or looks after the marking. Raises NotFound, Forbidden."""
    found = await _sheet(code)
    ground = found.category["ground"]
    if not may_see_paper(viewer, ground):
        raise Forbidden("sheet.not_yours", name=found.category["contest_name"])
    return found


async def sheet_to_enter(viewer: Viewer, code: str) -> PaperSheet:
    """The same for somebody about to enter: marking is open and the sheet still holds.

    Raises NotFound, Forbidden, Conflict: sheet.closed, sheet.expired, sheet.void, sheet.already.
    """
    found = await _sheet(code)
    if not may_enter_marks(viewer, found.category["ground"]):
        raise Forbidden("sheet.not_yours", name=found.category["contest_name"])
    if found.row["state"] == "void":
        raise Conflict("sheet.void", reason=found.row["reason"])
    if found.row["state"] == "confirmed":
        raise Conflict("sheet.already")
    if found.expired:
        raise Conflict("sheet.expired")
    if found.category["state"] not in MARKABLE:
        raise Conflict("sheet.closed")
    return found


async def _sheet(code: str) -> PaperSheet:
    row = await ScoreSheet.select().where(ScoreSheet.code == plain_code(code)).first()
    if row is None:
        raise NotFound("score_sheet", sheet=code[:20])
    return (await _filled(row["event_category"], [row]))[0]


async def all_sheets(viewer: Viewer, event_category_id: int) -> tuple[dict[str, Any], list[PaperSheet]]:
    """(event category, its sheets) for whoever may see them. Raises NotFound, Forbidden."""
    category = await event_category_for(viewer, event_category_id, may_see_paper)
    return category, await sheets_of(event_category_id)


async def sheets_of(event_category_id: int) -> list[PaperSheet]:
    """Every sheet of an event category in the order they were printed, void ones too."""
    rows = (
        await ScoreSheet.select()
        .where(ScoreSheet.event_category == event_category_id)
        .order_by(ScoreSheet.number)
    )
    return await _filled(event_category_id, rows)


async def _filled(event_category_id: int, rows: Sequence[dict[str, Any]]) -> list[PaperSheet]:
    """One query for each table, however many sheets."""
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    category = await event_category(event_category_id)
    lines = (
        await SheetRow.select(
            SheetRow.sheet, SheetRow.piece, SheetRow.piece.number.as_alias("number"),
            SheetRow.piece.standing.as_alias("standing"),
        )
        .where(SheetRow.sheet.is_in(ids))
        .order_by(SheetRow.sheet, SheetRow.place)
    )  # fmt: skip
    entries = await PaperEntry.select().where(PaperEntry.sheet.is_in(ids)).order_by(PaperEntry.id)
    prints = await SheetPrint.select().where(SheetPrint.sheet.is_in(ids)).order_by(SheetPrint.version)
    signed = await SheetSignature.select().where(SheetSignature.sheet.is_in(ids)).order_by(SheetSignature.id)
    pieces = sorted({line["piece"] for line in lines})
    here = (Mark.event_category == event_category_id) & Mark.is_current.eq(True)
    marks = await Mark.select().where(here & Mark.piece.is_in(pieces) if len(pieces) <= 400 else here)
    by_stage: dict[str, dict[str, Any]] = {}
    for mark in marks:
        key = f"{mark['piece']}:{mark['aspect']}:{mark['judge']}:{mark['attempt']}"
        by_stage.setdefault(mark["stage"], {})[key] = mark
    rule = await rule_of(event_category_id)
    grouped = [_by_sheet(table) for table in (lines, entries, prints, signed)]
    found = []
    for row in rows:
        plan, columns = columns_of(await schemes.edition(row["scheme"]), row["plan"], row["judge"])
        own_lines, own_entries, own_prints, own_signed = (table.get(row["id"], []) for table in grouped)
        found.append(
            PaperSheet(
                row=row,
                category=category,
                rule=rule,
                plan=plan,
                columns=columns,
                lines=tuple(Line(one["piece"], one["number"], one["standing"]) for one in own_lines),
                entries=tuple(own_entries),
                prints=tuple({**one, "content": json.loads(one["content"])} for one in own_prints),
                signatures=tuple(own_signed),
                marks=by_stage.get(row["stage"], {}),
                expired=category["scheme"] != row["scheme"],
            )
        )
    return found


def _by_sheet(rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    grouped: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["sheet"], []).append(row)
    return grouped


def columns_of(scheme: Scheme, key: str, judge: str) -> tuple[Plan, tuple[Column, ...]]:
    """The columns of a module that one seat fills in; "" has what is agreed by all. Raises NotFound."""
    plan = plan_of(scheme, key)
    if plan is None:
        raise NotFound("sheet", sheet=key)
    return plan, tuple(one for one in plan.columns() if one.judge == judge)


def seats_of_plan(plan: Plan) -> tuple[str, ...]:
    """The seats a module has sheets for; "" where marks are agreed."""
    return tuple(dict.fromkeys(one.judge for one in plan.columns()))


async def pieces_to_print(event_category_id: int, plan: str, judge: str) -> list[tuple[int, str]]:
    """(piece, number) of those that are on no sheet of this module and seat yet, by number."""
    taken = (
        await SheetRow.select(SheetRow.piece)
        .where(
            (SheetRow.event_category == event_category_id)
            & (SheetRow.plan == plan)
            & (SheetRow.judge == judge)
            & SheetRow.is_live.eq(True)
        )
        .output(as_list=True)
    )
    known = set(taken)
    drawn = await pieces_by_number(event_category_id)
    return [(piece, number) for piece, number, _standing in drawn if piece not in known]
