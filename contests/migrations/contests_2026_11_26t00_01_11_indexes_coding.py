"""One layer of a number in an event category, one person once beside a layer."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:01:11:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of coding"

STATEMENTS = (
    'CREATE UNIQUE INDEX coding_layer_once ON "coding_layer" ("event_category", "layer")',
    'CREATE UNIQUE INDEX coding_witness_once ON "coding_witness" ("layer", "account")',
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    async def create() -> None:
        for statement in STATEMENTS:
            await database.execute(statement)

    manager.add_raw(create)
    return manager
