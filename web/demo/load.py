"""Loading the demonstration federation into an empty database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from contests.tables import Contest
from federation.changes import SYSTEM, change, move
from federation.tables import Account, Grant, Occupation, Organisation, Region, UnionUnit, Worker
from studios.tables import Studio
from web.demo import accounts, appeals, awards, paper, seats
from web.demo.entries import Entries
from web.demo.organisations import Organisations, Places, Unit
from web.demo.people import Crowd
from web.demo.programme import Programme
from web.demo.rows import Pile
from web.demo.studios import Studios

SEED = 20131109
Progress = Callable[[str, float], None]


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


async def load(today: date, tell: Progress = lambda _step, _done: None) -> None:
    """Everything: rows in bulk, what follows from a result as people do it. The same day gives the same rows, but for
    ciphertexts, password hashes, the codes of certificates and the lot of a recheck.

    `tell` hears which step begins and how much of the whole is done, from 0 to 1.
    """
    random = Random(SEED)  # noqa: S311  (invented data, no secret)
    tell("accounts", 0.0)
    staff = await accounts.open_all()
    units = await units_of_the_tree()
    tell("organisations", 0.05)
    places = Places()
    organisations = Organisations(random, places)
    organisations.settle(units)
    crowd = Crowd(random)
    tell("studios", 0.1)
    register = Studios(
        random, units=units, places=places, organisations=organisations, crowd=crowd, today=today
    )
    entries = Entries(random, units=units, organisations=organisations, crowd=crowd, staff=staff)
    programme = Programme(random, names=await _occupations(), entries=entries, staff=staff, today=today)
    programme.publications.regions.update(await _regions())
    for made in programme.hold():
        tell("contests", 0.2 + 0.5 * made / 100)
    tell("writing", 0.7)
    await _write("people", organisations.pile, crowd.workers, crowd.honours)
    tell("writing", 0.75)
    await _write("studios", *register.piles, moved=("studios",))
    tell("writing", 0.85)
    await _write("contests", *programme.piles)
    tell("writing", 0.98)
    ids = {unit.code: unit.id for unit in units}
    granted = Pile(Grant, ("account", "role", "scope", "scope_id"))
    for row in accounts.grants(staff, ids, programme.at_work):
        granted.add(*row)
    await _write("grants", granted, star=(staff.ids["xuanshou"], entries.star.id))
    await awards.award(today)
    await seats.seat_judges()
    await paper.enter_paper()
    await appeals.question()
    tell("done", 1.0)


async def _write(
    subject: str, *piles: Pile, moved: tuple[str, ...] = (), star: tuple[int, int] | None = None
) -> None:
    """One change with one line in the trail. `star`: the account that belongs to a worker."""
    async with change(SYSTEM, "demo.load", subject) as act:
        for pile in piles:
            await pile.write()
            act.facts[pile.table._meta.tablename] = len(pile.rows)
        for name in moved:
            await move(name)
        if star is not None:
            await Account.update({Account.worker: star[1]}).where(Account.id == star[0])


async def _occupations() -> dict[str, tuple[str, str]]:
    rows = await Occupation.select(Occupation.code, Occupation.name, Occupation.name_en)
    return {row["code"]: (row["name"], row["name_en"]) for row in rows}


async def _regions() -> dict[str, tuple[str, str]]:
    rows = await Region.select(Region.code, Region.short_name, Region.name_en)
    return {row["code"]: (row["short_name"], row["name_en"]) for row in rows}
