"""Why a place is what it is: for every pair of neighbours the first criterion that differs, with both values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import polars as pl

from federation.judging.frames import SCALE
from federation.judging.order import Key, grouped
from federation.judging.quotas import boundary
from federation.judging.ranking import Outcome
from federation.judging.schemes import AwardLine, Stage
from federation.judging.tree import plan

REASONS = pl.Schema(
    {
        "entry": pl.Int64(),
        "place": pl.Int32(),
        "code": pl.String(),  # behind, ahead, tied, alone or unranked
        "other": pl.Int64(),  # the entry compared with: the one above; of the first, the one below
        "criterion": pl.String(),  # code of the first key that differs
        "value": pl.Int64(),  # in 1/10 000 points half-up, a count, or milliseconds, as `unit` says
        "other_value": pl.Int64(),
        "unit": pl.String(),
        "sharing": pl.Int32(),  # how many share the place, 1 if nobody else does
        "status": pl.String(),
    }
)
"""One row per entry in the order of the board."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry stands where it does. code: behind or ahead of `other`, tied with it, alone, or unranked.

    `criterion`: the first that differs ("total", "module:C", "attempt:2", "time" …) and its titles, with both values in
    points, counts or milliseconds as `unit` says. `sharing`: how many share the place. `facts`: total and other_total
    where the two totals count as equal; tolerance if they are not; stage, admitted, cut, line, score where the entry
    did not go on to a stage; blanks: what was not recorded.
    """

    code: Literal["behind", "ahead", "tied", "alone", "unranked"]
    entry: int
    place: int | None = None
    other: int | None = None
    criterion: str = ""
    value: Fraction | None = None
    other_value: Fraction | None = None
    unit: Literal["points", "count", "ms"] = "points"
    status: str = ""
    sharing: int = 1
    title: str = ""
    title_en: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AwardReason:
    """Why an entry is proposed for an award: places `first` to `last` of `field` ranked get `line`. `extended`: the
    entry's place is shared beyond the boundary."""

    line: AwardLine
    place: int
    first: int
    last: int
    field: int
    extended: bool


def explain_places(outcome: Outcome) -> pl.DataFrame:
    """A reason for every entry at once (REASONS)."""
    found = _compared(outcome, outcome.places.select("entry", "place", "status"))
    shown = []
    for name in ("value", "other_value"):
        column = pl.lit(None, dtype=pl.Int64)
        for number, key in enumerate(outcome.keys):
            scaled = pl.col(f"{name}{number}").cast(pl.Int128)
            if key.unit == "points" and key.denominator > 1:
                scaled = (2 * scaled + key.denominator).floordiv(2 * key.denominator)
            column = pl.when(pl.col("first") == number).then(scaled.cast(pl.Int64)).otherwise(column)
        shown.append(column.alias(name))
    codes = pl.Series([key.code for key in outcome.keys], dtype=pl.String)
    units = pl.Series([key.unit for key in outcome.keys], dtype=pl.String)
    return found.with_columns(
        *shown,
        pl.lit(codes).gather(pl.col("first")).fill_null("").alias("criterion"),
        pl.lit(units).gather(pl.col("first")).fill_null("points").alias("unit"),
        pl.when(pl.col("place").is_null())
        .then(1)
        .otherwise(pl.len().over("group", "place"))
        .cast(pl.Int32)
        .alias("sharing"),
    ).select(REASONS.names())


def explain_place(outcome: Outcome, entry: int) -> Reason:
    """The first criterion that parts an entry from the one above it (the first: from the one below).

    Raises KeyError for an entry that is not on the board."""
    places = outcome.places
    at = places["entry"].index_of(entry)
    if at is None:
        raise KeyError(entry)
    place, status = places["place"][at], places["status"][at]
    if place is None:
        return Reason("unranked", entry, status=status, facts=_blanks(outcome, entry))
    start = max(at - 1, 0)
    window = places.slice(start, 3).select("entry", "place", "status")
    row = _compared(outcome, window).row(at - start, named=True)
    sharing = _group(outcome, entry, places).filter(pl.col("place") == place).height
    code, other = row["code"], row["other"]
    if other is None:
        return Reason("alone", entry, place, sharing=sharing)
    pair = [_row(outcome, entry), _row(outcome, other)]
    if row["first"] is None:
        return Reason(code, entry, place, other, sharing=sharing, facts=_totals(outcome, pair))
    number = row["first"]
    key = outcome.keys[number]
    value, other_value = _exact(key, pair[0]), _exact(key, pair[1])
    before = [one.code for one in outcome.keys[:number]]
    facts = _totals(outcome, pair) if "total" in before else {}
    if key.code == "reached" and code == "behind":
        facts = _cut(outcome, entry)
    title, title_en = _titles(outcome, key.code)
    return Reason(
        code,
        entry,
        place,
        other,
        key.code,
        value,
        other_value,
        key.unit,
        status,
        sharing,
        title,
        title_en,
        facts,
    )


def explain_award(outcome: Outcome, entry: int) -> AwardReason | None:
    """Why an entry has the award it has; None without one. Raises KeyError for an unknown entry."""
    row = outcome.places.filter(pl.col("entry") == entry)
    if row.is_empty():
        raise KeyError(entry)
    lines = outcome.scheme.award_lines
    won = next((number for number, line in enumerate(lines) if line.id == row["award"][0]), None)
    if won is None:
        return None
    group = _group(outcome, entry, outcome.places).filter(pl.col("place").is_not_null())
    field = group.height
    last, before = boundary(lines[: won + 1], field), boundary(lines[:won], field)
    place = int(row["place"][0])
    standing = group.filter(pl.col("place") < place).height + 1
    sharing = group.filter(pl.col("place") == place).height
    extended = sharing > 1 and standing <= last < standing + sharing - 1
    return AwardReason(lines[won], place, before + 1, last, field, extended)


