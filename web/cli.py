"""The `saichuang` command."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import click
from rich.console import Console

import contests.reference  # noqa: F401  (registers its reference file)
import studios.reference  # noqa: F401
from federation import accounts, privacy, reference
from federation.changes import SYSTEM
from federation.database import close_database, open_database
from federation.refusals import Invalid
from web import wording
from web.certificates_command import certificates
from web.demo.accounts import PASSWORD, SIGN_INS
from web.demo_command import demo
from web.import_command import import_files
from web.rank_command import rank
from web.rules_command import rules
from web.schema import migrate as run_migrations
from web.settings import Settings, read_keys
from web.verify_command import verify

console = Console(stderr=True)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """The database open and the keys in place, as the server has them."""
    privacy.use_keys(read_keys(settings.keys_file))
    await open_database(settings.database_url)
    try:
        yield
    finally:
        await close_database()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def brought_up_to_date(settings: Settings) -> tuple[int, int]:
    """Numbers of migrations run and of reference files loaded again."""
    async with opened(settings):
        return await run_migrations(), len(await reference.load())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """赛创 Saichuang: skill competitions and the register of innovation studios."""
    context.obj = Settings.from_environment()


main.add_command(rank)
main.add_command(rules)
main.add_command(import_files)
main.add_command(certificates)
main.add_command(demo)
main.add_command(verify)


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database and the reference tables up to date."""

    ran, changed = run(brought_up_to_date(settings))
    console.print(f"migrations run: {ran}; reference files loaded: {changed}")


@main.command()
@click.option("--reload", is_flag=True, help="Restart when a file of the program changes.")
@click.pass_obj
def serve(settings: Settings, reload: bool) -> None:
    """Bring the database up to date and serve the site."""
    import uvicorn

    ran, _ = run(brought_up_to_date(settings))
    if ran:
        console.print(f"migrations run: {ran}")
    console.print(f"[bold]http://{settings.host}:{settings.port}[/bold]  (English: /en/, Ctrl+C stops)")
    if settings.demo:
        console.print(f"Demo sign-ins, password of all: {PASSWORD}")
        for login, role, deed in SIGN_INS:
            console.print(f"  {login:<10} {role:<15} {deed}")
    uvicorn.run(
        "web.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        reload=reload,
        log_level="warning",
        timeout_graceful_shutdown=5,
        backlog=4096,
    )


@main.group()
def account() -> None:
    """Open accounts and grant roles."""


@account.command("open")
@click.argument("login")
@click.option("--name", required=True, help="Name shown beside what the account does.")
@click.password_option()
@click.pass_obj
def open_account(settings: Settings, login: str, name: str, password: str) -> None:
    """Open an account."""

    async def work() -> int:
        async with opened(settings):
            return await accounts.open_account(SYSTEM, login=login, password=password, display_name=name)

    try:
        console.print(f"account {run(work())} opened")
    except Invalid as refused:
        for finding in refused.findings:
            console.print(f"[red]{wording.say(finding)}[/red]")
        raise SystemExit(2) from None


@account.command("grant")
@click.argument("account_id", type=int)
@click.argument("role", type=click.Choice(accounts.ROLES))
@click.option("--scope", type=click.Choice(accounts.SCOPES), default="all", show_default=True)
@click.option("--scope-id", type=int, help="Id of the union unit, contest, event or studio.")
@click.pass_obj
def grant_role(settings: Settings, account_id: int, role: str, scope: str, scope_id: int | None) -> None:
    """Grant a role within a scope."""

    async def work() -> None:
        async with opened(settings):
            await accounts.grant(SYSTEM, account_id, role, scope, scope_id)

    run(work())
    console.print("granted")
