"""Ranking 100,000 entries × 6 marks as a ratio to the bare Polars sort of the same totals. `make bench`."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import polars as pl

from federation.judging import Scheme, rank

ENTRIES, MODULES, ROUNDS = 100_000, "ABCDEF", 9


def document() -> dict[str, Any]:
    weights = ["0.3", "0.1", "0.2", "0.1", "0.2", "0.1"]
    return {
        "id": "bench",
        "modules": [{"id": name, "weight": weight} for name, weight in zip(MODULES, weights, strict=True)],
        "tie_breaks": ["module:C", "module:A"],
        "award_lines": [
            {"id": "first", "share": 0.1},
            {"id": "second", "share": 0.2},
            {"id": "third", "share": 0.3},
        ],
    }


def table() -> pl.DataFrame:
    """Half-point marks in random order, as they come from many clerks."""
    chance = random.Random(20260101)
    count = ENTRIES * len(MODULES)
    frame = pl.DataFrame(
        {
            "entry": [number // len(MODULES) for number in range(count)],
            "aspect": [*MODULES] * ENTRIES,
            "value": [chance.randrange(0, 201) * 5_000 for _ in range(count)],
        }
    )
    return frame.sample(fraction=1, shuffle=True, seed=1)


def median(of: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        of()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    scheme, marks = Scheme.from_json(document()), table()
    coded = marks.with_columns(pl.col("aspect").cast(pl.Enum(list(MODULES))))
    totals = rank(scheme, marks).places["total"].shuffle(seed=2)
    floor = median(lambda: totals.sort(descending=True))
    print(f"bare sort of {ENTRIES:,} totals            {floor * 1000:8.2f} ms    1.0")
    for name, frame in (("marks with text aspects", marks), ("marks with coded aspects", coded)):
        whole = median(lambda frame=frame: rank(scheme, frame))  # type: ignore[misc]
        print(f"rank, {name:<32} {whole * 1000:8.2f} ms {whole / floor:6.1f}")


if __name__ == "__main__":
    main()
