"""Which pieces are rechecked: all of the top group and a share of the rest by lot, repeatable from a seed. Pure.

Shares and limits are integers in 1/100 of a per cent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

WHOLE = 10_000
"""A hundred per cent."""

TopKind = Literal["count", "share"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How much is looked at, and how many faults are too many.

    The defaults are what is usual; an event category sets its own with the document they rest on.
    """

    top_kind: TopKind = "count"
    top_count: int = 10
    top_share: int = 3_000
    rest_share: int = 1_500
    fault_limit: int = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A piece that has marks, by its number, with the place it has now (None: none)."""

    number: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """Numbers of the top group and of those drawn from the rest, each in their order."""

    top: tuple[str, ...]
    sample: tuple[str, ...]

    def hash(self, seed: str) -> str:
        """SHA-256 of seed and list: who has the seed can see that nothing was exchanged."""
        told = {"sample": list(self.sample), "seed": seed, "top": sorted(self.top)}
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def share_of(count: int, share: int) -> int:
    """At least this share of so many.

    >>> share_of(30, 1500), share_of(31, 1500), share_of(0, 1500)
    (5, 5, 0)
    """
    return -(-count * share // WHOLE)


def top_group(standings: Iterable[Standing], measure: Measure) -> tuple[str, ...]:
    """Everybody whose place is in the top group; who shares its last place is in it too."""
    placed = sorted((one.place, one.number) for one in standings if one.place is not None)
    wanted = measure.top_count if measure.top_kind == "count" else share_of(len(placed), measure.top_share)
    if wanted <= 0 or not placed:
        return ()
    last = placed[min(wanted, len(placed)) - 1][0]
    return tuple(number for place, number in placed if place <= last)


def drawn(numbers: Iterable[str], seed: str) -> list[str]:
    """Numbers in drawn order, by SHA-256 of seed and number, however they came.

    >>> drawn(["003", "001", "002"], "s") == drawn(["001", "002", "003"], "s")
    True
    """
    return sorted(
        numbers, key=lambda number: (hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(), number)
    )


def select(standings: Iterable[Standing], measure: Measure, seed: str) -> Selection:
    """All of the top group, and at least the share of the rest."""
    standings = tuple(standings)
    top = top_group(standings, measure)
    rest = {one.number for one in standings} - set(top)
    return Selection(top, tuple(drawn(rest, seed)[: share_of(len(rest), measure.rest_share)]))


def too_many(wrong: int, sheets: int, measure: Measure) -> bool:
    """Whether so many wrong sheets among all on the list are above the limit.

    >>> too_many(4, 100, Measure()), too_many(5, 100, Measure()), too_many(6, 100, Measure())
    (False, False, True)
    """
    return wrong * WHOLE > measure.fault_limit * sheets


def most_allowed(sheets: int, measure: Measure) -> int:
    """How many wrong sheets among so many are still within the limit."""
    return measure.fault_limit * sheets // WHOLE


def percent(share: int) -> str:
    """1/100 of a per cent as a text.

    >>> percent(1500), percent(1250), percent(1205)
    ('15', '12.5', '12.05')
    """
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def rate(wrong: int, sheets: int) -> str:
    """Wrong sheets of all as a per cent of two places, half up.

    >>> rate(2, 30), rate(0, 0)
    ('6.67', '0.00')
    """
    hundredths = (2 * wrong * WHOLE + sheets) // (2 * sheets) if sheets else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"
