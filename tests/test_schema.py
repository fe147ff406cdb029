"""The database after the migrations is what the rooms' tables say, on both engines, and nothing is outstanding."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import polars as pl
import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager

from federation import database
from web.piccolo_conf import APP_REGISTRY
from web.schema import migrate

ROOMS = ("federation", "contests", "studios")


def tables(room: str) -> list:
    return APP_REGISTRY.get_app_config(room).table_classes


async def column_names(table: str) -> set[str]:
    if database.is_postgres():
        sql = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
    else:
        sql = "SELECT name FROM pragma_table_info(?)"
    return set((await database.frame(sql, {"name": pl.String}, table))["name"])


async def index_names() -> set[str]:
    if database.is_postgres():
        sql = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'index'"
    return set((await database.frame(sql, {"name": pl.String}))["name"])


@pytest.mark.parametrize("room", ROOMS)
async def test_every_column_of_the_tables_is_in_the_database(db, room):
    for table in tables(room):
        declared = {column._meta.db_column_name for column in table._meta.columns}
        assert await column_names(table._meta.tablename) == declared, table


@pytest.mark.parametrize("room", ROOMS)
async def test_every_index_of_the_room_is_in_the_database(db, room):
    declared = {index.name for index in importlib.import_module(f"{room}.tables").INDEXES}
    assert declared - await index_names() == set()


@pytest.mark.parametrize("room", ROOMS)
def test_the_migrations_carry_the_same_words_as_the_indexes(room):
    module = importlib.import_module(f"{room}.tables")
    folder = APP_REGISTRY.get_app_config(room).resolved_migrations_folder_path
    statements: list[str] = []
    for path in sorted(Path(folder).glob(f"{room}_*_indexes*.py")):
        migration = importlib.import_module(f"{room}.migrations.{path.stem}")
        dropped = getattr(migration, "DROPPED", ())
        statements = [one for one in statements if not any(f" {name} " in one for name in dropped)]
        statements += migration.STATEMENTS
    plain = {re.sub(r"\s+", " ", statement) for statement in statements}
    assert plain == {index.sql() for index in module.INDEXES}


async def test_a_second_run_of_the_migrations_does_nothing(db):
    assert await migrate() == 0


@pytest.mark.parametrize("room", ROOMS)
async def test_no_migration_is_outstanding(db, room):
    found = await AutoMigrationManager().get_alter_statements(APP_REGISTRY.get_app_config(room))
    assert [statement for statements in found for statement in statements.statements] == []
