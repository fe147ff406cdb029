"""Marks and disputes know a piece and no entry."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-26T00:01:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "marks know no entry"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)
    for table, name in (("Mark", "mark"), ("Dispute", "mark_dispute")):
        manager.drop_column(
            table_class_name=table, tablename=name, column_name="entry", db_column_name="entry", schema=None
        )
    return manager
