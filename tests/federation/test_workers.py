"""Identity numbers, phones and credit codes; the same person found again across years."""

from __future__ import annotations

from datetime import date

import pytest

from federation import privacy
from federation.changes import SYSTEM, change
from federation.organisations import check_credit_code, credit_check_digit, find_or_enter
from federation.tables import Organisation, Worker
from federation.workers import (
    Person,
    age_on,
    birth_date_of,
    check_identity_number,
    check_phone,
    recognise,
    sex_of,
    tidy_number,
)
from tests.cast import NANCHANG, unit_id


@pytest.mark.parametrize(
    ("number", "codes"), [("11010519491231002X", []), ("440524188001010014", ["identity.birth_date"])]
)
def test_the_two_numbers_of_the_standard(number, codes):
    """Both check digits fit; the second was made for somebody born in 1880, whom no contest will meet."""
    assert [finding.code for finding in check_identity_number(number)] == codes


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105194912310021", "identity.check_digit"),
        ("11010519491231002", "identity.shape"),
        ("130503670401001", "identity.shape"),
        ("1101051949123100AX", "identity.shape"),
        ("11010519490231002X", "identity.birth_date"),
        ("110105209912310028", "identity.birth_date"),
        ("", "identity.shape"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_without_repeating_it(number, code):
    findings = check_identity_number(number)
    assert [finding.code for finding in findings] == [code]
    assert number == "" or number not in str(findings)


def test_an_abolished_address_code_is_no_fault():
    """362301 was the county-level city of Shangrao until the prefecture was abolished."""
    assert check_identity_number("362301196805120012") == []


def test_numbers_are_tidied_before_they_are_judged():
    assert tidy_number(" １１０105-19491231 002x ") == "11010519491231002X"


def test_birth_date_and_sex_are_in_the_number():
    assert (birth_date_of("11010519491231002X"), sex_of("11010519491231002X")) == (date(1949, 12, 31), "f")


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 12, 30), 76), (date(2026, 12, 31), 77), (date(2027, 1, 1), 77)],
)
def test_age_is_counted_in_completed_years(day, age):
    assert age_on(date(1949, 12, 31), day) == age


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("13800000000", []),
        ("19912345678", []),
        ("12800000000", ["phone.shape"]),
        ("1380000000", ["phone.shape"]),
        ("138000000000", ["phone.shape"]),
        ("+8613800000000", ["phone.shape"]),
    ],
)
def test_phones(number, codes):
    assert [finding.code for finding in check_phone(number)] == codes


def test_credit_codes_have_a_check_digit_modulo_31():
    code = "91360100MA35L7K00"
    assert [f.code for f in check_credit_code(code + credit_check_digit(code))] == []
    wrong = "X" if credit_check_digit(code) != "X" else "Y"
    assert [f.code for f in check_credit_code(code + wrong)] == ["credit_code.check_digit"]
    assert [f.code for f in check_credit_code("91360100MA35L7KI0S")] == ["credit_code.shape"]


def the_person(**changes) -> Person:
    values = {
        "name": "漆志强",
        "identity_number": "11010519491231002X",
        "phone": "13800000000",
        "status": "employee",
        "skill_level": 3,
    }
    return Person(**{**values, **changes})


async def test_the_same_person_is_found_again_and_brought_up_to_date(db):
    async with change(SYSTEM, "scene"):
        first = await recognise(the_person())
        again = await recognise(the_person(phone="13900000001", skill_level=2))
        other = await recognise(the_person(identity_number="362301196805120012"))
    assert (again == first, other == first) == (True, False)
    worker = await Worker.select().where(Worker.id == first).first()
    assert (worker["skill_level"], worker["sex"], worker["birth_date"]) == (2, "f", date(1949, 12, 31))
    assert privacy.decrypt(bytes(worker["phone_cipher"]), purpose="phone") == "13900000001"


async def test_neither_number_nor_phone_lies_readable_in_the_table(db):
    async with change(SYSTEM, "scene"):
        await recognise(the_person())
    worker = await Worker.select().first()
    stored = "".join(str(value) for value in worker.values())
    assert ("11010519491231002X" in stored, "13800000000" in stored) == (False, False)


async def test_an_organisation_is_entered_once_under_its_union(db):
    nanchang = await unit_id(NANCHANG)
    async with change(SYSTEM, "scene"):
        first = await find_or_enter("洪都机械厂", nanchang)
        again = await find_or_enter(" 洪都机械厂 ", nanchang)
    assert (again, await Organisation.count()) == (first, 1)
