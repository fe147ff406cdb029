"""How names, marks, amounts, days and times read in the reader's language. All are filters of templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from federation.judging.frames import SCALE
from web.language import language

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def named(thing: Any, field: str = "name") -> str:
    """The name in the reader's language: `name_en` in English when it is filled, otherwise `name`."""
    read = thing.get if isinstance(thing, Mapping) else lambda key: getattr(thing, key, None)
    english = read(f"{field}_en") if language() == "en" else None
    return str(english or read(field) or "")


def points(value: int | None, places: int = 2, blank: str = "—") -> str:
    """A scaled integer (1/10 000) as a decimal with fixed places, half up; None is a blank.

    >>> points(931_500), points(931_450, 1), points(None)
    ('93.15', '93.2', '—')
    """
    if value is None:
        return blank
    step = SCALE // 10**places
    units = (abs(value) + step // 2) // step
    whole, rest = divmod(units, 10**places)
    sign = "−" if value < 0 and units else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def amount(value: Any, blank: str = "—") -> str:
    """A number with thousands separators.

    >>> amount(1990)
    '1,990'
    """
    return blank if value is None else f"{value:,}"


def day(value: date | datetime | None, year: bool = False, blank: str = "—") -> str:
    """11 月 23 日 / Nov 23, with the year when asked for."""
    if value is None:
        return blank
    local = _local(value)
    if language() == "en":
        return f"{MONTHS[local.month - 1]} {local.day}" + (f", {local.year}" if year else "")
    return (f"{local.year} 年 " if year else "") + f"{local.month} 月 {local.day} 日"


def days(first: date, last: date, year: bool = False) -> str:
    """11 月 23 日–11 月 25 日 / Nov 23–25, from the first day to the last."""
    if first == last:
        return day(first, year)
    if language() == "en":
        across = first.year != last.year
        end = day(last, year) if first.month != last.month or across else day(last, year).split(" ", 1)[1]
        return f"{day(first, year and across)}–{end}"
    return f"{day(first, year)}–{day(last, year and first.year != last.year)}"


def clock(value: datetime | None, seconds: bool = False, blank: str = "—") -> str:
    """15:30, in China's time."""
    return blank if value is None else _local(value).strftime("%H:%M:%S" if seconds else "%H:%M")


def moment(value: datetime | None, year: bool = False, blank: str = "—") -> str:
    """11 月 23 日 15:30 / Nov 23, 15:30."""
    if value is None:
        return blank
    joint = ", " if language() == "en" else " "
    return f"{day(value, year)}{joint}{clock(value)}"


def _local(value: Any) -> Any:
    return value.astimezone(CHINA) if isinstance(value, datetime) and value.tzinfo else value
