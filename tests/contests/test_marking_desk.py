"""The chief referee's desk: progress by judge and by piece, odd values, how strict each judge is. Worked by hand."""

from __future__ import annotations

import polars as pl
import pytest

from contests import marking_desk, states
from contests.marking_desk import odd_marks
from federation.refusals import Forbidden
from tests.contests.paper_scenes import a_table, agreed, all_marked, cells, reads, sheets

one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For scenes about who may and what is said; what the database itself holds is tried on both."""


MARKS = {"entry": pl.Int64, "stage": pl.String, "aspect": pl.String, "judge": pl.String, "attempt": pl.Int32}


def given(*values: int) -> pl.DataFrame:
    rows = [(place, "", "A", "", 1, value, None) for place, value in enumerate(values)]
    schema = MARKS | {"value": pl.Int64, "blank": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_mark_far_from_the_middle_is_odd():
    """Median 10.5 of 8, 9, 10, 10, 11, 11, 12, 20; distances 2.5 1.5 .5 .5 .5 .5 1.5 9.5, their median 1.

    At 50 tenths whatever is further than 5 is odd: only 20. At 20 tenths also 8, 2.5 away.
    """
    marks = given(*(one * 10_000 for one in (8, 9, 10, 10, 11, 11, 12, 20)))
    assert odd_marks(marks, 50).select("entry", "value", "middle").rows() == [(7, 200_000, 105_000)]
    assert odd_marks(marks, 20)["entry"].to_list() == [7, 0]


@pytest.mark.parametrize("values", [(1, 2, 3, 4, 5, 6, 90), (5, 5, 5, 5, 5, 5, 5, 90)])
def test_too_few_marks_or_nearly_all_alike_tell_nothing(values):
    assert odd_marks(given(*values), 50).height == 0


async def test_progress_of_every_judge_and_piece(db):
    table = await a_table()
    codes = await sheets(table, ("-", "1", "2", "3"))
    await agreed(table, codes[0], cells(table, {"M1": "8.5"}, {"M1": "7"}))
    await agreed(table, codes[1], cells(table, {"J1": "3"}, {"J1": "2"}, judge="1"))
    await reads(table.li, codes[2], cells(table, {"J1": "1"}, {"J1": "1"}, judge="2"))
    seen = await marking_desk.desk(table.wan, table.id)
    assert [(one.judge, one.done, one.asked, one.sheets, one.sheets_open) for one in seen.judges] == [
        ("", 2, 2, 1, 0),
        ("1", 2, 2, 1, 0),
        ("2", 0, 2, 1, 1),
        ("3", 0, 2, 1, 1),
    ]
    assert [(one.number, one.done, one.asked) for one in seen.pieces] == [("001", 2, 4), ("002", 2, 4)]
    assert (seen.done, seen.asked, dict(seen.sheets)) == (4, 8, {"confirmed": 2, "first": 1, "blank": 1})
    assert seen.unsigned == (codes[0], codes[1])
    assert [one.code for one in seen.against] == ["state.marks_missing", "state.sheets_unsigned"]


@one_engine
async def test_how_strict_each_judge_is_beside_the_panel(db):
    """J1 of both pieces: judge 1 gives 3, judges 2 and 3 give 2 and 1. Panel mean 2: +1, 0, −1; of 3 points a third."""
    table = await a_table()
    codes = await sheets(table, ("1", "2", "3"))
    for code, seat, text in zip(codes, "123", "321", strict=True):
        await agreed(table, code, cells(table, {"J1": text}, {"J1": text}, judge=seat))
    seen = await marking_desk.desk(table.wan, table.id)
    health = {one.judge: (one.marks, one.deviation, one.share) for one in seen.judges if one.judge}
    assert health == {
        "1": (2, pytest.approx(1), pytest.approx(1 / 3)),
        "2": (2, pytest.approx(0), pytest.approx(0)),
        "3": (2, pytest.approx(-1), pytest.approx(-1 / 3)),
    }
    assert [(one.number, one.row["spread"]) for one in seen.spreads] == [("001", 20_000), ("002", 20_000)]


@one_engine
async def test_who_sees_the_desk(db):
    table = await a_table()
    for person in (table.wan, table.yan, table.xiong):
        assert (await marking_desk.desk(person, table.id)).lock is None
    for clerk in (table.li, table.hu):
        with pytest.raises(Forbidden):
            await marking_desk.desk(clerk, table.id)


@one_engine
async def test_a_locked_desk_shows_its_lock(db):
    table = await a_table(signed_sheets=False)
    await all_marked(table)
    await states.step(table.wan, table.id, "freeze")
    seen = await marking_desk.desk(table.yan, table.id)
    assert (seen.lock.holds, seen.against, seen.missing) == (True, (), ())
