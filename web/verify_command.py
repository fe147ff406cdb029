"""`saichuang verify`: the trail and the publications of the database, or a published bundle without any database."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from contests.bundles.checking import Verdict, check
from contests.publication import all_broken_seals
from federation import audit, privacy
from federation.database import close_database, open_database
from federation.findings import Finding
from web.language import speaking
from web.settings import Settings, read_keys
from web.wording import say

HOLDS, BROKEN, UNUSABLE = 0, 1, 2


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--hash", "head", metavar="HEX", default="", help="Newest hash, as the site's page shows it.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for programs.")
@click.option("--language", "spoken", type=click.Choice(["zh", "en"]), help="Default: what LANG says.")
@click.pass_obj
def verify(settings: Settings, *, file: Path | None, head: str, as_json: bool, spoken: str | None) -> None:
    """Check a bundle of publications, or the whole trail.

    With FILE, a bundle downloaded from the page "publications" of a board is checked here and now, without network,
    server or database: every byte against its checksum, every publication against the hash chain, the scheme and its
    text against their digests, and totals, places and awards worked out once more. The first thing that is not what it
    was is named by publication, row and field, with what was expected and what was found. The marks behind a total are
    not in a bundle; what was left out is listed.

    A whole chain can be made anew by whoever makes up a whole file. So compare the newest hash with the one on the
    site or on the signed paper, or give it with --hash.

    Without FILE, the audit trail and all publications of the configured database are checked.

    \b
    Exit codes: 0 everything holds, 1 something does not, 2 the file cannot be read.
    """
    chosen = spoken or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    with speaking("zh" if chosen == "zh" else "en"):
        code = _database(settings) if file is None else _file(file, head, as_json=as_json)
    sys.exit(code)


def _file(file: Path, head: str, *, as_json: bool) -> int:
    try:
        data = file.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        click.echo(say(Finding("bundle.unreadable", facts={"file": str(file), "reason": reason})), err=True)
        return UNUSABLE
    verdict = check(data, head)
    (_as_json if as_json else _as_text)(verdict)
    return HOLDS if verdict.holds else BROKEN


def _as_json(verdict: Verdict) -> None:
    told = {
        "holds": verdict.holds,
        "head": verdict.head,
        "about": verdict.about,
        **{
            name: [{**asdict(one), "message": say(one)} for one in getattr(verdict, name)]
            for name in ("faults", "checked", "left_out")
        },
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))


def _as_text(verdict: Verdict) -> None:
    for fault in verdict.faults:
        click.echo(f"✗ {say(fault)}")
    if not verdict.holds:
        click.echo(say("bundle.broken", count=len(verdict.faults)))
        return
    about = verdict.about
    click.echo(" · ".join(str(about.get(name, "")) for name in ("contest", "event", "category")))
    for one in verdict.checked:
        click.echo(f"✓ {say(one)}")
    for one in verdict.left_out:
        click.echo(f"– {say(one)}")
    click.echo(say("bundle.holds", head=verdict.head, page=about.get("page", "")))


def _database(settings: Settings) -> int:
    async def work() -> tuple[audit.Verdict, list[tuple[int, int]]]:
        privacy.use_keys(read_keys(settings.keys_file))
        await open_database(settings.database_url)
        try:
            return await audit.verify(), await all_broken_seals()
        finally:
            await close_database()

    verdict, broken = asyncio.run(work())
    if verdict.broken_at is not None:
        click.echo(f"the trail is broken at line {verdict.broken_at}")
    else:
        click.echo(f"the trail holds: {verdict.lines} lines")
    for event_category, number in broken:
        click.echo(f"event category {event_category}: publication {number} is not what was sealed")
    return BROKEN if verdict.broken_at is not None or broken else HOLDS
