"""A judge who signed in by seat: who they are to the room, and the few cells that are theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from federation.changes import Actor


@dataclass(frozen=True, slots=True)
class Seated:
    """A device that holds a judge's seat. It has no account, no role and no name; it reaches its own cells only.

    `aspects` are (stage, aspect) as marks store them.
    """

    id: int
    event_category: int
    code: str
    aspects: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    token_hash: str = ""

    roles: tuple[str, ...] = ()
    worker: None = None

    @property
    def display_name(self) -> str:
        return f"裁判席 {self.code}"

    @property
    def actor(self) -> Actor:
        return Actor(account=None, name=self.display_name)

    @property
    def device(self) -> str:
        """Names this sign-in to the browser's own storage; says nothing of the secret."""
        return f"seat{self.id}-{self.token_hash[:12]}"

    def holds(self, *_roles: str) -> bool:
        return False

    def covers(self, _path: str, *_roles: str) -> bool:
        return False

    def granted(self, _scope: str, _scope_id: int, *_roles: str) -> bool:
        return False

    def branches(self, *_roles: str) -> tuple[str, ...]:
        return ()

    def judge_for(self, *, has_seats: bool) -> str:
        """What a mark of this seat calls its judge: the seat where judges mark side by side, else nobody."""
        return self.code if has_seats else ""

    def owns(self, stage: str, aspect: str, judge: str) -> bool:
        """Whether a cell is this seat's: an aspect it marks, under its own code or the common one."""
        return (stage, aspect) in self.aspects and judge in ("", self.code)


def is_seated(viewer: Any) -> bool:
    return isinstance(viewer, Seated)
