"""Ranking up to 4.33 million entries × 6 marks: ours beside what people would use instead. `make bench`.

Each competitor runs in a process of its own on the same marks: weights, deductions, three tie-breaks, places overall
and in 11 regions, award lines. All of them print the same winners, or the bench fails.
"""

from __future__ import annotations

import itertools
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import polars as pl

SIZES = (10_000, 100_000, 1_000_000, 4_330_000)
MODULES = "ABCDEF"
WEIGHTS = (3, 1, 2, 1, 2, 1)
REGIONS = 11
SHARES = (0.1, 0.2, 0.3)
DOCUMENT = {
    "id": "bench",
    "modules": [
        {
            "id": name,
            "weight": f"0.{weight}",
            "floor": 0,
            "aspects": [name.lower()],
            "deductions": [{"id": f"d{name}"}] if name in "AB" else [],
        }
        for name, weight in zip(MODULES, WEIGHTS, strict=True)
    ],
    "tie_breaks": ["module:C", "module:A", "module:E"],
    "rankings": [{"id": "all"}, {"id": "region", "by": ["region"]}],
    "award_lines": [
        {"id": name, "share": str(share)}
        for name, share in zip(("first", "second", "third"), SHARES, strict=True)
    ],
}


def table(count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Marks in steps of 0.05 ordered by entry, one deduction for every twentieth; entries with regions."""
    words = pl.Enum([*MODULES.lower(), "dA", "dB"])
    number = pl.int_range(count * len(MODULES), eager=True)
    chance = number.hash(20260101)
    marks = pl.DataFrame(
        {
            "entry": number // len(MODULES),
            "aspect": pl.Series([*MODULES.lower()], dtype=words).gather(number % len(MODULES)),
            "value": (chance % 2001).cast(pl.Int64) * 500,
        }
    )
    every = pl.int_range(0, count, 20, eager=True)
    taken = pl.DataFrame(
        {
            "entry": every,
            "aspect": pl.Series(["dA", "dB"], dtype=words).gather((every // 20) % 2),
            "value": (every.hash(7) % 5 + 1).cast(pl.Int64) * 10_000,
        }
    )
    regions = pl.Series(
        [f"R{n:02}" for n in range(REGIONS)], dtype=pl.Enum([f"R{n:02}" for n in range(REGIONS)])
    )
    entry = pl.int_range(count, eager=True)
    entries = pl.DataFrame({"entry": entry, "region": regions.gather(entry.hash(3) % REGIONS)})
    return pl.concat([marks, taken]), entries


Told = tuple[int, int, int]
"""(winner, entries with an award, sum of the places in the regions)"""


def ours(marks: pl.DataFrame, entries: pl.DataFrame) -> Told:
    from federation.judging import Scheme, rank

    places = rank(Scheme.from_json(DOCUMENT), marks, entries).places
    winner = int(places["entry"][0])
    return (
        winner,
        places.height - places["award"].null_count(),
        int(places["place:region"].cast(pl.Int64).sum()),
    )


def of_a_ready_total(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], Told]:
    """The ranking alone: totals and what breaks ties stand ready, as the evaluation leaves them."""
    from federation.judging import Scheme, aggregation, rank, ranking

    scheme = Scheme.from_json(DOCUMENT)
    ready = aggregation.evaluate(scheme, marks, entries)

    def run() -> Told:
        ranking.evaluate = lambda *_: ready  # type: ignore[assignment,misc]
        places = rank(scheme, marks, entries).places
        winner = int(places["entry"][0])
        return (
            winner,
            places.height - places["award"].null_count(),
            int(places["place:region"].cast(pl.Int64).sum()),
        )

    return run


def of_one_changed_mark(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], object]:
    """A clerk corrects one mark of one entry by a point; the board before is at hand. Same board as ranked anew."""
    from federation.judging import Scheme, moved, rank

    before = rank(Scheme.from_json(DOCUMENT), marks, entries)
    entry = entries.height // 2
    mine = marks.filter(pl.col("entry") == entry)
    others = marks.filter(pl.col("entry") != entry)
    corrected = [
        mine.with_columns(value=pl.when(pl.col("aspect") == "c").then(value).otherwise("value"))
        for value in (500_000, 510_000)
    ]
    board, turns = [before], itertools.cycle(corrected)

    def run() -> object:
        board[0] = moved(board[0], next(turns))
        return None

    run()
    anew = rank(before.scheme, pl.concat([others, corrected[0]]), entries)
    assert anew.places.equals(board[0].places), "a moved board differs from the one ranked anew"
    return run


def bare_sort(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], object]:
    from federation.judging import Scheme, rank

    totals = rank(Scheme.from_json(DOCUMENT), marks, entries).places.sort("entry")["total"].rechunk()
    return lambda: totals.sort(descending=True)


def bare_order(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], object]:
    from federation.judging import Scheme, rank

    totals = rank(Scheme.from_json(DOCUMENT), marks, entries).places.sort("entry")["total"].rechunk()
    return lambda: totals.arg_sort(descending=True)


def scatter_and_pack(marks: pl.DataFrame, entries: pl.DataFrame) -> Told:
    """The fastest we know by hand in NumPy, for this one rule: a wide matrix, one packed key, one sort."""
    import numpy as np

    count = entries.height
    wide = np.zeros((8, count), dtype=np.int64)
    wide[marks["aspect"].to_physical().to_numpy(), marks["entry"].to_numpy()] = marks["value"].to_numpy()
    wide[0] = np.maximum(wide[0] - wide[6], 0)
    wide[1] = np.maximum(wide[1] - wide[7], 0)
    total = (sum(weight * wide[n] for n, weight in enumerate(WEIGHTS)) + 500) // 1000
    key = ((total * 2001 + wide[2] // 500) * 10_001 + wide[0] // 100) * 2001 + wide[4] // 500
    order = np.argsort(-key, kind="stable")
    placed = _starts(key[order], np.zeros(count, dtype=np.int64))
    region = entries["region"].to_physical().to_numpy()[order]
    by_region = np.argsort(region, kind="stable")
    regional = _starts(key[order][by_region], region[by_region])
    last = sum(int(share * count + 0.5) for share in SHARES)
    return int(order[0]), int((placed <= last).sum()), int(regional.sum())


def _starts(key: Any, group: Any) -> Any:
    import numpy as np

    at = np.arange(len(key))
    opens = np.r_[True, group[1:] != group[:-1]]
    new = opens | np.r_[True, key[1:] != key[:-1]]
    return np.maximum.accumulate(np.where(new, at, 0)) - np.maximum.accumulate(np.where(opens, at, 0)) + 1


def in_pandas(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], Told]:
    import pandas as pd

    frame = pd.DataFrame({
        "entry": marks["entry"].to_numpy(),
        "aspect": pd.Categorical.from_codes(marks["aspect"].to_physical().to_numpy(), [*"abcdef", "dA", "dB"]),
        "value": marks["value"].to_numpy(),
    })  # fmt: skip
    regions = entries["region"].to_physical().to_numpy()

    def run() -> Told:
        wide = frame.pivot_table(
            index="entry", columns="aspect", values="value", aggfunc="sum", fill_value=0, observed=False
        )
        wide["a"] = (wide["a"] - wide["dA"]).clip(lower=0)
        wide["b"] = (wide["b"] - wide["dB"]).clip(lower=0)
        wide["total"] = (sum(w * wide[m] for m, w in zip("abcdef", WEIGHTS, strict=True)) + 500) // 1000
        wide["region"] = regions
        wide = wide.sort_values(["total", "c", "a", "e"], ascending=False, kind="stable")
        chain = ["total", "c", "a", "e"]
        run_number = (wide[chain] != wide[chain].shift()).any(axis=1).cumsum()
        placed = (
            run_number.groupby(run_number).transform(lambda s: 0)
            if len(wide) < 2
            else run_number.rank(method="min")
        )
        regional = run_number.groupby(wide["region"]).rank(method="min")
        last = sum(int(share * len(wide) + 0.5) for share in SHARES)
        return int(wide.index[0]), int((placed <= last).sum()), int(regional.sum())

    return run


SQL = """
WITH sums AS (
  SELECT entry, SUM(CASE aspect WHEN 0 THEN value END) AS a, SUM(CASE aspect WHEN 1 THEN value END) AS b,
    SUM(CASE aspect WHEN 2 THEN value END) AS c, SUM(CASE aspect WHEN 3 THEN value END) AS d,
    SUM(CASE aspect WHEN 4 THEN value END) AS e, SUM(CASE aspect WHEN 5 THEN value END) AS f,
    SUM(CASE aspect WHEN 6 THEN value ELSE 0 END) AS da, SUM(CASE aspect WHEN 7 THEN value ELSE 0 END) AS db
  FROM marks GROUP BY entry),
floored AS (
  SELECT entry, CASE WHEN a > da THEN a - da ELSE 0 END AS a, CASE WHEN b > db THEN b - db ELSE 0 END AS b, c, d, e, f
  FROM sums),
totals AS (
  SELECT s.*, r.region, (3 * a + b + 2 * c + d + 2 * e + f + 500) {div} 1000 AS total
  FROM floored s JOIN entries r ON r.entry = s.entry),
placed AS (
  SELECT entry, RANK() OVER (ORDER BY total DESC, c DESC, a DESC, e DESC) AS place,
    RANK() OVER (PARTITION BY region ORDER BY total DESC, c DESC, a DESC, e DESC) AS regional
  FROM totals)
SELECT MIN(CASE WHEN place = 1 THEN entry END), SUM(CASE WHEN place <= ? THEN 1 ELSE 0 END), SUM(regional) FROM placed
"""


def in_duckdb(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], Told]:
    import tempfile

    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in _coded(marks, entries).items():
            frame.write_parquet(f"{folder}/{name}.parquet")
            connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')"
            )
    last = sum(int(share * entries.height + 0.5) for share in SHARES)
    return lambda: tuple(int(n) for n in connection.execute(SQL.format(div="//"), [last]).fetchone())  # type: ignore[return-value,union-attr]


def in_sqlite(marks: pl.DataFrame, entries: pl.DataFrame) -> Callable[[], Told]:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE marks (entry INTEGER, aspect INTEGER, value INTEGER)")
    connection.execute("CREATE TABLE entries (entry INTEGER PRIMARY KEY, region INTEGER)")
    for name, frame in _coded(marks, entries).items():
        held = ", ".join("?" * frame.width)
        connection.executemany(f"INSERT INTO {name} VALUES ({held})", frame.iter_rows())
    last = sum(int(share * entries.height + 0.5) for share in SHARES)
    return lambda: tuple(connection.execute(SQL.format(div="/"), [last]).fetchone())


def _coded(marks: pl.DataFrame, entries: pl.DataFrame) -> dict[str, pl.DataFrame]:
    number = pl.selectors.by_dtype(pl.Enum).to_physical().cast(pl.Int64)
    return {"marks": marks.with_columns(number), "entries": entries.with_columns(number)}


READY = {
    "ranking of ready totals": of_a_ready_total,
    "one changed mark": of_one_changed_mark,
    "bare sort of the totals": bare_sort,
    "bare order of the totals": bare_order,
    "pandas": in_pandas,
    "DuckDB": in_duckdb,
    "SQLite": in_sqlite,
}
AT_ONCE = {"rank": ours, "scatter and pack": scatter_and_pack}
SLOW = {"SQLite": 1, "pandas": 1}


def measured(name: str, count: int, rounds: int) -> dict[str, Any]:
    """In this process: median seconds, peak memory in MB before and after, what it told."""
    marks, entries = table(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    run = (lambda: AT_ONCE[name](marks, entries)) if name in AT_ONCE else READY[name](marks, entries)
    taken, told = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        told = run()
        taken.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = told if isinstance(told, tuple) else None
    return {"seconds": statistics.median(taken), "before": before, "peak": peak, "told": told}


def apart(name: str, count: int) -> dict[str, Any]:
    rounds = 1 if count > 500_000 and name in SLOW else 3 if count > 500_000 else 5
    command = [sys.executable, "-m", "tests.benchmarks.bench_millions", name, str(count), str(rounds)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def main() -> None:
    if len(sys.argv) == 4:
        print(json.dumps(measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
        return
    for count in SIZES:
        rows = {name: apart(name, count) for name in (*AT_ONCE, *READY)}
        told = {tuple(row["told"]) for row in rows.values() if row["told"]}
        assert len(told) == 1, {name: row["told"] for name, row in rows.items()}
        own = rows["rank"]["seconds"]
        print(f"{count:,} entries x {len(MODULES)} marks")
        for name, row in rows.items():
            print(
                f"  {name:<26} {row['seconds'] * 1000:10.1f} ms  {row['seconds'] / own:7.2f} of rank"
                f"   peak {row['peak']:6,} MB (data {row['before']:,})"
            )


if __name__ == "__main__":
    main()
