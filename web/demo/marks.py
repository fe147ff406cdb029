"""Marks as halls full of people earn them: around a talent, in the steps of the scheme, with deductions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from contests.tables import Mark
from federation.judging import SCALE, Scheme
from federation.judging.schemes import Aspect, Module, aspects_of, deductions_of
from web.demo.accounts import Staff
from web.demo.calendar import Term, moment
from web.demo.entries import Competitor
from web.demo.publications import Corrected, Given
from web.demo.rows import Pile

GRAIN = SCALE // 2
DEDUCTED = 0.12

CORRECTION = "登分时把一名选手的成绩看低了 8 分"
LEANING = 0.05
"""What a leaning judge adds for the own unit, as a share of full marks: too little to be seen by eye."""


class Marks:
    """Rows of `mark`, each in its first and only version, but for one that was corrected."""

    def __init__(self, random: Random, staff: Staff) -> None:
        self.random, self.staff = random, staff
        self.leaning: Mapping[str, int] = {}
        self.pile = Pile(
            Mark,
            (
                "event_category",
                "piece",
                "stage",
                "aspect",
                "judge",
                "attempt",
                "version",
                "value",
                "blank",
                "is_current",
                "account",
                "actor",
                "reason",
                "at",
            ),
        )

    def enter(
        self,
        event_category: int,
        scheme: Scheme,
        people: list[Competitor],
        days: Term,
        share: float,
        leaning: Mapping[str, int] | None = None,
    ) -> list[Given]:
        """Mark the first `share` of all modules, in the order of numbers; returns what was entered.

        `leaning`: seats whose judge leans towards the delegation of this id.
        """
        self.leaning = leaning or {}
        ordered = sorted((one for one in people if one.standing != "dns"), key=lambda one: one.number or "")
        modules = [module for stage in scheme.stages for module in stage.modules]
        deductions = [deduction for stage in scheme.stages for deduction in deductions_of(stage)]
        entered: list[Given] = []
        at, clerks = moment(days.starts_on, 1), (self.staff.of("lufen1"), self.staff.of("lufen2"))
        begun = len(modules) * share
        for order, module in enumerate(modules):
            count = round(len(ordered) * min(1.0, max(0.0, begun - order)))
            marked = ordered[:count]
            if order:
                marked = [one for one in marked if one.standing != "dnf"]
            own = [one for one in deductions if one in module.deductions]
            for competitor in marked:
                given = list(self._module(competitor, module))
                if own and self.random.random() < DEDUCTED:
                    given.append((competitor.piece, own[0].id, "", self.random.choice((1, 1, 2, 3)) * SCALE))
                at = self._write(event_category, given, clerks[competitor.entry % 2], at)
                entered += given
        return entered

    def correct(self, given: list[Given], acts: list[tuple[str, str, str, datetime]]) -> Corrected | None:
        """The highest mark of the first aspect was entered too low at first; it was corrected between the publications.

        Returns the marks as they stood before.
        """
        first = given[0][1]
        piece, aspect, judge, value = max((one for one in given if one[1] == first), key=lambda one: one[3])
        wrong = value - 8 * SCALE
        at = next(at for act, _, _, at in acts if act == "publish_provisional") + timedelta(hours=3)
        place = next(
            place
            for place, row in enumerate(self.pile.rows)
            if row[2] == piece and row[4] == aspect and row[5] == judge
        )
        number, *row = self.pile.rows[place]
        self.pile.rows[place] = (number, *row[:7], wrong, None, False, *row[10:])
        account, actor = self.staff.of("caipan")
        self.pile.add(*row[:6], 2, value, None, True, account, actor, CORRECTION, at)
        before = [(*one[:3], wrong) if one[:3] == (piece, aspect, judge) else one for one in given]
        return Corrected(before, f"{CORRECTION}，复核后更正")

    def _module(self, competitor: Competitor, module: Module) -> Iterator[Given]:
        random = self.random
        skill = competitor.talent + random.gauss(0, 0.55)
        for aspect in aspects_of(module):
            seats = [str(number) for number in range(1, aspect.panel.judges + 1)] or [""]
            if aspect.kind == "judgement":
                base = min(2, max(0, round(1.4 + 0.5 * skill)))
                for seat in seats:
                    yield competitor.piece, aspect.id, seat, (base + (random.random() < 0.35)) * SCALE
                continue
            share = 0.775 + 0.075 * skill + random.gauss(0, 0.025)
            for seat in seats:
                own = self.leaning.get(seat) == competitor.delegation.id
                given = share + random.gauss(0, 0.018) + (LEANING if own else 0)
                yield competitor.piece, aspect.id, seat, _value(aspect, given)

    def _write(
        self, event_category: int, given: list[Given], clerk: tuple[int, str], at: datetime
    ) -> datetime:
        account, actor = clerk
        for piece, aspect, judge, value in given:
            self.pile.add(
                event_category, piece, "", aspect, judge, 1, 1, value, None, True, account, actor, "", at
            )
        return at + timedelta(seconds=20)


def _value(aspect: Aspect, share: float) -> int:
    """A share of the maximum as a scaled mark in half points."""
    maximum = aspect.maximum or 100 * SCALE
    whole = max(aspect.step, GRAIN)
    return round(maximum * min(0.995, max(0.12, share)) / whole) * whole
