"""`saichuang certificates`: made, listed, written to a file; refusals in words."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from federation import privacy
from federation.database import close_database, open_database
from tests.cast import the_clerk, the_organiser
from tests.conftest import KEYS, known_keys
from tests.contests.award_scenes import a_final, with_settings
from tests.web.test_certificate_paper import pages_of
from web.certificates_command import certificates
from web.settings import Settings


async def _scene(path: Path, *, settings: bool) -> None:
    privacy.use_keys(KEYS)
    await open_database(str(path))
    try:
        xiong = await the_organiser()
        await a_final(xiong)
        await the_clerk(1)
        if settings:
            await with_settings(xiong)
    finally:
        await close_database()


@pytest.fixture
def run(sqlite_template, tmp_path):
    """`run("make", "2026-qg", …)` as 熊晓燕 unless another login is given; `settings=False` leaves them unset."""
    path = tmp_path / "site.sqlite"

    def command(*words: str, login: str = "熊晓燕", settings: bool = True) -> Result:
        if not path.exists():
            shutil.copy(sqlite_template, path)
            asyncio.run(_scene(path, settings=settings))
        site = Settings(database_url=str(path), keys_file=known_keys(tmp_path))
        return CliRunner().invoke(certificates, [*words, "--as", login], obj=site)

    return command


def test_made_listed_and_written_to_one_file(run, tmp_path):
    made = run("make", "2026-qg")
    listed = run("list", "2026-qg")
    out = tmp_path / "all.pdf"
    written = run("pdf", "1", "-o", str(out))
    assert (made.exit_code, made.stderr.splitlines()[-1]) == (0, "batch 1: 4 made, 0 failed, 0 waiting")
    assert listed.stdout == "1\tdone\t4 made\t0 failed\t0 waiting\n"
    assert (written.exit_code, pages_of(out.read_bytes())) == (0, 4)


def test_a_second_time_there_is_nothing_to_make(run):
    run("make", "2026-qg")
    again = run("make", "2026-qg", "--event-category", "1")
    assert (again.exit_code, again.stderr.strip()) == (2, "获奖的人都已经有证书，没有要做的")
    resumed = run("resume", "1")
    assert (resumed.exit_code, resumed.stderr.splitlines()[-1]) == (0, "batch 1: 4 made, 0 failed, 0 waiting")


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (("make", "2026-qg"), {"settings": False}, "还没有定编号与样式，请先设定"),
        (("make", "2026-xx"), {}, "没有这项竞赛"),
        (("pdf", "7", "-o", "x.pdf"), {}, "没有这一批证书"),
        (("make", "2026-qg"), {"login": "邱录分"}, "不归你管"),
        (("make", "2026-qg"), {"login": "nobody"}, "there is no account nobody"),
    ],
)
def test_refusals_are_said_in_words(run, words, options, said):
    refused = run(*words, **options)
    assert (refused.exit_code, said in refused.stderr) == (2, True)
