"""Judges at their tablets: card and PIN, another device, a hall without network, sheets handed in, a spread."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from contests import scoring
from contests.seats import links
from contests.tables import Dispute, Mark, Spread, Submission
from tests.contests.seat_scenes import Hall, a_hall, draft, fresh, hands_in, sits

pytestmark = pytest.mark.browser

TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
async def hall(hall_db: str) -> Hall:
    return await a_hall(pieces=3)


async def sit(page_of, hall: Hall, seat: str, **options: Any) -> Page:
    """Open the link of the card and enter the PIN; a context of its own is a device of its own."""
    card = hall.cards[seat]
    page = await page_of(None, f"/seat/{card.secret}", **(options or TABLET))
    await page.locator("#i-pin").fill(card.pin)
    await page.get_by_role("button", name="登录席位").click()
    await page.wait_for_url("**/judge")
    return page


async def kept(page: Page) -> None:
    """The device has kept its forms."""
    await expect(page.locator("html")).to_have_attribute("data-offline", "ready", timeout=20_000)


def aspect(page: Page, aspect_id: str) -> Any:
    return page.locator(f"fieldset[data-key*=':{aspect_id}:']")


async def tap(page: Page, aspect_id: str, label: str) -> None:
    await aspect(page, aspect_id).locator(".scale label", has_text=label).click()


async def measure(page: Page, aspect_id: str, text: str) -> None:
    field = aspect(page, aspect_id).locator(".stepper input")
    await field.fill(text)
    await field.blur()


async def sent(page: Page) -> None:
    await expect(page.locator("#net")).to_have_attribute("data-queue", "0", timeout=20_000)


async def marks(piece: int) -> dict[tuple[str, str], list[str]]:
    rows = await Mark.select().where(Mark.piece == piece).order_by(Mark.version)
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row["aspect"], row["judge"]), []).append(row["blank"] or str(row["value"] / 10_000))
    return found


async def test_a_judge_marks_a_piece_and_hands_it_in(hall, page_of):
    page = await sit(page_of, hall, "1")
    await expect(page.locator(".jlist a")).to_have_count(3)
    await page.locator(".jlist a").first.click()
    await expect(page.locator("h1")).to_have_text("001")
    await page.locator("[data-hand-in]").click(force=True)  # nothing is marked: it leads to what is open
    await expect(aspect(page, "M1").locator(".stepper input")).to_be_focused()
    await measure(page, "M1", "8.7")
    await expect(aspect(page, "M1").locator(".err")).to_have_text("按 0.5 一档")
    await measure(page, "M1", "８。５")
    await tap(page, "J1", "达到标准")
    await aspect(page, "D1").locator(".stepper input").fill("1")
    await aspect(page, "D1").locator(".stepper input").blur()
    await expect(aspect(page, "D1").locator(".err")).to_have_text("扣分要先写明理由")
    await page.wait_for_timeout(6_000)  # the page asks the site meanwhile; what was typed stays
    await page.locator("[data-hand-in]").click(force=True)
    await expect(aspect(page, "D1").locator(".note input")).to_be_focused()
    await expect(aspect(page, "D1").locator(".stepper input")).to_have_value("1.00")
    await aspect(page, "D1").locator(".note input").fill("未戴手套")
    await aspect(page, "D1").locator(".note input").blur()
    await sent(page)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.locator("[data-hand-in]").click()
    await page.wait_for_url(f"**/judge/{hall.pieces[1]}?done=*")
    assert await marks(hall.pieces[0]) == {("M1", ""): ["8.5"], ("J1", "1"): ["1.0"], ("D1", ""): ["1.0"]}
    await page.goto(f"/judge/{hall.pieces[0]}")
    await expect(page.locator(".st").first).to_have_text("已提交")
    await expect(aspect(page, "J1").locator(".scale input").first).to_be_disabled()


async def test_another_device_takes_the_seat_over_in_the_open(hall, page_of):
    tablet = await sit(page_of, hall, "2")
    await tablet.locator(".jlist a").first.click()
    card = hall.cards["2"]
    phone = await page_of(None, f"/seat/{card.secret}", **PHONE)
    await expect(phone.locator("main")).to_contain_text("现在使用：")
    await phone.locator("#i-pin").fill(card.pin)
    await phone.get_by_role("button", name="登录席位").click()
    await expect(phone.get_by_role("alert")).to_contain_text("此席位正在另一台设备上使用")
    await phone.locator("#i-pin").fill(card.pin)
    await phone.locator("input[name=take_over]").check()
    await phone.get_by_role("button", name="登录席位").click()
    await phone.wait_for_url("**/judge")
    await expect(tablet.locator("h1")).to_have_text("此席位已在另一台设备登录", timeout=15_000)
    referee = await page_of(hall.wan, f"/work/event-categories/{hall.id}/seats")
    await expect(referee.locator("tr", has_text="裁判2")).to_contain_text("换过 1 次设备")


async def test_what_the_old_device_had_not_sent_stays_there_and_is_said(hall, page_of):
    tablet = await sit(page_of, hall, "2")
    await tablet.locator(".jlist a").first.click()
    await tablet.route("**/api/v1/seat/cells", lambda route: route.abort())
    await tap(tablet, "J1", "优秀")
    await expect(tablet.locator("#net")).to_contain_text("1 条待发")
    card = hall.cards["2"]
    await links.sign_in(card.secret, card.pin, "Android", take_over=True)
    await expect(tablet.locator("h1")).to_have_text("此席位已在另一台设备登录", timeout=15_000)
    await expect(tablet.locator("#unsent")).to_contain_text("还有 1 条没有发出")
    await tablet.unroute("**/api/v1/seat/cells")
    await tablet.goto(f"/seat/{card.secret}")
    await tablet.locator("#i-pin").fill(card.pin)
    await tablet.locator("input[name=take_over]").check()
    await tablet.get_by_role("button", name="登录席位").click()
    await sent(tablet)
    assert await marks(hall.pieces[0]) == {("J1", "2"): ["3.0"]}


async def test_a_hall_without_network_loses_nothing_and_sends_nothing_twice(hall, page_of):
    """The line goes in the middle of a sheet; the tab is closed and opened again; five answers get lost."""
    page = await sit(page_of, hall, "1")
    await kept(page)
    await page.locator(".jlist a").first.click()
    await measure(page, "M1", "8.5")
    await sent(page)
    context = page.context
    await context.set_offline(True)
    await tap(page, "J1", "部分超过")
    await expect(page.locator("#net")).to_contain_text("1 条待发")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.locator("[data-hand-in]").click()
    await expect(page.locator("#left")).to_have_text("已提交，待发")
    await page.locator("a[rel=next]").click()  # a piece this device never opened, from what it kept
    await expect(page.locator("h1")).to_have_text("002")
    await expect(page.locator(".keptnote")).to_be_visible()
    await measure(page, "M1", "7")
    await page.close()

    again = await context.new_page()
    await again.goto(f"/judge/{hall.pieces[1]}")
    await expect(again.locator(".keptnote")).to_be_visible()
    await expect(aspect(again, "M1").locator(".stepper input")).to_have_value("7.00")
    await tap(again, "J1", "没有做")
    await again.goto("/judge")
    await expect(again.locator(f"a[data-piece='{hall.pieces[0]}']")).to_contain_text("已提交，待发")
    await expect(again.locator("#net")).to_contain_text("4 条待发")
    assert await marks(hall.pieces[1]) == {}

    lost = 0

    async def swallow(route) -> None:
        """The site hears it, the device does not hear the answer: five times over."""
        nonlocal lost
        if lost < 5:
            lost += 1
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await again.route("**/api/v1/seat/**", swallow)
    await context.set_offline(False)
    await again.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(again.locator("#net")).to_have_attribute("data-queue", "0", timeout=60_000)
    assert lost == 5
    assert await marks(hall.pieces[0]) == {("M1", ""): ["8.5"], ("J1", "1"): ["2.0"]}
    assert await marks(hall.pieces[1]) == {("M1", ""): ["7.0"], ("J1", "1"): ["0.0"]}
    assert await Submission.count() == 1
    assert await Dispute.count() == 0
    await again.goto(f"/judge/{hall.pieces[1]}")
    await expect(again.locator(".keptnote")).to_be_hidden()


async def test_the_kept_forms_go_with_the_seat(hall, page_of):
    page = await sit(page_of, hall, "3")
    await kept(page)
    names = "caches.keys().then(all => all.filter(one => one.startsWith('saichuang-forms')).length)"
    assert await page.evaluate(names) == 1
    await page.get_by_role("button", name="退出席位").click()
    await expect(page.locator("h1")).to_have_text("已退出此席位")
    assert await page.evaluate(names) == 0
    await page.context.set_offline(True)
    await page.goto("/judge")
    await expect(page.locator("h1")).to_contain_text("没有网络")


async def test_forms_of_one_who_signed_in_before_are_not_shown_to_the_next(hall, page_of):
    page = await sit(page_of, hall, "2")
    await kept(page)
    card = hall.cards["3"]
    await page.goto(f"/seat/{card.secret}")
    await page.locator("#i-pin").fill(card.pin)
    await page.get_by_role("button", name="登录席位").click()
    await page.wait_for_url("**/judge")
    await kept(page)
    held = await page.evaluate(
        "caches.keys().then(all => all.filter(one => one.startsWith('saichuang-forms')))"
    )
    assert [re.sub(r"-[0-9a-f]{12}$", "", name) for name in held] == [f"saichuang-forms:seat{card.seat}"]


async def test_two_devices_disagree_and_the_judge_chooses(hall, page_of):
    page = await sit(page_of, hall, "2")
    await page.locator(".jlist a").first.click()
    await page.context.set_offline(True)
    await tap(page, "J1", "优秀")
    await expect(page.locator("#net")).to_contain_text("1 条待发")
    await scoring.enter_mark(
        hall.li, hall.id, hall.pieces[0], aspect="J1", judge="2", text="1", seen_version=0, sending=fresh()
    )
    await page.context.set_offline(False)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator(".dispute")).to_be_visible(timeout=20_000)
    await expect(page.locator(".dispute button b")).to_have_text(["1", "3"])
    await page.locator(".dispute button").nth(1).click()
    await expect(page.locator(".dispute")).to_have_count(0)
    assert await marks(hall.pieces[0]) == {("J1", "2"): ["1.0", "3.0"]}


async def test_a_spread_stops_the_sheet_until_the_judge_adjusts(hall, page_of):
    piece = hall.pieces[0]
    two, three = await sits(hall, "2"), await sits(hall, "3")
    await draft(two, piece, {"J1": "1"})
    await hands_in(two, piece)
    await draft(three, piece, {"J1": "2"})
    await hands_in(three, piece)
    judge = await sit(page_of, hall, "1")
    await judge.locator(".jlist a").first.click()
    await measure(judge, "M1", "9")
    await tap(judge, "J1", "优秀")
    await sent(judge)
    judge.on("dialog", lambda dialog: dialog.accept())
    await judge.locator("[data-hand-in]").click()
    await judge.wait_for_url(f"**/judge/{hall.pieces[1]}?done=*")
    await judge.goto(f"/judge/{piece}")
    await expect(judge.locator(".spread")).to_contain_text("打开之前不显示各人的分")
    await expect(judge.locator(".spmarks")).to_have_count(0)

    referee = await page_of(hall.wan, f"/work/event-categories/{hall.id}/sheets")
    await expect(referee.locator("table").first).to_contain_text("等裁判长召集")
    await referee.goto(f"/work/event-categories/{hall.id}/acts/freeze")
    await expect(referee.locator("main")).to_contain_text("还有 1 处分差超限没有处理")
    await referee.goto(f"/work/event-categories/{hall.id}/sheets")
    await referee.get_by_role("button", name="打开评议").click()
    await expect(judge.locator(".spmarks b")).to_have_text(["3", "1", "2"], timeout=15_000)
    await judge.get_by_label("我调整为").fill("2")
    await judge.get_by_label("调整理由").fill("对照样板，走线有一处交叉")
    await judge.get_by_role("button", name="调整并重新提交").click()
    await expect(judge.locator(".spread")).to_have_count(0)
    assert (await marks(piece))["J1", "1"] == ["3.0", "2.0"]
    assert [row["settlement"] for row in await Spread.select()] == ["adjusted"]


async def test_stepping_aside_without_network(hall, page_of):
    page = await sit(page_of, hall, "2")
    await page.locator(".jlist a").first.click()
    await page.context.set_offline(True)
    await page.get_by_text("回避这件作品").click()
    await page.get_by_label("回避理由").fill("认出是徒弟的活")
    await page.get_by_role("button", name="我回避").click()
    await expect(page.locator("#left")).to_have_text("已回避，待发")
    await page.context.set_offline(False)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator("#judge-notes")).to_contain_text("本席位对这件作品回避", timeout=20_000)
    assert await marks(hall.pieces[0]) == {("J1", "2"): ["recused"]}


async def test_the_watch_writes_into_the_measured_aspect(hall, page_of):
    page = await sit(page_of, hall, "1")
    await page.locator(".jlist a").first.click()
    await page.locator("#timer summary").click()
    await page.locator("#timer-to").select_option(label="停表记入 尺寸")
    await page.locator("[data-timer=toggle]").click()
    await page.wait_for_timeout(1100)
    await page.locator("[data-timer=toggle]").click()
    await expect(aspect(page, "M1").locator(".stepper input")).to_have_value(re.compile(r"^[12]\.[05]0$"))
    await sent(page)
    assert list(await marks(hall.pieces[0])) == [("M1", "")]


async def test_without_a_script_the_form_is_a_form(hall, page_of):
    card = hall.cards["1"]
    page = await page_of(None, f"/seat/{card.secret}", java_script_enabled=False, **TABLET)
    await page.locator("#i-pin").fill(card.pin)
    await page.get_by_role("button", name="登录席位").click()
    await page.locator(".jlist a").first.click()
    await aspect(page, "M1").locator(".stepper input").fill("88")
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.locator(".errsum")).to_contain_text("超过上限 10")
    await expect(aspect(page, "M1").locator(".stepper input")).to_have_value("88")
    await aspect(page, "M1").locator(".stepper input").fill("8")
    await aspect(page, "J1").locator("label", has_text="优秀").click()
    await page.get_by_role("button", name="提交", exact=True).click()
    await expect(page.locator(".doneline")).to_contain_text("已提交")
    assert await marks(hall.pieces[0]) == {("M1", ""): ["8.0"], ("J1", "1"): ["3.0"]}
    assert await Submission.count() == 1
