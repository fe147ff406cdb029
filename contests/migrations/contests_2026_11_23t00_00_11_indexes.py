"""Indexes over several columns or with a condition, in words both engines share."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-23T00:00:11:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes"

STATEMENTS = (
    'CREATE UNIQUE INDEX event_code_once ON "contest_event" ("contest", "code")',
    'CREATE UNIQUE INDEX event_category_once ON "event_category" ("event", "category")',
    'CREATE UNIQUE INDEX scheme_edition_once ON "scheme_version" ("code", "edition")',
    'CREATE UNIQUE INDEX quota_once ON "quota" ("event_category", "delegation")',
    'CREATE UNIQUE INDEX entry_person_once ON "entry" ("event_category", "worker") WHERE state <> \'withdrawn\'',
    'CREATE UNIQUE INDEX entry_number_once ON "entry" ("event_category", "number")',
    'CREATE UNIQUE INDEX mark_version_once ON "mark" ("entry", "stage", "aspect", "judge", "attempt", "version")',
    'CREATE UNIQUE INDEX mark_current_once ON "mark" ("entry", "stage", "aspect", "judge", "attempt") WHERE is_current',
    'CREATE INDEX mark_of_board ON "mark" ("event_category", "is_current")',
    'CREATE UNIQUE INDEX publication_number_once ON "publication" ("event_category", "number")',
)
NAMES = (
    "event_code_once",
    "event_category_once",
    "scheme_edition_once",
    "quota_once",
    "entry_person_once",
    "entry_number_once",
    "mark_version_once",
    "mark_current_once",
    "mark_of_board",
    "publication_number_once",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(
        migration_id=ID, app_name="contests", description=DESCRIPTION
    )

    async def create() -> None:
        for statement in STATEMENTS:
            await database.execute(statement)

    async def drop() -> None:
        for name in NAMES:
            await database.execute(f"DROP INDEX {name}")

    manager.add_raw(create)
    manager.add_raw_backwards(drop)
    return manager
