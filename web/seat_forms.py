"""A judge's sheet as its page shows it: big buttons for a judged scale, a stepper for what is measured."""

from __future__ import annotations

from typing import Any

from contests.scoring.plans import decimals_of
from contests.seats.sheets import Box, SeatSheet
from federation.judging import SCALE, format_value
from web.formats import named
from web.judge_forms import judge_forms
from web.wording import say

MOST_BUTTONS = 11
BLANKS = ("dns", "dnf", "void")


def box_data(box: Box, notes: dict[str, Any]) -> dict[str, Any]:
    """One cell: what it is called, how it is filled in, what it holds. Values are texts, limits in 1/10,000."""
    aspect = box.slot.aspect
    known = notes.get(aspect.id)
    is_blank = box.text.isalpha() and box.text != ""
    return {
        "key": box.key,
        "id": box.key.replace(":", "-"),
        "aspect": aspect.id,
        "title": named(aspect, "title") or aspect.id,
        "attempt": box.attempt,
        "attempts": box.slot.attempts,
        "kind": "deduction" if box.slot.is_deduction else aspect.kind,
        "common": box.slot.judges == 0,
        "buttons": _buttons(box),
        "switch": box.slot.is_deduction and aspect.maximum == SCALE and aspect.step == SCALE,
        "minimum": aspect.minimum,
        "maximum": aspect.maximum,
        "step": aspect.step,
        "places": decimals_of(aspect),
        "range": known.range if known else "",
        "full": known.full if known else "",
        "notes": known.notes if known else (),
        "version": box.version,
        "text": box.text,
        "value": "" if is_blank else box.text,
        "blank": box.text if is_blank else "",
        "reason": box.reason,
        "dispute": box.dispute,
    }


def _buttons(box: Box) -> list[dict[str, str]]:
    """One button for each step where the judge picks from a short scale; the anchors say what a step means."""
    aspect = box.slot.aspect
    if box.slot.is_deduction or aspect.minimum is None or aspect.maximum is None:
        return []
    steps = (aspect.maximum - aspect.minimum) // aspect.step + 1
    if steps > MOST_BUTTONS or (aspect.kind != "judgement" and not aspect.anchors):
        return []
    anchors = {anchor.value: named(anchor, "text") for anchor in aspect.anchors}
    places = decimals_of(aspect)
    values = [aspect.minimum + number * aspect.step for number in range(steps)]
    return [
        {"value": format_value(value, places), "label": format_value(value), "text": anchors.get(value, "")}
        for value in values
    ]


def sheet_data(sheet: SeatSheet, scheme: Any) -> list[dict[str, Any]]:
    """The parts of the form: title and cells of each module, in the reader's language."""
    notes = {
        aspect.id: aspect
        for module in judge_forms(scheme)
        for aspect in (
            *(aspect for group in module.groups for aspect in group.aspects),
            *module.deductions,
        )
    }
    return [
        {
            "title": named(plan, "title") or say("seat.whole"),
            "boxes": [box_data(box, notes) for box in boxes],
        }
        for plan, boxes in sheet.parts
    ]


def rank_of(sheet: SeatSheet) -> int:
    """Which piece of the list this is, from 1."""
    return next(place for place, line in enumerate(sheet.lines, 1) if line.piece.id == sheet.line.piece.id)
