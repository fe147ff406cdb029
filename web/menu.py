"""The menu: which pages are listed where. Page modules list their own lines in `menu`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from contests.rules import Ground
from web.language import N_

Place = Literal["public", "tab", "work", "foot"]


def everybody(_account: Any) -> bool:
    return True


def signed_in(account: Any) -> bool:
    return account is not None


def with_role(*roles: str) -> Callable[[Any], bool]:
    """Whoever holds one of these roles, in whatever scope."""
    return lambda account: account is not None and bool(set(roles) & set(account.roles))


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `label` is marked with N_; `who` decides for an account or None."""

    path: str
    label: str
    place: Place = "work"
    order: int = 100
    icon: str = ""
    who: Callable[[Any], bool] = everybody


@dataclass(frozen=True)
class Door:
    """A page that belongs to one event category, opened from its work page. Page modules list theirs in `doors`.

    `path` has `{id}` for the event category; `states` are those in which the page is of use (() for all).
    """

    path: str
    label: str
    means: str
    who: Callable[[Any, Ground], bool]
    states: tuple[str, ...] = ()
    order: int = 100


PUBLIC = (
    Entry("/", N_("首页"), "public", 10),
    Entry("/contests", N_("竞赛"), "public", 20),
    Entry("/boards", N_("榜单"), "public", 30),
    Entry("/studios", N_("工作室"), "public", 40),
    Entry("/achievements", N_("创新成果"), "public", 50),
    Entry("/contests", N_("竞赛"), "tab", 10, "trophy"),
    Entry("/boards", N_("榜单"), "tab", 20, "list"),
    Entry("/studios", N_("工作室"), "tab", 30, "studio"),
    Entry("/me", N_("我的"), "tab", 40, "me"),
)

BEGINNINGS = ("/", "/work")
"""Pages that others lie below in their addresses, without belonging to them."""

_doors: list[Door] = []
_entries: list[Entry] = sorted(PUBLIC, key=lambda entry: entry.order)


def fill(more: Iterable[Entry]) -> None:
    """Set the menu to the public entries and those the page modules list."""
    _entries[:] = sorted((*PUBLIC, *more), key=lambda entry: entry.order)


def hang(more: Iterable[Door]) -> None:
    """Set the doors of an event category to those the page modules list."""
    _doors[:] = sorted(more, key=lambda door: door.order)


def doors(viewer: Any, ground: Ground, state: str) -> list[Door]:
    """The pages of this event category that this person may open and that are of use now, in order."""
    return [door for door in _doors if (not door.states or state in door.states) and door.who(viewer, ground)]


def entries(place: Place, account: Any) -> list[Entry]:
    """The lines of one menu this account sees, in order."""
    return [entry for entry in _entries if entry.place == place and entry.who(account)]


def is_current(entry: Entry, path: str) -> bool:
    return path == entry.path or (entry.path not in BEGINNINGS and path.startswith(entry.path + "/"))
