"""Files as blocks of text columns under our names: CSV of any common make and Parquet, never whole in memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from federation.findings import Finding
from web.mark_files.columns import named
from web.mark_files.faults import Blame, Fault, Faults, Lines

Told = Callable[[int, float], None]
"""Hears how many rows have been read and which share of the file that is."""

_CHUNK = 32 << 20
_ROWS = 2_000_000
_SPARE = 8
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Block:
    """`frame`: text columns without outer blanks, "" where nothing is written. `row`: of the file, of its first."""

    frame: pl.DataFrame
    row: int


class Table:
    """One file. `columns`: those of ours it has; `warnings`: what was left out of it."""

    def __init__(self, path: Path) -> None:
        self.path, self.file = path, path.name
        self.lines = Lines()
        self.header: list[str] = []
        self.places: dict[int, str] = {}
        self.warnings: list[Finding] = []

    @property
    def columns(self) -> list[str]:
        return list(self.places.values())

    def blocks(self, faults: Faults, told: Told) -> Iterator[Block]:
        raise NotImplementedError

    def keep(self, frame: pl.DataFrame, first: int, listed: pl.Series | None) -> Block | None:
        """A block without rows that are empty; lines stay findable."""
        if frame.height and bool((frame.select(pl.first()).to_series() == "").any()):
            filled = ~frame.select(pl.all_horizontal(pl.all() == "")).to_series()
            if not bool(filled.all()):
                count = pl.int_range(first, first + frame.height, eager=True) if listed is None else listed
                listed, frame = count.filter(filled), frame.filter(filled)
        if not frame.height:
            return None
        row = self.lines.height
        self.lines.add(frame.height, first, listed)
        return Block(frame, row)


def opened(path: Path, known: Mapping[str, tuple[str, ...]], faults: Faults) -> Table | None:
    """The file with its header understood, or None and a fault."""
    before = faults.count
    try:
        parquet = path.suffix.lower() in (".parquet", ".pq")
        if not parquet:
            with path.open("rb") as file:
                parquet = file.read(4) == b"PAR1"
        table: Table = ParquetTable(path) if parquet else CsvTable(path)
    except OSError as fault:
        faults.whole(path.name, "rank.unreadable", reason=fault.strerror or str(fault))
    except UnicodeDecodeError:
        faults.whole(path.name, "rank.encoding")
    except (pl.exceptions.PolarsError, csv.Error) as fault:
        faults.whole(path.name, "rank.unreadable", reason=_brief(fault))
    else:
        if not any(name.strip() for name in table.header):
            faults.whole(path.name, "rank.file_empty")
            return None
        table.places, table.warnings = named(table.file, table.header, known, faults)
        return table if faults.count == before else None
    return None


class ParquetTable(Table):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.scan = pl.scan_parquet(path)
        self.schema = self.scan.collect_schema()
        self.header = self.schema.names()

    def blocks(self, faults: Faults, told: Told) -> Iterator[Block]:
        odd = [self.header[at] for at in self.places if self.schema[self.header[at]].is_nested()]
        for name in odd:
            faults.whole(self.file, "rank.column_nested", column=name)
        if odd:
            return
        wanted = [
            _text(self.header[at], self.schema[self.header[at]], ours) for at, ours in self.places.items()
        ]
        try:
            height = int(self.scan.select(pl.len()).collect().item())
            for start in range(0, height, _ROWS):
                frame = self.scan.slice(start, _ROWS).select(wanted).collect()
                block = self.keep(
                    frame.with_columns(pl.all().str.strip_chars().fill_null("")), start + 1, None
                )
                told(min(start + _ROWS, height), min(start + _ROWS, height) / height)
                if block:
                    yield block
        except pl.exceptions.PolarsError as fault:
            faults.whole(self.file, "rank.unreadable", reason=_brief(fault))


def _text(name: str, dtype: pl.DataType, ours: str) -> pl.Expr:
    """A typed column as a CSV would have it; a float as the shortest decimal that is read as this float."""
    column = pl.col(name)
    if isinstance(dtype, pl.Duration):
        column = column.dt.total_milliseconds().cast(pl.Decimal(28, 3)) / 1000
    text = column.cast(pl.String, strict=False)
    if dtype.is_float():
        text = text.str.strip_suffix(".0")
    return text.alias(ours)


class CsvTable(Table):
    """Encoding (UTF-8, UTF-16, GBK), delimiter and line ends are found out from the file itself."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.size = path.stat().st_size
        self.encoding = _encoding(path)
        head = next(self.chunks(1 << 20), b"")
        self.old_ends = b"\n" not in head and b"\r" in head
        head = head.replace(b"\r", b"\n") if self.old_ends else head
        lead = head.lstrip(b"\r\n \t")
        self.skip = len(head) - len(lead)
        if lead[:4].lower() == b"sep=":
            self.skip += lead.find(b"\n") + 1 or len(lead)
            lead = head[self.skip :]
        ends = _first_record(lead)
        record = lead[:ends].decode("utf-8", "replace")
        self.delimiter = _delimiter(record)
        self.header = next(csv.reader(io.StringIO(record), delimiter=self.delimiter), [])
        self.first = head[: self.skip + ends].count(b"\n") + 1 + (not lead[:ends].endswith(b"\n"))
        self.skip += ends
        self.spare = 0

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """The file as UTF-8, without a byte order mark."""
        with self.path.open("rb") as file:
            if self.encoding == "utf-8":
                start = file.read(3)
                if start != codecs.BOM_UTF8:
                    file.seek(0)
                while chunk := file.read(size):
                    yield chunk
                return
            decoder = codecs.getincrementaldecoder(self.encoding)()
            while chunk := file.read(size):
                yield decoder.decode(chunk).encode()
            if rest := decoder.decode(b"", True):
                yield rest.encode()

    def blocks(self, faults: Faults, told: Told) -> Iterator[Block]:
        line, done = self.first, 0
        for raw in self.records():
            frame, listed = self.parsed(raw, line, faults)
            block = self.keep(self.cleaned(frame, raw), line, listed)
            line += raw.count(b"\n")
            done += len(raw)
            told(self.lines.height, min(done / max(self.size, 1), 1))
            if block:
                yield block

    def records(self) -> Iterator[bytes]:
        """Chunks that end where a record ends."""
        rest, skip, lost = b"", self.skip, False
        for chunk in self.chunks():
            data = rest + (chunk.replace(b"\r", b"\n") if self.old_ends else chunk)
            if skip:
                data, skip = data[skip:], max(skip - len(data), 0)
            cut = 0 if lost else _last_end(data)
            lost = lost or (cut == 0 and len(data) > _CHUNK // 2)
            if cut:
                yield data[:cut]
            rest = data[cut:]
        if rest:
            yield rest

    def parsed(self, raw: bytes, line: int, faults: Faults) -> tuple[pl.DataFrame, pl.Series | None]:
        """Text columns c0, c1 … and, where rows are not lines, the line of each."""
        width = len(self.header)
        for spare in (self.spare, _SPARE):
            names = [f"c{at}" for at in range(width + spare)]
            head = self.delimiter.join(names).encode() + b"\n"
            try:
                frame = pl.read_csv(head + raw, separator=self.delimiter, infer_schema=False)
            except pl.exceptions.PolarsError:
                continue
            if frame.height != raw.count(b"\n") + (not raw.endswith(b"\n")):
                break
            self.spare = spare
            self.too_many(frame, width, line, faults)
            return frame, None
        return self.slowly(raw, line, faults)

    def too_many(self, frame: pl.DataFrame, width: int, line: int, faults: Faults) -> None:
        extra = frame.columns[width:]
        if not extra:
            return
        wrong = frame.select(
            pl.any_horizontal(pl.col(extra).fill_null("").str.strip_chars() != "")
        ).to_series()
        lines = Lines()
        lines.add(frame.height, line, None)
        blame = Blame(self.file, lines)
        found = pl.concat_str(pl.all().fill_null(""), separator=self.delimiter).str.strip_chars_end(
            self.delimiter
        )
        told = frame.select(found).to_series()

        def finding(value: str, _row: int) -> Finding:
            facts = {"found": value.count(self.delimiter) + 1, "expected": width, "value": value[:80]}
            return Finding("rank.cells", facts=facts)

        blame.rows(wrong, "", told, finding)
        blame.into(faults)

    def slowly(self, raw: bytes, line: int, faults: Faults) -> tuple[pl.DataFrame, pl.Series | None]:
        """Record by record, for what the fast reader does not take: quotes astray, line breaks in cells."""
        width = len(self.header)
        rows: list[list[str]] = []
        lines: list[int] = []
        reader = csv.reader(io.StringIO(raw.decode("utf-8", "replace"), newline=""), delimiter=self.delimiter)
        before = 0
        while True:
            try:
                record = next(reader, None)
            except csv.Error as fault:
                at = line + reader.line_num - 1
                faults.add(
                    Fault(self.file, at, "", "", Finding("rank.unreadable", facts={"reason": str(fault)}))
                )
                before = reader.line_num
                continue
            if record is None:
                break
            if len(record) > width and any(cell.strip() for cell in record[width:]):
                facts = {"found": len(record), "expected": width, "value": self.delimiter.join(record)[:80]}
                faults.add(
                    Fault(self.file, line + before, "", facts["value"], Finding("rank.cells", facts=facts))
                )
            rows.append(record[:width] + [""] * (width - len(record)))
            lines.append(line + before)
            before = reader.line_num
        columns = {f"c{at}": [row[at] for row in rows] for at in range(width)}
        schema = {f"c{at}": pl.String for at in range(width)}
        return pl.DataFrame(columns, schema=schema), pl.Series(lines, dtype=pl.Int64)

    def cleaned(self, frame: pl.DataFrame, raw: bytes) -> pl.DataFrame:
        """Our columns; blanks are stripped only where there are any, which is seldom and dear."""
        frame = frame.select(pl.col(f"c{at}").alias(ours) for at, ours in self.places.items())
        blanks = (b" ", b"\t", b"\r") if self.delimiter != "\t" else (b" ", b"\r")
        if not raw.isascii() or any(blank in raw for blank in blanks):
            frame = frame.with_columns(pl.all().str.strip_chars())
        return frame.with_columns(pl.all().fill_null("")) if any(c.null_count() for c in frame) else frame


def _encoding(path: Path) -> str:
    """Raises UnicodeDecodeError for what is none of them."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", True)
        except UnicodeDecodeError:
            if encoding == "gb18030":
                raise
        else:
            return encoding
    return "utf-8"


def _delimiter(record: str) -> str:
    """The sign that parts the header, outside quotes; a header of one column has a comma."""
    bare = "".join(part for at, part in enumerate(record.split('"')) if at % 2 == 0)
    return max(_DELIMITERS, key=lambda sign: (bare.count(sign), -_DELIMITERS.index(sign)))


def _first_record(data: bytes) -> int:
    """Where the first record ends, its line end included."""
    end, odd = 0, 0
    while (following := data.find(b"\n", end)) >= 0:
        odd ^= data.count(b'"', end, following) % 2
        end = following + 1
        if not odd:
            return end
    return len(data)


def _last_end(data: bytes) -> int:
    """Behind the last line break that is not inside quotes; 0 if there is none."""
    end = len(data)
    odd = data.count(b'"') % 2
    while (cut := data.rfind(b"\n", 0, end)) >= 0:
        odd ^= data.count(b'"', cut, end) % 2
        if not odd:
            return cut + 1
        end = cut
    return 0


def _brief(fault: Exception) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0][:200]
