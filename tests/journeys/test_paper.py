"""Two clerks and a sheet of paper: the code opens it, they read one cell differently, a third decides, two sign."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from contests import paper, states
from contests.forms.paper import PaperRuleForm
from contests.tables import Mark
from tests.contests.paper_scenes import PHOTO, a_table, agreed, cells, sheets

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}


async def fill(page: Page, *rows: tuple[str, str]) -> None:
    """Type row by row with the keyboard alone, as people do from paper."""
    await page.locator(".entersheet .in.num").first.focus()
    for measured, deducted in rows:
        for text in (measured, deducted):
            await page.keyboard.type(text)
            await page.keyboard.press("Tab")


async def test_a_sheet_read_twice_with_a_difference_and_signed(hall_db, page_of, tmp_path: Path):
    table = await a_table()
    codes = await sheets(table, ("-", "1", "2", "3"))
    code = codes[0]

    li = await page_of(table.li, "/work/score-sheets")
    await li.locator("#i-code").fill(paper.shown_code(code).lower())
    await li.keyboard.press("Enter")
    await li.wait_for_url(f"**/work/score-sheets/{code}")
    await fill(li, ("8.5", ""), ("71", "1"))
    await li.get_by_role("button", name="录完提交").click()
    await expect(li.locator(".errsum")).to_contain_text("002")
    wrong = li.locator("input[aria-invalid=true]")
    await expect(wrong).to_have_value("71")
    await wrong.fill("7")
    await li.get_by_role("button", name="录完提交").click()
    await expect(li.locator(".doneline")).to_contain_text("等另一个人录第二遍")

    deng = await page_of(table.deng, f"/work/score-sheets/{code}", **PHONE)
    await expect(deng.locator("main")).not_to_contain_text("8.5")
    await fill(deng, ("8.5", ""), ("1", "1"))
    await deng.get_by_role("button", name="录完提交").click()
    await expect(deng.locator("main")).to_contain_text("您录过这张表，不能自己定")
    assert await Mark.count() == 0

    hu = await page_of(table.hu, f"/work/event-categories/{table.id}/paper?standing=differing")
    await hu.get_by_role("link", name=paper.shown_code(code)).click()
    differ = hu.locator("fieldset.differ")
    await expect(differ).to_have_count(1)
    await expect(differ).to_contain_text("002")
    await differ.get_by_text("第一遍").click()
    await hu.get_by_role("button", name="按纸质表定").click()
    await expect(hu.locator(".st").first).to_have_text("已核对")
    rows = await Mark.select().order_by(Mark.id)
    assert [(row["aspect"], row["value"], row["actor"]) for row in rows] == [
        ("M1", 85_000, "胡录分"),
        ("M1", 70_000, "胡录分"),
        ("D1", 10_000, "胡录分"),
    ]

    await hu.get_by_role("button", name="生成成绩表").click()
    await expect(hu.locator(".st").first).to_have_text("待签字")
    shown = (await paper.the_sheet(table.hu, code)).prints[0]["hash"]
    photo = tmp_path / "签字.jpg"
    photo.write_bytes(PHOTO)
    yan = await page_of(table.yan, f"/work/score-sheets/{code}?print={shown[:12]}", **PHONE)
    await expect(yan.locator(".bn.ok")).to_contain_text("这张成绩表就是现行的")
    await yan.locator("#i-photo").set_input_files(photo)
    await yan.get_by_text("我看到了这张纸上的签字").click()
    await yan.get_by_role("button", name="登记签字").click()
    await expect(yan.locator(".st").first).to_have_text("已签字")

    for seat, one in zip("123", codes[1:], strict=True):
        await agreed(table, one, cells(table, {"J1": "2"}, {"J1": "3"}, judge=seat))
    await paper.set_rule(table.wan, table.id, PaperRuleForm(version=1, signed_sheets=False))
    wan = await page_of(table.wan, f"/work/event-categories/{table.id}/desk")
    await expect(wan.locator(".figs")).to_contain_text("8")
    await wan.locator("main").get_by_role("link", name="封榜").click()
    await wan.locator(".actdlg button.pri").click()
    await wan.wait_for_url(re.compile(r"done=done\.stepped"))
    await sign(wan, table.id)
    await sign(await page_of(table.yan, f"/work/event-categories/{table.id}/desk", **PHONE), table.id)
    assert await states.step(table.xiong, table.id, "publish_provisional") == "provisional"


async def sign(page: Page, category: int) -> None:
    await page.goto(f"/work/event-categories/{category}/desk")
    await page.get_by_text("我核对了全部成绩").click()
    await page.get_by_role("button", name="签字", exact=True).click()
    await expect(page.locator(".doneline")).to_contain_text("已签字")
