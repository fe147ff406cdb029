"""When an appeal is in time: to the second, from a recorded moment. Pure, but for `now`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The one clock of appeals; tests travel by replacing it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """From the recorded moment for so many minutes, the last second included.

    Moments count by whole seconds, as they are shown.
    """

    moment: str
    opens: datetime
    minutes: int

    @property
    def limit(self) -> datetime:
        return whole(self.opens) + timedelta(minutes=self.minutes)

    def takes(self, at: datetime) -> bool:
        return whole(self.opens) <= whole(at) <= self.limit

    def over(self, at: datetime) -> bool:
        return whole(at) > self.limit


def whole(at: datetime) -> datetime:
    """The second a moment lies in."""
    return at.replace(microsecond=0)
