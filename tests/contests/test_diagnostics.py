"""Who sees diagnostics, where judges come from, and that looking changes nothing."""

from __future__ import annotations

import pytest

from contests import diagnostics
from contests.tables import EventCategory, Mark, PanelSeat
from federation import audit
from federation.judging import Scheme
from federation.judging.diagnostics import Samples
from federation.refusals import Forbidden, Invalid
from tests.builders import a_contest, an_event_category, bring_to, entries, marks
from tests.cast import JIUJIANG, NANCHANG, a_viewer, the_administrator, the_organiser

SCHEME = Scheme.from_json(
    {
        "id": "panel",
        "title": "茶艺竞赛技术文件",
        "basis": "技术文件第 6 条",
        "total": 10,
        "modules": [
            {
                "id": "A",
                "title": "茶艺",
                "maximum": 10,
                "aspects": [{"id": "tea", "title": "茶艺", "maximum": 10, "panel": {"method": "mean"}}],
            }
        ],
        "award_lines": [{"id": "first", "title": "一等奖", "count": 1}],
    }
)
PEOPLE = ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志", "黎红")
BY_JUDGE = {"1": (8, 9, 6, 5, 4, 3), "2": (8, 5, 6, 5, 4, 3), "3": (9, 8, 7, 4, 4, 3)}


async def a_panel(viewer) -> int:
    """Six people, Nanchang and Jiujiang in turn, marked by three judges. Means 8.33, 7.33, 6.33, 4.67, 4, 3."""
    made = await an_event_category(viewer, await a_contest(viewer), scheme=SCHEME)
    people = await entries(made, PEOPLE, delegations=(NANCHANG, JIUJIANG))
    await bring_to(viewer, made, "marking")
    for judge, given in BY_JUDGE.items():
        await marks(
            made,
            {entry: {"tea": str(value)} for entry, value in zip(people, given, strict=True)},
            judge=judge,
        )
    return made


async def test_what_three_judges_gave(db):
    xiong = await the_organiser()
    made = await a_panel(xiong)
    found = (await diagnostics.diagnosis(xiong, made)).found
    assert found.judges.select("judge", "marks", "highest", "lowest").rows() == [
        ("1", 6, 2, 2),
        ("2", 6, 1, 3),
        ("3", 6, 2, 1),
    ]
    # without 1 the sums are 17 13 13 9 8 6, without 2 they are 17 17 13 9 8 6, without 3 16 14 12 10 8 6
    assert found.left_out.judges.select("judge", "moved", "winner").rows() == [
        ("1", 1, False),
        ("2", 1, True),
        ("3", 0, False),
    ]
    assert found.own_unit.height == 0


async def test_looking_changes_nothing(db):
    xiong = await the_organiser()
    made = await a_panel(xiong)
    before = (await Mark.select().order_by(Mark.id), len(await audit.lines(limit=500)))
    revision = await EventCategory.select(EventCategory.revision).where(EventCategory.id == made).first()
    await diagnostics.diagnosis(xiong, made)
    assert (await Mark.select().order_by(Mark.id), len(await audit.lines(limit=500))) == before
    assert (
        await EventCategory.select(EventCategory.revision).where(EventCategory.id == made).first() == revision
    )


async def test_judges_take_their_seats(db):
    """Judge 3 is from Nanchang, which entries 1, 3 and 5 are of: 1, 1, 0 over the others, against 1, −1, 0."""
    xiong = await the_organiser()
    made = await a_panel(xiong)
    await diagnostics.seat_judges(xiong, made, {"1": "", "3": NANCHANG})
    assert [(seat.judge, seat.unit) for seat in await diagnostics.seats(made)] == [
        ("1", ""),
        ("2", ""),
        ("3", NANCHANG),
    ]
    [line] = await audit.lines(deed="panel.seat")
    assert line["subject"] == f"event_category:{made}"
    found = (await diagnostics.diagnosis(xiong, made)).found
    told = found.own_unit.row(0, named=True)
    assert (told["judge"], told["own"], told["others"], told["verdict"]) == ("3", 3, 3, "usual")
    assert told["difference"] == pytest.approx((1 + 1 + 0) / 3 - (1 - 1 + 0) / 3)
    strict = (await diagnostics.diagnosis(xiong, made, Samples(own=4))).found
    assert strict.own_unit.select("difference", "verdict").rows() == [(None, "few")]
    await diagnostics.seat_judges(xiong, made, {"3": ""})
    assert await PanelSeat.count() == 0


async def test_a_unit_or_a_seat_that_is_not_there_is_refused(db):
    xiong = await the_organiser()
    made = await a_panel(xiong)
    with pytest.raises(Invalid) as refused:
        await diagnostics.seat_judges(xiong, made, {"1": "T360300", "9": NANCHANG})
    assert [(one.code, one.place) for one in refused.value.findings] == [
        ("panel_seat.unit_unknown", "1"),
        ("panel_seat.judge_unknown", "9"),
    ]
    assert await PanelSeat.count() == 0


async def test_who_sees_them(db):
    xiong = await the_organiser()
    made = await a_panel(xiong)
    row = await EventCategory.select(EventCategory.event.contest.as_alias("contest")).first()
    allowed = {
        role: await a_viewer(role, (role, "contest", row["contest"]))
        for role in ("chief_referee", "supervisor", "clerk", "judge", "leader", "participant")
    }
    allowed["administrator"] = await the_administrator()
    allowed["auditor"] = await a_viewer("核对", ("auditor", "all", None))
    seen = {}
    for role, person in {**allowed, "stranger": None}.items():
        try:
            await diagnostics.diagnosis(person, made)
            seen[role] = True
        except Forbidden:
            seen[role] = False
    assert [role for role, may in seen.items() if may] == ["chief_referee", "supervisor"]
    with pytest.raises(Forbidden):
        await diagnostics.seat_judges(allowed["supervisor"], made, {"1": NANCHANG})
    await diagnostics.seat_judges(allowed["chief_referee"], made, {"1": NANCHANG})


async def test_a_new_mark_is_diagnosed_anew_and_an_old_one_kept(db):
    xiong = await the_organiser()
    made = await a_panel(xiong)
    first = await diagnostics.diagnosis(xiong, made)
    assert await diagnostics.diagnosis(xiong, made) is first
    entry = int(first.gathered.people["entry"][0])
    await marks(made, {entry: {"tea": "10"}}, judge="1")
    second = await diagnostics.diagnosis(xiong, made)
    assert second.revision == first.revision + 1
    assert second.found.outcome.marks["value"].sum() == first.found.outcome.marks["value"].sum() + 20_000
