"""A board after a few marks changed, out of the board before them, without ranking everybody anew.

Only the entries whose marks changed are evaluated, and only the stretch of the board between where they stood and
where they stand now is put in order again. Whatever makes one entry's standing depend on others beyond that (stages,
near ties, count-back, teams, grouped boards), or changes what the columns mean, is left to `rank`: the answer is
always the one `rank` gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import polars as pl

from federation.judging.aggregation import Evaluation, evaluate
from federation.judging.frames import ranking_column
from federation.judging.layout import Layout
from federation.judging.order import Key, Sorted, grouped, place, places, sort, within
from federation.judging.quotas import awards
from federation.judging.ranking import (
    Field,
    Outcome,
    belonging,
    board_of,
    chain_of,
    parted_by,
    rank,
    spreads,
)
from federation.judging.rounding import Exact
from federation.judging.schemes import Scheme
from federation.judging.standing import standing

MOST = 50
"""More entries at once are not worth searching for one by one."""
WIDEST = 3
"""A stretch of more than a third of a large board is not worth splicing."""

Columns = TypeVar("Columns", pl.DataFrame, pl.Series)


def moved(before: Outcome, marks: pl.DataFrame) -> Outcome:
    """The board of `before` with other marks for some entries; none of these may lose every mark (blanks count).

    `marks` (frames.MARKS): all the marks, as they stand now, of every entry that changed; every other entry keeps
    its own. Gives what `rank` gives for all marks together. Raises FrameError as `rank` does.
    """
    entries = marks["entry"].unique().sort()
    rows = _rows_of(before, entries)
    at = _places_of(before.marks["entry"], entries)
    everything = _without(before.marks, at)
    everything = pl.concat([everything, _like(marks, before.marks)], rechunk=False)
    found = None
    if entries.len() and entries.len() <= MOST and _alone(before.scheme) and rows is not None:
        found = _moved(before, marks, rows, at, everything)
    return rank(before.scheme, everything, before.entries) if found is None else found


def _alone(scheme: Scheme) -> bool:
    """Whether an entry's place follows from its own marks and a comparison with each other entry alone."""
    return (
        len(scheme.stages) == 1
        and not scheme.near_tie
        and scheme.place_form != "dense"  # one run more or less moves every place below
        and scheme.teams is None
        and not scheme.rankings[0].by
        and all(link.by != "countback" for link in scheme.tie_breaks)
    )


def _moved(
    before: Outcome, marks: pl.DataFrame, rows: pl.Series, at: pl.Series, everything: pl.DataFrame
) -> Outcome | None:
    """None where the new marks change more than the standing of their entries."""
    known = before.evaluation
    few = evaluate(before.scheme, marks, before.entries[rows], known.layout.begun)
    state = standing(few)
    if not _alike(known, few) or bool((state.code != 0).any()):
        return None
    if before.places["place"].null_count() and _any_unranked(before, rows):
        return None
    field = Field(few, state, state.code == 0, None)
    keys, primary = chain_of(field, None)
    fitted = _fitted(before.keys, keys)
    if fitted is None:
        return None
    evaluation = _spliced(known, few, rows, at)
    chain = tuple(
        replace(key, column=_put(key.column, rows, own)) for key, own in zip(before.keys, fitted, strict=True)
    )
    own = board_of(field, None, pl.int_range(rows.len(), dtype=pl.Int64, eager=True))
    board = _Board(before, chain, len(before.keys) - len(keys) + primary)
    shown = board.with_moved(rows, own)
    if shown is None:
        return None
    findings = tuple(spreads(evaluation))
    return replace(
        before, marks=everything, places=shown, findings=findings, evaluation=evaluation, keys=chain
    )


