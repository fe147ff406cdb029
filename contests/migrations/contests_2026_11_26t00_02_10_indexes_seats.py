"""A seat once, one device at a time, one open submission, spread and recusal each."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:02:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "judges' seats: what exists once"

STATEMENTS = (
    'CREATE UNIQUE INDEX judge_seat_once ON "judge_seat" ("event_category", "code")',
    'CREATE UNIQUE INDEX seat_one_device ON "seat_sign_in" ("seat") WHERE ended_at IS NULL',
    'CREATE UNIQUE INDEX seat_rule_once ON "seat_rule" ("event_category", "version")',
    'CREATE UNIQUE INDEX sheet_submission_number ON "sheet_submission" ("seat", "piece", "stage", "number")',
    'CREATE UNIQUE INDEX sheet_submission_open ON "sheet_submission" ("seat", "piece", "stage")'
    " WHERE returned_at IS NULL",
    'CREATE UNIQUE INDEX mark_spread_open ON "mark_spread" ("piece", "stage", "aspect", "attempt")'
    " WHERE settled_at IS NULL",
    'CREATE UNIQUE INDEX seat_own_unit_once ON "seat_own_unit" ("seat", "piece")',
    'CREATE UNIQUE INDEX seat_recusal_open ON "seat_recusal" ("seat", "piece") WHERE lifted_at IS NULL',
)
NAMES = (
    "judge_seat_once",
    "seat_one_device",
    "seat_rule_once",
    "sheet_submission_number",
    "sheet_submission_open",
    "mark_spread_open",
    "seat_own_unit_once",
    "seat_recusal_open",
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
