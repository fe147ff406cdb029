"""Sheets of paper over HTTP, as a browser without a script sends it: found, entered, decided, printed, signed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from litestar.testing import AsyncTestClient

from contests import paper, states
from contests.forms.paper import PaperRuleForm
from tests.conftest import PASSWORD, known_keys
from tests.contests.paper_scenes import PHOTO, a_table, all_marked, cells, reads, sheets
from tests.web.test_programme_pages import may_sign_in
from web.app import create_app
from web.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOGINS = {"li": "lufen1", "deng": "lufen2", "hu": "lufen3", "wan": "caipan", "yan": "jiandu"}


@pytest.fixture
async def hall(db, tmp_path) -> AsyncIterator:
    """Two pieces, one sheet for agreed marks; `table.site` opens pages, `table.as_(who)` signs somebody in."""
    table = await a_table()
    for name, login in LOGINS.items():
        await may_sign_in(getattr(table, name), login)
    (code,) = await sheets(table)
    settings = Settings(database_url=db, keys_file=known_keys(tmp_path), files_folder=tmp_path / "files")
    async with AsyncTestClient(create_app(settings)) as client:

        @asynccontextmanager
        async def signed_in(who: str) -> AsyncIterator[AsyncTestClient]:
            await client.post("/sign-in", data={"login": LOGINS[who], "password": PASSWORD})
            yield client
            client.cookies.clear()

        yield table, code, signed_in


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def fields(table, *values: str) -> dict[str, str]:
    return {f"c:{piece}:M1::1": text for piece, text in zip(table.pieces, values, strict=True)}


async def test_a_scanned_or_typed_code_leads_to_the_sheet(hall):
    table, code, signed_in = hall
    async with signed_in("li") as site:
        found = await site.get(
            "/work/score-sheets", params={"code": paper.shown_code(code).lower()}, follow_redirects=False
        )
        assert (found.status_code, found.headers["location"]) == (303, f"/work/score-sheets/{code}")
        wrong = await site.get("/work/score-sheets", params={"code": "7kq2"})
        assert wrong.status_code == 422
        assert "编码“7kq2”不对" in wrong.text
        assert 'value="7kq2"' in wrong.text
    async with signed_in("yan") as site:
        seen = words((await site.get(f"/work/score-sheets/{code}")).text)
        assert "这张表还没有录入" in seen
    assert (await signed_out(table, code, signed_in)) == 303


async def signed_out(_table, code, signed_in) -> int:
    async with signed_in("li") as site:
        site.cookies.clear()
        return (await site.get(f"/work/score-sheets/{code}", follow_redirects=False)).status_code


async def test_what_was_typed_stays_and_the_second_never_sees_the_first(hall):
    table, code, signed_in = hall
    here = f"/work/score-sheets/{code}"
    async with signed_in("li") as site:
        bad = await site.post(here, data=fields(table, "8.5", "11"))
        assert bad.status_code == 422
        assert re.findall(r'name="c:\d+:M1::1" value="([^"]*)"', bad.text) == ["8.5", "11"]
        assert "001" in words(bad.text)
        long = await site.post(here, data=fields(table, "8.5", "1" * 200))
        assert long.status_code == 422
        good = await site.post(here, data=fields(table, "8.5", "7"), follow_redirects=False)
        assert good.headers["location"] == f"{here}?done=done.sheet_first"
    for who in ("deng", "wan", "yan", "hu"):
        async with signed_in(who) as site:
            page = (await site.get(here)).text
            assert "8.5" not in page
            assert "8.5" not in (await site.get(f"/work/event-categories/{table.id}/paper")).text
    async with signed_in("deng") as site:
        differ = await site.post(here, data=fields(table, "5.5", "7"), follow_redirects=False)
        assert differ.headers["location"] == f"{here}?done=done.sheet_differing"
        assert "您录过这张表，不能自己定" in (await site.get(here)).text
    async with signed_in("hu") as site:
        page = words((await site.get(here)).text)
        assert "第一遍 8.50 第二遍 5.50" in page
        key = f"{table.pieces[0]}:M1::1"
        none = await site.post(f"{here}/choose", data={})
        assert (none.status_code, "作品 001 的 M1 还没有定" in none.text) == (422, True)
        done = await site.post(
            f"{here}/choose", data={f"k:{key}": "other", f"o:{key}": "6.5"}, follow_redirects=False
        )
        assert done.headers["location"] == f"{here}?done=done.sheet_confirmed"
        assert "001 6.50 — 002 7.00 —" in words((await site.get(here)).text)


async def test_printed_signed_with_its_photo_and_shown_to_staff_only(hall):
    table, code, signed_in = hall
    here = f"/work/score-sheets/{code}"
    for clerk in (table.li, table.deng):
        await reads(clerk, code, cells(table, {"M1": "8.5"}, {"M1": "7"}))
    async with signed_in("li") as site:
        blank = await site.get(f"{here}/sheet.pdf")
        assert (blank.headers["content-type"], blank.content[:5]) == ("application/pdf", b"%PDF-")
        await site.post(f"{here}/print")
        assert (await site.get(f"{here}/sheet.pdf", params={"version": 1})).content[:5] == b"%PDF-"
        assert (await site.get(f"{here}/sheet.pdf", params={"version": 2})).status_code == 404
        assert "登记签字" not in (await site.get(here)).text
    shown = (await paper.the_sheet(table.wan, code)).prints[0]["hash"]
    async with signed_in("wan") as site:
        sent = {"version": "1", "hash": shown[:8], "seen": "yes"}
        bare = await site.post(f"{here}/sign", data=sent)
        assert (bare.status_code, "请附上签字表的照片" in bare.text) == (422, True)
        signed = await site.post(
            f"{here}/sign",
            data=sent,
            files={"photo": ("签字.jpg", PHOTO, "image/jpeg")},
            follow_redirects=False,
        )
        assert signed.headers["location"] == f"{here}?done=done.sheet_signed"
        (photo,) = re.findall(rf'href="({here}/photos/\d+)"', (await site.get(here)).text)
        answer = await site.get(photo)
        assert (answer.content, answer.headers["content-type"]) == (PHOTO, "image/jpeg")
        assert answer.headers["cache-control"] == "private, no-store"
        assert "这张成绩表就是现行的" in (await site.get(here, params={"print": shown[:12]})).text
        assert "这张成绩表已经作废" in (await site.get(here, params={"print": "0" * 12})).text
        site.cookies.clear()
        assert (await site.get(photo, follow_redirects=False)).status_code == 303


async def test_sheets_are_printed_and_the_rule_is_set_from_the_page(hall):
    table, _code, signed_in = hall
    here = f"/work/event-categories/{table.id}/paper"
    async with signed_in("li") as site:
        made = await site.post(
            f"{here}/print", data={"plan": "M", "seats": ["1", "2"], "rows": "1"}, follow_redirects=False
        )
        assert made.headers["location"].startswith(f"{here}?standing=blank")
        again = await site.post(f"{here}/print", data={"plan": "M", "seats": ["1"], "rows": "1"})
        assert (again.status_code, "每件作品都已有评分表" in again.text) == (422, True)
        assert (await site.get(f"{here}/sheets.pdf")).content[:5] == b"%PDF-"
        assert (await site.post(f"{here}/rule", data={"version": "1"})).status_code == 403
    async with signed_in("wan") as site:
        odd = await site.post(f"{here}/rule", data={"version": "1", "rows": "90", "odd_limit": "50"})
        assert odd.status_code == 422
        kept = {"version": "1", "rows": "5", "odd_limit": "50", "sign_off": "yes", "basis": "技术文件第 3 条"}
        assert (await site.post(f"{here}/rule", data=kept, follow_redirects=False)).status_code == 303
    rule = await paper.rule_of(table.id)
    assert (rule.double_entry, rule.sign_off, rule.rows, rule.basis) == (False, True, 5, "技术文件第 3 条")


async def test_the_desk_locks_and_two_sign(hall):
    table, code, signed_in = hall
    await paper.void_sheet(table.wan, code, "重印")
    await paper.set_rule(table.wan, table.id, PaperRuleForm(version=1, signed_sheets=False))
    await all_marked(table)
    here = f"/work/event-categories/{table.id}/desk"
    async with signed_in("li") as site:
        assert (await site.get(here)).status_code == 403
    async with signed_in("wan") as site:
        assert f"/work/event-categories/{table.id}/acts/freeze" in (await site.get(here)).text
        await states.step(table.wan, table.id, "freeze")
        page = (await site.get(here)).text
        (lock,) = re.findall(r'name="hash" value="([0-9a-f]{64})"', page)
        unseen = await site.post(f"{here}/sign", data={"role": "chief_referee", "hash": lock})
        assert (unseen.status_code, "请核对全部成绩以后再勾选签字" in unseen.text) == (422, True)
        sent = {"hash": lock, "seen": "yes"}
        assert (await site.post(f"{here}/sign", data=sent | {"role": "supervisor"})).status_code == 403
        done = await site.post(f"{here}/sign", data=sent | {"role": "chief_referee"}, follow_redirects=False)
        assert done.headers["location"] == f"{here}?done=done.signed_off"
    async with signed_in("yan") as site:
        assert len(re.findall('name="role" value="(.*?)"', (await site.get(here)).text)) == 1
        await site.post(f"{here}/sign", data=sent | {"role": "supervisor"})
        page = words((await site.get(here)).text)
        assert [name in page for name in ("万裁判", "严监督")] == [True, True]
    assert await states.step(table.xiong, table.id, "publish_provisional") == "provisional"
