"""Entering marks: every accepted value is a new version, and a value that met a newer one is kept beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from contests import schemes
from contests.forms.mark import MarkForm
from contests.programme import event_category, touch
from contests.rules import may_correct_marks, may_enter_marks
from contests.scoring.plans import Plan, Slot, decimals_of, plan_of, plan_with, plans_of
from contests.scoring.walls import closed_cells, seat_findings
from contests.seated import Seated
from contests.states import CORRECTABLE, MARKABLE
from contests.tables import Dispute, Mark, Piece
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.judging import SCALE, Scheme, check_value, format_value, parse_value
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound

PENDING = "pending"
"""The blank of a cell that was cleared: its history stays, its value is not yet in."""

Outcome = Literal["saved", "same", "conflict", "invalid"]
Current = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell's text read against its aspect: a scaled value, or a blank, or findings."""

    form: MarkForm
    slot: Slot | None
    value: int | None = None
    blank: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Entering:
    """The open change marks are written in, by whom, where and why."""

    act: Change
    viewer: Viewer | Seated
    event_category: int
    stage: str
    reason: str = ""


async def enter_mark(
    viewer: Viewer,
    event_category_id: int,
    piece_id: int,
    *,
    stage: str = "",
    aspect: str,
    judge: str = "",
    attempt: int = 1,
    text: str,
    seen_version: int,
    sending: str,
    reason: str = "",
) -> dict[str, Any]:
    """Enter one mark as typed; the answer is one of those of `enter_marks`. "" clears, "dns" is 缺考."""
    plan = plan_with(plans_of(await schemes.scheme_of(event_category_id)), stage, aspect)
    if plan is None:
        raise NotFound("sheet", sheet=aspect)
    form = MarkForm(
        piece=piece_id, aspect=aspect, judge=judge, attempt=attempt, text=text, seen_version=seen_version
    )
    answers = await enter_marks(viewer, event_category_id, plan.key, [form], sending=sending, reason=reason)
    return answers[0]


async def enter_marks(
    viewer: Viewer | Seated,
    event_category_id: int,
    sheet: str,
    forms: Sequence[MarkForm],
    *,
    sending: str,
    reason: str = "",
) -> list[dict[str, Any]]:
    """Enter a block of cells in one transaction; each is answered on its own, in order.

    An answer has `key`, `outcome` and: saved, same: `version`, `text`, `value`, `blank`. conflict: `dispute`,
    `offered` and what stands (`version`, `text`, `actor`, `at`). invalid: `findings` (code and facts); nothing is
    stored of that cell. The same sending again gives the same answers.
    Raises Forbidden, Conflict("mark.closed"), Invalid("mark.reason_needed"), NotFound.
    """
    category = await may_write(viewer, event_category_id, reason)
    scheme = await schemes.scheme_of(event_category_id)
    plan = plan_of(scheme, sheet)
    if plan is None:
        raise NotFound("sheet", sheet=sheet)
    numbers = await _numbers(event_category_id, {form.piece for form in forms})
    readings = _for_a_seat(viewer, plan.stage, _read_all(forms, plan, numbers), reason)
    if all(reading.findings for reading in readings):
        return [_refused(reading) for reading in readings]
    deed = "mark.enter" if category["state"] in MARKABLE else "mark.correct"
    try:
        async with change(viewer.actor, deed, f"event_category:{event_category_id}", sending=sending) as act:
            revision = await touch(event_category_id)
            await may_write(viewer, event_category_id, reason)
            readings = await _still_open(viewer, category, plan.stage, readings, reason)
            current = await current_cells(event_category_id, plan.stage, {form.piece for form in forms})
            entering = Entering(act, viewer, event_category_id, plan.stage, reason.strip())
            answers = await _apply(entering, readings, current)
            await schemes.freeze(category["scheme"])
            act.answer["cells"] = answers
            act.tell(MarksMoved(event_category_id, revision))
    except AlreadyDone as before:
        return list(before.answer["cells"])
    return answers


async def may_write(viewer: Viewer | Seated, event_category_id: int, reason: str = "") -> dict[str, Any]:
    """The event category, when this person may change its marks now. After the freeze only with a reason."""
    row = await event_category(event_category_id)
    if isinstance(viewer, Seated):
        if row["id"] != viewer.event_category:
            raise Forbidden("mark.not_of_this_seat")
        if row["state"] not in MARKABLE:
            raise Conflict("mark.closed", state=row["state"])
    elif row["state"] in MARKABLE:
        if not may_enter_marks(viewer, row["ground"]):
            raise Forbidden("mark.not_yours", name=row["contest_name"])
    elif row["state"] in CORRECTABLE:
        if not may_correct_marks(viewer, row["ground"]):
            raise Forbidden("mark.frozen")
        if not reason.strip():
            raise Invalid([Finding("mark.reason_needed", place="reason")])
    else:
        raise Conflict("mark.closed", state=row["state"])
    return row


