"""One piece for each number, one entry for each piece, one current mark in each cell of a piece."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:01:03:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of pieces"

DROPPED = ("mark_version_once", "mark_current_once")
"""Made by an earlier migration, dropped before, made anew here."""
STATEMENTS = (
    'CREATE UNIQUE INDEX piece_number_once ON "piece" ("event_category", "number")',
    'CREATE UNIQUE INDEX entry_piece_once ON "entry" ("piece")',
    'CREATE UNIQUE INDEX mark_version_once ON "mark" ("piece", "stage", "aspect", "judge", "attempt", "version")',
    'CREATE UNIQUE INDEX mark_current_once ON "mark" ("piece", "stage", "aspect", "judge", "attempt") WHERE is_current',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    async def create() -> None:
        for statement in STATEMENTS:
            await database.execute(statement)

    manager.add_raw(create)
    return manager
