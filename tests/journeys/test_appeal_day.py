"""An appeal from the leader's phone to the new order: filed, taken up, decided, tried, applied, locked, published.

涂国强 has 87, 章丽娟 86, 欧阳文 84. Hu leads Nanchang and appeals for 003 欧阳文: practice 62.5 and not 60, so 86.5.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from contests import publication
from contests.tables import Step
from federation.refusals import Invalid
from tests.contests.appeal_scenes import FOUND, WORDS, Hall, a_hall

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}
REASON = "第 1 号申诉更正 003 的实操分"


@pytest.fixture
async def hall(hall_db: str) -> Hall:
    """Published a moment ago by the clock of the server."""
    made = await a_hall()
    await Step.update({Step.at: datetime.now(UTC)}).where(Step.act == "publish_provisional")
    return made


async def order(public: Page) -> list[str]:
    """Numbers on the public board from the first place on."""
    await public.reload()
    rows = public.locator("[data-row]")
    return await rows.evaluate_all("rows => rows.map(row => row.dataset.row)")


async def test_an_upheld_appeal_changes_the_order(hall: Hall, page_of):
    public = await page_of(None, f"/boards/{hall.id}")
    assert await order(public) == ["001", "002", "003"]

    leader = await page_of(hall.hu, "/work", **PHONE)
    await leader.locator("main").get_by_role("link", name="申诉", exact=True).click()
    await leader.get_by_role("link", name="提出申诉").click()
    await expect(leader.locator(".left")).to_contain_text("还剩 0 天 1 小时 59 分")
    await leader.get_by_label("为哪位选手申诉").select_option(label="003 欧阳文")
    await leader.get_by_label("计分、登分、统分有误").check()
    await leader.get_by_label("申诉内容").fill(WORDS)
    await leader.get_by_role("button", name="提交申诉").click()
    await expect(leader.get_by_role("heading", name="第 1 号申诉")).to_be_visible()

    panel = await page_of(hall.shen, f"/work/event-categories/{hall.id}")
    await panel.locator(f"a[href$='/work/event-categories/{hall.id}/appeals']").click()
    await panel.get_by_role("link", name="第 1 号申诉").click()
    await panel.get_by_role("button", name="受理", exact=True).click()
    await panel.get_by_label("申诉成立", exact=True).check()
    await panel.get_by_label("重新计分：先试算，看过变化再采用").check()
    await panel.get_by_label("裁决和理由").fill(FOUND)
    await panel.get_by_role("button", name="提出裁决").click()
    await expect(panel.locator("main")).to_contain_text("等待试算重新计分。")

    referee = await page_of(hall.wan, f"/work/event-categories/{hall.id}/appeals/1")
    await referee.get_by_role("button", name="开始试算").click()
    await referee.fill("#i-number", "003")
    await referee.select_option("#i-aspect", "|P")
    await referee.fill("#i-text", "62.5")
    await referee.get_by_role("button", name="加入试算").first.click()
    await expect(referee.locator(".trialset tbody tr")).to_have_count(1)
    await panel.reload()
    # old beside new, before anything moves
    await expect(panel.locator(".effect tbody tr").first).to_have_text("总分84.0086.50")
    await referee.locator("summary", has_text="整套采用").click()
    await referee.fill("#i-reason", REASON)
    await referee.check("#i-confirmed")
    await referee.get_by_role("button", name="采用", exact=True).click()
    await expect(referee.locator("main")).to_contain_text("这次试算已经处理")
    assert await order(public) == ["001", "002", "003"]

    with pytest.raises(Invalid) as unlocked:
        await publication.publish(hall.xiong, hall.id, "notice", reason=REASON)
    assert [one.code for one in unlocked.value.findings] == ["state.appeals_unlocked"]
    await referee.goto(f"/work/event-categories/{hall.id}/appeals/1")
    await referee.locator("main").get_by_role("link", name="裁判长工作台").click()
    await referee.get_by_label("锁定的理由").fill(REASON)
    await referee.get_by_role("button", name="重新锁定").click()
    await publication.publish(hall.xiong, hall.id, "notice", reason=REASON)
    assert await order(public) == ["001", "003", "002"]
    await leader.reload()
    await expect(leader.locator("main")).to_contain_text("重新计分已采用。")
