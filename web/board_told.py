"""One line of a board as data: the tree of its total, the sentence for its place, its award."""

from __future__ import annotations

from typing import Any

from contests.boards.reading import Told
from federation.judging import Explanation, format_value
from web.wording.explanations import award, how, part_name, plain, reason


def reason_of(about: Told) -> str:
    """Why the place is what it is, or nothing where that cannot be told any more."""
    if about.reason is None:
        return ""
    code = about.reason.criterion
    step = next((step for step in about.board.criteria if step.code == code), None)
    return reason(about.reason, about.other, step.title if step else "", step.title_en if step else "")


def explained(about: Told, *, judges: bool) -> dict[str, Any]:
    """`tree` is null where the marks no longer add up to what was published. Numbers are decimal texts."""
    row = about.row
    return {
        "number": row["number"],
        "name": row["name"],
        "place": row["place"],
        "tied": row["tied"],
        "total": format_value(row["total"]),
        "award": row["award"],
        "revision": about.board.revision,
        "reason": reason_of(about),
        "award_reason": award(about.award) if about.award else "",
        "tree": _node(about.tree, about.titles, judges=judges) if about.tree else None,
    }


def _node(part: Explanation, titles: dict[str, tuple[str, str]], *, judges: bool) -> dict[str, Any]:
    return {
        "kind": part.code,
        "id": part.id,
        "name": part_name(part, titles),
        "value": None if part.value is None else plain(part.value),
        "counts": None if part.part is None else plain(part.part),
        "counted": part.counted,
        "how": how(part),
        "parts": [
            _node(child, titles, judges=judges) for child in part.children if child.code != "mark" or judges
        ],
    }
