"""The clerks' grid in a hall without network: the tab may be closed, what was typed leaves later and once."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from contests.tables import Dispute, Mark
from tests.journeys.test_grid import Hall, cell, hall, values  # noqa: F401  (the fixture of the same hall)

pytestmark = pytest.mark.browser


async def test_the_tab_is_closed_without_network_and_opened_again(hall: Hall, page_of):  # noqa: F811
    page = await page_of(hall.li, hall.path)
    await expect(page.locator("html")).to_have_attribute("data-offline", "ready", timeout=20_000)
    context = page.context
    await context.set_offline(True)
    await cell(page, 0, 0).click()
    for text in ("1.5", "1.25"):
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
    await expect(page.locator("#net")).to_contain_text("2 条待发")
    await page.close()

    again = await context.new_page()
    await again.goto(hall.path)
    await expect(again.locator(".keptnote")).to_be_visible()
    await expect(cell(again, 1, 0)).to_have_text("1.25")
    await cell(again, 2, 0).click()
    await again.keyboard.type("1")
    await again.keyboard.press("Enter")
    await expect(again.locator("#net")).to_contain_text("3 条待发")

    lost = 0

    async def swallow(route) -> None:
        nonlocal lost
        if lost < 5:
            lost += 1
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await again.route("**/cells", swallow)
    await context.set_offline(False)
    await again.keyboard.press("Control+s")
    await expect(cell(again, 2, 0)).to_have_class("ok", timeout=60_000)
    await expect(again.locator(".keptnote")).to_be_hidden(timeout=15_000)
    one, two, three, *_ = hall.pieces
    assert await values(hall.id) == {
        (one, "C1", ""): "1.5",
        (two, "C1", ""): "1.25",
        (three, "C1", ""): "1.0",
    }
    assert (lost, await Mark.count(), await Dispute.count()) == (5, 3, 0)


async def test_signing_out_takes_the_kept_sheets_along(hall: Hall, page_of):  # noqa: F811
    page = await page_of(hall.li, hall.path)
    await expect(page.locator("html")).to_have_attribute("data-offline", "ready", timeout=20_000)
    await page.locator(".who-menu summary").click()
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url("**/?done=*")
    names = "caches.keys().then(all => all.filter(one => one.startsWith('saichuang-forms')).length)"
    assert await page.evaluate(names) == 0
    await page.context.set_offline(True)
    await page.goto(hall.path)
    await expect(page.locator("h1")).to_contain_text("没有网络")
