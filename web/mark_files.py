"""Marks and entries from CSV or Parquet files, for ranking without a database.

Every fault of a file is found in one go and named by line, column, value and remedy; a file with faults yields
nothing. Entries are free strings in files and numbers inside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from federation.findings import Finding
from federation.judging import SCALE, Scheme, format_value, parse_value
from federation.judging.frames import BLANKS, STATUSES
from federation.judging.schemes import Aspect, aspects_of, deductions_of

LIMIT = 1_000
MARK_COLUMNS = ("entry", "aspect", "value", "judge", "stage", "attempt", "factor", "time")
ENTRY_COLUMNS = (
    *("entry", "category", "delegation", "region", "industry", "team", "status", "guest", "lot", "ruling"),
)
CHINESE = {
    "选手": "entry",
    "参赛编号": "entry",
    "评分点": "aspect",
    "分值": "value",
    "成绩": "value",
    "裁判": "judge",
    "阶段": "stage",
    "轮次": "attempt",
    "难度": "factor",
    "用时": "time",
    "组别": "category",
    "代表队": "delegation",
    "地区": "region",
    "行业": "industry",
    "队": "team",
    "状态": "status",
    "客串": "guest",
    "抽签": "lot",
    "裁定": "ruling",
}
_NUMBER = r"^[+-]?[0-9]{1,12}(\.[0-9]{0,4}0*)?$"
_TIME = r"^([0-9]{1,3}:)?([0-9]{1,3}:)?[0-9]{1,6}(\.[0-9]{1,3}0*)?$"
_YES = ("1", "true", "yes", "y", "是")
_NO = ("", "0", "false", "no", "n", "否")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file; `line` counts the header as 1 and is None where no line is to blame."""

    file: str
    line: int | None
    column: str
    value: str
    finding: Finding


@dataclass(slots=True)
class Faults(Exception):
    """What is wrong with the files: the first thousand, and how many there are."""

    shown: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.shown) < LIMIT:
            self.shown.append(fault)


@dataclass(frozen=True, slots=True)
class MarkFiles:
    """Frames for the judging core, and the name of entry n at position n of `names`."""

    marks: pl.DataFrame
    entries: pl.DataFrame
    names: pl.Series


def read_files(scheme: Scheme, marks: Path, entries: Path | None) -> MarkFiles:
    """Raises Faults."""
    faults = Faults()
    table = _Table.read(marks, MARK_COLUMNS, faults)
    listed = _Table.read(entries, ENTRY_COLUMNS, faults) if entries else None
    if table is None or (entries and listed is None):
        raise faults
    _require(table, ("entry", "value"), faults)
    if listed is not None:
        _require(listed, ("entry",), faults)
    ids = _ids(scheme)
    if "aspect" not in table.frame.columns:
        if len(ids) == 1:
            table.frame = table.frame.with_columns(pl.lit(ids[0]).alias("aspect"))
        else:
            facts = {"column": "aspect", "known": ids[:20]}
            faults.add(Fault(table.file, 1, "aspect", "", Finding("rank.column_missing", facts=facts)))
    if faults.count:
        raise faults
    names = (listed or table).frame["entry"].unique(maintain_order=True)
    names = names.filter(names != "")
    known = _entries(listed, names, faults)
    frame = _marks(scheme, table, names, faults, listed=listed is not None)
    if faults.count:
        faults.shown.sort(key=lambda fault: (fault.file, fault.line or 0))
        raise faults
    return MarkFiles(frame, known, names)


def doubles(path: Path) -> Faults:
    """The lines that record one mark twice; asked only after the core has met one."""
    faults = Faults()
    table = _Table.read(path, MARK_COLUMNS, faults)
    assert table is not None
    keys = [
        name
        for name in MARK_COLUMNS
        if name in table.frame.columns and name not in ("value", "factor", "time")
    ]
    again = (~table.frame.select(pl.struct(keys).is_first_distinct()).to_series()).arg_true()
    lines = table.lines(again.to_list())
    for row, line in zip(again, lines, strict=True):
        said = ", ".join(str(part) for part in table.frame.select(keys).row(row))
        faults.add(Fault(table.file, line, "entry", said, Finding("rank.mark_twice", facts={"value": said})))
    return faults


