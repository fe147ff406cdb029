"""Working days: Monday to Friday, but for the State Council's holidays and make-up days (data/workdays.csv)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from federation.reference import rows


@lru_cache(maxsize=1)
def _exceptions() -> dict[date, str]:
    return {date.fromisoformat(row["date"]): row["kind"] for row in rows("workdays.csv")}


def is_workday(day: date) -> bool:
    """In years the file does not hold, only the weekday decides."""
    kind = _exceptions().get(day)
    return kind == "makeup" or (kind is None and day.weekday() < 5)


def last_of(first: date, number: int) -> date:
    """The last of `number` working days that begin on or after `first`."""
    day, left = first, number
    while True:
        left -= is_workday(day)
        if left <= 0:
            return day
        day += timedelta(days=1)


def first_from(day: date) -> date:
    """The day itself when it is worked on, otherwise the next one that is."""
    return last_of(day, 1)


def between(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both counted."""
    return [
        day
        for day in (first + timedelta(days=at) for at in range((last - first).days + 1))
        if is_workday(day)
    ]


def known(year: int) -> bool:
    """Whether the holidays of this year are in the file; otherwise only the weekday decides."""
    return any(day.year == year for day in _exceptions())
