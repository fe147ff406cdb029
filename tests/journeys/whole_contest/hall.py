"""From the coding of the pieces to the sealed hall: what check-in, layers, judges and the chief referee do."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Page, expect

from contests.tables import Piece
from tests.journeys.whole_contest import oracle
from tests.journeys.whole_contest.people import ROLES, People

TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
BY_HAND = 1
"""Sheets each judge marks tap by tap; the others are sent as a browser without a script sends the form."""


async def set_up_coding(people: People) -> None:
    page = await people.at("xiong", "/work/event-categories/{id}/coding")
    await page.locator("input[name=layers][value='2']").check()
    for layer, login in ((1, "tao"), (2, "fu")):
        await page.select_option(f"#i-holder_{layer}", label=ROLES[login][0])
    await page.fill("#i-basis", "技术文件第 4 条")
    await page.locator("main form button.pri.lg").click()
    await expect(page.locator("main tbody tr")).to_have_count(2)


async def check_everybody_in(people: People) -> None:
    """By the list at the door; the last one does not come."""
    page = await people.at(
        "jian", "/work/event-categories/{id}/check-in", viewport={"width": 820, "height": 1180}
    )
    for entry in people.entries:
        outcome = "absent" if entry == people.entries[-1] else "present"
        row = page.locator("form.checkin", has=page.locator(f"input[name=entry][value='{entry}']"))
        await row.locator(f"button[value={outcome}]").click()
        await page.wait_for_url("**?done=*")
    await expect(page.locator("main")).to_contain_text("已检录 40 人，共 40 人")


async def draw_both_layers(people: People) -> None:
    for layer, login in ((1, "tao"), (2, "fu")):
        page = await people.at(login, "/work/event-categories/{id}/coding")
        await page.locator(f"form[action$='/coding/{layer}/draw'] button").click()
        await page.wait_for_url("**?done=*")


async def set_seats(people: People) -> None:
    """Three to a module; the first of the three also measures and deducts. Cards are printed once, judges sit down."""
    page = await people.at("wan", "/work/event-categories/{id}/seats")
    for module, seats in oracle.JUDGES.items():
        for place, seat in enumerate(seats):
            form = page.locator("form.seatform", has=page.locator("#f-aspects"))
            await form.locator("#i-code").fill(seat)
            await form.locator("#i-name").fill(f"裁判{seat}")
            for aspect in (f"{module}1", f"{module}2", f"{module}9")[: 3 if place == 0 else 1]:
                await form.locator(f"input[name=aspects][value='|{aspect}']").check(force=True)
            await form.locator("button.pri").click()
            await page.wait_for_url("**done=*")
    await page.locator("button[form=issue]").click()
    await expect(page.locator(".seatcard")).to_have_count(9)
    addresses = await page.locator(".seatcard .sc-url").all_inner_texts()
    pins = await page.locator(".pincard b.num").all_inner_texts()
    seats = [seat for trio in oracle.JUDGES.values() for seat in trio]
    for seat, address, pin in zip(seats, addresses, pins, strict=True):
        await sit(people, seat, address, pin)


async def sit(people: People, seat: str, address: str, pin: str) -> None:
    page = await (await people.context(**TABLET)).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.goto(re.sub(r"^https?://[^/]+", "", address))
    await page.locator("#i-pin").fill(pin)
    await page.get_by_role("button", name="登录席位").click()
    await page.wait_for_url("**/judge")
    people.judges[seat] = page


async def pieces(people: People) -> list[int]:
    rows = (
        await Piece.select(Piece.id)
        .where(Piece.event_category == people.event_category)
        .order_by(Piece.number)
    )
    return [row["id"] for row in rows]


def sheet_of(serial: int, module: str, seat: str) -> dict[str, str]:
    """What this judge enters for this piece: {aspect: text}."""
    said = {f"{module}1": oracle.text(oracle.first_said(serial, module, seat))}
    if oracle.JUDGES[module][0] == seat:
        said[f"{module}2"] = oracle.text(oracle.first_read(serial, module))
        if (serial, module) == oracle.FAULT:
            said[f"{module}9"] = "1"
    return said


async def everybody_marks(people: People) -> None:
    """Nine judges at once, each through all pieces."""
    numbered = await pieces(people)
    assert len(numbered) == oracle.PIECES
    await asyncio.gather(
        *(
            one_marks(people, numbered, module, seat)
            for module, seats in oracle.JUDGES.items()
            for seat in seats
        )
    )


async def one_marks(people: People, numbered: list[int], module: str, seat: str) -> None:
    page = people.judges[seat]
    shown = await (await page.context.request.get(f"/judge/{numbered[0]}")).text()
    keys = dict(re.findall(r'data-key="\d+:(([^:"]+):[^"]*)"', shown))
    for serial, piece in enumerate(numbered):
        if serial < BY_HAND:
            await mark_by_hand(page, piece, sheet_of(serial, module, seat))
        else:
            await mark_by_form(page, people.site.url, keys, piece, sheet_of(serial, module, seat))
    await page.goto("/judge")


async def mark_by_hand(page: Page, piece: int, sheet: dict[str, str]) -> None:
    await page.goto(f"/judge/{piece}")
    for aspect, text in sheet.items():
        field = page.locator(f"fieldset[data-key*=':{aspect}:'] .stepper input")
        await field.fill(text)
        await field.blur()
    await expect(page.locator("#net")).to_have_attribute("data-queue", "0", timeout=30_000)
    await page.locator("[data-hand-in]").click()
    await page.wait_for_url("**done=*")


async def mark_by_form(
    page: Page, origin: str, keys: dict[str, str], piece: int, sheet: dict[str, str]
) -> None:
    """`keys`: the rest of a cell's name → its aspect."""
    fields = {f"t:{piece}:{key}": sheet[aspect] for key, aspect in keys.items() if aspect in sheet}
    fields |= {
        f"r:{piece}:{key}": "未断电测量"
        for key, aspect in keys.items()
        if aspect in sheet and aspect[1] == "9"
    }
    sent = {"sending": f"form-{piece:08d}", "stage": "", "do": "hand_in", **fields}
    answer = await page.context.request.post(
        f"/judge/{piece}", form=sent, headers={"origin": origin}, max_redirects=0
    )
    assert answer.status == 303, await answer.text()


async def settle_the_quarrel(people: People) -> None:
    """The sheets of one piece lie too far apart: the chief referee opens it, the judge adjusts with a reason."""
    serial, module, seat = oracle.QUARREL
    piece = (await pieces(people))[serial]
    page = await people.at("wan", "/work/event-categories/{id}/sheets")
    await page.locator("form[action*='/spreads/'][action$='/open'] button").click()
    await page.wait_for_url("**done=*")
    judge = people.judges[seat]
    await judge.goto(f"/judge/{piece}")
    form = judge.locator("form.spform")
    await form.locator("input[name=text]").fill(oracle.text(oracle.judged(serial, module, seat)))
    await form.locator("input[name=reason]").fill("先前看漏了第二面")
    await form.locator("button").click()
    await judge.wait_for_url("**done=*")


async def open_both_layers(people: People) -> None:
    """From the last layer back, each before two witnesses."""
    for layer, holder in ((2, "fu"), (1, "tao")):
        for witness in ("wan", "gan"):
            page = await people.at(witness, "/work/event-categories/{id}/coding")
            await page.locator(f"form[action$='/coding/{layer}/witness'] button").click()
            await page.wait_for_url("**?done=*")
        page = await people.at(holder, "/work/event-categories/{id}/coding")
        await page.locator(f"form[action$='/coding/{layer}/open'] button").click()
        await page.wait_for_url("**?done=*")
