"""A recheck over HTTP: drawn, a sheet compared and found wrong, corrected by another, ended, its papers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from federation.database import close_database, open_database
from tests.cast import in_branch
from tests.conftest import known_keys
from tests.contests.recheck_scenes import a_hall, rule
from tests.web.test_notice_pages import _run, signed_in, words
from tests.web.test_programme_pages import may_sign_in, sent
from web.app import create_app
from web.settings import Settings

# the room behind these pages is tested on both engines
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HERE = "/work/event-categories/1/recheck"


@pytest.fixture
async def site(database_url, tmp_path) -> AsyncIterator[AsyncClient]:
    """Four pieces, frozen: 001 has 30 + 70 points, each next one point less in practice. All are looked at."""
    await open_database(database_url)
    hall = await a_hall(4)
    assert hall.id == 1
    await rule(hall, top_count=4, rest_share=0, fault_limit=10_000)
    logins = {"zuzhi": hall.xiong, "qiu": hall.qiu, "gan": hall.gan, "wan": hall.wan}
    for login, viewer in {**logins, "hu": await in_branch("胡领队", "leader", "T360100")}.items():
        await may_sign_in(viewer, login)
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    ready, done = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(_run(app, ready, done))
    await asyncio.wait_for(ready.wait(), 60)
    asked = AsyncClient(transport=ASGITransport(app), base_url="http://testserver.local")
    async with asked as client:
        client.follow_redirects = True
        yield client
    done.set()
    await running


async def sheets(site) -> list[tuple[str, str, str]]:
    """Piece, sheet, address of each on the first list."""
    html = (await site.get(f"{HERE}/1")).text.partition('id="h-sheets"')[2]
    rows = re.findall(r"<tr><th scope=\"row\">(\d+)</th><td>(.*?)</td>.*?href=\"(.*?)\"", html)
    return [(number, sheet, address) for number, sheet, address in rows]


async def test_a_wrong_sheet_is_corrected_and_the_recheck_ended(site):
    await signed_in(site, "gan")
    assert f'href="{HERE}"' in (await site.get("/work/event-categories/1")).text
    assert await sent(site, HERE) == (303, f"{HERE}/1?done=done.recheck_drawn")
    listed = await sheets(site)
    assert [row[:2] for row in listed] == [
        (f"00{number}", sheet) for number in (1, 2, 3, 4) for sheet in ("理论", "实操")
    ]
    wrong = listed[3][2]
    fault = {"do": "wrong", "right:P::1": "71", "reason": "登分时看错一行", "version": "1"}
    refused = await site.post(wrong, data=fault)
    assert (refused.status_code, 'value="71"' in refused.text) == (422, True)
    assert await sent(site, wrong, **{**fault, "right:P::1": "60"}) == (
        303,
        f"{HERE}/1?done=done.recheck_recorded",
    )
    for _number, _sheet, address in [*listed[:3], *listed[4:]]:
        assert (await sent(site, address, do="right", version="1"))[0] == 303
    refused = await site.post(f"{HERE}/1/finish")
    assert (refused.status_code, "还有 1 处差错等裁判长处理" in words(refused.text)) == (422, True)

    await signed_in(site, "wan")
    assert "更正为 60.00" in words((await site.get(f"{HERE}/1")).text)
    corrected = await sent(site, f"{HERE}/1/faults/1", do="correct")
    assert corrected == (303, f"{HERE}/1?done=done.recheck_corrected")
    assert await sent(site, f"{HERE}/1/finish") == (303, f"{HERE}/1?done=done.recheck_finished")
    told = words((await site.get(f"{HERE}/1")).text)
    assert [text in told for text in ("抽检已结束。", "差错率 12.50 %", "69.00 60.00")] == [True] * 3
    for paper in ("pull.pdf", "report.pdf"):
        answer = await site.get(f"{HERE}/1/{paper}")
        assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


async def test_own_marks_are_for_somebody_else_and_a_rule_is_kept_by_the_organiser(site):
    await signed_in(site, "gan")
    await sent(site, HERE)
    await signed_in(site, "qiu")
    theory, practice = [address for _number, _sheet, address in (await sheets(site))[:2]]
    assert "有你录过的分" in words((await site.get(theory)).text)
    assert (await site.post(theory, data={"do": "right", "version": "1"})).status_code == 403
    assert (await sent(site, practice, do="right", version="1"))[0] == 303

    pages = [HERE, f"{HERE}/1", practice, f"{HERE}/rule", f"{HERE}/1/report.pdf"]
    seen = {}
    for login in ("hu", "qiu", "wan", "zuzhi"):
        await signed_in(site, login)
        seen[login] = [(await site.get(page, headers={"accept": "text/html"})).status_code for page in pages]
    assert seen == {
        "hu": [403, 403, 403, 403, 403],
        "qiu": [200, 200, 200, 403, 200],
        "wan": [200, 200, 200, 403, 200],
        "zuzhi": [200, 200, 200, 200, 200],
    }
    given = {
        "before": "publish_notice",
        "top_kind": "share",
        "top_share": "30",
        "rest_share": "150",
        "seen": "1",
    }
    refused = await site.post(f"{HERE}/rule", data=given)
    assert (refused.status_code, "“150” 不是 0 到 100 之间" in words(refused.text)) == (422, True)
    kept = await sent(site, f"{HERE}/rule", **{**given, "rest_share": "20"})
    assert kept == (303, f"{HERE}?done=done.recheck_rule")
    assert "前 30% 全部，其余至少抽 20%" in words((await site.get(HERE)).text)
