"""A board small enough to work out by hand: theory of 30, practice of 70, two award lines, ties by practice."""

from __future__ import annotations

from contests import states
from contests.tables import Entry, EventCategory, Piece
from federation.accounts import Viewer
from federation.judging import Scheme
from tests.builders import a_contest, an_event_category, bring_to, entries, marks
from tests.cast import JIUJIANG, NANCHANG

SCHEME = Scheme.from_json(
    {
        "id": "small",
        "title": "电工竞赛技术文件",
        "basis": "技术文件第 6.2 条",
        "total": 100,
        "modules": [
            {"id": "T", "title": "理论", "title_en": "Theory", "maximum": 30},
            {"id": "P", "title": "实操", "title_en": "Practice", "maximum": 70},
        ],
        "tie_breaks": ["module:P"],
        "award_lines": [
            {"id": "first", "title": "一等奖", "count": 1},
            {"id": "second", "title": "二等奖", "count": 2},
        ],
    }
)
PEOPLE = ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志")
MARKS = (("27", "60"), ("25", "62"), ("20", "50"), ("20", "50"), ("22", None))
"""Theory and practice: 87 and 87 parted by practice, 70 and 70 shared, and one without practice yet."""


async def an_empty_board(viewer: Viewer, **changes: object) -> int:
    """An event category with its scheme and nobody in it."""
    code = await a_contest(viewer)
    return await an_event_category(viewer, code, scheme=SCHEME, **changes)  # type: ignore[arg-type]


async def a_board(viewer: Viewer, **changes: object) -> tuple[int, list[int]]:
    """The five, marked, while marking is open. Returns the event category and the ids of the entries."""
    made = await an_empty_board(viewer, **changes)
    people = await entries(made, PEOPLE, delegations=(NANCHANG, JIUJIANG))
    await bring_to(viewer, made, "marking")
    await number_in_order(people)
    await marks(
        made, {entry: dict(zip("TP", given, strict=True)) for entry, given in zip(people, MARKS, strict=True)}
    )
    return made, people


async def number_in_order(people: list[int]) -> None:
    """The draw gave numbers by lot; a scene wants them in the order of its cast."""
    whose = await Entry.select(Entry.id, Entry.piece).where(Entry.id.is_in(people))
    pieces = {row["id"]: row["piece"] for row in whose}
    for number in ("tmp{}", "{:03d}"):
        for at, entry in enumerate(people, 1):
            await Entry.update({Entry.number: number.format(at)}).where(Entry.id == entry)
            await Piece.update({Piece.number: number.format(at)}).where(Piece.id == pieces[entry])


async def complete(made: int, people: list[int]) -> None:
    """The last practice mark comes in: 22 + 40 = 62."""
    await marks(made, {people[4]: {"P": "40"}})


async def stand(made: int, state: str) -> None:
    """Put an event category into a state without its acts."""
    assert state in states.STATES
    await EventCategory.update({EventCategory.state: state}).where(EventCategory.id == made)
