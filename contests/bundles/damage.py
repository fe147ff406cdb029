"""Which lines of a bundle are not what was written, and, where one byte is wrong, which and what it was. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contests.bundles.layout import CHECK, Path, Walker, digest, sum_of

MOST_FAULTS = 20
LONGEST_REPAIR = 1_000
"""Longer lines are named without looking for the one wrong byte."""

_DIGEST = re.compile(rb'"([0-9a-f]{64})"(,?)')
_SUM = re.compile(rb'\],"sum":"([0-9a-f]{64})"\}')


@dataclass(frozen=True, slots=True)
class Damage:
    """A line (from 1) that is not what was written. `path`: where it stands in the document, () for the checksums.

    `kind`: line, checksum, sum, form, end. `expected`, `found`: the line as it was and as it is, or what is known of
    them; `expected` is empty where it cannot be told.
    """

    line: int
    kind: str
    path: Path = ()
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file taken apart. `body` and `listed` (its digests) are of equal length where nothing is damaged."""

    body: tuple[bytes, ...]
    listed: tuple[str, ...]
    damages: tuple[Damage, ...]


def opened(data: bytes) -> Opened:
    """Take a file apart and compare every line with its digest. Any bytes at all may come in."""
    lines = data.split(b"\n")
    at = _marker(lines)
    if at is None:
        return Opened((), (), (Damage(1, "form", found=_shown(lines[0])),))
    body, tail = lines[:at], _tail(lines[at:], lines[:at])
    found = list(tail.wrong)
    if not found and tail.total != sum_of(list(tail.listed)):
        found = _sums(body, tail, at)
    elif not found:
        found = list(_compared(body, tail.listed))
    return Opened(tuple(body), tuple(tail.listed), tuple(found[:MOST_FAULTS]))


def _marker(lines: Sequence[bytes]) -> int | None:
    """Where the checksums begin: at their head, or, where that is damaged, before the first of their lines."""
    for at, line in enumerate(lines):
        if line == CHECK:
            return at
    return next((at - 1 for at, line in enumerate(lines) if at and _DIGEST.fullmatch(line)), None)


@dataclass(frozen=True, slots=True)
class _Tail:
    listed: tuple[str, ...]
    total: str
    wrong: tuple[Damage, ...]


def _tail(lines: Sequence[bytes], body: Sequence[bytes]) -> _Tail:
    """The checksums and what is wrong with the lines that carry them. `body`: the lines before them."""
    before, wrong = len(body), list[Damage]()
    if lines[0] != CHECK:
        wrong.append(Damage(before + 1, "form", (), CHECK.decode(), _shown(lines[0])))
    end = next((at for at, line in enumerate(lines) if at and _SUM.fullmatch(line)), None)
    if end is None:
        end = min(before + 1, len(lines))
        shown = _shown(lines[end]) if end < len(lines) else ""
        wrong.append(Damage(before + end + 1, "sum", found=shown))
    listed: list[str] = []
    for at, line in enumerate(lines[1:end], 1):
        found = _DIGEST.fullmatch(line)
        if found is None or bool(found[2]) != (at < end - 1):
            was = f'"{digest(body[at - 1])}"{"," if at < before else ""}' if at <= before else ""
            wrong.append(Damage(before + at + 1, "checksum", (), was, _shown(line)))
        listed.append(found[1].decode() if found else "")
    closing = list(lines[end + 1 :])
    if closing != [b"}", b""]:
        wrong.append(Damage(before + end + 2, "end", (), "}", _shown(b"\n".join(closing[:3]))))
    total = _SUM.fullmatch(lines[end]) if end < len(lines) else None
    return _Tail(tuple(listed), total[1].decode() if total else "", tuple(wrong))


def _sums(body: Sequence[bytes], tail: _Tail, before: int) -> list[Damage]:
    """The digests do not add up: one of them was changed, or the sum itself, or lines and digests both."""
    actual = [digest(line) for line in body]
    if sum_of(actual) == tail.total and len(actual) == len(tail.listed):
        walker = Walker()
        paths = [walker.step(line.decode("utf-8", "replace")) for line in body]
        return [
            Damage(before + at + 2, "checksum", paths[at], was, now)
            for at, (was, now) in enumerate(zip(actual, tail.listed, strict=True))
            if was != now
        ]
    total = Damage(before + len(tail.listed) + 2, "sum", (), sum_of(list(tail.listed)), tail.total)
    return [*_compared(body, tail.listed), total]


def _compared(body: Sequence[bytes], listed: Sequence[str]) -> Iterator[Damage]:
    walker = Walker()
    for number, line in enumerate(body, 1):
        expected = listed[number - 1] if number <= len(listed) else ""
        text = line.decode("utf-8", "replace")
        if digest(line) == expected:
            walker.step(text)
            continue
        if len(body) != len(listed):
            yield Damage(
                number, "line", walker.path(text), _joined(body, listed, number - 1), found=_shown(line)
            )
            return
        was = repaired(line, expected)
        path = walker.step(was.decode() if was is not None else text)
        yield Damage(number, "line", path, was.decode() if was is not None else "", _shown(line))
    if len(body) < len(listed):
        yield Damage(len(body) + 1, "line", found="")


def _joined(body: Sequence[bytes], listed: Sequence[str], at: int) -> str:
    """The line as it was, when an end of line was lost or came in here."""
    line = body[at]
    if len(body) < len(listed):
        for cut in range(len(line)):
            if digest(line[:cut]) == listed[at]:
                return line[:cut].decode("utf-8", "replace")
    elif at + 1 < len(body):
        for byte in range(256):
            whole = line + bytes([byte]) + body[at + 1]
            if at < len(listed) and digest(whole) == listed[at]:
                return whole.decode("utf-8", "replace")
    return ""


def repaired(line: bytes, expected: str) -> bytes | None:
    """The line that has this digest and differs in one byte, if there is one."""
    if len(line) > LONGEST_REPAIR:
        return None
    wanted = bytes.fromhex(expected)
    for at in range(len(line)):
        head, rest = hashlib.sha256(line[:at]), line[at + 1 :]
        for byte in range(256):
            tried = head.copy()
            tried.update(bytes([byte]) + rest)
            if tried.digest() == wanted:
                return line[:at] + bytes([byte]) + rest
    return None


def cell_of(row: str, at: int) -> int | None:
    """Which cell of a row, from 0, the character at this place belongs to; brackets and commas belong to none."""
    decoder, place, cell = json.JSONDecoder(), 1, 0
    while place < len(row):
        try:
            _value, end = decoder.raw_decode(row, place)
        except ValueError:
            return None
        if place <= at < end:
            return cell
        place, cell = end + 1, cell + 1
    return None


def apart(expected: str, found: str) -> int:
    """Where two texts begin to differ."""
    return next(
        (at for at, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b),
        min(len(expected), len(found)),
    )


def _shown(line: bytes) -> str:
    return line[:2_000].decode("utf-8", "backslashreplace")
