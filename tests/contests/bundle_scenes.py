"""The bundle of a result that was corrected under notice and became final: five publications, as it is downloaded.

003 and 004 shared the third place with 20 + 50. An objection to 003 is upheld, 52 replaces 50: 003 stands third alone
with 72, 004 is fourth and has no award any more.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contests import objections, publication
from contests.bundles import writing
from contests.bundles.layout import text_of
from federation.audit import GENESIS, canonical
from federation.database import close_database, open_database
from tests.builders import marks
from tests.cast import the_organiser
from tests.contests.notice_scenes import (
    CLOSES,
    PUBLISHED,
    objection,
    travel,
    under_notice,
    upheld,
)
from web.pages.publications import rule_texts

REASON = "003 号实操成绩更正为 52"


async def corrected(monkeypatch: Any) -> tuple[int, bytes]:
    """The event category and its bundle, made in the open database."""
    travel(monkeypatch, PUBLISHED)
    xiong = await the_organiser()
    made, people = await under_notice(xiong)
    await objections.lodge(None, "10.0.0.7", made, objection())
    await objections.answer(xiong, made, 1, upheld())
    await publication.withdraw(xiong, made, "第 1 件异议成立")
    await marks(made, {people[2]: {"P": "52"}})
    await publication.publish(xiong, made, "provisional", reason=REASON)
    await publication.publish(xiong, made, "notice")
    travel(monkeypatch, CLOSES + timedelta(days=30))
    await publication.publish(xiong, made, "final")
    return made, await writing.bundle(made, rule_texts)


@pytest.fixture(scope="module")
def bundle(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("bundle") / "saichuang.sqlite"
    shutil.copy(sqlite_template, path)

    async def make() -> bytes:
        await open_database(str(path))
        try:
            with pytest.MonkeyPatch.context() as patched:
                return (await corrected(patched))[1]
        finally:
            await close_database()

    return asyncio.run(make())


def document_of(data: bytes) -> dict[str, Any]:
    """What a bundle says, without its checksums."""
    found: dict[str, Any] = json.loads(data)
    del found["check"]
    return found


def row_of(document: dict[str, Any], number: int, entry: str) -> dict[str, Any]:
    content = document["publications"][number - 1]["content"]
    rows = [dict(zip(content["fields"], row, strict=True)) for row in content["rows"]]
    return next(row for row in rows if row["number"] == entry)


def put(document: dict[str, Any], number: int, entry: str, **values: Any) -> None:
    """Write over cells of one row of one publication."""
    content = document["publications"][number - 1]["content"]
    at = {name: place for place, name in enumerate(content["fields"])}
    for row in content["rows"]:
        if row[at["number"]] == entry:
            for name, value in values.items():
                row[at[name]] = value


def forged(document: dict[str, Any], *, chained: bool = False) -> bytes:
    """A whole file made anew over what was changed, with the chain too where `chained`."""
    if chained:
        previous = GENESIS
        for one in document["publications"]:
            one["previous_hash"] = previous
            one["hash"] = previous = publication.seal(previous, canonical(one["content"]))
    return text_of(document)
