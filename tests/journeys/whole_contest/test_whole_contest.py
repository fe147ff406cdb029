"""Forty competitors, nine judges, three modules, two layers of coding: from the draw to the certificates, in browsers.

Everybody signs in at the door with their own name. What comes out is compared with `oracle`, which knows nothing of
the product's arithmetic.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from federation import audit
from tests.journeys.whole_contest import hall, oracle, results, second_look
from tests.journeys.whole_contest.people import the_people
from tests.served import Site

pytestmark = pytest.mark.browser


async def test_from_the_draw_to_the_certificates(hall_db: str, site: Site, browser: Browser, tmp_path: Path):
    people = await the_people(site, browser)
    await hall.set_up_coding(people)
    await hall.check_everybody_in(people)
    await hall.draw_both_layers(people)
    await hall.set_seats(people)
    await people.pictures("1-drawn")
    await people.act("wan", "open_marking")
    await results.ask_for_signatures(people)
    await hall.everybody_marks(people)
    await people.pictures("2-marked")
    await hall.settle_the_quarrel(people)
    await people.act("wan", "freeze")
    await second_look.recheck(people)
    await results.both_sign(people, lock=second_look.RECHECKED)
    await people.pictures("3-signed")
    await hall.open_both_layers(people)

    numbers = await results.entries_of_pieces(people)
    stranger = await (await people.context()).new_page()

    def expected(**known: bool):
        return [(numbers[piece], total) for piece, total in oracle.ordered(**known)]

    await results.publish(people, "provisional")
    assert await results.board(stranger, people.event_category) == expected(deducted=True, corrected=True)
    await people.pictures("4-published")
    await second_look.appeal(people)
    await results.both_sign(people, lock=second_look.REASON)
    await people.pictures("5-appealed")
    await results.publish(people, "notice", second_look.REASON)
    assert await results.board(stranger, people.event_category) == expected(deducted=False, corrected=True)
    await results.days_go_by(people)
    await results.publish(people, "final", "公示期满无异议")
    await results.check_the_bundle(people, stranger, tmp_path)
    await results.read_out(people)
    await people.pictures("6-wall")
    await results.awards_and_certificates(people, stranger)
    await people.pictures("7-awards")
    assert (await audit.verify()).broken_at is None
