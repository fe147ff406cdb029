"""The score grid under the fingers: keys, a pasted block, two clerks on one cell, reload, a lost line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, expect

from contests import programme, scoring, states
from contests.tables import Mark, Piece
from federation.accounts import Viewer
from tests.builders import NAMES, a_contest, an_event_category, bring_to, entries
from tests.cast import the_chief_referee, the_clerk, the_organiser
from tests.contests.test_scoring import SHEET

pytestmark = pytest.mark.browser


@dataclass
class Hall:
    """An event category in marking: where its sheet is, its pieces by number, and who works there."""

    id: int
    path: str
    pieces: list[int]
    li: Viewer
    wang: Viewer
    wan: Viewer


@pytest.fixture
async def hall(hall_db: str) -> Hall:
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=SHEET)
    await entries(made, NAMES[:6])
    await bring_to(xiong, made, "marking")
    drawn = await Piece.select(Piece.id).where(Piece.event_category == made).order_by(Piece.number)

    return Hall(
        made,
        f"/work/scoring/{made}/C",
        [row["id"] for row in drawn],
        await the_clerk(contest, "李录分"),
        await the_clerk(contest, "王录分"),
        await the_chief_referee(contest),
    )


def cell(page: Page, row: int, column: int) -> Any:
    return page.locator("tbody tr").nth(row).locator("td[data-key]").nth(column)


async def values(event_category: int) -> dict[tuple[int, str, str], str]:
    rows = await Mark.select().where((Mark.event_category == event_category) & Mark.is_current.eq(True))
    return {
        (row["piece"], row["aspect"], row["judge"]): row["blank"] or str(row["value"] / 10_000)
        for row in rows
    }


async def test_a_column_is_typed_without_the_mouse(hall, page_of):
    page = await page_of(hall.li, hall.path)
    await cell(page, 0, 0).click()
    for text in ("1.5", "1.25", "2"):
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
    await page.keyboard.press("q")
    await expect(cell(page, 0, 0)).to_have_class("ok")
    await expect(cell(page, 3, 0)).to_have_class("ok abs cur")
    await expect(page.locator("tbody tr").nth(0).locator(".tot")).to_have_text("1.50")
    await page.keyboard.press("Control+Home")
    await page.keyboard.press("F2")
    await expect(page.locator("td input")).to_have_value("1.50")
    await page.keyboard.press("End")
    await page.keyboard.press("Backspace")
    await page.keyboard.type("5")
    await page.keyboard.press("Tab")
    await page.keyboard.press("F2")
    await page.keyboard.type("１７。5")
    await page.keyboard.press("Shift+Tab")
    await expect(cell(page, 0, 1)).to_have_class("ok")
    one, two, three, four, *_ = hall.pieces
    assert await values(hall.id) == {
        (one, "C1", ""): "1.55",
        (two, "C1", ""): "1.25",
        (three, "C1", ""): "2.0",
        (four, "C1", ""): "dns",
        (one, "C2", ""): "17.5",
    }


async def test_undo_delete_and_jump(hall, page_of):
    page = await page_of(hall.li, hall.path)
    await cell(page, 0, 0).click()
    await page.keyboard.type("1.5")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Delete")
    await expect(cell(page, 0, 0)).to_have_class("none cur")
    await page.keyboard.press("Control+z")
    await expect(cell(page, 0, 0)).to_have_text("1.50")
    await page.keyboard.press("/")
    await page.keyboard.type("4")
    await page.keyboard.press("Enter")
    await expect(cell(page, 3, 0)).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()


async def test_a_value_out_of_range_stays_struck_through_until_it_is_mended(hall, page_of):
    page = await page_of(hall.li, hall.path)
    await cell(page, 1, 0).click()
    await page.keyboard.type("25")
    await page.keyboard.press("Enter")
    await expect(cell(page, 1, 0)).to_have_class("oob")
    await expect(cell(page, 1, 0).locator(".d1")).to_have_text("上限 2.00")
    await page.reload()
    await expect(cell(page, 1, 0).locator(".v")).to_have_text("25")
    await page.keyboard.press("Tab")
    await cell(page, 0, 0).click()
    await page.keyboard.press("F8")
    await page.keyboard.type("2")
    await page.keyboard.press("Enter")
    await expect(cell(page, 1, 0)).to_have_class("ok")
    assert await values(hall.id) == {(hall.pieces[1], "C1", ""): "2.0"}


async def test_a_block_from_a_spreadsheet(hall, page_of):
    page = await page_of(hall.li, hall.path)
    await cell(page, 0, 0).click()
    await page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text', text);
            const paste = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        "1.5\t10\r\n2.5\t11\r\n\t12\r\n",
    )
    await expect(cell(page, 2, 1)).to_have_class("ok")
    await expect(cell(page, 1, 0)).to_have_class("oob")
    one, two, three, *_ = hall.pieces
    assert await values(hall.id) == {
        (one, "C1", ""): "1.5",
        (one, "C2", ""): "10.0",
        (two, "C2", ""): "11.0",
        (three, "C2", ""): "12.0",
    }


async def test_two_clerks_on_one_cell(hall, page_of):
    li, wang = await page_of(hall.li, hall.path), await page_of(hall.wang, hall.path)
    await wang.route("**/moved*", lambda route: route.abort())  # Wang's page has not heard of Li's value yet
    await cell(wang, 0, 1).click()
    await cell(li, 0, 1).click()
    await li.keyboard.type("4.5")
    await li.keyboard.press("Enter")
    await expect(cell(li, 0, 1)).to_have_class("ok")
    await wang.keyboard.type("4.05")
    await wang.keyboard.press("Enter")
    await expect(cell(wang, 0, 1)).to_have_class("diff")
    await expect(cell(wang, 0, 1)).to_contain_text("4.50")
    await expect(cell(wang, 0, 1).locator(".d1")).to_have_text("另录 4.05")
    await expect(cell(li, 0, 1)).to_have_class("diff")
    await cell(li, 0, 1).click()
    await expect(li.locator(".cmp b")).to_have_text(["4.50", "4.05"])
    await li.keyboard.press("Alt+2")
    await expect(cell(li, 0, 1)).to_have_class("ok cur")
    await expect(cell(li, 0, 1)).to_have_text("4.05")
    assert await values(hall.id) == {(hall.pieces[0], "C2", ""): "4.05"}


async def test_what_another_clerk_saves_appears(hall, page_of):
    page = await page_of(hall.li, hall.path)
    await scoring.enter_mark(
        hall.wang,
        hall.id,
        hall.pieces[2],
        aspect="C1",
        text="1.75",
        seen_version=0,
        sending="from-elsewhere",
    )
    await expect(cell(page, 2, 0)).to_have_text("1.75", timeout=8000)


async def test_a_lost_line_loses_nothing(hall, page_of, site):
    page = await page_of(hall.li, hall.path)
    await page.route("**/api/v1/**", lambda route: route.abort())
    await cell(page, 0, 0).click()
    for text in ("1.5", "1.25", "1"):
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
    await expect(cell(page, 2, 0)).to_have_class("queue")
    await expect(page.locator("#net")).to_contain_text("离线")
    await expect(page.locator("#net")).to_contain_text("3")
    await page.keyboard.type("0.7")
    await page.reload()
    await expect(cell(page, 1, 0)).to_have_text("1.25")
    await expect(page.locator("td input")).to_have_value("0.7")
    await page.keyboard.press("Enter")
    assert await values(hall.id) == {}
    await page.unroute("**/api/v1/**")
    await page.keyboard.press("Control+s")
    await expect(cell(page, 3, 0)).to_have_class("ok")
    one, two, three, four, *_ = hall.pieces
    assert await values(hall.id) == {
        (one, "C1", ""): "1.5",
        (two, "C1", ""): "1.25",
        (three, "C1", ""): "1.0",
        (four, "C1", ""): "0.7",
    }


async def test_a_killed_server_is_waited_for(hall, page_of, site):
    page = await page_of(hall.li, hall.path)
    site.kill()
    await cell(page, 0, 0).click()
    await page.keyboard.type("1.5")
    await page.keyboard.press("Enter")
    await expect(cell(page, 0, 0)).to_have_class("queue")
    site.start()
    await page.keyboard.press("Control+s")
    await expect(cell(page, 0, 0)).to_have_class("ok")
    assert await values(hall.id) == {(hall.pieces[0], "C1", ""): "1.5"}


async def test_without_a_script_each_row_is_a_form(hall, page_of):
    page = await page_of(hall.li, hall.path, java_script_enabled=False)
    row = page.locator("tbody tr").nth(0)
    await row.locator("input[size]").nth(0).fill("1.5")
    await row.locator("input[size]").nth(1).fill("99")
    await row.locator("button").click()
    await expect(page.locator("[role=alert]")).to_contain_text("超过上限 18")
    await expect(page.locator("tbody tr").nth(0).locator("input[size]").nth(1)).to_have_value("99")
    await page.locator("tbody tr").nth(0).locator("input[size]").nth(1).fill("9")
    await page.locator("tbody tr").nth(0).locator("button").click()
    assert await values(hall.id) == {(hall.pieces[0], "C1", ""): "1.5", (hall.pieces[0], "C2", ""): "9.0"}


async def test_after_the_freeze_the_referee_corrects_with_a_reason(hall, page_of):
    await scoring.enter_mark(
        hall.li, hall.id, hall.pieces[0], aspect="C1", text="1", seen_version=0, sending="before-freeze"
    )
    await states.step(hall.wan, hall.id, "freeze")
    page = await page_of(hall.wan, hall.path)
    await page.locator("#reason").fill("抄错一行")
    await cell(page, 0, 0).click()
    await page.keyboard.type("1.5")
    await page.keyboard.press("Enter")
    await expect(cell(page, 0, 0)).to_have_class("ok")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator(".log")).to_contain_text("抄错一行")
    clerk = await page_of(hall.li, hall.path)
    await expect(clerk.locator("table")).to_have_attribute("aria-readonly", "true")
