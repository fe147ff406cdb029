"""`saichuang rank`: what a bad file is told, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

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
