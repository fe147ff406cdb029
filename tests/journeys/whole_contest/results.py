"""From the sealed hall to the wall and the certificates: signatures, publications, what everybody can check."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from playwright.async_api import Page, expect

from contests.notices import clock
from contests.tables import Certificate, Entry, EventCategory
from tests.journeys.whole_contest.people import People

ROOT = Path(__file__).parents[3]
WALL = {"viewport": {"width": 1920, "height": 1080}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


async def ask_for_signatures(people: People) -> None:
    """The rule of this hall: nothing is opened or published before chief referee and supervisor have signed."""
    page = await people.at("wan", "/work/event-categories/{id}/paper")
    form = page.locator("form.ruleform")
    for name in ("double_entry", "signed_sheets", "photo"):
        await form.locator(f"input[name={name}]").uncheck(force=True)
    await form.locator("input[name=sign_off]").check(force=True)
    await form.locator("input[name=basis]").fill("技术文件第 11 条")
    await form.locator("button").click()
    await page.wait_for_url("**done=*")


async def both_sign(people: People, *, lock: str = "") -> None:
    """Chief referee and supervisor sign the hash of all marks; after a correction they are locked anew before."""
    if lock:
        page = await people.at("wan", "/work/event-categories/{id}/desk")
        form = page.locator("form[action$='/desk/lock']")
        await form.locator("input[name=reason]").fill(lock)
        await form.locator("button").click()
        await page.wait_for_url("**done=*")
    for login in ("wan", "gan"):
        page = await people.at(login, "/work/event-categories/{id}/desk")
        await page.get_by_text("我核对了全部成绩").click()
        await page.get_by_role("button", name="签字", exact=True).click()
        await page.wait_for_url("**done=*")


async def publish(people: People, kind: str, reason: str = "") -> None:
    page = await people.at("xiong", "/work/boards/{id}")
    form = page.locator(f"form[action$='/publish_{kind}']")
    box = page.locator("details.act-box", has=form)
    if await box.get_attribute("open") is None:
        await box.locator("summary").click()
    if reason:
        await form.locator("textarea[name=reason]").fill(reason)
    await form.locator("input[name=confirmed]").check(force=True)
    await form.locator("button").click()
    await page.wait_for_load_state()
    said = await page.locator(".errsum").all_inner_texts()
    assert not said, said


async def entries_of_pieces(people: People) -> list[str]:
    """The number of the entry behind each piece, in the order of the pieces."""
    rows = (
        await Entry.select(Entry.number, Entry.piece.number.as_alias("piece"))
        .where((Entry.event_category == people.event_category) & Entry.piece.is_not_null())
        .order_by(Entry.piece.number)
    )
    return [row["number"] for row in rows]


async def board(page: Page, event_category: int) -> list[tuple[str, Fraction]]:
    """(entry number, total) as the public page lists them from the first place down."""
    answer = await page.goto(f"/boards/{event_category}")
    assert answer is not None
    assert answer.ok
    rows = await page.locator("[data-row]").evaluate_all(
        "rows => rows.map(row => [row.dataset.row, row.querySelector('td.to b').innerText])"
    )
    return [(number, Fraction(total)) for number, total in rows if total.replace(".", "").isdigit()]


async def days_go_by(people: People) -> None:
    """Ten days: the notice that began today began then."""
    row = await EventCategory.select().where(EventCategory.id == people.event_category).first()
    assert row is not None
    back = timedelta(days=(row["notice_until"] - clock.now().date()).days + 2)
    await EventCategory.update(
        {
            EventCategory.notice_from: row["notice_from"] - back,
            EventCategory.notice_until: row["notice_until"] - back,
        }
    ).where(EventCategory.id == people.event_category)


def verify(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from web.cli import main; main()", "verify", str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


async def check_the_bundle(people: People, page: Page, folder: Path) -> None:
    """A stranger downloads what was published and checks it; then one digit is another."""
    await page.goto(f"/boards/{people.event_category}/publications")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="下载公布文件").click()
    file = folder / "bundle.json"
    await (await coming.value).save_as(file)
    whole = verify(file)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    sound = file.read_text("utf-8")
    at = re.compile(r"\d(?=\d{3})").search(sound, sound.index('"rows"'))
    assert at is not None
    file.write_text(sound[: at.start()] + str((int(at[0]) + 1) % 10) + sound[at.end() :], "utf-8")
    broken = verify(file)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "Publication 1, " in broken.stdout


async def read_out(people: People) -> None:
    """The organiser opens the wall, the announcer's phone reveals the last prize first."""
    desk = await people.at("xiong", "/work/event-categories/{id}/announcer")
    await desk.get_by_role("button", name="开始播报").click()
    address = await desk.locator(".annc .sm a").get_attribute("href")
    wall = await (await people.context(**WALL)).new_page()
    await wall.goto(f"/boards/{people.event_category}/announcer")
    phone = await (await people.context(**PHONE)).new_page()
    await phone.goto(str(address))
    onward = phone.get_by_role("button", name="下一步", exact=True)
    await expect(wall.locator(".reveal h2")).to_have_text("颁奖")
    await onward.tap()
    await expect(wall.locator(".reveal.award h2")).to_have_text("二等奖")
    await onward.tap()
    await expect(wall.locator(".won .nm").first).to_be_visible()
    people.pages["wall"] = wall


async def awards_and_certificates(people: People, stranger: Page) -> None:
    page = await people.at("xiong", "/work/event-categories/{id}/awards")
    await expect(page.locator(".awtbl tbody tr")).to_have_count(12)
    await page.goto(f"/work/event-categories/{people.event_category}/certificates")
    await page.get_by_role("link", name="去设定").click()
    await page.get_by_role("button", name="保存为新的一版").click()
    await page.wait_for_load_state()
    await expect(page.locator(".errsum")).to_have_count(0)
    await page.goto(f"/work/event-categories/{people.event_category}/certificates")
    await page.get_by_role("button", name="给 12 人制作证书").click()
    await page.locator("#progress .st.done").wait_for()
    await expect(page.locator("#progress b.num")).to_have_text("12 / 12")
    code = (await Certificate.select(Certificate.code).order_by(Certificate.number).first())["code"]
    await stranger.goto(f"/certificates/{code}")
    await expect(stranger.locator("h1")).to_have_text("证书有效")
