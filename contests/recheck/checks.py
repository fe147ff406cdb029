"""What of the rechecks speaks against publishing. Reads tables only, so that states can ask it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from contests.tables import Recheck, RecheckRule, RecheckSheet, Step
from federation.findings import Finding


async def freeze_of(event_category: int) -> int:
    """The step that closed the marking last; 0 where none is kept."""
    row = (
        await Step.select(Step.id)
        .where((Step.event_category == event_category) & (Step.act == "freeze"))
        .order_by(Step.id, ascending=False)
        .first()
    )
    return int(row["id"]) if row else 0


def rechecked_before(act: str) -> Callable[[dict[str, Any]], Awaitable[list[Finding]]]:
    """The check of an act: a recheck of these marks is finished, where the rule asks for it before this act.

    A list that was begun without being asked for is a warning.
    """

    async def rechecked(row: dict[str, Any]) -> list[Finding]:
        rule = (
            await RecheckRule.select(RecheckRule.asked, RecheckRule.before)
            .where(
                (RecheckRule.contest == row["contest"])
                & (RecheckRule.event_category.is_null() | (RecheckRule.event_category == row["id"]))
            )
            .order_by(RecheckRule.id, ascending=False)
            .first()
        )
        lists = (
            await Recheck.select(Recheck.id, Recheck.state)
            .where(
                (Recheck.event_category == row["id"])
                & (Recheck.freeze == await freeze_of(row["id"]))
                & (Recheck.state != "void")
            )
            .order_by(Recheck.id, ascending=False)
        )
        open_list = next((one["id"] for one in lists if one["state"] == "open"), None)
        asked = rule is not None and rule["asked"] and act in _from(rule["before"])
        if open_list is not None:
            waiting = await RecheckSheet.count().where(
                (RecheckSheet.recheck == open_list) & (RecheckSheet.result == "")
            )
            return [Finding("state.recheck_open", "error" if asked else "warning", facts={"sheets": waiting})]
        return [Finding("state.recheck_missing")] if asked and not lists else []

    return rechecked


def _from(before: str) -> tuple[str, ...]:
    """The acts that wait: the one named and what follows it."""
    acts = ("publish_provisional", "publish_notice")
    return acts[acts.index(before) :] if before in acts else ()
