"""What was published of the demo's boards, made and sealed the way the house does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from contests import ranking
from contests.boards.contents import KINDS, content_of
from contests.boards.snapshots import live_board
from contests.publication import seal
from contests.tables import Publication
from federation.audit import GENESIS
from federation.judging import MARKS, Scheme
from web.demo.accounts import Staff
from web.demo.entries import Competitor
from web.demo.marks import Given
from web.demo.rows import Pile


class Publications:
    """Rows of `publication`. `regions`: code → short name and English name, for boards by region."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.regions: dict[str, tuple[str, str]] = {}
        self.pile = Pile(
            Publication,
            (
                "event_category",
                "number",
                "kind",
                "revision",
                "content",
                "previous_hash",
                "hash",
                "actor",
                "at",
                "withdrawn_at",
                "withdrawn_by",
                "reason",
            ),
        )

    def publish(
        self,
        about: dict[str, Any],
        scheme: Scheme,
        people: list[Competitor],
        marks: list[Given],
        acts: list[tuple[str, str, str, datetime]],
    ) -> None:
        """One publication for each act of publishing so far."""
        gathered = ranking.Gathered(scheme, self._people(people), _marks(marks, people))
        outcome = ranking.ranked(gathered)
        times = {act.removeprefix("publish_"): at for act, _, _, at in acts}
        previous, full = GENESIS, None
        for number, kind in enumerate((kind for kind in KINDS if kind in times), 1):
            if kind == "provisional":
                board = live_board(about, "public", gathered, outcome, None, in_full=False)
            else:
                full = full or live_board(about, "public", gathered, outcome, None, in_full=True)
                board = full
            content = content_of(board, kind)
            digest = seal(previous, content)
            self.pile.add(
                about["id"],
                number,
                kind,
                about["revision"],
                content,
                previous,
                digest,
                self.staff.of("zuzhi")[1],
                times[kind],
                None,
                "",
                "",
            )
            previous = digest

    def _people(self, people: list[Competitor]) -> pl.DataFrame:
        return pl.DataFrame(
            [
                (
                    one.entry,
                    one.number,
                    one.person.name,
                    one.workplace.name,
                    one.delegation.code,
                    one.delegation.short_name,
                    one.delegation.name_en,
                    one.delegation.region,
                    *self.regions.get(one.delegation.region or "", (None, None)),
                    one.standing,
                    False,
                    one.piece or None,
                )
                for one in people
            ],
            schema=ranking.PEOPLE,
            orient="row",
        )


def _marks(marks: list[Given], people: list[Competitor]) -> pl.DataFrame:
    whose = {one.piece: one.entry for one in people}
    rows = [(whose[piece], "", aspect, judge, 1, value, None) for piece, aspect, judge, value in marks]
    names = ("entry", "stage", "aspect", "judge", "attempt", "value", "blank")
    return pl.DataFrame(rows, schema={name: MARKS[name] for name in names}, orient="row")
