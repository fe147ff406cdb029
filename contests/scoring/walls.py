"""What stands between a hand and a cell: a seat's own cells, sheets that were handed in, pieces stepped aside from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from contests.forms.mark import MarkForm
from contests.scoring.on_paper import held_by_paper
from contests.scoring.plans import Slot
from contests.seated import Seated
from contests.tables import Recusal, Submission
from federation.findings import Finding

SEAT_BLANKS = (None, "pending", "dns", "dnf", "void")
"""What a judge may say instead of a number. Stepping aside is an act of its own; the rest is the chief referee's."""


def seat_findings(
    seated: Seated, stage: str, form: MarkForm, slot: Slot, value: int | None, blank: str | None, reason: str
) -> list[Finding]:
    """What speaks against this seat writing this in this cell."""
    if form.judge != seated.judge_for(has_seats=bool(slot.judges)) or not seated.owns(
        stage, form.aspect, form.judge
    ):
        return [Finding("mark.not_of_this_seat")]
    if blank not in SEAT_BLANKS:
        return [Finding("mark.blank_not_yours")]
    if slot.is_deduction and value and not reason.strip():
        return [Finding("mark.deduction_reason")]
    return []


async def handed_in(event_category: int, stage: str, pieces: Iterable[int]) -> dict[str, int]:
    """Cells of open submissions of these pieces: key of the cell → seat."""
    rows = await Submission.select(Submission.seat, Submission.marks).where(
        (Submission.event_category == event_category)
        & (Submission.stage == stage)
        & Submission.piece.is_in(sorted(pieces))
        & Submission.returned_at.is_null()
    )
    return {cell[0]: row["seat"] for row in rows for cell in json.loads(row["marks"])}


async def closed_pieces(seated: Seated, stage: str, pieces: Iterable[int]) -> dict[int, str]:
    """Pieces this seat cannot write on any more: handed in, or stepped aside. Piece → code."""
    wanted = sorted(pieces)
    submitted = await Submission.select(Submission.piece).where(
        (Submission.seat == seated.id)
        & (Submission.stage == stage)
        & Submission.piece.is_in(wanted)
        & Submission.returned_at.is_null()
    )
    recused = await Recusal.select(Recusal.piece).where(
        (Recusal.seat == seated.id) & Recusal.piece.is_in(wanted) & Recusal.lifted_at.is_null()
    )
    return {row["piece"]: "mark.sheet_submitted" for row in submitted} | {
        row["piece"]: "mark.seat_recused" for row in recused
    }


async def closed_cells(
    viewer: Any, event_category: int, stage: str, forms: Iterable[MarkForm], *, overrides: bool
) -> Mapping[str, Finding]:
    """Cells among these that are shut for this person: key → what shuts it. `overrides`: may, with a reason.

    Shut is what a judge handed in, what a seat stepped aside from, and what is entered from a sheet of paper.
    """
    forms = list(forms)
    if overrides or not forms:
        return {}
    pieces = {form.piece for form in forms}
    shut = await held_by_paper(event_category, stage, forms)
    if isinstance(viewer, Seated):
        own = await closed_pieces(viewer, stage, pieces)
        return shut | {form.key: Finding(own[form.piece]) for form in forms if form.piece in own}
    held = await handed_in(event_category, stage, pieces)
    return shut | {form.key: Finding("mark.sheet_submitted") for form in forms if form.key in held}
