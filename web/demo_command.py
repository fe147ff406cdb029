"""`saichuang demo`: fill an empty database with the demonstration federation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import contests.reference  # noqa: F401
import studios.reference  # noqa: F401  (both register their reference files)
from contests.notices.clock import CHINA
from federation import privacy, reference
from federation.database import close_database, open_database
from web.demo import load
from web.demo.accounts import PASSWORD, SIGN_INS
from web.schema import migrate
from web.settings import Settings, read_keys

console = Console(stderr=True)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """The database open, its schema and reference data up to date."""
    privacy.use_keys(read_keys(settings.keys_file))
    await open_database(settings.database_url)
    try:
        await migrate()
        await reference.load()
        yield
    finally:
        await close_database()


async def prepare_if_empty(settings: Settings) -> bool:
    """Bring the database up to date and, when nothing was entered yet, load the demo; returns whether it did."""
    async with opened(settings):
        if not await load.is_empty():
            return False
        with Progress(
            TextColumn("{task.description:<13}"), BarColumn(), TimeElapsedColumn(), console=console
        ) as progress:
            task = progress.add_task("", total=1.0)
            await load.load(
                datetime.now(CHINA).date(),
                lambda step, done: progress.update(task, description=step, completed=done),
            )
        return True


@click.command()
@click.option("--if-empty", is_flag=True, help="Say nothing and change nothing when there are data already.")
@click.pass_obj
def demo(settings: Settings, if_empty: bool) -> None:
    """Fill an empty database with the demonstration federation.

    Everything in it is invented. A database that holds data is never touched.
    """
    if asyncio.run(prepare_if_empty(settings)):
        logins = ", ".join(login for login, _, _ in SIGN_INS)
        console.print(f"The demonstration is loaded. Sign in as one of: {logins}")
        console.print(f"Password of all: {PASSWORD}")
        return
    if not if_empty:
        console.print(
            f"{settings.database_url} holds data already, so the demonstration was not loaded.\n"
            "Name a new database, for example: SAICHUANG_DATABASE_URL=var/demo.sqlite saichuang demo"
        )
        raise SystemExit(1)
