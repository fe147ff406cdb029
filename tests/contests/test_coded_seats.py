"""Own units behind closed codes: the judge steps aside from the right pieces and nobody is told which those are."""

from __future__ import annotations

from contests import programme, states
from contests.anonymity import checking_in, layers
from contests.anonymity.owners import owners
from contests.forms.coding import CodingForm
from contests.forms.seat import SeatForm, SeatRuleForm
from contests.seats import links, own_units, refereeing, seating, sheets
from contests.tables import Entry, OwnUnit
from federation.tables import UnionUnit
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import JIUJIANG, NANCHANG, a_viewer, the_chief_referee, the_organiser
from tests.contests.seat_scenes import SCHEME


async def a_coded_hall(own_unit: str):
    """Four electricians of Nanchang and Jiujiang in turn, coded in two layers, marking open; seat 2 is of Nanchang."""
    own_units.ask(owners)
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=SCHEME)
    ids = await entries(made, ("涂国强", "章丽娟", "欧阳文", "喻建平"), delegations=(NANCHANG, JIUJIANG))
    tao = await a_viewer("陶加密", ("anonymiser", "event", made))
    fu = await a_viewer("付加密", ("anonymiser", "event", made))
    jian = await a_viewer("简检录", ("checkin", "contest", contest))
    wan = await the_chief_referee(contest)
    await bring_to(xiong, made, "drawn")
    await layers.set_up(
        xiong,
        made,
        CodingForm(layers=2, holder_1=tao.id, holder_2=fu.id, apart=True, basis="赣工竞〔2026〕3号"),
    )
    for entry in ids:
        await checking_in.check_in(jian, made, entry, "present")
    await layers.draw(tao, made, 1)
    await layers.draw(fu, made, 2)
    await seating.set_rule(wan, made, SeatRuleForm(own_unit=own_unit))
    await seating.set_seat(wan, made, SeatForm(code="2", unit=NANCHANG, aspects=["|J1"]))
    await states.step(xiong, made, "open_marking")
    (card,) = await links.issue(wan, made)
    token = await links.sign_in(card.secret, card.pin, "iPad")
    judge = (await links.standing_of(token)).seated
    return made, wan, judge, (tao, fu)


async def opened(made: int, wan, holders) -> None:
    gan = await a_viewer("甘监督", ("supervisor", "event", made))
    for layer, holder in ((2, holders[1]), (1, holders[0])):
        for witness in (wan, gan):
            await layers.stand_by(witness, made, layer)
        await layers.open_layer(holder, made, layer)


async def of_nanchang(made: int) -> set[int]:
    unit = await UnionUnit.select(UnionUnit.id).where(UnionUnit.code == NANCHANG).first()
    rows = await Entry.select(Entry.piece, Entry.delegation).where(Entry.event_category == made)
    return {row["piece"] for row in rows if row["delegation"] == unit["id"]}


async def test_the_judge_steps_aside_from_exactly_the_own_pieces(db):
    made, wan, judge, holders = await a_coded_hall("block")
    _, _, _, lines = await sheets.list_for(judge)
    aside = {line.piece.id for line in lines if line.state == "recused"}
    assert await Entry.count().where((Entry.event_category == made) & Entry.piece.is_not_null()) == 0
    await states.step(wan, made, "freeze")
    await opened(made, wan, holders)
    assert aside == await of_nanchang(made)


async def test_while_codes_are_closed_staff_hear_how_many_and_not_which(db):
    made, wan, _, holders = await a_coded_hall("flag")
    assert (await refereeing.overview(wan, made)).flags == (("2", "", 2),)
    await states.step(wan, made, "freeze")
    await opened(made, wan, holders)
    flags = (await refereeing.overview(wan, made)).flags
    assert [(seat, count) for seat, _, count in flags] == [("2", 1), ("2", 1)]
    assert all(number for _, number, _ in flags)
    assert await OwnUnit.count().where(OwnUnit.is_own.eq(True)) == 2
