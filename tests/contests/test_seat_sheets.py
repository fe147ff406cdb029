"""A judge's sheets: drafts by version, handing in, going back, spreads that stop the piece, what blocks the freeze."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contests import scoring, states
from contests.forms.mark import MarkForm
from contests.forms.seat import HandIn, SeatCell, SeatCells, SeatRuleForm
from contests.seats import adjusting, handing_in, refereeing, seating, sheets, spreads
from contests.seats.spreads import spread_of
from contests.tables import Dispute, Mark, Spread, Submission
from federation import audit
from federation.refusals import Conflict, Forbidden, Invalid
from tests.cast import a_viewer
from tests.contests.seat_scenes import a_hall, draft, fresh, hands_in, marks_and_hands_in, sits


async def state_of(seated, piece: int) -> str:
    return (await sheets.sheet_for(seated, piece)).line.state


async def versions(piece: int, aspect: str, judge: str) -> list[tuple[int, int | None, str | None]]:
    rows = (
        await Mark.select()
        .where((Mark.piece == piece) & (Mark.aspect == aspect) & (Mark.judge == judge))
        .order_by(Mark.version)
    )
    return [(row["version"], row["value"], row["blank"]) for row in rows]


async def a_panel(hall):
    return [await sits(hall, seat) for seat in ("1", "2", "3")]


async def apart(hall, piece: int, values: tuple[str, str, str] = ("3", "1", "2")):
    """All three hand in; the first and second stand 2 apart where 1 is allowed. Gives the judges and the spread."""
    judges = await a_panel(hall)
    await marks_and_hands_in(judges[0], piece, {"M1": "8.5", "J1": values[0]})
    await marks_and_hands_in(judges[1], piece, {"J1": values[1]})
    await marks_and_hands_in(judges[2], piece, {"J1": values[2]})
    return judges, await Spread.select().where(Spread.piece == piece).first()


def test_spread_is_between_the_highest_and_the_lowest_number():
    assert [spread_of(values) for values in ([], [10_000], [10_000, 30_000, 20_000], [5, 5])] == [
        0,
        0,
        20_000,
        0,
    ]


async def test_taps_are_versions_and_the_form_shows_the_own_cells_only(db):
    hall = await a_hall()
    one, two, _ = await a_panel(hall)
    piece = hall.pieces[0]
    await draft(one, piece, {"M1": "8.5", "J1": "2"})
    await draft(two, piece, {"J1": "3"})
    sheet = await sheets.sheet_for(two, piece)
    assert [(box.key, box.text, box.version) for box in sheet.boxes] == [(f"{piece}:J1:2:1", "3", 1)]
    sheet = await sheets.sheet_for(one, piece)
    assert [(box.key, box.text) for box in sheet.boxes] == [
        (f"{piece}:M1::1", "8.50"),
        (f"{piece}:J1:1:1", "2"),
        (f"{piece}:D1::1", ""),
    ]
    assert (sheet.line.state, sheet.line.filled, sheet.line.asked) == ("full", 2, 2)
    assert [line.state for line in sheet.lines] == ["full", "todo", "todo"]
    assert (sheet.before, sheet.after.id) == (None, hall.pieces[1])


async def test_an_aspect_of_another_seat_is_not_this_seats_to_mark(db):
    hall = await a_hall()
    two = await sits(hall, "2")
    (answer,) = await draft(two, hall.pieces[0], {"M1": "8.5"})
    assert (answer["outcome"], answer["findings"][0]["code"]) == ("invalid", "mark.not_of_this_seat")
    form = MarkForm(piece=hall.pieces[0], aspect="J1", judge="1", text="3")
    (answer,) = await scoring.enter_marks(two, hall.id, "M", [form], sending=fresh())
    assert (answer["outcome"], answer["findings"][0]["code"]) == ("invalid", "mark.not_of_this_seat")
    assert await Mark.count() == 0


@pytest.mark.parametrize(
    ("aspect", "text", "reason", "code"),
    [
        ("J1", "4", "", "mark.value_above_maximum"),
        ("J1", "dsq", "", "mark.blank_not_yours"),
        ("J1", "recused", "", "mark.blank_not_yours"),
        ("D1", "2", "", "mark.deduction_reason"),
    ],
)
async def test_what_a_judge_may_not_write(db, aspect, text, reason, code):
    hall = await a_hall()
    (answer,) = await draft(await sits(hall, "1"), hall.pieces[0], {aspect: text}, reason=reason)
    assert (answer["outcome"], answer["findings"][0]["code"]) == ("invalid", code)


async def test_a_deduction_carries_its_reason_and_a_typed_blank_is_no_number(db):
    hall = await a_hall()
    one, piece = await sits(hall, "1"), hall.pieces[0]
    await draft(one, piece, {"D1": "1"}, reason="未戴手套")
    await draft(one, piece, {"D1": "1"}, reason="未戴绝缘手套", seen=1)
    await draft(one, piece, {"M1": "弃权", "J1": "dns"})
    rows = await Mark.select().where((Mark.piece == piece) & Mark.is_current.eq(True)).order_by(Mark.aspect)
    assert [(row["aspect"], row["value"], row["blank"], row["reason"], row["actor"]) for row in rows] == [
        ("D1", 10_000, None, "未戴绝缘手套", "裁判席 1"),
        ("J1", None, "dns", "", "裁判席 1"),
        ("M1", None, "dns", "", "裁判席 1"),
    ]


async def test_handing_in_keeps_what_stood_and_shuts_the_sheet(db):
    hall = await a_hall()
    two, piece = await sits(hall, "2"), hall.pieces[0]
    await draft(two, piece, {"J1": "2"})
    answers = [await hands_in(two, piece, sending="hand-in-0001") for _ in range(5)]
    assert answers == [answers[0]] * 5
    (row,) = await Submission.select()
    assert json.loads(row["marks"]) == [[f"{piece}:J1:2:1", 1, 20_000, None]]
    assert row["hash"] == hashlib.sha256(row["marks"].encode()).hexdigest() == answers[0]["hash"]
    (answer,) = await draft(two, piece, {"J1": "3"}, seen=1)
    assert answer["findings"][0]["code"] == "mark.sheet_submitted"
    assert await versions(piece, "J1", "2") == [(1, 20_000, None)]
    with pytest.raises(Conflict, match=r"mark\.sheet_submitted"):
        await hands_in(two, piece)
    assert await state_of(two, piece) == "submitted"


async def test_an_unfilled_sheet_and_one_the_judge_did_not_see_are_not_handed_in(db):
    hall = await a_hall()
    one, piece = await sits(hall, "1"), hall.pieces[0]
    await draft(one, piece, {"M1": "8"})
    with pytest.raises(Invalid) as refused:
        await hands_in(one, piece)
    assert [(found.code, found.facts["aspects"]) for found in refused.value.findings] == [
        ("sheet.unfilled", ["J1"])
    ]
    await draft(one, piece, {"J1": "1"})
    with pytest.raises(Conflict, match=r"sheet\.moved"):
        await handing_in.hand_in(one, piece, HandIn(sending=fresh(), shown={"M1:1": "8.00", "J1:1": "2"}))
    assert await Submission.count() == 0


async def test_a_clerk_cannot_change_what_a_judge_handed_in_but_the_chief_referee_can_with_a_reason(db):
    hall = await a_hall()
    two, piece = await sits(hall, "2"), hall.pieces[0]
    await marks_and_hands_in(two, piece, {"J1": "2"})
    cell = {"aspect": "J1", "judge": "2", "text": "3", "seen_version": 1}
    answer = await scoring.enter_mark(hall.li, hall.id, piece, **cell, sending=fresh())
    assert answer["findings"][0]["code"] == "mark.sheet_submitted"
    answer = await scoring.enter_mark(hall.li, hall.id, piece, **cell, reason="我要改", sending=fresh())
    assert answer["findings"][0]["code"] == "mark.sheet_submitted"
    answer = await scoring.enter_mark(hall.wan, hall.id, piece, **cell, reason="裁判笔误", sending=fresh())
    assert answer["outcome"] == "saved"
    (sheet,) = (await refereeing.overview(hall.wan, hall.id)).sheets
    assert sheet.changed


async def test_an_account_of_a_judge_is_no_seat(db):
    """Who signed in by name cannot say which seat they are: judges mark by the link of their seat."""
    hall = await a_hall()
    account = await a_viewer("胡裁判", ("judge", "event", hall.id))
    cell = {"aspect": "J1", "judge": "2", "text": "3", "seen_version": 0}
    with pytest.raises(Forbidden, match=r"mark\.not_yours"):
        await scoring.enter_mark(account, hall.id, hall.pieces[0], **cell, sending=fresh())
    with pytest.raises(Forbidden):
        await scoring.sheet(account, hall.id, "M")


async def test_a_sheet_goes_back_with_a_reason_and_comes_again(db):
    hall = await a_hall()
    two, piece = await sits(hall, "2"), hall.pieces[0]
    await marks_and_hands_in(two, piece, {"J1": "2"})
    (row,) = await Submission.select()
    with pytest.raises(Invalid):
        await handing_in.hand_back(hall.wan, hall.id, row["id"], " ")
    with pytest.raises(Forbidden):
        await handing_in.hand_back(hall.li, hall.id, row["id"], "看错了")
    await handing_in.hand_back(hall.wan, hall.id, row["id"], "J1 对照样板再看")
    line = (await sheets.sheet_for(two, piece)).line
    assert (line.state, line.reason) == ("returned", "J1 对照样板再看")
    with pytest.raises(Invalid) as refused:
        await states.step(hall.wan, hall.id, "freeze")
    assert [found.code for found in refused.value.findings] == ["state.sheets_returned"]
    await draft(two, piece, {"J1": "3"}, seen=1)
    assert (await hands_in(two, piece))["number"] == 2
    assert await state_of(two, piece) == "submitted"
    assert await states.step(hall.wan, hall.id, "freeze") == "frozen"


async def test_nothing_is_compared_before_all_judges_are_in(db):
    hall = await a_hall()
    one, two, _ = await a_panel(hall)
    await marks_and_hands_in(one, hall.pieces[0], {"M1": "8", "J1": "3"})
    await marks_and_hands_in(two, hall.pieces[0], {"J1": "0"})
    assert await Spread.count() == 0


async def test_marks_as_far_apart_as_allowed_stop_nothing(db):
    hall = await a_hall()
    _, found = await apart(hall, hall.pieces[0], ("2", "1", "2"))
    assert found is None


async def test_a_spread_stops_the_piece_and_shows_nobodys_marks_before_it_is_opened(db):
    hall = await a_hall()
    judges, found = await apart(hall, hall.pieces[0])
    assert (found["aspect"], found["spread"], found["allowed"]) == ("J1", 20_000, 10_000)
    for judge in judges:
        sheet = await sheets.sheet_for(judge, hall.pieces[0])
        assert (sheet.line.state, [(one.aspect, one.opened, one.marks) for one in sheet.spreads]) == (
            "spread",
            [("J1", False, ())],
        )
    with pytest.raises(Invalid) as refused:
        await states.step(hall.wan, hall.id, "freeze")
    assert [(one.code, one.facts) for one in refused.value.findings] == [
        ("state.spreads_open", {"spreads": 1})
    ]
    with pytest.raises(Conflict, match=r"spread\.not_opened"):
        await adjusting.adjust(judges[0], found["id"], "2", "看错", sending=fresh())


async def test_opened_by_the_chief_referee_a_judge_adjusts_in_writing_and_the_piece_goes_on(db):
    hall = await a_hall()
    judges, found = await apart(hall, hall.pieces[0])
    with pytest.raises(Forbidden):
        await spreads.open_marks(hall.li, hall.id, found["id"])
    await spreads.open_marks(hall.wan, hall.id, found["id"])
    (seen,) = (await sheets.sheet_for(judges[2], hall.pieces[0])).spreads
    assert seen.marks == (("1", "3"), ("2", "1"), ("3", "2"))
    with pytest.raises(Invalid) as refused:
        await adjusting.adjust(judges[0], found["id"], "7", "", sending=fresh())
    assert [one.code for one in refused.value.findings] == [
        "mark.value_above_maximum",
        "seat.reason_needed",
    ]
    answers = [
        await adjusting.adjust(judges[0], found["id"], "2", "对照样板，走线有一处交叉", sending="adjust-0001")
        for _ in range(5)
    ]
    assert [answer["settled"] for answer in answers] == [True] * 5
    assert await versions(hall.pieces[0], "J1", "1") == [(1, 30_000, None), (2, 20_000, None)]
    (row,) = await Spread.select()
    assert row["settlement"] == "adjusted"
    rows = await Submission.select().where(Submission.seat == hall.seats["1"]).order_by(Submission.number)
    assert [(one["number"], one["reason"]) for one in rows] == [(1, "对照样板，走线有一处交叉"), (2, "")]
    assert json.loads(rows[1]["marks"]) == [
        [f"{hall.pieces[0]}:M1::1", 1, 85_000, None],
        [f"{hall.pieces[0]}:J1:1:1", 2, 20_000, None],
    ]
    assert await states.step(hall.wan, hall.id, "freeze") == "frozen"


async def test_an_adjustment_that_is_not_enough_leaves_it_open(db):
    hall = await a_hall()
    judges, found = await apart(hall, hall.pieces[0], ("3", "0", "0"))
    await spreads.open_marks(hall.wan, hall.id, found["id"])
    answer = await adjusting.adjust(judges[0], found["id"], "2", "降一档", sending=fresh())
    assert answer["settled"] is False
    (row,) = await Spread.select()
    assert (row["spread"], row["settled_at"]) == (20_000, None)


async def test_the_chief_referee_rules_only_where_the_rule_lets_them_and_with_a_reason(db):
    hall = await a_hall()
    _, found = await apart(hall, hall.pieces[0])
    with pytest.raises(Invalid):
        await spreads.uphold(hall.wan, hall.id, found["id"], "")
    await seating.set_rule(hall.wan, hall.id, SeatRuleForm(may_uphold=False))
    with pytest.raises(Forbidden, match=r"spread\.no_ruling"):
        await spreads.uphold(hall.wan, hall.id, found["id"], "两种看法都有依据")
    await seating.set_rule(hall.wan, hall.id, SeatRuleForm(may_uphold=True))
    await spreads.uphold(hall.wan, hall.id, found["id"], "两种看法都有依据")
    (row,) = await Spread.select()
    assert (row["settlement"], row["settled_by"], row["reason"]) == ("upheld", "万裁判", "两种看法都有依据")
    assert await states.step(hall.wan, hall.id, "freeze") == "frozen"


async def test_returning_a_sheet_takes_its_spread_back_and_measures_again(db):
    hall = await a_hall()
    judges, _ = await apart(hall, hall.pieces[0])
    row = await Submission.select().where(Submission.seat == hall.seats["1"]).first()
    await handing_in.hand_back(hall.wan, hall.id, row["id"], "重看")
    assert [one["settlement"] for one in await Spread.select()] == ["withdrawn"]
    await hands_in(judges[0], hall.pieces[0])
    assert [one["settlement"] for one in await Spread.select().order_by(Spread.id)] == ["withdrawn", ""]


async def test_two_devices_of_one_seat_disagree_and_the_judge_chooses(db):
    hall = await a_hall()
    two, piece = await sits(hall, "2"), hall.pieces[0]
    await draft(two, piece, {"J1": "2"})
    (answer,) = await draft(two, piece, {"J1": "3"}, seen=0)
    assert (answer["outcome"], answer["text"], answer["offered"]) == ("conflict", "2", "3")
    (box,) = (await sheets.sheet_for(two, piece)).boxes
    assert (box.text, box.dispute["offered"]) == ("2", "3")
    three = await sits(hall, "3")
    with pytest.raises(Forbidden):
        await handing_in.choose(three, box.dispute["id"], "second", sending=fresh())
    assert (await handing_in.choose(two, box.dispute["id"], "second", sending=fresh()))["text"] == "3"
    assert await versions(piece, "J1", "2") == [(1, 20_000, None), (2, 30_000, None)]


async def test_a_sheet_with_two_values_in_a_cell_waits_for_the_choice(db):
    hall = await a_hall()
    two, piece = await sits(hall, "2"), hall.pieces[0]
    await draft(two, piece, {"J1": "2"})
    await draft(two, piece, {"J1": "3"}, seen=0)
    with pytest.raises(Conflict, match=r"sheet\.disputed"):
        await hands_in(two, piece)


async def test_judges_handing_in_at_once_open_one_spread(db):
    hall = await a_hall()
    judges = await a_panel(hall)
    piece = hall.pieces[0]
    await draft(judges[0], piece, {"M1": "8", "J1": "3"})
    await draft(judges[1], piece, {"J1": "0"})
    await draft(judges[2], piece, {"J1": "1"})
    await asyncio.gather(*(hands_in(judge, piece) for judge in judges))
    assert await Spread.count() == 1
    assert await Submission.count() == 3


async def test_the_trail_holds_every_act_and_verifies(db):
    hall = await a_hall()
    await apart(hall, hall.pieces[0])
    assert (await audit.verify()).broken_at is None


class Device:
    """A judge's device as the page works: an outbox in order, an answer that may get lost, a rebase on each answer."""

    def __init__(self, seated, piece: int) -> None:
        self.seated, self.piece = seated, piece
        self.queue: list[dict] = []
        self.version, self.text, self.sent = 0, "", 0

    def tap(self, text: str) -> None:
        shown = self.queue[-1]["text"] if self.queue else self.text
        if text == shown:
            return
        seen = self.queue[-1]["seen"] if self.queue else self.version
        self.sent += 1
        self.queue.append(
            {"text": text, "seen": seen, "sending": f"{self.seated.token_hash[:10]}-{self.sent:04d}"}
        )

    async def send(self, times: int, *, lost: bool) -> None:
        """Send the first that waits, as often as said; when the answers are lost it stays in the queue."""
        if not self.queue:
            return
        item = self.queue[0]
        cell = SeatCell(piece=self.piece, aspect="J1", text=item["text"], seen_version=item["seen"])
        for _ in range(times):
            (answer,) = await handing_in.enter(self.seated, SeatCells(sending=item["sending"], cells=[cell]))
        if lost:
            return
        self.queue.pop(0)
        assert answer["outcome"] in ("saved", "same")
        for later in self.queue:
            if later["seen"] == item["seen"]:
                later["seen"] = answer["version"]
        self.version, self.text = answer["version"], answer["text"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.sampled_from(["0", "1", "2", "3", ""])),
        st.tuples(st.just("send"), st.integers(1, 5)),
        st.tuples(st.just("lose"), st.integers(1, 5)),
    ),
    max_size=14,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scripts=st.lists(STEPS, min_size=1, max_size=3))
def test_whatever_is_lost_or_sent_again_every_tap_becomes_one_version(
    sqlite_template, tmp_path_factory, scripts
):
    """The outbox's protocol: taps without a repeated value, minus those that changed nothing, are the versions."""
    import shutil

    from federation.database import close_database, open_database

    async def play() -> None:
        path = tmp_path_factory.mktemp("outbox") / "hall.sqlite"
        shutil.copy(sqlite_template, path)
        await open_database(str(path))
        try:
            hall = await a_hall(pieces=3)
            seated = await sits(hall, "2")
            for piece, script in zip(hall.pieces, scripts, strict=False):
                device, taps = Device(seated, piece), [""]
                device.sent = piece * 100
                for step, value in script:
                    if step == "tap":
                        device.tap(value)
                        if value != taps[-1]:
                            taps.append(value)
                    else:
                        await device.send(value, lost=step == "lose")
                while device.queue:
                    await device.send(2, lost=False)
                rows = await Mark.select().where(Mark.piece == piece).order_by(Mark.version)
                assert [
                    str(row["value"] // 10_000) if row["value"] is not None else "" for row in rows
                ] == taps[1:]
            assert await Dispute.count() == 0
        finally:
            await close_database()

    asyncio.run(play())
