"""Reading out in the hall: from the last place up, ties together, and only what was signed and not taken back."""

from __future__ import annotations

import asyncio

import pytest

from contests import announcing, programme, publication
from contests.announcing import ANNOUNCER, scenes, showing
from contests.tables import Announcement, Publication
from federation.refusals import AlreadyDone, Conflict, Forbidden, NotFound
from tests.cast import the_administrator, the_chief_referee, the_clerk, the_organiser
from tests.contests.notice_scenes import frozen, under_notice

LINES = [{"id": "first", "title": "一等奖", "count": 1}, {"id": "second", "title": "二等奖", "count": 3}]


def content(
    places: list[tuple[int | None, str]], lines: list[dict[str, object]] = LINES
) -> dict[str, object]:
    """A content of nothing but (place, award), best first; numbers run from 001."""
    return {
        "fields": ["number", "place", "award"],
        "rows": [[f"{at:03d}", place, award] for at, (place, award) in enumerate(places, 1)],
        "lines": lines,
    }


def told(steps):
    """(kind, award, numbers) of every step."""
    return [
        (one.kind, one.award["id"] if one.award else "", [row["number"] for row in one.rows]) for one in steps
    ]


async def opened(viewer):
    made, _ = await under_notice(viewer)
    await announcing.open_announcement(viewer, made)
    return made


def test_from_the_last_place_up_award_by_award_ties_together():
    places = [(1, "first"), (2, "second"), (3, "second"), (3, "second"), (5, ""), (None, "")]

    assert told(scenes(content(places))) == [
        ("title", "", []),
        ("award", "second", []),
        ("places", "second", ["003", "004"]),
        ("places", "second", ["002"]),
        ("award", "first", []),
        ("places", "first", ["001"]),
        ("summary", "first", ["001"]),
    ]


def test_a_scheme_without_awards_reads_out_its_first_ten():
    steps = told(scenes(content([(place, "") for place in range(1, 13)], lines=[])))
    assert [numbers for kind, _, numbers in steps if kind == "places"] == [
        [f"{at:03d}"] for at in range(10, 0, -1)
    ]
    assert steps[-1] == ("summary", "", ["001", "002", "003"])


def test_an_award_of_many_is_read_out_ten_at_a_time_and_nobody_is_parted_from_a_tie():
    """27 winners: the last ten are 18 to 27, but 17 shares a place with 18."""
    places = [(17 if at == 18 else at, "first") for at in range(1, 28)]

    steps = told(scenes(content(places, lines=LINES[:1])))

    groups = [numbers for kind, _, numbers in steps if kind == "places"]
    assert [(one[0], one[-1], len(one)) for one in groups] == [
        ("017", "027", 11),
        ("007", "016", 10),
        ("001", "006", 6),
    ]
    assert [numbers for kind, _, numbers in steps if kind == "summary"] == [
        [f"{at:03d}" for at in range(1, 21)],
        [f"{at:03d}" for at in range(21, 28)],
    ]


def test_a_tie_no_wall_can_hold_stands_on_several_from_the_last_up():
    steps = told(scenes(content([(1, "first")] * 45, lines=LINES[:1])))
    groups = [(one[0], one[-1]) for kind, _, one in steps if kind == "places"]
    assert groups == [("041", "045"), ("021", "040"), ("001", "020")]


async def test_only_what_is_published_is_read_out(db):
    xiong = await the_organiser()
    made, _ = await frozen(xiong)
    with pytest.raises(Conflict, match="nothing_signed"):
        await announcing.open_announcement(xiong, made)
    await publication.publish(xiong, made, "provisional")
    with pytest.raises(Conflict, match="provisional"):
        await announcing.open_announcement(xiong, made)
    with pytest.raises(NotFound):
        await showing(made)
    await publication.publish(xiong, made, "notice")

    await announcing.open_announcement(xiong, made)

    now = await showing(made)
    assert (now.row["publication"], now.step, now.scene.kind) == (2, 0, "title")
    assert told(now.steps) == [
        ("title", "", []),
        ("award", "second", []),
        ("places", "second", ["003", "004"]),
        ("places", "second", ["001"]),
        ("award", "first", []),
        ("places", "first", ["002"]),
        ("summary", "first", ["002"]),
    ]


