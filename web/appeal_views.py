"""Appeals as their pages read them: grounds and the window in words, what a re-score does side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contests.appeals.rescoring import Effect
from contests.forms.appeal import GROUNDS
from contests.scoring.lines import Line
from contests.scoring.plans import Plan
from web.formats import named, points
from web.language import _
from web.wording import say


def ground_words(ground: str) -> str:
    """A usual ground by its words; one of the rule's own as it stands there."""
    return say(f"appeal_ground.{ground}") if ground in GROUNDS else ground


def length_words(minutes: int) -> str:
    """Minutes as people say them: 20 minutes, 2 hours, 2 days."""
    if minutes % 1440 == 0:
        return _("%(count)s 天", count=minutes // 1440)
    if minutes % 60 == 0:
        return _("%(count)s 小时", count=minutes // 60)
    return _("%(count)s 分钟", count=minutes)


def window_words(moment: str, minutes: int) -> str:
    """The rule of a window in one phrase."""
    return _(
        "%(moment)s起 %(length)s以内", moment=say(f"appeal_moment.{moment}"), length=length_words(minutes)
    )


def effect_rows(effect: Effect | None) -> list[tuple[str, str, str]]:
    """Name, before, after: the total and the place of the entry."""
    if effect is None:
        return []
    places = [str(place) if place else "—" for place in effect.places]
    totals = [points(total) for total in effect.totals]
    return [(_("总分"), totals[0], totals[1]), (_("名次"), places[0], places[1])]


def sheet_rows(sheets: Sequence[tuple[Plan, list[Line]]]) -> list[dict[str, Any]]:
    """Every mark of the piece in one list: sheet, aspect, seat, value."""
    return [
        {
            "sheet": named(plan, "title") or _("整场扣分"),
            "aspect": named(line.column.aspect, "title") or line.column.aspect.id,
            "judge": line.column.judge,
            "text": line.text,
        }
        for plan, lines in sheets
        for line in lines
    ]
