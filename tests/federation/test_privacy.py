"""Numbers at rest, on screen and in matching."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from federation import privacy

NUMBER = "11010519491231002X"  # the example of GB 11643


def test_what_is_encrypted_comes_back_and_never_looks_the_same_twice():
    first, second = (privacy.encrypt(NUMBER, purpose="identity") for _ in range(2))
    assert first != second
    assert (privacy.decrypt(first, purpose="identity"), privacy.decrypt(second, purpose="identity")) == (
        NUMBER,
        NUMBER,
    )
    assert NUMBER.encode() not in first


def test_a_ciphertext_put_into_another_column_does_not_open():
    with pytest.raises(InvalidTag):
        privacy.decrypt(privacy.encrypt(NUMBER, purpose="phone"), purpose="identity")


def test_one_changed_byte_does_not_open():
    cipher = bytearray(privacy.encrypt(NUMBER, purpose="identity"))
    cipher[-1] ^= 1
    with pytest.raises(InvalidTag):
        privacy.decrypt(bytes(cipher), purpose="identity")


def test_the_same_number_is_found_again_however_it_was_typed():
    assert privacy.lookup_hash(" 11010519491231002x ") == privacy.lookup_hash(NUMBER)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("熊伟", "熊*"),
        ("李小明", "李*明"),
        ("欧阳修", "欧阳*"),
        ("欧阳小明", "欧阳*"),
        ("古丽·买买提", "古****提"),
        ("万", "万"),
    ],
)
def test_names_are_masked_as_they_are_read_aloud(name, masked):
    assert privacy.mask_name(name) == masked


def test_numbers_on_staff_pages_show_both_ends_only():
    assert privacy.mask_identity(NUMBER) == "1101**********002X"
    assert privacy.mask_phone("13812345678") == "138****5678"
    assert privacy.mask_identity("1234") == "****"
