"""Boards: what each audience sees in each state, one computation for all readers, nothing shown after it is hidden."""

from __future__ import annotations

import asyncio
import json

import pytest

from contests import publication, states
from contests.boards import Board, Keeper, keeping, public_shows
from contests.boards.reading import own_number, told
from contests.tables import Entry, EventCategory
from federation.notices import BoardPublished, tell
from federation.refusals import NotFound
from tests.builders import entries, marks
from tests.cast import a_viewer, the_organiser
from tests.contests.board_scenes import SCHEME, a_board, an_empty_board, complete, stand


@pytest.fixture
async def keeper(db):
    made = Keeper()
    await made.open()
    yield made
    await made.close()


def seen(board: Board) -> tuple[str, list[str]]:
    return board.shows, board.rows["name"].to_list()


MASKED = ["章*娟", "涂*强", "欧阳*", "喻*平", "熊*"]
FULL = ["章丽娟", "涂国强", "欧阳文", "喻建平", "熊志"]

# state, live marks public → what the public sees, what staff see
STATES = [
    ("planned", True, ("nothing", []), ("nothing", [])),
    ("open", True, ("nothing", []), ("nothing", [])),
    ("closed", True, ("nothing", []), ("live", FULL)),
    ("drawn", True, ("nothing", []), ("live", FULL)),
    ("marking", True, ("live", MASKED), ("live", FULL)),
    ("marking", False, ("sealed", []), ("live", FULL)),
    ("frozen", True, ("sealed", []), ("live", FULL)),
    ("provisional", True, ("sealed", []), ("live", FULL)),
    ("notice", True, ("sealed", []), ("live", FULL)),
    ("final", True, ("sealed", []), ("live", FULL)),
    ("archived", True, ("sealed", []), ("live", FULL)),
]


async def test_without_a_publication_nobody_sees_more_than_the_state_allows(keeper):
    made, _ = await a_board(await the_organiser())
    found = []
    for state, live_public, _, _ in STATES:
        await stand(made, state)
        await EventCategory.update({EventCategory.live_public: live_public}).where(EventCategory.id == made)
        await tell(BoardPublished(made))
        found.append(
            (
                state,
                live_public,
                seen(await keeper.board(made)),
                seen(await keeper.board(made, "staff")),
            )
        )
    assert found == STATES


async def test_what_was_published_is_what_the_public_sees(keeper):
    xiong = await the_organiser()
    made, people = await a_board(xiong)
    await complete(made, people)
    await states.step(xiong, made, "freeze")
    found = []
    for kind in ("provisional", "notice", "final"):
        await publication.publish(xiong, made, kind, reason="公示期满")
        board = await keeper.board(made)
        found.append((board.state, *seen(board), board.rows["organisation"][0]))
    assert found == [
        ("provisional", "publication", MASKED, ""),
        ("notice", "publication", FULL, "洪都机械厂"),
        ("final", "publication", FULL, "洪都机械厂"),
    ]


def test_the_table_of_states():
    shown = {
        (state, published): public_shows(state, live_public=True, publication=published)
        for state in states.STATES
        for published in (None, 1)
    }
    assert shown == {
        **{
            (state, number): "nothing"
            for state in ("planned", "open", "closed", "drawn")
            for number in (None, 1)
        },
        ("marking", None): "live",
        ("marking", 1): "live",
        **{(state, None): "sealed" for state in ("frozen", "provisional", "notice", "final", "archived")},
        **{(state, 1): "publication" for state in ("frozen", "provisional", "notice", "final", "archived")},
    }
    assert public_shows("marking", live_public=False, publication=1) == "publication"


async def test_a_mark_moves_the_board_and_its_tag(keeper):
    made, people = await a_board(await the_organiser())
    before = await keeper.board(made)

    revision = await marks(made, {people[4]: {"P": "70"}})
    after = await keeper.settled(made)

    assert (after.revision, after.rows["number"][0], after.rows["total"][0]) == (revision, "005", 920_000)
    assert before.tag != after.tag
    assert (before.revision, before.rows["number"][0]) == (revision - 1, "002"), "a snapshot never changes"


async def test_equal_boards_have_equal_tags_wherever_they_are_made(keeper):
    made, _ = await a_board(await the_organiser())
    elsewhere = Keeper()
    assert (await keeper.board(made)).tag == (await elsewhere.board(made)).tag


async def test_many_readers_one_computation(keeper):
    made, _ = await a_board(await the_organiser())
    boards = await asyncio.gather(*(keeper.board(made) for _ in range(50)))
    assert (keeper.computed, len({id(board) for board in boards})) == (1, 1)


async def test_many_changes_are_taken_together_and_readers_do_not_wait(keeper):
    made, people = await a_board(await the_organiser())
    first = await keeper.board(made)
    held = []
    for number in range(20):
        await marks(made, {people[4]: {"P": str(number)}})
        held.append(keeper.held(made))
    last = await keeper.settled(made)

    assert None not in held
    assert (last.revision - first.revision, last.rows.row(4, named=True)["total"]) == (20, (22 + 19) * 10_000)
    assert keeper.computed <= 21


