"""Pages of figures: every number leads to a list with as many rows, every chart is one Plotly accepts."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from litestar.testing import AsyncTestClient
from plotly.graph_objects import Figure

from federation import accounts
from federation.database import close_database, open_database
from federation.tables import Account
from tests.conftest import PASSWORD, known_keys
from tests.studios.scenes import XUNYANG, a_studio, brought, the_city, the_province
from web.app import create_app
from web.charts import contests, units
from web.panels.lines import percent, spark
from web.panels.units import approximately
from web.settings import Settings

LINK = re.compile(r'<a href="(/[^"]+)">([\d,.]+)</a>')
FIGURE = re.compile(r'<script type="application/json" id="[^"]+-figure">(.*?)</script>', re.DOTALL)


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[AsyncTestClient]:
    """Two studios in Nanchang (one national), one in Jiujiang, with outputs of two years."""
    await open_database(database_url)
    province, city = await the_province(), await the_city()
    weld = await a_studio(
        province, "焊接工作室", ("provincial", date(2014, 5, 1)), ("national", date(2016, 5, 1))
    )
    glaze = await a_studio(
        province, "陶瓷工作室", ("municipal", date(2015, 5, 1)), chain="food", industry="E"
    )
    cloth = await a_studio(
        province, "纺织工作室", ("county", date(2017, 5, 1)), union_unit=XUNYANG, chain="textiles"
    )
    for number, year, quantity in (
        (weld, 2016, "2"),
        (weld, 2017, "3"),
        (glaze, 2017, "4"),
        (cloth, 2017, "1"),
    ):
        await brought(province, number, year, "patent.granted", quantity)
    await brought(province, weld, 2017, "benefit.created", "1260.5")
    secret = await accounts._hash(PASSWORD)
    for person, login in ((province, "sheng"), (city, "nanchang")):
        await Account.update({Account.login: login, Account.password_hash: secret}).where(
            Account.id == person.id
        )
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        yield client


async def sign_in(site: AsyncTestClient, login: str) -> None:
    sent = {"login": login, "password": PASSWORD}
    assert (await site.post("/sign-in", data=sent, follow_redirects=False)).status_code == 303


async def behind(site: AsyncTestClient, href: str) -> str:
    """The number of rows, or the sum, that the page behind a figure states itself."""
    text = (await site.get(href)).text
    if "/outputs?" in href:
        return re.findall(r'id="sum">([\d,.]+)', text)[0]
    return re.findall(r'id="how-many"[^>]*>([\d,]+)', text)[0]


AVERAGES = re.compile(r'<figure class="chart" id="averages">.*?</figure>', re.DOTALL)
RETURNED = re.compile(r'<section class="sec" aria-labelledby="h-returns">.*?</section>', re.DOTALL)


async def every_link_holds(site: AsyncTestClient, page: str) -> int:
    """Follow each link of a number; averages lead to the outputs they divide, so they are left aside."""
    shown = {(unescape(href), number) for href, number in LINK.findall(AVERAGES.sub("", page))}
    lists = {
        (href, number) for href, number in shown if href.startswith(("/work/", "/studios?", "/achievements/"))
    }
    assert {(href, await behind(site, href)) for href, _number in lists} == lists
    return len(lists)


async def test_every_figure_of_the_dashboard_opens_its_rows(site: AsyncTestClient) -> None:
    await sign_in(site, "sheng")
    page = (await site.get("/work/dashboard?at=2017-12-31")).text
    assert await every_link_holds(site, page) > 40
    drawn = [json.loads(text) for text in FIGURE.findall(page)]
    assert len(drawn) == 8
    told = {unescape(href) for href in re.findall(r'href="([^"]+)"', page)}
    clicked = {
        href for figure in drawn for trace in figure["data"] for href in flat(trace.get("customdata", []))
    }
    assert clicked - told == set()


def flat(customdata: list) -> list[str]:
    return [
        one for part in customdata for one in (part if isinstance(part, list) else [part]) if one is not None
    ]


async def test_an_officer_of_a_city_counts_the_city(site: AsyncTestClient) -> None:
    await sign_in(site, "nanchang")
    page = (await site.get("/work/dashboard?at=2017-12-31")).text
    line = re.findall(r'<dd class="v num"><a href="[^"]+">([\d,.]+)</a>', page)
    assert line[:5] == ["1", "0", "1", "2", "0"]
    assert await every_link_holds(site, page) > 30


async def test_achievements_are_the_same_for_everybody_and_open_public_rows(site: AsyncTestClient) -> None:
    page = (await site.get("/achievements?at=2017-12-31")).text
    assert await every_link_holds(site, page) > 30
    assert [href for href, _number in LINK.findall(page) if href.startswith("/work")] == []


async def test_strangers_are_asked_to_sign_in(site: AsyncTestClient) -> None:
    answers = [await site.get(path) for path in ("/work/dashboard", "/work/dashboard/outputs")]
    assert ["登录" in answer.text and answer.status_code in (200, 401, 403) for answer in answers] == [
        True,
        True,
    ]


async def test_outputs_of_more_than_a_page_are_turned(
    site: AsyncTestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.dashboard.PER_PAGE", 2)
    page = (
        await site.get("/achievements/outputs?at=2017-12-31&year=2017&measure=patent.granted&page=2")
    ).text
    assert re.findall(r'id="sum">(\d+)', page) == ["8"]
    assert re.findall(r'<td><a href="[^"]+">([^<]+)<', page) == ["纺织工作室"]
    assert 'rel="prev"' in page


async def test_studios_that_returned_nothing_are_listed(site: AsyncTestClient) -> None:
    await sign_in(site, "sheng")
    page = (await site.get("/work/dashboard/missing?at=2016-12-31&year=2016")).text
    assert re.findall(r'href="/work/studios/[^"]+">([^<]+)<', page) == ["陶瓷工作室"]


@pytest.mark.parametrize("path", ["/work/dashboard?at=2017-12-31", "/achievements", "/en/work/dashboard"])
async def test_plotly_accepts_every_figure(site: AsyncTestClient, path: str) -> None:
    await sign_in(site, "sheng")
    drawn = [json.loads(text) for text in FIGURE.findall((await site.get(path)).text)]
    assert [len(Figure(figure).data) == len(figure["data"]) for figure in drawn] == [True] * len(drawn)
    assert drawn != []


@pytest.mark.parametrize(
    "query", ["?at=nonsense&year=x&measure=no", "?at=2000-01-01", "?region=999999", "?year=1000"]
)
async def test_odd_questions_get_a_page(site: AsyncTestClient, query: str) -> None:
    await sign_in(site, "sheng")
    assert [(await site.get(path + query)).status_code for path in ("/work/dashboard", "/achievements")] == [
        200,
        200,
    ]


async def test_search_finds_contests_occupations_and_studios(site: AsyncTestClient) -> None:
    page = (await site.get("/search?q=焊")).text
    assert re.findall(r'<li>.*?<a href="/(studios|contests)[^"]*">([^<]+)</a>', page) == [
        ("contests", "焊工"),
        ("studios", "焊接工作室"),
    ]
    part = await site.get("/search?q=zzz", headers={"HX-Request": "true", "HX-Target": "answers"})
    assert ("没有找到" in part.text, "<html" in part.text) == (True, False)


async def test_the_front_page_stands_on_an_empty_programme(site: AsyncTestClient) -> None:
    pages = [(await site.get(path)).text for path in ("/", "/en/")]
    assert ["今天没有正在进行的竞赛" in pages[0], "No contest is running today" in pages[1]] == [True, True]


def test_a_chart_of_contests_is_valid() -> None:
    series = [{"name": "一类", "values": [1, 2], "hrefs": ["/contests?year=2025", None]}]
    assert len(Figure(contests.by_year(["2025 年", "2026 年"], series, "项")).data) == 1


def test_one_square_per_studio() -> None:
    drawn = units.drawing({"national": 6, "provincial": 119, "municipal": 0, "county": 23})
    assert [(block.tier, block.path.count("M"), block.left) for block in drawn.blocks] == [
        ("national", 6, 0),
        ("provincial", 119, 107),
        ("county", 23, 330.6),
    ]
    assert units.narrow("county", 100)[1].count("M") == 100


@pytest.mark.parametrize(
    ("number", "words"),
    [(6, "6"), (119, "119"), (1981, "近 2,000"), (2000, "2,000"), (1802, "1,800 余"), (2251, "2,200 余")],
)
def test_how_reports_round(number: int, words: str) -> None:
    assert approximately(number) == words


def test_small_things_of_the_line() -> None:
    assert [percent(105), percent(-30), percent(0), percent(None)] == ["+10.5%", "−3.0%", "±0.0%", ""]
    assert spark([0, 1, 2]) == [(4.0, 26.0), (56.0, 15.0), (108.0, 4.0)]
    assert spark([3]) == []
