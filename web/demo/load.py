"""Loading the demonstration federation into an empty database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from contests.tables import Contest
from federation.changes import SYSTEM, change, move
from federation.tables import Account, Organisation, UnionUnit, Worker
from studios.tables import Studio
from web.demo.organisations import Organisations, Places, Unit
from web.demo.people import Crowd
from web.demo.studios import Studios

SEED = 20131109
Progress = Callable[[str], None]


async def is_empty() -> bool:
    """Whether nothing was entered yet beside the reference data."""
    for table in (Account, Organisation, Worker, Studio, Contest):
        if await table.exists():
            return False
    return True


async def units_of_the_tree() -> list[Unit]:
    rows = await UnionUnit.select().order_by(UnionUnit.sort)
    return [
        Unit(
            row["id"],
            row["code"],
            row["short_name"],
            row["name_en"],
            row["kind"],
            row["level"],
            row["region"],
            "/".join(row["path"].split("/")[1:2]) or row["code"],
            row["path"],
        )
        for row in rows
    ]


async def load(today: date, tell: Progress = lambda _: None) -> None:
    """Everything, in three changes. The same day gives the same rows, but for ciphertexts and password hashes."""
    random = Random(SEED)  # noqa: S311  (invented data, no secret)
    units = await units_of_the_tree()
    tell("organisations")
    places = Places()
    organisations = Organisations(random, places)
    organisations.settle(units)
    crowd = Crowd(random)
    tell("studios")
    register = Studios(random, units, places, organisations, crowd, today)
    async with change(SYSTEM, "demo.load", "studios") as act:
        for pile in (organisations.pile, crowd.workers, crowd.honours, *register.piles):
            await pile.write()
            act.facts[pile.table._meta.tablename] = len(pile.rows)
        await move("studios")
