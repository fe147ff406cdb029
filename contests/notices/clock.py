"""When a notice begins and ends, to the minute, in China's time. Pure, but for `now`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

from federation.workdays import between, first_from, is_workday, last_of

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
FirstDay = Literal["same", "next"]


def now() -> datetime:
    """The one clock of notices and objections; tests travel by replacing it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """How a notice is counted. `opens`, `closes`: minutes of the day. Defaults until somebody sets their own.

    `first_day`: "same" counts the day of publishing, if it is a working day that has not closed; "next" begins with
    the working day after it. `per_day`: objections one sender may lodge a day.
    """

    days: int = 5
    opens: int = 9 * 60
    closes: int = 17 * 60 + 30
    first_day: FirstDay = "same"
    per_day: int = 10
    basis: str = ""

    def span(self, published: datetime) -> tuple[date, date]:
        """The first and last day of a notice that is published then."""
        local = published.astimezone(CHINA)
        day = local.date()
        over = local.hour * 60 + local.minute >= self.closes
        if self.first_day == "next" or (over and is_workday(day)):
            day += timedelta(days=1)
        first = first_from(day)
        return first, last_of(first, self.days)


@dataclass(frozen=True, slots=True)
class Clock:
    """One notice: objections are taken from `opens` until just before `closes`. `days`: its working days."""

    opens: datetime
    closes: datetime
    days: tuple[date, ...]
    terms: NoticeTerms

    def begun(self, at: datetime) -> bool:
        return at >= self.opens

    def over(self, at: datetime) -> bool:
        return at >= self.closes

    def takes(self, at: datetime) -> bool:
        """Whether an objection can be lodged then."""
        return self.begun(at) and not self.over(at)

    def days_left(self, at: datetime) -> int:
        """Working days that have not closed yet, the running one counted."""
        return sum(_moment(day, self.terms.closes) > at for day in self.days)


def clock(terms: NoticeTerms, first: date, last: date, published: datetime | None) -> Clock:
    """The notice from its first to its last day. It does not open before it was published."""
    opens = _moment(first, terms.opens)
    return Clock(
        max(published or opens, opens),
        _moment(last, terms.closes),
        tuple(between(first, last)),
        terms,
    )


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(minutes=minutes)
