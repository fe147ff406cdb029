"""Whatever a file holds, the command ends with a board or with words, never with a trace of the machine."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from web.cli import main

SCHEME = {
    "id": "s",
    "basis": "x",
    "modules": [{"id": "A"}, {"id": "B", "aspects": [{"id": "b", "factored": True}]}],
}
CELLS = st.sampled_from(
    [
        "1",
        "A",
        "b",
        "B",
        "",
        "dns",
        "缺考",
        "99.5",
        "1e9",
        "-1",
        "100.00001",
        '"',
        "1:25.3",
        "NaN",
        "１２",
        "=1+1",
        "\x00",
        "7,5",
    ]
)
HEADS = st.lists(
    st.sampled_from(
        ["entry", "aspect", "value", "judge", "attempt", "time", "factor", "stage", "选手", "名字", ""]
    ),
    min_size=1,
    max_size=5,
)
CALM = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ends(folder: Path, marks: bytes, name: str = "m.csv") -> tuple[int, bool]:
    (folder / "s.json").write_text(json.dumps(SCHEME))
    (folder / name).write_bytes(marks)
    given_files = [
        "--scheme",
        str(folder / "s.json"),
        "--marks",
        str(folder / name),
        "-o",
        str(folder / "o.csv"),
    ]
    done = CliRunner().invoke(main, ["rank", *given_files, "--language", "en"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, bool(done.output.strip())


@CALM
@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xfe\x00\x00")
@example(b"PAR1")
def test_any_bytes(tmp_path: Path, marks: bytes) -> None:
    for name in ("m.csv", "m.parquet"):
        code, said = ends(tmp_path, marks, name)
        assert code == 0 or (code == 1 and said)


@CALM
@given(HEADS, st.lists(st.lists(CELLS, max_size=6), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_any_table(tmp_path: Path, heads: list[str], lines: list[list[str]], mark: str) -> None:
    text = "\n".join(mark.join(line) for line in [heads, *lines])
    code, said = ends(tmp_path, text.encode())
    assert code == 0 or (code == 1 and said)


NAMES = st.sampled_from(["id", "modules", "aspects", "stages", "cut", "weight", "panel", "rule", "kind"])
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
DOCUMENTS = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@CALM
@given(DOCUMENTS)
def test_any_scheme(tmp_path: Path, document: object) -> None:
    (tmp_path / "s.json").write_text(json.dumps(document))
    (tmp_path / "m.csv").write_text("entry,aspect,value\n1,A,5\n")
    done = CliRunner().invoke(
        main, ["rank", "--scheme", str(tmp_path / "s.json"), "--marks", str(tmp_path / "m.csv"), "-o", "-"]
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(SCHEME))
    (tmp_path / "m.csv").write_text("entry,aspect\n1,A\n")
    given_files = [
        "--scheme",
        str(tmp_path / "s.json"),
        "--marks",
        str(tmp_path / "m.csv"),
        "-o",
        str(tmp_path / "o.csv"),
    ]
    done = CliRunner().invoke(main, ["rank", *given_files, "--language", "en"])
    assert done.exit_code == 1
    assert done.output.splitlines()[0].startswith("m.csv:1:value: ")
    assert "entry, aspect" in done.output
