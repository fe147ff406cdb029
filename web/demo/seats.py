"""Judges' seats of the demo: every live event category with a panel has its seats set up, waiting for their cards."""

from __future__ import annotations

import json

from contests import schemes
from contests.scoring.plans import plans_of
from contests.tables import EventCategory, JudgeSeat
from federation.changes import SYSTEM, change

NAMES = ("傅正华", "聂云峰", "黎淑珍", "龚国良", "席玉芳", "敖志坚", "占美兰")


async def seat_judges() -> None:
    """The first seat also takes what is recorded once: measured marks and deductions."""
    rows = await EventCategory.select(EventCategory.id, EventCategory.scheme).where(
        EventCategory.state == "marking"
    )
    async with change(SYSTEM, "demo.load", "seats") as act:
        for row in rows:
            slots = [
                (plan.stage, slot)
                for plan in plans_of(await schemes.edition(row["scheme"]))
                for slot in plan.slots
            ]
            panel = max((slot.judges for _, slot in slots), default=0)
            for number in range(1, panel + 1):
                own = [
                    [stage, slot.aspect.id]
                    for stage, slot in slots
                    if (slot.judges >= number if slot.judges else number == 1)
                ]
                await JudgeSeat.insert(
                    JudgeSeat(
                        event_category=row["id"],
                        code=str(number),
                        name=NAMES[(number - 1) % len(NAMES)],
                        aspects=json.dumps(own, ensure_ascii=False),
                    )
                )
        act.facts["judge_seat"] = await JudgeSeat.count()
