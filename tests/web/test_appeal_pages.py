"""Appeals over HTTP: the leader's page, form and receipt, the panel's desk, the rule; and what each may open."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from contests.appeals import window
from federation.database import close_database, open_database
from tests.cast import the_clerk
from tests.conftest import known_keys
from tests.contests.appeal_scenes import FOUND, PUBLISHED, WORDS, a_hall
from tests.web.test_notice_pages import _run, signed_in, words
from tests.web.test_programme_pages import may_sign_in, sent
from web.app import create_app
from web.settings import Settings

# the room behind these pages is tested on both engines
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DESK = "/work/event-categories/1/appeals"
CASE = f"{DESK}/1"


@pytest.fixture
async def site(database_url, tmp_path, monkeypatch) -> AsyncIterator[AsyncClient]:
    """Published at 10:00:00.4 on 23 November in China; half an hour has passed."""
    await open_database(database_url)
    hall = await a_hall()
    assert hall.id == 1
    logins = {
        "zuzhi": hall.xiong,
        "caipan": hall.wan,
        "hu": hall.hu,
        "deng": hall.deng,
        "shen": hall.panel[0],
        "nan": hall.panel[2],
        "lufen1": await the_clerk(hall.contest),
    }
    for login, viewer in logins.items():
        await may_sign_in(viewer, login)
    await close_database()
    monkeypatch.setattr(window, "now", lambda: PUBLISHED.replace(minute=30))
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    ready, done = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(_run(app, ready, done))
    await asyncio.wait_for(ready.wait(), 60)
    asked = AsyncClient(transport=ASGITransport(app), base_url="http://testserver.local")
    async with asked as client:
        client.follow_redirects = True
        client.hall = hall  # type: ignore[attr-defined]
        yield client
    done.set()
    await running


async def filed(site) -> str:
    await signed_in(site, "hu")
    given = {
        "entry": str(site.hall.entries[2]),
        "ground": "counting",
        "text": WORDS,
        "proof": "现场记录表 003-2",
    }
    status, where = await sent(site, "/work/appeals/new/1", **given)
    assert status == 303
    return re.fullmatch(r"(/work/appeals/\d+)\?done=done\.appeal_filed", where)[1]


async def test_a_leader_finds_the_window_files_and_reads_the_receipt(site):
    await signed_in(site, "hu")
    assert 'href="/work/appeals"' in (await site.get("/work")).text
    own = (await site.get("/work/appeals")).text
    assert "从 2026 年 11 月 23 日 10:00 起，到 2026 年 11 月 23 日 12:00 止" in words(own)
    assert 'href="/work/appeals/new/1"' in own
    form = (await site.get("/work/appeals/new/1")).text
    # both of Nanchang, nobody of Jiujiang
    assert re.findall(r"<option value=\"\d+\">(\d{3}) ", form) == ["001", "003"]
    refused = await site.post("/work/appeals/new/1", data={"ground": "counting", "text": "太短"})
    assert refused.status_code == 422
    assert ("太短" in refused.text, "至少 10 个字，请补充" in words(refused.text)) == (True, True)
    receipt = await filed(site)
    read = words((await site.get(receipt)).text)
    assert [text in read for text in (WORDS, "等待受理", "欧阳文", "SHA-256")] == [True] * 4
    taken = await sent(site, f"{receipt}/take-back")
    assert taken == (303, f"{receipt}?done=done.appeal_taken_back")
    assert "已撤回" in words((await site.get(receipt)).text)


async def test_what_comes_too_late_is_told_before_and_kept_as_refused(site, monkeypatch):
    monkeypatch.setattr(window, "now", lambda: PUBLISHED.replace(hour=4, second=1))
    await signed_in(site, "hu")
    assert "申诉时限已过。" in words((await site.get("/work/appeals/new/1")).text)
    receipt = await filed(site)
    assert "时限到 2026 年 11 月 23 日 12:00 止，收到时已过。" in words((await site.get(receipt)).text)


async def test_the_panel_hears_decides_and_the_referee_tries(site):
    receipt = await filed(site)
    await signed_in(site, "shen")
    assert f'href="{DESK}"' in (await site.get("/work")).text
    assert f'href="{CASE}"' in (await site.get("/work/appeals")).text
    seen = words((await site.get(CASE)).text)
    # the piece by number and seat; the competitor's name stays away
    assert [text in seen for text in (WORDS, "作品 003 的评分", "欧阳文")] == [True, True, False]
    assert await sent(site, f"{CASE}/accept") == (303, f"{CASE}?done=done.appeal_accepted")
    bare = await site.post(f"{CASE}/decide", data={"decision": "upheld", "answer": FOUND})
    assert (bare.status_code, FOUND in bare.text) == (422, True)
    assert "申诉成立的，请选怎样更正" in words(bare.text)
    decided = await sent(site, f"{CASE}/decide", decision="upheld", remedy="trial", answer=FOUND)
    assert decided == (303, f"{CASE}?done=done.appeal_proposed")
    again = await site.post(f"{CASE}/decide", data={"decision": "dismissed", "answer": FOUND})
    assert (again.status_code, "刚刚有变化" in words(again.text)) == (422, True)

    await signed_in(site, "caipan")
    status, trial = await sent(site, f"{CASE}/rescore", title="第 1 号申诉：003")
    assert (status, trial) == (303, "/work/boards/1/trials/1?done=done.trial_opened")
    trial = trial.partition("?")[0]
    change = {"do": "mark", "number": "003", "aspect": "|P", "text": "62.5"}
    assert (await sent(site, f"{trial}/changes", **change))[0] == 303
    seen = words((await site.get(CASE)).text)
    assert [text in seen for text in ("总分 84.00 86.50", "名次 3 2")] == [True, True]
    revision = re.search(r'name="revision" value="(\d+)"', (await site.get(trial)).text)[1]
    applied = await sent(
        site, f"{trial}/apply", reason="仲裁组第 1 号裁决", confirmed="yes", revision=revision
    )
    assert applied == (303, f"{trial}?done=done.trial_applied")
    seen = words((await site.get(CASE)).text)
    assert [text in seen for text in ("重新计分已采用。", "总分 84.00 86.50", "名次 3 2")] == [True] * 3

    await signed_in(site, "hu")
    read = words((await site.get(receipt)).text)
    # of the panel the leader hears what it found, not who
    assert [text in read for text in (FOUND, "重新计分已采用。", "申仲裁")] == [True, True, False]


async def test_the_rule_names_its_faults_and_members_get_their_units(site):
    await signed_in(site, "zuzhi")
    given = {"moment": "ended", "minutes": "20", "voices": "2", "basis": "竞赛规程第 20 条", "seen": "0"}
    refused = await site.post(f"{DESK}/rule", data=given)
    assert (refused.status_code, "至少留一条可以申诉的事由" in words(refused.text)) == (422, True)
    kept = await sent(site, f"{DESK}/rule", **given, grounds="counting", own_grounds="材料清单与现场不符")
    assert kept == (303, f"{DESK}?done=done.appeal_rule")
    desk = words((await site.get(DESK)).text)
    told = (
        "记录的比赛结束时刻起 20 分钟以内",
        "计分、登分、统分有误；材料清单与现场不符",
        "竞赛规程第 20 条",
    )
    assert [text in desk for text in told] == [True, True, True]
    shen = site.hall.panel[0].id
    unknown = await site.post(f"{DESK}/members", data={"account": str(shen), "unit": "T999999"})
    assert (unknown.status_code, "T999999" in words(unknown.text)) == (422, True)
    moved = await sent(site, f"{DESK}/members", account=str(shen), unit="T360400")
    assert moved == (303, f"{DESK}/rule?done=done.appeal_member")

    await signed_in(site, "caipan")
    ahead = await site.post(f"{DESK}/ended", data={"moment": "2026-11-23 10:31"})
    assert (ahead.status_code, "这个时刻还没有到" in words(ahead.text)) == (422, True)
    assert await sent(site, f"{DESK}/ended", moment="2026-11-23 10:10") == (
        303,
        f"{DESK}?done=done.appeal_moment",
    )
    assert "从 2026 年 11 月 23 日 10:10 起，到 2026 年 11 月 23 日 10:30 止" in words(
        (await site.get(DESK)).text
    )


async def test_who_may_open_what(site):
    receipt = await filed(site)
    pages = ["/work/appeals", "/work/appeals/new/1", receipt, DESK, f"{DESK}/rule", CASE]
    seen = {}
    for login in ("", "hu", "deng", "lufen1", "shen", "nan", "caipan", "zuzhi"):
        if login:
            await signed_in(site, login)
        else:
            await site.post("/sign-out")
        seen[login] = [
            (await site.get(page, headers={"accept": "text/html"}, follow_redirects=False)).status_code
            for page in pages
        ]
    assert seen == {
        "": [303, 303, 303, 303, 303, 303],
        "hu": [200, 200, 200, 403, 403, 403],
        "deng": [200, 200, 404, 403, 403, 403],
        "lufen1": [403, 403, 404, 403, 403, 403],
        "shen": [200, 403, 404, 200, 403, 200],
        "nan": [200, 403, 404, 200, 403, 200],
        "caipan": [403, 403, 404, 200, 403, 200],
        "zuzhi": [403, 403, 404, 200, 200, 200],
    }
    await signed_in(site, "nan")
    assert "你要回避" in words((await site.get(CASE)).text)
    assert (await site.post(f"{CASE}/accept", headers={"accept": "text/html"})).status_code == 403