def _alike(known: Evaluation, few: Evaluation) -> bool:
    """Whether columns of both mean the same: the same cells, attempts and denominators, and no new holes."""
    return (
        known.frame.schema == few.frame.schema
        and known.layout.cells == few.layout.cells
        and known.layout.attempts == few.layout.attempts
        and known.values.keys() == few.values.keys()
        and len(known.runnings) == len(few.runnings) == 1
        and known.raws == few.raws
        and known.runnings[0].denominator == few.runnings[0].denominator
        and all(
            value.denominator == few.values[name].denominator and value.nulls >= few.values[name].nulls
            for name, value in known.values.items()
        )
    )


def _fitted(before: Sequence[Key], keys: Sequence[Key]) -> list[pl.Series] | None:
    """The new entries' values for every key of the board; nobody of theirs stands behind where no such key is."""
    own = list(keys)
    if [key.code for key in before[:1]] == ["behind"] and [key.code for key in own[:1]] != ["behind"]:
        none = pl.repeat(False, own[0].column.len(), dtype=pl.Boolean, eager=True)
        own.insert(0, Key("behind", none, "lower", unit="count"))
    same = [(key.code, key.better, key.denominator, key.unit) for key in before] == [
        (key.code, key.better, key.denominator, key.unit) for key in own
    ]
    if not same or any(a.column.dtype != b.column.dtype for a, b in zip(before, own, strict=True)):
        return None
    return [key.column for key in own]


