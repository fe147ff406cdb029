"""`saichuang rank`: a board out of files, with no server and no database."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.tree import Tree

from federation.findings import Finding, errors
from federation.judging import (
    SCALE,
    Explanation,
    FrameError,
    Outcome,
    Scheme,
    SchemeError,
    explain_award,
    explain_place,
    format_value,
)
from federation.judging import explain as explain_total
from federation.judging import rank as rank_marks
from federation.judging.documents import json_schema
from federation.judging.frames import module_column, stage_column
from web.language import language, speaking
from web.mark_files import Fault, Faults, read_files, refused
from web.mark_files.refused import warned
from web.wording import explanations as words
from web.wording import say

RESERVED = ("entry", "category", "place", "tied", "total", "award", "tie_break")


@click.command()
@click.option("--scheme", "scheme_path", type=click.Path(path_type=Path), help="The rule: a scheme as JSON.")
@click.option(
    "--marks",
    type=click.Path(path_type=Path),
    help="CSV or Parquet: entry, aspect, value and where used "
    "judge, stage, attempt, factor, time. Without aspect if the scheme has one. Values may be DNS, DNF, DSQ.",
)
@click.option(
    "--entries",
    type=click.Path(path_type=Path),
    help="CSV or Parquet: entry and where used category, "
    "delegation, region, industry, team, status, guest, lot, ruling. Default: whoever has marks.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The board, CSV or Parquet; - for the terminal."
)
@click.option(
    "--teams",
    type=click.Path(path_type=Path),
    help="Also the teams of a scheme that ranks them, CSV or Parquet: team, place, tied, total, members and, "
    "where it parts them, time in seconds. - for the terminal.",
)
@click.option("--explain", "entry", help="Also tell how this entry's total and place came about.")
@click.option("--json", "as_json", is_flag=True, help="Print the result, explanation and faults as JSON.")
@click.option("--json-schema", "schema_only", is_flag=True, help="Print the JSON Schema of schemes and stop.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of messages. Default: what LANG says.")
def rank(
    *,
    scheme_path: Path | None,
    marks: Path | None,
    entries: Path | None,
    output: Path | None,
    teams: Path | None,
    entry: str | None,
    as_json: bool,
    schema_only: bool,
    language: str | None,
) -> None:
    """Rank a file of marks by a scheme.

    Exact to the last digit; needs no server and no database. A file with faults is refused with all of
    them at once and nothing is written.
    """
    if schema_only:
        click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    if scheme_path is None or marks is None:
        raise click.UsageError("--scheme and --marks are needed (or --json-schema)")
    if output is None and teams is None and not as_json and entry is None:
        raise click.UsageError("-o, --teams, --json or --explain is needed: where should the board go?")
    if teams is not None and teams == output:
        raise click.UsageError("-o and --teams name the same file")
    spoken = language or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    with speaking("zh" if spoken == "zh" else "en"):
        try:
            _run(scheme_path, marks, entries, output=output, to_teams=teams, entry=entry, as_json=as_json)
        except Faults as faults:
            refuse(faults, as_json=as_json)
            sys.exit(1)


def _run(
    scheme_path: Path,
    marks: Path,
    entries: Path | None,
    *,
    output: Path | None,
    to_teams: Path | None,
    entry: str | None,
    as_json: bool,
) -> None:
    with _steps(4) as step:
        step("reading")
        scheme, warnings = read_scheme(scheme_path)
        if to_teams is not None and scheme.teams is None:
            raise _faults(scheme_path.name, [Finding("rank.no_teams", place="teams")])
        files = read_files(scheme, marks, entries)
        step("ranking")
        try:
            outcome = rank_marks(scheme, files.marks, files.entries)
        except FrameError as fault:
            raise refused(fault, scheme, files) from fault
        step("writing")
        board = _board(outcome, files.names)
        _write(
            [(frame, to) for frame, to in ((board, output), (_teams(outcome), to_teams)) if to is not None]
        )
        number = _number_of(entry, files.names, marks.name)
        step("done")
    warnings = [*warnings, *files.warnings, *warned(outcome.findings, files.names)]
    if as_json:
        _print_json(outcome, board if output is None else None, number, files.names, warnings)
        return
    told = Console(stderr=True)
    for warning in warnings:
        told.print(f"[yellow]![/] {warning.place}: {say(warning)}", highlight=False)
    if number is not None:
        told = Console()
        told.print(_sentence(outcome, number, files.names), highlight=False)
        told.print(_tree(explain_total(outcome, number)), highlight=False)


def read_scheme(path: Path) -> tuple[Scheme, list[Finding]]:
    """The scheme and its warnings. Raises Faults."""
    try:
        scheme = Scheme.from_json(path.read_text("utf-8-sig"))
    except OSError as fault:
        reason = {"reason": fault.strerror or str(fault)}
        raise _faults(path.name, [Finding("rank.unreadable", facts=reason)]) from fault
    except UnicodeDecodeError as fault:
        raise _faults(path.name, [Finding("rank.encoding")]) from fault
    except SchemeError as fault:
        raise _faults(path.name, fault.findings) from fault
    findings = scheme.check()
    if errors(findings):
        raise _faults(path.name, errors(findings))
    return scheme, findings


def _faults(file: str, findings: list[Finding]) -> Faults:
    faults = Faults()
    for finding in findings:
        faults.add(Fault(file, None, finding.place, str(finding.facts.get("value", "")), finding))
    return faults


def _number_of(entry: str | None, names: pl.Series, file: str) -> int | None:
    if entry is None:
        return None
    number = names.index_of(entry)
    if number is None:
        raise _faults(file, [Finding("rank.explain_unknown", place="--explain", facts={"value": entry})])
    return number


def _board(outcome: Outcome, names: pl.Series) -> pl.DataFrame:
    """The board as in the contract: total with the decimals of its rounding, scores as short as they are exact."""
    scheme, places, decimals = outcome.scheme, outcome.places, _decimals(outcome.scheme)
    ids = [stage.id for stage in scheme.stages]
    ids += [module.id for stage in scheme.stages for module in stage.modules]
    columns: list[pl.Expr] = []
    for stage in scheme.stages:
        for module in stage.modules:
            plain = ids.count(module.id) == 1 and module.id not in RESERVED
            label = module.id if plain else f"{stage.id}.{module.id}"
            columns.append(_decimal(module_column(stage.id, module.id), None).alias(label))
        label = stage.id if ids.count(stage.id) == 1 and stage.id not in RESERVED else f"stage.{stage.id}"
        columns.append(_decimal(stage_column(stage.id), None).alias(label))
    further = [pl.col(f"place:{r.id}").alias(f"place_{r.id}") for r in scheme.rankings[1:]]
    return places.select(
        pl.lit(names).gather(pl.col("entry")).alias("entry"),
        "category",
        "place",
        "tied",
        _decimal("total", decimals).alias("total"),
        *columns,
        "award",
        pl.col("tie_break").replace("", None),
        *further,
    )


def _teams(outcome: Outcome) -> pl.DataFrame:
    """The teams in their order; `time` in seconds, only where the scheme parts equal teams by it."""
    rule = outcome.scheme.teams
    teams = outcome.teams.with_columns(_decimal("total", _decimals(outcome.scheme)).alias("total"))
    if rule is None or not rule.time:
        return teams.drop("time")
    return teams.with_columns(_decimal("time", None, 1_000).alias("time"))


def _decimals(scheme: Scheme) -> int:
    """Of totals, by their rounding."""
    step = scheme.roundings.total.step
    return next(digits for digits in range(5) if step % (SCALE // 10**digits) == 0)


def _decimal(column: str, decimals: int | None, scale: int = SCALE) -> pl.Expr:
    """A scaled column as text, with fixed decimals or without trailing zeros."""
    size = pl.col(column).abs()
    whole = (size // scale).cast(pl.String)
    rest = (size % scale).cast(pl.String).str.zfill(len(str(scale)) - 1)
    sign = pl.when(pl.col(column) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    if decimals == 0:
        return sign + whole
    if decimals is not None:
        return sign + whole + "." + rest.str.head(decimals)
    return (sign + whole + "." + rest).str.strip_chars_end("0").str.strip_chars_end(".")


def _write(frames: list[tuple[pl.DataFrame, Path]]) -> None:
    """All or nothing: every file is written beside its place before the first is moved there."""
    written: list[tuple[Path, Path]] = []
    try:
        for frame, output in frames:
            if str(output) == "-":
                continue
            beside = output.with_name(f".{output.name}.part")
            written.append((beside, output))
            if output.suffix.lower() in (".parquet", ".pq"):
                frame.write_parquet(beside)
            else:
                frame.write_csv(beside)
        for beside, output in written:
            beside.replace(output)
    except OSError as fault:
        for beside, _output in written:
            beside.unlink(missing_ok=True)
        reason = {"reason": fault.strerror or str(fault)}
        raise _faults(str(output), [Finding("rank.unwritable", facts=reason)]) from fault
    for frame, output in frames:
        if str(output) == "-":
            click.echo(frame.write_csv(), nl=False)


def refuse(faults: Faults, *, as_json: bool) -> None:
    """Say every fault by file, line, column and remedy."""
    if as_json:
        shown = [
            {
                "file": fault.file,
                "line": fault.line,
                "column": fault.column,
                "value": fault.value,
                "code": fault.finding.code,
                "message": say(fault.finding),
            }
            for fault in faults.shown
        ]
        click.echo(json.dumps({"count": faults.count, "faults": shown}, ensure_ascii=False, indent=2))
        return
    for fault in faults.shown:
        where = [
            fault.file,
            *([str(fault.line)] if fault.line else []),
            *([fault.column] if fault.column else []),
        ]
        click.echo(f"{':'.join(where)}: {say(fault.finding)}", err=True)
    click.echo(say("rank.refused", count=faults.count, shown=len(faults.shown)), err=True)


def _print_json(
    outcome: Outcome,
    board: pl.DataFrame | None,
    entry: int | None,
    names: pl.Series,
    warnings: list[Finding],
) -> None:
    told: dict[str, Any] = {
        "scheme": outcome.scheme.id,
        "entries": outcome.places.height,
        "warnings": [
            {"place": warning.place, "code": warning.code, "message": say(warning)} for warning in warnings
        ],
    }
    if board is not None:
        told["places"] = board.to_dicts()
    if outcome.teams.height:
        told["teams"] = _teams(outcome).to_dicts()
    if entry is not None:
        told["reason"] = _sentence(outcome, entry, names)
        told["explanation"] = _plain(explain_total(outcome, entry))
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _plain(told: Explanation) -> dict[str, Any]:
    return {
        "code": told.code,
        "id": told.id,
        "value": _number(told.value),
        "part": _number(told.part),
        "counted": told.counted,
        "facts": _facts(told.facts),
        "children": [_plain(child) for child in told.children],
    }


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: _number(value) if isinstance(value, Fraction) else value for name, value in facts.items()}
    if "rule" in plain:
        plain["rule"] = plain["rule"].kind
    return plain


def _number(value: Fraction | None) -> str | None:
    """A plain decimal where it is exact, else a fraction."""
    if value is None:
        return None
    exact = (value * SCALE).denominator == 1
    return format_value(int(value * SCALE)) if exact else f"{value.numerator}/{value.denominator}"


def _sentence(outcome: Outcome, entry: int, names: pl.Series) -> str:
    """Place, reason and award of an entry, by the name its file gives it."""
    why = explain_place(outcome, entry)
    other = "" if why.other is None else names[why.other]
    code = "told.entry" if why.sharing == 1 else "told.entry_tied"
    head = say(code if why.place else "told.entry_unranked", entry=names[entry], place=why.place)
    won = explain_award(outcome, entry)
    parts = [head, words.reason(why, other), words.award(won) if won else ""]
    return ("" if language() == "zh" else " ").join(part for part in parts if part)


def _tree(told: Explanation, into: Tree | None = None) -> Tree:
    """Every line: what, its value, what it adds above, and how it came about."""
    line = f"[bold]{escape(words.part_name(told, {}))}[/] {words.plain(told.value)}"
    if told.part is not None and told.part != told.value:
        line += f" → {words.plain(told.part, 2)}"
    if how := words.how(told):
        line += f"  [dim]{escape('，'.join(how) if language() == 'zh' else ', '.join(how))}[/]"
    branch = Tree(line) if into is None else into.add(line)
    for child in told.children:
        _tree(child, branch)
    return branch


@contextmanager
def _steps(count: int) -> Iterator[Any]:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<8}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=count)

        def step(what: str) -> None:
            progress.update(task, description=what, advance=1)

        yield step
