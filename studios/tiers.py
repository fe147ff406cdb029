"""The tiers a studio can be named at, highest first. Their words are in `web.wording.studios`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import polars as pl

Tier = Literal["national", "provincial", "municipal", "county"]
TIERS: tuple[Tier, ...] = get_args(Tier)
TIER = pl.Enum(TIERS)
"""As a column: sorts from the highest tier down."""

# How deep in the tree of union units an officer may sit to enter a naming of the tier: the root is 1. The
# national federation has no unit of its own here, its namings are entered by the province.
_DEEPEST = {"national": 1, "provincial": 1, "municipal": 2, "county": 3}


def height(tier: str) -> int:
    """4 for national down to 1 for county; 0 for none."""
    return len(TIERS) - TIERS.index(tier) if tier in TIERS else 0  # type: ignore[arg-type]


def highest(tiers: Iterable[str]) -> str | None:
    return max(tiers, key=height, default=None)


def may_be_conferred_from(tier: str, branch: str) -> bool:
    """Whether whoever holds the branch of this path stands high enough for namings of the tier; "" is everywhere."""
    return branch.count("/") <= _DEEPEST[tier]
