"""An announcer in the hall: the phone moves the wall, from the last place up, until the result is taken back."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from contests import publication
from tests.cast import the_organiser
from tests.contests.notice_scenes import under_notice

pytestmark = pytest.mark.browser


@pytest.fixture
async def xiong(hall_db):
    return await the_organiser()


@pytest.fixture
async def published(xiong):
    return (await under_notice(xiong))[0]


async def test_the_phone_moves_the_wall(xiong, published, page_of):
    desk = await page_of(xiong, f"/work/event-categories/{published}")
    await desk.get_by_role("link", name="颁奖播报", exact=True).click()
    await desk.get_by_role("button", name="开始播报").click()
    address = await desk.locator(".annc .sm a").get_attribute("href")
    wall = await page_of(None, f"/boards/{published}/announcer", viewport={"width": 1920, "height": 1080})
    phone = await page_of(None, str(address), viewport={"width": 390, "height": 844}, has_touch=True)
    onward = phone.get_by_role("button", name="下一步", exact=True)
    names = wall.locator(".won .nm")

    await expect(wall.locator(".reveal h2")).to_have_text("颁奖")
    await onward.tap()
    await expect(wall.locator(".reveal.award h2")).to_have_text("二等奖")
    await expect(phone.locator(".then p")).to_contain_text("欧阳文")
    await onward.tap()
    await expect(names).to_have_text(["欧阳文", "喻建平"])
    await onward.tap()
    await expect(names).to_have_text(["涂国强"])
    await phone.get_by_role("button", name="退回一步").tap()
    await expect(names).to_have_text(["欧阳文", "喻建平"])
    projector = await page_of(None, f"{address}/screen")
    await projector.keyboard.press("Space")
    await expect(names).to_have_text(["涂国强"])

    await wall.reload()
    await wall.keyboard.press("Space")
    await expect(names).to_have_text(["涂国强"])
    await expect(phone.locator(".now small")).to_have_text("4 / 7")
    await onward.tap()
    await expect(phone.locator(".now small")).to_have_text("5 / 7")
    await expect(wall.locator(".reveal.award h2")).to_have_text("一等奖")

    await publication.withdraw(xiong, published, "003 号成绩有误")
    await expect(wall.locator(".bwait h2")).to_have_text("成绩正在核对，播报暂停")
    await expect(names).to_have_count(0)
    await expect(phone.locator(".bn.bad")).to_contain_text("已经撤下")
    await expect(onward).to_have_count(0)


async def test_without_scripts_the_phone_still_moves_on(xiong, published, page_of):
    desk = await page_of(xiong, f"/work/event-categories/{published}/announcer", java_script_enabled=False)
    await desk.get_by_role("button", name="开始播报").click()
    address = str(await desk.locator(".annc .sm a").get_attribute("href"))
    phone = await page_of(None, address, java_script_enabled=False)
    for seen in ("1 / 7", "2 / 7", "3 / 7"):
        await expect(phone.locator(".now small")).to_have_text(seen)
        await phone.get_by_role("button", name="下一步", exact=True).click()
    await expect(phone.locator(".now p")).to_contain_text("涂国强")
