"""Who sits where: the seats of an event category, what each marks, and the rule they are kept by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from contests import diagnostics, schemes
from contests.forms.seat import SeatForm, SeatRuleForm
from contests.programme import event_category_for
from contests.rules import may_referee, may_see_seats
from contests.scoring.plans import Plan, Slot, plans_of
from contests.seats import own_units
from contests.tables import JudgeSeat, PanelSeat, SeatRule
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.judging import Scheme
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound

USUAL = SeatRuleForm(may_uphold=True, basis="常用默认值，请改为本竞赛技术文件的文号与条款")
"""The rule until an event category sets its own."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat as staff see it. `aspects` are (stage, aspect); `unit` is a delegation's code or ""."""

    id: int
    code: str
    name: str
    aspects: frozenset[Pair]
    unit: str
    unit_name: str
    unit_id: int | None
    row: dict[str, Any]


async def seats_of(event_category: int) -> list[Seat]:
    """The seats in use, in the order of their codes. Staff only: it holds names."""
    rows = await JudgeSeat.select().where(
        (JudgeSeat.event_category == event_category) & JudgeSeat.closed_at.is_null()
    )
    units = {
        row["judge"]: row
        for row in await PanelSeat.select(
            PanelSeat.judge,
            PanelSeat.delegation.as_alias("id"),
            PanelSeat.delegation.code.as_alias("code"),
            PanelSeat.delegation.short_name.as_alias("short_name"),
            PanelSeat.delegation.name.as_alias("full_name"),
        ).where(PanelSeat.event_category == event_category)
    }
    found = []
    for row in rows:
        unit = units.get(row["code"]) or {"id": None, "code": "", "short_name": "", "full_name": ""}
        found.append(
            Seat(
                row["id"],
                row["code"],
                row["name"],
                aspects_from(row["aspects"]),
                unit["code"] or "",
                unit["short_name"] or unit["full_name"] or "",
                unit["id"],
                row,
            )
        )
    return sorted(found, key=lambda seat: (len(seat.code), seat.code))


def aspects_from(text: str) -> frozenset[Pair]:
    return frozenset((stage, aspect) for stage, aspect in json.loads(text or "[]"))


async def rule_of(event_category: int) -> SeatRuleForm:
    """The rule that holds now."""
    row = (
        await SeatRule.select()
        .where(SeatRule.event_category == event_category)
        .order_by(SeatRule.version, ascending=False)
        .first()
    )
    return SeatRuleForm(**{name: row[name] for name in SeatRuleForm.model_fields}) if row else USUAL


