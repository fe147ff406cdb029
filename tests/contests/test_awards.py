"""From the final publication to the award list, the titles on their way and the six columns of the export."""

from __future__ import annotations

from datetime import date

import pytest

from contests import publication
from contests.awards import titles
from contests.awards.export import COLUMNS, export
from contests.awards.listing import award_list
from contests.awards.title_editions import adopt_rules, rules_in_force
from contests.awards.title_rules import RuleSet, TitleRule, default_rules
from contests.programme import contest as contest_row
from contests.tables import Entry
from federation import audit, honours
from federation.refusals import Conflict, Forbidden, Invalid
from federation.tables import AuditLine, Honour
from tests.cast import in_branch, the_administrator, the_chief_referee, the_clerk, the_organiser
from tests.contests.award_scenes import a_final
from tests.contests.registering import identity_number

EXPERT = "provincial-technical-expert"


def shown(rows) -> list[tuple[object, ...]]:
    return [(row["place"], row["name"], row["award_title"]) for row in rows]


async def test_the_list_is_what_was_published_and_nothing_else(db):
    xiong = await the_organiser()
    made, people = await a_final(xiong)
    await Entry.update({Entry.name: "改名"}).where(Entry.id == people["涂国强"])

    found = await award_list(made)

    assert shown(found.rows) == [
        (1, "章丽娟", "一等奖"),
        (2, "涂国强", "二等奖"),
        (3, "欧阳文", "二等奖"),
        (3, "喻建平", "二等奖"),
        (5, "熊志", ""),
    ]
    assert [(line.title, len(line.rows)) for line in found.lines] == [("一等奖", 1), ("二等奖", 3)]
    assert (found.publication["number"], len(found.awarded)) == (3, 4)


