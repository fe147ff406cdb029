"""Forty competitors, nine judges, three modules, two layers of coding: from the draw to the certificates, in browsers.

Everybody signs in at the door with their own name. What comes out is compared with `oracle`, which knows nothing of
the product's arithmetic.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from federation import audit
from tests.journeys.whole_contest import hall
from tests.journeys.whole_contest.people import the_people
from tests.served import Site

pytestmark = pytest.mark.browser


async def test_from_the_draw_to_the_certificates(hall_db: str, site: Site, browser: Browser):
    people = await the_people(site, browser)
    await hall.set_up_coding(people)
    await hall.check_everybody_in(people)
    await hall.draw_both_layers(people)
    await hall.set_seats(people)
    await people.act("wan", "open_marking")
    await hall.everybody_marks(people)
    await hall.settle_the_quarrel(people)
    await people.act("wan", "freeze")
    await hall.open_both_layers(people)
    assert (await audit.verify()).broken_at is None
