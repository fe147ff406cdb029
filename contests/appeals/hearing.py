"""The panel's work on an appeal: take it up or refuse it, propose a decision, agree to it."""

from __future__ import annotations

from typing import Any

from contests.appeals.filing import note
from contests.appeals.panel import barred
from contests.appeals.settings import rule_of
from contests.forms.appeal import DecisionForm
from contests.programme import event_category_for, hold
from contests.rules import may_hear_appeals
from contests.tables import Appeal, AppealStep
from federation.accounts import Viewer
from federation.changes import Change, change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound


async def appeal_row(event_category: int, number: int) -> dict[str, Any]:
    """An appeal by its number. Raises NotFound."""
    row = (
        await Appeal.select()
        .where((Appeal.event_category == event_category) & (Appeal.number == number))
        .first()
    )
    if row is None:
        raise NotFound("appeal")
    return row


async def hearable(viewer: Viewer, event_category: int, number: int) -> dict[str, Any]:
    """An appeal this member may hear. Raises NotFound, Forbidden (not on the panel, barred)."""
    about = await event_category_for(viewer, event_category, may_hear_appeals)
    row = await appeal_row(event_category, number)
    if why := await barred(viewer, about["contest"], row["delegation"]):
        raise Forbidden(why)
    return {**row, "about": about}


async def accept(viewer: Viewer, event_category: int, number: int, *, sending: str | None = None) -> None:
    """Take an appeal up. Raises NotFound, Forbidden, Conflict."""
    await _move(viewer, event_category, number, "accepted", "accepted", "", sending)


async def refuse(
    viewer: Viewer, event_category: int, number: int, reason: str, *, sending: str | None = None
) -> None:
    """Refuse an appeal as out of scope, with a reason. Raises NotFound, Forbidden, Invalid, Conflict."""
    if len(reason.strip()) < 10:
        raise Invalid([Finding("appeal.reason_short", place="reason", facts={"least": 10})])
    await _move(viewer, event_category, number, "out_of_scope", "refused", reason.strip(), sending)


async def _move(
    viewer: Viewer, event_category: int, number: int, state: str, deed: str, reason: str, sending: str | None
) -> None:
    await hearable(viewer, event_category, number)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, f"appeal.{deed}", subject, sending=sending, number=number) as act:
            await hold(event_category)
            row = await hearable(viewer, event_category, number)
            await _to(row, ("filed",), {Appeal.state: state, Appeal.answer: reason})
            await note(act, viewer, row["id"], deed, reason)
            act.record(state=state)
    except AlreadyDone:
        return


async def _to(row: dict[str, Any], sources: tuple[str, ...], values: dict[Any, Any]) -> None:
    moved = (
        await Appeal.update({**values, Appeal.version: Appeal.version + 1})
        .where((Appeal.id == row["id"]) & Appeal.state.is_in(list(sources)))
        .returning(Appeal.id)
    )
    if not moved:
        raise Conflict("appeal.moved", number=row["number"])


async def decide(
    viewer: Viewer, event_category: int, number: int, form: DecisionForm, *, sending: str | None = None
) -> None:
    """Put a decision with its reason before the panel; it stands when as many members agree as the rule asks.

    A second proposal takes the place of one that does not stand yet, and with it every voice.
    Raises NotFound, Forbidden, Invalid, Conflict.
    """
    await hearable(viewer, event_category, number)
    if form.decision == "upheld" and form.remedy is None:
        raise Invalid([Finding("appeal.remedy_missing", place="remedy")])
    remedy = (form.remedy or "") if form.decision == "upheld" else ""
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "appeal.decide", subject, sending=sending, number=number) as act:
            await hold(event_category)
            row = await hearable(viewer, event_category, number)
            values = {Appeal.decision: form.decision, Appeal.remedy: remedy, Appeal.answer: form.answer}
            await _to(row, ("accepted", "proposed"), {Appeal.state: "proposed", **values})
            await note(act, viewer, row["id"], "proposed", form.answer)
            act.record(decision=form.decision, remedy=remedy)
            await _stand(act, row, form.decision)
    except AlreadyDone:
        return


async def agree(
    viewer: Viewer, event_category: int, number: int, *, seen: int, sending: str | None = None
) -> None:
    """Agree to the decision that was put forward, as it stood at version `seen`, once.

    Raises NotFound, Forbidden, Conflict (changed or decided meanwhile, agreed before).
    """
    await hearable(viewer, event_category, number)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "appeal.agree", subject, sending=sending, number=number) as act:
            await hold(event_category)
            row = await hearable(viewer, event_category, number)
            if row["state"] != "proposed" or row["version"] != seen:
                raise Conflict("appeal.moved", number=number)
            if viewer.id in await voices(row["id"]):
                raise Conflict("appeal.agreed_already")
            await note(act, viewer, row["id"], "agreed")
            await _stand(act, row, row["decision"])
    except AlreadyDone:
        return


async def voices(appeal: int) -> dict[int, str]:
    """Who stands behind the proposal as it is: account → name, the one who made it first."""
    steps = (
        await AppealStep.select()
        .where((AppealStep.appeal == appeal) & AppealStep.deed.is_in(["proposed", "agreed"]))
        .order_by(AppealStep.id)
    )
    found: dict[int, str] = {}
    for step in steps:
        if step["deed"] == "proposed":
            found = {}
        found[step["account"]] = step["actor"]
    return found


async def _stand(act: Change, row: dict[str, Any], decision: str) -> None:
    """Inside an open change: let the decision stand if enough members are behind it."""
    rule = await rule_of(row["about"])
    behind = await voices(row["id"])
    if len(behind) < rule.voices:
        return
    await _to(row, ("proposed",), {Appeal.state: decision})
    await note(act, None, row["id"], "decided")
    act.record(state=decision, voices=sorted(behind))
