"""What differs between the engines is hidden behind the same few calls."""

from __future__ import annotations

import asyncio
from datetime import date

import polars as pl
import pytest

from federation import database
from federation.changes import SYSTEM, change
from federation.database import Index, execute, frame, insert_many, restart_numbering
from federation.tables import Chain, Region, Worker

BORN = {"name": pl.String, "birth_date": pl.Date}


async def test_dates_and_empty_dates_arrive_as_dates(db):
    async with change(SYSTEM, "test"):
        await insert_many(Worker, ("name", "birth_date"), [("熊德怀", date(1971, 2, 28)), ("万里", None)])
    read = await frame("SELECT name, birth_date FROM worker ORDER BY name DESC", BORN)
    assert read.rows() == [("熊德怀", date(1971, 2, 28)), ("万里", None)]


async def test_a_frame_inside_a_change_sees_that_change_and_outside_it_does_not(db):
    async with change(SYSTEM, "test"):
        await insert_many(Worker, ("name", "birth_date"), [("熊德怀", date(1971, 2, 28))])
        inside = await frame("SELECT name, birth_date FROM worker WHERE name = ?", BORN, "熊德怀")
        outside = await asyncio.create_task(_elsewhere())
    assert inside.rows() == [("熊德怀", date(1971, 2, 28))]
    assert outside == 0


async def _elsewhere() -> int:
    """A reader with no part in the transaction around it."""
    database.engine().current_transaction.set(None)
    return (await frame("SELECT name, birth_date FROM worker", BORN)).height


async def test_many_rows_come_in_together_or_not_at_all(db):
    with pytest.raises(ZeroDivisionError):
        async with change(SYSTEM, "test"):
            await insert_many(
                Chain, ("code", "name", "name_en", "sort"), [(f"c{i}", "链", "", i) for i in range(500)]
            )
            1 / 0  # noqa: B018
    assert await Chain.exists().where(Chain.code == "c7") is False


async def test_numbering_goes_on_behind_rows_that_brought_their_own_ids(db):
    async with change(SYSTEM, "test"):
        await insert_many(Worker, ("id", "name"), [(41, "熊德怀")])
        await restart_numbering(Worker)
        row = await Worker.insert(Worker(name="万里"))
    assert row[0]["id"] == 42


async def test_a_child_without_its_parent_is_refused(db):
    with pytest.raises(database.UNIQUE_VIOLATIONS):
        async with change(SYSTEM, "test"):
            await Region.insert(Region(code="369999", name="无", parent="999999"))


async def test_a_writer_that_waits_too_long_leaves_no_connection_behind(tmp_path):
    engine = database.PooledSQLite(str(tmp_path / "busy.sqlite"), size=2)
    engine.connection_kwargs["timeout"] = 0.01
    await engine.start_connection_pool()
    try:
        async with engine.transaction():
            with pytest.raises(Exception, match="locked"):
                await asyncio.create_task(_begin(engine))
        async with engine.transaction():
            pass
    finally:
        await engine.close_connection_pool()


async def _begin(engine: database.PooledSQLite) -> None:
    engine.current_transaction.set(None)
    async with engine.transaction():
        pass


def test_an_index_is_said_in_words_both_engines_share():
    assert Index("a", "mark", ("entry", "judge"), unique=True, where="is_current").sql() == (
        'CREATE UNIQUE INDEX a ON "mark" ("entry", "judge") WHERE is_current'
    )
    assert Index("b", "mark", ("entry",)).sql() == 'CREATE INDEX b ON "mark" ("entry")'


async def test_values_are_marked_alike_on_both_engines(db):
    await execute("UPDATE chain SET sort = ? WHERE code = ?", 7, "aviation")
    assert (
        await frame("SELECT sort FROM chain WHERE code = ? AND sort = ?", {"sort": pl.Int64}, "aviation", 7)
    ).rows() == [(7,)]
