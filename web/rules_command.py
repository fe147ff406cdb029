"""`saichuang rules`: a scheme in words, without server or database."""

from __future__ import annotations

import os
import sys
from html import escape
from pathlib import Path

import click

from federation.findings import Finding
from federation.judging.schemes import Scheme
from web.formats import named
from web.language import _, language, speaking
from web.mark_files import Faults
from web.rank_command import read_scheme, refuse
from web.reports.rules import UnprintableError, rules_pdf
from web.rule_text import Line, as_markdown, rule_text
from web.wording import say


@click.command()
@click.argument("scheme_path", metavar="SCHEME.json", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="-",
    help=".md, .html or .pdf; - for the terminal.",
)
@click.option("--language", "spoken", type=click.Choice(["zh", "en"]), help="Default: what LANG says.")
def rules(*, scheme_path: Path, output: Path, spoken: str | None) -> None:
    """Print a scheme as the chapter on marking and ranking of a contest handbook."""
    chosen = spoken or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    with speaking("zh" if chosen == "zh" else "en"):
        try:
            scheme, _warnings = read_scheme(scheme_path)
        except Faults as faults:
            refuse(faults, as_json=False)
            sys.exit(1)
        try:
            _write(scheme, output)
        except (OSError, UnprintableError) as fault:
            click.echo(f"{output}: {_why(fault)}", err=True)
            sys.exit(1)


def _why(fault: OSError | UnprintableError) -> str:
    if isinstance(fault, UnprintableError):
        return say(Finding("rules.unprintable", facts={"characters": fault.characters[:20]}))
    return say(Finding("rank.unwritable", facts={"reason": fault.strerror or str(fault)}))


def _write(scheme: Scheme, output: Path) -> None:
    if str(output) == "-":
        click.echo(as_markdown(scheme), nl=False)
    elif output.suffix.lower() == ".pdf":
        output.write_bytes(rules_pdf(scheme, scheme.basis, _("评分与排名办法")))
    elif output.suffix.lower() in (".html", ".htm"):
        output.write_text(as_html(scheme), "utf-8")
    else:
        output.write_text(as_markdown(scheme), "utf-8")


def as_html(scheme: Scheme) -> str:
    """A page of its own that needs nothing from elsewhere."""
    title = escape(named(scheme, "title") or scheme.id)
    parts = [
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
    ]
    for section in rule_text(scheme):
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [
            f"<p><b>{escape(one.number)}</b> {escape(one.line.text)}</p>{_list(one.line.items)}"
            for one in section.articles
        ]
    return "\n".join([*parts, "</html>", ""])


def _list(items: tuple[Line, ...]) -> str:
    if not items:
        return ""
    return "<ul>" + "".join(f"<li>{escape(item.text)}{_list(item.items)}</li>" for item in items) + "</ul>"
