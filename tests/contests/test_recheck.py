"""抽检: who is looked at, by whom, what a wrong sheet leads to, and what waits for it.

Twenty competitors with places like their numbers. The usual rule: the first ten, 15 % of the other ten (1.5, so two),
two sheets each: 24. Five per cent of 24 is 1.2, so the second wrong sheet is one too many.
"""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests import programme, states
from contests.publication import publish
from contests.recheck import checking, drawing, ending, selection
from contests.recheck.selection import Measure, Standing, select, share_of, too_many, top_group
from contests.tables import Mark, Recheck, RecheckRule
from federation import audit
from federation.refusals import Conflict, Forbidden, Invalid
from tests.cast import a_viewer, the_administrator
from tests.contests.recheck_scenes import (
    a_hall,
    drawn,
    finds_right,
    finds_wrong,
    of_piece,
    rule,
    the_list,
)


def field(places: list[int | None]) -> list[Standing]:
    return [Standing(f"{n:03d}", place) for n, place in enumerate(places, 1)]


TOP_TWO_OF_FIVE = Measure(top_kind="share", top_share=3_000, rest_share=5_000)


def test_the_top_group_by_number_and_by_share():
    board = field([1, 2, 2, 4, 5, None])
    assert top_group(board, Measure(top_count=1)) == ("001",)
    # who shares the last place of the group is in it: 002 and 003 are both second
    assert top_group(board, Measure(top_count=2)) == ("001", "002", "003")
    # 30 % of the five placed is 1.5, so two; the tie brings the third
    assert top_group(board, TOP_TWO_OF_FIVE) == ("001", "002", "003")
    assert top_group(board, Measure(top_count=0)) == ()
    assert top_group(field([None, None]), Measure()) == ()


def test_the_share_of_the_rest_is_rounded_up():
    # 40 placed, the first ten, 15 % of thirty is 4.5
    chosen = select(field(list(range(1, 41))), Measure(), "seed")
    assert (len(chosen.top), len(chosen.sample)) == (10, 5)
    # pieces without a place belong to the rest
    chosen = select(field([1, 2, None, None]), Measure(top_count=2), "seed")
    assert (chosen.top, len(chosen.sample)) == (("001", "002"), 1)


def test_a_field_smaller_than_the_top_group_is_looked_at_whole():
    chosen = select(field([1, 2, 3]), Measure(), "seed")
    assert (chosen.top, chosen.sample) == (("001", "002", "003"), ())


def test_the_lot_can_be_repeated_from_its_seed():
    # printf 's:001' | sha256sum begins 62b59db5; 002: 8b3c7dc6; 003: b96a42ee; 004: 544dafc8
    assert selection.drawn(["001", "002", "003", "004"], "s") == ["004", "001", "002", "003"]


FIELDS = st.lists(st.one_of(st.none(), st.integers(1, 40)), max_size=60).map(field)
SHARES = st.integers(0, 10_000)
MEASURES = st.builds(
    Measure,
    top_kind=st.sampled_from(["count", "share"]),
    top_count=st.integers(0, 70),
    top_share=SHARES,
    rest_share=SHARES,
    fault_limit=SHARES,
)


