"""From the final result to a certificate that no longer holds, in a browser, with a server killed on the way."""

from __future__ import annotations

import pytest

from contests.certificates import batches
from contests.tables import Certificate
from tests.cast import the_organiser
from tests.contests.award_scenes import a_final, drawn, with_settings

pytestmark = pytest.mark.browser


@pytest.fixture
async def xiong(hall_db):
    return await the_organiser()


@pytest.fixture
async def final(xiong):
    made, _ = await a_final(xiong)
    return made


async def test_award_list_certificates_check_and_revoke(xiong, final, site, page_of):
    page = await page_of(xiong, f"/work/event-categories/{final}")
    await page.get_by_role("link", name="获奖名单", exact=True).click()
    assert await page.locator(".awtbl tbody tr").count() == 4
    await page.get_by_role("button", name="列入推荐").click()
    await page.get_by_label("全选").check()
    await page.get_by_label("文号").fill("赣工发〔2026〕41 号")
    await page.get_by_label("文件日期").fill("2026-12-01")
    await page.get_by_role("button", name="标为已报送").click()
    assert (
        await page.locator("#f-chosen .st", has_text="已报送").count()
        == await page.locator("#f-chosen .st").count()
        > 0
    )

    await page.get_by_role("link", name="证书", exact=True).click()
    await page.get_by_role("link", name="去设定").click()
    assert await page.get_by_label("查验网址").input_value() == f"{site.url}/certificates"
    await page.get_by_label("编号规则").fill("赣工竞〔{year}〕{serial}{award}")
    await page.get_by_role("button", name="保存为新的一版").click()
    await page.locator(".errsum").wait_for()
    await page.get_by_label("编号规则").fill("赣工竞〔{year}〕{award}-{serial:6}")
    await page.get_by_role("button", name="保存为新的一版").click()
    await page.goto(f"/work/event-categories/{final}/certificates")
    await page.get_by_role("button", name="给 4 人制作证书").click()
    await page.locator("#progress .st.done").wait_for()
    assert await page.locator("#progress b.num").inner_text() == "4 / 4"
    async with page.expect_download() as whole:
        await page.get_by_role("link", name="整批下载 PDF").click()
    assert (await (await whole.value).path()).read_bytes().startswith(b"%PDF")

    await page.get_by_role("link", name="证书登记").click()
    await page.get_by_role("link", name="赣工竞〔2026〕A-000001", exact=True).click()
    first = await Certificate.select().where(Certificate.number == "赣工竞〔2026〕A-000001").first()
    address = f"/certificates/{first['code']}"

    phone = await page_of(None, "/certificates", viewport={"width": 390, "height": 844})
    await phone.get_by_label("查验码").fill(first["code"].lower())
    await phone.get_by_role("button", name="查验").click()
    assert await phone.locator("h1").inner_text() == "证书有效"
    assert "章丽娟" not in await phone.content()

    await page.locator("summary", has_text="撤销证书").click()
    box = page.locator("details[open]")
    await box.get_by_label("理由").fill("冒名顶替，经核实")
    await box.get_by_role("button", name="撤销这张证书").click()
    await page.locator(".st", has_text="已撤销").wait_for()
    await phone.goto(address)
    assert await phone.locator("h1").inner_text() == "证书已撤销"
    assert "冒名" not in await phone.content()


async def test_a_batch_goes_on_after_the_server_was_killed(xiong, final, site, page_of):
    """One of four is made, then the power goes. The next server takes over when the claim of the dead one is over."""
    await with_settings(xiong)
    site.kill()
    batch = await batches.start(xiong, "2026-qg", final)
    await batches.claim(batch, "the dead one")
    await batches.work(batch, "the dead one", drawn, at_once=1)
    await batches.release(batch, "the dead one")
    site.start()
    page = await page_of(xiong, f"/work/certificates/batches/{batch}")
    await page.locator("#progress .st.done").wait_for(timeout=60_000)
    assert await page.locator("#progress b.num").inner_text() == "4 / 4"
    states = await Certificate.select(Certificate.state).output(as_list=True)
    assert states == ["valid"] * 4


async def test_the_pages_work_without_a_script(xiong, final, page_of):
    await with_settings(xiong)
    page = await page_of(xiong, f"/work/event-categories/{final}/certificates", java_script_enabled=False)
    await page.get_by_role("button", name="给 4 人制作证书").click()
    for _ in range(50):
        if await page.locator("#progress .st.done").count():
            break
        await page.wait_for_timeout(100)
        await page.reload()
    assert await page.locator("#progress b.num").inner_text() == "4 / 4"