def _compared(outcome: Outcome, shown: pl.DataFrame) -> pl.DataFrame:
    """`shown` with group, code, other, `first` (number of the first key that differs from the neighbour's) and the
    pair's values of every key."""
    rows = outcome.entries["entry"].search_sorted(shown["entry"])
    group = grouped(outcome.entries, outcome.scheme.rankings[0].by)
    frame = shown.with_columns(
        (
            pl.repeat(0, shown.height, dtype=pl.Int64, eager=True) if group is None else group.gather(rows)
        ).alias("group"),
        *(key.column.gather(rows).alias(f"value{number}") for number, key in enumerate(outcome.keys)),
    )
    ranked = pl.col("place").is_not_null()

    def joined(step: int) -> pl.Expr:
        same = (
            pl.col("group").eq_missing(pl.col("group").shift(step))
            & pl.col("place").shift(step).is_not_null()
        )
        return (same & ranked).fill_null(False)

    def first(step: int) -> pl.Expr:
        found = pl.lit(None, dtype=pl.Int32)
        for number in reversed(range(len(outcome.keys))):
            column = pl.col(f"value{number}")
            differs = column.ne_missing(column.shift(step))
            found = pl.when(differs).then(pl.lit(number, dtype=pl.Int32)).otherwise(found)
        return found

    frame = frame.with_columns(above=joined(1), below=joined(-1), first_above=first(1), first_below=first(-1))
    step_up = pl.col("above")
    others = [
        pl.when(step_up)
        .then(pl.col(f"value{number}").shift(1))
        .when("below")
        .then(pl.col(f"value{number}").shift(-1))
        .alias(f"other_value{number}")
        for number in range(len(outcome.keys))
    ]
    frame = frame.with_columns(
        pl.when(step_up).then("first_above").when("below").then("first_below").alias("first"),
        pl.when(step_up)
        .then(pl.col("entry").shift(1))
        .when("below")
        .then(pl.col("entry").shift(-1))
        .alias("other"),
        *others,
    )
    code = (
        pl.when(~ranked)
        .then(pl.lit("unranked"))
        .when(pl.col("other").is_null())
        .then(pl.lit("alone"))
        .when(pl.col("first").is_null())
        .then(pl.lit("tied"))
        .when(step_up)
        .then(pl.lit("behind"))
        .otherwise(pl.lit("ahead"))
    )
    return frame.with_columns(code.alias("code"))


def _row(outcome: Outcome, entry: int) -> int:
    return int(outcome.entries["entry"].search_sorted(entry))


def _group(outcome: Outcome, entry: int, places: pl.DataFrame) -> pl.DataFrame:
    """Those of a board who are ranked together with an entry."""
    by = outcome.scheme.rankings[0].by
    if not by:
        return places
    own = outcome.entries.row(_row(outcome, entry), named=True)
    peers = outcome.entries.filter(pl.col(name).cast(pl.String).eq_missing(pl.lit(own[name])) for name in by)
    return (
        places
        if peers.height == places.height
        else places.filter(pl.col("entry").is_in(peers["entry"].implode()))
    )


def _exact(key: Key, row: int) -> Fraction | None:
    number = key.column[row]
    if number is None:
        return None
    return Fraction(int(number), key.denominator * SCALE if key.unit == "points" else 1)


def _titles(outcome: Outcome, code: str) -> tuple[str, str]:
    """Titles of the node a key compares."""
    level, _, name = code.partition(":")
    for node in reversed(plan(outcome.scheme).values()):
        if node.definition.id == name and level in (node.level, "time"):
            return node.definition.title, node.definition.title_en
    return "", ""


def _totals(outcome: Outcome, pair: list[int]) -> dict[str, Any]:
    """The totals of two entries that count as equal, and the tolerance if they are not."""
    frame, ids = outcome.places, outcome.entries["entry"].gather(pair).to_list()
    totals = [frame.row(by_predicate=pl.col("entry") == one, named=True)["total"] for one in ids]
    if None in totals:
        return {}
    facts = {"total": Fraction(totals[0], SCALE), "other_total": Fraction(totals[1], SCALE)}
    if totals[0] != totals[1]:
        facts["tolerance"] = Fraction(outcome.scheme.near_tie, SCALE)
    return facts


def _cut(outcome: Outcome, entry: int) -> dict[str, Any]:
    """Which stage an entry did not go on to, by which cut, and how many of its group did."""
    row = outcome.places.row(by_predicate=pl.col("entry") == entry, named=True)
    stages: Sequence[Stage] = outcome.scheme.stages
    reached = row["reached"]
    ranked = _group(outcome, entry, outcome.places).filter(pl.col("place").is_not_null())
    facts: dict[str, Any] = {
        "stage": stages[reached].id,
        "title": stages[reached].title,
        "title_en": stages[reached].title_en,
        "admitted": ranked.filter(pl.col("reached") > reached).height,
    }
    cut = stages[reached - 1].cut
    if cut is not None:
        facts["cut"] = cut.kind
        if cut.kind == "line":
            facts |= {"line": Fraction(cut.line, SCALE)}
    return facts | {"score": None if row["total"] is None else Fraction(row["total"], SCALE)}


def _blanks(outcome: Outcome, entry: int) -> dict[str, Any]:
    """Ids and kinds of what was left blank, for those without a place."""
    marks = outcome.marks
    if "blank" not in marks.columns:
        return {}
    own = marks.filter((pl.col("entry") == entry) & pl.col("blank").is_not_null())
    pairs = own.select(pl.col("aspect", "blank").cast(pl.String)).unique(maintain_order=True).rows()
    return {"blanks": pairs} if pairs else {}