async def _numbers(event_category_id: int, pieces: set[int]) -> dict[int, str]:
    """Piece → number, of those that are of this event category."""
    rows = await Piece.select(Piece.id, Piece.number).where(
        (Piece.event_category == event_category_id) & Piece.id.is_in(sorted(pieces))
    )
    return {row["id"]: row["number"] for row in rows}


def _read_all(forms: Sequence[MarkForm], plan: Plan, numbers: Mapping[int, str]) -> list[Reading]:
    readings, met = [], set()
    for form in forms:
        reading = read(form, plan, numbers)
        if form.key in met:
            twice = Finding("mark.cell_twice", place=form.key, facts=_place(form, numbers))
            reading = Reading(form, reading.slot, findings=(twice,))
        met.add(form.key)
        readings.append(reading)
    return readings


def _for_a_seat(viewer: Viewer | Seated, stage: str, readings: list[Reading], reason: str) -> list[Reading]:
    """A judge who signed in by seat writes in that seat's own cells, whatever was sent."""
    if not isinstance(viewer, Seated):
        return readings
    checked = []
    for one in readings:
        if not one.findings and one.slot is not None:
            found = seat_findings(viewer, stage, one.form, one.slot, one.value, one.blank, reason)
            one = replace(one, findings=tuple(_at(finding, one.form) for finding in found))  # noqa: PLW2901
        checked.append(one)
    return checked


async def _still_open(
    viewer: Viewer | Seated, category: Mapping[str, Any], stage: str, readings: list[Reading], reason: str
) -> list[Reading]:
    """Cells of a sheet a judge handed in, or that stand on paper, change only by the chief referee, with a reason."""
    overrides = bool(reason.strip()) and may_correct_marks(
        None if isinstance(viewer, Seated) else viewer, category["ground"]
    )
    forms = [one.form for one in readings if not one.findings]
    shut = await closed_cells(viewer, category["id"], stage, forms, overrides=overrides)
    return [
        replace(one, findings=(_at(shut[one.form.key], one.form),)) if one.form.key in shut else one
        for one in readings
    ]


def _at(finding: Finding, form: MarkForm) -> Finding:
    facts = {"aspect": form.aspect, "judge": form.judge}
    return replace(finding, place=form.key, facts={**facts, **finding.facts})


def read(form: MarkForm, plan: Plan, numbers: Mapping[int, str]) -> Reading:
    """Read one cell's text: full-width digits, blanks in words, range and step."""
    slot = plan.slot(form.aspect)
    where = _place(form, numbers)
    if form.piece not in numbers:
        return Reading(form, slot, findings=(Finding("mark.no_such_piece", place=form.key, facts=where),))
    if slot is None or form.attempt > slot.attempts or bool(form.judge) != bool(slot.judges):
        return Reading(form, slot, findings=(Finding("mark.no_such_column", place=form.key, facts=where),))
    value, blank, findings = parse_value(form.text.replace("。", "."))
    if value is not None:
        findings = check_value(value, slot.aspect)
    if findings:
        return Reading(form, slot, findings=tuple(_said(one, form, slot, where) for one in findings))
    if value is None and blank is None:
        blank = PENDING
    return Reading(form, slot, value, blank)


def _place(form: MarkForm, numbers: Mapping[int, str]) -> dict[str, Any]:
    number = numbers.get(form.piece, str(form.piece))
    return {"number": number, "aspect": form.aspect, "judge": form.judge, "typed": form.text}


def _said(finding: Finding, form: MarkForm, slot: Slot, where: Mapping[str, Any]) -> Finding:
    """The finding with its row and column, its limits as decimals."""
    aspect = slot.aspect
    limits = {
        "minimum": format_value(aspect.minimum or 0),
        "maximum": format_value(aspect.maximum),
        "step": format_value(aspect.step),
    }
    return Finding(f"mark.{finding.code.removeprefix('marks.')}", place=form.key, facts={**where, **limits})


async def current_cells(event_category_id: int, stage: str, pieces: set[int]) -> Current:
    """What stands in the cells of these pieces, by cell key."""
    rows = await Mark.select().where(
        (Mark.event_category == event_category_id)
        & (Mark.stage == stage)
        & Mark.piece.is_in(sorted(pieces))
        & (Mark.is_current == True)  # noqa: E712
    )
    return {f"{row['piece']}:{row['aspect']}:{row['judge']}:{row['attempt']}": row for row in rows}


def meet(reading: Reading, standing: Mapping[str, Any] | None, reason: str = "") -> Outcome:
    """What becomes of a value that meets what stands in its cell. A judge's other `reason` is a new version too."""
    if reading.findings:
        return "invalid"
    if standing is None:
        return "same" if reading.blank == PENDING else "saved"
    said = reason if reason and reading.slot and reading.slot.is_deduction else standing["reason"]
    if (standing["value"], standing["blank"], standing["reason"]) == (reading.value, reading.blank, said):
        return "same"
    return "saved" if reading.form.seen_version == standing["version"] else "conflict"


