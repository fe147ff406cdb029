"""The award list as the human-resources side asks for it: six columns and no other. Each time it leaves, a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contests import programme
from contests.awards.listing import AwardList, award_list, final_categories
from contests.programme import Rule
from contests.rules import may_export_identities, may_see_awards
from federation import privacy
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import Conflict, Invalid
from federation.tables import Occupation, Trade, Worker

COLUMNS = ("name", "identity_number", "category", "occupation", "skill_level", "place")


@dataclass(frozen=True)
class Exported:
    """`rows` by COLUMNS; category and skill_level are codes. `without`: how many have no identity number."""

    rows: list[dict[str, Any]]
    without: int


async def export(
    viewer: Viewer,
    contest_code: str,
    event_category: int | None = None,
    *,
    in_full: bool,
    reason: str = "",
    kind: str = "xlsx",
) -> Exported:
    """The awarded of one event category, or of all whose result is final. With full numbers only for who may and
    with a reason; masked otherwise. The audit line names the count, never a number.

    Raises NotFound, Forbidden, Conflict (nothing is final), Invalid (no reason).
    """
    rule: Rule = may_export_identities if in_full else may_see_awards
    contest = await programme.contest_for(viewer, contest_code, rule)
    if in_full and not reason.strip():
        raise Invalid([Finding("award.export_reason_missing", place="reason")])
    if len(reason) > 300:
        raise Invalid([Finding("form.too_long", place="reason", facts={"limit": 300})])
    wanted = [event_category] if event_category else await final_categories(contest["id"])
    if event_category and (await programme.event_category(event_category))["contest"] != contest["id"]:
        raise Conflict("award.not_final", state="planned")
    lists = [await award_list(one) for one in wanted]
    if not lists:
        raise Conflict("award.nothing_final")
    rows = [row for one in lists for row in await _rows(one, in_full=in_full)]
    subject = f"event_category:{event_category}" if event_category else f"contest:{contest_code}"
    async with change(viewer.actor, "award.export", subject) as act:
        act.record(count=len(rows), in_full=in_full, kind=kind, reason=reason.strip())
    return Exported(rows, sum(not row["identity_number"] for row in rows))


async def _rows(awards: AwardList, *, in_full: bool) -> list[dict[str, Any]]:
    people = awards.awarded
    numbers = await _numbers([row["worker"] for row in people], in_full=in_full)
    occupation = await _occupation(awards)
    return [
        {
            "name": row["name"],
            "identity_number": numbers.get(row["worker"], ""),
            "category": awards.about["category"],
            "occupation": occupation,
            "skill_level": row["skill_level"],
            "place": row["place"],
        }
        for row in people
    ]


async def _numbers(workers: list[int], *, in_full: bool) -> dict[int, str]:
    if not workers:
        return {}
    rows = await Worker.select(Worker.id, Worker.identity_cipher).where(Worker.id.is_in(workers))
    found = {
        row["id"]: privacy.decrypt(bytes(row["identity_cipher"]), purpose="identity")
        for row in rows
        if row["identity_cipher"]
    }
    return found if in_full else {worker: privacy.mask_identity(number) for worker, number in found.items()}


async def _occupation(awards: AwardList) -> str:
    """职业（工种）: the occupation, with the trade below it where the event names one; the event's name without."""
    events = {row["code"]: row for row in await programme.events_of(awards.about["contest"])}
    event = events[awards.about["event_code"]]
    occupation = (
        await Occupation.select(Occupation.name).where(Occupation.code == event["occupation"]).first()
    )
    trade = await Trade.select(Trade.name).where(Trade.code == event["trade"]).first()
    name = occupation["name"] if occupation else event["name"]
    return f"{name}（{trade['name']}）" if trade else name
