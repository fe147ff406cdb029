"""A set of changes as a document, and the marks as they would be with it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from contests.ranking import Gathered
from federation.judging.schemes import Scheme

CELL = ("entry", "stage", "aspect", "judge", "attempt")
"""What tells one mark from another."""


@dataclass(frozen=True, slots=True)
class MarkChange:
    """One mark with another value (scaled) or blank. `number` is the piece's, to be read by people."""

    piece: int
    number: str
    stage: str
    aspect: str
    judge: str
    attempt: int
    value: int | None
    blank: str | None


@dataclass(frozen=True, slots=True)
class JudgeLeftOut:
    """Every mark of a judge's seat becomes `recused`; of one aspect, or of all ("")."""

    judge: str
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class TrialSet:
    """What a trial changes, applied in this order: judges, marks, scheme (None: the one in use)."""

    marks: tuple[MarkChange, ...] = ()
    judges: tuple[JudgeLeftOut, ...] = ()
    scheme: Scheme | None = None

    @property
    def empty(self) -> bool:
        return not (self.marks or self.judges or self.scheme)

    def with_mark(self, changed: MarkChange) -> TrialSet:
        """A second change of the same mark takes the place of the first."""
        others = tuple(one for one in self.marks if _cell(one) != _cell(changed))
        return replace(self, marks=(*others, changed))

    def with_judge(self, left_out: JudgeLeftOut) -> TrialSet:
        return self if left_out in self.judges else replace(self, judges=(*self.judges, left_out))

    def without(self, kind: str, index: int) -> TrialSet:
        """kind: marks, judges or scheme. An index that is not there removes nothing."""
        if kind == "scheme":
            return replace(self, scheme=None)
        if kind == "judges":
            return replace(self, judges=tuple(one for n, one in enumerate(self.judges) if n != index))
        return replace(self, marks=tuple(one for n, one in enumerate(self.marks) if n != index))

    def text(self) -> str:
        """As it is kept; `set_from` reads it back."""
        document: dict[str, Any] = {
            "marks": [asdict(one) for one in self.marks],
            "judges": [asdict(one) for one in self.judges],
            "scheme": self.scheme.to_json() if self.scheme else None,
        }
        return json.dumps(document, ensure_ascii=False)


def set_from(text: str) -> TrialSet:
    document = json.loads(text)
    scheme = document["scheme"]
    return TrialSet(
        tuple(MarkChange(**one) for one in document["marks"]),
        tuple(JudgeLeftOut(**one) for one in document["judges"]),
        Scheme.from_json(scheme) if scheme else None,
    )


def _cell(changed: MarkChange) -> tuple[Any, ...]:
    return changed.piece, changed.stage, changed.aspect, changed.judge, changed.attempt


def with_set(gathered: Gathered, changes: TrialSet) -> Gathered:
    """What was gathered as it would be with the changes."""
    marks = gathered.marks
    for left_out in changes.judges:
        theirs = pl.col("judge") == left_out.judge
        if left_out.aspect:
            theirs = theirs & (pl.col("aspect") == left_out.aspect)
        theirs = theirs.fill_null(False)
        marks = marks.with_columns(
            pl.when(theirs).then(None).otherwise(pl.col("value")).alias("value"),
            pl.when(theirs).then(pl.lit("recused")).otherwise(pl.col("blank")).alias("blank"),
        )
    if changes.marks:
        schema = {name: marks.schema[name] for name in (*CELL, "value", "blank")}
        whose = dict(gathered.people.select("piece", "entry").iter_rows())
        rows: list[Mapping[str, Any]] = [
            {"entry": whose[one.piece], **{name: getattr(one, name) for name in schema if name != "entry"}}
            for one in changes.marks
            if one.piece in whose
        ]
        changed = pl.DataFrame(rows, schema=schema)
        kept = marks.join(changed.select(CELL), on=CELL, how="anti", nulls_equal=True)
        marks = pl.concat([kept, changed], how="diagonal")
    return Gathered(changes.scheme or gathered.scheme, gathered.people, marks)


def differing(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The marks of `after` that are new or have another value or blank than in `before`."""
    both = after.join(before, on=CELL, how="left", suffix="_before", nulls_equal=True, maintain_order="left")
    known = after.join(before, on=CELL, how="semi", nulls_equal=True).height
    assert known + before.join(after, on=CELL, how="anti", nulls_equal=True).height == before.height
    changed = pl.col("value").ne_missing(pl.col("value_before")) | pl.col("blank").ne_missing(
        pl.col("blank_before")
    )
    return both.filter(changed).select(*CELL, "value", "blank")
