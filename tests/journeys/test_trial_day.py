"""A board under marking, questioned: tried, applied, tried again and let be, and looked at judge by judge.

Three people were marked by three judges and the middle mark counts: 涂国强 9 8 4, 章丽娟 8 8 8, 欧阳文 7 7 7, so two
share the first place and the one first prize. 万裁判 finds that judge 3 meant 8.5 for 涂国强, and judge 1 recuses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from contests.tables import Entry, Mark
from federation import audit
from federation.accounts import Viewer
from tests.cast import the_chief_referee, the_organiser
from tests.contests.test_trials import a_scene

pytestmark = pytest.mark.browser

AS_IT_WAS = {"涂国强": ("1", "8.00"), "章丽娟": ("1", "8.00"), "欧阳文": ("3", "7.00")}


@dataclass
class Hall:
    id: int
    numbers: dict[str, str]
    wan: Viewer

    @property
    def work(self) -> str:
        return f"/work/boards/{self.id}"


@pytest.fixture
async def hall(hall_db: str) -> Hall:
    xiong = await the_organiser()
    made, _people = await a_scene(xiong)
    row = await Entry.select(Entry.event_category.event.contest.as_alias("contest")).first()
    drawn = await Entry.select(Entry.name, Entry.number).where(Entry.event_category == made)
    numbers = {one["name"]: one["number"] for one in drawn}
    return Hall(made, numbers, await the_chief_referee(row["contest"]))


async def begin(page: Page, hall: Hall, title: str, *, with_scheme: bool = False) -> None:
    await page.goto(f"{hall.work}/trials")
    await page.fill("#i-title", title)
    await page.get_by_role("button", name="开始并修改方案" if with_scheme else "开始试算", exact=True).click()


async def rows_of(table: Locator) -> list[list[str]]:
    """The words of a table without those for screen readers alone."""
    return await table.locator("tbody tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell => {
          const copy = cell.cloneNode(true);
          copy.querySelectorAll('.vh').forEach(hidden => hidden.remove());
          return copy.textContent.replace(/\\s+/g, ' ').trim();
        }))"""
    )


async def standings(public: Page, hall: Hall) -> dict[str, tuple[str, str]]:
    """What anybody sees: place and total by name; the board itself shows numbers and half a name."""
    rows = await public.locator("[data-row]").evaluate_all(
        "rows => rows.map(row => ['', '.rk b', '.to b'].map("
        "at => at ? row.querySelector(at).textContent : row.dataset.row))"
    )
    names = {number: name for name, number in hall.numbers.items()}
    return {names[number]: (place, total) for number, place, total in rows}


