"""Marking schemes: presets, editions, freezing, and the form that changes one without losing the rest."""

from __future__ import annotations

import json

import pytest

from contests import programme, schemes
from contests.forms.scheme import fits, read_rows, rows_of, scheme_from
from contests.rules import may_organise
from contests.tables import EventCategory
from contests.tables import Scheme as SchemeEdition
from federation.findings import errors
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.builders import a_contest, an_event_category, approved_entries
from tests.cast import the_clerk, the_organiser
from tests.contests.test_states import mark


def sent_from(rows):
    """The form data a browser sends for these rows."""
    sent = dict(rows.head)
    for table, lines in rows.tables.items():
        for index, line in enumerate(lines):
            sent |= {f"{table}-{index}-{column}": value for column, value in line.items()}
    return sent


@pytest.mark.parametrize("name", ["theory-practical", "modules", "five-judges", "judgement"])
def test_a_preset_is_sound_and_comes_back_unchanged_from_the_form(name):
    preset = schemes.presets()[name]
    assert preset.check() == []
    assert fits(preset)
    again, findings = scheme_from(read_rows(sent_from(rows_of(preset))), preset)
    assert (again, findings) == (preset, [])


async def test_each_change_makes_the_next_edition_and_the_old_one_stays(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    first = (await programme.event_category(ec))["scheme"]
    second = await schemes.attach(xiong, ec, schemes.presets()["modules"])

    rows = await SchemeEdition.select().order_by(SchemeEdition.edition)
    assert [(row["id"], row["code"], row["edition"], row["title"]) for row in rows] == [
        (first, "2026-qg/E1/employee", 1, "理论 30 %，操作技能 70 %"),
        (second, "2026-qg/E1/employee", 2, "三个模块 A 30、B 30、C 40"),
    ]
    assert await schemes.scheme_of(ec) == schemes.presets()["modules"]
    assert await schemes.edition(first) == schemes.presets()["theory-practical"]


async def test_after_the_first_mark_the_scheme_stands(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    ids = await approved_entries(ec, ["涂国强"])
    await mark(ec, ids, "theory")
    with pytest.raises(Conflict) as refused:
        await schemes.attach(xiong, ec, schemes.presets()["modules"])
    assert refused.value.code == "scheme.frozen"
    assert await SchemeEdition.count() == 1


async def test_freezing_keeps_the_first_moment(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong))
    scheme_id = (await programme.event_category(ec))["scheme"]
    await schemes.freeze(scheme_id)
    first = (await schemes.edition_row(scheme_id))["frozen_at"]
    await schemes.freeze(scheme_id)
    assert (await schemes.edition_row(scheme_id))["frozen_at"] == first


async def test_without_a_scheme_there_is_none_to_read(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong), scheme=None)
    with pytest.raises(NotFound):
        await schemes.scheme_of(ec)


async def test_a_clerk_attaches_nothing(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    ec = await an_event_category(xiong, code)
    clerk = await the_clerk((await programme.contest(code))["id"])
    assert not may_organise(clerk, (await programme.contest(code))["ground"])
    with pytest.raises(Forbidden):
        await schemes.attach(clerk, ec, schemes.presets()["modules"])


async def test_a_faulty_document_is_refused_with_the_path_of_every_fault(db):
    with pytest.raises(Invalid) as refused:
        schemes.from_document('{"id": "x", "modules": [{"id": "A", "weight": "viel"}], "judges": 3}')
    assert [(one.code, one.place) for one in refused.value.findings] == [
        ("scheme.not_a_number", "modules[0].weight"),
        ("scheme.unknown_field", "judges"),
    ]
    with pytest.raises(Invalid):
        schemes.from_document("理论".encode("gb18030"))


async def test_a_downloaded_document_can_be_sent_back(db):
    xiong = await the_organiser()
    ec = await an_event_category(xiong, await a_contest(xiong), scheme="judgement")
    text = schemes.document_text(await schemes.scheme_of(ec))
    assert json.loads(text)["id"] == "judgement"
    assert schemes.from_document(text.encode()) == await schemes.scheme_of(ec)


async def test_the_title_of_the_scheme_is_known_where_it_is_used(db):
    xiong = await the_organiser()
    code = await a_contest(xiong)
    ec = await an_event_category(xiong, code)
    await an_event_category(xiong, code, category="student", scheme=None)
    used = await schemes.used_in((await programme.contest(code))["id"])
    assert [(row["id"], row["category"], row["title"]) for row in used] == [
        (ec, "employee", "理论 30 %，操作技能 70 %")
    ]
    assert await EventCategory.count() == 2


def test_the_form_changes_what_it_shows_and_keeps_the_anchors_it_does_not():
    preset = schemes.presets()["judgement"]
    rows = rows_of(preset)
    rows.tables["aspects"][2]["worth"] = "15"
    rows.tables["modules"][1]["maximum"] = "15"
    rows.tables["modules"][0]["maximum"] = "85"
    rows.tables["aspects"][1]["maximum"] = "35"
    changed, findings = scheme_from(rows, preset)
    assert findings == []
    finish = changed.stages[0].modules[1].aspects[0]
    assert (finish.worth, finish.max_spread, len(finish.anchors)) == (150_000, 10_000, 4)


def test_rows_are_added_and_removed():
    rows = rows_of(schemes.presets()["theory-practical"]).with_blank("modules")
    assert [row["id"] for row in rows.tables["modules"]] == ["theory", "practical", ""]
    assert [row["id"] for row in rows.without("modules", 0).tables["modules"]] == ["practical", ""]


def test_an_empty_row_is_dropped_and_a_missing_id_is_the_title():
    preset = schemes.presets()["theory-practical"]
    rows = rows_of(preset).with_blank("modules").with_blank("modules").with_blank("aspects")
    rows.tables["modules"][2] |= {"title": "答辩", "maximum": "0", "weight": "1"}
    scheme, findings = scheme_from(rows, preset)
    assert scheme is None or [module.id for module in scheme.stages[0].modules] == [
        "theory",
        "practical",
        "答辩",
    ]
    assert all(finding.place == "modules-2" for finding in errors(findings))


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("modules", "maximum", "一百", ("scheme.not_a_number", "modules-0")),
        ("modules", "id", "practical", ("scheme.id_twice", "")),
        ("awards", "share", "百分之十", ("scheme.not_a_number", "awards-0")),
        ("ties", "criterion", "module:Z", ("scheme.tie_break_unknown", "ties-0")),
        ("awards", "count", "3", ("scheme.award_line_base", "awards-0")),
    ],
)
def test_a_fault_is_named_at_its_row_and_nothing_typed_is_lost(table, column, value, expected):
    preset = schemes.presets()["theory-practical"]
    rows = rows_of(preset)
    rows.tables[table][0][column] = value
    _, findings = scheme_from(rows, preset)
    assert expected in [(finding.code, finding.place) for finding in findings]
    assert rows.tables[table][0][column] == value


def test_an_aspect_without_a_module_is_named():
    preset = schemes.presets()["theory-practical"]
    rows = rows_of(preset).with_blank("aspects")
    rows.tables["aspects"][0] |= {"id": "work", "title": "作品"}
    scheme, findings = scheme_from(rows, preset)
    assert scheme is None
    assert [(finding.code, finding.place) for finding in errors(findings)] == [
        ("scheme.module_unchosen", "aspects-0")
    ]
