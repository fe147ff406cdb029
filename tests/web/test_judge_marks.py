"""From a figure of the diagnostics to the marks behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from contests.tables import Entry
from federation.database import close_database, open_database
from tests.cast import the_clerk, the_organiser
from tests.conftest import PASSWORD, known_keys
from tests.contests.test_diagnostics import PEOPLE, a_panel
from tests.web.test_programme_pages import may_sign_in
from tests.web.test_trials import cells
from web.app import create_app
from web.settings import Settings

HERE = "/work/boards/1/diagnostics"


@pytest.fixture
async def site(database_url, tmp_path) -> AsyncIterator[AsyncTestClient]:
    """Xiong is signed in; six people were marked by three judges (tests/contests/test_diagnostics.py)."""
    await open_database(database_url)
    xiong = await the_organiser()
    await may_sign_in(xiong, "zuzhi")
    made = await a_panel(xiong)
    await may_sign_in(await the_clerk(1), "lufen1")
    rows = await Entry.select(Entry.id, Entry.number).where(Entry.event_category == made).order_by(Entry.id)
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        client.numbers = [row["number"] for row in rows]  # type: ignore[attr-defined]
        await client.post("/sign-in", data={"login": "zuzhi", "password": PASSWORD})
        yield client


async def test_the_marks_of_a_judge_stand_beside_the_others_furthest_first(site):
    """Judge 2 gave 8 5 6 5 4 3 where the means are 8.33 7.33 6.33 4.67 4 3."""
    assert f'<a href="{HERE}/judge?seat=2">裁判 2</a>' in (await site.get(HERE)).text
    page = (await site.get(f"{HERE}/judge?seat=2")).text
    n = site.numbers
    assert [row[:5] for row in cells(page)] == [
        [f"{n[1]} {PEOPLE[1]}", "茶艺", "5", "裁判 1 9、裁判 3 8", "−2.33"],
        [f"{n[0]} {PEOPLE[0]}", "茶艺", "8", "裁判 1 8、裁判 3 9", "−0.33"],
        [f"{n[2]} {PEOPLE[2]}", "茶艺", "6", "裁判 1 6、裁判 3 7", "−0.33"],
        [f"{n[3]} {PEOPLE[3]}", "茶艺", "5", "裁判 1 5、裁判 3 4", "+0.33"],
        [f"{n[4]} {PEOPLE[4]}", "茶艺", "4", "裁判 1 4、裁判 3 4", "0.00"],
        [f"{n[5]} {PEOPLE[5]}", "茶艺", "3", "裁判 1 3、裁判 3 3", "0.00"],
    ]
    assert f'href="/work/boards/1/entries/{n[1]}"' in page


@pytest.mark.parametrize("asked", ["seat=9", "", "seat=", "seat=2%27&page=x"])
async def test_a_seat_nobody_marked_from_is_not_found(site, asked):
    assert (await site.get(f"{HERE}/judge?{asked}")).status_code == 404


@pytest.mark.parametrize("number", ["2", "999999999", "-1", "x", "²"])
async def test_a_page_that_is_not_there_is_no_fault(site, number):
    assert (await site.get(f"{HERE}/judge", params={"seat": "2", "page": number})).status_code == 200


async def test_a_clerk_does_not_compare_judges(site):
    await site.post("/sign-in", data={"login": "lufen1", "password": PASSWORD})
    assert (await site.get(f"{HERE}/judge?seat=2")).status_code == 403
