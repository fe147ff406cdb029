"""Score entry: Li and Wang on the same sheet, every version kept, no value lost, on both engines."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from contests import programme, schemes, scoring, states
from contests.forms.mark import MarkForm
from contests.tables import Dispute, Mark, Piece
from contests.tables import Scheme as SchemeEdition
from federation import audit
from federation.judging import Scheme
from federation.notices import MarksMoved, listen, unlisten
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.builders import a_contest, an_event_category, bring_to, entries, pieces
from tests.cast import a_viewer, the_administrator, the_chief_referee, the_clerk, the_organiser

SHEET = Scheme.from_json(
    {
        "id": "plc",
        "total": 25,
        "modules": [
            {
                "id": "C",
                "title": "联调",
                "maximum": 25,
                "floor": 0,
                "aspects": [
                    {"id": "C1", "title": "I/O 分配", "maximum": 2, "step": 0.05},
                    {"id": "C2", "title": "联调运行", "maximum": 18, "step": 0.05},
                    {
                        "id": "C3",
                        "title": "接线工艺",
                        "maximum": 5,
                        "step": 0.5,
                        "panel": {"method": "mean", "judges": 3},
                    },
                ],
                "deductions": [{"id": "C-late", "title": "超时", "maximum": 5}],
            }
        ],
    }
)


class Hall:
    """An event category in marking, with its organiser, two clerks, a chief referee and three pieces."""

    def __init__(self, **people: Any) -> None:
        self.__dict__.update(people)

    async def type(
        self, who: Any, number: int, aspect: str, text: str, seen: int = 0, **more: Any
    ) -> dict[str, Any]:
        """A clerk types into the row of this piece (1 is the first)."""
        key = more.pop("key", f"{who.login}-{number}-{aspect}-{text}-{seen}")
        return await scoring.enter_mark(
            who,
            self.id,
            self.pieces[number - 1],
            aspect=aspect,
            text=text,
            seen_version=seen,
            sending=key,
            **more,
        )

    async def number(self, row: int) -> str:
        drawn = await Piece.select(Piece.number).where(Piece.id == self.pieces[row - 1]).first()
        return drawn["number"]

    async def versions(self, number: int, aspect: str) -> list[tuple[int, int | None, str | None, bool, str]]:
        rows = (
            await Mark.select()
            .where((Mark.piece == self.pieces[number - 1]) & (Mark.aspect == aspect))
            .order_by(Mark.judge, Mark.version)
        )
        return [(r["version"], r["value"], r["blank"], r["is_current"], r["actor"]) for r in rows]


@pytest.fixture
async def hall(db) -> Hall:
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=SHEET)
    ids = await entries(made, ("涂国强", "章丽娟", "欧阳文"))
    await bring_to(xiong, made, "marking")
    whose = await pieces(made)
    return Hall(
        xiong=xiong,
        li=await the_clerk(contest, "李录分"),
        wang=await the_clerk(contest, "王录分"),
        wan=await the_chief_referee(contest),
        id=made,
        contest=contest,
        pieces=[whose[entry] for entry in ids],
    )


async def test_a_mark_is_read_as_people_type_it(hall):
    typed = ["1.5", "１．５５", "1。6", "", "缺考", "dns", "0"]
    answers = [await hall.type(hall.li, 1, "C1", text, seen=seen) for seen, text in enumerate(typed)]
    assert [(a["outcome"], a["version"], a["text"]) for a in answers] == [
        ("saved", 1, "1.50"),
        ("saved", 2, "1.55"),
        ("saved", 3, "1.60"),
        ("saved", 4, ""),
        ("saved", 5, "dns"),
        ("same", 5, "dns"),
        ("conflict", 5, "dns"),  # the clerk typed over version 6, which never came to be
    ]
    assert await hall.versions(1, "C1") == [
        (1, 15_000, None, False, "李录分"),
        (2, 15_500, None, False, "李录分"),
        (3, 16_000, None, False, "李录分"),
        (4, None, "pending", False, "李录分"),
        (5, None, "dns", True, "李录分"),
    ]


@pytest.mark.parametrize(
    ("aspect", "text", "code"),
    [
        ("C1", "2.05", "mark.value_above_maximum"),
        ("C1", "-1", "mark.value_below_minimum"),
        ("C1", "1.51", "mark.value_off_step"),
        ("C1", "一点五", "mark.not_a_number"),
        ("C1", "1.00005", "mark.too_many_decimals"),
    ],
)
async def test_what_cannot_be_a_mark_is_answered_with_row_field_value_and_limits(hall, aspect, text, code):
    answer = await hall.type(hall.li, 2, aspect, text)
    assert (answer["outcome"], answer["text"]) == ("invalid", text)
    assert answer["findings"] == [
        {
            "code": code,
            "facts": {
                "number": await hall.number(2),
                "aspect": "C1",
                "judge": "",
                "typed": text,
                "minimum": "0",
                "maximum": "2",
                "step": "0.05",
            },
        }
    ]
    assert await hall.versions(2, "C1") == []


async def test_two_clerks_on_one_cell_see_both_values_and_lose_none(hall):
    await hall.type(hall.li, 1, "C2", "4.5")
    answer = await hall.type(hall.wang, 1, "C2", "4.05")
    assert [answer[k] for k in ("outcome", "version", "text", "actor", "offered", "offered_by")] == [
        "conflict",
        1,
        "4.50",
        "李录分",
        "4.05",
        "王录分",
    ]
    again = await hall.type(hall.wang, 1, "C2", "4.05", key="wang-tries-again")
    assert again["dispute"] == answer["dispute"]
    assert await hall.versions(1, "C2") == [(1, 45_000, None, True, "李录分")]
    assert await Dispute.count() == 1


async def test_the_same_value_from_both_is_no_conflict(hall):
    await hall.type(hall.li, 1, "C2", "4.5")
    answer = await hall.type(hall.wang, 1, "C2", "4.50")
    assert (answer["outcome"], answer["version"]) == ("same", 1)
    assert await Dispute.count() == 0


@pytest.mark.parametrize(
    ("keep", "stands", "versions"),
    [
        ("first", "4.50", [(1, 45_000, None, True, "李录分")]),
        ("second", "4.05", [(1, 45_000, None, False, "李录分"), (2, 40_500, None, True, "万裁判")]),
    ],
)
async def test_a_choice_between_two_values_is_made_once(hall, keep, stands, versions):
    await hall.type(hall.li, 1, "C2", "4.5")
    dispute = (await hall.type(hall.wang, 1, "C2", "4.05"))["dispute"]
    with pytest.raises(Invalid):
        await states.step(hall.wan, hall.id, "freeze")
    assert (await scoring.settle(hall.wan, dispute, keep))["text"] == stands
    with pytest.raises(Conflict):
        await scoring.settle(hall.li, dispute, "first")
    assert await hall.versions(1, "C2") == versions
    told = await scoring.history(hall.li, hall.id, hall.pieces[0], aspect="C2")
    assert [line["text"] for line in told if line["kind"] == "offer"] == ["4.05"]


async def test_a_block_saves_what_is_good_and_returns_what_is_not(hall):
    first, second, third = hall.pieces
    block = [
        MarkForm(piece=first, aspect="C1", text="1.5"),
        MarkForm(piece=second, aspect="C1", text="25"),
        MarkForm(piece=third, aspect="C1", text="1.25"),
        MarkForm(piece=first, aspect="C3", judge="2", text="4.5"),
        MarkForm(piece=first, aspect="C3", text="4.5"),
        MarkForm(piece=first, aspect="C1", text="1.6"),
    ]
    before = (await programme.event_category(hall.id))["revision"]
    answers = await scoring.enter_marks(hall.li, hall.id, "C", block, sending="block-0001")
    assert [a["outcome"] for a in answers] == ["saved", "invalid", "saved", "saved", "invalid", "invalid"]
    assert [f["code"] for a in answers for f in a.get("findings", ())] == [
        "mark.value_above_maximum",
        "mark.no_such_column",
        "mark.cell_twice",
    ]
    assert (await programme.event_category(hall.id))["revision"] == before + 1
    assert await Mark.count() == 3
    assert await scoring.enter_marks(hall.li, hall.id, "C", block, sending="block-0001") == answers
    assert await Mark.count() == 3


async def test_the_sheet_shows_numbers_only_with_totals_by_the_boards_arithmetic(hall):
    for aspect, judge, text in (("C1", "", "1.5"), ("C2", "", "10"), ("C-late", "", "0.5")):
        await hall.type(hall.li, 1, aspect, text, judge=judge)
    for judge, text in (("1", "4"), ("2", "4.5"), ("3", "5")):
        await hall.type(hall.li, 1, "C3", text, judge=judge, key=f"panel-{judge}")
    shown = await scoring.sheet(hall.li, hall.id, "C")
    assert [column.key for column in shown.columns] == [
        "C1::1",
        "C2::1",
        "C3:1:1",
        "C3:2:1",
        "C3:3:1",
        "C-late::1",
    ]
    row = next(row for row in shown.rows if row.piece == hall.pieces[0])
    assert [cell.text for cell in row.cells] == ["1.50", "10.00", "4.00", "4.50", "5.00", "0.50"]
    assert row.total == 155_000  # 1.5 + 10 + (4 + 4.5 + 5) / 3 - 0.5
    assert [(p.plan.key, p.done, p.asked) for p in shown.progress] == [("C", 6, 15)]
    assert "涂国强" not in repr(shown.rows)


async def test_others_see_what_moved(hall):
    cursor = (await scoring.sheet(hall.wang, hall.id, "C")).cursor
    await hall.type(hall.li, 3, "C1", "1.25")
    moved = await scoring.moved(hall.wang, hall.id, "C", cursor)
    assert [(cell.key, cell.version, cell.text) for cell in moved.cells] == [
        (f"{hall.pieces[2]}:C1::1", 1, "1.25")
    ]
    assert moved.totals == {hall.pieces[2]: 12_500}
    assert (await scoring.moved(hall.wang, hall.id, "C", moved.cursor)).cells == ()


async def test_each_save_moves_the_board_and_freezes_the_scheme(hall):
    heard: list[MarksMoved] = []

    async def hear(notice: MarksMoved) -> None:
        heard.append(notice)

    listen(MarksMoved, hear)
    try:
        await hall.type(hall.li, 1, "C1", "1")
    finally:
        unlisten(MarksMoved, hear)
    row = await programme.event_category(hall.id)
    assert heard == [MarksMoved(hall.id, row["revision"])]
    edition = (
        await SchemeEdition.select(SchemeEdition.frozen_at).where(SchemeEdition.id == row["scheme"]).first()
    )
    assert edition is not None
    assert edition["frozen_at"] is not None
    with pytest.raises(Conflict):
        await schemes.attach(hall.xiong, hall.id, SHEET)


async def test_after_the_freeze_only_the_referee_corrects_and_says_why(hall):
    await hall.type(hall.li, 1, "C1", "1")
    await states.step(hall.wan, hall.id, "freeze")
    with pytest.raises(Forbidden):
        await hall.type(hall.li, 1, "C1", "2", seen=1)
    with pytest.raises(Invalid):
        await hall.type(hall.wan, 1, "C1", "2", seen=1)
    answer = await hall.type(hall.wan, 1, "C1", "2", seen=1, key="with-reason", reason="抄错一行")
    assert (answer["outcome"], answer["version"]) == ("saved", 2)
    line = (await audit.lines(limit=1))[0]
    assert (line["deed"], '"reason":"抄错一行"' in line["facts"]) == ("mark.correct", True)


async def test_who_may_not_mark(hall):
    for stranger in (await the_administrator(), await a_viewer("领队", ("leader", "all", None))):
        with pytest.raises(Forbidden):
            await hall.type(stranger, 1, "C1", "1")
    with pytest.raises(NotFound):
        await scoring.sheet(hall.li, hall.id, "Z")
    assert await scoring.my_sheets(await the_administrator_with_a_second_name()) == []


async def the_administrator_with_a_second_name():
    return await a_viewer("审计", ("auditor", "all", None))


async def test_before_marking_nothing_is_entered(hall):
    other = await an_event_category(
        hall.xiong,
        (await programme.event_category(hall.id))["contest_code"],
        category="student",
        scheme=SHEET,
    )
    one = (await entries(other, ("喻建平",)))[0]
    with pytest.raises(Conflict) as refused:
        await scoring.enter_mark(
            hall.li, other, one, aspect="C1", text="1", seen_version=0, sending="too-early"
        )
    assert refused.value.code == "mark.closed"


async def test_absence_of_a_whole_performance_is_signed_by_the_referee(hall):
    with pytest.raises(Forbidden):
        await scoring.set_standing(hall.li, hall.id, hall.pieces[1], "dns")
    await scoring.set_standing(hall.wan, hall.id, hall.pieces[1], "dns")
    with pytest.raises(Invalid):
        await scoring.set_standing(hall.wan, hall.id, hall.pieces[2], "dsq")
    shown = await scoring.sheet(hall.li, hall.id, "C")
    assert {row.piece: row.standing for row in shown.rows} == {
        hall.pieces[0]: "",
        hall.pieces[1]: "dns",
        hall.pieces[2]: "",
    }
    assert shown.progress[0].asked == 10
    assert (await scoring.moved(hall.li, hall.id, "C", 0)).standings == {hall.pieces[1]: "dns"}


async def test_twenty_clerks_at_once_lose_nothing(hall):
    """Twenty clerks type different values into one cell and each their own value into another."""
    clerks = [await the_clerk(hall.contest, f"录分{n}") for n in range(20)]

    async def work(n: int) -> str:
        own = MarkForm(piece=hall.pieces[n % 3], aspect="C3", judge=f"S{n:02d}", text="4")
        (answer,) = await scoring.enter_marks(clerks[n], hall.id, "C", [own], sending=f"own-{n:04d}")
        assert answer["outcome"] == "saved"
        return (await hall.type(clerks[n], 1, "C2", f"{n * 0.5}", key=f"same-{n:04d}"))["outcome"]

    outcomes = await asyncio.gather(*(work(n) for n in range(20)))
    assert sorted(outcomes) == ["conflict"] * 19 + ["saved"]
    assert (await Mark.count().where(Mark.aspect == "C3"), await Dispute.count()) == (20, 19)
    offered = {row["value"] for row in await Dispute.select(Dispute.value)}
    stands = (await hall.versions(1, "C2"))[0][1]
    assert offered | {stands} == {n * 5_000 for n in range(20)}
    assert (await audit.verify()).broken_at is None
