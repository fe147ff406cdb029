"""Drawing the list of a recheck, widening it, setting it aside."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from contests import schemes
from contests.programme import event_category_for, hold
from contests.ranking import gather, ranked
from contests.recheck.checks import freeze_of
from contests.recheck.selection import Selection, Standing, select, top_group
from contests.recheck.settings import measure_of, rule_of
from contests.rules import may_draw_recheck
from contests.scoring.plans import plans_of
from contests.states import CORRECTABLE
from contests.tables import Piece, Recheck, RecheckSheet
from federation.accounts import Viewer
from federation.changes import change
from federation.database import frame
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound


async def standings(event_category: int) -> list[Standing]:
    """Every piece that has marks, with the place it has now."""
    gathered = await gather(event_category)
    places = (await asyncio.to_thread(ranked, gathered)).places.select("entry", "place")
    place_of = dict(gathered.people.join(places, on="entry", how="left").select("piece", "place").iter_rows())
    numbers = await numbers_of(event_category)
    return [
        Standing(numbers[piece], place_of.get(piece)) for piece in sorted(await begun_stages(event_category))
    ]


async def numbers_of(event_category: int) -> dict[int, str]:
    """Piece → number."""
    rows = await Piece.select(Piece.id, Piece.number).where(Piece.event_category == event_category)
    return {row["id"]: row["number"] for row in rows}


async def begun_stages(event_category: int) -> dict[int, set[str]]:
    """Piece → stages, as marks store them, in which it has marks."""
    rows = await frame(
        "SELECT DISTINCT piece, stage FROM mark WHERE event_category = ? AND is_current"
        " AND (blank IS NULL OR blank <> 'pending')",
        {"piece": pl.Int64, "stage": pl.String},
        event_category,
    )
    found: dict[int, set[str]] = {}
    for piece, stage in rows.iter_rows():
        found.setdefault(piece, set()).add(stage)
    return found


async def draw(viewer: Viewer, event_category: int, *, sending: str | None = None) -> int:
    """Draw the list by the rule that holds, from a fresh seed; returns its number.

    Raises NotFound, Forbidden, Conflict (marks not closed, a list is open), Invalid (nothing marked).
    """
    await event_category_for(viewer, event_category, may_draw_recheck)
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "recheck.draw", subject, sending=sending) as act:
            await hold(event_category)
            row = await event_category_for(viewer, event_category, may_draw_recheck)
            if row["state"] not in CORRECTABLE:
                raise Conflict("recheck.not_now", state=row["state"])
            before = await Recheck.select(Recheck.state).where(Recheck.event_category == event_category)
            if any(one["state"] == "open" for one in before):
                raise Conflict("recheck.open_already")
            rule, _set = await rule_of(row)
            measure, seed = measure_of(rule), secrets.token_hex(16)
            found = await standings(event_category)
            if not found:
                raise Invalid([Finding("recheck.nothing_marked")])
            selection = select(found, measure, seed)
            number = len(before) + 1
            made = await Recheck.insert(
                Recheck(
                    event_category=event_category,
                    number=number,
                    freeze=await freeze_of(event_category),
                    seed=seed,
                    list_hash=selection.hash(seed),
                    **{name: getattr(measure, name) for name in measure.__slots__},
                    basis=rule.basis,
                    pieces=len(found),
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            sheets = await _list(event_category, int(made[0]["id"]), selection)
            act.record(number=number, seed=seed, hash=selection.hash(seed), sheets=sheets)
            act.answer["number"] = number
    except AlreadyDone as done:
        return int(done.answer["number"])
    return number


async def _list(event_category: int, recheck: int, selection: Selection) -> int:
    top = await add_sheets(event_category, recheck, selection.top, "top")
    return top + await add_sheets(event_category, recheck, selection.sample, "sample")


async def add_sheets(event_category: int, recheck: int, numbers: Iterable[str], why: str) -> int:
    """Inside an open change: the sheets of these pieces, one for each module of the stages they have begun."""
    plans = plans_of(await schemes.scheme_of(event_category))
    pieces = {number: piece for piece, number in (await numbers_of(event_category)).items()}
    begun = await begun_stages(event_category)
    first = await RecheckSheet.count().where(RecheckSheet.recheck == recheck)
    wanted = [
        (pieces[number], plan.key)
        for number in numbers
        for plan in plans
        if plan.stage in begun.get(pieces[number], ())
    ]
    rows = [
        RecheckSheet(recheck=recheck, piece=piece, plan=plan, position=first + at, why=why)
        for at, (piece, plan) in enumerate(wanted, 1)
    ]
    for start in range(0, len(rows), 200):
        await RecheckSheet.insert(*rows[start : start + 200])
    return len(rows)


async def listed(recheck: int) -> set[str]:
    """Numbers of the pieces on a list."""
    rows = await RecheckSheet.select(RecheckSheet.piece.number.as_alias("number")).where(
        RecheckSheet.recheck == recheck
    )
    return {row["number"] for row in rows}


async def widen(event_category: int, recheck: int) -> int:
    """Inside an open change: put everything that is not on the list on it; returns how many sheets came."""
    known = await listed(recheck)
    rest = sorted(one.number for one in await standings(event_category) if one.number not in known)
    return await add_sheets(event_category, recheck, rest, "widened")


async def add_risen(event_category: int, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Inside an open change: who came into the top group by corrections and is not on the list; now on it."""
    known = await listed(row["id"])
    top = top_group(await standings(event_category), measure_of(row))
    risen = tuple(number for number in top if number not in known)
    await add_sheets(event_category, row["id"], risen, "risen")
    return risen


async def set_aside(
    viewer: Viewer, event_category: int, number: int, reason: str, *, sending: str | None = None
) -> None:
    """End an open list without effect, with a reason; it stays readable. Raises Invalid, NotFound, Conflict."""
    await event_category_for(viewer, event_category, may_draw_recheck)
    if not reason.strip():
        raise Invalid([Finding("recheck.reason_needed", place="reason")])
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "recheck.set_aside", subject, sending=sending) as act:
            await hold(event_category)
            ended = (
                await Recheck.update(
                    {
                        Recheck.state: "void",
                        Recheck.ended_by: viewer.actor.name,
                        Recheck.ended_at: act.at,
                        Recheck.reason: reason.strip(),
                    }
                )
                .where(
                    (Recheck.event_category == event_category)
                    & (Recheck.number == number)
                    & (Recheck.state == "open")
                )
                .returning(Recheck.id)
            )
            if not ended:
                raise Conflict("recheck.ended_already")
            act.record(number=number, reason=reason.strip())
    except AlreadyDone:
        return


async def recheck_row(event_category: int, number: int) -> dict[str, Any]:
    """A list. Raises NotFound."""
    row = (
        await Recheck.select()
        .where((Recheck.event_category == event_category) & (Recheck.number == number))
        .first()
    )
    if row is None:
        raise NotFound("recheck", number=number)
    return row
