"""Numbers of certificates and the codes they are checked by, over random patterns and slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contests.certificates.codes import ALPHABET, check_character, is_code, new_code, shown_code, tidy_code
from contests.certificates.patterns import NUMBER_FIELDS, read_number_pattern, read_pattern
from federation.refusals import Invalid

FACTS = {"year": 2026, "class": "I", "contest": "2026-qg", "event": "E1", "category": "职", "award": "A"}
plain = st.text("赣工竞〔〕第号-AB/ ", max_size=8)
around = st.text("赣工竞〔〕号-A", min_size=1, max_size=5)
fields = st.sampled_from([f"{{{name}}}" for name in NUMBER_FIELDS if name != "serial"])
widths = st.sampled_from(["", ":1", ":4", ":6", ":9"])
serials = st.integers(1, 10**9)


@st.composite
def patterns(draw) -> str:
    head = "".join(draw(st.lists(st.one_of(plain, fields), max_size=2)))
    tail = "".join(draw(st.lists(st.one_of(plain, fields), max_size=1)))
    return f"{head}{draw(around)}{{serial{draw(widths)}}}{draw(around)}{tail}"[:200]


def test_the_number_the_handbook_shows():
    pattern = read_number_pattern("赣工竞〔{year}〕{award}-{serial:6}")
    assert pattern.filled({**FACTS, "serial": 1234}) == "赣工竞〔2026〕A-001234"
    assert pattern.stem(FACTS) == "赣工竞〔2026〕A-#"


@given(patterns(), serials, serials)
def test_a_number_gives_its_serial_back_and_two_serials_two_numbers(text, one, other):
    if len(text) > 60:
        return
    pattern = read_number_pattern(text)
    first, second = (pattern.filled({**FACTS, "serial": serial}) for serial in (one, other))
    assert (pattern.serial_of(first, FACTS), pattern.serial_of(second, FACTS)) == (one, other)
    assert (first == second) == (one == other)


@given(patterns(), patterns(), serials, serials)
def test_two_patterns_with_other_stems_cannot_be_taken_for_each_other(text, other, one, two):
    """A number belongs to one counter: read by the other pattern it is that number again or none."""
    if len(text) > 60 or len(other) > 60:
        return
    pattern = read_number_pattern(text)
    number = pattern.filled({**FACTS, "serial": one})
    read = read_number_pattern(other)
    serial = read.serial_of(number, FACTS)
    assert serial is None or read.filled({**FACTS, "serial": serial}) == number


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("赣工竞〔{year}〕", ["pattern.serial_once"]),
        ("{serial}-{serial}", ["pattern.serial_once"]),
        ("A{serial:0}", ["pattern.width"]),
        ("A{serial:12}", ["pattern.width"]),
        ("{colour}-{serial}", ["pattern.unknown_field"]),
        ("{year:4}-{serial}", ["pattern.width"]),
        ("A-{serial", ["pattern.brace_alone"]),
        ("{}-{serial}", ["pattern.brace_alone"]),
        ("2026{serial}", ["pattern.serial_touched"]),
        ("{year}{serial}", ["pattern.serial_touched"]),
        ("{serial}{award}", ["pattern.serial_touched"]),
        ("#-{serial}", ["pattern.unprintable"]),
        ("号" * 60 + "{serial}", ["form.too_long"]),
    ],
)
def test_a_pattern_that_could_give_one_number_twice_or_none_is_refused(text, codes):
    with pytest.raises(Invalid) as refused:
        read_number_pattern(text)
    assert [(one.code, one.place) for one in refused.value.findings] == [
        (code, "number_pattern") for code in codes
    ]


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_refused_with_words(text):
    places = {"wording"}
    try:
        read_pattern(text, ("name",), "wording").filled({"name": "涂国强"})
    except Invalid as refused:
        places = {one.place for one in refused.findings}
    assert places == {"wording"}


def test_codes_are_long_enough_not_to_be_guessed_and_are_all_different():
    codes = {new_code() for _ in range(2000)}
    assert (len(codes), {len(code) for code in codes}) == (2000, {16})
    assert len(ALPHABET) ** 15 == 2**75


@given(st.text(ALPHABET, min_size=15, max_size=15), st.integers(0, 15), st.sampled_from(ALPHABET))
def test_one_wrong_character_always_shows(body, at, letter):
    code = body + check_character(body)
    slipped = code[:at] + letter + code[at + 1 :]
    assert is_code(slipped) == (slipped == code)


@given(st.text(ALPHABET, min_size=15, max_size=15))
def test_a_code_is_read_however_it_is_typed(body):
    code = body + check_character(body)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    spoken = code.replace("0", "o").replace("1", "l").lower()
    assert {tidy_code(text) for text in (shown_code(code), f" {code.lower()} ", wide, spoken)} == {code}