def _ids(scheme: Scheme) -> list[str]:
    """Everything a mark can be recorded under."""
    found = {deduction.id for deduction in scheme.deductions}
    for stage in scheme.stages:
        found |= {aspect.id for module in stage.modules for aspect in aspects_of(module)}
        found |= {deduction.id for deduction in deductions_of(stage)}
    return sorted(found)


@dataclass(slots=True)
class _Table:
    """A file as text columns under our names, line breaks still findable."""

    file: str
    path: Path
    frame: pl.DataFrame
    text: str | None

    @classmethod
    def read(cls, path: Path, known: Sequence[str], faults: Faults) -> _Table | None:
        file = path.name
        try:
            if path.suffix.lower() in (".parquet", ".pq"):
                frame = pl.read_parquet(path)
                frame = frame.with_columns(_as_text(name, dtype) for name, dtype in frame.schema.items())
                table = cls(file, path, frame, None)
            else:
                text = _decoded(path.read_bytes())
                frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
                table = cls(file, path, frame, text)
        except OSError as fault:
            faults.add(_whole(file, "rank.unreadable", reason=fault.strerror or str(fault)))
            return None
        except UnicodeDecodeError:
            faults.add(_whole(file, "rank.encoding"))
            return None
        except pl.exceptions.NoDataError:
            faults.add(_whole(file, "rank.file_empty"))
            return None
        except pl.exceptions.PolarsError as fault:
            _ragged(path, file, str(fault), faults)
            return None
        renamed = {name: CHINESE.get(name.strip(), name.strip().lower()) for name in table.frame.columns}
        for name, ours in renamed.items():
            if ours not in known:
                finding = Finding("rank.column_unknown", facts={"column": name, "known": list(known)})
                faults.add(Fault(file, 1, name, "", finding))
        if len(set(renamed.values())) < len(renamed):
            faults.add(_whole(file, "rank.column_twice", line=1))
            return None
        table.frame = table.frame.rename(renamed).with_columns(pl.all().fill_null("").str.strip_chars())
        return table

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Line numbers of data rows: records may hold line breaks, files blank lines."""
        if self.text is None:
            return [row + 1 for row in rows]
        if self.text.count("\n") + (not self.text.endswith("\n")) == self.frame.height + 1:
            return [row + 2 for row in rows]
        starts: list[int] = []
        reader = csv.reader(io.StringIO(self.text))
        before = 0
        for record in reader:
            if record:
                starts.append(before + 1)
            before = reader.line_num
        return [starts[row + 1] for row in rows]

    def blame(self, faults: Faults, wrong: pl.Series, column: str, finding: Any) -> None:
        """One fault per wrong row; `finding` makes it from the value found there."""
        rows = wrong.arg_true()
        if not rows.len():
            return
        shown = rows.head(max(LIMIT - len(faults.shown), 0)).to_list()
        values = (
            self.frame[column].gather(shown).to_list() if column in self.frame.columns else [""] * len(shown)
        )
        for line, value in zip(self.lines(shown), values, strict=True):
            faults.add(Fault(self.file, line, column, value, finding(value)))
        faults.count += rows.len() - len(shown)


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_float():
        exact = (pl.col(name) * SCALE).round().cast(pl.Int64)
        return (exact.cast(pl.Decimal(28, 4)) / SCALE).cast(pl.String).alias(name)
    return pl.col(name).cast(pl.String)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _whole(file: str, code: str, line: int | None = None, **facts: Any) -> Fault:
    return Fault(file, line, "", "", Finding(code, facts=facts))


def _ragged(path: Path, file: str, reason: str, faults: Faults) -> None:
    """Lines with more or fewer cells than the header."""
    rows = csv.reader(io.StringIO(_decoded(path.read_bytes())))
    header = next(rows, [])
    before = faults.count
    for record in rows:
        if record and len(record) != len(header):
            facts = {"found": len(record), "expected": len(header)}
            finding = Finding("rank.cells", facts=facts)
            faults.add(Fault(file, rows.line_num, "", ",".join(record)[:80], finding))
    if faults.count == before:
        faults.add(_whole(file, "rank.unreadable", reason=reason[:200]))


def _require(table: _Table, columns: Sequence[str], faults: Faults) -> None:
    for column in columns:
        if column not in table.frame.columns:
            facts = {"column": column, "known": table.frame.columns}
            faults.add(Fault(table.file, 1, column, "", Finding("rank.column_missing", facts=facts)))


def _entries(table: _Table | None, names: pl.Series, faults: Faults) -> pl.DataFrame:
    known = pl.DataFrame({"entry": pl.int_range(names.len(), eager=True)})
    if table is None:
        return known
    frame = table.frame
    table.blame(faults, frame["entry"] == "", "entry", lambda _: Finding("rank.entry_missing"))
    twice = ~frame["entry"].is_first_distinct() & (frame["entry"] != "")
    table.blame(faults, twice, "entry", lambda value: Finding("rank.entry_twice", facts={"value": value}))
    texts = ("category", "delegation", "region", "industry", "team")
    columns = [pl.when(pl.col(n) != "").then(pl.col(n)).alias(n) for n in texts if n in frame.columns]
    if "status" in frame.columns:
        words = pl.col("status").str.to_lowercase()
        wrong = ~frame["status"].str.to_lowercase().is_in(STATUSES)
        table.blame(faults, wrong, "status", lambda v: _one_of("rank.status_unknown", v, STATUSES[1:]))
        columns.append(words.alias("status"))
    if "guest" in frame.columns:
        wrong = ~frame["guest"].str.to_lowercase().is_in((*_YES, *_NO))
        table.blame(faults, wrong, "guest", lambda v: _one_of("rank.not_yes_or_no", v, ("yes", "no")))
        columns.append(pl.col("guest").str.to_lowercase().is_in(_YES).alias("guest"))
    for name in ("lot", "ruling"):
        if name in frame.columns:
            wrong = ~frame[name].str.contains(r"^[0-9]{0,9}$")
            table.blame(faults, wrong, name, lambda v: Finding("rank.not_whole", facts={"value": v}))
            columns.append(pl.col(name).cast(pl.Int64, strict=False).alias(name))
    if faults.count:
        return known
    return pl.concat([known, frame.select(columns)], how="horizontal")


def _one_of(code: str, value: str, known: Sequence[str]) -> Finding:
    return Finding(code, facts={"value": value, "known": list(known)})


def _marks(scheme: Scheme, table: _Table, names: pl.Series, faults: Faults, *, listed: bool) -> pl.DataFrame:
    ids = _ids(scheme)
    frame = table.frame
    table.blame(faults, frame["entry"] == "", "entry", lambda _: Finding("rank.entry_missing"))
    entry = frame["entry"].cast(pl.Enum(names), strict=False)
    if listed:
        stray = entry.is_null() & (frame["entry"] != "")
        table.blame(faults, stray, "entry", lambda v: Finding("rank.entry_unknown", facts={"value": v}))
    aspect = frame["aspect"].cast(pl.Enum(ids), strict=False)
    table.blame(faults, aspect.is_null(), "aspect", lambda v: _one_of("rank.aspect_unknown", v, ids[:30]))
    columns = {"entry": entry.to_physical().cast(pl.Int64), "aspect": aspect}
    stages = [stage.id for stage in scheme.stages]
    if "stage" in frame.columns:
        stage = frame["stage"].cast(pl.Enum(stages), strict=False)
        wrong = stage.is_null() & (frame["stage"] != "")
        table.blame(faults, wrong, "stage", lambda v: _one_of("rank.stage_unknown", v, stages))
        columns["stage"] = stage
    if "judge" in frame.columns:
        columns["judge"] = frame["judge"]
    if "attempt" in frame.columns:
        wrong = ~frame["attempt"].str.contains(r"^([1-9][0-9]{0,3})?$")
        table.blame(faults, wrong, "attempt", lambda v: Finding("rank.not_whole", facts={"value": v}))
        columns["attempt"] = frame["attempt"].cast(pl.Int32, strict=False)
    value, blank = _values(table, faults)
    columns |= {"value": value, "blank": blank}
    if "factor" in frame.columns:
        wrong = ~frame["factor"].str.contains(_NUMBER) & (frame["factor"] != "")
        table.blame(faults, wrong, "factor", lambda v: Finding("rank.not_a_number", facts={"value": v}))
        columns["factor"] = _scaled(frame["factor"])
    if "time" in frame.columns:
        wrong = ~frame["time"].str.contains(_TIME) & (frame["time"] != "")
        table.blame(faults, wrong, "time", lambda v: Finding("rank.not_a_time", facts={"value": v}))
        columns["time"] = _milliseconds(frame["time"])
    found = pl.DataFrame(columns)
    _in_range(scheme, table, found, faults)
    return found


def _values(table: _Table, faults: Faults) -> tuple[pl.Series, pl.Series]:
    """Scaled values and blanks; texts that are no plain number are read one distinct text at a time."""
    text = table.frame["value"]
    plain = text.str.contains(_NUMBER)
    value = _scaled(text.set(~plain, None))
    blank = pl.repeat(None, text.len(), dtype=pl.String, eager=True).set(text == "", "pending")
    odd = text.filter(~plain & (text != "")).unique()
    readings = {word: parse_value(word) for word in odd.to_list()}
    right = {word: reading for word, reading in readings.items() if not reading[2]}
    if readings:
        numbers = {word: reading[0] for word, reading in right.items() if reading[0] is not None}
        blanks = {word: reading[1] for word, reading in right.items() if reading[1] in BLANKS}
        read = text.replace_strict(numbers, default=None, return_dtype=pl.Int64)
        value = value.zip_with(value.is_not_null(), read)
        blank = blank.zip_with(
            blank.is_not_null(), text.replace_strict(blanks, default=None, return_dtype=pl.String)
        )
        wrong = ~plain & (text != "") & ~text.is_in(list(right))
        table.blame(faults, wrong, "value", lambda v: _renamed(readings[v][2][0], v))
    return value, blank


def _renamed(finding: Finding, value: str) -> Finding:
    return Finding(f"rank.{finding.code.partition('.')[2]}", facts={**finding.facts, "value": value})


def _scaled(text: pl.Series) -> pl.Series:
    exact = text.str.strip_chars_end(".").cast(pl.Decimal(28, 4), strict=False)
    return (exact * SCALE).cast(pl.Int64)


def _milliseconds(text: pl.Series) -> pl.Series:
    """85.3, 1:25.3 or 0:01:25.3 to milliseconds."""
    parts = text.str.split(":").list.reverse()
    total = pl.repeat(0, text.len(), dtype=pl.Int64, eager=True)
    for position, unit in enumerate((1_000, 60_000, 3_600_000)):
        part = parts.list.get(position, null_on_oob=True).cast(pl.Decimal(28, 4), strict=False)
        total = total + (part * unit).cast(pl.Int64).fill_null(0)
    return total.set(text == "", None)


def _in_range(scheme: Scheme, table: _Table, found: pl.DataFrame, faults: Faults) -> None:
    """Range and step of every aspect."""
    for stage in scheme.stages:
        for module in stage.modules:
            for aspect in aspects_of(module):
                here = found["aspect"].cast(pl.String) == aspect.id
                if "stage" in found.columns:
                    said = found["stage"].cast(pl.String).fill_null(stage.id)
                    here = here & (said == stage.id)
                _aspect_in_range(aspect, here, table, found["value"], faults)


def _aspect_in_range(
    aspect: Aspect, here: pl.Series, table: _Table, value: pl.Series, faults: Faults
) -> None:
    def finding(code: str, **facts: int) -> Any:
        said = {name: format_value(number) for name, number in facts.items()}
        return lambda v: Finding(code, facts={"aspect": aspect.id, "value": v, **said})

    if aspect.minimum is not None:
        wrong = (here & (value < aspect.minimum)).fill_null(False)
        table.blame(faults, wrong, "value", finding("rank.value_below_minimum", minimum=aspect.minimum))
    if aspect.maximum is not None:
        wrong = (here & (value > aspect.maximum)).fill_null(False)
        table.blame(faults, wrong, "value", finding("rank.value_above_maximum", maximum=aspect.maximum))
    wrong = (here & ((value - (aspect.minimum or 0)) % aspect.step != 0)).fill_null(False)
    table.blame(faults, wrong, "value", finding("rank.value_off_step", step=aspect.step))
