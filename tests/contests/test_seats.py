"""Judges' seats: who sits where, sitting down by card and PIN, one device at a time, own units, stepping aside."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from contests.forms.seat import SeatForm
from contests.seated import Seated
from contests.seats import links, recusals, refereeing, seating, sheets
from contests.tables import JudgeSeat, Mark, OwnUnit, Recusal, SeatSession
from federation.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from tests.cast import JIUJIANG, NANCHANG
from tests.contests.seat_scenes import MARKED, a_hall, draft, fresh, hands_in, sits


async def codes(awaited) -> list[str]:
    with pytest.raises(Invalid) as refused:
        await awaited
    return [finding.code for finding in refused.value.findings]


async def test_seats_as_staff_see_them(db):
    hall = await a_hall(units={"2": JIUJIANG})
    seats = await seating.seats_of(hall.id)
    assert [(seat.code, seat.name, seat.unit, sorted(seat.aspects)) for seat in seats] == [
        ("1", "裁判1", "", [("", "D1"), ("", "J1"), ("", "M1")]),
        ("2", "裁判2", JIUJIANG, [("", "J1")]),
        ("3", "裁判3", "", [("", "J1")]),
    ]


async def test_a_seat_that_cannot_be(db):
    hall = await a_hall()
    assert await codes(
        seating.set_seat(hall.wan, hall.id, SeatForm(code="1", unit="T999999", aspects=[]))
    ) == ["seat.code_in_use", "seat.no_aspects", "seat.unit_unknown"]
    assert await codes(seating.set_seat(hall.wan, hall.id, SeatForm(code="4", aspects=["|J1"]))) == [
        "seat.too_many"
    ]
    fourth = await seating.set_seat(hall.wan, hall.id, SeatForm(code="4", aspects=["|M1"]))
    assert (await seating.the_seat(hall.id, fourth)).aspects == {("", "M1")}
    with pytest.raises(Forbidden):
        await seating.set_seat(hall.li, hall.id, SeatForm(code="5", aspects=["|M1"]))


async def test_only_hashes_are_kept_and_a_card_is_shown_once(db):
    hall = await a_hall()
    card = hall.cards["1"]
    row = await JudgeSeat.select().where(JudgeSeat.id == card.seat).first()
    assert len(card.pin) == 6
    assert card.pin.isdigit()
    assert card.secret not in str(row)
    assert card.pin not in row["pin_hash"]
    await links.issue(hall.wan, hall.id, [card.seat], sending="one-printing")
    with pytest.raises(Conflict, match=r"seat\.cards_given"):
        await links.issue(hall.wan, hall.id, [card.seat], sending="one-printing")


async def test_a_new_card_ends_the_old_one_and_the_device(db):
    hall = await a_hall()
    old = hall.cards["1"]
    token = await links.sign_in(old.secret, old.pin, "iPad")
    (new,) = await links.issue(hall.wan, hall.id, [old.seat])
    standing = await links.standing_of(token)
    assert (standing.seated, standing.why) == (None, "revoked")
    with pytest.raises(NotFound, match="seat_link"):
        await links.sign_in(old.secret, old.pin, "iPad")
    assert (await links.standing_of(await links.sign_in(new.secret, new.pin, "iPad"))).code == "1"


async def test_one_device_at_a_time_and_the_other_hears_of_it(db):
    hall = await a_hall()
    card = hall.cards["2"]
    first = await links.sign_in(card.secret, card.pin, "iPad · Safari")
    with pytest.raises(Refusal) as refused:
        await links.sign_in(card.secret, card.pin, "Android · Chrome")
    assert (refused.value.code, refused.value.facts["device"]) == ("seat.in_use", "iPad · Safari")
    second = await links.sign_in(card.secret, card.pin, "Android · Chrome", take_over=True)
    lost = await links.standing_of(first)
    assert (lost.seated, lost.why, lost.code, lost.device) == (None, "taken_over", "2", "Android · Chrome")
    assert (await links.standing_of(second)).seated is not None
    line = (await refereeing.overview(hall.wan, hall.id)).lines[1]
    assert (line.holder["device"], line.taken_over) == ("Android · Chrome", 1)


async def test_five_wrong_pins_lock_the_seat_for_a_while(db):
    hall = await a_hall()
    card = hall.cards["1"]
    wrong = "000000" if card.pin != "000000" else "111111"
    said = []
    for _ in range(6):
        with pytest.raises(Refusal) as refused:
            await links.sign_in(card.secret, wrong, "iPad")
        said.append((refused.value.code, refused.value.facts.get("left")))
    assert said == [
        ("seat.pin_wrong", 4),
        ("seat.pin_wrong", 3),
        ("seat.pin_wrong", 2),
        ("seat.pin_wrong", 1),
        ("seat.locked_now", None),
        ("seat.locked", None),
    ]
    with pytest.raises(Refusal, match=r"seat\.locked"):
        await links.sign_in(card.secret, card.pin, "iPad")
    await JudgeSeat.update({JudgeSeat.locked_until: datetime.now(UTC) - timedelta(seconds=1)}).where(
        JudgeSeat.id == card.seat
    )
    assert (await sits(hall, "1")).code == "1"


async def test_guesses_side_by_side_are_no_more_than_one_by_one(db):
    hall = await a_hall()
    card = hall.cards["1"]
    wrong = "000000" if card.pin != "000000" else "111111"

    async def guess() -> str:
        with pytest.raises(Refusal) as refused:
            await links.sign_in(card.secret, wrong, "iPad")
        return refused.value.code

    said = sorted(await asyncio.gather(*(guess() for _ in range(12))))
    assert said == ["seat.locked"] * 7 + ["seat.locked_now"] + ["seat.pin_wrong"] * 4


async def test_two_devices_at_once_leave_one_holder(db):
    hall = await a_hall()
    card = hall.cards["1"]
    tokens = await asyncio.gather(
        *(links.sign_in(card.secret, card.pin, f"device {n}", take_over=True) for n in range(4))
    )
    held = [(await links.standing_of(token)).seated for token in tokens]
    assert sum(one is not None for one in held) == 1
    assert await SeatSession.count().where(SeatSession.ended_at.is_null()) == 1


async def test_a_session_ends_when_its_hours_are_over(db):
    hall = await a_hall()
    card = hall.cards["1"]
    token = await links.sign_in(card.secret, card.pin, "iPad")
    await SeatSession.update({SeatSession.expires_at: datetime.now(UTC) - timedelta(seconds=1)}).where(
        SeatSession.seat == card.seat
    )
    assert (await links.standing_of(token)).why == "expired"
    assert (await sits(hall, "1")).code == "1"  # nobody is asked to take over what has ended
    assert (await links.standing_of("made-up")).why == ""


async def test_signing_out_and_closing_a_seat(db):
    hall = await a_hall()
    card = hall.cards["3"]
    token = await links.sign_in(card.secret, card.pin, "iPad")
    standing = await links.standing_of(token)
    await links.sign_out(standing.seated)
    assert (await links.standing_of(token)).why == "signed_out"
    await links.revoke(hall.wan, hall.id, hall.seats["3"], close=True)
    assert [seat.code for seat in await seating.seats_of(hall.id)] == ["1", "2"]
    again = await seating.set_seat(hall.wan, hall.id, SeatForm(code="3", name="新裁判", aspects=MARKED["3"]))
    assert again == hall.seats["3"]
    with pytest.raises(NotFound):
        await links.at_link(card.secret)


async def test_a_seat_holds_no_role_anywhere(db):
    seated = await sits(await a_hall(), "1")
    assert (
        seated.roles,
        seated.holds("judge", "organiser"),
        seated.covers("", "organiser"),
        seated.granted("event", seated.event_category, "judge"),
        seated.branches("judge"),
        seated.actor.account,
    ) == ((), False, False, False, (), None)


async def test_the_judge_of_ones_own_unit_steps_aside_before_the_first_tap(db):
    """Pieces 1 and 3 are of Nanchang, as the judge in seat 2 is."""
    hall = await a_hall(units={"2": NANCHANG})
    own = {
        row["piece"] for row in await OwnUnit.select().where(OwnUnit.seat == hall.seats["2"]) if row["is_own"]
    }
    assert len(own) == 2
    judge = await sits(hall, "2")
    _, _, _, lines = await sheets.list_for(judge)
    assert {line.piece.id for line in lines if line.state == "recused"} == own
    marks = await Mark.select().where(Mark.event_category == hall.id)
    assert {(mark["piece"], mark["judge"], mark["blank"]) for mark in marks} == {
        (piece, "2", "recused") for piece in own
    }
    piece = min(own)
    (answer,) = await draft(judge, piece, {"J1": "3"})
    assert (answer["outcome"], answer["findings"][0]["code"]) == ("invalid", "mark.seat_recused")
    with pytest.raises(Conflict, match=r"mark\.seat_recused"):
        await hands_in(judge, piece)
    assert [row["by"] for row in await Recusal.select()] == ["system", "system"]


async def test_where_the_rule_only_flags_the_judge_is_not_told_whose_piece_it_is(db):
    hall = await a_hall(units={"2": NANCHANG}, own_unit="flag")
    judge = await sits(hall, "2")
    _, _, _, lines = await sheets.list_for(judge)
    assert [line.state for line in lines] == ["todo", "todo", "todo"]
    assert len((await refereeing.overview(hall.wan, hall.id)).flags) == 2


async def test_stepping_aside_by_the_judges_own_word_and_back(db):
    hall = await a_hall()
    judge, piece = await sits(hall, "2"), hall.pieces[0]
    await draft(judge, piece, {"J1": "2"})
    assert await codes(recusals.step_aside(judge, piece, " ", sending=fresh())) == ["seat.recusal_reason"]
    for _ in range(5):
        await recusals.step_aside(judge, piece, "认出是徒弟的活", sending="aside-00000001")
    versions = await Mark.select().where(Mark.piece == piece).order_by(Mark.version)
    assert [(mark["value"], mark["blank"], mark["reason"]) for mark in versions] == [
        (20_000, None, ""),
        (None, "recused", "认出是徒弟的活"),
    ]
    (row,) = await Recusal.select()
    await recusals.lift(hall.wan, hall.id, row["id"], "核实无利害关系")
    (answer,) = await draft(judge, piece, {"J1": "1"}, seen=3)
    assert (answer["outcome"], answer["version"]) == ("saved", 4)


async def test_a_seat_of_another_event_category_reaches_nothing_here(db):
    hall = await a_hall()
    judge = await sits(hall, "1")
    elsewhere = Seated(judge.id, hall.id + 1, "1", judge.aspects, judge.token_hash)
    with pytest.raises(NotFound):
        await draft(elsewhere, hall.pieces[0], {"J1": "1"})
