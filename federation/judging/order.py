"""One sort for a whole board: as much of the tie-break chain as fits is packed into one integer together with the row,
and only what is still equal after that is sorted further. Places are read off the runs of equal keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from federation.judging.rounding import multiples
from federation.judging.schemes import Better

_BITS = 63
_STEPS = (10_000, 5_000, 1_000, 500, 100, 50, 10)
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Key:
    """One thing entries are compared by: a column per entry, null standing behind every number.

    `code` names it in reasons; a column of points is over `denominator` · 10 000.
    """

    code: str
    column: pl.Series
    better: Better = "higher"
    denominator: int = 1
    unit: Literal["points", "count", "ms"] = "points"


@dataclass(frozen=True, slots=True)
class Sorted:
    """`index`: rows in order, group by group. `group`: their groups, None where all are one. `new`: whether a row
    differs from the one before it in group or key; rows that do not are ties."""

    index: pl.Series
    group: pl.Series | None
    new: pl.Series

    @property
    def tied(self) -> pl.Series:
        """Rows that share their key with a neighbour."""
        return ~(self.new & self.new.shift(-1, fill_value=True))


Part = tuple[pl.Series, int]
"""Codes from 0, the best first, and how many bits they need."""


def sort(rows: pl.Series | None, group: pl.Series | None, keys: Sequence[Key], height: int) -> Sorted:
    """Rows (all if None) by group ascending, keys best first, row number last."""
    count = height if rows is None else rows.len()
    parts: list[Part] = []
    if group is not None:
        group = (group if rows is None else group.gather(rows)).cast(pl.Int64)
        parts.append((group, int(group.max() or 0).bit_length()))  # type: ignore[arg-type]
    parts += [_codes(key if rows is None else _only(key, rows)) for key in keys]
    index, new = _ordered([part for part in parts if part[1]], count)
    grouped = None if group is None else group.gather(index)
    return Sorted(index if rows is None else rows.gather(index), grouped, new)


def within(ordered: Sorted, group: pl.Series) -> Sorted:
    """The same order once more, group by group; `group` is by row, and rows without one are left out.

    Its `index` counts positions of `ordered`, not rows: those lie close together, which is far cheaper to look up.
    """
    mine, run = group.gather(ordered.index).cast(pl.Int64), ordered.new.cum_sum()
    kept = mine.is_not_null().arg_true().cast(pl.Int64) if mine.null_count() else None
    if kept is not None:
        mine = mine.gather(kept)
    at, _ = _ordered([(mine, int(mine.max() or 0).bit_length())], mine.len())  # type: ignore[arg-type]
    mine, at = mine.gather(at), at if kept is None else kept.gather(at)
    run = run.gather(at)
    new = ((run != run.shift(1)) | (mine != mine.shift(1))).fill_null(True)
    return Sorted(at, mine, new)


Form = Literal["standard", "dense", "ordinal"]


def places(ordered: Sorted, form: Form) -> pl.DataFrame:
    """`place`, `tied`, `run` (how many share it), `standard` (the place as 1-2-2-4) and `field` (size of the group),
    row for row with `ordered`."""
    count = ordered.index.len()
    standard = place(ordered, "standard").cast(pl.Int64)
    run = pl.repeat(1, count, dtype=pl.Int64, eager=True)
    if not bool(ordered.new.all()):
        starts = ordered.new.arg_true().cast(pl.Int64)
        run = (starts.shift(-1, fill_value=count) - starts).gather(_numbers(ordered.new))
    field = pl.repeat(count, count, dtype=pl.Int64, eager=True)
    if ordered.group is not None:
        starts = _opens(ordered.group).arg_true().cast(pl.Int64)
        field = (starts.shift(-1, fill_value=count) - starts).gather(_numbers(_opens(ordered.group)))
    shown = standard if form == "standard" else place(ordered, form)
    return pl.DataFrame(
        {"place": shown.cast(pl.Int32), "tied": run > 1, "run": run, "standard": standard, "field": field}
    )


def place(ordered: Sorted, form: Form) -> pl.Series:
    """The place of every row in its group (Int32), row for row with `ordered`."""
    at = pl.int_range(ordered.index.len(), dtype=pl.Int32, eager=True)
    if form == "dense":
        at = _numbers(ordered.new).cast(pl.Int32)
    elif form == "standard" and not bool(ordered.new.all()):
        at = at.filter(ordered.new).gather(_numbers(ordered.new))
    if ordered.group is None:
        return at + 1
    opens = _opens(ordered.group)
    return at - at.filter(opens).gather(_numbers(opens)) + 1


def _opens(group: pl.Series) -> pl.Series:
    return (group != group.shift(1)).fill_null(True)


def _numbers(opens: pl.Series) -> pl.Series:
    """For every row the number of its run, from 0."""
    return opens.cum_sum() - 1


def grouped(entries: pl.DataFrame, by: Sequence[str]) -> pl.Series | None:
    """A number per distinct combination of the columns, or None when all rows agree."""
    found: pl.Series | None = None
    for column in by:
        values = entries[column]
        if values.null_count() == values.len():
            continue
        if isinstance(values.dtype, pl.Enum):
            code, known = values.to_physical(), values.dtype.categories.len()
        else:
            words = values.cast(pl.String)
            listed = words.unique().drop_nulls().sort()
            code, known = words.cast(pl.Enum(listed)).to_physical(), listed.len()
        code = code.cast(pl.Int64).fill_null(known)
        found = code if found is None else found * (known + 1) + code
    return found


def _only(key: Key, rows: pl.Series) -> Key:
    return replace(key, column=key.column.gather(rows))


def _codes(key: Key) -> Part:
    """The column as integers from 0, the best first, null after the worst."""
    column = key.column
    if column.dtype == pl.Boolean:
        column = column.cast(pl.Int64)
    low, high = column.min(), column.max()
    if low is None or high is None:
        return pl.repeat(0, column.len(), dtype=pl.Int64, eager=True), 0
    if column.dtype == pl.Int128 or int(high) - int(low) >= 2 ** (_BITS - 1):  # type: ignore[arg-type]
        column = column.rank("dense").cast(pl.Int64)
        low, high = column.min(), column.max()
    bottom, top = int(low), int(high)  # type: ignore[arg-type]
    codes = top - column if key.better == "higher" else column - bottom
    step = _step(codes)
    codes, span = multiples(codes, step), (top - bottom) // step
    if column.null_count():
        span += 1
        codes = codes.fill_null(span)
    return codes, span.bit_length()


def _step(codes: pl.Series) -> int:
    """A number that divides all of them, as marks have steps: fewer bits let more of the chain fit into one integer."""
    sample = codes.head(_SAMPLE).drop_nulls()
    for step in _STEPS:
        if bool((sample % step == 0).all()) and bool((codes % step == 0).all()):
            return step
    return 1


def _ordered(parts: Sequence[Part], count: int) -> tuple[pl.Series, pl.Series]:
    """(rows in order, which of them differ from the one before). Equal rows keep their order."""
    row_bits = max(count - 1, 1).bit_length()
    packed, used, taken = pl.int_range(count, eager=True), row_bits, 0
    fitting: list[Part] = []
    for codes, bits in parts:
        part = (codes, bits)
        if not fitting and used + bits > _BITS:
            part = _squeezed(codes)
        if used + part[1] > _BITS:
            break
        fitting.append(part)
        used, taken = used + part[1], taken + 1
    above = row_bits
    for codes, bits in reversed(fitting):
        packed, above = packed + codes * (1 << above), above + bits
    if fitting:
        packed = packed.sort()
        key = multiples(packed, 1 << row_bits)
        index, new = packed - key * (1 << row_bits), (key != key.shift(1)).fill_null(True)
    else:
        index, new = packed, pl.int_range(count, eager=True) == 0
    return _refined(parts[taken:], index, new) if parts[taken:] else (index, new)


def _refined(parts: Sequence[Part], index: pl.Series, new: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Runs that are still equal put in order by what did not fit."""
    at = Sorted(index, None, new).tied.arg_true().cast(pl.Int64)
    if not at.len():
        return index, new
    rows, run = index.gather(at), new.gather(at).cum_sum().cast(pl.Int64) - 1
    runs = (run, max(int(run[-1]), 1).bit_length())
    order, parted = _ordered([runs, *((codes.gather(rows), bits) for codes, bits in parts)], at.len())
    return index.scatter(at, rows.gather(order)), new.scatter(at, parted)


def _squeezed(codes: pl.Series) -> Part:
    dense = codes.rank("dense").cast(pl.Int64) - 1
    return dense, max(int(dense.max() or 0), 1).bit_length()  # type: ignore[arg-type]
