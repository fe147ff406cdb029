"""What is there once: an edition of rules, a title of an entry, a standing certificate, an archive item."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:06:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "awards: what is there once"

STATEMENTS = (
    'CREATE UNIQUE INDEX title_rules_once ON "title_rules" ("scope", "edition")',
    "CREATE UNIQUE INDEX award_title_once ON \"award_title\" (\"entry\", \"rule\") WHERE state <> 'dropped'",
    'CREATE UNIQUE INDEX certificate_settings_once ON "certificate_settings" ("contest", "edition")',
    "CREATE UNIQUE INDEX certificate_standing_once ON \"certificate\" (\"entry\", \"award\") WHERE state IN ('waiting', 'failed', 'valid')",
    'CREATE UNIQUE INDEX archive_item_once ON "archive_item" ("contest", "item")',
)
NAMES = (
    "title_rules_once",
    "award_title_once",
    "certificate_settings_once",
    "certificate_standing_once",
    "archive_item_once",
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
