"""Why a publication was taken back moves to a column of its own."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:05:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "reasons of withdrawals"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    async def move() -> None:
        await database.execute(
            "UPDATE publication SET withdrawn_reason = reason, reason = '' WHERE withdrawn_at IS NOT NULL"
        )

    manager.add_raw(move)
    return manager
