"""Every entry that has a number or marks gets its piece; marks and disputes follow it there."""

import json

import polars as pl
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from federation import database

ID = "2026-11-26T00:01:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "pieces of the entries there are"

STATEMENTS = (
    "DROP INDEX mark_version_once",
    "DROP INDEX mark_current_once",
    "DROP INDEX mark_entry",
    "DROP INDEX mark_dispute_entry",
    "INSERT INTO piece (event_category, number, standing, version)"
    " SELECT event_category, coalesce(number, 'E' || id), CASE WHEN state = 'approved' THEN standing ELSE '' END, 1"
    " FROM entry WHERE number IS NOT NULL OR id IN (SELECT entry FROM mark)"
    " ORDER BY event_category, number, id",
    "UPDATE entry SET piece = (SELECT p.id FROM piece p WHERE p.event_category = entry.event_category"
    " AND p.number = coalesce(entry.number, 'E' || entry.id))",
    "UPDATE mark SET piece = (SELECT e.piece FROM entry e WHERE e.id = mark.entry)",
    "UPDATE mark_dispute SET piece = (SELECT e.piece FROM entry e WHERE e.id = mark_dispute.entry)",
    "UPDATE entry SET standing = '' WHERE piece IS NOT NULL",
)
ENTRIES = {"id": pl.Int64, "piece": pl.Int64}
TRIALS = {"id": pl.Int64, "changes": pl.String}


async def move_trials() -> None:
    """The changes a trial keeps name pieces from now on."""
    pieces = dict((await database.frame("SELECT id, piece FROM entry", ENTRIES)).iter_rows())
    for trial, text in (await database.frame("SELECT id, changes FROM score_trial", TRIALS)).iter_rows():
        document = json.loads(text)
        document["marks"] = [
            {"piece": pieces[mark.pop("entry")], **mark} for mark in document["marks"] if "entry" in mark
        ]
        changes = json.dumps(document, ensure_ascii=False)
        await database.execute("UPDATE score_trial SET changes = ? WHERE id = ?", changes, trial)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="contests", description=DESCRIPTION)

    async def move() -> None:
        for statement in STATEMENTS:
            await database.execute(statement)
        await move_trials()

    manager.add_raw(move)
    return manager
