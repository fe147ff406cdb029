"""Every kind of page in a real browser: readable by everybody, nothing cut off, nothing fetched from elsewhere.

axe-core (tests/web/axe) judges; its serious and critical findings fail. Each address is opened on a phone in one
theme and language and on a desk in the other.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import TimeoutError as Waited

from tests.browser import system_browser
from tests.served import Site
from web.demo.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

AXE = Path(__file__).with_name("axe") / "axe.min.js"
PHONE, DESK, HALL = (390, 844), (1440, 900), (1920, 1080)
LIVE = "e.state = 'marking' AND EXISTS (SELECT 1 FROM mark m WHERE m.event_category = e.id)"

VIEWS = {
    "phone, light, Chinese": (PHONE, "light", ""),
    "desk, dark, English": (DESK, "dark", "/en"),
}
OTHER_VIEWS = {
    "phone, dark, English": (PHONE, "dark", "/en"),
    "desk, light, Chinese": (DESK, "light", ""),
}
ADDRESSES = [
    ("-", "/"),
    ("-", "/contests"),
    ("-", "/contests/{contest}"),
    ("-", "/boards"),
    ("-", "/boards/{live}"),
    ("-", "/boards/{notice}"),
    ("-", "/boards/{notice}/rules"),
    ("-", "/boards/{notice}/objections"),
    ("-", "/boards/{corrected}/publications"),
    ("-", "/objections"),
    ("-", "/objections/{receipt}"),
    ("-", "/studios"),
    ("-", "/studios/{studio}"),
    ("-", "/achievements"),
    ("-", "/search?q=焊"),
    ("-", "/sign-in"),
    ("-", "/certificates"),
    ("-", "/certificates/{valid}"),
    ("-", "/certificates/{revoked}"),
    ("zuzhi", "/work"),
    ("zuzhi", "/work/contests/{contest}"),
    ("zuzhi", "/work/contests/{contest}/entries"),
    ("zuzhi", "/work/contests/{contest}/import"),
    ("zuzhi", "/work/event-categories/{live}"),
    ("zuzhi", "/work/event-categories/{live}/scheme"),
    ("zuzhi", "/work/event-categories/{live}/scheme/preview"),
    ("zuzhi", "/work/event-categories/{live}/scheme/text"),
    ("zuzhi", "/work/event-categories/{unmarked}/scheme?choose=yes"),
    ("zuzhi", "/work/event-categories/{unmarked}/scheme?preset=judgement"),
    ("zuzhi", "/work/boards/{live}"),
    ("zuzhi", "/work/boards/{live}/diagnostics"),
    ("zuzhi", "/work/boards/{live}/trials"),
    ("zuzhi", "/work/event-categories/{drawn}/coding"),
    ("zuzhi", "/work/event-categories/{drawn}/check-in"),
    ("zuzhi", "/work/event-categories/{drawn}/passes"),
    ("zuzhi", "/work/event-categories/{judged}/seats"),
    ("zuzhi", "/work/event-categories/{judged}/sheets"),
    ("zuzhi", "/work/scoring"),
    ("zuzhi", "/work/event-categories/{notice}/notice"),
    ("zuzhi", "/work/event-categories/{notice}/objections"),
    ("zuzhi", "/work/event-categories/{corrected}/announcer"),
    ("zuzhi", "/work/event-categories/{awarded}/awards"),
    ("zuzhi", "/work/event-categories/{awarded}/certificates"),
    ("zuzhi", "/work/contests/{awarding}/titles"),
    ("zuzhi", "/work/contests/{awarding}/titles/technical-expert-I"),
    ("zuzhi", "/work/contests/{awarding}/certificates"),
    ("zuzhi", "/work/contests/{awarding}/archive"),
    ("zuzhi", "/work/certificates/batches/1"),
    ("zuzhi", "/work/certificates/{certificate}"),
    ("sheng", "/work/dashboard"),
    ("sheng", "/work/studios/{studio}/edit"),
    ("caipan", "/work/event-categories/{papered}/paper"),
    ("caipan", "/work/event-categories/{papered}/desk"),
    ("caipan", "/work/event-categories/{judged}/desk"),
    ("lufen1", "/work/score-sheets"),
    ("lufen2", "/work/score-sheets/{once}"),
    ("caipan", "/work/score-sheets/{apart}"),
    ("jiandu", "/work/score-sheets/{printed}"),
    ("jiandu", "/work/event-categories/{rechecked}/recheck/1"),
    ("jiandu", "/work/event-categories/{rechecked}/recheck/sheets/1"),
    ("lingdui", "/work/appeals"),
    ("lingdui", "/work/appeals/new/{appealed}"),
    ("lingdui", "/work/appeals/1"),
    ("zhongcai", "/work/event-categories/{appealed}/appeals/1"),
    ("zuzhi", "/work/event-categories/{appealed}/appeals/rule"),
]
BOTH_WAYS = {"/", "/boards/{live}"}
CASES = [
    pytest.param(who, address, *view, id=f"{who} {address} ({name})")
    for who, address in ADDRESSES
    for name, view in ({**VIEWS, **OTHER_VIEWS} if address in BOTH_WAYS else VIEWS).items()
]

Visit = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
def places(demo: Path) -> dict[str, str]:
    """A contest that is going on, a board that moves, a board on public notice, certificates, a studio."""
    with sqlite3.connect(demo) as connection:

        def one(sql: str) -> str:
            return str(connection.execute(sql).fetchone()[0])

        live = one(f"SELECT e.id FROM event_category e WHERE {LIVE} AND e.live_public ORDER BY e.id LIMIT 1")
        return {
            "live": live,
            "contest": one(
                "SELECT c.code FROM contest c JOIN contest_event v ON v.contest = c.id"
                f" JOIN event_category e ON e.event = v.id WHERE e.id = {live}"
            ),
            "papered": one("SELECT event_category FROM score_sheet ORDER BY id LIMIT 1"),
            "once": one("SELECT code FROM score_sheet WHERE state = 'first' ORDER BY id LIMIT 1"),
            "apart": one("SELECT code FROM score_sheet WHERE state = 'differing' ORDER BY id LIMIT 1"),
            "printed": one("SELECT s.code FROM score_sheet s JOIN sheet_print p ON p.sheet = s.id LIMIT 1"),
            "judged": one("SELECT event_category FROM judge_seat ORDER BY id LIMIT 1"),
            "unmarked": one(
                "SELECT e.id FROM event_category e WHERE e.scheme IS NOT NULL AND NOT EXISTS"
                " (SELECT 1 FROM mark m WHERE m.event_category = e.id) ORDER BY e.id LIMIT 1"
            ),
            "notice": one("SELECT id FROM event_category WHERE state = 'notice' ORDER BY id LIMIT 1"),
            "corrected": one("SELECT event_category FROM publication WHERE reason <> '' ORDER BY id LIMIT 1"),
            "receipt": one("SELECT receipt FROM objection WHERE state = 'dismissed' ORDER BY id LIMIT 1"),
            "rechecked": one("SELECT event_category FROM recheck ORDER BY id LIMIT 1"),
            "appealed": one("SELECT event_category FROM appeal ORDER BY id LIMIT 1"),
            "drawn": one("SELECT id FROM event_category WHERE state = 'drawn' ORDER BY id LIMIT 1"),
            "awarded": one("SELECT event_category FROM certificate ORDER BY id LIMIT 1"),
            "awarding": one(
                "SELECT c.code FROM certificate_run r JOIN contest c ON c.id = r.contest ORDER BY r.id LIMIT 1"
            ),
            "certificate": one("SELECT id FROM certificate WHERE state = 'valid' ORDER BY id LIMIT 1"),
            "valid": one("SELECT code FROM certificate WHERE state = 'valid' ORDER BY id LIMIT 1"),
            "revoked": one("SELECT code FROM certificate WHERE state = 'revoked' ORDER BY id LIMIT 1"),
            "studio": one("SELECT number FROM studio ORDER BY id LIMIT 1"),
        }


@pytest.fixture(scope="module")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    served = Site(shutil.copy(demo, folder / "site.sqlite"), folder, demo="1").start()
    yield served
    served.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=system_browser(), args=["--no-sandbox"])
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signed_in(site: Site, browser: Browser) -> dict[str, Any]:
    """Login → what the browser keeps after signing in; '-' is a stranger."""
    kept: dict[str, Any] = {"-": None}
    for login in sorted({who for who, _ in ADDRESSES} - {"-"}):
        context = await browser.new_context()
        answer = await context.request.post(
            f"{site.url}/sign-in", form={"login": login, "password": PASSWORD}, headers={"Origin": site.url}
        )
        assert answer.ok, site.log[-3000:]
        kept[login] = await context.storage_state()
        await context.close()
    return kept


@pytest_asyncio.fixture(loop_scope="module")
async def visit(site: Site, browser: Browser, signed_in: dict[str, Any]) -> AsyncIterator[Visit]:
    """`await visit("zuzhi", "/work", PHONE, "dark")`; fails on faults of scripts and on foreign requests."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(who: str, path: str, size: tuple[int, int], theme: str, status: int = 200) -> Page:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            base_url=site.url,
            locale="zh-CN",
            reduced_motion="reduce",
            storage_state=signed_in[who],
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if status == 200:
            page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
        page.on("request", lambda one: None if _is_ours(one.url, site.url) else faults.append(one.url))
        answer = await page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}:\n{site.log[-3000:]}"
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert faults == []


