"""What was published of the demo's boards, made and sealed the way the house does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from contests import ranking
from contests.boards.contents import KINDS, Stamp, content_of
from contests.boards.snapshots import live_board
from contests.publication import seal, sha256
from contests.tables import Publication
from federation.audit import GENESIS
from federation.judging import MARKS, Scheme
from web.demo.accounts import Staff
from web.demo.entries import Competitor
from web.demo.rows import Pile

Given = tuple[int, str, str, int]
"""Piece, aspect, seat, scaled value."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A mark was wrong in the first publication: the marks as they stood then, and why the next one differs."""

    before: list[Given]
    reason: str


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
                "withdrawn_reason",
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
        corrected: Corrected | None = None,
    ) -> None:
        """One publication for each act of publishing so far. `about` has the scheme's row and document too.

        `corrected`: the first publication was made of other marks than the ones after it.
        """
        gathered = ranking.Gathered(scheme, self._people(people), _marks(marks, people))
        outcome = ranking.ranked(gathered)
        times = {act.removeprefix("publish_"): at for act, _, _, at in acts}
        previous, full = GENESIS, None
        for number, kind in enumerate((kind for kind in KINDS if kind in times), 1):
            if kind == "provisional":
                first, placed = gathered, outcome
                if corrected is not None:
                    first = replace(gathered, marks=_marks(corrected.before, people))
                    placed = ranking.ranked(first)
                board = live_board(about, "public", first, placed, None, in_full=False)
            else:
                full = full or live_board(about, "public", gathered, outcome, None, in_full=True)
                board = full
            actor = self.staff.of("zuzhi")[1]
            reason = corrected.reason if corrected is not None and kind == "notice" else ""
            stamp = Stamp(
                number=number,
                at=times[kind].isoformat(),
                actor=actor,
                reason=reason,
                scheme=about["scheme"],
                scheme_edition=1,
                scheme_sha256=sha256(about["document"]),
                announce=kind == "provisional",
            )
            content = content_of(board, kind, stamp)
            digest = seal(previous, content)
            self.pile.add(
                about["id"],
                number,
                kind,
                about["revision"],
                content,
                previous,
                digest,
                actor,
                times[kind],
                None,
                "",
                "",
                reason,
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
