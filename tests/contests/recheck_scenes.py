"""A hall whose marks are closed: theory entered by one clerk, practice by the other, nobody yet looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contests import programme
from contests.forms.recheck import RecheckRuleForm
from contests.recheck import checking, drawing, reading, settings
from contests.tables import Entry, Mark, Piece
from federation.accounts import Viewer
from federation.changes import SYSTEM, change
from federation.judging import SCALE
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import JIUJIANG, NANCHANG, a_viewer, the_chief_referee, the_clerk, the_organiser
from tests.contests.board_scenes import SCHEME, number_in_order


@dataclass
class Hall:
    """`pieces` by number from 1. Qiu entered the theory, Li the practice, Gan supervises, Wan is chief referee."""

    id: int
    contest: int
    pieces: list[int]
    xiong: Viewer
    qiu: Viewer
    li: Viewer
    gan: Viewer
    wan: Viewer


async def a_hall(count: int, *, state: str = "frozen") -> Hall:
    """Number 001 has 30 + 70 points, each next one point less in practice: places follow the numbers."""
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=SCHEME)
    people = await entries(made, [f"选手{n}" for n in range(count)], delegations=(NANCHANG, JIUJIANG))
    await bring_to(xiong, made, "marking")
    await number_in_order(people)
    rows = await Piece.select(Piece.id).where(Piece.event_category == made).order_by(Piece.number)
    hall = Hall(
        made,
        contest,
        [row["id"] for row in rows],
        xiong,
        await the_clerk(contest),
        await the_clerk(contest, "李录分"),
        await a_viewer("甘监督", ("supervisor", "contest", contest)),
        await the_chief_referee(contest),
    )
    await _mark(hall)
    await bring_to(xiong, made, state)
    return hall


async def _mark(hall: Hall) -> None:
    async with change(SYSTEM, "mark.enter", f"event_category:{hall.id}") as act:
        rows = [
            Mark(
                event_category=hall.id,
                piece=piece,
                aspect=aspect,
                value=value * SCALE,
                account=clerk.id,
                actor=clerk.display_name,
                at=act.at,
            )
            for place, piece in enumerate(hall.pieces)
            for aspect, value, clerk in (("T", 30, hall.qiu), ("P", 70 - place, hall.li))
        ]
        for first in range(0, len(rows), 200):
            await Mark.insert(*rows[first : first + 200])


async def rule(hall: Hall, **changes: Any) -> None:
    """Set the rule of the recheck; what is not named is as it is usual."""
    form = RecheckRuleForm(**{"asked": True, "basis": "技术文件第 12 条", **changes})
    await settings.set_rule(hall.xiong, hall.id, form)


async def drawn(hall: Hall) -> reading.Listed:
    return await reading.listed(hall.gan, hall.id, await drawing.draw(hall.gan, hall.id))


async def the_list(hall: Hall, number: int = 1) -> reading.Listed:
    return await reading.listed(hall.gan, hall.id, number)


async def finds_right(hall: Hall, *sheets: reading.Sheet) -> None:
    """Gan compares these sheets and finds nothing."""
    for one in sheets:
        await checking.record(
            hall.gan, hall.id, one.row["id"], wrong=False, right={}, version=one.row["version"]
        )


async def finds_wrong(hall: Hall, sheet: reading.Sheet, right: str, reason: str = "登分时看错一行") -> None:
    """Gan reads another value on paper."""
    await checking.record(
        hall.gan,
        hall.id,
        sheet.row["id"],
        wrong=True,
        right={f"{sheet.plan.slots[0].aspect.id}::1": right},
        reason=reason,
        version=sheet.row["version"],
    )


def of_piece(listed: reading.Listed, number: str, plan: str) -> reading.Sheet:
    [found] = [one for one in listed.sheets if (one.number, one.plan.key) == (number, plan)]
    return found


async def entries_of(hall: Hall) -> list[int]:
    rows = await Entry.select(Entry.id).where(Entry.event_category == hall.id).order_by(Entry.number)
    return [row["id"] for row in rows]