async def set_rule(
    viewer: Viewer, event_category: int, form: SeatRuleForm, *, sending: str | None = None
) -> None:
    """A new version of the rule. Raises Forbidden, NotFound."""
    await event_category_for(viewer, event_category, may_referee)
    try:
        async with change(
            viewer.actor,
            "seat.rule",
            f"event_category:{event_category}",
            sending=sending,
            **form.model_dump(),
        ) as act:
            before = await SeatRule.count().where(SeatRule.event_category == event_category)
            await SeatRule.insert(
                SeatRule(
                    event_category=event_category,
                    version=before + 1,
                    **form.model_dump(),
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
    except AlreadyDone:
        return


def choices(scheme: Scheme) -> list[tuple[Plan, tuple[Slot, ...]]]:
    """What a seat can be given to mark: the sheets with their aspects and deductions."""
    return [(plan, plan.slots) for plan in plans_of(scheme)]


async def set_seat(
    viewer: Viewer,
    event_category: int,
    form: SeatForm,
    *,
    seat: int | None = None,
    sending: str | None = None,
) -> int:
    """Set up a seat or change it; a link that is out goes on to hold. Returns its id.

    Raises Forbidden, NotFound and Invalid: a code in use, aspects the scheme does not have, more seats on an aspect
    than its panel takes, a unit that takes no part.
    """
    row = await event_category_for(viewer, event_category, may_referee)
    scheme = await schemes.scheme_of(row["id"])
    seats = await seats_of(event_category)
    units = {unit["code"]: unit["id"] for unit in await diagnostics.units(event_category)}
    units |= {one.unit: one.unit_id for one in seats if one.id == seat and one.unit}
    findings, aspects = _checked(form, scheme, [one for one in seats if one.id != seat], units)
    if findings:
        raise Invalid(findings)
    try:
        async with change(
            viewer.actor,
            "seat.set",
            f"event_category:{event_category}",
            sending=sending,
            seat=form.code,
            unit=form.unit,
            aspects=sorted(aspects),
        ) as act:
            made = await _write(event_category, form, aspects, seat)
            act.answer["seat"] = made
            await PanelSeat.delete().where(
                (PanelSeat.event_category == event_category) & (PanelSeat.judge == form.code)
            )
            if form.unit:
                await PanelSeat.insert(
                    PanelSeat(event_category=event_category, judge=form.code, delegation=units[form.unit])
                )
            await own_units.keep(act, event_category)
    except AlreadyDone as before:
        return int(before.answer["seat"])
    return made


async def _write(event_category: int, form: SeatForm, aspects: list[Pair], seat: int | None) -> int:
    written = json.dumps([list(pair) for pair in aspects], ensure_ascii=False)
    if seat is None:
        taken = (
            await JudgeSeat.update(
                {JudgeSeat.closed_at: None, JudgeSeat.name: form.name, JudgeSeat.aspects: written}
            )
            .where(
                (JudgeSeat.event_category == event_category)
                & (JudgeSeat.code == form.code)
                & JudgeSeat.closed_at.is_not_null()
            )
            .returning(JudgeSeat.id)
        )
        if taken:
            return int(taken[0]["id"])
        new = JudgeSeat(event_category=event_category, code=form.code, name=form.name, aspects=written)
        entered = await JudgeSeat.insert(new).on_conflict(
            target=(JudgeSeat.event_category, JudgeSeat.code), action="DO NOTHING"
        )
        if not entered:
            raise Conflict("seat.code_in_use", seat=form.code)
        return int(entered[0]["id"])
    changed = (
        await JudgeSeat.update(
            {JudgeSeat.name: form.name, JudgeSeat.aspects: written, JudgeSeat.version: JudgeSeat.version + 1}
        )
        .where(
            (JudgeSeat.id == seat)
            & (JudgeSeat.event_category == event_category)
            & (JudgeSeat.code == form.code)
        )
        .returning(JudgeSeat.id)
    )
    if not changed:
        raise NotFound("seat", seat=form.code)
    return seat


def _checked(
    form: SeatForm, scheme: Scheme, others: list[Seat], units: dict[str, Any]
) -> tuple[list[Finding], list[Pair]]:
    slots = {(plan.stage, slot.aspect.id): slot for plan in plans_of(scheme) for slot in plan.slots}
    asked = [pair for pair in slots if "|".join(pair) in form.aspects]
    findings = []
    if any(one.code == form.code for one in others):
        findings.append(Finding("seat.code_in_use", place="code", facts={"seat": form.code}))
    if not asked:
        findings.append(Finding("seat.no_aspects", place="aspects"))
    if form.unit and form.unit not in units:
        findings.append(Finding("seat.unit_unknown", place="unit", facts={"value": form.unit}))
    for pair in asked:
        most = slots[pair].judges
        there = 1 + sum(pair in one.aspects for one in others)
        if most and there > most:
            facts = {"aspect": pair[1], "judges": most, "seats": there}
            findings.append(Finding("seat.too_many", place="aspects", facts=facts))
    return findings, asked


async def seats_for(viewer: Viewer, event_category: int) -> tuple[dict[str, Any], list[Seat], SeatRuleForm]:
    """The event category, its seats and their rule, for staff who may see them. Raises Forbidden, NotFound."""
    row = await event_category_for(viewer, event_category, may_see_seats)
    return row, await seats_of(event_category), await rule_of(event_category)


async def the_seat(event_category: int, seat: int) -> Seat:
    """Raises NotFound."""
    found = next((one for one in await seats_of(event_category) if one.id == seat), None)
    if found is None:
        raise NotFound("seat", seat=seat)
    return found
