"""One contest from nothing to publication, by an organiser who has only the browser.

熊组织 sets up two events, brings sixty people from a spreadsheet of which five rows are faulty, opens marking, types
every mark on the keyboard while a second window shows the board move by itself, freezes and publishes.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import xlsxwriter
from playwright.async_api import Browser, Page, expect

from federation import accounts, audit
from federation.changes import SYSTEM
from federation.tables import UnionUnit
from federation.workers import CHECK_DIGITS, WEIGHTS
from tests.conftest import PASSWORD
from tests.served import Site

pytestmark = pytest.mark.browser

PEOPLE = 60
FAULTS = {
    4: {"身份证号": "36010219900101123"},  # 17 characters
    11: {"手机": "2380000"},
    23: {"代表队": "月球总工会"},
    37: {"赛项": "太空焊接"},
    52: {"姓名": "李3"},
}  # fmt: skip
HEADS = ("姓名", "身份证号", "手机", "工作单位", "代表队", "赛项", "组别")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "安邦建国文武德才"
SCHEME = {
    "id": "two-parts",
    "title": "理论 30，实操 70",
    "title_en": "Theory 30, practical 70",
    "basis": "旅程测试用",
    "total": 100,
    "stages": [
        {
            "modules": [
                {"id": "T", "title": "理论", "title_en": "Theory", "weight": 0.3, "maximum": 100},
                {"id": "P", "title": "实操", "title_en": "Practical", "weight": 0.7, "maximum": 100},
            ]
        }
    ],
    "tie_breaks": ["module:P"],
    "award_lines": [{"id": "first", "title": "一等奖", "title_en": "First prize", "count": 3}],
}


def identity_number(serial: int) -> str:
    base = f"3601021990{1 + serial % 12:02d}{1 + serial % 28:02d}{serial:03d}"
    return base + CHECK_DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, base, strict=True)) % 11]


def spreadsheet() -> bytes:
    """Sixty people, thirty for each event; the rows of FAULTS (counted in the file, the head is row 1) are spoilt."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("报名")
        sheet.write_row(0, 0, HEADS)
        for n in range(PEOPLE):
            person = {
                "姓名": SURNAMES[n % 10] + GIVEN[n // 10] + GIVEN[n % 8],
                "身份证号": identity_number(n),
                "手机": f"138{n:08d}",
                "工作单位": "洪都机械厂",
                "代表队": "南昌市总工会" if n % 2 else "九江市总工会",
                "赛项": "电工" if n < 30 else "焊工",
                "组别": "职工组",
                **FAULTS.get(n + 2, {}),
            }
            sheet.write_row(n + 1, 0, [person[head] for head in HEADS])
    return file.getvalue()


async def sign_in(page: Page, site: Site, login: str) -> None:
    await page.goto(f"{site.url}/sign-in")
    await page.fill("#i-login", login)
    await page.fill("#i-password", PASSWORD)
    await page.click("main form button")
    await expect(page).to_have_url(f"{site.url}/work")


async def submit(page: Page) -> None:
    """The one main button of the page's form."""
    await page.click("main form button.pri.lg")
    await page.wait_for_load_state()


async def new_contest(page: Page, site: Site) -> str:
    await page.goto(f"{site.url}/work/contests/new")
    await page.fill("#i-name", "2026 年南昌市机械行业职工技能竞赛")
    await page.select_option("#i-host", label="江西省总工会")
    await page.fill("#i-year", "2026")
    await page.select_option("#i-level", "province")
    await page.fill("#i-starts_on", "2026-11-24")
    await page.fill("#i-ends_on", "2026-11-25")
    await page.fill("#i-code", "JX-DAY")
    await submit(page)
    await expect(page.locator("h1")).to_have_text("2026 年南昌市机械行业职工技能竞赛")
    return "JX-DAY"


async def new_event(page: Page, site: Site, contest: str, code: str, name: str, scheme: Path) -> int:
    """An event with one category and its marking scheme; returns the event category's id."""
    await page.goto(f"{site.url}/work/contests/{contest}/events/new")
    await page.fill("#i-name", name)
    await page.fill("#i-code", code)
    await submit(page)
    await page.goto(f"{site.url}/work/contests/{contest}/events/{code}/categories/new")
    await page.check("input[name=category][value=employee]")
    await page.check("#i-live_public")
    await submit(page)
    await page.goto(f"{site.url}/work/contests/{contest}")
    here = page.locator(".wkev", has_text=name).locator("a.nm")
    event_category = int((await here.get_attribute("href") or "").rsplit("/", 1)[1])
    await page.goto(f"{site.url}/work/event-categories/{event_category}/scheme")
    await page.set_input_files("#file", scheme)
    await page.click("form[action$='/scheme/file'] button")
    await page.click("button[name=do][value=save]:visible")
    await page.wait_for_url(f"**/work/event-categories/{event_category}?done=*")
    return event_category


async def act(page: Page, site: Site, event_category: int, *codes: str) -> None:
    for code in codes:
        await page.goto(f"{site.url}/work/event-categories/{event_category}/acts/{code}")
        await submit(page)
        await expect(page.locator("main .bn.bad")).to_have_count(0)


async def bring_people(page: Page, site: Site, contest: str) -> None:
    await page.goto(f"{site.url}/work/contests/{contest}/import")
    sheet = {"name": "报名.xlsx", "mimeType": "application/octet-stream", "buffer": spreadsheet()}
    await page.set_input_files("input[type=file]", sheet)
    await page.locator("main form button").first.click()
    await page.wait_for_load_state()
    shown = page.locator("main")
    for row in FAULTS:
        await expect(shown.locator(f"#row-{row}")).to_have_count(1)
    await expect(shown.locator("tr[id^=row-]")).to_have_count(len(FAULTS))
    await page.click("button[name=act][value=good]")
    await page.wait_for_load_state()


async def approve_everybody(page: Page, site: Site, contest: str) -> None:
    """In the list of entries, all at once, if the import did not approve them already."""
    await page.goto(f"{site.url}/work/contests/{contest}/entries?state=submitted")
    boxes = page.locator("input[name=entries]")
    if await boxes.count() == 0:
        return
    for box in await boxes.all():
        await box.check()
    await page.click("button[name=act][value=approve]")
    await page.wait_for_load_state()


def mark_of(row: int, column: int) -> str:
    """A mark between 60 and 99.5 in half points, no two rows alike in both columns."""
    return f"{60 + (row * 7 + column * 13) % 80 / 2:g}"


async def type_marks(
    page: Page, site: Site, event_category: int, module: str, column: int, people: int
) -> None:
    await page.goto(f"{site.url}/work/scoring/{event_category}/{module}")
    await page.locator("td[data-key]").first.click()
    for row in range(people):
        await page.keyboard.type(mark_of(row, column))
        await page.keyboard.press("Enter")
    await expect(page.locator("td[data-key].ok")).to_have_count(people, timeout=15_000)


async def test_a_contest_from_nothing_to_publication(hall_db, site: Site, browser: Browser, tmp_path: Path):
    organiser = await accounts.open_account(SYSTEM, login="xiong", password=PASSWORD, display_name="熊组织")
    province = await UnionUnit.select(UnionUnit.id).where(UnionUnit.code == "T360000").first()
    await accounts.grant(SYSTEM, organiser, "organiser", "union", province["id"])
    scheme = tmp_path / "scheme.json"
    scheme.write_text(json.dumps(SCHEME, ensure_ascii=False), "utf-8")
    page = await (await browser.new_context(locale="zh-CN")).new_page()

    await sign_in(page, site, "xiong")
    contest = await new_contest(page, site)
    electrician = await new_event(page, site, contest, "E1", "电工", scheme)
    welder = await new_event(page, site, contest, "E2", "焊工", scheme)
    await act(page, site, electrician, "open_registration")
    await act(page, site, welder, "open_registration")
    await bring_people(page, site, contest)
    await approve_everybody(page, site, contest)
    await page.goto(f"{site.url}/work/contests/{contest}/entries?state=approved")
    await expect(page.locator("input[name=entries]")).to_have_count(PEOPLE - len(FAULTS))
    for event_category in (electrician, welder):
        await act(page, site, event_category, "close_registration", "draw", "open_marking")

    public = await (await browser.new_context(locale="zh-CN")).new_page()
    await public.goto(f"{site.url}/boards/{electrician}")
    people = {electrician: 27, welder: 28}  # rows 4, 11 and 23 were for electricians, 37 and 52 for welders
    await type_marks(page, site, electrician, "T", 0, people[electrician])
    await page.goto(f"{site.url}/work/scoring/{electrician}/P")
    await page.locator("td[data-key]").first.click()
    before = await public.locator("main").inner_text()
    await page.keyboard.type("99.5")
    await page.keyboard.press("Enter")
    await expect(page.locator("td[data-key].ok")).to_have_count(1)
    await public.wait_for_function(
        "was => document.querySelector('main').innerText !== was", arg=before, timeout=5_000
    )
    await type_marks(page, site, electrician, "P", 1, people[electrician])
    for column, module in enumerate(("T", "P")):
        await type_marks(page, site, welder, module, column, people[welder])

    for event_category in (electrician, welder):
        await act(page, site, event_category, "freeze")
        await page.goto(f"{site.url}/work/boards/{event_category}")
        form = page.locator("form[action$='/publish_provisional']")
        await page.locator("details", has=form).locator("summary").click()
        await form.locator("input[name=confirmed]").check()
        await form.locator("button").click()
        await page.wait_for_load_state()
    for event_category, ranked in people.items():
        await public.goto(f"{site.url}/boards/{event_category}")
        await expect(public.locator("[data-row]")).to_have_count(ranked)
    assert (await audit.verify()).broken_at is None
