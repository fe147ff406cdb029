"""One open list of an event category, a sheet once on it, numbers of lists and appeals once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:04:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "sample rechecks and appeals: what exists once"

STATEMENTS = (
    'CREATE UNIQUE INDEX recheck_number_once ON "recheck" ("event_category", "number")',
    'CREATE UNIQUE INDEX recheck_open_once ON "recheck" ("event_category")' " WHERE state = 'open'",
    'CREATE UNIQUE INDEX recheck_sheet_once ON "recheck_sheet" ("recheck", "piece", "plan")',
    'CREATE UNIQUE INDEX appeal_number_once ON "appeal" ("event_category", "number")',
    'CREATE UNIQUE INDEX appeal_member_once ON "appeal_member" ("contest", "account")',
)
NAMES = (
    "recheck_number_once",
    "recheck_open_once",
    "recheck_sheet_once",
    "appeal_number_once",
    "appeal_member_once",
)


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
