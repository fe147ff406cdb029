"""Reading out a publication in the hall (颁奖播报): from the last place up, award by award, ties together.

How far it has come is kept here, so that every screen and every remote sees the same and a screen that starts anew
goes on. Only what was published, sealed and not taken back is read out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from contests.boards.contents import may_be_announced
from contests.programme import event_category, event_category_for
from contests.publication import broken_seals
from contests.rules import may_publish
from contests.tables import Announcement, Publication
from federation.accounts import Viewer
from federation.changes import Actor, change
from federation.notices import AnnouncementMoved
from federation.privacy import same_signature, signature
from federation.refusals import Conflict, NotFound

ANNOUNCER = Actor(account=None, name="announcer")
ONE_BY_ONE = 24
"""Awards given to more than so many are shown some at a time."""
AT_A_TIME = 10
ON_A_WALL = 20
"""More rows than this cannot be read from the back of a hall."""
WITHOUT_LINES = 10
"""How many are read out where a scheme has no award lines."""

Kind = Literal["title", "award", "places", "summary"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands on the wall after one step. `award`: the line it belongs to. `rows`: best first."""

    kind: Kind
    award: Mapping[str, Any] | None = None
    rows: tuple[Mapping[str, Any], ...] = ()


def scenes(content: Mapping[str, Any]) -> list[Scene]:
    """Every step, from the title to the summary. Pure."""
    rows = [dict(zip(content["fields"], row, strict=True)) for row in content["rows"]]
    ranked = [row for row in rows if row["place"] is not None]
    lines: list[Mapping[str, Any] | None] = [*content["lines"]] or [None]
    made = [Scene("title")]
    for line in reversed(lines):
        won = [row for row in ranked if line is not None and row["award"] == line["id"]]
        if line is None:
            won = [row for row in ranked if row["place"] <= WITHOUT_LINES]
        made.append(Scene("award", line, ()))
        made += [Scene("places", line, tuple(group)) for group in _groups(won)]
    best = [row for row in ranked if row["award"] == lines[0]["id"]] if lines[0] else ranked[:3]
    return made + [Scene("summary", lines[0], tuple(page)) for page in _pages(best) or [[]]]


