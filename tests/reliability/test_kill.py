"""The power fails while clerks type: the served process is killed again and again and served anew.

Whatever was answered is there, what was not answered is there whole or not at all, and sending it again under the
same key enters it once.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from typing import Any

import httpx
import pytest

from contests.tables import Mark
from federation import audit
from federation.tables import AuditLine
from tests.reliability.sheets import COLUMNS, Desk, a_hall
from tests.served import Site

KILLS = {"sqlite": 6, "postgres": 2}
"""On PostgreSQL the server of the database lives on, so that fewer show it."""
CLERKS = 3


@pytest.fixture
def site(db, tmp_path):
    served = Site(db, tmp_path).start()
    yield served
    served.stop()


class Typing:
    """What the clerks were told is saved: (piece, aspect, version) → value, and how often they had to ask again."""

    def __init__(self) -> None:
        self.acknowledged: dict[tuple[int, str, int], int] = {}
        self.resent = 0
        self.stopping = False

    async def answer_of(self, desk: Desk, block: dict[str, Any]) -> httpx.Response:
        """Send until it is answered, always under the same key, as the outbox of the grid does."""
        while True:
            try:
                return await desk.send(block)
            except httpx.TransportError:
                self.resent += 1
                await asyncio.sleep(0.05)

    async def work(self, desk: Desk, piece: int) -> None:
        """Overwrite a row over and over, two cells at a time, until the last kill is over."""
        pairs = list(zip(COLUMNS[::2], COLUMNS[1::2], strict=True))
        for rounds, (first, second) in itertools.product(range(100_000), pairs):
            if self.stopping:
                return
            value = rounds % 200 + 1
            text = f"{value * 0.05:.2f}"
            block = desk.block((piece, first, text, rounds), (piece, second, text, rounds))
            answer = await self.answer_of(desk, block)
            assert answer.status_code == 200, answer.text
            for cell in answer.json()["cells"]:
                assert cell["outcome"] == "saved"
                self.acknowledged[piece, cell["key"].split(":")[1], cell["version"]] = value * 500

    async def pull_the_plug(self, site: Site, times: int) -> None:
        moments = random.Random(20261121)
        for _ in range(times):
            await asyncio.sleep(moments.uniform(0.3, 1.0))
            site.kill()
            await asyncio.to_thread(site.start)
        self.stopping = True

    def last_versions(self) -> dict[tuple[int, str], int]:
        """Versions rise, so the last answer about a cell is its newest."""
        return {(piece, aspect): version for piece, aspect, version in self.acknowledged}


async def test_every_acknowledged_mark_survives(db, site):
    event_category, pieces, clerks = await a_hall(rows=CLERKS, clerks=CLERKS)
    desks = [await Desk.open(site, clerk, event_category) for clerk in clerks]
    typing = Typing()
    kills = KILLS["postgres" if db.startswith("postgresql") else "sqlite"]
    await asyncio.gather(typing.pull_the_plug(site, kills), *map(typing.work, desks, pieces))
    for desk in desks:
        await desk.client.aclose()

    assert typing.resent > 0
    marks = await Mark.select().where(Mark.event_category == event_category)
    stored = {(mark["piece"], mark["aspect"], mark["version"]): mark["value"] for mark in marks}
    assert len(stored) == len(marks), "a version exists twice"
    assert stored == typing.acknowledged
    current = {(mark["piece"], mark["aspect"]): mark["version"] for mark in marks if mark["is_current"]}
    assert current == typing.last_versions()
    assert await AuditLine.count().where(AuditLine.deed == "mark.enter") * 2 == len(marks)
    assert (await audit.verify()).broken_at is None
