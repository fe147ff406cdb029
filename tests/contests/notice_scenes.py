"""Five electricians (`board_scenes`) whose result is under public notice, and a clock that can be set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contests import publication, states
from contests.notices import clock
from contests.notices.clock import CHINA
from federation.accounts import Viewer
from tests.contests.board_scenes import a_board, complete

PUBLISHED = datetime(2026, 9, 24, 10, 30, tzinfo=CHINA)
"""A Thursday. Friday 25 to Sunday 27 September are the Mid-Autumn holidays, 1 to 7 October National Day."""
CLOSES = datetime(2026, 9, 30, 17, 30, tzinfo=CHINA)
"""Five working days as they are counted by hand: 24, 28, 29, 30 September would be four; the fifth is 8 October."""


def travel(monkeypatch: Any, to: datetime) -> None:
    """From now on it is this moment for notices, objections and publications."""
    monkeypatch.setattr(clock, "now", lambda: to)


async def frozen(viewer: Viewer) -> tuple[int, list[int]]:
    made, people = await a_board(viewer)
    await complete(made, people)
    await states.step(viewer, made, "freeze")
    return made, people


async def under_notice(viewer: Viewer, **changes: Any) -> tuple[int, list[int]]:
    """Published as provisional and put under notice; publication 2 is in force."""
    made, people = await frozen(viewer)
    await publication.publish(viewer, made, "provisional", **changes)
    await publication.publish(viewer, made, "notice")
    return made, people