@given(FIELDS, MEASURES, st.text("0123456789abcdef", min_size=1, max_size=8), st.randoms())
def test_whatever_the_field_the_top_is_in_and_the_share_is_kept(board, measure, seed, random):
    chosen = select(board, measure, seed)
    placed = sorted(one.place for one in board if one.place is not None)
    wanted = measure.top_count if measure.top_kind == "count" else share_of(len(placed), measure.top_share)
    first = placed[:wanted]
    must = {one.number for one in board if first and one.place is not None and one.place <= first[-1]}
    assert set(chosen.top) == must
    rest = {one.number for one in board} - must
    assert set(chosen.sample) <= rest
    assert len(set(chosen.sample)) == len(chosen.sample)
    # at least the share, and not one more than that takes
    assert len(chosen.sample) == -(-len(rest) * measure.rest_share // 10_000)
    assert len(chosen.sample) * 10_000 >= measure.rest_share * len(rest)
    shuffled = list(board)
    random.shuffle(shuffled)
    again = select(shuffled, measure, seed)
    assert (again, again.hash(seed)) == (chosen, chosen.hash(seed))


@given(st.integers(0, 500), st.integers(1, 500), SHARES)
def test_too_many_is_more_than_the_limit_to_the_last_fraction(wrong, sheets, limit):
    above = Fraction(wrong, sheets) > Fraction(limit, 10_000)
    assert too_many(wrong, sheets, Measure(fault_limit=limit)) == above


def test_four_and_five_per_cent_pass_and_six_do_not():
    assert [too_many(wrong, 100, Measure()) for wrong in (4, 5, 6)] == [False, False, True]
    assert [too_many(wrong, 50, Measure(fault_limit=250)) for wrong in (1, 2)] == [False, True]


async def test_the_list_holds_the_top_and_a_drawn_share(db):
    hall = await a_hall(20)
    listed = await drawn(hall)
    assert listed.pieces("top") == [f"{n:03d}" for n in range(1, 11)]
    sample = listed.pieces("sample")
    assert sorted(sample) == sorted(
        selection.drawn([f"{n:03d}" for n in range(11, 21)], listed.row["seed"])[:2]
    )
    assert [one.plan.key for one in listed.sheets] == ["T", "P"] * 12
    # whoever has seed and rule gets the same hash; the trail has it too
    board = [Standing(f"{n:03d}", n) for n in range(1, 21)]
    assert select(board, Measure(), listed.row["seed"]).hash(listed.row["seed"]) == listed.row["list_hash"]
    [line] = await audit.lines(deed="recheck.draw")
    facts = json.loads(line["facts"])
    assert (facts["seed"], facts["hash"], facts["sheets"]) == (
        listed.row["seed"],
        listed.row["list_hash"],
        24,
    )


async def test_a_list_is_drawn_once_and_set_aside_only_with_a_reason(db):
    hall = await a_hall(4)
    assert await drawing.draw(hall.gan, hall.id, sending="draw-once") == 1
    assert await drawing.draw(hall.gan, hall.id, sending="draw-once") == 1
    with pytest.raises(Conflict) as twice:
        await drawing.draw(hall.wan, hall.id)
    assert twice.value.code == "recheck.open_already"
    with pytest.raises(Invalid) as bare:
        await drawing.set_aside(hall.gan, hall.id, 1, " ")
    assert [one.code for one in bare.value.findings] == ["recheck.reason_needed"]
    await drawing.set_aside(hall.gan, hall.id, 1, "规则依据有误，按补充通知重抽")
    assert await drawing.draw(hall.gan, hall.id) == 2
    kept = await Recheck.select(Recheck.number, Recheck.state).order_by(Recheck.number)
    assert [(one["number"], one["state"]) for one in kept] == [(1, "void"), (2, "open")]


async def test_nobody_checks_a_sheet_they_entered(db):
    hall = await a_hall(2)
    listed = await drawn(hall)
    theory, practice = listed.sheets[0], listed.sheets[1]
    with pytest.raises(Forbidden) as own:
        await checking.record(hall.qiu, hall.id, theory.row["id"], wrong=False, right={}, version=1)
    assert (own.value.code, own.value.facts) == ("recheck.own_marks", {"number": "001"})
    # Qiu entered the theory alone, and may look at the practice
    assert await checking.record(hall.qiu, hall.id, practice.row["id"], wrong=False, right={}, version=1) == (
        "right"
    )


async def test_strangers_leaders_and_administrators_stay_out(db):
    hall = await a_hall(2)
    listed = await drawn(hall)
    for viewer in (await a_viewer("领队", ("leader", "all", None)), await the_administrator()):
        with pytest.raises(Forbidden):
            await drawing.draw(viewer, hall.id)
        with pytest.raises(Forbidden):
            await checking.record(
                viewer, hall.id, listed.sheets[0].row["id"], wrong=False, right={}, version=1
            )
    with pytest.raises(Forbidden):
        await drawing.draw(hall.qiu, hall.id)


async def test_a_wrong_sheet_names_the_cell_the_right_value_and_why(db):
    hall = await a_hall(2)
    sheet = of_piece(await drawn(hall), "002", "P")

    async def refused(right: dict[str, str], reason: str = "看错", *, wrong: bool = True) -> list[str]:
        with pytest.raises(Invalid) as found:
            await checking.record(
                hall.gan, hall.id, sheet.row["id"], wrong=wrong, right=right, reason=reason, version=1
            )
        return [f"{one.code} {one.place}" for one in found.value.findings]

    assert await refused({}) == ["recheck.no_value right:P::1"]
    assert await refused({"P::1": "71"}) == ["mark.value_above_maximum right:P::1"]
    assert await refused({"P::1": "69"}) == ["recheck.same_value right:P::1"]
    assert await refused({"P::1": "六十"}) == ["mark.not_a_number right:P::1"]
    assert await refused({"P::1": "60"}, " ") == ["recheck.reason_needed reason"]
    assert await refused({"P::1": "60"}, wrong=False) == ["recheck.right_with_values right:P::1"]
    await finds_wrong(hall, sheet, "60")
    [fault] = (await the_list(hall)).faults
    assert (fault.number, fault.stood, fault.right, fault.row["reason"], fault.row["state"]) == (
        "002",
        "69.00",
        "60.00",
        "登分时看错一行",
        "open",
    )


async def test_the_chief_referee_corrects_by_a_new_version_with_the_reason(db):
    hall = await a_hall(2)
    await finds_wrong(hall, of_piece(await drawn(hall), "002", "P"), "60")
    [fault] = (await the_list(hall)).faults
    with pytest.raises(Forbidden):
        await ending.correct(hall.gan, hall.id, fault.row["id"])
    await ending.correct(hall.wan, hall.id, fault.row["id"])
    marks = (
        await Mark.select()
        .where((Mark.piece == hall.pieces[1]) & (Mark.aspect == "P"))
        .order_by(Mark.version)
    )
    assert [
        (one["version"], one["value"], one["is_current"], one["actor"], one["reason"]) for one in marks
    ] == [
        (1, 690_000, False, "李录分", ""),
        (2, 600_000, True, "万裁判", "登分时看错一行"),
    ]
    with pytest.raises(Conflict) as twice:
        await ending.correct(hall.xiong, hall.id, fault.row["id"])
    assert twice.value.code == "recheck.settled_already"
    assert (await audit.verify()).broken_at is None


async def test_who_finds_a_fault_does_not_correct_it(db):
    hall = await a_hall(2)
    sheet = of_piece(await drawn(hall), "001", "T")
    await checking.record(
        hall.wan,
        hall.id,
        sheet.row["id"],
        wrong=True,
        right={"T::1": "29"},
        reason="加错",
        version=1,
    )
    [fault] = (await the_list(hall)).faults
    with pytest.raises(Forbidden) as own:
        await ending.correct(hall.wan, hall.id, fault.row["id"])
    assert own.value.code == "recheck.own_fault"
    await ending.correct(hall.xiong, hall.id, fault.row["id"])


async def test_a_mark_that_moved_since_is_not_written_over(db):
    hall = await a_hall(2)
    await finds_wrong(hall, of_piece(await drawn(hall), "002", "P"), "60")
    [fault] = (await the_list(hall)).faults
    await Mark.update({Mark.version: 2}).where((Mark.piece == hall.pieces[1]) & (Mark.aspect == "P"))
    with pytest.raises(Conflict) as moved:
        await ending.correct(hall.wan, hall.id, fault.row["id"])
    assert moved.value.code == "recheck.mark_moved"
    with pytest.raises(Invalid):
        await ending.keep_standing(hall.wan, hall.id, fault.row["id"], "")
    await ending.keep_standing(hall.wan, hall.id, fault.row["id"], "已另行更正")
    assert (await the_list(hall)).wrong == 0


async def test_the_second_wrong_sheet_of_24_takes_everything_in(db):
    hall = await a_hall(20)
    listed = await drawn(hall)
    await finds_wrong(hall, of_piece(listed, "001", "P"), "69")
    # 1 of 24 is 4.17 %
    assert (await the_list(hall)).row["widened_at"] is None
    await finds_wrong(hall, of_piece(listed, "002", "P"), "68")
    # 2 of 24 is 8.33 %, whatever the other 22 say
    wide = await the_list(hall)
    assert wide.row["widened_at"] is not None
    assert (wide.row["widened_wrong"], wide.row["widened_sheets"], len(wide.sheets)) == (2, 24, 40)
    assert len(wide.pieces("widened")) == 8
    await finds_wrong(hall, of_piece(wide, "003", "P"), "67.5")
    again = await the_list(hall)
    assert (again.row["widened_at"], len(again.sheets)) == (wide.row["widened_at"], 40)
    lines = [json.loads(line["facts"]) for line in await audit.lines(deed="recheck.record")]
    assert [(one["wrong"], one["of"], one["widened"]) for one in lines if "widened" in one] == [(2, 24, 16)]


async def test_a_limit_of_ten_per_cent_lets_two_of_24_pass(db):
    hall = await a_hall(20)
    await rule(hall, fault_limit="10")
    listed = await drawn(hall)
    for number in ("001", "002"):
        await finds_wrong(hall, of_piece(listed, number, "P"), "50")
    assert (await the_list(hall)).row["widened_at"] is None
    # 3 of 24 is 12.5 %
    await finds_wrong(hall, of_piece(listed, "003", "P"), "50")
    assert len((await the_list(hall)).sheets) == 40


async def test_who_rises_into_the_top_by_a_correction_is_looked_at_too(db):
    hall = await a_hall(12)
    await rule(hall, top_count=2, rest_share="0", fault_limit="100")
    listed = await drawn(hall)
    assert listed.pieces() == ["001", "002"]
    await finds_right(hall, *[one for one in listed.sheets if one.number == "001"])
    await finds_right(hall, of_piece(listed, "002", "T"))
    await finds_wrong(hall, of_piece(listed, "002", "P"), "40")
    with pytest.raises(Invalid) as early:
        await ending.finish(hall.gan, hall.id, 1)
    assert [one.code for one in early.value.findings] == ["recheck.faults_open"]
    await ending.correct(hall.wan, hall.id, (await the_list(hall)).faults[0].row["id"])
    # 002 falls to 70 points; 003 with 98 is second now
    assert await ending.finish(hall.gan, hall.id, 1) == ("003",)
    longer = await the_list(hall)
    assert (longer.row["state"], longer.pieces("risen")) == ("open", ["003"])
    await finds_right(hall, *[one for one in longer.sheets if one.number == "003"])
    assert await ending.finish(hall.gan, hall.id, 1) == ()
    assert (await the_list(hall)).row["state"] == "finished"


async def test_publishing_waits_only_where_the_rule_asks(db):
    hall = await a_hall(2)
    act = states.ACTS["publish_provisional"]

    async def speaks_against() -> list[tuple[str, str]]:
        row = await programme.event_category(hall.id)
        return [(one.code, one.severity) for one in await states.findings_for(row, act)]

    assert await speaks_against() == []
    await rule(hall, asked=False)
    assert await speaks_against() == []
    listed = await drawn(hall)
    # begun of their own will: to be answered with a reason
    assert await speaks_against() == [("state.recheck_open", "warning")]
    newest = await RecheckRule.select(RecheckRule.id).order_by(RecheckRule.id, ascending=False).first()
    assert newest is not None
    await rule(hall, seen=newest["id"])
    assert await speaks_against() == [("state.recheck_open", "error")]
    with pytest.raises(Invalid):
        await publish(hall.xiong, hall.id, "provisional", reason="赶时间")
    await finds_right(hall, *listed.sheets)
    await ending.finish(hall.gan, hall.id, 1)
    assert await speaks_against() == []


async def test_marks_of_a_new_freeze_ask_for_a_new_recheck(db):
    hall = await a_hall(2)
    await rule(hall)
    listed = await drawn(hall)
    await finds_right(hall, *listed.sheets)
    await ending.finish(hall.gan, hall.id, 1)
    await states.step(hall.wan, hall.id, "reopen_marking", "漏录一件")
    await states.step(hall.wan, hall.id, "freeze")
    row = await programme.event_category(hall.id)
    found = await states.findings_for(row, states.ACTS["publish_provisional"])
    assert [one.code for one in found] == ["state.recheck_missing"]


async def test_a_list_from_before_a_new_freeze_takes_no_results(db):
    hall = await a_hall(2)
    listed = await drawn(hall)
    await states.step(hall.wan, hall.id, "reopen_marking", "漏录一件")
    await states.step(hall.wan, hall.id, "freeze")
    assert (await the_list(hall)).stale
    with pytest.raises(Conflict) as stale:
        await finds_right(hall, listed.sheets[0])
    assert stale.value.code == "recheck.stale"
