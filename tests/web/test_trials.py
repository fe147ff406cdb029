"""Trials over HTTP: opened, filled, looked at and applied in the browser's own words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from federation.database import close_database, open_database
from tests.cast import the_clerk, the_organiser
from tests.conftest import PASSWORD, known_keys
from tests.contests.test_trials import a_scene, number_of
from tests.web.test_programme_pages import may_sign_in, sent
from web.app import create_app
from web.settings import Settings

TRIALS = "/work/boards/1/trials"


@pytest.fixture
async def site(database_url, tmp_path) -> AsyncIterator[AsyncTestClient]:
    """Xiong is signed in; three people were marked by three judges (tests/contests/test_trials.py)."""
    await open_database(database_url)
    xiong = await the_organiser()
    await may_sign_in(xiong, "zuzhi")
    _, (first, *_rest) = await a_scene(xiong)
    await may_sign_in(await the_clerk(1), "lufen1")
    number = await number_of(first)
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        client.first = number  # type: ignore[attr-defined]
        await client.post("/sign-in", data={"login": "zuzhi", "password": PASSWORD})
        yield client


def cells(html: str) -> list[list[str]]:
    """The rows of the last table, tags taken out."""
    body = re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[-1]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    parts = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in row] for row in parts]


async def test_a_judge_is_left_out_after_a_look(site):
    assert await sent(site, TRIALS, title="裁判 1 回避") == (303, f"{TRIALS}/1?done=done.trial_opened")
    added = await sent(site, f"{TRIALS}/1/changes", do="judge", seat="1")
    assert added == (303, f"{TRIALS}/1?done=done.trial_changed")
    page = (await site.get(f"{TRIALS}/1")).text
    shown = [(row[0].split()[1], row[1], row[3], row[4]) for row in cells(page)]
    assert shown == [
        ("涂国强", "1 并列 → 3", "8.00 → 6.00", "一等奖 → —"),
        ("欧阳文", "3 → 2", "7.00", "—"),
        ("章丽娟", "1 并列 → 1", "8.00", "一等奖"),
    ]
    [revision] = re.findall(r'name="revision" value="(\d+)"', page)
    assert (
        await site.post(f"{TRIALS}/1/apply", data={"revision": revision, "reason": "回避"})
    ).status_code == 422
    applied = await sent(site, f"{TRIALS}/1/apply", revision=revision, reason="执裁回避", confirmed="yes")
    assert applied == (303, f"{TRIALS}/1?done=done.trial_applied")
    assert "已采用" in (await site.get(TRIALS)).text


async def test_what_was_typed_stays_when_it_cannot_stand(site):
    await sent(site, TRIALS, title="更正")
    given = {"do": "mark", "number": site.first, "aspect": "|tea", "judge": "2", "attempt": "1", "text": "12"}
    refused = await site.post(f"{TRIALS}/1/changes", data=given)
    assert refused.status_code == 422
    assert re.findall(r'name="text"[^>]*value="([^"]*)"', refused.text) == ["12"]
    assert "超过上限 10" in refused.text


async def test_a_stale_look_is_refused_and_the_reason_kept(site):
    await sent(site, TRIALS, title="裁判 1 回避")
    await sent(site, f"{TRIALS}/1/changes", do="judge", seat="1")
    late = {"revision": "1", "reason": "执裁回避", "confirmed": "yes"}
    refused = await site.post(f"{TRIALS}/1/apply", data=late)
    assert refused.status_code == 422
    assert "请重新看过再采用" in refused.text
    assert re.findall(r'<textarea class="ta" id="i-reason"[^>]*>([^<]*)<', refused.text) == ["执裁回避"]


async def test_a_clerk_is_sent_away(site):
    await site.post("/sign-in", data={"login": "lufen1", "password": PASSWORD})
    assert [(await site.get(path)).status_code for path in (TRIALS, f"{TRIALS}/1")] == [403, 403]
