"""What rooms announce after a change is committed, and who listens. A notice carries ids, never people."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MarksMoved:
    """Something a board shows has changed; `revision` is the event category's new one."""

    event_category: int
    revision: int


@dataclass(frozen=True, slots=True)
class BoardPublished:
    """What the public may see of an event category changed: published, withdrawn or another state."""

    event_category: int


@dataclass(frozen=True, slots=True)
class RegisterMoved:
    """A studio, naming, member or output changed."""

    revision: int


@dataclass(frozen=True, slots=True)
class AnnouncementMoved:
    """The reading out of a publication went on, back, or was opened or closed."""

    event_category: int


Listener = Callable[[Any], Awaitable[None]]
_listeners: dict[type, list[Listener]] = defaultdict(list)


def listen(kind: type, listener: Listener) -> None:
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def unlisten(kind: type, listener: Listener) -> None:
    if listener in _listeners[kind]:
        _listeners[kind].remove(listener)


async def tell(notice: Any) -> None:
    """Tell every listener. A listener's failure is logged; the change stands."""
    for listener in list(_listeners[type(notice)]):
        try:
            await listener(notice)
        except Exception:
            log.exception("a listener failed on %s", type(notice).__name__)
