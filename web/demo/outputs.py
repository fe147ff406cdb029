"""What the demo's studios brought, year by year and measure by measure, more with the tier and with time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from studios.tables import Output
from web.demo.rows import Pile

SCALE = (0.0, 1.0, 1.6, 2.9, 5.5)
"""By height of the tier: none, county, municipal, provincial, national."""
GROWTH = 1.07
START = 2013

USUAL = {
    "proposal.made": 4.8,
    "innovation.completed": 1.3,
    "training.attendance": 70.0,
    "apprenticeship.pairs": 2.2,
}
MAKING = {
    "benefit.created": 3200.0,
    "key-problem.solved": 0.7,
    "patent.applied": 1.0,
    "five-smalls.completed": 1.0,
}
"""Benefit in 万元 × 100."""
SERVING = {"method.summarised": 0.6, "training.sessions": 5.0, "paper.published": 0.6, "award.won": 0.5}
FURTHER = {
    "training.promoted": 1.4,
    "transfer.transferred": 0.5,
    "apprenticeship.completed": 1.2,
    "standard.issued": 0.25,
    "invention.completed": 0.4,
}
PART_OF = {"proposal.made": "proposal.accepted", "patent.applied": "patent.granted"}
"""What is counted first and the part of it that comes through."""
MAKERS = frozenset("ABCDEGI")
TITLED = frozenset(
    {"innovation.completed", "key-problem.solved", "invention.completed", "five-smalls.completed"}
)


class Outputs:
    """Rows of `studio_output`."""

    def __init__(self, random: Random, today: date) -> None:
        self.random, self.today = random, today
        self.pile = Pile(
            Output,
            (
                "studio",
                "year",
                "measure",
                "title",
                "quantity",
                "proof",
                "verified_by",
                "verified_on",
                "version",
            ),
        )

    def enter(
        self,
        studio: int,
        *,
        industry: str,
        topic: str,
        steps: Sequence[tuple[int, int]],
        last: int,
        unit: str,
    ) -> None:
        """`steps`: (year, height of the tier from then on), oldest first; `last`: the last year with outputs."""
        random = self.random
        kinds = {**USUAL, **(MAKING if industry in MAKERS else SERVING)}
        kinds.update((code, FURTHER[code]) for code in random.sample(list(FURTHER), 1))
        vigour = random.lognormvariate(0, 0.45)
        for year in range(steps[0][0], last + 1):
            tier = max(height for since, height in steps if since <= year)
            strength = vigour * SCALE[tier] * GROWTH ** (year - START)
            for measure, usual in kinds.items():
                quantity = round(usual * strength * random.uniform(0.55, 1.45))
                if quantity:
                    self._add(studio, year, measure, quantity, topic=topic, unit=unit)
                part = round(quantity * random.uniform(0.4, 0.75)) if measure in PART_OF else 0
                if part:
                    self._add(studio, year, PART_OF[measure], part, topic=topic, unit=unit)

    def _add(self, studio: int, year: int, measure: str, quantity: int, *, topic: str, unit: str) -> None:
        checked = date(year + 1, 1, 8) + timedelta(days=self.random.randrange(60))
        likely = 0.82 if year == self.today.year - 1 else 0.96
        verified = checked <= self.today and self.random.random() < likely
        self.pile.add(
            studio,
            year,
            measure,
            topic if measure in TITLED else "",
            quantity,
            f"{year} 年成果汇总表" if verified else "",
            unit if verified else "",
            checked if verified else None,
            1,
        )
