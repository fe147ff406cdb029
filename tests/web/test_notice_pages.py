"""The notice over HTTP: objections lodged, looked up and answered; terms; publications; the reading out."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from contests import announcing, objections, programme, publication
from contests.bundles.checking import check
from federation.database import close_database, open_database
from tests.builders import marks
from tests.cast import a_viewer, the_clerk, the_organiser
from tests.conftest import PASSWORD, known_keys
from tests.contests.notice_scenes import ANSWER, CLOSES, GROUNDS, PUBLISHED, travel, under_notice
from tests.web.test_programme_pages import may_sign_in, sent
from web.app import create_app
from web.settings import Settings

# the rooms behind these pages are tested on both engines
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LODGED = {"about": "003", "text": GROUNDS, "name": "罗成林", "contact": "15400001234"}
WORK = "/work/event-categories/1"


@pytest.fixture
async def site(database_url, tmp_path, monkeypatch) -> AsyncIterator[AsyncClient]:
    """Nobody is signed in; publication 2 of event category 1 has been under notice for half an hour.

    The application runs in the loop of the test, so that a test may go on with the scene behind its back.
    """
    await open_database(database_url)
    travel(monkeypatch, PUBLISHED)
    xiong = await the_organiser()
    made, people = await under_notice(xiong)
    assert made == 1
    await may_sign_in(xiong, "zuzhi")
    contest = (await programme.event_category(made))["contest"]
    await may_sign_in(await a_viewer("温仲裁", ("appeals_panel", "contest", contest)), "zhongcai")
    await may_sign_in(await the_clerk(contest), "lufen1")
    await close_database()
    travel(monkeypatch, PUBLISHED.replace(hour=11))
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    ready, done = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(_run(app, ready, done))
    await asyncio.wait_for(ready.wait(), 60)
    asked = AsyncClient(transport=ASGITransport(app), base_url="http://testserver.local")
    async with asked as client:
        client.follow_redirects = True
        client.xiong, client.people = xiong, people  # type: ignore[attr-defined]
        yield client
    done.set()
    await running


async def _run(app, ready, done):
    """Begun and ended in one task, as the application asks for."""
    async with app.lifespan():
        ready.set()
        await done.wait()


async def signed_in(site, login):
    await site.post("/sign-in", data={"login": login, "password": PASSWORD})


def words(html: str) -> str:
    """What is read on a page: tags and runs of blanks taken out."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


async def lodged(site) -> str:
    status, where = await sent(site, "/boards/1/objections", **LODGED)
    assert status == 303
    return re.fullmatch(r"(/objections/[0-9A-Z-]{14})\?done=done\.objection_lodged", where)[1]


async def test_an_objection_is_lodged_answered_and_read_by_its_receipt(site):
    board = words((await site.get("/boards/1")).text)
    assert "公示到 10 月 8 日 17:30 截止" in board
    receipt = await lodged(site)
    assert "待答复" in words((await site.get(receipt)).text)
    found = await site.get("/objections", params={"receipt": receipt[12:].lower().replace("-", "")})
    assert (str(found.url.path), found.status_code) == (receipt, 200)

    await signed_in(site, "zhongcai")
    assert f'href="{WORK}/objections"' in (await site.get("/work")).text
    desk = (await site.get(f"{WORK}/objections")).text
    assert ("罗*林" in desk, GROUNDS in desk, "罗成林" in desk, "15400001234" in desk) == (
        True,
        True,
        False,
        False,
    )
    shown = (await site.post(f"{WORK}/objections/1/contact")).text
    assert ("罗成林" in shown, "15400001234" in shown) == (True, True)
    answered = await sent(site, f"{WORK}/objections/1", decision="dismissed", answer=ANSWER)
    assert answered == (303, f"{WORK}/objections?done=done.objection_answered")

    read = (await site.get(receipt)).text
    assert [text in words(read) for text in ("不成立", ANSWER, "罗成林")] == [True, True, False]


async def test_what_was_typed_stays_when_it_cannot_stand(site):
    refused = await site.post("/boards/1/objections", data={**LODGED, "about": "077", "contact": "1"})
    assert refused.status_code == 422
    assert GROUNDS in refused.text
    refused = await site.post("/boards/1/objections", data={**LODGED, "about": "077"})
    assert refused.status_code == 422
    assert re.findall(r'name="about"[^>]*value="([^"]*)"', refused.text) == ["077"]
    assert "077" in words(refused.text)


async def test_after_the_last_minute_the_words_are_kept_and_nothing_is_lodged(site, monkeypatch):
    travel(monkeypatch, CLOSES)
    refused = await site.post("/boards/1/objections", data=LODGED)
    assert refused.status_code == 422
    assert [text in words(refused.text) for text in ("现在不收异议", GROUNDS)] == [True, True]
    assert await objections.counted(1) == {"open": 0, "upheld": 0, "dismissed": 0}