async def test_without_a_final_publication_in_force_there_is_no_list(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    await publication.withdraw(xiong, made, "005 号成绩录错")
    with pytest.raises(Conflict) as refused:
        await award_list(made)
    assert refused.value.code == "award.not_final"


async def test_the_default_rules_propose_and_bar_with_reasons(db):
    """Class II, employees: technical expert to the first three, with a tie four people; the medal to the first; youth
    to those of 35 and younger; the women's title to 章丽娟; a level to the first six.
    """
    xiong = await the_organiser()
    made, people = await a_final(xiong)
    worker = await Entry.select(Entry.worker).where(Entry.id == people["章丽娟"]).first()
    await Honour.insert(Honour(worker=worker["worker"], kind=EXPERT, year=2024))

    looked = await titles.look(xiong, made)

    assert [(one.rule.id, one.winner.name, one.level) for one in looked.new] == [
        ("technical-expert-II", "涂国强", None),
        ("technical-expert-II", "欧阳文", None),
        ("technical-expert-II", "喻建平", None),
        ("may1-medal", "章丽娟", None),
        ("youth-post-expert", "章丽娟", None),
        ("youth-post-expert", "欧阳文", None),
        ("youth-post-expert", "喻建平", None),
        ("women-achiever", "章丽娟", None),
        ("level-province", "章丽娟", 1),
        ("level-province", "涂国强", 2),
        ("level-province", "喻建平", 2),
        ("level-province", "熊志", 2),
    ]
    assert [
        (one.rule.id, one.winner.name, one.findings[0].code, one.findings[0].facts) for one in looked.barred
    ] == [
        ("technical-expert-II", "章丽娟", "title.held", {"honour": "江西省技术能手", "year": 2024}),
        ("youth-post-expert", "涂国强", "title.too_old", {"age": 46, "limit": 35}),
        ("level-province", "欧阳文", "title.level_highest", {"level": "1"}),
    ]


async def test_a_title_goes_its_way_and_enters_the_register_when_it_is_approved(db):
    xiong = await the_organiser()
    made, people = await a_final(xiong)
    chosen = (people["涂国强"], "technical-expert-II")
    await titles.propose(xiong, made, [chosen])
    [title] = await titles.titles_of(made)
    paper = {"document_number": "赣人社发〔2026〕88 号", "document_on": date(2026, 12, 30)}

    with pytest.raises(Invalid) as early:
        await titles.move(xiong, made, [title["id"]], "approved", **paper)
    assert [one.code for one in early.value.findings] == ["title.cannot_go", "title.reason_missing"]
    with pytest.raises(Invalid) as bare:
        await titles.move(xiong, made, [title["id"]], "reported")
    assert [one.code for one in bare.value.findings] == [
        "title.document_missing",
        "title.document_day_missing",
    ]

    await titles.move(
        xiong,
        made,
        [title["id"]],
        "reported",
        document_number="赣工发〔2026〕41 号",
        document_on=date(2026, 12, 1),
    )
    before = await honours.honours_held([title["worker"]])
    await titles.move(xiong, made, [title["id"]], "approved", **paper)
    held = await honours.honours_held([title["worker"]])
    await titles.move(
        xiong, made, [title["id"]], "issued", document_number="证书 2026-17", document_on=date(2027, 1, 15)
    )

    assert (before, held) == ({}, {title["worker"]: {EXPERT: ("江西省技术能手", 2026)}})
    assert [
        (one["from_state"], one["to_state"], one["document_number"]) for one in await titles.steps_of(made)
    ] == [
        ("approved", "issued", "证书 2026-17"),
        ("reported", "approved", "赣人社发〔2026〕88 号"),
        ("proposed", "reported", "赣工发〔2026〕41 号"),
        ("", "proposed", ""),
    ]
    assert (await audit.verify()).broken_at is None


async def test_an_approval_noted_by_mistake_is_taken_back_with_a_reason(db):
    xiong = await the_organiser()
    made, people = await a_final(xiong)
    await titles.propose(xiong, made, [(people["涂国强"], "technical-expert-II")])
    [title] = await titles.titles_of(made)
    paper = {"document_number": "文", "document_on": date(2026, 12, 1)}
    await titles.move(xiong, made, [title["id"]], "reported", **paper)
    await titles.move(xiong, made, [title["id"]], "approved", **paper)

    with pytest.raises(Invalid) as refused:
        await titles.move(xiong, made, [title["id"]], "reported")
    assert [one.code for one in refused.value.findings] == ["title.reason_missing"]
    await titles.move(xiong, made, [title["id"]], "reported", reason="批复里没有此人")

    assert await honours.honours_held([title["worker"]]) == {}
    assert [row["state"] for row in await titles.titles_of(made)] == ["reported"]


async def test_who_is_barred_cannot_be_proposed_and_nobody_twice(db):
    xiong = await the_organiser()
    made, people = await a_final(xiong)
    for chosen, code in (
        ([], "title.none_chosen"),
        ([(people["涂国强"], "youth-post-expert")], "title.not_proposed"),
        ([(people["熊志"], "technical-expert-II")], "title.not_proposed"),
    ):
        with pytest.raises(Invalid) as refused:
            await titles.propose(xiong, made, chosen)
        assert [one.code for one in refused.value.findings] == [code]
    await titles.propose(xiong, made, [(people["涂国强"], "technical-expert-II")])
    with pytest.raises(Invalid):
        await titles.propose(xiong, made, [(people["涂国强"], "technical-expert-II")])


async def test_sending_twice_proposes_once(db):
    xiong = await the_organiser()
    made, people = await a_final(xiong)
    chosen = [(people["涂国强"], "technical-expert-II"), (people["章丽娟"], "may1-medal")]
    assert [await titles.propose(xiong, made, chosen, sending="k") for _ in range(2)] == [2, 2]
    assert len(await titles.titles_of(made)) == 2


async def test_rules_of_the_contest_go_before_those_of_its_series_and_the_default(db):
    xiong = await the_organiser()
    await a_final(xiong)
    row = await contest_row("2026-qg")
    own = RuleSet("本赛通知", (TitleRule(id="a", title="能手", places=1, conferred_by="省总"),))
    series = RuleSet("天工杯办法", default_rules().rules)

    first = await rules_in_force(row)
    await adopt_rules(xiong, "2026-qg", series, seen=("default", 0), reason="全系列", for_series=True)
    second = await rules_in_force(row)
    await adopt_rules(xiong, "2026-qg", own, seen=("series:tiangong", 1), reason="本赛另定")
    third = await rules_in_force(row)

    assert [(one.scope, one.edition, one.rules.basis) for one in (first, second, third)] == [
        ("default", 0, default_rules().basis),
        ("series:tiangong", 1, "天工杯办法"),
        (f"contest:{row['id']}", 1, "本赛通知"),
    ]
    with pytest.raises(Conflict):
        await adopt_rules(xiong, "2026-qg", own, seen=("default", 0), reason="晚了一步")


async def test_a_city_organiser_does_not_rule_the_series(db):
    xiong = await the_organiser()
    await a_final(xiong)
    nanchang = await in_branch("南昌", "organiser", "T360100")
    rules = default_rules()
    with pytest.raises(Forbidden):
        await adopt_rules(nanchang, "2026-qg", rules, seen=("default", 0), reason="x", for_series=True)
    with pytest.raises(Invalid) as refused:
        await adopt_rules(xiong, "2026-qg", RuleSet("", rules.rules), seen=("default", 0), reason=" ")
    assert [one.place for one in refused.value.findings] == ["basis", "reason"]


async def test_the_export_has_six_columns_and_the_trail_no_number(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    full = await export(xiong, "2026-qg", made, in_full=True, reason="报省人社厅发文")
    masked = await export(xiong, "2026-qg", None, in_full=False)

    assert [tuple(row[column] for column in COLUMNS) for row in full.rows] == [
        ("章丽娟", identity_number(2), "employee", "电工", 2, 1),
        ("涂国强", identity_number(1), "employee", "电工", 3, 2),
        ("欧阳文", identity_number(3), "employee", "电工", 1, 3),
        ("喻建平", identity_number(4), "employee", "电工", None, 3),
    ]
    assert {tuple(row) for row in full.rows} == {COLUMNS}
    assert masked.rows[0]["identity_number"] == identity_number(2)[:4] + "*" * 10 + identity_number(2)[-4:]
    lines = await AuditLine.select().where(AuditLine.deed == "award.export").order_by(AuditLine.number)
    assert ['"count":4' in line["facts"] and '"in_full":' in line["facts"] for line in lines] == [True, True]
    everything = "".join(str(line) for line in await AuditLine.select())
    assert [identity_number(order) in everything for order in range(1, 5)] == [False] * 4


async def test_full_numbers_need_a_reason_and_the_right_role(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    contest = (await contest_row("2026-qg"))["id"]
    with pytest.raises(Invalid) as refused:
        await export(xiong, "2026-qg", made, in_full=True, reason=" ")
    assert [one.code for one in refused.value.findings] == ["award.export_reason_missing"]
    for person in (await the_chief_referee(contest), await the_clerk(contest), await the_administrator()):
        with pytest.raises(Forbidden):
            await export(person, "2026-qg", made, in_full=True, reason="好奇")
    assert await AuditLine.count().where(AuditLine.deed == "award.export") == 0
