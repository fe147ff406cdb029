"""Cells of text to scaled integers, milliseconds and blanks, a column at a time; never through a float."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from federation.findings import Finding
from federation.judging import SCALE, parse_value

NUMBER = r"^[+-]?[0-9]{1,12}(\.[0-9]{0,4}0*)?$"
CLOCK = r"^([0-9]{1,3}:[0-5]?[0-9]|[0-9]{1,4}):[0-5]?[0-9](\.[0-9]{1,3}0*)?$"
SECONDS = r"^[0-9]{1,9}(\.[0-9]{1,3}0*)?$"
_MOST_WORDS = 100_000
_SIGNS = {
    **dict.fromkeys(("-", "–", "—", "/"), "pending"),
    **dict.fromkeys(("x", "×", "✗", "nm", "nh", "ret", "失败", "犯规"), "dnf"),
}
"""What result sheets write for a turn not taken and for one without a result; too short to be read on a screen."""
_WIDE = str.maketrans("０１２３４５６７８９．：－＋", "0123456789.:-+")
_STROKES = re.compile(r"(\d{1,3})[′'’分](\d{1,2})(?:[″\"”秒]|''|\.(?=\d))?(\d{1,3})?(?:[″\"”秒]|'')?")
_COMMA = re.compile(r"[+-]?\d+,\d{1,2}|[+-]?\d{1,3}(\.\d{3})+,\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}([, '’]\d{3})+(\.\d+)?")

YES = ("1", "true", "yes", "y", "t", "x", "是", "√", "✓")
NO = ("", "0", "false", "no", "n", "f", "否")
STATUS_WORDS = {
    word: status
    for status, words in {
        "": ("", "ok", "active", "finished", "正常", "参赛"),
        "dns": ("dns", "缺考", "缺赛", "弃权", "未到"),
        "dnf": ("dnf", "未完赛", "未完成"),
        "dsq": ("dsq", "dq", "取消资格", "取消成绩"),
        "withdrawn": ("withdrawn", "wd", "退赛", "退出"),
    }.items()
    for word in words
}


def scaled(text: pl.Series) -> pl.Series:
    """Plain decimals, all of them within NUMBER or null, to units of 1/10 000."""
    return text.str.strip_chars_end(".").cast(pl.Decimal(28, 4), strict=False).to_physical().cast(pl.Int64)


def values(text: pl.Series) -> tuple[pl.Series, pl.Series | None, pl.Series, Callable[[str, int], Finding]]:
    """Scaled values, blanks (None: there are none), where a cell is wrong, and what to say of it.

    A clock (1:25.3) is a value in seconds. Other texts are read one distinct word at a time.
    """
    plain = text.str.contains(NUMBER)
    if bool(plain.all()):
        return scaled(text), None, ~plain, _wrong_value
    value = scaled(text.set(~plain, None))
    clock = text.str.contains(CLOCK)
    if bool(clock.any()):
        value = value.zip_with(~clock, milliseconds(text.set(~clock, None)) * (SCALE // 1000))
    rest = ~plain & ~clock & (text != "")
    if not bool(rest.any()):
        return value, None, rest, _wrong_value
    words = text.filter(rest).unique().head(_MOST_WORDS).to_list()
    readings = {word: _reading(word) for word in words}
    numbers = {word: number for word, (number, _) in readings.items() if number is not None}
    blanks = {word: blank for word, (_, blank) in readings.items() if blank is not None}
    value = value.zip_with(~rest, text.replace_strict(numbers, default=None, return_dtype=pl.Int64))
    blank = text.replace_strict(blanks, default=None, return_dtype=pl.String) if blanks else None
    return value, blank, rest & ~text.is_in([*numbers, *blanks]), _wrong_value


def _reading(word: str) -> tuple[int | None, str | None]:
    if sign := _SIGNS.get(word.lower()):
        return None, sign
    value, blank, wrong = parse_value(word)
    if not wrong:
        return value, blank or (None if value is not None else "pending")
    stroked = clock_of(word)
    return (int(milliseconds(pl.Series([stroked]))[0]) * (SCALE // 1000), None) if stroked else (None, None)


def _wrong_value(value: str, _row: int) -> Finding:
    """Why a text is no mark, as narrowly as it can be told."""
    text = value.translate(_WIDE).strip()
    facts = {"value": value[:80]}
    if _GROUPED.fullmatch(text):
        return Finding("rank.thousands", facts={**facts, "plain": re.sub(r"[, '’]", "", text)})
    if _COMMA.fullmatch(text):
        return Finding(
            "rank.decimal_comma", facts={**facts, "plain": text.replace(".", "").replace(",", ".")}
        )
    if text.endswith(("%", "％")):
        return Finding("rank.percent", facts=facts)
    wrong = parse_value(value)[2]
    if wrong and wrong[0].code == "marks.too_many_decimals":
        return Finding("rank.too_many_decimals", facts={**wrong[0].facts, **facts})
    return Finding("rank.not_a_number", facts=facts)


def factors(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Scaled factors and where a cell is wrong."""
    plain = text.str.contains(NUMBER)
    return scaled(text.set(~plain, None)), ~plain & (text != "")


def times(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Milliseconds (null for an empty cell) and where a cell is wrong. 85.3, 1:25.3, 1:02:03, 1′25″30."""
    right = text.str.contains(CLOCK) | text.str.contains(SECONDS)
    if not bool(right.all()):
        words = text.filter(~right & (text != "")).unique().head(_MOST_WORDS).to_list()
        read = {word: clock for word in words if (clock := clock_of(word))}
        if read:
            text = text.replace(read)
            right = right | text.is_in(list(read.values()))
    return milliseconds(text.set(~right, None)), ~right & (text != "")


def clock_of(word: str) -> str:
    """1′25″30 or 1分25秒3 as 1:25.3, full-width digits as digits; empty if it is no time."""
    text = word.translate(_WIDE).strip()
    found = _STROKES.fullmatch(text)
    if found and int(found[2]) < 60:
        return f"{found[1]}:{found[2]}" + (f".{found[3]}" if found[3] else "")
    return text if text != word and re.fullmatch(f"{CLOCK}|{SECONDS}", text) else ""


def milliseconds(text: pl.Series) -> pl.Series:
    """85.3, 1:25.3 or 0:01:25.3, all of them well formed or null."""
    parts = text.str.split(":").list.reverse()
    total = pl.repeat(0, text.len(), dtype=pl.Int64, eager=True)
    for position, unit in enumerate((1_000, 60_000, 3_600_000)):
        part = parts.list.get(position, null_on_oob=True).cast(pl.Decimal(28, 4), strict=False)
        total = total + (part * unit).cast(pl.Int64).fill_null(0)
    return total.set(text.is_null(), None)


def whole(text: pl.Series, dtype: type[pl.DataType] = pl.Int64) -> tuple[pl.Series, pl.Series]:
    """Whole numbers from 0 (null for an empty cell) and where a cell is none; 2.0 is 2."""
    right = text.str.contains(r"^[0-9]{1,9}(\.0*)?$")
    number = text.str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)
    return number.set(~right, None).cast(dtype), ~right & (text != "")


def words_to(text: pl.Series, mapping: Mapping[str, str]) -> tuple[pl.Series, pl.Series]:
    """Each cell as the word it stands for, whatever its case, and where it stands for none."""
    read = text.str.to_lowercase().replace_strict(mapping, default=None, return_dtype=pl.String)
    return read, read.is_null()
