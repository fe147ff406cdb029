"""Marks on paper: a code on every sheet, two people who read it, a third where they differ, and no mark before that."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests import paper, scoring, states
from contests.forms.paper import PaperRuleForm, PrintForm
from contests.paper.codes import SIGNS, is_code, new_code, plain_code, shown_code, with_check
from contests.paper.comparing import EMPTY, confirmed, differences, digest
from contests.seats import spreads
from contests.tables import Mark, PaperEntry, ScoreSheet, Spread
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.cast import a_viewer
from tests.contests.paper_scenes import a_table, agreed, cells, decides, reads, sheets
from tests.contests.seat_scenes import a_hall, draft, fresh, marks_and_hands_in, sits

one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For scenes about who may and what is said; what the database itself holds is tried on both."""


async def marks_of(table) -> list[tuple]:
    rows = await Mark.select().where(Mark.event_category == table.id).order_by(Mark.id)
    return [
        (
            table.pieces.index(row["piece"]),
            row["aspect"],
            row["judge"],
            row["version"],
            row["value"],
            row["actor"],
        )
        for row in rows
    ]


async def standing(table, code: str) -> str:
    return (await paper.the_sheet(table.wan, code)).standing


@given(st.text(alphabet=SIGNS, min_size=8, max_size=8), st.integers(0, 8), st.sampled_from(SIGNS))
def test_one_wrong_sign_of_a_code_is_noticed(body, place, other):
    code = with_check(body)
    assert is_code(code)
    assert is_code(code[:place] + other + code[place + 1 :]) == (other == code[place])


def test_a_code_is_read_as_people_type_it_and_as_scanners_send_it():
    code = with_check("7KQ2M9XA")
    typed = shown_code(code).lower()
    assert [
        plain_code(one) for one in (typed, f"https://host/en/work/score-sheets/{code}?print=ab", f" {code} ")
    ] == [code] * 3
    assert plain_code("oil") == "011"
    assert is_code(new_code())


def test_only_what_differs_is_chosen():
    order = ("a", "b", "c")
    first, second = {"a": (1, None), "b": (2, None)}, {"a": (1, None), "b": (3, None), "c": (None, "dns")}
    assert [(one.key, one.first, one.second) for one in differences(first, second, order)] == [
        ("b", (2, None), (3, None)),
        ("c", EMPTY, (None, "dns")),
    ]
    chosen = {"a": (9, None), "b": (3, None), "c": EMPTY}
    assert confirmed(first, second, chosen, order) == {"a": (1, None), "b": (3, None), "c": EMPTY}


async def test_a_sheet_for_every_piece_of_a_module_and_seat_and_no_second_one(db):
    table = await a_table(pieces=5)
    codes = await sheets(table, ("-", "1"), rows=2)
    found = [await paper.the_sheet(table.li, code) for code in codes]
    assert [(one.row["judge"], [line.number for line in one.lines]) for one in found] == [
        ("", ["001", "002"]),
        ("", ["003", "004"]),
        ("", ["005"]),
        ("1", ["001", "002"]),
        ("1", ["003", "004"]),
        ("1", ["005"]),
    ]
    assert [column.aspect.id for column in found[0].columns] == ["M1", "D1"]
    assert [column.aspect.id for column in found[3].columns] == ["J1"]
    with pytest.raises(Invalid) as refused:
        await sheets(table, ("1",))
    assert [one.code for one in refused.value.findings] == ["sheet.all_printed"]
    await paper.void_sheet(table.wan, codes[4], "沾了油")
    (again,) = await sheets(table, ("1",))
    assert [line.number for line in (await paper.the_sheet(table.li, again)).lines] == ["003", "004"]


