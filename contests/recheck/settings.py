"""The rule of rechecks: a setting of a contest or of one of its event categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.forms.recheck import RecheckRuleForm
from contests.programme import event_category_for, hold
from contests.recheck.selection import Measure
from contests.rules import may_organise
from contests.tables import RecheckRule
from federation.accounts import Viewer
from federation.changes import change
from federation.refusals import AlreadyDone, Conflict


async def rules_of(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every rule that has covered this event category (`id`, `contest`), newest first."""
    return (
        await RecheckRule.select()
        .where(
            (RecheckRule.contest == row["contest"])
            & (RecheckRule.event_category.is_null() | (RecheckRule.event_category == row["id"]))
        )
        .order_by(RecheckRule.id, ascending=False)
    )


async def rule_of(row: Mapping[str, Any]) -> tuple[RecheckRuleForm, bool]:
    """The rule that holds, and whether somebody set it: without one a recheck is possible but not asked for."""
    newest = next(iter(await rules_of(row)), None)
    if newest is None:
        return RecheckRuleForm(), False
    kept = {name: newest[name] for name in RecheckRuleForm.model_fields if name in newest}
    whole = newest["event_category"] is None
    return RecheckRuleForm(**kept, whole_contest=whole, seen=newest["id"]), True


def measure_of(rule: Any) -> Measure:
    """The figures of a rule, or of a list that keeps them."""
    read = rule.get if isinstance(rule, Mapping) else lambda name: getattr(rule, name)
    return Measure(**{name: read(name) for name in Measure.__slots__})


async def set_rule(
    viewer: Viewer, event_category: int, form: RecheckRuleForm, *, sending: str | None = None
) -> None:
    """A new rule for this event category or its whole contest. Lists that are drawn keep theirs.

    Raises Forbidden, NotFound, Conflict (somebody else set it meanwhile).
    """
    row = await event_category_for(viewer, event_category, may_organise)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "recheck.rule", subject, sending=sending) as act:
            await hold(event_category)
            newest = next(iter(await rules_of(row)), None)
            if (newest["id"] if newest else 0) != form.seen:
                raise Conflict("recheck.rule_changed_meanwhile")
            values = form.model_dump(exclude={"whole_contest", "seen"})
            await RecheckRule.insert(
                RecheckRule(
                    **values,
                    contest=row["contest"],
                    event_category=None if form.whole_contest else event_category,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            act.record(**values, whole_contest=form.whole_contest)
    except AlreadyDone:
        return
