"""Three electricians of Nanchang and Jiujiang, published on the spot; Hu leads Nanchang, three sit on the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contests import programme
from contests.appeals import filing, panel, settings, window
from contests.forms.appeal import AppealForm, AppealRuleForm, DecisionForm
from contests.publication import publish
from contests.tables import Step
from federation.accounts import Viewer
from tests.builders import a_contest, an_event_category, bring_to, entries, marks
from tests.cast import (
    JIUJIANG,
    NANCHANG,
    PROVINCE,
    a_viewer,
    in_branch,
    the_chief_referee,
    the_organiser,
)
from tests.contests.board_scenes import SCHEME, number_in_order

PEOPLE = ("涂国强", "章丽娟", "欧阳文")
GIVEN = (("27", "60"), ("25", "61"), ("24", "60"))
"""Theory and practice: 87, 86 and 84. 001 and 003 are Nanchang's, 002 Jiujiang's."""
PUBLISHED = datetime(2026, 11, 23, 2, 0, 0, 400_000, tzinfo=UTC)
"""Ten o'clock and 0.4 seconds in China."""
WORDS = "003 号实操第 2 项测量值登记为 8.0，现场记录是 8.5，请复核原始记录。"
FOUND = "经调阅原始记录表，第 2 项应为 8.5，登分有误，申诉成立。"


@dataclass
class Hall:
    id: int
    contest: int
    entries: list[int]
    xiong: Viewer
    wan: Viewer
    hu: Viewer
    deng: Viewer
    panel: tuple[Viewer, ...]

    @property
    def shen(self) -> Viewer:
        """Of the panel, from the provincial federation."""
        return self.panel[0]


async def a_hall(*, state: str = "provisional") -> Hall:
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=SCHEME)
    people = await entries(made, PEOPLE, delegations=(NANCHANG, JIUJIANG))
    await bring_to(xiong, made, "marking")
    await number_in_order(people)
    table = {one: dict(zip("TP", given, strict=True)) for one, given in zip(people, GIVEN, strict=True)}
    await marks(made, table)
    await bring_to(xiong, made, "frozen")
    if state == "provisional":
        await publish(xiong, made, "provisional")
        await Step.update({Step.at: PUBLISHED}).where(Step.act == "publish_provisional")
    names = (("申仲裁", PROVINCE), ("江仲裁", JIUJIANG), ("南仲裁", NANCHANG))
    members = [await a_viewer(name, ("appeals_panel", "contest", contest)) for name, _ in names]
    hall = Hall(
        made,
        contest,
        people,
        xiong,
        await the_chief_referee(contest),
        await in_branch("胡领队", "leader", NANCHANG),
        await in_branch("邓领队", "leader", JIUJIANG),
        tuple(members),
    )
    for member, (_, unit) in zip(members, names, strict=True):
        await panel.set_unit(xiong, made, member.id, unit)
    return hall


def at(monkeypatch: Any, moment: datetime) -> None:
    """Travel there, for appeals."""
    monkeypatch.setattr(window, "now", lambda: moment)


async def rule(hall: Hall, **changes: Any) -> None:
    await settings.set_rule(hall.xiong, hall.id, AppealRuleForm(**{"basis": "竞赛规程第 20 条", **changes}))


def form(entry: int, **changes: Any) -> AppealForm:
    return AppealForm(
        **{"entry": entry, "ground": "counting", "text": WORDS, "proof": "现场记录表 003-2", **changes}
    )


async def filed(hall: Hall, **changes: Any) -> int:
    """Hu appeals for 003."""
    return await filing.file(hall.hu, hall.id, form(hall.entries[2], **changes))


def finds(decision: str = "upheld", remedy: str | None = "trial") -> DecisionForm:
    return DecisionForm(decision=decision, remedy=remedy, answer=FOUND)
