"""How an event category keeps its paper: a rule with its basis, one version after the other."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from contests.forms.paper import PaperRuleForm
from contests.programme import event_category_for
from contests.rules import may_referee
from contests.tables import PaperRule
from federation.accounts import Viewer
from federation.changes import Actor, Change, change
from federation.refusals import AlreadyDone, Conflict


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of paper here; `version` 0 is an event category that never said so and is asked nothing."""

    double_entry: bool = True
    sign_off: bool = True
    signed_sheets: bool = True
    photo: bool = True
    rows: int = 10
    odd_limit: int = 50
    basis: str = ""
    version: int = 1
    actor: str = ""
    at: Any = None


USUAL = Rule()
"""What a new rule begins from."""
NONE = Rule(double_entry=False, sign_off=False, signed_sheets=False, photo=False, version=0)


async def rule_of(event_category_id: int) -> Rule:
    """The rule in force."""
    row = await PaperRule.select().where(_current(event_category_id)).first()
    return Rule(**{one.name: row[one.name] for one in fields(Rule)}) if row else NONE


async def history_of(event_category_id: int) -> list[dict[str, Any]]:
    """Every version of the rule, newest first."""
    return (
        await PaperRule.select()
        .where(PaperRule.event_category == event_category_id)
        .order_by(PaperRule.version, ascending=False)
    )


async def set_rule(
    viewer: Viewer, event_category_id: int, form: PaperRuleForm, *, sending: str | None = None
) -> None:
    """Write the next version of the rule. Raises NotFound, Forbidden, Conflict when another one came first."""
    await event_category_for(viewer, event_category_id, may_referee)
    subject = f"event_category:{event_category_id}"
    try:
        async with change(viewer.actor, "paper.rule", subject, sending=sending) as act:
            before = await rule_of(event_category_id)
            if before.version != form.version:
                raise Conflict("contest.changed_meanwhile")
            await _write(act, viewer.actor, event_category_id, form, before.version + 1)
    except AlreadyDone:
        return


async def rule_in_force(act: Change, actor: Actor, event_category_id: int) -> Rule:
    """Inside an open change: the rule; where there was none the usual one comes into force with the first sheet."""
    found = await rule_of(event_category_id)
    if found.version:
        return found
    await _write(act, actor, event_category_id, PaperRuleForm(version=0), 1)
    return await rule_of(event_category_id)


async def _write(act: Change, actor: Actor, event_category: int, form: PaperRuleForm, version: int) -> None:
    """The unique indexes let one of two writers through: the version and the current one exist once."""
    values = form.model_dump(exclude={"version"})
    await PaperRule.update({PaperRule.is_current: False}).where(_current(event_category))
    await PaperRule.insert(
        PaperRule(
            event_category=event_category,
            version=version,
            account=actor.account,
            actor=actor.name,
            at=act.at,
            **values,
        )
    )
    act.record(paper_rule=values)


def _current(event_category_id: int) -> Any:
    return (PaperRule.event_category == event_category_id) & PaperRule.is_current.eq(True)