@one_engine
async def test_the_code_opens_the_sheet_for_whoever_may(db):
    table = await a_table()
    (code,) = await sheets(table)
    assert await paper.code_of(shown_code(code)) == code
    for typed, finding in (
        ("", "sheet.code_missing"),
        ("7KQ2", "sheet.code_mistyped"),
        (with_check("0" * 8), "sheet.code_unknown"),
    ):
        with pytest.raises(Invalid) as refused:
            await paper.code_of(typed)
        assert [one.code for one in refused.value.findings] == [finding]
    for person in (table.li, table.wan, table.yan, table.xiong):
        assert (await paper.the_sheet(person, code)).code == code
    with pytest.raises(Forbidden):
        await paper.the_sheet(await a_viewer("外人", ("clerk", "contest", table.id + 99)), code)
    with pytest.raises(NotFound):
        await paper.the_sheet(table.li, "000000000")


async def test_what_the_first_person_read_is_no_mark_and_the_second_does_not_see_it(db):
    table = await a_table()
    (code,) = await sheets(table)
    read = cells(table, {"M1": "8.5"}, {"M1": "7", "D1": "2"})
    assert await reads(table.li, code, read) == "first"
    assert await marks_of(table) == []
    sheet = await paper.the_sheet(table.deng, code)
    assert (paper.role_of(table.deng, sheet), sheet.shown_rows()) == (
        "second",
        [["001", "", ["", ""]], ["002", "", ["", ""]]],
    )
    assert paper.role_of(table.li, sheet) == "again"
    assert await reads(table.deng, code, read) == "confirmed"
    assert await marks_of(table) == [
        (0, "M1", "", 1, 85_000, "邓录分"),
        (1, "M1", "", 1, 70_000, "邓录分"),
        (1, "D1", "", 1, 20_000, "邓录分"),
    ]


async def test_the_first_person_cannot_be_the_second_but_may_read_again_with_a_reason(db):
    table = await a_table()
    (code,) = await sheets(table)
    await reads(table.li, code, cells(table, {"M1": "8.5"}, {"M1": "7"}))
    with pytest.raises(Invalid) as refused:
        await reads(table.li, code, cells(table, {"M1": "8"}, {"M1": "7"}))
    assert [one.code for one in refused.value.findings] == ["sheet.again_reason"]
    assert await reads(table.li, code, cells(table, {"M1": "8"}, {"M1": "7"}), reason="看错行") == "first"
    assert await reads(table.deng, code, cells(table, {"M1": "8"}, {"M1": "7"})) == "confirmed"
    kept = await PaperEntry.select().order_by(PaperEntry.id)
    assert [(row["part"], row["version"], row["actor"], row["reason"]) for row in kept] == [
        (1, 1, "李录分", ""),
        (1, 2, "李录分", "看错行"),
        (2, 1, "邓录分", ""),
    ]


async def test_where_two_differ_a_third_decides_with_the_paper_in_hand(db):
    table = await a_table(pieces=3)
    (code,) = await sheets(table)
    await reads(table.li, code, cells(table, {"M1": "8.5"}, {"M1": "7"}, {"M1": "6"}))
    read = cells(table, {"M1": "5.5"}, {"M1": "1"}, {"M1": "6"})
    assert await reads(table.deng, code, read) == "differing"
    assert await marks_of(table) == []
    keys = [f"{piece}:M1::1" for piece in table.pieces[:2]]
    for clerk in (table.li, table.deng):
        with pytest.raises(Conflict, match=r"sheet\.third_person"):
            await decides(clerk, code, dict.fromkeys(keys, "first"))
    with pytest.raises(Invalid) as refused:
        await decides(table.hu, code, {keys[0]: "first"})
    assert [(one.code, one.facts) for one in refused.value.findings] == [
        ("sheet.not_chosen", {"number": "002", "aspect": "M1"})
    ]
    assert (
        await decides(table.hu, code, {keys[0]: "first", keys[1]: "other"}, **{keys[1]: "７.5"})
        == "confirmed"
    )
    assert await marks_of(table) == [
        (0, "M1", "", 1, 85_000, "胡录分"),
        (1, "M1", "", 1, 75_000, "胡录分"),
        (2, "M1", "", 1, 60_000, "胡录分"),
    ]


