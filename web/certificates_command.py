"""`saichuang certificates`: the batches of the pages from a terminal, with progress; stopped and gone on with."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from contests import programme
from contests.certificates import batches, standing
from federation import privacy
from federation.accounts import Viewer, viewer_named
from federation.database import close_database, open_database
from federation.refusals import Conflict, Invalid, Refusal
from web.certificate_worker import a_name
from web.reports.certificates import certificate_pdf, certificates_pdf
from web.settings import Settings, read_keys
from web.wording import say

console = Console(stderr=True)
LOOK_EVERY = 0.5

as_account = click.option("--as", "login", required=True, help="Login of the account that does it.")


@click.group()
def certificates() -> None:
    """Make certificates in bulk, go on with a batch, write them to a file."""


@contextlib.asynccontextmanager
async def somebody(settings: Settings, login: str) -> AsyncIterator[Viewer]:
    """The database open, and the account that acts."""
    privacy.use_keys(read_keys(settings.keys_file))
    await open_database(settings.database_url)
    try:
        viewer = await viewer_named(login)
        if viewer is None:
            raise click.UsageError(f"there is no account {login}")
        yield viewer
    finally:
        await close_database()


def told(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it; a refusal is said in words and ends with code 2."""
    try:
        return asyncio.run(work)
    except Refusal as refused:
        for one in refused.findings if isinstance(refused, Invalid) else (refused,):
            console.print(f"[red]{say(one)}[/red]", soft_wrap=True, highlight=False)
        raise SystemExit(2) from None


@certificates.command("make")
@click.argument("contest")
@click.option("--event-category", type=int, help="Only this event category.")
@as_account
@click.pass_obj
def make(settings: Settings, contest: str, event_category: int | None, login: str) -> None:
    """Make the certificates that are missing in CONTEST. Ctrl+C stops after those at hand."""

    async def work() -> None:
        async with somebody(settings, login) as viewer:
            batch = await batches.start(viewer, contest, event_category)
            await _through(viewer, batch)

    told(work())


@certificates.command("resume")
@click.argument("batch", type=int)
@as_account
@click.pass_obj
def resume(settings: Settings, batch: int, login: str) -> None:
    """Go on with BATCH, and try again what failed."""

    async def work() -> None:
        async with somebody(settings, login) as viewer:
            await batches.resume(viewer, batch)
            await _through(viewer, batch)

    told(work())


async def _through(viewer: Viewer, batch: int) -> None:
    """Work on a batch, or watch who does, until it is done or somebody stops it."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopping.set)
    who = a_name()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(f"batch {batch}")
        while True:
            now = await batches.progress(batch)
            bar.update(task, total=now.total, completed=now.made + now.failed)
            if now.state != "running" or not now.waiting:
                break
            if stopping.is_set():
                await batches.stop(viewer, batch)
                continue
            await _step(batch, who)
    await batches.release(batch, who)
    await _say(batch)


async def _step(batch: int, who: str) -> None:
    with contextlib.suppress(Conflict):
        if await batches.claim(batch, who):
            await batches.work(batch, who, certificate_pdf)
            return
    await asyncio.sleep(LOOK_EVERY)


async def _say(batch: int) -> None:
    """How it ended, and each one that failed with its remedy."""
    now = await batches.progress(batch)
    for row in await standing.certificates_of_batch(batch, "failed"):
        console.print(f"[red]{row['number']}[/red] {say(row['fault'])}", soft_wrap=True, highlight=False)
    console.print(
        f"batch {batch}: {now.made} made, {now.failed} failed, {now.waiting} waiting", highlight=False
    )
    if now.waiting:
        console.print(f"go on with: saichuang certificates resume {batch}", highlight=False)
    if now.failed:
        raise SystemExit(1)


@certificates.command("list")
@click.argument("contest")
@as_account
@click.pass_obj
def listed(settings: Settings, contest: str, login: str) -> None:
    """The batches of CONTEST and how far each is."""

    async def work() -> None:
        async with somebody(settings, login) as viewer:
            row = await programme.contest_for(viewer, contest)
            for one in await standing.batches_of(row["id"]):
                now = one["progress"]
                click.echo(
                    f"{one['id']}\t{one['state']}\t{now.made} made\t{now.failed} failed\t{now.waiting} waiting"
                )

    told(work())


@certificates.command("pdf")
@click.argument("batch", type=int)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@as_account
@click.pass_obj
def pdf(settings: Settings, batch: int, output: Path, login: str) -> None:
    """Write the valid certificates of BATCH to one PDF."""

    async def work() -> None:
        async with somebody(settings, login) as viewer:
            await batches.batch_for(viewer, batch)
            rows = await standing.certificates_of_batch(batch, "valid")
            if not rows:
                raise Conflict("certificate.none_made")
            content = await asyncio.to_thread(certificates_pdf, [row["printed"] for row in rows])
            await asyncio.to_thread(output.write_bytes, content)
            console.print(f"{len(rows)} certificates in {output}", highlight=False)

    told(work())
