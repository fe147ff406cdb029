"""The judge's pages are for everybody: read aloud, on a phone and a tablet, in both languages and themes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from contests.seats import links, spreads
from contests.tables import Spread
from tests.contests.seat_scenes import a_hall, draft, hands_in, marks_and_hands_in, sits
from tests.web.test_accessibility import violations, width

pytestmark = pytest.mark.browser

VIEWS = [
    pytest.param({"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}, "", id="phone"),
    pytest.param({"viewport": {"width": 820, "height": 1180}, "color_scheme": "dark"}, "/en", id="tablet"),
]


@pytest.fixture
async def hall(hall_db: str):
    """On the first piece marks are too far apart and opened, the second has two values, the third is open."""
    made = await a_hall(pieces=3)
    one, two, three = [await sits(made, seat) for seat in ("1", "2", "3")]
    await marks_and_hands_in(one, made.pieces[0], {"M1": "8", "J1": "3"})
    await marks_and_hands_in(two, made.pieces[0], {"J1": "1"})
    await marks_and_hands_in(three, made.pieces[0], {"J1": "2"})
    await draft(one, made.pieces[1], {"M1": "8"})
    await draft(one, made.pieces[1], {"M1": "7"}, seen=0)
    row = await Spread.select().first()
    await spreads.open_marks(made.wan, made.id, row["id"])
    return made


@pytest.mark.parametrize(("view", "prefix"), VIEWS)
async def test_a_judges_page_is_for_everybody(hall, page_of, view: dict[str, Any], prefix: str):
    card = hall.cards["1"]
    page = await page_of(None, f"{prefix}/seat/{card.secret}", reduced_motion="reduce", **view)
    wide = view["viewport"]["width"]

    async def is_sound() -> None:
        assert await violations(page) == []
        assert await width(page) == wide

    await is_sound()
    await page.locator("#i-pin").fill(card.pin)
    await page.locator("main form button").click()
    await page.locator("[role=alert]").wait_for()
    await is_sound()
    await page.locator("#i-pin").fill(card.pin)
    await page.locator("[name=take_over]").check()
    await page.locator("main form button").click()
    await page.wait_for_url("**/judge")
    await is_sound()
    for piece, sign in zip(hall.pieces, (".spmarks", ".dispute", "#marks"), strict=True):
        await page.goto(f"{prefix}/judge/{piece}")
        await page.locator(sign).first.wait_for()
        await is_sound()
    await page.locator(".blanks summary").first.click()
    await page.locator("#timer summary").click()
    await page.locator(".jrecuse summary").click()
    await is_sound()
    await links.sign_in(card.secret, card.pin, "Android", take_over=True)
    await expect(page.locator(".seatin h1")).to_be_visible(timeout=15_000)
    await is_sound()
    await page.goto(f"{prefix}/offline")
    await is_sound()


async def test_the_referees_pages_with_everything_on_them(hall, page_of):
    three = await sits(hall, "3", take_over=True)
    await draft(three, hall.pieces[2], {"J1": "1"})
    await hands_in(three, hall.pieces[2])
    for size, prefix in (((390, 844), ""), ((1440, 900), "/en")):
        for path in ("seats", "sheets"):
            page = await page_of(
                hall.wan,
                f"{prefix}/work/event-categories/{hall.id}/{path}",
                viewport={"width": size[0], "height": size[1]},
            )
            assert await violations(page) == []
            assert await width(page) == size[0]
    await page.goto(f"/work/event-categories/{hall.id}/seats")
    await page.get_by_role("button", name="发放席位卡").click()
    await expect(page.locator(".seatcard")).to_have_count(3)
    assert await violations(page) == []
