"""A file once for its subject."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:03:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "a file once for its subject"

STATEMENTS = (
    'CREATE UNIQUE INDEX attachment_once ON "attachment" ("subject", "digest")',
)
NAMES = (
    "attachment_once",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="federation", description=DESCRIPTION)

    async def create() -> None:
        for statement in STATEMENTS:
            await database.execute(statement)

    async def drop() -> None:
        for name in NAMES:
            await database.execute(f"DROP INDEX {name}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
