"""The programme: who may set it up, what does not fit together, and two people changing it at once."""

from __future__ import annotations

from datetime import date

import pytest

from contests import programme
from contests.forms.contest import CategoryForm
from contests.tables import Contest, EventCategory
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid
from federation.tables import AuditLine
from tests.builders import a_contest, an_event_category, contest_form, entries, event_form
from tests.cast import (
    JIUJIANG,
    NANCHANG,
    PROVINCE,
    in_branch,
    the_administrator,
    the_clerk,
    the_organiser,
    unit_id,
)


async def test_an_organiser_sets_up_a_contest_with_events_and_categories(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    await an_event_category(xiong, code)
    await an_event_category(xiong, code, category="student", scheme=None)
    await an_event_category(xiong, code, event="E2", name="焊工", name_en="Welder", occupation="6-18-02-04")

    row = await programme.contest(code)
    events = await programme.events_of(row["id"])

    assert (row["host_name"], row["series_name"], row["class_code"]) == ("江西省总工会", "天工杯", "II")
    assert [
        (event["code"], event["name"], [c["category"] for c in event["categories"]]) for event in events
    ] == [
        ("E1", "电工", ["employee", "student"]),
        ("E2", "焊工", ["employee"]),
    ]
    assert [c["scheme_title"] for event in events for c in event["categories"]] == [
        "理论 30 %，操作技能 70 %",
        None,
        "理论 30 %，操作技能 70 %",
    ]


async def test_a_code_is_made_from_year_and_order_when_none_is_given(db):
    xiong = await the_organiser()
    assert [await a_contest(xiong, code=None) for _ in range(2)] == ["2026-001", "2026-002"]


async def test_an_officer_of_nanchang_may_not_host_for_jiujiang(db):
    officer = await in_branch("南昌干部", "officer", NANCHANG)
    with pytest.raises(Forbidden) as refused:
        await a_contest(officer, host=JIUJIANG)
    assert refused.value.code == "contest.host_not_yours"
    assert await a_contest(officer, host=NANCHANG) == "2026-qg"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"series": None, "class_code": "I"}, [("contest.class_without_series", "series")]),
        ({"ends_on": date(2026, 11, 20)}, [("contest.ends_before_start", "ends_on")]),
        (
            {"registration_closes_on": date(2026, 8, 31)},
            [("contest.closes_before_opens", "registration_closes_on")],
        ),
        ({"host": "T999999"}, [("contest.host_unknown", "host")]),
        ({"region": "999999"}, [("form.not_a_choice", "region")]),
    ],
)
async def test_what_does_not_fit_together_is_named_and_nothing_is_kept(db, changes, expected):
    xiong = await the_organiser()
    with pytest.raises(Invalid) as refused:
        await a_contest(xiong, **changes)
    assert [(finding.code, finding.place) for finding in refused.value.findings] == expected
    assert await Contest.count() == 0


async def test_a_code_in_use_is_refused(db):
    xiong = await the_organiser()
    await a_contest(xiong)
    with pytest.raises(Invalid) as refused:
        await a_contest(xiong)
    assert [finding.code for finding in refused.value.findings] == ["contest.code_in_use"]


async def test_of_two_people_changing_the_same_contest_the_second_is_told(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    seen = (await programme.contest(code))["version"]
    await programme.change_contest(xiong, code, contest_form(venue="南昌职业学院", version=seen))
    with pytest.raises(Conflict) as refused:
        await programme.change_contest(xiong, code, contest_form(venue="九江技师学院", version=seen))
    assert refused.value.code == "contest.changed_meanwhile"
    assert (await programme.contest(code))["venue"] == "南昌职业学院"


async def test_the_same_form_sent_twice_makes_one_contest(db):
    xiong = await the_organiser()
    await programme.create_contest(xiong, contest_form(code=None), sending="once")
    with pytest.raises(AlreadyDone) as again:
        await programme.create_contest(xiong, contest_form(code=None), sending="once")
    assert again.value.answer == {"page": "/work/contests/2026-001"}
    assert await Contest.count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"age_min": 40, "age_max": 30}, [("event.ages_crossed", "age_max")]),
        ({"reference_date": None}, [("event.age_without_date", "reference_date")]),
        ({"occupation": "9-99-99-99"}, [("event.occupation_unknown", "occupation")]),
        ({"trade": "4-01-06-01.01"}, [("event.trade_elsewhere", "trade")]),
    ],
)
async def test_the_rule_of_admission_of_an_event_must_hold_together(db, changes, expected):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    with pytest.raises(Invalid) as refused:
        await programme.create_event(xiong, code, event_form(**changes))
    assert [(finding.code, finding.place) for finding in refused.value.findings] == expected


async def test_a_category_opens_once_for_each_event(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    await an_event_category(xiong, code)
    with pytest.raises(Invalid) as refused:
        await programme.create_category(xiong, code, "E1", CategoryForm(category="employee"))
    assert [finding.code for finding in refused.value.findings] == ["event_category.exists"]


async def test_a_clerk_and_the_administrator_do_not_change_the_programme(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest_id = (await programme.contest(code))["id"]
    for somebody in (await the_clerk(contest_id), await the_administrator()):
        with pytest.raises(Forbidden):
            await programme.create_event(somebody, code, event_form())


async def test_a_delegation_has_the_general_number_of_places_or_its_own(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong), quota=3)
    nanchang, jiujiang = await unit_id(NANCHANG), await unit_id(JIUJIANG)
    await programme.set_quotas(xiong, ec, {nanchang: 5, jiujiang: None})
    assert [await programme.places_for(ec, unit) for unit in (nanchang, jiujiang)] == [5, 3]
    await programme.set_quotas(xiong, ec, {nanchang: None})
    assert await programme.places_for(ec, nanchang) == 3


async def test_touching_moves_the_revision_and_changing_a_category_too(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    before = (await programme.event_category(ec))["revision"]
    assert await programme.touch(ec) == before + 1
    await programme.change_category(xiong, ec, CategoryForm(category="employee", quota=4, version=1))
    row = await EventCategory.select().where(EventCategory.id == ec).first()
    assert (row["revision"], row["quota"], row["version"]) == (before + 2, 4, 2)


async def test_entries_are_counted_by_what_was_decided(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    ec = await an_event_category(xiong, code)
    await entries(ec, ["涂国强", "章丽娟"])
    await entries(ec, ["欧阳文"], state="submitted")
    await entries(ec, ["喻建平"], state="returned")
    [event] = await programme.events_of((await programme.contest(code))["id"])
    assert [(c["approved"], c["waiting"]) for c in event["categories"]] == [(2, 1)]


async def test_each_act_leaves_one_line_in_the_trail(db):
    xiong = await the_organiser()
    await an_event_category(xiong, await a_contest(xiong, host=PROVINCE))
    lines = await AuditLine.select().where(AuditLine.actor == "熊晓燕").order_by(AuditLine.number)
    assert [line["deed"] for line in lines] == [
        "contest.create",
        "event.create",
        "event_category.create",
        "scheme.attach",
    ]
