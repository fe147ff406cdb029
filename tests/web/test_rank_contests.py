"""Contests of very different rules through the command, as their files stand in tests/web/contests."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import main

FOLDER = Path(__file__).with_name("contests")
CONTESTS = sorted(path.parent for path in FOLDER.glob("*/scheme.json"))


def rows(file: Path, names: list[str]) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [[row[name] for name in names] for row in csv.DictReader(lines)]


@pytest.mark.parametrize("contest", CONTESTS, ids=lambda path: path.name)
def test_a_contest_comes_out_as_worked_by_hand(contest: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    given = ["--scheme", str(contest / "scheme.json"), "--marks", str(contest / "marks.csv"), "-o", str(out)]
    done = CliRunner().invoke(main, ["rank", *given])
    assert done.exit_code == 0, done.output
    names = ["entry", "place", "total"]
    assert rows(out, names) == rows(contest / "expected.csv", names)


def test_a_reason_is_given_for_everybody() -> None:
    for contest in CONTESTS:
        for entry, _place, _total in rows(contest / "expected.csv", ["entry", "place", "total"]):
            given = ["--scheme", str(contest / "scheme.json"), "--marks", str(contest / "marks.csv")]
            for spoken in ("zh", "en"):
                done = CliRunner().invoke(main, ["rank", *given, "--explain", entry, "--language", spoken])
                assert (done.exit_code, entry in done.output) == (0, True)