async def test_a_trial_is_seen_then_applied_and_another_let_be(hall: Hall, page_of):
    page, public = await page_of(hall.wan, hall.work), await page_of(None, f"/boards/{hall.id}")
    assert await standings(public, hall) == AS_IT_WAS

    await begin(page, hall, "裁判 3 笔误，裁判 1 回避")
    await expect(page.locator("main")).to_contain_text("这是试算，什么都还没有变")
    # the first change of a new trial stands open already
    await page.fill("#i-number", hall.numbers["涂国强"])
    await page.select_option("#i-aspect", "|tea")
    await page.fill("#i-judge", "3")
    await page.fill("#i-text", "85")
    await page.keyboard.press("Enter")
    await expect(page.locator("#f-text")).to_contain_text("超过上限 10")
    await expect(page.locator("#i-text")).to_have_value("85")
    await page.fill("#i-text", "8.5")
    await page.keyboard.press("Enter")
    await expect(page.locator(".trialset tbody tr")).to_have_count(1)
    await page.locator("summary", has_text="不计一名裁判").click()
    await page.select_option("#i-seat", "1")
    await page.locator("form", has=page.locator("#i-seat")).locator("button").click()
    await expect(page.locator(".trialset tbody tr")).to_have_count(2)

    number = hall.numbers["涂国强"]
    assert [row[:3] for row in await rows_of(page.locator(".trialset"))] == [
        ["裁判 1 的全部评分", "计入", "不计入"],
        [f"{number} · 茶艺 · 裁判 3", "4", "8.5"],
    ]
    # 涂国强 keeps 8 and 8.5, the mean of two; 章丽娟 keeps 8 and 8; 欧阳文 is where he was
    assert await rows_of(page.locator(".movements")) == [
        [f"{hall.numbers['章丽娟']} 章丽娟南昌", "1 并列 → 2", "1", "8.00", "一等奖 → —"],
        [f"{number} 涂国强南昌", "1 并列 → 1", "", "8.00 → 8.25", "一等奖"],
    ]
    assert await page.locator(".figs dd.v").all_inner_texts() == ["0", "1", "0", "1", "0", "0", "1"]
    await expect(page.locator("#c-trial .js-plotly-plot, #c-trial .plot svg").first).to_be_visible()
    await public.reload()
    assert await standings(public, hall) == AS_IT_WAS
    assert await audit.lines(deed="trial.apply") == []

    await page.locator("summary", has_text="整套采用").click()
    await page.fill("#i-reason", "裁判长第 2 号处理单")
    await page.get_by_role(
        "button", name="采用", exact=True
    ).click()  # not confirmed: the browser holds it back
    assert await audit.lines(deed="trial.apply") == []
    await page.check("#i-confirmed")
    await page.get_by_role("button", name="采用", exact=True).click()
    await expect(page.locator("main")).to_contain_text("这次试算已经处理")
    await expect(public.locator("[data-row]").first).to_contain_text("8.25", timeout=15_000)
    after = {"涂国强": ("1", "8.25"), "章丽娟": ("2", "8.00"), "欧阳文": ("3", "7.00")}
    assert await standings(public, hall) == after
    [line] = await audit.lines(deed="trial.apply")
    facts = json.loads(line["facts"])
    assert (facts["reason"], facts["changed"]) == ("裁判长第 2 号处理单", 4)
    versions = await Mark.count().where((Mark.event_category == hall.id) & (Mark.version == 2))
    assert versions == 4

    await begin(page, hall, "若取平均", with_scheme=True)
    await page.locator("#b-open-stages-0-modules-0-aspects-0").click()
    await expect(page.locator("#i-stages-0-modules-0-aspects-0-panel-drop_high")).to_have_count(1)
    await page.select_option("#i-stages-0-modules-0-aspects-0-panel-method", "mean")
    # what only a trimmed mean asks for goes away
    await expect(page.locator("#i-stages-0-modules-0-aspects-0-panel-drop_high")).to_have_count(0)
    await page.get_by_role("button", name="放进试算", exact=True).click()
    await expect(page.locator(".trialset .inset")).to_have_count(1)
    assert (await rows_of(page.locator(".trialset")))[1][1:3] == ["去最高最低后平均", "平均"]
    await page.locator("summary", has_text="放弃").click()
    await page.fill("#i-why", "规则不改")
    await page.get_by_role("button", name="放弃这次试算").click()
    told = await rows_of(page.locator("main table"))
    assert [(row[0], row[1], row[4]) for row in told] == [
        ("若取平均", "已放弃", "规则不改"),
        ("裁判 3 笔误，裁判 1 回避", "已采用", "裁判长第 2 号处理单"),
    ]
    await public.reload()
    assert await standings(public, hall) == after
    assert len(await audit.lines(deed="trial.discard")) == 1
    assert (await audit.verify()).broken_at is None


async def test_from_a_judge_in_the_diagnostics_to_the_marks(hall: Hall, page_of):
    page = await page_of(hall.wan, hall.work)
    await page.locator("main").get_by_role("link", name="诊断：").click()
    await expect(page.locator("#c-judges svg").first).to_be_visible()
    await page.locator(".judgelinks").get_by_role("link", name="裁判 3").click()
    await expect(page.locator("h1")).to_have_text("裁判 3的评分")
    [first, *_others] = await rows_of(page.locator("main table"))
    number = hall.numbers["涂国强"]
    assert first[:5] == [f"{number} 涂国强", "茶艺", "4", "裁判 1 9、裁判 2 8", "−3.00"]
    await page.get_by_role("link", name=f"{number} 涂国强").click()
    await expect(page).to_have_url(
        f"**{hall.work}/entries/{number}".replace("**", page.url.split("/work")[0])
    )
    await expect(page.locator("main")).to_contain_text("裁判 3")
    assert len(await Mark.select(Mark.id).where(Mark.version > 1)) == 0
