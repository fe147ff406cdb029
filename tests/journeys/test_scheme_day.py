"""A marking scheme made on the keyboard: begun from a preset, faulty for a moment, saved, read, sent out and back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from contests.tables import Scheme as SchemeEdition
from federation.judging import Scheme
from tests.builders import a_contest, an_event_category
from tests.cast import the_organiser

pytestmark = pytest.mark.browser


async def type_over(page: Page, text: str) -> None:
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def reach(page: Page, control: str, at_most: int = 12) -> None:
    """Press Tab until this control has the keyboard."""
    for _press in range(at_most):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == control:
            return
    raise AssertionError(f"{control} is not within {at_most} presses of Tab")


async def editions() -> list[Scheme]:
    rows = await SchemeEdition.select(SchemeEdition.document).order_by(SchemeEdition.edition)
    return [Scheme.from_json(row["document"]) for row in rows]


async def test_a_scheme_is_made_on_the_keyboard_and_travels_as_a_workbook(hall_db, page_of, tmp_path: Path):
    xiong = await the_organiser()
    made = await an_event_category(xiong, await a_contest(xiong), scheme=None)
    here = f"/work/event-categories/{made}/scheme"
    page = await page_of(xiong, here)

    preset = page.locator("section.preset", has_text="理论 30 %，操作技能 70 %")
    await preset.get_by_role("link", name="改了再用").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#check")).to_contain_text("方案没有问题")
    await page.focus("#i-stages-0-modules-0-title")
    await reach(page, "i-stages-0-modules-0-weight")
    await type_over(page, "0.4")
    await reach(page, "i-stages-0-modules-1-title")
    await expect(page.locator("#check")).to_contain_text("方案写的总分是 100，各模块加权合计 110")
    await reach(page, "i-stages-0-modules-1-weight")
    await type_over(page, "六成")
    await page.keyboard.press("Tab")
    await expect(page.locator("#check .bn.bad")).to_contain_text("“六成” 应为数字")
    await page.get_by_role("button", name="保存为新的一版并使用").click()
    await expect(page.locator("#i-stages-0-modules-1-weight")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#i-stages-0-modules-1-weight")).to_have_value("六成")
    assert await editions() == []
    await page.focus("#i-stages-0-modules-1-weight")
    await type_over(page, "60%")
    await page.keyboard.press("Tab")
    await expect(page.locator("#check")).to_contain_text("方案没有问题")
    await page.focus("#i-basis")
    await type_over(page, "技术文件第 3 条")

    await page.get_by_role("button", name="规则文本").click()
    await expect(page.locator("article.schtext")).to_contain_text("技术文件第 3 条")
    await expect(page.locator("article.schtext")).to_contain_text("60%")
    await page.get_by_role("button", name="裁判填的表").click()
    await expect(page.locator(".jform h2")).to_have_count(2)
    assert await editions() == []
    await page.get_by_role("button", name="编辑", exact=True).click()
    await page.get_by_role("button", name="保存为新的一版并使用").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/work/event-categories/{made}?done=*")
    [first] = await editions()
    assert first.basis == "技术文件第 3 条"
    assert [(one.id, one.weight) for one in first.stages[0].modules] == [
        ("theory", 4_000), ("practical", 6_000),
    ]  # fmt: skip

    await page.goto(here)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="XLSX").click()
    book = tmp_path / "方案.xlsx"
    await (await coming.value).save_as(book)
    # what is edited may be saved right after it was sent out
    await page.get_by_role("button", name="检查", exact=True).click()
    await expect(page.locator("#check")).to_contain_text("方案没有问题")
    await page.get_by_role("link", name="换预设或导入").click()
    await page.set_input_files("#file", book)
    await page.get_by_role("button", name="读入编辑器").click()
    await expect(page.locator("main")).to_contain_text("已读入文件，还没有保存")
    await expect(page.locator("#i-stages-0-modules-1-weight")).to_have_value("0.6")
    await page.get_by_role("button", name="保存为新的一版并使用").click()
    await page.wait_for_url(f"**/work/event-categories/{made}?done=*")
    before, after = await editions()
    assert json.dumps(after.to_json()) == json.dumps(before.to_json())


async def test_the_form_stands_still_while_an_answer_is_on_its_way(hall_db, page_of):
    """On a slow line: a module is added, and the keys pressed before the answer came do not reach the old form."""
    xiong = await the_organiser()
    made = await an_event_category(xiong, await a_contest(xiong))
    page = await page_of(xiong, f"/work/event-categories/{made}/scheme")
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/scheme", hold)
    title = page.locator("#i-stages-0-modules-0-title")
    await page.locator("#b-add-stages-0-modules").click()
    await page.wait_for_function("document.querySelector('#editor').classList.contains('htmx-request')")
    await title.focus()
    await page.keyboard.type("改 x")
    await expect(title).to_have_value("理论知识")
    answered.set()
    await expect(page.locator("#i-stages-0-modules-2-title")).to_be_focused()
    await page.keyboard.type("答辩")
    await expect(page.locator("#i-stages-0-modules-2-title")).to_have_value("答辩")
