"""Indexes over several columns or with a condition, in words both engines share."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-23T00:00:12:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes"

STATEMENTS = (
    'CREATE UNIQUE INDEX leadership_current_once ON "leadership" ("studio") WHERE until IS NULL',
    'CREATE UNIQUE INDEX naming_tier_once ON "naming" ("studio", "tier", "starts_on")',
    'CREATE UNIQUE INDEX naming_open_once ON "naming" ("studio", "tier") WHERE ends_on IS NULL',
    'CREATE INDEX output_by_year ON "studio_output" ("studio", "year")',
)
NAMES = (
    "leadership_current_once",
    "naming_tier_once",
    "naming_open_once",
    "output_by_year",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(
        migration_id=ID, app_name="studios", description=DESCRIPTION
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
