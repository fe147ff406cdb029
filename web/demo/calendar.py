"""When the demo's contests take place, and how far each has come on the day of loading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from federation.workdays import last_of

FLOW = (
    ("open_registration", "planned", "open"),
    ("close_registration", "open", "closed"),
    ("draw", "closed", "drawn"),
    ("open_marking", "drawn", "marking"),
    ("freeze", "marking", "frozen"),
    ("publish_provisional", "frozen", "provisional"),
    ("publish_notice", "provisional", "notice"),
    ("publish_final", "notice", "final"),
    ("archive", "final", "archived"),
)
NOTICE_DAYS = 5
ARCHIVED_AFTER = timedelta(days=90)
UPCOMING = {"planned": 34, "open": 27, "closed": 9, "drawn": 3}
"""Days from today to the start, by state."""
RUNNING = {"live": -1, "provisional": -5, "notice": -9}


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a contest and the state it has reached."""

    starts_on: date
    ends_on: date
    state: str

    @property
    def notice_from(self) -> date:
        return self.ends_on + timedelta(days=3)

    @property
    def notice_until(self) -> date:
        return last_of(self.notice_from, NOTICE_DAYS)

    @property
    def registration_opens_on(self) -> date:
        return self.starts_on - timedelta(days=48)

    @property
    def registration_closes_on(self) -> date:
        return self.starts_on - timedelta(days=18)

    def acts(self) -> Iterator[tuple[str, str, str, datetime]]:
        """Every act so far: code, state before, state after, when."""
        if self.state == "planned":
            return
        days = (
            (self.registration_opens_on, 1),
            (self.registration_closes_on, 10),
            (self.starts_on - timedelta(days=4), 7),
            (self.starts_on, 0),
            (self.ends_on, 8),
            (self.ends_on, 10),
            (self.notice_from, 1),
            (self.notice_until + timedelta(days=1), 2),
            (self.ends_on + ARCHIVED_AFTER, 2),
        )
        for (act, before, after), (day, hour) in zip(FLOW, days, strict=True):
            yield act, before, after, moment(day, hour)
            if after == self.state:
                return


def moment(day: date, hour: int, minute: int = 15) -> datetime:
    """An hour of UTC on a day; in the province it is eight hours later."""
    return datetime.combine(day, time(hour, minute), UTC)


def last_year(today: date) -> int:
    """The youngest of the three years: in winter the year before, when the new one has no contests yet."""
    return today.year if today.month >= 4 else today.year - 1


def term(phase: str, year: int, *, order: int, slots: int, today: date, random: Random) -> Term:
    """The days of the `order`th of a year's contests; `phase` counts in the youngest year only."""
    length = timedelta(days=random.choice((1, 2, 2, 3)))
    if year == last_year(today) and phase in UPCOMING:
        starts = today + timedelta(days=UPCOMING[phase] + order % 5)
        return Term(starts, starts + length, phase)
    if year == last_year(today) and phase in RUNNING:
        if phase == "live":
            return Term(today - timedelta(days=1), today + timedelta(days=1), "marking")
        ends = today + timedelta(days=RUNNING[phase])
        if phase == "notice":
            while not Term(ends, ends, phase).notice_from <= today < Term(ends, ends, phase).notice_until:
                ends += timedelta(days=1)
        return Term(ends - length, ends, phase)
    first = date(year, 3, 4)
    last = min(date(year, 11, 20), today - timedelta(days=32))
    starts = first + timedelta(days=(last - first).days * order // slots)
    ends = starts + length
    return Term(starts, ends, "archived" if ends + ARCHIVED_AFTER <= today else "final")
