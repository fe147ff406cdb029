"""`saichuang import`: files into the tables, with the same checks as the pages."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import click
from rich.console import Console

from contests import imports
from contests.imports import Line
from federation import privacy
from federation.accounts import viewer_named
from federation.database import close_database, open_database
from federation.findings import Finding
from federation.refusals import Invalid, NotFound, Refusal
from web.reports.faults import faults_file
from web.settings import Settings, read_keys
from web.wording import say

console = Console(stderr=True)


@click.group("import")
def import_files() -> None:
    """Read files into the tables."""


@import_files.command("entries")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--contest", required=True, help="Code of the contest.")
@click.option("--as", "login", required=True, help="Login of the account that files them.")
@click.option("--only-good", is_flag=True, help="Enter the rows without errors and leave the others out.")
@click.option("--approve", is_flag=True, help="Approve them at once; for accounts that decide.")
@click.option("--answer", default="", help="Remark on rows that ask to be confirmed.")
@click.option("--check", "only_check", is_flag=True, help="Say what is wrong and enter nobody.")
@click.option(
    "--faults", type=click.Path(path_type=Path), help="Write the faulty rows with remedies to this XLSX file."
)
@click.pass_obj
def entries(
    settings: Settings,
    file: Path,
    contest: str,
    login: str,
    *,
    only_good: bool,
    approve: bool,
    answer: str,
    only_check: bool,
    faults: Path | None,
) -> None:
    """Enter the people of FILE (XLSX, or CSV in UTF-8 or GBK) for a contest."""
    content = file.read_bytes()

    async def work() -> None:
        privacy.use_keys(read_keys(settings.keys_file))
        await open_database(settings.database_url)
        try:
            viewer = await viewer_named(login)
            if viewer is None:
                raise click.UsageError(f"there is no account {login}")
            draft = await imports.send_file(viewer, contest, file.name, content)
            shown = await imports.preview(viewer, contest, draft)
            tell(shown, faults)
            try:
                if not only_check:
                    accepting = {"only_good": only_good, "approve": approve, "answer": answer}
                    entered = await imports.accept(viewer, contest, draft, **accepting)
                    console.print(f"{entered} entered, {len(shown.lines) - entered} left out")
            finally:
                with contextlib.suppress(NotFound):  # every row was entered: nothing is left to drop
                    await imports.drop(viewer, contest, draft)
        finally:
            await close_database()

    try:
        asyncio.run(work())
    except Refusal as refused:
        for one in refused.findings if isinstance(refused, Invalid) else (refused,):
            console.print(f"[red]{say(one)}[/red]", soft_wrap=True, highlight=False)
        raise SystemExit(2) from None


def tell(shown: imports.Preview, faults: Path | None) -> None:
    """Every fault by row and field, the counts, and the faulty rows as a file when one is asked for."""
    for line in shown.lines:
        for finding in line.findings:
            console.print(fault_line(shown.filename, line, finding), soft_wrap=True, highlight=False)
    if faults is not None:
        faults.write_bytes(faults_file(shown))
    counts = shown.counts
    console.print(f"{counts['good']} good, {counts['ask']} to confirm, {counts['bad']} with errors")


def fault_line(name: str, line: Line, finding: Finding) -> str:
    """Row, field, what is wrong and the remedy; identity numbers and phones stay out."""
    return f"{name}:{line.number} {say('field.' + finding.place)}：{say(finding)}"
