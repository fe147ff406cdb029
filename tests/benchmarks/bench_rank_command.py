"""`saichuang rank` on files of up to 26 million marks, as a ratio to Polars only reading the same file. `make bench`.

The command reads, checks every value, ranks overall and in regions, and writes the board; each run is its own process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from tests.benchmarks.bench_millions import DOCUMENT, table

SIZES = (100_000, 1_000_000, 4_330_000)
COMMAND = "from web.cli import main; main()"


def write_files(folder: Path, count: int) -> None:
    """Marks as people have them: entry numbers as text, decimals with two places."""
    marks, entries = table(count)
    name = (pl.lit("A") + pl.col("entry").cast(pl.String).str.zfill(7)).alias("entry")
    value = (pl.col("value").cast(pl.Decimal(20, 4)) / 10_000).cast(pl.Decimal(20, 2)).alias("value")
    marks = marks.with_columns(value, name, pl.col("aspect").cast(pl.String))
    marks.write_csv(folder / "marks.csv")
    marks.write_parquet(folder / "marks.parquet")
    entries.with_columns(name, pl.col("region").cast(pl.String)).write_csv(folder / "entries.csv")
    (folder / "scheme.json").write_text(json.dumps(DOCUMENT))


def timed(*command: str) -> tuple[float, int]:
    """Seconds, and the highest memory in MB that any such process has needed so far."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def main() -> None:
    for count in SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            write_files(folder, count)
            read = f"import polars as pl; pl.read_csv('{folder}/marks.csv', infer_schema=False)"
            floor, _ = timed("-c", read)
            print(f"{count:,} entries x 6 marks: Polars reads the CSV in {floor:.1f} s")
            for kind in ("csv", "parquet"):
                files = ("--marks", f"{folder}/marks.{kind}", "--entries", f"{folder}/entries.csv")
                output = ("--scheme", f"{folder}/scheme.json", "-o", f"{folder}/board.csv")
                taken, peak = timed("-c", COMMAND, "rank", *files, *output)
                print(
                    f"  saichuang rank {kind:<8} {taken:6.1f} s  {taken / floor:5.1f} of reading   peak {peak:,} MB"
                )


if __name__ == "__main__":
    main()
