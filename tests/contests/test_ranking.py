"""From stored marks to places: what is gathered, what is left out, and the way through the modules."""

from __future__ import annotations

import polars as pl

from contests import ranking
from contests.tables import Entry
from tests.builders import marks, pieces
from tests.cast import the_organiser
from tests.contests.board_scenes import a_board

POINT = 10_000


async def board_of(made: int) -> list[tuple[str, int | None, bool, int | None, str, str]]:
    gathered = await ranking.gather(made)
    places = ranking.ranked(gathered).places.join(
        gathered.people.select("entry", "number"), on="entry", maintain_order="left"
    )
    return [
        (row["number"], row["place"], row["tied"], row["total"], row["award"] or "", row["tie_break"])
        for row in places.to_dicts()
    ]


async def test_marks_become_places_ties_and_awards(db):
    made, _ = await a_board(await the_organiser())

    assert await board_of(made) == [
        ("002", 1, False, 87 * POINT, "first", "module:P"),
        ("001", 2, False, 87 * POINT, "second", "module:P"),
        ("003", 3, True, 70 * POINT, "second", "shared"),
        ("004", 3, True, 70 * POINT, "second", "shared"),
        ("005", 5, False, 22 * POINT, "", ""),
    ]


async def test_a_correction_counts_from_its_newest_version(db):
    made, people = await a_board(await the_organiser())

    await marks(made, {people[0]: {"P": "63"}})

    assert [row[:2] for row in await board_of(made)][:2] == [("001", 1), ("002", 2)]


async def test_only_approved_entries_are_listed_and_standings_take_the_place(db):
    made, people = await a_board(await the_organiser())
    await Entry.update({Entry.state: "withdrawn"}).where(Entry.id == people[1])
    await Entry.update({Entry.standing: "dsq"}).where(Entry.id == people[0])
    await Entry.update({Entry.guest: True}).where(Entry.id == people[4])

    outcome = await ranking.outcome(made)
    shown = outcome.places.select("entry", "place", "status").rows()

    assert shown == [
        (people[2], 1, ""),
        (people[3], 1, ""),
        (people[4], None, "guest"),
        (people[0], None, "dsq"),
    ]


async def test_people_come_without_anything_private(db):
    made, people = await a_board(await the_organiser())

    gathered = await ranking.gather(made)

    assert gathered.people.row(0, named=True) == {
        "entry": people[0],
        "number": "001",
        "name": "涂国强",
        "organisation": "洪都机械厂",
        "delegation": "T360100",
        "delegation_name": "南昌",
        "delegation_name_en": "Nanchang Federation of Trade Unions",
        "region": "360100",
        "region_name": "南昌",
        "region_name_en": "Nanchang",
        "standing": "",
        "guest": False,
        "piece": (await pieces(made))[people[0]],
    }


async def test_places_after_each_module_lead_to_the_board(db):
    made, _ = await a_board(await the_organiser())
    outcome = await ranking.outcome(made)

    after = ranking.places_after(outcome.scheme, outcome.places)

    # theory: 25, 27, 20, 20, 22 in the order of the board
    assert [series.to_list() for series in after] == [[2, 1, 4, 4, 3], [1, 2, 3, 3, 5]]


def test_before_the_first_mark_there_is_no_way_to_show():
    from tests.contests.board_scenes import SCHEME

    places = pl.DataFrame({"module:main:T": [None], "module:main:P": [None], "place": [None]})
    assert ranking.places_after(SCHEME, places) == []