async def test_two_who_begin_at_the_same_time_are_first_and_second(db):
    table = await a_table()
    (code,) = await sheets(table)
    read = cells(table, {"M1": "8.5"}, {"M1": "7"})
    states = await asyncio.gather(reads(table.li, code, read), reads(table.deng, code, read))
    assert sorted(states) == ["confirmed", "first"]
    assert [row[:2] for row in await marks_of(table)] == [(0, "M1"), (1, "M1")]


async def test_sending_twice_enters_once(db):
    table = await a_table()
    (code,) = await sheets(table)
    read = cells(table, {"M1": "8.5"}, {"M1": "7"})
    answers = [await reads(table.li, code, read, sending="same") for _ in range(3)]
    assert answers == ["first"] * 3
    assert await PaperEntry.count() == 1


@one_engine
async def test_bad_cells_name_their_place_and_empty_ones_are_asked_about(db):
    table = await a_table()
    (code,) = await sheets(table)
    read = cells(table, {"M1": "11"}, {"M1": "8.3"}) | {"9999:M1::1": "1"}
    with pytest.raises(Invalid) as refused:
        await reads(table.li, code, read)
    assert [one.code for one in refused.value.findings] == [
        "sheet.cell_elsewhere",
        "mark.value_above_maximum",
        "mark.value_off_step",
    ]
    with pytest.raises(Invalid) as refused:
        await reads(table.li, code, cells(table, {"M1": "8"}))
    assert [(one.code, one.facts) for one in refused.value.findings] == [
        ("sheet.cells_empty", {"count": 1, "cells": ["002 M1"]})
    ]
    assert await reads(table.li, code, cells(table, {"M1": "8"}), empties=True) == "first"
    assert await reads(table.deng, code, cells(table, {"M1": "8"}, {"M1": "缺考"})) == "differing"


@one_engine
async def test_the_grid_does_not_write_past_the_paper(db):
    table = await a_table()
    (code,) = await sheets(table)
    cell = {"aspect": "M1", "text": "9", "seen_version": 0}
    answer = await scoring.enter_mark(table.li, table.id, table.pieces[0], **cell, sending=fresh())
    assert [(one["code"], one["facts"]["sheet"]) for one in answer["findings"]] == [("mark.on_paper", code)]
    answer = await scoring.enter_mark(
        table.li, table.id, table.pieces[0], **cell, reason="我要改", sending=fresh()
    )
    assert answer["outcome"] == "invalid"
    answer = await scoring.enter_mark(
        table.wan, table.id, table.pieces[0], **cell, reason="原表写错", sending=fresh()
    )
    assert answer["outcome"] == "saved"
    await paper.void_sheet(table.wan, code, "改用网格录分")
    cell = {"aspect": "M1", "text": "8", "seen_version": 0}
    answer = await scoring.enter_mark(table.li, table.id, table.pieces[1], **cell, sending=fresh())
    assert answer["outcome"] == "saved"


@one_engine
async def test_one_reading_is_enough_where_the_rule_says_so(db):
    table = await a_table(double_entry=False)
    (code,) = await sheets(table)
    assert await reads(table.li, code, cells(table, {"M1": "8"}, {"M1": "7"})) == "confirmed"
    assert [row[4] for row in await marks_of(table)] == [80_000, 70_000]


async def test_the_usual_rule_begins_with_the_first_sheet_and_every_change_is_a_version(db):
    table = await a_table()
    with pytest.raises(Forbidden):
        await paper.set_rule(table.li, table.id, PaperRuleForm(version=1))
    with pytest.raises(Conflict, match=r"contest\.changed_meanwhile"):
        await paper.set_rule(table.wan, table.id, PaperRuleForm(version=0))
    await paper.set_rule(table.wan, table.id, PaperRuleForm(version=1, photo=False, basis="补充通知"))
    assert [(row["version"], row["photo"], row["basis"]) for row in await paper.history_of(table.id)] == [
        (2, False, "补充通知"),
        (1, True, "技术文件第 14 条"),
    ]
    assert (await paper.rule_of(table.id)).photo is False