async def test_what_is_hidden_is_gone_at_once_even_while_it_is_being_computed(keeper, monkeypatch):
    xiong = await the_organiser()
    made, people = await a_board(xiong)
    await keeper.board(made)
    gate = asyncio.Event()
    slow = keeping.make_board

    async def late(event_category, audience):
        board = await slow(event_category, audience)
        await gate.wait()
        return board

    monkeypatch.setattr(keeping, "make_board", late)
    await marks(made, {people[4]: {"P": "70"}})
    await asyncio.sleep(0.2)
    await states.step(xiong, made, "freeze")
    assert keeper.held(made) is None
    gate.set()
    assert seen(await keeper.board(made)) == ("sealed", [])


async def test_changes_of_other_processes_are_found_by_revision(keeper):
    made, people = await a_board(await the_organiser())
    await keeper.board(made)
    await keeper.close()  # it hears no notices now, as if they came from elsewhere
    await keeper.board(made)
    revision = await marks(made, {people[4]: {"P": "70"}})

    assert keeper.held(made).revision == revision - 1
    await keeper.look()
    assert (await keeper.settled(made)).revision == revision

    await stand(made, "frozen")
    await keeper.look()
    assert (await keeper.board(made)).shows == "sealed"


async def test_boards_nobody_reads_are_let_go(keeper, monkeypatch):
    xiong = await the_organiser()
    made, _ = await a_board(xiong)
    await keeper.board(made)
    await keeper.board(made, "staff")
    monkeypatch.setattr(keeping, "MOST_BOARDS", 2)
    keeper._let_go()
    assert (keeper.held(made), keeper.held(made, "staff") is not None) == (None, True)


async def test_a_board_that_does_not_exist(keeper):
    with pytest.raises(NotFound):
        await keeper.board(999_999)
    assert keeper.held(999_999) is None


async def test_an_empty_field_is_a_board_without_rows(keeper):
    made = await an_empty_board(await the_organiser())
    await stand(made, "marking")
    board = await keeper.board(made)
    assert (board.shows, board.rows.height, board.entered, board.lines) == ("live", 0, 0, ())


async def test_nobody_marked_yet_are_all_listed_without_a_place(keeper):
    made = await an_empty_board(await the_organiser())
    await entries(made, ("涂国强", "章丽娟"))
    await stand(made, "marking")
    board = await keeper.board(made)
    assert board.rows.select("number", "place", "total", "status").rows() == [
        ("001", None, None, "blank"),
        ("002", None, None, "blank"),
    ]


async def test_lines_ties_facets_and_the_way_there(keeper):
    made, _ = await a_board(await the_organiser())
    board = await keeper.board(made)
    assert [(line.id, line.first, line.last, line.count, line.row) for line in board.lines] == [
        ("first", 1, 1, 1, 0),
        ("second", 2, 3, 3, 3),
    ]
    assert board.rows["tie"].to_list() == [1, 1, 2, 2, None]
    assert [(step.code, step.title) for step in board.criteria] == [("module:P", "实操")]
    assert board.rows["t0"].to_list() == [620_000, 600_000, 500_000, 500_000, None]
    assert [(facet.name, facet.count) for facet in board.delegations] == [("南昌", 3), ("九江", 2)]
    assert board.rows.select("a1", "a2").rows() == [(2, 1), (1, 2), (4, 3), (4, 3), (3, 5)]
    assert (board.ranked, board.position["004"]) == (5, 3)


async def test_a_line_is_explained_by_the_figures_of_the_board(keeper):
    made, _ = await a_board(await the_organiser())
    board = await keeper.board(made)

    second = await told(board, "001")

    assert second.tree is not None
    assert second.tree.scaled == second.row["total"] == 870_000
    assert (second.reason.code, second.reason.criterion, second.other) == ("behind", "module:P", "002")
    assert (int(second.reason.value), int(second.reason.other_value)) == (60, 62)
    assert second.titles["P"] == ("实操", "Practice")
    with pytest.raises(NotFound):
        await told(board, "777")


async def test_marks_corrected_after_publication_are_not_explained_with_the_old_figures(keeper, monkeypatch):
    xiong = await the_organiser()
    made, people = await a_board(xiong)
    await complete(made, people)
    await states.step(xiong, made, "freeze")
    await publication.publish(xiong, made, "provisional")
    monkeypatch.setattr("contests.boards.reading.kept", keeper)
    assert (await told(await keeper.board(made), "005")).tree is not None

    await marks(made, {people[4]: {"P": "41"}})
    await keeper.settled(made, "staff")
    after = await told(await keeper.settled(made), "005")
    assert (after.tree, after.row["total"]) == (None, 620_000)


async def test_a_competitor_finds_their_own_number(keeper):
    made, people = await a_board(await the_organiser())
    row = await Entry.select(Entry.worker).where(Entry.id == people[2]).first()
    wen = await a_viewer("欧阳文", ("participant", "all", None), worker=row["worker"])
    stranger = await a_viewer("旁人")
    assert (await own_number(wen, made), await own_number(stranger, made)) == ("003", "")


async def test_a_board_holds_no_full_name_before_the_notice(keeper):
    made, _ = await a_board(await the_organiser())
    board = await keeper.board(made)
    shown = json.dumps([board.rows.to_dicts(), [str(line) for line in board.lines]], ensure_ascii=False)
    assert [name for name in FULL if name in shown] == []
    assert "source=" not in repr(board)


def test_the_scheme_of_the_scenes_is_sound():
    assert SCHEME.check() == []