async def test_a_provisional_result_is_read_out_where_its_publication_says_so(db):
    xiong = await the_organiser()
    made, _ = await frozen(xiong)
    await publication.publish(xiong, made, "provisional", announce=True)
    await announcing.open_announcement(xiong, made)
    assert (await showing(made)).row["publication"] == 1


async def test_a_broken_seal_is_not_read_out(db):
    xiong = await the_organiser()
    made, _ = await under_notice(xiong)
    kept = await Publication.select().where(Publication.number == 2).first()
    await Publication.update({Publication.content: kept["content"].replace("870000", "880000")}).where(
        Publication.number == 2
    )
    with pytest.raises(Conflict, match="broken_seal"):
        await announcing.open_announcement(xiong, made)


async def test_once_taken_back_nothing_is_shown_and_nothing_moves(db):
    xiong = await the_organiser()
    made = await opened(xiong)
    await announcing.go(ANNOUNCER, made, "next", 0)
    before = (await showing(made)).revision
    await publication.withdraw(xiong, made, "003 号成绩有误")

    now = await showing(made)

    assert (now.withdrawn, now.content, now.steps) == (True, {}, ())
    assert now.revision == before + 1
    assert await announcing.stands([made]) == {made: now.revision}
    with pytest.raises(Conflict, match="withdrawn"):
        await announcing.go(ANNOUNCER, made, "next", 1)
    await publication.publish(xiong, made, "provisional", reason="已更正", announce=True)
    assert (await showing(made)).withdrawn, "the newer one is read out only when somebody opens it"
    await announcing.open_announcement(xiong, made)
    again = await showing(made)
    assert (again.withdrawn, again.row["publication"], again.step) == (False, 3, 0)


async def test_a_step_goes_from_what_was_seen_and_two_who_press_at_once_move_it_once(db):
    xiong = await the_organiser()
    made = await opened(xiong)
    moved = await asyncio.gather(*(announcing.go(ANNOUNCER, made, "next", 0) for _ in range(4)))
    assert (sorted(moved), (await showing(made)).step) == ([False, False, False, True], 1)
    assert [
        await announcing.go(ANNOUNCER, made, way, seen)
        for way, seen in (("back", 0), ("next", 0), ("next", 2), ("back", 1), ("back", 0))
    ] == [False, False, False, True, False]
    for seen in range(6):
        assert await announcing.go(ANNOUNCER, made, "next", seen)
    assert not await announcing.go(ANNOUNCER, made, "next", 6), "nothing comes after the summary"
    now = await showing(made)
    assert (now.step, now.scene.kind, now.next) == (6, "summary", None)


async def test_a_link_opens_until_it_is_made_anew_or_the_reading_out_ends(db):
    xiong = await the_organiser()
    made = await opened(xiong)
    first = announcing.link_of(await announcing.announcement(made))
    await announcing.open_announcement(xiong, made)
    second = announcing.link_of(await announcing.announcement(made))

    assert await announcing.by_link(second) == made
    wrong = [
        first,
        "",
        "1",
        f"{made}-",
        f"{made}-{'a' * 20}",
        f"{made + 1}-{second.partition('-')[2]}",
        "９-x",
    ]
    await announcing.close_announcement(xiong, made)
    for link in [*wrong, second]:
        with pytest.raises(NotFound):
            await announcing.by_link(link)
    with pytest.raises(NotFound):
        await showing(made)


async def test_only_who_publishes_opens_and_ends_it(db):
    xiong = await the_organiser()
    made = await opened(xiong)
    contest = (await programme.event_category(made))["contest"]
    people = [await the_clerk(contest), await the_chief_referee(contest), await the_administrator()]
    for person in people:
        for deed in (announcing.open_announcement, announcing.close_announcement):
            with pytest.raises(Forbidden):
                await deed(person, made)
    row = await Announcement.select().first()
    assert (row["is_open"], row["link"]) == (True, 1)


async def test_sending_twice_opens_once(db):
    xiong = await the_organiser()
    made, _ = await under_notice(xiong)
    await announcing.open_announcement(xiong, made, sending="k1")
    await announcing.go(ANNOUNCER, made, "next", 0)
    with pytest.raises(AlreadyDone):
        await announcing.open_announcement(xiong, made, sending="k1")
    assert (await showing(made)).step == 1
