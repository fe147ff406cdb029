"""A real browser on a served site. A scene fills the database first, then asks for `site` and a `person`."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from federation.accounts import Viewer
from federation.database import close_database, open_database
from tests.browser import system_browser
from tests.served import Site, session_of
from web.guards import COOKIE

Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def hall_db(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """A fresh SQLite database with the reference data, open for the scene beside the server."""
    path = tmp_path / "saichuang.sqlite"
    shutil.copy(sqlite_template, path)
    await open_database(str(path))
    yield str(path)
    await close_database()


@pytest.fixture
def site(hall_db: str, tmp_path: Path) -> Iterator[Site]:
    served = Site(hall_db, tmp_path).start()
    yield served
    served.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=system_browser(), args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture
async def page_of(site: Site, browser: Browser) -> AsyncIterator[Open]:
    """`await page_of(viewer, "/work")`: a page of this person (None: a stranger) in a browser of their own.

    Uncaught errors of scripts and messages of the content policy fail the test.
    """
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(viewer: Viewer | None, path: str, **options: Any) -> Page:
        context = await browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "base_url": site.url, "locale": "zh-CN", **options}
        )
        contexts.append(context)
        if viewer is not None:
            secret = await session_of(viewer)
            await context.add_cookies([{"name": COOKIE, "value": secret, "url": site.url}])
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.set_default_timeout(10_000)
        answer = await page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}:\n{site.log[-3000:]}"
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert faults == []
