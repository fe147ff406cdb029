"""The rule of appeals, the recorded moment its window counts from, and the window itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

from contests.appeals import window as clocks
from contests.appeals.window import Window
from contests.forms.appeal import GROUNDS, AppealRuleForm, EndedForm
from contests.programme import event_category_for, hold
from contests.rules import may_organise, may_referee
from contests.tables import AppealMoment, AppealRule, Step
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
LONGEST_GROUND = 80


async def rules_of(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every rule that has covered this event category (`id`, `contest`), newest first; `grounds` is a list."""
    rows = (
        await AppealRule.select()
        .where(
            (AppealRule.contest == row["contest"])
            & (AppealRule.event_category.is_null() | (AppealRule.event_category == row["id"]))
        )
        .order_by(AppealRule.id, ascending=False)
    )
    return [{**one, "grounds": json.loads(one["grounds"])} for one in rows]


async def rule_of(row: Mapping[str, Any]) -> AppealRuleForm:
    """The rule that holds; what is usual until somebody sets one (`seen` 0)."""
    newest = next(iter(await rules_of(row)), None)
    if newest is None:
        return AppealRuleForm()
    return AppealRuleForm(
        minutes=newest["minutes"],
        moment=newest["moment"],
        grounds=[one for one in newest["grounds"] if one in GROUNDS],
        own_grounds="\n".join(one for one in newest["grounds"] if one not in GROUNDS),
        voices=newest["voices"],
        basis=newest["basis"],
        whole_contest=newest["event_category"] is None,
        seen=newest["id"],
    )


async def set_rule(
    viewer: Viewer, event_category: int, form: AppealRuleForm, *, sending: str | None = None
) -> None:
    """A new rule for this event category or its whole contest. Appeals that are filed keep their window.

    Raises Forbidden, NotFound, Invalid (no ground, one too long), Conflict (somebody else set it meanwhile).
    """
    row = await event_category_for(viewer, event_category, may_organise)
    if findings := _grounds_faults(form):
        raise Invalid(findings)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "appeal.rule", subject, sending=sending) as act:
            await hold(event_category)
            newest = next(iter(await rules_of(row)), None)
            if (newest["id"] if newest else 0) != form.seen:
                raise Conflict("appeal.rule_changed_meanwhile")
            values: dict[str, Any] = form.model_dump(include={"minutes", "moment", "voices", "basis"})
            await AppealRule.insert(
                AppealRule(
                    **values,
                    grounds=json.dumps(form.all_grounds, ensure_ascii=False),
                    contest=row["contest"],
                    event_category=None if form.whole_contest else event_category,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            act.record(**values, grounds=form.all_grounds, whole_contest=form.whole_contest)
    except AlreadyDone:
        return


def _grounds_faults(form: AppealRuleForm) -> list[Finding]:
    if not form.all_grounds:
        return [Finding("appeal.no_grounds", place="grounds")]
    return [
        Finding("appeal.ground_too_long", place="own_grounds", facts={"ground": one[:20], "length": len(one)})
        for one in form.all_grounds
        if len(one) > LONGEST_GROUND
    ]


async def record_end(
    viewer: Viewer, event_category: int, form: EndedForm, *, sending: str | None = None
) -> None:
    """Keep when the competition ended; a later record takes its place and the earlier one stays.

    Raises Forbidden, NotFound, Invalid (a moment to come).
    """
    await event_category_for(viewer, event_category, may_referee)
    moment = form.moment if form.moment.tzinfo else form.moment.replace(tzinfo=CHINA)
    if moment > clocks.now():
        raise Invalid([Finding("appeal.moment_to_come", place="moment")])
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "appeal.ended", subject, sending=sending) as act:
            await AppealMoment.insert(
                AppealMoment(event_category=event_category, moment=moment, actor=viewer.actor.name, at=act.at)
            )
            act.record(moment=moment.isoformat())
    except AlreadyDone:
        return


async def ended_of(event_category: int) -> dict[str, Any] | None:
    """The newest record of the end of the competition: `moment`, `actor`, `at`."""
    return (
        await AppealMoment.select()
        .where(AppealMoment.event_category == event_category)
        .order_by(AppealMoment.id, ascending=False)
        .first()
    )


async def window_of(row: Mapping[str, Any]) -> Window | None:
    """The window by the rule that holds; None until its moment is recorded, and while that act was taken back."""
    rule = await rule_of(row)
    if rule.moment == "ended":
        ended = await ended_of(row["id"])
        return Window(rule.moment, ended["moment"], rule.minutes) if ended else None
    undone = {"publish_provisional": "withdraw", "publish_notice": "withdraw", "freeze": "reopen_marking"}
    step = (
        await Step.select(Step.act, Step.at)
        .where((Step.event_category == row["id"]) & Step.act.is_in([rule.moment, undone[rule.moment]]))
        .order_by(Step.id, ascending=False)
        .first()
    )
    if step is None or step["act"] != rule.moment:
        return None
    return Window(rule.moment, step["at"], rule.minutes)
