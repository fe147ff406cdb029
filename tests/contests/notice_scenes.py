"""Five electricians (`board_scenes`) whose result is under public notice, and a clock that can be set.

The notice begins on Thursday 24 September 2026. Friday 25 to Sunday 27 are the Mid-Autumn holidays and 1 to 7 October
the National Day, so its five working days are 24, 28, 29 and 30 September and 8 October.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contests import publication, states
from contests.forms.notice import AnswerForm, NoticeForm, ObjectionForm
from contests.notices import clock
from contests.notices.clock import CHINA
from federation.accounts import Viewer
from tests.contests.board_scenes import a_board, complete

PUBLISHED = datetime(2026, 9, 24, 10, 30, tzinfo=CHINA)
CLOSES = datetime(2026, 10, 8, 17, 30, tzinfo=CHINA)
GROUNDS = "003 号实操第 2 件工件的测量记录和公布的成绩不一致，请核对。"
ANSWER = "已调阅测量记录和现场视频，两名裁判签字一致，成绩无误。"


def travel(monkeypatch: Any, to: datetime) -> None:
    """From now on it is this moment for notices, objections and publications."""
    monkeypatch.setattr(clock, "now", lambda: to)


async def frozen(viewer: Viewer) -> tuple[int, list[int]]:
    made, people = await a_board(viewer)
    await complete(made, people)
    await states.step(viewer, made, "freeze")
    return made, people


async def under_notice(viewer: Viewer) -> tuple[int, list[int]]:
    """Published as provisional and put under notice; publication 2 is in force."""
    made, people = await frozen(viewer)
    await publication.publish(viewer, made, "provisional")
    await publication.publish(viewer, made, "notice")
    return made, people


def objection(**changes: Any) -> ObjectionForm:
    return ObjectionForm(
        **{"name": "罗成林", "contact": "15400001234", "about": "003", "text": GROUNDS, **changes}
    )


def dismissed() -> AnswerForm:
    return AnswerForm(decision="dismissed", answer=ANSWER)


def upheld(remedy: str = "withdraw") -> AnswerForm:
    return AnswerForm.model_validate(
        {"decision": "upheld", "remedy": remedy, "answer": "测量记录录入有误，按 52 分更正后重新公布。"}
    )


def terms(**changes: Any) -> NoticeForm:
    return NoticeForm.model_validate(
        {
            "days": 5,
            "opens": "9:00",
            "closes": "17:30",
            "first_day": "same",
            "per_day": 10,
            "basis": "实施办法第 18 条",
            **changes,
        }
    )
