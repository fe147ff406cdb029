"""Adjusting a mark after a spread: the judge's own hand, in writing, once the chief referee opened the talk."""

from __future__ import annotations

from typing import Any

from contests import schemes
from contests.forms.mark import MarkForm
from contests.programme import touch
from contests.scoring.entering import Entering, Reading, may_write, read, write_versions
from contests.scoring.plans import Plan, plan_with, plans_of
from contests.seated import Seated
from contests.seats.handing_in import hand_in_again
from contests.seats.spreads import look, the_spread
from contests.tables import Mark
from federation.changes import Change, change
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound


async def adjust(seated: Seated, spread: int, text: str, reason: str, *, sending: str) -> dict[str, Any]:
    """A judge changes the own mark a spread is about, with a written reason; the sheet is handed in again with it.

    Answers `version`, `text` and `settled`. Raises NotFound, Forbidden, Conflict (not opened yet, settled), Invalid.
    """
    row = await the_spread(seated.event_category, spread)
    scheme = await schemes.scheme_of(seated.event_category)
    plan = plan_with(plans_of(scheme), row["stage"], row["aspect"])
    if plan is None or not seated.owns(row["stage"], row["aspect"], seated.code):
        raise Forbidden("mark.not_of_this_seat")
    reading = _read(seated, row, plan, text)
    findings = list(reading.findings)
    if reading.value is None and not findings:
        findings.append(Finding("spread.value_needed", place="text"))
    if not reason.strip():
        findings.append(Finding("seat.reason_needed", place="reason"))
    if findings:
        raise Invalid(findings)
    try:
        async with change(
            seated.actor,
            "spread.adjust",
            f"event_category:{seated.event_category}",
            sending=f"seat:{seated.id}:{sending}",
            spread=spread,
            seat=seated.code,
        ) as act:
            revision = await touch(seated.event_category)
            await may_write(seated, seated.event_category)
            row = await the_spread(seated.event_category, spread)
            if row["settled_at"] is not None:
                raise Conflict("seat.settled")
            if row["shown_at"] is None:
                raise Conflict("spread.not_opened")
            await _write(act, seated, row, reading.value, reason.strip())
            await hand_in_again(act, seated, row["piece"], row["stage"], reason.strip())
            await look(act, seated.event_category, scheme, row["stage"], row["piece"], [row["aspect"]])
            now = await the_spread(seated.event_category, spread)
            act.answer.update(settled=now["settled_at"] is not None)
            act.tell(MarksMoved(seated.event_category, revision))
    except AlreadyDone as before:
        return before.answer
    return act.answer


def _read(seated: Seated, row: dict[str, Any], plan: Plan, text: str) -> Reading:
    form = MarkForm(
        piece=row["piece"], aspect=row["aspect"], judge=seated.code, attempt=row["attempt"], text=text
    )
    return read(form, plan, {row["piece"]: ""})


async def _write(act: Change, seated: Seated, row: dict[str, Any], value: int | None, reason: str) -> None:
    stands = (
        await Mark.select()
        .where(
            (Mark.event_category == seated.event_category)
            & (Mark.piece == row["piece"])
            & (Mark.stage == row["stage"])
            & (Mark.aspect == row["aspect"])
            & (Mark.judge == seated.code)
            & (Mark.attempt == row["attempt"])
            & (Mark.is_current == True)  # noqa: E712
        )
        .first()
    )
    if stands is None:
        raise NotFound("spread")
    mark = {
        "piece": row["piece"],
        "aspect": row["aspect"],
        "judge": seated.code,
        "attempt": row["attempt"],
        "value": value,
        "blank": None,
        "version": stands["version"] + 1,
    }
    await write_versions(
        Entering(act, seated, seated.event_category, row["stage"], reason), [mark], [stands["id"]]
    )
