"""What the oracle says of a board."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """Totals and scores are scaled integers; all else as on the board."""

    total: dict[int, int | None] = field(default_factory=dict)
    place: dict[int, int | None] = field(default_factory=dict)
    tied: dict[int, bool] = field(default_factory=dict)
    award: dict[int, str | None] = field(default_factory=dict)
    tie_break: dict[int, str] = field(default_factory=dict)
    status: dict[int, str] = field(default_factory=dict)
    reached: dict[int, int] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    further: dict[str, dict[int, int | None]] = field(default_factory=dict)
    scores: dict[tuple[int, str, int], int | None] = field(default_factory=dict)
    teams: list[tuple[str, int, bool, int, int]] = field(default_factory=list)
