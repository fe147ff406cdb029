"""Where a scheme is edited: for an event category, or inside a trial, where nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Desk:
    """`path`: of the editor; its views lie below it. `back`: the page it was opened from. `trial`: the trial's row."""

    path: str
    back: str
    trial: Mapping[str, Any] | None = None


def desk_of(event_category: int, trial: Mapping[str, Any] | None = None) -> Desk:
    if trial is None:
        back = f"/work/event-categories/{event_category}"
    else:
        back = f"/work/boards/{event_category}/trials/{trial['id']}"
    return Desk(f"{back}/scheme", back, trial)
