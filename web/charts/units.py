"""One square per studio, the higher the tier the larger: paths of a still drawing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HEIGHT = 132
GAP = 22
# side, pitch and squares per column; on a phone side and pitch at a width of 340
SIZES: Mapping[str, tuple[float, float, int]] = {
    "national": (38, 47, 3),
    "provincial": (10.5, 14.7, 9),
    "municipal": (4, 6, 22),
    "county": (4, 6, 22),
}
PHONE: Mapping[str, tuple[float, float]] = {
    "national": (38, 46),
    "provincial": (11, 15),
    "municipal": (5, 7.5),
    "county": (5, 7.5),
}
PHONE_WIDTH = 340


@dataclass(frozen=True, slots=True)
class Block:
    """The squares of one tier: where the block begins, how wide it is, its path."""

    tier: str
    left: float
    width: float
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: int
    blocks: tuple[Block, ...]


def drawing(counts: Mapping[str, int]) -> Drawing:
    """Blocks side by side, filled column by column; a tier with nothing has no block."""
    blocks = []
    left = 0.0
    for tier, (side, pitch, rows) in SIZES.items():
        if not counts.get(tier):
            continue
        columns = -(-counts[tier] // rows)
        path = "".join(
            _square(left + place // rows * pitch, place % rows * pitch, side) for place in range(counts[tier])
        )
        width = columns * pitch - (pitch - side)
        blocks.append(Block(tier, left, width, path))
        left += width + (GAP if tier in ("national", "provincial") else 6)
    return Drawing(round(max(left - 6, 1), 1), HEIGHT, tuple(blocks))


def narrow(tier: str, count: int) -> tuple[int, str]:
    """Height and path of one tier for a phone, filled row by row."""
    side, pitch = PHONE[tier]
    across = int((PHONE_WIDTH + pitch - side) // pitch)
    path = "".join(_square(place % across * pitch, place // across * pitch, side) for place in range(count))
    return round(-(-count // across) * pitch), path


def _square(x: float, y: float, side: float) -> str:
    return f"M{x:g} {y:g}h{side:g}v{side:g}h-{side:g}z"
