"""What each audience may see of a board in each state: the one table that pages, data, files and screens share."""

from __future__ import annotations

from typing import Literal

Audience = Literal["public", "staff"]
Shows = Literal["nothing", "live", "sealed", "publication"]
"""nothing: it has not begun; only how many are entered. live: the marks as they stand. sealed: it is being
judged or checked and nothing of it is public. publication: what was published, as it was published."""

BEFORE = ("planned", "open", "closed", "drawn")
NAMED = ("notice", "final", "archived")
"""States in which the public reads full names."""


def public_shows(state: str, live_public: bool, publication: int | None) -> Shows:
    """What the public sees; `publication` is the number of the publication in force.

    >>> public_shows("marking", True, None), public_shows("frozen", True, None), public_shows("notice", True, 2)
    ('live', 'sealed', 'publication')
    """
    if state in BEFORE:
        return "nothing"
    if state == "marking" and live_public:
        return "live"
    return "sealed" if publication is None else "publication"


def shows(audience: Audience, state: str, live_public: bool, publication: int | None) -> Shows:
    """Staff see the marks as they stand from the first one on, whatever the public is shown."""
    if audience == "staff":
        return "nothing" if state in ("planned", "open") else "live"
    return public_shows(state, live_public, publication)


def names_in_full(audience: Audience, state: str) -> bool:
    return audience == "staff" or state in NAMED
