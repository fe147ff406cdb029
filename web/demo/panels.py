"""Where the judges of the demo come from: the seats of a panel belong to the delegations with most competitors."""

from __future__ import annotations

from collections import Counter

from contests.tables import PanelSeat
from federation.judging import Scheme
from federation.judging.schemes import aspects_of
from web.demo.entries import Competitor
from web.demo.rows import Pile

LEANING_SEAT = "2"


class Panels:
    """Rows of `panel_seat`."""

    def __init__(self) -> None:
        self.pile = Pile(PanelSeat, ("event_category", "judge", "delegation"))

    def seat(
        self, event_category: int, scheme: Scheme, people: list[Competitor], *, leans: bool
    ) -> dict[str, int]:
        """Seat the judges. With `leans`, one of them favours the own unit; returns seat → delegation of who does."""
        judges = max(
            (
                aspect.panel.judges
                for stage in scheme.stages
                for module in stage.modules
                for aspect in aspects_of(module)
            ),
            default=0,
        )
        counted = Counter(one.delegation.id for one in people)
        units = sorted(counted, key=lambda unit: (-counted[unit], unit))
        seated = {str(number): unit for number, unit in zip(range(1, judges + 1), units, strict=False)}
        for seat, unit in seated.items():
            self.pile.add(event_category, seat, unit)
        return {seat: unit for seat, unit in seated.items() if leans and seat == LEANING_SEAT}
