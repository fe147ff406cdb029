"""The organiser's pages over HTTP: from an empty form to open marking, in the browser's own words."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from contests import programme
from federation import accounts
from federation.database import close_database, open_database
from federation.tables import Account
from tests.builders import a_contest, an_event_category, approved_entries
from tests.cast import the_clerk, the_organiser
from tests.conftest import PASSWORD, known_keys
from web.app import create_app
from web.settings import Settings

CONTEST = {
    "name": "2026 年全省焊工技能竞赛",
    "host": "T360000",
    "year": "2026",
    "level": "province",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-02",
}


async def may_sign_in(viewer, login):
    """Give an account of the cast a login and the password of the tests."""
    hashed = await accounts._hash(PASSWORD)
    await Account.update({Account.login: login, Account.password_hash: hashed}).where(Account.id == viewer.id)


@pytest.fixture
async def site(database_url, tmp_path) -> AsyncIterator[AsyncTestClient]:
    """Xiong is signed in; her contest 2026-qg has a category (id 1) with two entries, closed to no one yet."""
    await open_database(database_url)
    xiong = await the_organiser()
    await may_sign_in(xiong, "zuzhi")
    await a_contest(xiong)
    await approved_entries(await an_event_category(xiong, "2026-qg"), ["涂国强", "章丽娟"])
    clerk = await the_clerk((await programme.contest("2026-qg"))["id"])
    await may_sign_in(clerk, "lufen1")
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        await client.post("/sign-in", data={"login": "zuzhi", "password": PASSWORD})
        yield client


async def sent(site, path, **data):
    """Post a form; gives the status and where it leads."""
    answer = await site.post(path, data=data, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


async def test_a_contest_with_an_event_and_a_scheme_is_set_up_by_forms(site):
    made = await sent(site, "/work/contests/new", **CONTEST)
    assert made == (303, "/work/contests/2026-002?done=done.contest_created")
    event = {"code": "E1", "name": "焊工", "occupation": "6-18-02-04"}
    assert await sent(site, "/work/contests/2026-002/events/new", **event) == (
        303,
        "/work/contests/2026-002/events/E1/categories/new?done=done.event_created",
    )
    category = "/work/contests/2026-002/events/E1/categories/new"
    assert await sent(site, category, category="employee", live_public="yes") == (
        303,
        "/work/event-categories/2/scheme?done=done.category_created",
    )
    assert await sent(site, "/work/event-categories/2/scheme/use", preset="modules") == (
        303,
        "/work/event-categories/2?done=done.scheme_attached",
    )
    page = await site.get("/contests/2026-002")
    assert "2026 年全省焊工技能竞赛" in page.text
    assert "30 / 30 / 40" in page.text


async def test_a_form_with_a_fault_comes_back_with_everything_typed(site):
    answer = await site.post(
        "/work/contests/new",
        data={**CONTEST, "ends_on": "2026-11-30", "class_code": "I"},
        follow_redirects=False,
    )
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.text
    assert "类别只在系列里有意义" in answer.text
    assert 'value="2026 年全省焊工技能竞赛"' in answer.text


async def test_acts_lead_to_marking_and_what_blocks_is_said(site):
    acts = "/work/event-categories/1/acts"
    for act in ("open_registration", "close_registration", "draw", "open_marking"):
        assert await sent(site, f"{acts}/{act}") == (303, "/work/event-categories/1?done=done.stepped")
    page = await site.get("/work/event-categories/1")
    assert "/work/scoring/1/theory" in page.text
    again = await site.get(f"{acts}/draw")
    assert "可能别人刚刚办过" in again.text
    assert (await sent(site, f"{acts}/draw"))[0] == 409


async def test_filters_of_the_public_list_are_links_that_keep_each_other(site):
    await sent(site, "/work/contests/new", **{**CONTEST, "year": "2025"})
    found = await site.get("/contests?year=2025&words=焊工")
    assert "全省焊工技能竞赛" in found.text
    assert "全省电工技能竞赛" not in found.text
    assert "/contests?words=%E7%84%8A%E5%B7%A5" in found.text
    assert (await site.get("/contests?page=nonsense&year=x")).status_code == 200


async def test_a_clerk_sees_the_workspace_but_changes_nothing(site):
    await site.post("/sign-in", data={"login": "lufen1", "password": PASSWORD})
    assert (await site.get("/work/contests/2026-qg")).status_code == 200
    assert (await site.get("/work/contests/2026-qg/edit")).status_code == 403
    assert (await sent(site, "/work/event-categories/1/acts/open_registration"))[0] == 403
    assert (await site.get("/work/event-categories/1/places")).status_code == 403


async def test_a_stranger_is_asked_to_sign_in_and_an_unknown_contest_says_so(site):
    await site.post("/sign-out")
    asked = await site.get("/work/contests", follow_redirects=False)
    assert (asked.status_code, asked.headers.get("location")) == (303, "/sign-in?next=%2Fwork%2Fcontests")
    missing = await site.get("/contests/2099-nothing")
    assert missing.status_code == 404
    assert "没有这项竞赛" in missing.text
    english = await site.get("/en/contests/2026-qg")
    assert "2026 provincial electricians" in english.text
