"""Check-in: who came, who came late, who did not, who was turned away; found by number, or by the code on a pass."""

from __future__ import annotations

from typing import Any

import polars as pl

from contests.programme import event_category_for, touch
from contests.rules import may_check_in
from contests.tables import CheckIn, Entry, Piece
from federation import privacy
from federation.accounts import Viewer
from federation.changes import change
from federation.database import frame
from federation.findings import Finding
from federation.notices import MarksMoved
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound

OUTCOMES = ("present", "late", "absent", "excluded")
CAME = ("present", "late")
STANDINGS = {"present": "", "late": "", "absent": "dns", "excluded": "dsq"}

_LIST = {
    "entry": pl.Int64,
    "number": pl.String,
    "name": pl.String,
    "organisation": pl.String,
    "delegation": pl.String,
    "delegation_name": pl.String,
    "delegation_name_en": pl.String,
    "outcome": pl.String,
    "reason": pl.String,
    "actor": pl.String,
}


async def listed(event_category: int) -> list[dict[str, Any]]:
    """Every approved entry by number, with its newest outcome ("" where nothing was said yet)."""
    rows = await frame(
        "SELECT e.id, e.number, e.name, e.organisation_name, u.code,"
        " CASE WHEN u.short_name <> '' THEN u.short_name ELSE u.name END, u.name_en,"
        " coalesce(c.outcome, ''), coalesce(c.reason, ''), coalesce(c.actor, '')"
        " FROM entry e JOIN union_unit u ON u.id = e.delegation"
        " LEFT JOIN check_in c ON c.id = (SELECT max(k.id) FROM check_in k WHERE k.entry = e.id)"
        " WHERE e.event_category = ? AND e.state = 'approved' ORDER BY e.number, e.id",
        _LIST,
        event_category,
    )
    return list(rows.iter_rows(named=True))


async def check_in_list(viewer: Viewer, event_category: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The event category and its list, for whoever checks in. Raises NotFound, Forbidden."""
    return await event_category_for(viewer, event_category, may_check_in), await listed(event_category)


async def check_in(
    viewer: Viewer,
    event_category: int,
    entry: int,
    outcome: str,
    reason: str = "",
    sending: str | None = None,
) -> None:
    """Record an outcome. Before the marking it may be said anew; then it stands.

    Raises NotFound, Forbidden, Conflict (too early or too late), Invalid (excluded without a reason).
    """
    await event_category_for(viewer, event_category, may_check_in)
    if outcome not in OUTCOMES:
        raise Invalid([Finding("check_in.unknown", place="outcome", facts={"outcome": outcome[:20]})])
    if outcome == "excluded" and not reason.strip():
        raise Invalid([Finding("check_in.reason_needed", place="reason")])
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "check_in", subject, sending=sending) as act:
            revision = await touch(event_category)
            row = await event_category_for(viewer, event_category, may_check_in)
            if row["state"] != "drawn":
                raise Conflict("check_in.closed", state=row["state"])
            if row["coding"] and await Piece.exists().where(Piece.event_category == event_category):
                raise Conflict("check_in.coded")
            changed = (
                await Entry.update({Entry.standing: STANDINGS[outcome], Entry.version: Entry.version + 1})
                .where(
                    (Entry.id == entry)
                    & (Entry.event_category == event_category)
                    & (Entry.state == "approved")
                )
                .returning(Entry.number)
            )
            if not changed:
                raise NotFound("entry")
            await CheckIn.insert(
                CheckIn(
                    event_category=event_category,
                    entry=entry,
                    outcome=outcome,
                    reason=reason.strip(),
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            act.record(number=changed[0]["number"], outcome=outcome, reason=reason.strip())
            act.tell(MarksMoved(event_category, revision))
    except AlreadyDone:
        return


def pass_code(event_category: int, entry: int) -> str:
    """The code on an entry's pass: ten characters that cannot be made up without the key of the site."""
    digits = int(privacy.lookup_hash(f"pass:{event_category}:{entry}"), 16)
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "".join(letters[digits >> (5 * place) & 31] for place in range(10))


def entry_of_pass(event_category: int, rows: list[dict[str, Any]], code: str) -> int | None:
    """Whose pass this is, of the entries listed."""
    wanted = code.strip().upper()
    return next((row["entry"] for row in rows if pass_code(event_category, row["entry"]) == wanted), None)
