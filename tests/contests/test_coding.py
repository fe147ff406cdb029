"""Two layers of coding, from check-in to the opening before witnesses: nobody who marks can learn a name before."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests import programme, publication, ranking, scoring, states
from contests.anonymity import checking_in, layers
from contests.anonymity.lots import piece_numbers, seated, workstations
from contests.forms.coding import CodingForm
from contests.tables import CodingLayer, Entry, Piece
from federation import audit
from federation.refusals import Conflict, Forbidden, Invalid
from federation.tables import AuditLine
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import JIUJIANG, NANCHANG, a_viewer, the_chief_referee, the_clerk, the_organiser

NAMES = ("涂国强", "章丽娟", "欧阳文", "喻建平", "万里", "熊大力")


class Hall:
    def __init__(self, **people: Any) -> None:
        self.__dict__.update(people)


@pytest.fixture
async def hall(db) -> Hall:
    """Six electricians drawn, two layers set up: Tao holds the entry numbers, Fu the workstations."""
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code)
    ids = await entries(made, NAMES, delegations=(NANCHANG, JIUJIANG))
    tao = await a_viewer("陶加密", ("anonymiser", "event", made))
    fu = await a_viewer("付加密", ("anonymiser", "event", made))
    await bring_to(xiong, made, "drawn")
    form = CodingForm(layers=2, holder_1=tao.id, holder_2=fu.id, apart=True, basis="赣工竞〔2026〕3号")
    await layers.set_up(xiong, made, form)
    return Hall(
        id=made,
        contest=contest,
        entries=ids,
        xiong=xiong,
        tao=tao,
        fu=fu,
        wan=await the_chief_referee(contest),
        li=await the_clerk(contest, "李录分"),
        gan=await a_viewer("甘监督", ("supervisor", "contest", contest)),
        jian=await a_viewer("简检录", ("checkin", "contest", contest)),
    )


async def everybody_checks_in(hall: Hall, absent: int | None = None) -> None:
    for entry in hall.entries:
        outcome = "absent" if entry == absent else "present"
        await checking_in.check_in(hall.jian, hall.id, entry, outcome)


async def coded(hall: Hall, absent: int | None = None) -> None:
    await everybody_checks_in(hall, absent)
    await layers.draw(hall.tao, hall.id, 1)
    await layers.draw(hall.fu, hall.id, 2)


async def marked_and_locked(hall: Hall) -> None:
    """Every piece gets its own mark in both modules: workstation 01 gets 90, 02 gets 89 …"""
    await states.step(hall.xiong, hall.id, "open_marking")
    pieces = await Piece.select().where(Piece.event_category == hall.id).order_by(Piece.number)
    for place, piece in enumerate(pieces):
        for aspect in ("theory", "practical"):
            answer = await scoring.enter_mark(
                hall.li,
                hall.id,
                piece["id"],
                aspect=aspect,
                text=str(90 - place),
                seen_version=0,
                sending=f"{piece['id']}-{aspect}-first",
            )
            assert answer["outcome"] == "saved"
    await states.step(hall.wan, hall.id, "freeze")


async def opened(hall: Hall) -> None:
    for layer, holder in ((2, hall.fu), (1, hall.tao)):
        for witness in (hall.wan, hall.gan):
            await layers.stand_by(witness, hall.id, layer)
        await layers.open_layer(holder, hall.id, layer)


async def test_numbers_are_drawn_only_when_everybody_is_checked_in(hall):
    await checking_in.check_in(hall.jian, hall.id, hall.entries[0], "present")
    with pytest.raises(Invalid) as refused:
        await layers.draw(hall.tao, hall.id, 1)
    [finding] = refused.value.findings
    assert (finding.code, finding.facts["waiting"]) == ("coding.not_checked_in", 5)


async def test_each_layer_is_drawn_by_its_holder_in_turn(hall):
    await everybody_checks_in(hall)
    with pytest.raises(Conflict) as early:
        await layers.draw(hall.fu, hall.id, 2)
    assert early.value.code == "coding.out_of_turn"
    with pytest.raises(Forbidden):
        await layers.draw(hall.fu, hall.id, 1)
    await layers.draw(hall.tao, hall.id, 1)
    await layers.draw(hall.fu, hall.id, 2)
    with pytest.raises(Conflict) as again:
        await layers.draw(hall.fu, hall.id, 2)
    assert again.value.code == "coding.not_now"


async def test_marking_waits_for_the_layers(hall):
    await everybody_checks_in(hall)
    with pytest.raises(Invalid) as refused:
        await states.step(hall.xiong, hall.id, "open_marking")
    assert [one.code for one in refused.value.findings] == ["state.layers_undrawn"]


async def test_who_marks_sees_workstations_and_no_names(hall):
    await coded(hall)
    await states.step(hall.xiong, hall.id, "open_marking")
    sheet = await scoring.sheet(hall.li, hall.id, "theory")
    assert [row.number for row in sheet.rows] == ["01", "02", "03", "04", "05", "06"]
    gathered = await ranking.gather(hall.id)
    told = gathered.people.select("name", "organisation", "delegation").rows()
    assert told == [("", "", None)] * 6
    linked = await Entry.count().where((Entry.event_category == hall.id) & Entry.piece.is_not_null())
    assert linked == 0
    for stranger in (hall.li, hall.wan, hall.xiong, hall.jian):
        with pytest.raises(Forbidden):
            await layers.envelopes(stranger, hall.id, 2)


async def test_no_two_of_one_unit_are_neighbours(hall):
    await coded(hall)
    slips = dict(await layers.envelopes(hall.fu, hall.id, 2))
    unit = {
        row["number"]: row["delegation"]
        for row in await Entry.select(Entry.number, Entry.delegation).where(Entry.event_category == hall.id)
    }
    by_place = [unit[number] for number in sorted(slips, key=lambda number: slips[number])]
    assert [a == b for a, b in pairwise(by_place)] == [False] * 5


async def test_what_is_drawn_is_not_to_be_read_in_the_database(hall):
    await coded(hall)
    rows = await CodingLayer.select().where(CodingLayer.event_category == hall.id)
    numbers = [
        row["number"] for row in await Entry.select(Entry.number).where(Entry.event_category == hall.id)
    ]
    assert [row["opened"] for row in rows] == ["", ""]
    assert [any(number.encode() in bytes(row["sealed"]) for number in numbers) for row in rows] == [
        False,
        False,
    ]
    facts = " ".join(row["facts"] for row in await AuditLine.select().where(AuditLine.deed == "coding.draw"))
    assert "seed" not in facts


async def test_opening_before_the_lock_is_refused_and_kept(hall):
    await coded(hall)
    with pytest.raises(Conflict) as refused:
        await layers.open_layer(hall.fu, hall.id, 2)
    assert refused.value.code == "coding.not_locked"
    lines = await AuditLine.select(AuditLine.actor, AuditLine.deed).where(
        AuditLine.deed == "coding.open_refused"
    )
    assert [(line["actor"], line["deed"]) for line in lines] == [("付加密", "coding.open_refused")]


async def test_opening_goes_backwards_before_two_witnesses(hall):
    await coded(hall)
    await marked_and_locked(hall)
    with pytest.raises(Invalid) as closed:
        await publication.publish(hall.xiong, hall.id, "provisional")
    assert [one.code for one in closed.value.findings] == ["state.not_decoded"]
    with pytest.raises(Conflict) as backwards:
        await layers.open_layer(hall.tao, hall.id, 1)
    assert backwards.value.code == "coding.out_of_turn"
    await layers.stand_by(hall.wan, hall.id, 2)
    await layers.stand_by(hall.wan, hall.id, 2)
    with pytest.raises(Conflict) as few:
        await layers.open_layer(hall.fu, hall.id, 2)
    assert (few.value.code, few.value.facts) == ("coding.witnesses_missing", {"there": 1, "needed": 2})
    await opened(hall)
    await publication.publish(hall.xiong, hall.id, "provisional")
    assert (await audit.verify()).broken_at is None


async def test_every_mark_comes_home(hall):
    """The third stays away: five pieces, and the board names everybody with the marks of the own workstation."""
    absent = hall.entries[2]
    await coded(hall, absent)
    slips = dict(await layers.envelopes(hall.fu, hall.id, 2))
    await marked_and_locked(hall)
    await opened(hall)
    gathered = await ranking.gather(hall.id)
    marks = {(row["entry"], row["aspect"]): row["value"] for row in gathered.marks.iter_rows(named=True)}
    people = await Entry.select(Entry.id, Entry.number, Entry.name).where(Entry.event_category == hall.id)
    assert {row["name"]: marks.get((row["id"], "theory")) for row in people} == {
        row["name"]: (91 - int(slips[row["number"]])) * 10_000 if row["id"] != absent else None
        for row in people
    }
    status = dict((await ranking.outcome(hall.id)).places.select("entry", "status").iter_rows())
    assert (status[absent], Counter(status.values())) == ("dns", {"": 5, "dns": 1})


async def test_holders_are_different_people_who_do_not_mark(hall):
    form = CodingForm(layers=2, holder_1=hall.tao.id, holder_2=hall.tao.id)
    with pytest.raises(Invalid) as twice:
        await layers.set_up(hall.xiong, hall.id, form)
    assert [(one.code, one.place) for one in twice.value.findings] == [("coding.holder_twice", "holder_2")]
    with pytest.raises(Invalid) as unfit:
        await layers.set_up(hall.xiong, hall.id, CodingForm(layers=1, holder_1=hall.li.id))
    assert [one.code for one in unfit.value.findings] == ["coding.holder_unfit"]


async def test_a_pass_opens_its_own_entry_and_no_other(hall):
    people = await checking_in.listed(hall.id)
    codes = [checking_in.pass_code(hall.id, entry) for entry in hall.entries]
    assert len(set(codes)) == 6
    assert [checking_in.entry_of_pass(hall.id, people, code.lower()) for code in codes] == hall.entries
    assert checking_in.entry_of_pass(hall.id, people, "ABCDEFGHJK") is None


async def test_turning_somebody_away_needs_a_reason_and_check_in_ends_with_the_draw(hall):
    with pytest.raises(Invalid) as refused:
        await checking_in.check_in(hall.jian, hall.id, hall.entries[0], "excluded")
    assert [(one.code, one.place) for one in refused.value.findings] == [("check_in.reason_needed", "reason")]
    await coded(hall)
    with pytest.raises(Conflict) as late:
        await checking_in.check_in(hall.jian, hall.id, hall.entries[0], "absent")
    assert late.value.code == "check_in.coded"


UNITS = st.dictionaries(
    st.integers(1, 99).map("{:03d}".format), st.sampled_from("甲乙丙丁"), min_size=1, max_size=30
)


@given(units=UNITS, seed=st.text("0123456789abcdef", min_size=4, max_size=8))
def test_lots_are_a_shuffle_with_as_few_neighbours_as_can_be(units, seed):
    order = seated(units, seed)
    assert sorted(order) == sorted(units)
    assert order == seated(dict(reversed(units.items())), seed)
    most = max(Counter(units.values()).values())
    beside = sum(units[a] == units[b] for a, b in pairwise(order))
    assert beside == max(0, 2 * most - len(units) - 1)


@given(count=st.integers(1, 60), stations=st.one_of(st.none(), st.integers(1, 20)))
def test_every_layer_is_a_bijection(count, stations):
    order = [f"{number:03d}" for number in range(1, count + 1)]
    for drawn in (workstations(order, stations), piece_numbers(order)):
        assert list(drawn) == order
        assert len(set(drawn.values())) == count