def _groups(won: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """From the last place up; whoever shares a place is parted only where the wall cannot hold them all."""
    least = 1 if len(won) <= ONE_BY_ONE else AT_A_TIME
    group: list[dict[str, Any]] = []
    for row in reversed(won):
        if len(group) >= least and group[0]["place"] != row["place"]:
            yield from reversed(_pages(group))
            group = []
        group.insert(0, row)
    yield from reversed(_pages(group))


def _pages(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """As few walls as hold them, the last of them the shortest."""
    return [rows[at : at + ON_A_WALL] for at in range(0, len(rows), ON_A_WALL)]


@dataclass(frozen=True)
class Showing:
    """The reading out of an event category as it stands. `withdrawn`: its publication is not in force any more."""

    about: Mapping[str, Any]
    row: Mapping[str, Any]
    withdrawn: bool
    content: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Scene, ...] = ()

    @property
    def step(self) -> int:
        return min(int(self.row["step"]), max(0, len(self.steps) - 1))

    @property
    def scene(self) -> Scene:
        return self.steps[self.step]

    @property
    def next(self) -> Scene | None:
        return self.steps[self.step + 1] if self.step + 1 < len(self.steps) else None

    @property
    def revision(self) -> int:
        return stand(self.row["revision"], self.withdrawn)


def stand(revision: int, withdrawn: bool) -> int:
    """A number that moves with every step, and when the publication is taken back."""
    return revision * 2 + withdrawn


async def showing(event_category_id: int) -> Showing:
    """What is read out now. Raises NotFound where nothing is."""
    row = (
        await Announcement.select()
        .where((Announcement.event_category == event_category_id) & Announcement.is_open.eq(True))
        .first()
    )
    if row is None:
        raise NotFound("announcement")
    about = await event_category(event_category_id)
    if about["publication"] != row["publication"]:
        return Showing(about, row, withdrawn=True)
    published = await _published(event_category_id, row["publication"])
    content = await asyncio.to_thread(json.loads, published["content"])
    return Showing(about, row, False, content, tuple(scenes(content)))


async def stands(event_categories: list[int]) -> dict[int, int]:
    """Event category → where its reading out stands, for those that have one."""
    rows = await Announcement.select(
        Announcement.event_category,
        Announcement.publication,
        Announcement.revision,
        Announcement.event_category.publication.as_alias("in_force"),
    ).where(Announcement.event_category.is_in(event_categories))
    return {
        row["event_category"]: stand(row["revision"], row["publication"] != row["in_force"]) for row in rows
    }


async def announcement(event_category_id: int) -> dict[str, Any] | None:
    """The row, open or closed."""
    return await Announcement.select().where(Announcement.event_category == event_category_id).first()


async def open_announcement(viewer: Viewer, event_category_id: int, *, sending: str | None = None) -> None:
    """Begin to read out the publication in force, from the title on; links given before open nothing any more.

    Raises Forbidden, NotFound, Conflict (nothing is published, it is not to be read out, its seal is broken).
    """
    await event_category_for(viewer, event_category_id, may_publish)
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "announcement.open", subject, sending=sending) as act:
        about = await event_category(event_category_id)
        if about["publication"] is None:
            raise Conflict("announcement.nothing_signed")
        published = await _published(event_category_id, about["publication"])
        if not may_be_announced(published["kind"], json.loads(published["content"])):
            raise Conflict("announcement.provisional")
        if await broken_seals(event_category_id):
            raise Conflict("announcement.broken_seal")
        begun = {
            Announcement.publication: about["publication"],
            Announcement.step: 0,
            Announcement.is_open: True,
            Announcement.actor: viewer.actor.name,
            Announcement.at: act.at,
        }
        again = (
            await Announcement.update(
                {
                    **begun,
                    Announcement.revision: Announcement.revision + 1,
                    Announcement.link: Announcement.link + 1,
                }
            )
            .where(Announcement.event_category == event_category_id)
            .returning(Announcement.id)
        )
        if not again:
            await Announcement.insert(
                Announcement(
                    event_category=event_category_id,
                    publication=about["publication"],
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
        act.record(publication=about["publication"])
        act.answer["page"] = f"/work/event-categories/{event_category_id}/announcer"
        act.tell(AnnouncementMoved(event_category_id))


async def close_announcement(viewer: Viewer, event_category_id: int, *, sending: str | None = None) -> None:
    """End it: screens go dark and the link opens nothing. Raises Forbidden, NotFound."""
    await event_category_for(viewer, event_category_id, may_publish)
    subject = f"event_category:{event_category_id}"
    async with change(viewer.actor, "announcement.close", subject, sending=sending) as act:
        await Announcement.update(
            {
                Announcement.is_open: False,
                Announcement.revision: Announcement.revision + 1,
                Announcement.link: Announcement.link + 1,
            }
        ).where(Announcement.event_category == event_category_id)
        act.answer["page"] = f"/work/event-categories/{event_category_id}/announcer"
        act.tell(AnnouncementMoved(event_category_id))


async def go(actor: Actor, event_category_id: int, move: Literal["next", "back"], seen: int) -> bool:
    """One step on or back from the step the sender saw; says whether it moved anything.

    Two remotes that press at once move it once. Raises NotFound, Conflict (the publication was taken back).
    """
    now = await showing(event_category_id)
    if now.withdrawn:
        raise Conflict("announcement.withdrawn")
    target = seen + (1 if move == "next" else -1)
    if not 0 <= target < len(now.steps) or seen != now.row["step"]:
        return False
    subject = f"event_category:{event_category_id}"
    async with change(actor, "announcement.step", subject, step=target) as act:
        moved = (
            await Announcement.update(
                {Announcement.step: target, Announcement.revision: Announcement.revision + 1}
            )
            .where(
                (Announcement.id == now.row["id"])
                & (Announcement.step == seen)
                & (Announcement.publication == now.row["publication"])
                & Announcement.is_open.eq(True)
            )
            .returning(Announcement.id)
        )
        act.record(moved=bool(moved))
        act.tell(AnnouncementMoved(event_category_id))
    return bool(moved)


def link_of(row: Mapping[str, Any]) -> str:
    """What stands in the address of the remote; made anew each time the reading out is opened."""
    return f"{row['event_category']}-{signature(_signed(row))}"


def _signed(row: Mapping[str, Any]) -> str:
    return f"announcement {row['id']} {row['link']}"


async def by_link(link: str) -> int:
    """The event category a link opens. Raises NotFound for any that is not the newest one of an open reading out."""
    number, _hyphen, given = link.partition("-")
    row = (
        await announcement(int(number))
        if number.isascii() and number.isdigit() and len(number) < 10
        else None
    )
    if row is None or not row["is_open"] or not same_signature(_signed(row), given):
        raise NotFound("announcement")
    return int(number)


async def _published(event_category_id: int, number: int) -> dict[str, Any]:
    row = (
        await Publication.select()
        .where((Publication.event_category == event_category_id) & (Publication.number == number))
        .first()
    )
    if row is None or row["withdrawn_at"] is not None:
        raise Conflict("announcement.nothing_signed")
    return row
