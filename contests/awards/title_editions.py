"""Which edition of the rules of titles holds for a contest: its own, its series', or the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contests import programme
from contests.awards.title_rules import RuleSet, default_rules, read_rules
from contests.rules import may_decide_awards, may_rule_series, may_see_awards
from contests.tables import TitleRules
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding, errors
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid

REASON_LENGTH = 300


@dataclass(frozen=True)
class InForce:
    """The rules with where they come from: scope "contest:…", "series:…" or "default", and its edition (0)."""

    rules: RuleSet
    scope: str
    edition: int
    row: Mapping[str, Any] | None = None


async def rules_in_force(contest: Mapping[str, Any]) -> InForce:
    """`contest`: id and series of its row."""
    scopes = [f"contest:{contest['id']}", *([f"series:{contest['series']}"] if contest["series"] else [])]
    for scope in scopes:
        row = (
            await TitleRules.select()
            .where(TitleRules.scope == scope)
            .order_by(TitleRules.edition, ascending=False)
            .first()
        )
        if row is not None:
            return InForce(read_rules(row["document"]), scope, row["edition"], row)
    return InForce(default_rules(), "default", 0)


async def editions(viewer: Viewer | None, contest_code: str) -> list[dict[str, Any]]:
    """The editions of the contest's own rules and of its series', newest first."""
    row = await programme.contest_for(viewer, contest_code, may_see_awards)
    scopes = [f"contest:{row['id']}", f"series:{row['series']}"]
    return (
        await TitleRules.select(*TitleRules.all_columns(exclude=[TitleRules.document]))
        .where(TitleRules.scope.is_in(scopes))
        .order_by(TitleRules.id, ascending=False)
    )


async def adopt_rules(
    viewer: Viewer,
    contest_code: str,
    rules: RuleSet,
    *,
    seen: tuple[str, int],
    reason: str,
    for_series: bool = False,
    sending: str | None = None,
) -> int:
    """The rules become the next edition of the contest, or of its series. `seen`: scope and edition they were made
    from. Raises Forbidden, Invalid (no basis, no reason, rules at odds), Conflict (somebody was first).
    """
    row = await programme.contest_for(viewer, contest_code, may_decide_awards)
    if for_series and not (row["series"] and may_rule_series(viewer)):
        raise Forbidden("title_rules.series_not_yours")
    _check(rules, reason)
    scope = f"series:{row['series']}" if for_series else f"contest:{row['id']}"
    try:
        async with change(
            viewer.actor, "title_rules.adopt", f"contest:{contest_code}", sending=sending
        ) as act:
            now = await rules_in_force(row)
            if (now.scope, now.edition) != seen:
                raise Conflict("title_rules.changed_meanwhile")
            edition = 1 + await TitleRules.count().where(TitleRules.scope == scope)
            await TitleRules.insert(
                TitleRules(
                    scope=scope,
                    edition=edition,
                    basis=rules.basis,
                    document=rules.text(),
                    reason=reason.strip(),
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            act.record(scope=scope, edition=edition, reason=reason.strip())
            act.answer["edition"] = edition
    except AlreadyDone as before:
        return int(before.answer["edition"])
    return edition


def _check(rules: RuleSet, reason: str) -> None:
    findings = []
    if not rules.basis.strip():
        findings.append(Finding("title_rules.basis_missing", place="basis"))
    if len(rules.basis) > 160:
        findings.append(Finding("form.too_long", place="basis", facts={"limit": 160}))
    if not reason.strip():
        findings.append(Finding("title_rules.reason_missing", place="reason"))
    if len(reason) > REASON_LENGTH:
        findings.append(Finding("form.too_long", place="reason", facts={"limit": REASON_LENGTH}))
    read_rules(rules.text())
    if errors(findings):
        raise Invalid(findings)
