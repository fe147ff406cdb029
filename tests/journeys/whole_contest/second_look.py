"""What is looked at again: sheets pulled by lot after the freeze, and an appeal after the publication."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from contests.tables import Entry, Piece
from tests.cast import NANCHANG, PROVINCE
from tests.journeys.whole_contest import oracle
from tests.journeys.whole_contest.people import People

FIRST_SIX, TENTH_OF_THE_REST = 6, 4
RECHECKED = "抽检更正一处登分"
REASON = "第 1 号申诉：扣分没有依据"


async def recheck(people: People) -> None:
    """Six first pieces and four by lot, three sheets each. The one misread value is found; one in thirty is allowed.

    The corrected piece falls out of the first six, so those who rise in its stead are looked at too.
    """
    await rule_of_rechecks(people)
    page = await people.at("gan", "/work/event-categories/{id}/recheck")
    await page.get_by_role("button", name="抽取清单").click()
    await page.wait_for_url("**/recheck/1?done=*")
    await expect(unread(page)).to_have_count(3 * (FIRST_SIX + TENTH_OF_THE_REST))
    number = await piece_number(people, oracle.MISREAD[0])
    title = oracle.MODULES[oracle.MISREAD[1]]
    await page.get_by_role("link", name=f"{number} {title} 复核", exact=True).click()
    await note_the_fault(page)
    await note_the_others_right(people, page)
    referee = await people.at("wan", "/work/event-categories/{id}/recheck/1")
    await referee.get_by_role("button", name="更正为").click()
    await referee.wait_for_url("**done=*")
    page = await people.at("gan", "/work/event-categories/{id}/recheck/1")
    while "recheck_finished" not in page.url:
        # whoever rose may have been in the lot already; else the list grows once
        await note_the_others_right(people, page)
        await page.goto(page.url)
        await page.get_by_role("button", name="结束抽检").click()
        await page.wait_for_url("**done=done.recheck_*")


def unread(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile(" 复核$"))


async def note_the_others_right(people: People, page: Page) -> None:
    for one in await unread(page).all():
        await note_all_right(people, page, str(await one.get_attribute("href")))


async def rule_of_rechecks(people: People) -> None:
    page = await people.at("xiong", "/work/event-categories/{id}/recheck/rule")
    await page.locator("input[name=asked]").check(force=True)
    await page.get_by_label("前几名").fill(str(FIRST_SIX))
    await page.get_by_label("其余至少抽百分之几").fill("10")
    await page.get_by_label("依据文件").fill("技术文件第 12 条")
    await page.get_by_role("button", name="保存").click()
    await page.wait_for_url("**done=*")


async def note_the_fault(page: Page) -> None:
    """The original says two points less than what was entered."""
    serial, module, _ = oracle.MISREAD
    await page.locator(f"input[name^='right:'][name*='{module}2']").fill(
        oracle.text(oracle.measured(serial, module))
    )
    await page.locator(".wrongbox summary").click()
    await page.get_by_label("理由").fill("登分时看错一行")
    await page.get_by_role("button", name="记为不符").click()
    await page.wait_for_url("**done=*")


async def note_all_right(people: People, page: Page, address: str) -> None:
    """As a browser without a script sends it."""
    shown = await (await page.context.request.get(address)).text()
    [version] = re.findall(r'name="version" value="(\d+)"', shown)
    sent = {"do": "right", "version": version, "sending": f"recheck-{address.rsplit('/', 1)[1]}"}
    answer = await page.context.request.post(
        address, form=sent, headers={"origin": people.site.url}, max_redirects=0
    )
    assert answer.status == 303, await answer.text()


async def piece_number(people: People, serial: int) -> str:
    rows = (
        await Piece.select(Piece.number)
        .where(Piece.event_category == people.event_category)
        .order_by(Piece.number)
    )
    return str(rows[serial]["number"])


async def appeal(people: People) -> None:
    """The leader of whoever made the faulted piece; the panel finds no ground for the deduction."""
    await seat_the_panel(people)
    owner = await owner_of(people, oracle.FAULT[0])
    leader = "ning" if owner["code"] == NANCHANG else "jiang"
    await file_appeal(await people.at(leader, "/work/appeals"), owner["id"])
    page = await people.at("zhong", "/work/event-categories/{id}/appeals/1")
    await page.get_by_role("button", name="受理", exact=True).click()
    await page.get_by_label("申诉成立", exact=True).check()
    await page.get_by_label("重新计分：先试算，看过变化再采用").check()
    await page.get_by_label("裁决和理由").fill("经调阅现场记录，扣分没有记录为据，予以撤销。")
    await page.get_by_role("button", name="提出裁决").click()
    await expect(page.locator("main")).to_contain_text("等待试算重新计分。")
    await score_again(await people.at("wan", "/work/event-categories/{id}/appeals/1"), owner["number"])


async def seat_the_panel(people: People) -> None:
    page = await people.at("xiong", "/work/event-categories/{id}/appeals/rule")
    form = page.locator("form.member")
    await form.locator("select").select_option(PROVINCE)
    await form.locator("button").click()
    await page.wait_for_url("**done=*")


async def owner_of(people: People, serial: int) -> dict[str, object]:
    """{id, number, code of the delegation} of the entry behind a piece."""
    rows = (
        await Entry.select(Entry.id, Entry.number, Entry.delegation.code.as_alias("code"))
        .where((Entry.event_category == people.event_category) & Entry.piece.is_not_null())
        .order_by(Entry.piece.number)
    )
    return dict(rows[serial])


async def file_appeal(page: Page, entry: object) -> None:
    await page.get_by_role("link", name="提出申诉").first.click()
    await page.get_by_label("为哪位选手申诉").select_option(str(entry))
    await page.get_by_label("计分、登分、统分有误").check()
    await page.get_by_label("申诉内容").fill("C 模块扣 3 分，现场记录表上没有违规操作的记录，请复核。")
    await page.get_by_role("button", name="提交申诉").click()
    await expect(page.get_by_role("heading", name="第 1 号申诉")).to_be_visible()


async def score_again(page: Page, number: object) -> None:
    """The chief referee tries it without the deduction, sees who moves, and applies it."""
    await page.get_by_role("button", name="开始试算").click()
    await page.fill("#i-number", str(number))
    await page.select_option("#i-aspect", f"|{oracle.FAULT[1]}9")
    await page.fill("#i-text", "0")
    await page.get_by_role("button", name="加入试算").first.click()
    await expect(page.locator(".trialset tbody tr")).to_have_count(1)
    await page.locator("summary", has_text="整套采用").click()
    await page.fill("#i-reason", REASON)
    await page.check("#i-confirmed")
    await page.get_by_role("button", name="采用", exact=True).click()
    await expect(page.locator("main")).to_contain_text("这次试算已经处理")