def _is_ours(address: str, url: str) -> bool:
    return address.startswith((f"{url}/", "data:", "blob:"))


async def violations(page: Page) -> list[str]:
    """The serious and critical findings of axe, one line each."""
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]


async def empty_charts(page: Page) -> list[str]:
    """The names of the charts that draw no mark when they come into the window."""
    empty = []
    for plot in await page.locator("[data-figure]").all():
        await plot.scroll_into_view_if_needed()
        marks = plot.locator(
            ".trace path, path.surface, path.choroplethlayer, .slice path, .points path, .hm image"
        )
        try:
            await marks.first.wait_for(state="attached", timeout=30_000)
        except Waited:
            empty.append(str(await plot.get_attribute("data-figure")))
    return empty


async def width(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize(("who", "address", "size", "theme", "prefix"), CASES)
async def test_a_page_is_for_everybody(visit, places, who, address, size, theme, prefix):
    page = await visit(who, prefix + address.format(**places), size, theme)
    assert await page.evaluate("document.documentElement.dataset.theme") == theme
    assert await width(page) == size[0]
    assert await empty_charts(page) == []
    assert await violations(page) == []


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")])
async def test_a_scheme_is_edited_and_tried_on_earlier_marks(visit, places, size, theme):
    """Opened, a part added with the keyboard landing in it, then ranked over the marks of another contest."""
    page = await visit(
        "zuzhi", f"/work/event-categories/{places['unmarked']}/scheme?preset=modules", size, theme
    )
    await page.locator('[value="open:stages.0.modules.0"]').click()
    await page.locator('[name="stages.0.modules.0.cap"]').wait_for()
    await page.locator('[value="add:stages.0.modules.0.aspects"]').click()
    added = page.locator('[name="stages.0.modules.0.aspects.0.title"]')
    await added.wait_for()
    assert await page.evaluate("document.activeElement.name") == "stages.0.modules.0.aspects.0.title"
    assert await violations(page) == []
    assert await width(page) == size[0]
    await page.locator('[value="remove:stages.0.modules.0.aspects.0"]').click()
    await added.wait_for(state="detached")
    await page.locator('[formaction$="/scheme/trial"]').click()
    await page.locator(".tryask .btn").click()
    await page.locator("#tried").wait_for()
    assert await violations(page) == []
    assert await width(page) == size[0]


@pytest.mark.parametrize(
    ("who", "address", "status"), [("-", "/nothing-here", 404), ("zuzhi", "/en/work/dashboard", 403)]
)
async def test_a_page_that_cannot_be_shown_is_still_a_page(visit, who, address, status):
    page = await visit(who, address, PHONE, "dark", status)
    assert await width(page) == PHONE[0]
    assert await violations(page) == []


async def test_the_hall_screen_fills_its_wall(visit, places):
    page = await visit("-", f"/boards/{places['live']}/screen", HALL, "dark")
    await page.locator("[data-row]").first.wait_for()
    assert await page.evaluate("[document.body.scrollWidth, document.body.scrollHeight]") == list(HALL)
    assert await empty_charts(page) == []
    assert await violations(page) == []


async def test_a_result_is_read_out_on_a_wall_and_from_a_phone(visit, places, site, signed_in):
    """Opened at the desk; every kind of step fills the wall, the phone beside it reads well in both themes."""
    here = f"/work/event-categories/{places['notice']}/announcer"
    desk = await visit("zuzhi", here, DESK, "light")
    await desk.locator("form[action$='/announcer/open'] button").click()
    await desk.locator(".qr svg").wait_for()
    assert await violations(desk) == []
    link = str(await desk.locator("a[href*='/announcer/']:not(.btn)").get_attribute("href"))
    wall = await visit("-", f"{link}/screen", HALL, "dark")
    for kind in ("title", "award", "places"):
        await wall.locator(f".reveal.{kind}").wait_for()
        assert await wall.evaluate("[document.body.scrollWidth, document.body.scrollHeight]") == list(HALL)
        assert await violations(wall) == []
        await wall.keyboard.press("Space")
    for theme, prefix in (("light", ""), ("dark", "/en")):
        phone = await visit("-", prefix + link, PHONE, theme)
        assert await width(phone) == PHONE[0]
        assert await violations(phone) == []
