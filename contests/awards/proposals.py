"""Whom the rules propose for which title, and who is barred and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Literal

from contests.awards.title_rules import TitleRule
from federation.findings import Finding
from federation.workers import age_on


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody with a place on the final board. `honours`: code → (name, year). `level` 5 up to 1, None without.

    `promoted`: a level was proposed for them this year in another event category.
    """

    entry: int
    number: str
    name: str
    place: int
    award: str = ""
    award_title: str = ""
    birth_date: date | None = None
    sex: str = ""
    level: int | None = None
    honours: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """One winner within reach of one rule. Barred where `findings` has an error; `level` is the one to reach."""

    winner: Winner
    rule: TitleRule
    level: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def barred(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def proposals(
    rules: Iterable[TitleRule], winners: Sequence[Winner], reference: date
) -> tuple[list[Proposal], list[Finding]]:
    """Everybody within reach of each rule, in the order of rules and places, and what to look at.

    `reference`: the day ages count on. A level goes once to a person: the first rule that reaches them with one, and
    that does not bar them, has it.
    """
    found: list[Proposal] = []
    notes: list[Finding] = []
    raised: set[int] = set()
    for rule in rules:
        reached = [
            one
            for one in _reached(rule, winners, reference)
            if not (rule.kind == "level" and one.winner.entry in raised)
        ]
        found += reached
        if rule.kind == "level":
            raised |= {one.winner.entry for one in reached if not one.barred}
        counted = sum(not one.barred for one in reached)
        if rule.places is not None and counted > rule.places:
            facts = {"title": rule.title, "places": rule.places, "count": counted}
            notes.append(Finding("title.more_than_places", "warning", facts=facts))
    return found, notes


def _reached(rule: TitleRule, winners: Sequence[Winner], reference: date) -> list[Proposal]:
    """Walks the places from the first; `freed` counts the places that barred winners left to those after them."""
    reached: list[Proposal] = []
    freed = 0
    ordered = sorted(winners, key=lambda one: (one.place, one.number))
    for place, together in groupby(ordered, key=lambda one: one.place):
        group = list(together)
        candidates = [_considered(rule, one, reference) for one in group if _fits(rule, one)]
        counted = [one for one in candidates if not (rule.passes_down and one.barred)]
        size = len(counted) if rule.passes_down else len(group)
        if not _within(rule, place - freed, size):
            break
        reached += candidates
        if rule.passes_down:
            freed += len(candidates) - len(counted)
    return reached


def _within(rule: TitleRule, place: int, size: int) -> bool:
    if rule.places is None:
        return True
    last = place if rule.ties == "extend" else place + max(size, 1) - 1
    return last <= rule.places


def _fits(rule: TitleRule, winner: Winner) -> bool:
    """A prize for women passes men over without a word; so does one for first prizes everybody below."""
    by_award = not rule.awards or winner.award in rule.awards or winner.award_title in rule.awards
    return by_award and (not rule.sex or winner.sex == rule.sex)


def _considered(rule: TitleRule, winner: Winner, reference: date) -> Proposal:
    findings = [*_held(rule, winner), *_age(rule, winner, reference)]
    level, more = _level(rule, winner) if rule.kind == "level" else (None, [])
    return Proposal(winner, rule, level, (*findings, *more))


def _held(rule: TitleRule, winner: Winner) -> list[Finding]:
    for code in rule.not_held:
        if code in winner.honours:
            name, year = winner.honours[code]
            return [Finding("title.held", facts={"honour": name, "year": year})]
    return []


def _age(rule: TitleRule, winner: Winner, reference: date) -> list[Finding]:
    if rule.age_min is None and rule.age_max is None:
        return []
    if winner.birth_date is None:
        return [Finding("title.age_unknown", "warning")]
    age = age_on(winner.birth_date, reference)
    if rule.age_max is not None and age > rule.age_max:
        return [Finding("title.too_old", facts={"age": age, "limit": rule.age_max})]
    if rule.age_min is not None and age < rule.age_min:
        return [Finding("title.too_young", facts={"age": age, "limit": rule.age_min})]
    return []


def _level(rule: TitleRule, winner: Winner) -> tuple[int | None, list[Finding]]:
    """The level to reach (1 is the highest), or why there is none."""
    target, held = rule.level, winner.level
    assert target is not None
    if rule.once_a_year and winner.promoted:
        return None, [Finding("title.promoted_this_year")]
    if rule.level_at_least is not None and (held is None or held > rule.level_at_least):
        return None, [Finding("title.level_too_low", facts={"level": str(rule.level_at_least)})]
    if held is None or held > target:
        return target, []
    if not rule.step_up:
        return None, [Finding("title.level_held", facts={"level": str(held)})]
    if held == 1:
        return None, [Finding("title.level_highest", facts={"level": str(held)})]
    return held - 1, []


Standing = Literal["proposed", "reported", "approved", "issued", "refused", "dropped"]
