"""One unit for each judge's seat of an event category."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-25T00:00:42:000000"
VERSION = "1.38.0"
DESCRIPTION = "a judge's seat once in an event category"

STATEMENTS = ('CREATE UNIQUE INDEX panel_seat_once ON "panel_seat" ("event_category", "judge")',)
NAMES = ("panel_seat_once",)


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
