"""The power fails while certificates are made: the site is killed again and again, and each time goes on."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from contests import publication, states
from contests.certificates import batches
from contests.tables import Certificate, CertificateBatch
from federation import audit
from federation.judging import Scheme
from tests.builders import NAMES, a_contest, an_event_category, bring_to, entries, marks
from tests.cast import the_organiser
from tests.contests.award_scenes import with_settings
from tests.contests.board_scenes import number_in_order
from tests.served import Site

PEOPLE = 160
KILLS = 5
SCHEME = Scheme.from_json(
    {
        "id": "quiz",
        "title": "知识竞赛",
        "modules": [{"id": "Q", "maximum": 200}],
        "award_lines": [{"id": "all", "title": "优胜奖", "share": 1}],
    }
)


async def a_large_final(viewer) -> int:
    """160 people, 160 different marks, everybody awarded."""
    await a_contest(viewer)
    made = await an_event_category(viewer, "2026-qg", scheme=SCHEME)
    people = await entries(made, [f"{NAMES[at % 10]}{at:03d}" for at in range(PEOPLE)])
    await bring_to(viewer, made, "marking")
    await number_in_order(people)
    await marks(made, {entry: {"Q": str(at)} for at, entry in enumerate(people)})
    await states.step(viewer, made, "freeze")
    for kind in ("provisional", "notice", "final"):
        await publication.publish(viewer, made, kind, reason="公示期满")  # type: ignore[arg-type]
    return made


async def some_more_than(made: int, batch: int) -> int:
    """Wait until at least one step was written since; the number made then."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        now = await batches.progress(batch)
        if now.made > made or not now.waiting:
            return now.made
        await asyncio.sleep(0.01)
    raise AssertionError("nobody works on the batch")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_batch_survives_its_servers(db, tmp_path):
    xiong = await the_organiser()
    made = await a_large_final(xiong)
    await with_settings(xiong)
    batch = await batches.start(xiong, "2026-qg", made)
    site = Site(db, tmp_path)
    seen = [0]
    for _ in range(KILLS):
        site.start()
        seen.append(await some_more_than(seen[-1], batch))
        site.kill()
        past = datetime.now(UTC) - timedelta(seconds=1)  # the time that a claim takes to run out
        await CertificateBatch.update({CertificateBatch.claimed_until: past}).where(
            (CertificateBatch.id == batch) & CertificateBatch.claimed_until.is_not_null()
        )
    site.start()
    while (await batches.progress(batch)).waiting:
        await some_more_than(PEOPLE, batch)
    site.stop()

    rows = await Certificate.select().where(Certificate.batch == batch).order_by(Certificate.id)
    made_by = [
        json.loads(line["facts"])["count"] for line in await audit.lines(deed="certificate.make", limit=500)
    ]
    assert seen == sorted(seen)
    assert [row["number"] for row in rows] == [f"赣工竞〔2026〕A-{at:06d}" for at in range(1, PEOPLE + 1)]
    assert {row["state"] for row in rows} == {"valid"}
    assert sum(made_by) == PEOPLE, "each was written once"
    assert (await audit.verify()).broken_at is None