async def test_a_receipt_nobody_was_given(site):
    answer = await site.get("/objections/2222-2222-2222")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


async def test_who_may_see_the_desks(site):
    pages = [f"{WORK}/{name}" for name in ("objections", "notice", "announcer")]
    seen = {}
    for login in ("", "lufen1", "zhongcai", "zuzhi"):
        if login:
            await signed_in(site, login)
        seen[login] = [
            (await site.get(page, headers={"accept": "text/html"}, follow_redirects=False)).status_code
            for page in pages
        ]
    assert seen == {
        "": [303, 303, 303],
        "lufen1": [403, 200, 403],
        "zhongcai": [200, 200, 403],
        "zuzhi": [200, 200, 200],
    }


async def test_the_terms_are_set_and_a_wrong_hour_is_named(site):
    await signed_in(site, "zuzhi")
    given = {
        "days": "7",
        "opens": "8:30",
        "closes": "25:00",
        "first_day": "next",
        "per_day": "3",
        "basis": "实施办法第 18 条",
        "seen": "0",
    }
    refused = await site.post(f"{WORK}/notice", data=given)
    assert refused.status_code == 422
    assert "“25:00” 不是时刻" in words(refused.text)
    assert await sent(site, f"{WORK}/notice", **{**given, "closes": "18:00"}) == (
        303,
        f"{WORK}/notice?done=done.notice_terms",
    )
    assert "8:30–18:00" in words((await site.get(f"{WORK}/notice")).text)


async def test_publications_tell_what_changed_and_why_and_the_file_holds(site):
    await publication.withdraw(site.xiong, 1, "第 1 件异议成立")
    hidden = words((await site.get("/boards/1/publications")).text)
    assert ("第 1 件异议成立" in hidden, "欧阳" in hidden) == (True, False)
    assert (await site.get("/boards/1/publications.json")).status_code == 404
    await marks(1, {site.people[2]: {"P": "52"}})
    await publication.publish(site.xiong, 1, "provisional", reason="003 号实操成绩更正为 52")

    shown = (await site.get("/boards/1/publications")).text
    newest = shown.partition('id="p-3"')[2].partition("<article")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", newest.partition("<tbody>")[2], re.DOTALL)
    assert [words(f"<main>{row}") for row in rows] == [
        "> 003 欧阳* 总分 70.00 → 72.00 实操 50.00 → 52.00",
        "> 004 喻*平 名次 3 → 4 奖项 二等奖 → 无",
    ]
    assert "003 号实操成绩更正为 52" in newest
    answer = await site.get("/boards/1/publications.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="saichuang-publications-1.json"'
    verdict = check(answer.content)
    assert (verdict.faults, verdict.head) == ([], (await publication.publications(1))[0]["hash"])
    assert [one["number"] for one in json.loads(answer.content)["publications"]] == [1, 2, 3]


async def test_the_link_moves_the_wall_that_shows_no_more_than_was_revealed(site):
    assert (await site.get("/boards/1/announcer")).status_code == 404
    await signed_in(site, "zuzhi")
    opened = await sent(site, f"{WORK}/announcer/open")
    assert opened == (303, f"{WORK}/announcer?done=done.announcement_open")
    key = announcing.link_of(await announcing.announcement(1))
    await site.post("/sign-out")

    told = []
    for step in range(7):
        wall = await site.get("/boards/1/announcer")
        told.append([name for name in ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志") if name in wall.text])
        assert wall.headers["cache-control"] == "no-store"
        await sent(site, f"/announcer/{key}/next", **{"from": step})
    assert told == [[], [], ["欧阳文", "喻建平"], ["涂国强"], [], ["章丽娟"], ["章丽娟"]]
    assert await sent(site, f"/announcer/{key}/back", **{"from": 6}) == (303, f"/announcer/{key}")
    assert (await announcing.showing(1)).step == 5
    assert (await site.get(f"/announcer/{key[:-1]}a")).status_code == 404
    assert (await site.post("/boards/1/announcer/next")).status_code == 404

    await publication.withdraw(site.xiong, 1, "003 号成绩有误")
    wall = (await site.get("/boards/1/announcer")).text
    assert ("播报暂停" in wall, "章丽娟" in wall) == (True, False)


async def test_a_withdrawn_result_cannot_be_read_out_and_the_desk_says_why(site):
    await publication.withdraw(site.xiong, 1, "正在核对")
    await signed_in(site, "zuzhi")
    refused = await site.post(f"{WORK}/announcer/open")
    assert refused.status_code == 409
    assert "不能播报" in words(refused.text)
