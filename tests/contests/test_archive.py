"""The archive list: ten items, which the system ticks by itself, and what archiving without the others costs."""

from __future__ import annotations

import pytest

from contests import archive, states
from contests.archive.contents import main_facts, marks, registered
from contests.archive.items import ITEMS
from contests.forms.certificates import ArchiveForm
from contests.programme import event_category
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.builders import an_event_category, entries
from tests.cast import the_chief_referee, the_organiser
from tests.contests.award_scenes import a_final
from tests.contests.board_scenes import a_board

BROUGHT = ("notice", "plan", "technical", "media", "summary")


async def held(viewer) -> list[str]:
    return [line.item for line in (await archive.checklist(viewer, "2026-qg")).lines if line.held]


async def test_half_of_the_list_is_ticked_by_a_final_result(db):
    xiong = await the_organiser()
    await a_final(xiong)
    found = await archive.checklist(xiong, "2026-qg")
    assert [line.item for line in found.lines] == list(ITEMS)
    assert (found.held, found.percent) == (5, 50)
    assert await held(xiong) == ["registrations", "score_tables", "rankings", "awards", "facts"]


async def test_while_marking_only_the_registrations_are_there(db):
    xiong = await the_organiser()
    await a_board(xiong)
    assert await held(xiong) == ["registrations"]


async def test_one_category_that_is_not_final_keeps_the_item_open(db):
    xiong = await the_organiser()
    await a_final(xiong)
    other = await an_event_category(xiong, "2026-qg", category="student")
    assert len(await held(xiong)) == 5, "nobody competes there yet"
    await entries(other, ("黎小红",), numbered=False)
    found = await archive.checklist(xiong, "2026-qg")
    assert [(line.done, line.all) for line in found.lines if line.own] == [(1, 2)] * 5
    assert found.percent == 0


async def test_what_is_brought_is_noted_with_number_or_place(db):
    xiong = await the_organiser()
    await a_final(xiong)
    for item in BROUGHT[:4]:
        await archive.fill(xiong, "2026-qg", item, ArchiveForm(document_number="赣工发〔2026〕1 号"))
    assert (await archive.checklist(xiong, "2026-qg")).percent == 90
    with pytest.raises(Invalid) as refused:
        await archive.fill(xiong, "2026-qg", "summary", ArchiveForm(not_needed=True))
    assert [one.code for one in refused.value.findings] == ["archive.reason_missing"]
    await archive.fill(xiong, "2026-qg", "summary", ArchiveForm(not_needed=True, reason="与年度总结合并"))
    assert (await archive.checklist(xiong, "2026-qg")).percent == 100


async def test_two_who_note_the_same_item_do_not_overwrite_each_other(db):
    xiong = await the_organiser()
    await a_final(xiong)
    await archive.fill(xiong, "2026-qg", "notice", ArchiveForm(location="档案室 3 柜"))
    for version in (0, 5):
        with pytest.raises(Conflict):
            await archive.fill(xiong, "2026-qg", "notice", ArchiveForm(location="别处", version=version))
    await archive.fill(xiong, "2026-qg", "notice", ArchiveForm(location="档案室 4 柜", version=1))
    line = (await archive.checklist(xiong, "2026-qg")).lines[0]
    assert (line.row["location"], line.row["version"]) == ("档案室 4 柜", 2)


async def test_archiving_with_items_missing_needs_a_reason(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    with pytest.raises(Invalid) as refused:
        await states.step(xiong, made, "archive")
    assert [(one.code, one.severity) for one in refused.value.findings] == [
        ("state.archive_missing", "warning"),
        ("state.reason_needed", "error"),
    ]
    assert refused.value.findings[0].facts == {"items": list(BROUGHT)}
    assert await states.step(xiong, made, "archive", "影像和总结月底补交") == "archived"


async def test_archiving_with_everything_there_asks_nothing(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    for item in BROUGHT:
        await archive.fill(xiong, "2026-qg", item, ArchiveForm(location="档案室"))
    assert await states.step(xiong, made, "archive") == "archived"


async def test_who_may_look_and_who_may_fill(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    referee = await the_chief_referee((await event_category(made))["contest"])
    assert (await archive.checklist(referee, "2026-qg")).percent == 50
    with pytest.raises(Forbidden):
        await archive.fill(referee, "2026-qg", "notice", ArchiveForm(location="x"))
    with pytest.raises(NotFound):
        await archive.fill(xiong, "2026-qg", "colour", ArchiveForm(location="x"))


async def test_what_goes_into_the_archive(db):
    """Five people with two marks each; four awarded, nobody without a total: 87, 87, 70, 70 and 62."""
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    facts = await main_facts({"id": made, "event_name": "电工", "category": "employee"})
    kept = await marks(made)
    assert {name: facts[name] for name in ("registered", "approved", "women", "delegations", "ranked")} == {
        "registered": 5,
        "approved": 5,
        "women": 1,
        "delegations": 2,
        "ranked": 5,
    }
    assert (facts["highest"], facts["lowest"]) == (870_000, 620_000)
    assert facts["awards"] == [("一等奖", 1), ("二等奖", 3)]
    assert [(row["number"], row["aspect"], row["value"]) for row in kept[:4]] == [
        ("001", "实操", 600_000),
        ("001", "理论", 270_000),
        ("002", "实操", 620_000),
        ("002", "理论", 250_000),
    ]
    assert (len(kept), (await registered(made)).height) == (10, 5)
    assert not {"identity_number", "phone"} & set((await registered(made)).columns)
