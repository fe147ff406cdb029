"""Objections are numbered once in an event category."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:05:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "an objection's number once in an event category"

STATEMENTS = ('CREATE UNIQUE INDEX objection_number_once ON "objection" ("event_category", "number")',)
NAMES = ("objection_number_once",)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    async def create() -> None:
        for statement in STATEMENTS:
            await database.execute(statement)

    async def drop() -> None:
        for name in NAMES:
            await database.execute(f"DROP INDEX {name}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
