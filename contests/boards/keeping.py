"""The boards held in memory: read by everybody, computed once, replaced when their event category moves.

A reader is given the last finished board at once; only a board nobody has computed yet is waited for, by
all its readers together. What the public may not see any more is dropped before the act is acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import polars as pl

from contests.boards.making import make_board
from contests.boards.snapshots import Board
from contests.boards.visibility import Audience
from federation import database, notices
from federation.notices import BoardPublished, MarksMoved

log = logging.getLogger(__name__)

MOST_BOARDS = 128
MOST_ROWS = 4_000_000
UNREAD_FOR = 900.0
POLL = 0.4
"""Seconds between looks for what other processes changed."""

Key = tuple[int, Audience]
Hearer = Callable[[Board], Awaitable[None]]

_STANDS = {
    "id": pl.Int64(),
    "revision": pl.Int64(),
    "state": pl.String(),
    "publication": pl.Int64(),
}


@dataclass(slots=True)
class _Slot:
    """`wanted`: the newest revision known to exist. `epoch` moves when what was being computed must not be shown."""

    board: Board | None = None
    wanted: int = 0
    epoch: int = 0
    read_at: float = field(default_factory=time.monotonic)
    task: asyncio.Task[Board] | None = None


class Keeper:
    """Boards by (event category, audience). Belongs to one event loop between `open` and `close`."""

    def __init__(self) -> None:
        self._slots: dict[Key, _Slot] = {}
        self._hearers: list[Hearer] = []
        self._watch: asyncio.Task[None] | None = None
        self.computed = 0

    async def open(self) -> None:
        notices.listen(MarksMoved, self._moved)
        notices.listen(BoardPublished, self._published)
        self._watch = asyncio.create_task(self._watch_others())

    async def close(self) -> None:
        notices.unlisten(MarksMoved, self._moved)
        notices.unlisten(BoardPublished, self._published)
        tasks = [self._watch, *(slot.task for slot in self._slots.values())]
        running = [task for task in tasks if task is not None and not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._slots.clear()
        self._hearers.clear()

    def hear(self, hearer: Hearer) -> None:
        """Call `hearer` with every board that replaces another."""
        self._hearers.append(hearer)

    def held(self, event_category: int, audience: Audience = "public") -> Board | None:
        """The board if it is at hand; never waits."""
        slot = self._slots.get((event_category, audience))
        if slot is None or slot.board is None:
            return None
        slot.read_at = time.monotonic()
        return slot.board

    async def board(self, event_category: int, audience: Audience = "public") -> Board:
        """The board for an audience. Raises NotFound."""
        found = self.held(event_category, audience)
        if found is not None:
            return found
        self._let_go()
        slot = self._slots.setdefault((event_category, audience), _Slot())
        try:
            return await asyncio.shield(self._computing((event_category, audience), slot))
        except Exception:
            self._slots.pop((event_category, audience), None)
            raise

    async def settled(self, event_category: int, audience: Audience = "public") -> Board:
        """The board after everything known to have moved was taken in."""
        slot = self._slots.get((event_category, audience))
        if slot is not None and slot.task is not None and not slot.task.done():
            return await asyncio.shield(slot.task)
        return await self.board(event_category, audience)

    def _computing(self, key: Key, slot: _Slot) -> asyncio.Task[Board]:
        if slot.task is None or slot.task.done():
            slot.task = asyncio.create_task(self._compute(key, slot))
            slot.task.add_done_callback(_log_failure)
        return slot.task

    async def _compute(self, key: Key, slot: _Slot) -> Board:
        """Compute until nothing newer is known; changes that arrive meanwhile are taken together."""
        while True:
            epoch = slot.epoch
            board = await make_board(*key)
            self.computed += 1
            if epoch != slot.epoch:
                continue
            before, slot.board = slot.board, board
            slot.wanted = max(slot.wanted, board.revision)
            if before is None or before.tag != board.tag:
                await self._tell(board)
            if board.revision >= slot.wanted and epoch == slot.epoch:
                return board

    async def _tell(self, board: Board) -> None:
        for hearer in self._hearers:
            try:
                await hearer(board)
            except Exception:
                log.exception("a hearer of boards failed")

    async def _moved(self, notice: MarksMoved) -> None:
        for key in self._keys_of(notice.event_category):
            slot = self._slots[key]
            if notice.revision > slot.wanted:
                slot.wanted = notice.revision
                self._computing(key, slot)

    async def _published(self, notice: BoardPublished) -> None:
        for key in self._keys_of(notice.event_category):
            self._drop(key)

    def _drop(self, key: Key) -> None:
        """From now on nobody is given what is held; compute again."""
        slot = self._slots[key]
        slot.epoch += 1
        slot.board = None
        self._computing(key, slot)

    def _keys_of(self, event_category: int) -> list[Key]:
        return [key for key in self._slots if key[0] == event_category]

    async def _watch_others(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            self._let_go()
            try:
                await self.look()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("could not look for changes of other processes")

    async def look(self) -> None:
        """Compare the boards held with the database; what moved elsewhere is computed again."""
        held = sorted({key[0] for key, slot in self._slots.items() if slot.board is not None})
        if not held:
            return
        marks = ", ".join("?" * len(held))
        stands = await database.frame(
            f"SELECT id, revision, state, publication FROM event_category WHERE id IN ({marks})",
            _STANDS,
            *held,
        )
        for event_category, revision, state, publication in stands.iter_rows():
            for key in self._keys_of(event_category):
                slot = self._slots[key]
                if slot.board is None:
                    continue
                about = slot.board.about
                if (about["state"], about["publication"]) != (state, publication) and revision >= slot.wanted:
                    slot.wanted = revision
                    self._drop(key)
                elif revision > slot.wanted:
                    slot.wanted = revision
                    self._computing(key, slot)

    def _let_go(self) -> None:
        """Forget boards nobody has read for long, and the longest unread when there are too many."""
        now = time.monotonic()
        unread = sorted(
            (
                (slot.read_at, key)
                for key, slot in self._slots.items()
                if slot.task is None or slot.task.done()
            ),
            key=lambda pair: pair[0],
        )
        rows = sum(slot.board.rows.height for slot in self._slots.values() if slot.board is not None)
        for read_at, key in unread:
            if now - read_at < UNREAD_FOR and len(self._slots) < MOST_BOARDS and rows < MOST_ROWS:
                return
            board = self._slots.pop(key).board
            rows -= board.rows.height if board is not None else 0


def _log_failure(task: asyncio.Task[Board]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.info("a board could not be computed: %r", task.exception())


kept = Keeper()
