"""Marks and entries from CSV or Parquet files, for ranking without a database.

Files are read in blocks, so that their text never lies in memory as a whole. Every fault of a file is found in one go
and named by line, column, value and remedy; a file with faults yields nothing. Entries are free strings in files and
numbers inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from federation.findings import Finding
from federation.judging import Scheme
from web.mark_files.blocks import Table, opened
from web.mark_files.columns import ENTRIES, MARKS, belonging_elsewhere
from web.mark_files.dictionary import Dictionary
from web.mark_files.entries import entries_of
from web.mark_files.faults import Blame, Fault, Faults, Lines
from web.mark_files.marks import MarkReader
from web.mark_files.refused import refused

__all__ = ["Fault", "Faults", "MarkFiles", "read_files", "refused"]

Progress = Callable[[str, int, float], None]
"""Hears the file, how many of its rows have been read and which share of it that is."""


@dataclass(frozen=True, slots=True)
class MarkFiles:
    """Frames for the judging core, and the name of entry n at position n of `names`. `lines`: of the marks' rows."""

    file: str
    marks: pl.DataFrame
    entries: pl.DataFrame
    names: pl.Series
    lines: Lines
    warnings: list[Finding] = field(default_factory=list)


def read_files(
    scheme: Scheme, marks: Path, entries: Path | None, told: Progress = lambda _file, _rows, _share: None
) -> MarkFiles:
    """Raises Faults."""
    faults = Faults()
    table = opened(marks, MARKS, faults)
    listed = opened(entries, ENTRIES, faults) if entries else None
    if table is not None:
        _require(table, ("entry", "value"), faults)
        if entries is None:
            belonging_elsewhere(table.file, table.header, faults)
    dictionary = Dictionary()
    known = _entries(listed, dictionary, faults, told) if listed is not None else None
    if table is None or {"entry", "value"} - {*table.columns} or (entries and listed is None):
        raise faults
    frame = _marks(
        MarkReader(scheme, dictionary, None if known is None else known.height), table, faults, told
    )
    if faults.count:
        raise faults
    if known is None:
        count = int(frame["entry"].max() or 0) + 1 if frame.height else 0  # type: ignore[arg-type]
        known = pl.DataFrame({"entry": pl.int_range(count, eager=True)})
    warnings = [*table.warnings, *(listed.warnings if listed else [])]
    return MarkFiles(table.file, frame, known, dictionary.names(known.height), table.lines, warnings)


def _marks(reader: MarkReader, table: Table, faults: Faults, told: Progress) -> pl.DataFrame:
    if "aspect" not in table.columns and reader.only is None:
        faults.whole(table.file, "rank.column_missing", 1, "aspect", known=reader.leaves.ids[:20])
        return _joined([])
    parts = []
    for block in table.blocks(faults, lambda rows, share: told(table.file, rows, share)):
        blame = Blame(table.file, table.lines, block.row)
        part = reader.take(block.frame, blame)
        blame.into(faults)
        if not faults.count:
            parts.append(part)
    return _joined(parts)


def _require(table: Table, columns: tuple[str, ...], faults: Faults) -> None:
    for column in columns:
        if column not in table.columns:
            faults.whole(
                table.file,
                "rank.column_missing",
                1,
                column,
                known=[name.strip() for name in table.header],
            )


def _entries(table: Table, dictionary: Dictionary, faults: Faults, told: Progress) -> pl.DataFrame:
    _require(table, ("entry",), faults)
    if "entry" not in table.columns:
        return pl.DataFrame(schema={"entry": pl.Int64})
    blocks = [
        block.frame for block in table.blocks(faults, lambda rows, share: told(table.file, rows, share))
    ]
    if not blocks:
        faults.whole(table.file, "rank.file_empty")
        return pl.DataFrame(schema={"entry": pl.Int64})
    blame = Blame(table.file, table.lines)
    known = entries_of(pl.concat(blocks), dictionary, blame)
    blame.into(faults)
    return known


def _joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """One frame of all blocks; a column only some of them have is null in the others."""
    if not parts:
        return pl.DataFrame(schema={"entry": pl.Int64, "aspect": pl.String, "value": pl.Int64})
    frame = pl.concat(parts, how="diagonal", rechunk=True)
    optional = ("stage", "attempt", "judge", "factor", "time", "blank")
    return frame.drop(
        [name for name in optional if name in frame.columns and frame[name].null_count() == frame.height]
    )
