"""Drawing lots for places in a hall: repeatable from its seed, nobody beside somebody of the own unit. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping


def seated(units: Mapping[str, str], seed: str, *, apart: bool = True) -> list[str]:
    """The numbers of `units` (number → unit) in drawn order, by SHA-256 of seed and number.

    With `apart` no two of one unit follow each other, wherever that is possible; where one unit has more than half of
    all, as few as can be do.

    >>> seated({"001": "南昌", "002": "南昌", "003": "九江"}, "s")
    ['001', '003', '002']
    """
    lots = sorted(units, key=lambda number: (hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(), number))
    if not apart:
        return lots
    left, order, before = Counter(units.values()), list[str](), ""
    while lots:
        crowded = [unit for unit, count in left.items() if 2 * count > len(lots)]
        wanted = next(
            (
                number
                for number in lots
                if units[number] != before and (not crowded or units[number] in crowded)
            ),
            None,
        )
        if wanted is None:
            wanted = next((number for number in lots if units[number] != before), lots[0])
        lots.remove(wanted)
        left[units[wanted]] -= 1
        order.append(wanted)
        before = units[wanted]
    return order


def workstations(order: list[str], stations: int | None) -> dict[str, str]:
    """Number → workstation: 01 upwards, or batch and station ("2-07") where there are `stations` in the hall."""
    if not stations or stations >= len(order):
        width = max(2, len(str(len(order))))
        return {number: f"{place:0{width}d}" for place, number in enumerate(order, 1)}
    width = max(2, len(str(stations)))
    return {
        number: f"{place // stations + 1}-{place % stations + 1:0{width}d}"
        for place, number in enumerate(order)
    }


def piece_numbers(order: list[str]) -> dict[str, str]:
    """Number → piece number, P-001 upwards in drawn order."""
    width = max(3, len(str(len(order))))
    return {number: f"P-{place:0{width}d}" for place, number in enumerate(order, 1)}
