"""Bring the database up to date with the rooms' migrations; the same set serves both engines."""

from __future__ import annotations

import contextlib
import io
import os

from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from federation import database
from web.piccolo_conf import APP_REGISTRY

os.environ.setdefault("PICCOLO_CONF", "web.piccolo_conf")


async def migrate() -> int:
    """Run every outstanding migration; returns how many ran. Raises RuntimeError with Piccolo's words if one fails."""
    Migration._meta.db = database.engine()
    await Migration.create_table(if_not_exists=True)
    before = await Migration.count()
    words = io.StringIO()
    for app in APP_REGISTRY.app_configs:
        with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
            try:
                result = await run_forwards(app_name=app)
            except SystemExit as failure:
                raise RuntimeError(words.getvalue()) from failure
        if not result.success:
            raise RuntimeError(result.message or words.getvalue())
    return await Migration.count() - before
