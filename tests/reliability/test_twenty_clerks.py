"""Twenty clerks over HTTP on one sheet at once: no value is lost, no request fails, on both engines."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from contests.tables import Dispute, EventCategory, Mark
from federation import audit
from tests.reliability.sheets import COLUMNS, Desk, a_hall
from tests.served import Site

CLERKS = 20


@pytest.fixture
def site(db, tmp_path):
    served = Site(db, tmp_path).start()
    yield served
    served.stop()


async def test_twenty_clerks_on_their_own_rows_and_all_on_one_cell(db, site):
    event_category, pieces, clerks = await a_hall(rows=CLERKS + 1, clerks=CLERKS)
    *own, shared = pieces
    desks = [await Desk.open(site, clerk, event_category) for clerk in clerks]

    async def work(place: int) -> list[tuple[int, list[str]]]:
        """Fill the own row twice over, one cell at a time; half way, type into the cell that everybody wants."""
        desk, answers = desks[place], []
        for rounds, seen in (("1", 0), ("2", 1)):
            for column in COLUMNS:
                block = desk.block((own[place], column, f"{rounds}.{place % 10}", seen))
                answer = await desk.send(block)
                answers.append((answer.status_code, [cell["outcome"] for cell in answer.json()["cells"]]))
            if rounds == "1":
                answer = await desk.send(desk.block((shared, "C1", f"{place * 0.25:.2f}", 0)))
                answers.append((answer.status_code, [cell["outcome"] for cell in answer.json()["cells"]]))
        return answers

    before = (await EventCategory.select().where(EventCategory.id == event_category).first())["revision"]
    answered = [answer for answers in await asyncio.gather(*map(work, range(CLERKS))) for answer in answers]
    for desk in desks:
        await desk.client.aclose()

    assert Counter((status, *outcomes) for status, outcomes in answered) == {
        (200, "saved"): CLERKS * 2 * len(COLUMNS) + 1,
        (200, "conflict"): CLERKS - 1,
    }
    current = await Mark.select().where(Mark.event_category == event_category, Mark.is_current.eq(True))
    assert {
        (mark["piece"], mark["aspect"]): mark["value"] for mark in current if mark["piece"] != shared
    } == {(own[place], column): 20_000 + place % 10 * 1_000 for place in range(CLERKS) for column in COLUMNS}
    stands = [mark["value"] for mark in current if mark["piece"] == shared]
    offered = [row["value"] for row in await Dispute.select().where(Dispute.piece == shared)]
    assert sorted(stands + offered) == [place * 2_500 for place in range(CLERKS)]
    assert len(stands) == 1
    after = (await EventCategory.select().where(EventCategory.id == event_category).first())["revision"]
    assert after - before == len(answered)
    assert (await audit.verify()).broken_at is None
