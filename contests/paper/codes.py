"""The code of a sheet: eight random characters and one that checks them, as people type and scanners read. Pure."""

from __future__ import annotations

import re
import secrets

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: what looks like another sign is read as that one."""

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CHECKS = SIGNS + "*~$=U"
_LENGTH = 8


def new_code() -> str:
    return with_check("".join(secrets.choice(SIGNS) for _ in range(_LENGTH)))


def with_check(body: str) -> str:
    """The body and its check sign: the number it is, modulo 37. One wrong or two swapped signs are noticed.

    Bodies whose check would be no letter or digit are moved on until it is one, so that every keyboard has it.
    """
    number = _number(body)
    while _CHECKS[number % 37] not in SIGNS:
        number = (number + 1) % 32**_LENGTH
    body = "".join(SIGNS[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
    return body + _CHECKS[number % 37]


def plain_code(typed: str) -> str:
    """What was typed or scanned as codes are stored: also the whole address of a sheet.

    >>> plain_code("7kq2-m9xa-o")
    '7KQ2M9XA0'
    """
    last = re.split(r"[?#]", typed.strip())[0].rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[^0-9A-Z]", "", last.upper()).translate(_LOOKS_LIKE)


def is_code(plain: str) -> bool:
    """Whether it can be a code at all; a mistyped one cannot."""
    return (
        len(plain) == _LENGTH + 1
        and set(plain) <= set(SIGNS)
        and _CHECKS[_number(plain[:-1]) % 37] == plain[-1]
    )


def shown_code(code: str) -> str:
    """As it is printed: 7KQ2-M9XA-4."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def _number(body: str) -> int:
    number = 0
    for sign in body:
        number = number * 32 + SIGNS.index(sign)
    return number
