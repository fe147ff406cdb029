"""Who may enter: each rule alone, against a candidate who is otherwise sound."""

from __future__ import annotations

from datetime import date

import pytest

from contests.eligibility import (
    EventRule,
    Known,
    Prize,
    check_entry,
    check_name,
    check_places,
    check_twice,
    default_admission,
)
from tests.contests.registering import candidate, identity_number

ELECTRICIANS = EventRule(
    event_category=1,
    category="employee",
    state="open",
    reference_date=date(2026, 11, 1),
    age_min=16,
    age_max=55,
    skill_level_min=3,
)


def codes(form=None, known=None, rule=ELECTRICIANS, **changes):
    findings = check_entry(form or candidate(1, **changes), rule, known or Known())
    return [(finding.code, finding.severity, finding.place) for finding in findings]


def test_a_sound_candidate_meets_no_objection():
    assert codes() == []


@pytest.mark.parametrize(
    "name", ["涂国强", "欧阳文", "买买提·艾合买提", "阿卜杜拉·尼亚孜", "Anna-Maria O’Hara", "李"]
)
def test_names_of_any_script_with_the_dot_of_minority_names(name):
    assert check_name(name) == []


@pytest.mark.parametrize("name", ["李1", "李@明", "·李明", "<b>", "李\n明"])
def test_names_hold_letters_only(name):
    assert [finding.code for finding in check_name(name)] == ["entry.name_shape"]


def test_fifty_characters_of_a_name_are_enough():
    assert check_name("李" * 50) == []
    assert [finding.facts for finding in check_name("李" * 51)] == [{"limit": 50, "length": 51}]


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("20101101", []),
        ("20101102", [("entry.too_young", "error", "identity_number")]),
        ("19701102", []),
        ("19701101", [("entry.too_old", "error", "identity_number")]),
    ],
)
def test_ages_count_on_the_reference_date_of_the_event(born, found):
    """16 to 55 on 1 November 2026: who is 16 that day may, who becomes 56 that day may not."""
    assert codes(identity_number=identity_number(1, born)) == found


def test_an_event_without_limits_asks_no_age():
    free = EventRule(1, "employee", "open", date(2026, 11, 1))
    assert codes(rule=free, identity_number=identity_number(1, "20160101"), skill_level=None) == []


@pytest.mark.parametrize(
    ("category", "status", "admitted"),
    [
        ("employee", "employee", True),
        ("employee", "individual", True),
        ("employee", "teacher", True),
        ("employee", "student", False),
        ("student", "student", True),
        ("student", "employee", False),
        ("teacher", "teacher", True),
        ("teacher", "employee", False),
    ],
)
def test_a_category_takes_its_own_people(category, status, admitted):
    rule = EventRule(1, category, "open", date(2026, 11, 1))
    expected = [] if admitted else [("entry.status_elsewhere", "error", "status")]
    assert codes(rule=rule, status=status) == expected


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (1, []),
        (3, []),
        (4, [("entry.level_too_low", "error", "skill_level")]),
        (None, [("entry.level_missing", "error", "skill_level")]),
    ],
)
def test_a_lower_number_is_a_higher_level(level, found):
    assert codes(skill_level=level) == found


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("", []),
        ("Y000136000001253000001", []),
        ("y0001 3600 0001 25 3 000001", []),
        ("Y000136000001254000001", [("entry.certificate_level", "warning", "certificate_number")]),
        ("YS00013600000125000001", []),
        ("2536010001300001", []),
        ("XYZ123", [("entry.certificate_shape", "warning", "certificate_number")]),
        ("Y" * 23, [("form.too_long", "error", "certificate_number")]),
    ],
)
def test_certificates_of_the_three_known_shapes(number, found):
    """22 characters with the level before the last six, 22 with two letters, 16 of the old certificates."""
    assert codes(certificate_number=number) == found


@pytest.mark.parametrize(
    ("level", "class_code", "place", "barred"),
    [
        ("province", "I", 6, True),
        ("province", "I", 7, False),
        ("province", "II", 3, True),
        ("province", "II", 4, False),
        ("province", "III", 1, False),
        ("city", "I", 1, False),
    ],
)
def test_former_winners_do_not_compete_again(level, class_code, place, barred):
    known = Known(name="章丽娟", prizes=[Prize("2025 年全省电工竞赛", level, class_code, place)])
    expected = [("entry.barred_by_place", "error", "identity_number")] if barred else []
    assert codes(known=known) == expected


def test_the_rule_names_the_document_it_rests_on():
    assert "振兴杯" in default_admission().basis


def test_national_technical_experts_do_not_compete():
    assert codes(known=Known(name="章丽娟", honours=["national-technical-expert"])) == [
        ("entry.barred_by_honour", "error", "identity_number")
    ]


def test_another_name_under_the_same_number_must_be_answered():
    assert codes(known=Known(name="章丽")) == [("entry.other_name", "warning", "name")]


def test_whoever_stands_here_already_is_not_entered_twice():
    assert codes(known=Known(name="章丽娟", entered_here=True)) == [
        ("entry.already_entered", "error", "identity_number")
    ]


def test_every_fault_is_named_and_no_number_is_repeated():
    form = candidate(1, name="李1", identity_number="36010219900615001", phone="138", status="student")
    findings = check_entry(form, ELECTRICIANS, Known())
    assert [finding.code for finding in findings] == [
        "entry.name_shape",
        "identity.shape",
        "phone.shape",
        "entry.status_elsewhere",
    ]
    assert not any(form.identity_number in str(f.facts) or form.phone in str(f.facts) for f in findings[1:])


def test_the_same_person_twice_in_a_file_is_named_by_the_first_row():
    forms = {2: candidate(1, 1), 3: candidate(2, 1), 7: candidate(1, 1), 8: candidate(1, 2)}
    assert {row: found[0].facts for row, found in check_twice(forms).items()} == {7: {"other": 2}}


def test_places_of_a_delegation_are_given_in_the_order_of_the_rows():
    forms = {row: candidate(1, row) for row in (2, 3, 4)} | {
        5: candidate(2, 5),
        6: candidate(1, 6, delegation="I01"),
    }
    key = (1, forms[2].delegation)
    found = check_places(forms, {key: 3, (1, "I01"): None}, {key: 1})
    assert {row: dict(findings[0].facts) for row, findings in found.items()} == {4: {"places": 3, "taken": 1}}