async def test_judges_too_far_apart_on_paper_stop_the_piece_once_all_sheets_are_in(db):
    """J1 allows 1 between its three judges; piece 001 has 3, 1, 2."""
    table = await a_table()
    codes = await sheets(table, ("1", "2", "3"))
    values = (("3", "2"), ("1", "2"), ("2", "1"))
    for code, seat, (one, two) in zip(codes, "123", values, strict=True):
        assert await Spread.count() == 0
        await agreed(table, code, cells(table, {"J1": one}, {"J1": two}, judge=seat))
    found = await Spread.select()
    assert [(row["piece"], row["aspect"], row["spread"], row["allowed"]) for row in found] == [
        (table.pieces[0], "J1", 20_000, 10_000)
    ]


@one_engine
async def test_a_spread_on_paper_is_measured_again_after_the_chief_referee_corrected(db):
    table = await a_table(pieces=1)
    codes = await sheets(table, ("1", "2", "3"))
    for code, seat, text in zip(codes, "123", "312", strict=True):
        await agreed(table, code, cells(table, {"J1": text}, judge=seat))
    (spread,) = await Spread.select()
    assert await spreads.look_again(table.wan, table.id, spread["id"]) is False
    cell = {"aspect": "J1", "judge": "2", "text": "2", "seen_version": 1, "reason": "评议后裁判在纸上改为 2"}
    answer = await scoring.enter_mark(table.wan, table.id, table.pieces[0], **cell, sending=fresh())
    assert answer["outcome"] == "saved"
    assert await spreads.look_again(table.wan, table.id, spread["id"]) is True
    assert await states.step(table.wan, table.id, "freeze") == "frozen"


async def test_paper_does_not_overwrite_what_a_judge_handed_in_from_the_seat(db):
    hall = await a_hall(pieces=1)
    await marks_and_hands_in(await sits(hall, "2"), hall.pieces[0], {"J1": "2"})
    form = PrintForm(plan="M", seats=["2"])
    (code,) = await paper.print_sheets(hall.li, hall.id, form)
    key = f"{hall.pieces[0]}:J1:2:1"
    await reads(hall.li, code, {key: "3"})
    with pytest.raises(Conflict, match=r"sheet\.handed_in"):
        await reads(hall.wan, code, {key: "3"})
    other = await sits(hall, "3")
    (code,) = await paper.print_sheets(hall.li, hall.id, PrintForm(plan="M", seats=["3"]))
    (answer,) = await draft(other, hall.pieces[0], {"J1": "1"})
    assert [one["code"] for one in answer["findings"]] == ["mark.on_paper"]


@one_engine
async def test_a_void_sheet_is_not_entered_and_no_clerk_makes_one_void(db):
    table = await a_table()
    (code,) = await sheets(table)
    await paper.void_sheet(table.wan, code, "丢失")
    with pytest.raises(Conflict, match=r"sheet\.void"):
        await reads(table.li, code, {})
    with pytest.raises(Forbidden):
        await paper.void_sheet(table.li, code, "丢失")
    assert await standing(table, code) == "void"


def test_the_hash_is_that_of_the_canonical_json():
    """printf '{"a":[1,"是"]}' | sha256sum"""
    assert digest({"a": [1, "是"]}) == "9483a5af2de9a804aee32a4cc623731cb8fb24fd1511b708ee8cf64feed910cf"


@one_engine
async def test_sheets_have_codes_of_their_own(db):
    table = await a_table(pieces=4)
    codes = await sheets(table, ("-", "1", "2", "3"), rows=1)
    assert len(set(codes)) == 16 == await ScoreSheet.count()
