"""Codes by which anybody checks a certificate: 15 characters nobody can guess and one that shows a slip. Pure."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read for 1, 1, 0 and V."""
LENGTH = 16
_BASE = len(ALPHABET)
_READ = str.maketrans("ＩＬＯｉｌｏILOilo", "110110110110")


def new_code() -> str:
    """75 random bits and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Luhn's rule in base 32: one wrong character always shows, two neighbours swapped nearly always."""
    total = 0
    for at, letter in enumerate(reversed(body)):
        value = ALPHABET.index(letter) * (2 - at % 2)
        total += value // _BASE + value % _BASE
    return ALPHABET[-total % _BASE]


def tidy_code(text: str) -> str:
    """As it is kept: upper case, without hyphens and spaces, letters that look like digits read as digits."""
    return "".join(
        chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one
        for one in text.translate(_READ)
        if one not in "-－—–_ \u3000\t"
    ).upper()[:40]


def is_code(text: str) -> bool:
    """Whether a tidy text has the shape of a code and its check character is right."""
    return (
        len(text) == LENGTH
        and all(letter in ALPHABET for letter in text)
        and check_character(text[:-1]) == text[-1]
    )


def shown_code(code: str) -> str:
    """In groups of four, as it is printed.

    >>> shown_code("0123456789ABCDEF")
    '0123-4567-89AB-CDEF'
    """
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