@dataclass(frozen=True, slots=True)
class _Board:
    """The board before, to be searched by the chain as it stands now; `primary` keys come before the tie-breaks."""

    before: Outcome
    chain: tuple[Key, ...]
    primary: int

    def with_moved(self, rows: pl.Series, own: pl.DataFrame) -> pl.DataFrame | None:
        """The places with the entries of `rows` where they belong now; `own`: what the board says of them.

        None where that would take longer than ranking anew.
        """
        shown = self.before.places
        ranked = shown.height - shown["place"].null_count()
        gone = [self._stood(row, ranked) for row in rows]
        others = _Others(self, sorted(gone), ranked)
        reach = [others.among(position) for position in gone]
        reach += [others.below(_keyed(self.chain, row)) for row in rows]
        first, last = others.stretch(min(reach), max(reach))
        start, end = others.shown_at(first), others.shown_at(last - 1) + 1 if last > first else 0
        start, end = min([start, *gone]), max([end, *(position + 1 for position in gone)])
        if end - start > max(100, ranked // WIDEST):
            return None
        stretch = shown.slice(start, end - start)
        again = self._again(stretch, rows, own, start, ranked)
        again = again.select(shown.columns).cast(shown.schema)
        return pl.concat([shown.slice(0, start), again, shown.slice(end)], rechunk=False)

    def _stood(self, row: int, ranked: int) -> int:
        """Where an entry stood, found by the keys it had."""
        wanted, low, high = (_keyed(self.before.keys, row), row), 0, ranked
        while low < high:
            middle = (low + high) // 2
            other = self.row_at(middle)
            if (_keyed(self.before.keys, other), other) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def row_at(self, position: int) -> int:
        ids = self.before.evaluation.frame["entry"]
        return int(ids.search_sorted(self.before.places["entry"][position]))

    def _again(
        self, stretch: pl.DataFrame, rows: pl.Series, own: pl.DataFrame, start: int, ranked: int
    ) -> pl.DataFrame:
        """A stretch of whole runs put in order again. Its first and last runs are there to be compared with."""
        scheme, known = self.before.scheme, self.before.evaluation.layout.entries
        ids = self.before.evaluation.frame["entry"]
        here = ids.search_sorted(stretch["entry"]).cast(pl.Int64).sort()
        ordered = sort(here, None, self.chain, ids.len())
        placed = places(ordered, scheme.place_form)
        placed = placed.with_columns(
            place=(pl.col("place") + start).cast(pl.Int32),
            standard=pl.col("standard") + start,
            field=pl.lit(ranked, dtype=pl.Int64),
        )
        board = _in_order(stretch, own, ids.gather(ordered.index))
        parted = parted_by(ordered, placed, self.chain, self.primary)
        edges = self._edges(ordered, start, start + stretch.height == ranked)
        return board.with_columns(
            placed["place"],
            placed["tied"],
            awards(scheme, placed, board["total"]).alias("award"),
            pl.select(pl.when(edges).then(board["tie_break"]).otherwise(parted.cast(pl.String)))
            .to_series()
            .alias("tie_break"),
            pl.int_range(start + 1, start + 1 + board.height, dtype=pl.Int32, eager=True).alias("order"),
            *self._further(board, ordered, placed, known),
        )

    def _edges(self, ordered: Sorted, start: int, ends: bool) -> pl.Series:
        """Rows whose neighbour lies outside the stretch: what parted them is as it was."""
        run = ordered.new.cum_sum()
        first = (run == 1) if start else pl.repeat(False, run.len(), eager=True)
        return first if ends else first | (run == int(run[-1]))

    def _further(
        self, board: pl.DataFrame, ordered: Sorted, placed: pl.DataFrame, known: pl.DataFrame
    ) -> list[pl.Series]:
        """Places of the other rankings: a group's first place in the stretch is what it was before."""
        scheme = self.before.scheme
        found: list[pl.Series] = []
        for one in scheme.rankings[1:]:
            name = ranking_column(one.id)
            here = known[ordered.index]
            group = grouped(here, one.by)
            belongs = belonging(here, one)
            if not bool(belongs.all()):
                group = pl.repeat(0, here.height, dtype=pl.Int64, eager=True) if group is None else group
                group = group.set(~belongs, None)
            if group is None:
                began = int(board[name].min() or 1)  # type: ignore[arg-type]
                local = place(ordered, scheme.place_form)
                found.append((local + (began - 1)).cast(pl.Int32).alias(name))
                continue
            local_order = replace(ordered, index=pl.int_range(here.height, dtype=pl.Int64, eager=True))
            inside = within(local_order, group)
            none = pl.repeat(None, here.height, dtype=pl.Int32, eager=True)
            local = none.scatter(inside.index, place(inside, scheme.place_form))
            base = pl.DataFrame({"group": group, "was": board[name], "local": local}).select(
                (pl.col("local") + pl.col("was").min().over("group") - 1).cast(pl.Int32).alias(name)
            )
            found.append(base.to_series())
        return found


@dataclass(frozen=True, slots=True)
class _Others:
    """Everybody with a place but those who moved, in order; positions count them alone."""

    board: _Board
    gone: list[int]
    ranked: int

    @property
    def count(self) -> int:
        return self.ranked - len(self.gone)

    def shown_at(self, position: int) -> int:
        """Where the board shows the one at this position."""
        for place_gone in self.gone:
            if place_gone <= position:
                position += 1
        return position

    def among(self, shown: int) -> int:
        """How many of them stand before this place of the board."""
        return shown - sum(one < shown for one in self.gone)

    def key(self, position: int) -> "Compared":
        return _keyed(self.board.chain, self.board.row_at(self.shown_at(position)))

    def below(self, wanted: "Compared", beyond: bool = False) -> int:
        """How many stand before this key; with `beyond`, also those who are equal to it."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            key = self.key(middle)
            if key < wanted or (beyond and key == wanted):
                low = middle + 1
            else:
                high = middle
        return low

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """Whole runs from two before `first` to two after `last`."""
        for _ in range(2):
            if first > 0:
                first = self.below(self.key(first - 1))
            if last < self.count:
                last = self.below(self.key(last), beyond=True)
        return first, last


Compared = tuple[tuple[bool, int], ...]
"""Keys as they compare: the better first, nothing after everything."""


def _keyed(chain: Sequence[Key], row: int) -> Compared:
    found: list[tuple[bool, int]] = []
    for key in chain:
        value = key.column[row]
        if value is None:
            found.append((True, 0))
        else:
            found.append((False, -int(value) if key.better == "higher" else int(value)))
    return tuple(found)


def _in_order(stretch: pl.DataFrame, own: pl.DataFrame, entries: pl.Series) -> pl.DataFrame:
    """The stretch with the new lines of those who moved, in the order of `entries`."""
    names = [name for name in own.columns if name != "order"]
    kept = [name for name in stretch.columns if name not in own.columns or name in ("entry", "order")]
    fresh = own.select(names).join(stretch.select(kept), on="entry", how="left")
    old = stretch.join(own.select("entry"), on="entry", how="anti")
    together = pl.concat([old, fresh.select(stretch.columns).cast(stretch.schema)])
    return pl.DataFrame({"entry": entries}).join(together, on="entry", how="left", maintain_order="left")


def _rows_of(before: Outcome, entries: pl.Series) -> pl.Series | None:
    """Rows of these entries, ascending; None where one is not of this board."""
    ids = before.evaluation.frame["entry"]
    if not ids.len():
        return None
    rows = ids.search_sorted(entries).cast(pl.Int64)
    there = rows.filter(rows < ids.len())
    if there.len() < rows.len() or not bool((ids.gather(there) == entries).all()):
        return None
    return rows


def _any_unranked(before: Outcome, rows: pl.Series) -> bool:
    entries = before.evaluation.frame["entry"].gather(rows)
    here = before.places.filter(pl.col("entry").is_in(entries.implode()))
    return here["place"].null_count() > 0


def _places_of(column: pl.Series, wanted: pl.Series) -> pl.Series:
    """Where a column holds one of these few values, ascending."""
    if wanted.len() == 1:
        found: pl.Series = column == wanted.item()
    else:
        found = column.is_in(wanted.implode())
    return found.arg_true().cast(pl.Int64)


def _without(frame: Columns, at: pl.Series) -> Columns:
    """The rows but those at these places, as slices of what there is."""
    bounds = [-1, *at, len(frame)]
    kept: list[Any] = [frame.slice(a + 1, b - a - 1) for a, b in pairwise(bounds)]
    joined: Columns = pl.concat([part for part in kept if len(part)] or [frame.clear()], rechunk=False)
    return joined


def _put(old: Columns, rows: pl.Series, new: Columns) -> Columns:
    """The same with other rows at these places, as slices of what there is."""
    parts: list[Any] = []
    at = 0
    for number, row in enumerate(rows):
        parts += [old.slice(at, row - at), new.slice(number, 1)]
        at = row + 1
    joined: Columns = pl.concat([part for part in [*parts, old.slice(at)] if len(part)], rechunk=False)
    return joined.rechunk() if joined.n_chunks() > 4 * MOST else joined


def _like(marks: pl.DataFrame, pattern: pl.DataFrame) -> pl.DataFrame:
    """The marks with the columns and types of those they join."""
    return marks.select(
        (pl.col(name) if name in marks.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in pattern.schema.items()
    )


def _spliced(known: Evaluation, few: Evaluation, rows: pl.Series, at: pl.Series) -> Evaluation:
    """The evaluation with the new lines of the few; bounds only widen."""
    layout = known.layout
    numbered = few.layout.rows.with_columns(
        pl.col("row").replace_strict(pl.int_range(rows.len(), eager=True), rows)
    )
    listed = pl.concat([_without(layout.rows, at), numbered.cast(layout.rows.schema)], rechunk=False)
    bounds = {
        name: (min(low, few.layout.bounds[name][0]), max(high, few.layout.bounds[name][1]), nulls)
        for name, (low, high, nulls) in layout.bounds.items()
    }
    laid = Layout(
        layout.entries,
        _put(layout.frame, rows, few.layout.frame),
        layout.cells,
        bounds,
        layout.attempts,
        layout.begun,
        listed,
        layout.leaves,
    )
    values = {name: _wider(value, few.values[name]) for name, value in known.values.items()}
    runnings = [_wider(a, b) for a, b in zip(known.runnings, few.runnings, strict=True)]
    frame = _put(known.frame, rows, few.frame)
    return replace(known, layout=laid, frame=frame, values=values, runnings=runnings)


def _wider(value: Exact, other: Exact) -> Exact:
    return replace(value, low=min(value.low, other.low), high=max(value.high, other.high))
