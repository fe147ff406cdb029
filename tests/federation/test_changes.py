"""One act = one transaction + one audit line; the trail shows any tampering."""

from __future__ import annotations

import asyncio

import pytest

from federation import audit, database
from federation.changes import SYSTEM, Actor, change, move, revision
from federation.notices import MarksMoved, listen, unlisten
from federation.refusals import AlreadyDone
from federation.tables import AuditLine

LI = Actor(account=None, name="李录分")


async def test_an_act_leaves_one_line_that_follows_from_the_one_before(db):
    before = await audit.verify()
    async with change(LI, "mark.enter", "event_category:7", entry=12) as act:
        act.record(aspect="C1")
    newest = (await audit.lines(limit=1))[0]
    assert (newest["actor"], newest["deed"], newest["subject"]) == (
        "李录分",
        "mark.enter",
        "event_category:7",
    )
    assert newest["facts"] == '{"aspect":"C1","entry":12}'
    assert await audit.verify() == audit.Verdict(lines=before.lines + 1, broken_at=None)


async def test_a_failed_act_leaves_nothing(db):
    lines, number = (await audit.verify()).lines, await revision("studios")
    with pytest.raises(ZeroDivisionError):
        async with change(LI, "studio.change"):
            await move("studios")
            1 / 0  # noqa: B018
    assert ((await audit.verify()).lines, await revision("studios")) == (lines, number)


async def test_sending_twice_changes_nothing_and_gives_the_first_answer(db):
    async with change(LI, "mark.enter", sending="k-1") as act:
        act.answer["version"] = await move("board")
    with pytest.raises(AlreadyDone) as again:
        async with change(LI, "mark.enter", sending="k-1"):
            await move("board")
    assert again.value.answer == {"version": 1}
    assert await revision("board") == 1


async def test_a_failed_sending_may_be_sent_again(db):
    with pytest.raises(ZeroDivisionError):
        async with change(LI, "mark.enter", sending="k-2"):
            1 / 0  # noqa: B018
    async with change(LI, "mark.enter", sending="k-2"):
        await move("board")
    assert await revision("board") == 1


async def test_twenty_clerks_at_once_lose_no_update(db):
    async def clerk(number: int) -> None:
        for _ in range(5):
            async with change(Actor(None, f"clerk {number}"), "mark.enter"):
                await move("board")

    before = (await audit.verify()).lines
    await asyncio.gather(*(clerk(number) for number in range(20)))
    assert await revision("board") == 100
    assert await audit.verify() == audit.Verdict(lines=before + 100, broken_at=None)


@pytest.mark.parametrize("column", ["actor", "deed", "facts", "at"])
async def test_a_changed_line_is_named(db, column):
    for n in range(4):
        async with change(SYSTEM, "some.act", n=n):
            pass
    last = (await audit.lines(limit=1))[0]["number"]
    await database.execute(f"UPDATE audit_line SET {column} = 'other' WHERE number = ?", last - 1)
    assert (await audit.verify()).broken_at == last - 1


async def test_a_line_cut_off_the_end_is_noticed(db):
    async with change(SYSTEM, "some.act"):
        pass
    last = (await audit.lines(limit=1))[0]["number"]
    await AuditLine.delete().where(AuditLine.number == last)
    assert (await audit.verify()).broken_at == last


async def test_notices_are_told_after_commit_only(db):
    heard = []

    async def hear(notice: MarksMoved) -> None:
        heard.append((notice.revision, database.engine().current_transaction.get()))

    listen(MarksMoved, hear)
    try:
        async with change(LI, "mark.enter") as act:
            act.tell(MarksMoved(event_category=1, revision=5))
        with pytest.raises(ZeroDivisionError):
            async with change(LI, "mark.enter") as act:
                act.tell(MarksMoved(event_category=1, revision=6))
                1 / 0  # noqa: B018
    finally:
        unlisten(MarksMoved, hear)
    assert heard == [(5, None)]
