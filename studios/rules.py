"""Who may see and do what in the register. Pages, templates and API ask here."""

from __future__ import annotations

from typing import Any

from federation.accounts import Viewer
from studios.tiers import TIERS, may_be_conferred_from

EDITORS = ("officer",)


def branches(viewer: Viewer | None) -> tuple[str, ...]:
    """Paths of the union units whose studios the person works with; "" is all, none is ()."""
    return viewer.branches(*EDITORS) if viewer is not None else ()


def may_work(viewer: Viewer | None) -> bool:
    """Whether the work pages of the register are for this person."""
    return bool(branches(viewer))


def may_edit(viewer: Viewer | None, path: str) -> bool:
    """Whether the person keeps the studios of the union unit with this path."""
    return any(path.startswith(branch) for branch in branches(viewer))


def may_confer(viewer: Viewer | None, path: str, tier: str) -> bool:
    """Whether the person may enter, change or end a naming of this tier for a studio of this unit.

    A county enters county namings, a city or industrial union municipal ones too, the province all.
    """
    return any(path.startswith(branch) and may_be_conferred_from(tier, branch) for branch in branches(viewer))


def may_verify(viewer: Viewer | None, path: str) -> bool:
    """Outputs are verified from above: not by the unit that keeps the studio itself."""
    return any(path.startswith(branch) and path != branch for branch in branches(viewer))


def conferrable(viewer: Viewer | None, path: str) -> tuple[str, ...]:
    """The tiers this person may enter for a studio of this unit, highest first."""
    return tuple(tier for tier in TIERS if may_confer(viewer, path, tier))


def may_see(viewer: Viewer | None, studio: dict[str, Any]) -> bool:
    """A studio that is or was named is public; others are for those who keep their branch."""
    return studio["first_named_on"] is not None or may_edit(viewer, studio["union_path"])
