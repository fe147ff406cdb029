"""Sheets, entries, prints, locks and signatures: each once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:03:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "sheets, entries, prints, locks and signatures: each once"

STATEMENTS = (
    'CREATE UNIQUE INDEX paper_rule_version_once ON "paper_rule" ("event_category", "version")',
    'CREATE UNIQUE INDEX paper_rule_current_once ON "paper_rule" ("event_category") WHERE is_current',
    'CREATE UNIQUE INDEX score_sheet_number_once ON "score_sheet" ("event_category", "number")',
    'CREATE UNIQUE INDEX sheet_row_live_once ON "sheet_row" ("event_category", "plan", "judge", "piece") WHERE is_live',
    'CREATE UNIQUE INDEX paper_entry_once ON "paper_entry" ("sheet", "part", "version")',
    'CREATE UNIQUE INDEX sheet_print_once ON "sheet_print" ("sheet", "version")',
    'CREATE UNIQUE INDEX marks_lock_once ON "marks_lock" ("event_category", "number")',
    'CREATE UNIQUE INDEX sign_off_role_once ON "sign_off" ("lock", "role")',
    'CREATE UNIQUE INDEX sign_off_account_once ON "sign_off" ("lock", "account")',
)
NAMES = (
    "paper_rule_version_once",
    "paper_rule_current_once",
    "score_sheet_number_once",
    "sheet_row_live_once",
    "paper_entry_once",
    "sheet_print_once",
    "marks_lock_once",
    "sign_off_role_once",
    "sign_off_account_once",
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
