"""Indexes over several columns or with a condition, in words both engines share."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-23T00:00:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes"

STATEMENTS = (
    'CREATE UNIQUE INDEX trade_name_once ON "trade" ("occupation", "name")',
    'CREATE UNIQUE INDEX occupation_alias_once ON "occupation_alias" ("alias", "occupation")',
    'CREATE UNIQUE INDEX honour_once ON "honour" ("worker", "kind", "year")',
    'CREATE UNIQUE INDEX grant_once ON "role_grant" ("account", "role", "scope", "scope_id")',
)
NAMES = (
    "trade_name_once",
    "occupation_alias_once",
    "honour_once",
    "grant_once",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(
        migration_id=ID, app_name="federation", description=DESCRIPTION
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
