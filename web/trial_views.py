"""A trial as its page reads it: what is changed, who it moves, old and new side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from contests.boards.reading import titles_of
from contests.ranking import Gathered
from contests.scoring.plans import plans_of
from contests.trials import TrialSet, Tried
from federation.judging import format_value
from federation.judging.comparison import by_effect, changed, crossings, standing_changed
from federation.judging.schemes import Scheme
from web.charts.trials import Mover, movers
from web.formats import named, points
from web.language import _, language
from web.scheme_changes import Difference, differences
from web.wording import say

MOST_LISTED = 500
MOST_DIFFERENCES = 40


@dataclass(frozen=True)
class Change:
    """One line of the set; `kind` and `index` take it out again."""

    kind: str
    index: int
    what: str
    now: str
    then: str
    lines: list[Difference] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class TrialView:
    """Ready words of the entries something changes for, the weightiest first: `rows` of those whose place, award
    or advancement changes, `retotalled` of those with another total alone. `more`: not listed of either."""

    rows: list[Mapping[str, Any]]
    more: int
    retotalled: list[Mapping[str, Any]]
    more_retotalled: int
    unchanged: int
    counts: list[dict[str, Any]]
    chart: dict[str, Any] | None


def changes_of(changes: TrialSet, gathered: Gathered, scheme: Scheme) -> list[Change]:
    """The set in words, each mark beside its value now. `scheme`: the one in force before, or before it was applied."""
    titles = titles_of(gathered)
    whose = dict(gathered.people.select("piece", "entry").iter_rows())
    found = [
        Change(
            "judges",
            index,
            _("裁判 %(judge)s · %(aspect)s", judge=one.judge, aspect=_title(titles, one.aspect))
            if one.aspect
            else _("裁判 %(judge)s 的全部评分", judge=one.judge),
            _("计入"),
            _("不计入"),
        )
        for index, one in enumerate(changes.judges)
    ]
    for index, mark in enumerate(changes.marks):
        here = gathered.marks.filter(
            (pl.col("entry") == whose.get(mark.piece))
            & (pl.col("stage") == mark.stage)
            & (pl.col("aspect") == mark.aspect)
            & (pl.col("judge") == mark.judge)
            & (pl.col("attempt") == mark.attempt)
        )
        now = here.row(0, named=True) if here.height else {"value": None, "blank": None}
        parts = [mark.number, _title(titles, mark.aspect)]
        parts += [_("裁判 %(judge)s", judge=mark.judge)] if mark.judge else []
        parts += [_("第 %(number)s 轮", number=mark.attempt)] if mark.attempt > 1 else []
        found.append(
            Change(
                "marks",
                index,
                " · ".join(parts),
                _mark(now["value"], now["blank"]),
                _mark(mark.value, mark.blank),
            )
        )
    if changes.scheme is not None:
        lines = differences(scheme, changes.scheme)
        titles_now = (named(scheme, "title"), named(changes.scheme, "title"))
        found.append(
            Change(
                "scheme",
                0,
                _("评分方案"),
                *(titles_now if titles_now[0] != titles_now[1] else ("", _("已修改"))),
                lines[:MOST_DIFFERENCES],
                max(0, len(lines) - MOST_DIFFERENCES),
            )
        )
    return found


def _title(titles: Mapping[str, tuple[str, str]], part: str) -> str:
    title, english = titles.get(part, (part, ""))
    return english if language() == "en" and english else title


def _mark(value: int | None, blank: str | None) -> str:
    if value is not None:
        return format_value(value)
    return say(f"told.blank.{blank}") if blank and blank != "pending" else "—"


def cells_of(scheme: Scheme) -> list[tuple[str, str]]:
    """What a mark can be recorded under: ("stage|aspect", title), in the order of the sheets."""
    several = len(scheme.stages) > 1
    return [
        (
            f"{plan.stage}|{slot.aspect.id}",
            " · ".join(
                part
                for part in (
                    plan.stage if several else "",
                    named(plan, "title"),
                    "" if slot.aspect.id == plan.key else named(slot.aspect, "title") or slot.aspect.id,
                )
                if part
            ),
        )
        for plan in plans_of(scheme)
        for slot in plan.slots
    ]


def trial_view(found: Tried) -> TrialView | None:
    if found.comparison is None or found.after is None:
        return None
    people = {row[0]: row[1:] for row in found.gathered.people.select(*_PERSON).iter_rows()}
    prizes = {
        line.id: named(line, "title") or line.id
        for scheme in (found.before.scheme, found.after.scheme)
        for line in scheme.award_lines
    }
    affected = by_effect(found.comparison.filter(changed()))
    telling = affected.filter(standing_changed())
    others = affected.filter(~standing_changed())
    listed = [
        [_row(row, people, prizes) for row in part.head(MOST_LISTED).iter_rows(named=True)]
        for part in (telling, others)
    ]
    sets = crossings(found.comparison)
    counts = [
        {"label": label, "value": group.len(), "unit": "", "detail": ""}
        for label, group in (
            (_("名次上升"), sets.rises),
            (_("名次下降"), sets.falls),
            (_("跨上获奖线"), sets.award_up),
            (_("跌下获奖线"), sets.award_down),
            (_("新晋级"), sets.advances),
            (_("不再晋级"), sets.stays_behind),
            (_("总分改变"), sets.retotalled),
        )
    ]
    return TrialView(
        listed[0],
        telling.height - len(listed[0]),
        listed[1],
        others.height - len(listed[1]),
        sets.unchanged.len(),
        counts,
        _chart(telling, people),
    )


_PERSON = ("entry", "number", "name", "delegation_name", "delegation_name_en")


def _row(row: Mapping[str, Any], people: Mapping[int, Any], prizes: Mapping[str, str]) -> dict[str, Any]:
    number, name, unit, unit_en = people[row["entry"]]
    return {
        "number": number or "—",
        "name": name,
        "unit": unit_en if language() == "en" and unit_en else unit,
        "places": (_place(row, "before"), _place(row, "after")),
        "moved": row["moved"],
        "totals": (points(row["total_before"]), points(row["total_after"])),
        "awards": tuple(prizes.get(row[f"award_{side}"] or "", "—") for side in ("before", "after")),
        "award_moved": row["award_moved"],
    }


def _place(row: Mapping[str, Any], side: str) -> str:
    place = row[f"place_{side}"]
    if place is None:
        return "—"
    return _("%(place)s 并列", place=place) if row[f"tied_{side}"] else str(place)


def _chart(affected: pl.DataFrame, people: Mapping[int, Any]) -> dict[str, Any] | None:
    moved = affected.filter(pl.col("moved").fill_null(0) != 0)
    drawn = movers(
        [
            Mover(
                f"{people[row['entry']][0] or ''} {people[row['entry']][1]}".strip(),
                row["place_before"],
                row["place_after"],
                row["award_moved"] != 0,
            )
            for row in moved.head(MOST_LISTED).iter_rows(named=True)
        ],
        _("现在"),
        _("试算"),
        _("选手"),
    )
    return None if drawn is None else {"figure": drawn[0], "table": drawn[1]}
