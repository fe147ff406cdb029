"""Published finals, ranked by their rule as a document: every official place comes out."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.rank_command import rank

HERE = Path(__file__).parent


def ranked(final: str, tmp_path: Path) -> dict[str, tuple[int, Decimal]]:
    out = tmp_path / "out.csv"
    run = CliRunner().invoke(
        rank,
        [
            "--scheme",
            f"{HERE / final / 'scheme.json'}",
            "--marks",
            f"{HERE / final / 'marks.csv'}",
            "-o",
            f"{out}",
        ],
    )
    assert run.exit_code == 0, run.output
    with out.open(encoding="utf-8") as file:
        return {row["entry"]: (int(row["place"]), Decimal(row["total"])) for row in csv.DictReader(file)}


def official(final: str, figure: str) -> dict[str, tuple[int, Decimal]]:
    with (HERE / final / "places.csv").open(encoding="utf-8") as file:
        return {row["entry"]: (int(row["place"]), Decimal(row[figure])) for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("final", "figure", "misprints"),
    [("halfpipe_2026", "best_run", {}), ("decathlon_2004", "points", {"Clay": (2, Decimal(8818))})],
)
def test_places_and_totals(
    final: str, figure: str, misprints: dict[str, tuple[int, Decimal]], tmp_path: Path
) -> None:
    assert ranked(final, tmp_path) == official(final, figure) | misprints
