"""`saichuang rank`: what a bad file is told, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from click.testing import CliRunner, Result

from web.rank_command import rank

SCHEME = '{"id": "t", "modules": [{"id": "theory", "weight": 0.3}, {"id": "practical", "weight": 0.7}]}'


def run(tmp_path: Path, marks: bytes) -> tuple[Result, Path]:
    (tmp_path / "S.json").write_text(SCHEME, "utf-8")
    (tmp_path / "M.csv").write_bytes(marks)
    out = tmp_path / "OUT.csv"
    options = ["--scheme", f"{tmp_path / 'S.json'}", "--marks", f"{tmp_path / 'M.csv'}", "-o", f"{out}"]
    return CliRunner().invoke(rank, [*options, "--language", "en"]), out


def test_all_faults_of_a_file_at_once_and_nothing_written(tmp_path: Path) -> None:
    lines = "entry,aspect,value\nA,theory,80\nB,theory,101\n,theory,80\nC,thoery,80\nD,theory,8O\n"
    result, out = run(tmp_path, lines.encode())
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stderr.splitlines()[:-1]] == [
        "M.csv:3:value", "M.csv:4:entry", "M.csv:5:aspect", "M.csv:6:value",
    ]  # fmt: skip
    assert not out.exists()


def test_a_mark_recorded_twice_is_named_by_its_second_line(tmp_path: Path) -> None:
    result, _ = run(tmp_path, b"entry,aspect,value\nA,theory,80\nA,practical,70\nA,theory,81\n")
    assert result.stderr.startswith("M.csv:4:entry: ")


def test_a_gbk_file_with_blanks_is_read(tmp_path: Path) -> None:
    result, out = run(tmp_path, "选手,评分点,分值\n程师傅,theory,80\n程师傅,practical,DNF\n".encode("gbk"))
    assert result.exit_code == 0, result.stderr
    assert out.read_text("utf-8").splitlines() == [
        "entry,category,place,tied,total,theory,practical,main,award,tie_break",
        "程师傅,,1,false,24.00,80,,24,,",
    ]


RELAY = """{"id": "t", "modules": [{"id": "a"}], "roundings": {"total": {"step": "0.1"}},
 "teams": {"rule": "best", "count": 2, "minimum": 2, "time": true}}"""
RUNNERS = (
    "entry,aspect,value,time\nA1,a,9,60\nA2,a,8.5,1:00.5\nA3,a,1,10\n"
    "B1,a,9,50\nB2,a,8.5,50\nC1,a,99,1\nD1,a,9,1\nD2,a,8,1\n"
)
TEAMS = "entry,team\nA1,甲队\nA2,甲队\nA3,甲队\nB1,乙队\nB2,乙队\nC1,丙队\nD1,丁队\nD2,丁队\n"


def run_teams(folder: Path, scheme: str, *options: str) -> Result:
    for name, text in (("S.json", scheme), ("M.csv", RUNNERS), ("E.csv", TEAMS)):
        (folder / name).write_text(text, "utf-8")
    given = ["--scheme", folder / "S.json", "--marks", folder / "M.csv", "--entries", folder / "E.csv"]
    return CliRunner().invoke(rank, [*map(str, given), *options, "--language", "en"])


def test_the_two_best_make_a_team_and_the_shorter_time_parts_equals(tmp_path: Path) -> None:
    """甲 9 + 8.5 in 120.5 s, 乙 9 + 8.5 in 100 s, 丁 9 + 8; 丙 has one member where two are needed."""
    out = tmp_path / "TEAMS.csv"
    result = run_teams(tmp_path, RELAY, "--teams", str(out), "-o", str(tmp_path / "OUT.csv"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_text("utf-8").splitlines() == [
        "team,place,tied,total,members,time",
        "乙队,1,false,17.5,2,100",
        "甲队,2,false,17.5,2,120.5",
        "丁队,3,false,17.0,2,2",
    ]
    assert (tmp_path / "OUT.csv").read_text("utf-8").count("\n") == 9


def test_teams_as_parquet_and_on_the_terminal_are_the_same(tmp_path: Path) -> None:
    """Without time the two equal teams share their place and no column tells of time."""
    scheme = RELAY.replace(', "time": true', "")
    result = run_teams(tmp_path, scheme, "--teams", "-")
    assert result.stdout.splitlines() == [
        "team,place,tied,total,members",
        "乙队,1,true,17.5,2",
        "甲队,1,true,17.5,2",
        "丁队,3,false,17.0,2",
    ]
    out = tmp_path / "TEAMS.parquet"
    assert run_teams(tmp_path, scheme, "--teams", str(out)).exit_code == 0
    assert pl.read_parquet(out).write_csv() == result.stdout


def test_a_scheme_without_teams_has_none_to_write(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    result = run_teams(
        tmp_path, '{"id": "t", "aspects": ["a"]}', "-o", str(out), "--teams", str(tmp_path / "T.csv")
    )
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "S.json:teams: The scheme has no rule for teams, so there are none to write; add teams to the scheme or "
        "leave out --teams"
    )
    assert not out.exists()


def test_where_one_file_cannot_be_written_neither_is(tmp_path: Path) -> None:
    out = tmp_path / "OUT.csv"
    result = run_teams(tmp_path, RELAY, "-o", str(out), "--teams", str(tmp_path / "missing" / "T.csv"))
    assert result.exit_code == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["E.csv", "M.csv", "S.json"]
    assert run_teams(tmp_path, RELAY, "-o", str(out), "--teams", str(out)).exit_code == 2
