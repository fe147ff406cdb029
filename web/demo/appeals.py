"""In the demo: one result was rechecked after its publication on site, and an appeal against another waits."""

from __future__ import annotations

from datetime import timedelta

from contests import programme
from contests.appeals import filing, panel, settings
from contests.forms.appeal import AppealForm, AppealRuleForm
from contests.forms.recheck import RecheckRuleForm
from contests.recheck import checking, drawing, ending, reading
from contests.recheck import settings as recheck_settings
from contests.scoring.entering import shown
from contests.tables import EventCategory
from federation.accounts import Viewer, viewer_named
from federation.judging import SCALE

PANEL_FROM = "T360000"
TEXT = "{number} 号选手实操最后一个模块的操作时间登记有误，现场记录表上是提前 6 分钟完成，请调阅原始记录重新计分。"
PROOF = "现场记录表第 2 页；考场 3 号机位视频 14:20 前后"


async def question() -> None:
    """As supervisor, chief referee, organiser and leader do it."""
    logins = ("zuzhi", "jiandu", "caipan", "lingdui", "zhongcai")
    people = {login: await viewer_named(login) for login in logins}
    found = {login: person for login, person in people.items() if person is not None}
    if len(found) < len(logins):
        return
    for category in (await _in_state("provisional"))[:1]:
        await _recheck(category, found)
    for category in await _in_state("notice"):
        if await _appeal(category, found):
            return


async def _in_state(state: str) -> list[int]:
    rows = (
        await EventCategory.select(EventCategory.id)
        .where((EventCategory.state == state) & EventCategory.scheme.is_not_null())
        .order_by(EventCategory.id)
    )
    return [row["id"] for row in rows]


async def _recheck(category: int, people: dict[str, Viewer]) -> None:
    """The first five and a tenth of the rest; one mark is doubted and found right."""
    supervisor, referee = people["jiandu"], people["caipan"]
    form = RecheckRuleForm(asked=True, top_count=5, rest_share=1_000, basis="技术文件第 12 条（成绩复核）")
    await recheck_settings.set_rule(people["zuzhi"], category, form)
    number = await drawing.draw(supervisor, category)
    listed = await reading.listed(supervisor, category, number)
    doubted = await _doubt(supervisor, category, listed)
    for sheet in listed.sheets:
        if sheet.row["id"] != doubted:
            await checking.record(
                supervisor, category, sheet.row["id"], wrong=False, right={}, version=sheet.row["version"]
            )
    for fault in (await reading.listed(supervisor, category, number)).open_faults:
        await ending.keep_standing(
            referee, category, fault.row["id"], "原件上的涂改有两名裁判签字，登记的值是对的"
        )
    await ending.finish(supervisor, category, number)


async def _doubt(supervisor: Viewer, category: int, listed: reading.Listed) -> int | None:
    """The first sheet with a mark that could be one point less is found wrong; gives its id."""
    for sheet in listed.sheets:
        opened = await reading.opened(supervisor, category, sheet.row["id"])
        for line in opened.lines:
            less = (line.value or 0) - SCALE
            if line.column.slot.is_deduction or less < (line.column.aspect.minimum or 0):
                continue
            await checking.record(
                supervisor,
                category,
                sheet.row["id"],
                wrong=True,
                right={line.column.key: shown(less, None, line.column.slot)},
                reason="原件上有涂改，看起来少 1 分",
                version=sheet.row["version"],
            )
            return int(sheet.row["id"])
    return None


async def _appeal(category: int, people: dict[str, Viewer]) -> bool:
    """Filed forty minutes after the publication, for the first competitor of the leader's delegation, if it has any."""
    organiser, leader, member = people["zuzhi"], people["lingdui"], people["zhongcai"]
    own = await filing.own_entries(leader, category)
    if not own:
        return False
    basis = "竞赛规程第 20 条（申诉与仲裁）"
    await settings.set_rule(organiser, category, AppealRuleForm(basis=basis, whole_contest=True))
    await panel.set_unit(organiser, category, member.id, PANEL_FROM)
    window = await settings.window_of(await programme.event_category(category))
    if window is None:
        return False
    form = AppealForm(
        entry=own[0]["id"], ground="counting", text=TEXT.format(number=own[0]["number"]), proof=PROOF
    )
    await filing.file(leader, category, form, came_at=window.opens + timedelta(minutes=40))
    return True