async def _apply(entering: Entering, readings: Sequence[Reading], current: Current) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    replaced: list[int] = []
    for reading in readings:
        standing = current.get(reading.form.key)
        outcome = meet(reading, standing, entering.reason if isinstance(entering.viewer, Seated) else "")
        if outcome == "saved":
            version = standing["version"] + 1 if standing else 1
            if standing:
                replaced.append(standing["id"])
            marks.append(
                cell_columns(reading.form)
                | {"value": reading.value, "blank": reading.blank, "version": version}
            )
            answers.append(_stands(reading, "saved", version, reading.value, reading.blank))
        elif outcome == "same":
            answers.append(
                _stands(reading, "same", standing["version"] if standing else 0, reading.value, reading.blank)
            )
        elif outcome == "conflict":
            assert standing is not None
            answers.append(await _dispute(entering, reading, standing))
        else:
            answers.append(_refused(reading))
    await write_versions(entering, marks, replaced)
    disputes = [answer["dispute"] for answer in answers if answer["outcome"] == "conflict"]
    if disputes:
        entering.act.record(disputes=disputes)
    return answers


def cell_columns(form: MarkForm) -> dict[str, Any]:
    return {"piece": form.piece, "aspect": form.aspect, "judge": form.judge, "attempt": form.attempt}


async def write_versions(
    entering: Entering, marks: Sequence[Mapping[str, Any]], replaced: Sequence[int]
) -> None:
    """Append versions and let go of those they replace, inside the open change that holds the lock."""
    if replaced:
        await Mark.update({Mark.is_current: False}).where(Mark.id.is_in(list(replaced)))
    signed = {
        "event_category": entering.event_category,
        "stage": entering.stage,
        "account": entering.viewer.actor.account,
        "actor": entering.viewer.actor.name,
        "reason": entering.reason,
        "at": entering.act.at,
    }
    rows = [Mark(**signed, **mark) for mark in marks]
    for first in range(0, len(rows), 500):
        await Mark.insert(*rows[first : first + 500])
    entering.act.record(stage=entering.stage, marks=[dict(mark) for mark in marks])
    if entering.reason:
        entering.act.record(reason=entering.reason)


async def _dispute(entering: Entering, reading: Reading, standing: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the offered value beside the one that stands, once however often it is offered."""
    cell = cell_columns(reading.form)
    known = await Dispute.select(Dispute.id, Dispute.value, Dispute.blank).where(
        (Dispute.event_category == entering.event_category)
        & (Dispute.piece == cell["piece"])
        & (Dispute.stage == entering.stage)
        & (Dispute.aspect == cell["aspect"])
        & (Dispute.judge == cell["judge"])
        & (Dispute.attempt == cell["attempt"])
        & Dispute.settled_at.is_null()
    )
    same = [one["id"] for one in known if (one["value"], one["blank"]) == (reading.value, reading.blank)]
    if same:
        dispute = same[0]
    else:
        entered = await Dispute.insert(
            Dispute(
                event_category=entering.event_category,
                stage=entering.stage,
                **cell,
                value=reading.value,
                blank=reading.blank,
                seen_version=reading.form.seen_version,
                met_version=standing["version"],
                account=entering.viewer.actor.account,
                actor=entering.viewer.actor.name,
                at=entering.act.at,
            )
        )
        dispute = int(entered[0]["id"])
    assert reading.slot is not None
    answer = _stands(reading, "conflict", standing["version"], standing["value"], standing["blank"])
    return answer | {
        "actor": standing["actor"],
        "at": _iso(standing["at"]),
        "dispute": dispute,
        "offered": shown(reading.value, reading.blank, reading.slot),
        "offered_by": entering.viewer.actor.name,
        "offered_at": _iso(entering.act.at),
    }


def _stands(
    reading: Reading, outcome: Outcome, version: int, value: int | None, blank: str | None
) -> dict[str, Any]:
    assert reading.slot is not None
    return {
        "key": reading.form.key,
        "outcome": outcome,
        "version": version,
        "value": value,
        "blank": "" if blank in (None, PENDING) else blank,
        "text": shown(value, blank, reading.slot),
    }


def _refused(reading: Reading) -> dict[str, Any]:
    findings = [{"code": one.code, "facts": dict(one.facts)} for one in reading.findings]
    return {"key": reading.form.key, "outcome": "invalid", "text": reading.form.text, "findings": findings}


def shown(value: int | None, blank: str | None, slot: Slot) -> str:
    """A mark as the cell shows it: fixed places as the aspect's step has them, or the code of its blank."""
    if value is not None:
        places = decimals_of(slot.aspect)
        exact = value % (SCALE // 10**places) == 0
        return format_value(value, places if exact else None)
    return "" if blank in (None, PENDING) else str(blank)


def _iso(at: datetime | str) -> str:
    return at if isinstance(at, str) else at.isoformat()


def scheme_slots(scheme: Scheme) -> dict[tuple[str, str], Slot]:
    """(stage, aspect) → slot, for whoever shows marks outside a sheet."""
    return {(plan.stage, slot.aspect.id): slot for plan in plans_of(scheme) for slot in plan.slots}
