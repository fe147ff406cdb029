"""The pages of the register: what strangers are shown, what officers keep, on both engines."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import fastexcel
import pytest
from litestar.testing import AsyncTestClient

from federation import accounts
from federation.accounts import Viewer
from federation.database import close_database, open_database
from federation.tables import Account
from studios import members
from studios.forms import LeaderForm, MemberForm
from tests.conftest import PASSWORD, known_keys
from tests.studios.scenes import XUNYANG, a_studio, brought, output_form, the_city, the_county, the_province
from web.app import create_app
from web.charts.studio import benefit_by_year, chains, outputs_by_year
from web.reports.lists import harmless
from web.settings import Settings


async def may_sign_in(person: Viewer, login: str) -> None:
    secret = await accounts._hash(PASSWORD)
    await Account.update({Account.login: login, Account.password_hash: secret}).where(Account.id == person.id)


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[SimpleNamespace]:
    """焊 in Donghu, provincial, with people and outputs; 纺 in Xunyang, county; 药 in Donghu, not named."""
    await open_database(database_url)
    province, city, county = await the_province(), await the_city(), await the_county()
    weld = await a_studio(
        province,
        "焊接工作室",
        ("county", date(2013, 5, 1)),
        ("provincial", date(2016, 5, 1)),
        name_en="Welding",
    )
    textile = await a_studio(province, "纺织工作室", ("county", date(2016, 5, 1)), union_unit=XUNYANG)
    unnamed = await a_studio(province, "中药工作室")
    lead = LeaderForm(
        leader_name="涂国强", since=date(2012, 3, 1), honour="ganpo-craftsman", honour_year=2018
    )
    await members.change_leader(province, weld, lead)
    await members.take_in(province, weld, MemberForm(member_name="喻建平", joined_on=date(2014, 1, 1)))
    await brought(province, weld, 2025, "patent.granted", "3")
    await brought(province, weld, 2025, "benefit.created", "1260.5")
    for person, login in ((city, "nanchang"), (county, "donghu")):
        await may_sign_in(person, login)
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        yield SimpleNamespace(client=client, weld=weld, textile=textile, unnamed=unnamed)


async def signed_in(site: SimpleNamespace, login: str) -> AsyncTestClient:
    answer = await site.client.post(
        "/sign-in", data={"login": login, "password": PASSWORD}, follow_redirects=False
    )
    assert answer.status_code == 303
    return site.client


def names(page: str) -> list[str]:
    return re.findall(r'<b lang="zh-CN">([^<]+)</b></a>', page)


async def test_the_public_list_answers_its_address(site: SimpleNamespace) -> None:
    table = {
        "/studios": ["焊接工作室", "纺织工作室"],
        "/studios?q=涂国强": ["焊接工作室"],
        "/studios?tier=county": ["纺织工作室"],
        "/studios?tier=county&at=2015-12-31": ["焊接工作室"],
        "/studios?region=360400": ["纺织工作室"],
        "/studios?tier=nonsense": [],
        "/studios?page=x&at=yesterday&sort=q": ["焊接工作室", "纺织工作室"],
        "/en/studios?q=welding": ["Welding"],
    }
    got = {path: names((await site.client.get(path)).text) for path in table}
    assert got == table


async def test_typing_brings_the_list_alone_and_the_address_follows(site: SimpleNamespace) -> None:
    part = {"HX-Request": "true", "HX-Target": "found"}
    answer = await site.client.get("/en/studios?q=weld&at=&sort=tier", headers=part)
    assert answer.text.lstrip().startswith('<div class="sgrid" id="found">')
    assert answer.headers["hx-replace-url"] == "/en/studios?q=weld"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_stranger_is_given_the_ready_page_until_the_register_moves(site: SimpleNamespace) -> None:
    first = await site.client.get("/studios")
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await site.client.get("/studios", headers=tag)).status_code == 304
    officer = await signed_in(site, "nanchang")
    sent = {"member_name": "辛海涛", "joined_on": "2020-01-01"}
    await officer.post(f"/work/studios/{site.weld}/members", data=sent)
    site.client.cookies.clear()
    assert (await site.client.get("/studios", headers=tag)).status_code == 200


async def test_the_page_of_a_studio_tells_what_is_public(site: SimpleNamespace) -> None:
    page = (await site.client.get(f"/studios/{site.weld}")).text
    assert "涂国强" in page
    assert "赣鄱工匠" in page
    assert "喻*平" in page
    assert "喻建平" not in page
    assert "1,260.50" in page
    assert (await site.client.get(f"/studios/{site.unnamed}")).status_code == 404
    assert (await site.client.get("/studios/T999999-0001")).status_code == 404


async def test_the_api_gives_public_fields_and_counts(site: SimpleNamespace) -> None:
    listed = (await site.client.get("/api/v1/studios?at=2015-12-31")).json()
    assert [(one["number"], one["tier"]) for one in listed["studios"]] == [(site.weld, "county")]
    one = (await site.client.get(f"/api/v1/studios/{site.weld}")).json()
    assert one["tier"] == "provincial"
    assert one["members"] == [{"name": "喻*平", "task": "", "skill_level": None}]
    assert sorted((row["measure"], row["quantity"], row["decimals"]) for row in one["outputs"]) == [
        ("benefit.created", 126_050, 2),
        ("patent.granted", 3, 0),
    ]
    missing = await site.client.get(f"/api/v1/studios/{site.unnamed}")
    assert missing.status_code == 404
    assert missing.json()["code"] == "not_found.studio"


async def test_a_list_is_taken_away_as_it_is_shown(site: SimpleNamespace) -> None:
    text = (await site.client.get("/studios/rows.csv?tier=provincial")).content.decode("utf-8-sig")
    head, row = text.splitlines()
    assert head.startswith("编号,工作室,级别,命名日期,命名文号,单位,设区市,县（市、区）,行业,产业链,领衔人")
    assert row.split(",")[:4] == [site.weld, "焊接工作室", "省级", "2016-05-01"]
    book = fastexcel.read_excel(io.BytesIO((await site.client.get("/studios/rows.xlsx")).content).getvalue())
    assert book.load_sheet(0).to_polars()["工作室"].to_list() == ["焊接工作室", "纺织工作室"]


def test_cells_that_look_like_formulas_are_harmless() -> None:
    assert [harmless(cell) for cell in ("=1+1", "-2", "焊接", 7, None)] == ["'=1+1", "'-2", "焊接", 7, None]


async def test_the_desk_is_for_officers_and_shows_their_branch(site: SimpleNamespace) -> None:
    stranger = await site.client.get("/work/studios", follow_redirects=False)
    assert (stranger.status_code, stranger.headers["location"].split("?")[0]) == (303, "/sign-in")
    county = await signed_in(site, "donghu")
    assert names((await county.get("/work/studios")).text) == ["焊接工作室", "中药工作室"]
    assert (await county.get(f"/work/studios/{site.weld}/edit")).status_code == 200
    assert (await county.get(f"/work/studios/{site.textile}/edit")).status_code == 404
    assert "纺织" not in (await county.get("/work/studios/rows.csv")).text


async def test_an_officer_enters_a_studio_and_names_it(site: SimpleNamespace) -> None:
    county = await signed_in(site, "donghu")
    sent = {"name": "陶瓷工作室", "organisation": "东湖瓷厂", "union_unit": "T360102", "sending": "a1"}
    missing = await county.post("/work/studios/new", data=sent)
    assert missing.status_code == 422
    assert "东湖瓷厂" in missing.text
    whole = {**sent, "founded_on": "2014-01-01"}
    entered = await county.post("/work/studios/new", data=whole, follow_redirects=False)
    again = await county.post("/work/studios/new", data=whole, follow_redirects=False)
    assert entered.headers["location"] == again.headers["location"]
    number = re.search(r"studios/([^/]+)/edit", entered.headers["location"]).group(1)  # type: ignore[union-attr]
    assert (await site.client.get("/studios?q=陶瓷工作室")).text.count(number) == 0

    naming = {"tier": "county", "starts_on": "2013-01-01", "document_number": "东工字〔2015〕1 号"}
    early = await county.post(f"/work/studios/{number}/namings", data=naming)
    assert early.status_code == 422
    assert "2013-01-01 早于建室日期 2014-01-01" in early.text
    assert "东工字〔2015〕1 号" in early.text
    later = {**naming, "starts_on": "2015-01-01"}
    assert (await county.post(f"/work/studios/{number}/namings", data=later)).status_code == 200
    assert names((await site.client.get("/studios?q=陶瓷工作室")).text) == ["陶瓷工作室"]
    above = await county.post(f"/work/studios/{number}/namings", data={**later, "tier": "municipal"})
    assert above.status_code == 403


async def test_a_wrong_figure_comes_back_with_what_was_typed(site: SimpleNamespace) -> None:
    county = await signed_in(site, "donghu")
    sent = {"year": "2024", "measure": "benefit.created", "quantity": "1260000", "proof": "财务章第 7 号"}
    slip = await county.post(f"/work/studios/{site.weld}/outputs", data=sent)
    assert slip.status_code == 422
    assert "如果单位其实是元，应填 126" in slip.text
    assert "财务章第 7 号" in slip.text
    answered = {**sent, "reason": "全厂节能改造"}
    assert (await county.post(f"/work/studios/{site.weld}/outputs", data=answered)).status_code == 200
    nonsense = await county.post(f"/work/studios/{site.weld}/outputs", data={**sent, "quantity": "很多"})
    assert "“很多” 不是数字" in nonsense.text


async def test_a_change_somebody_else_made_first_is_shown_not_overwritten(site: SimpleNamespace) -> None:
    county = await signed_in(site, "donghu")
    page = (await county.get(f"/work/studios/{site.weld}/edit")).text
    version = re.search(r'name="version" value="(\d+)"', page).group(1)  # type: ignore[union-attr]
    sent = {
        "name": "焊接工作室",
        "organisation": "焊接工作室所在单位",
        "union_unit": "T360102",
        "founded_on": "2012-03-01",
        "version": version,
    }
    assert (
        await county.post(f"/work/studios/{site.weld}/edit", data={**sent, "topic": "甲"})
    ).status_code == 200
    late = await county.post(f"/work/studios/{site.weld}/edit", data={**sent, "topic": "乙方向"})
    assert late.status_code == 422
    assert "刚刚被别人改过" in late.text
    assert 'value="乙方向"' in late.text


def test_charts_carry_the_figures_behind_them() -> None:
    years = [
        {"year": 2024, "tackled": 1, "patents": 2, "methods": 0, "proposals": 4, "benefit": 12_345},
        {"year": 2025, "tackled": 3, "patents": 0, "methods": 1, "proposals": 0, "benefit": 0},
    ]
    words = {"tackled": "攻关", "patents": "专利", "methods": "方法", "proposals": "建议"}
    figure, table = outputs_by_year(years, words, ("2024", "2025"), ("年份", "合计"))
    assert table == {
        "head": ["年份", "攻关", "专利", "方法", "建议", "合计"],
        "rows": [["2024", 1, 2, 0, 4, 7], ["2025", 3, 0, 1, 0, 4]],
    }
    assert [(note["x"], note["text"]) for note in figure["layout"]["annotations"]] == [
        (0, "<b>7</b>"),
        (1, "<b>4</b>"),
    ]
    assert benefit_by_year(years, ("2024", "2025"), ("年份", "万元"))[1]["rows"] == [
        ["2024", "123.45"],
        ["2025", "0.00"],
    ]
    assert chains([("钢铁", 8), ("航空", 2)], 5, "其他", ("产业链", "工作室"))[1]["rows"] == [
        ["钢铁", 8],
        ["航空", 2],
        ["其他", 5],
    ]


def test_an_output_form_knows_no_float() -> None:
    assert str(output_form(2020, "benefit.created", "0.10").quantity) == "0.10"
