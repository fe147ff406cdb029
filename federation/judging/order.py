"""One sort for a whole board: the tie-break chain packed into a single integer, places read off the sorted runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from federation.judging.rounding import multiples
from federation.judging.schemes import Better

_BITS = 63
_HUNDREDTH = 100


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
    """`index`: rows in order, group by group. `group`, `key`: their sorted values. Equal keys are ties."""

    index: pl.Series
    group: pl.Series
    key: pl.Series


def sort(rows: pl.Series | None, group: pl.Series | None, keys: Sequence[Key], height: int) -> Sorted:
    """Rows (all if None) by group ascending, keys best first, row number last."""
    parts: list[tuple[pl.Series, int]] = []
    if group is not None:
        group = group if rows is None else group.gather(rows)
        last = int(group.max() or 0)  # type: ignore[arg-type]
        parts.append((last - group.cast(pl.Int64), last.bit_length()))
    parts += [_codes(key if rows is None else _only(key, rows)) for key in keys]
    count = height if rows is None else rows.len()
    packed, bits = _pack(parts, count)
    row_bits = max(count - 1, 1).bit_length()
    if bits + row_bits <= _BITS:
        position = pl.int_range(count - 1, -1, -1, eager=True)
        ordered = (packed * (1 << row_bits) + position).sort(descending=True)
        index = (count - 1) - (ordered & ((1 << row_bits) - 1))
        key = multiples(ordered, 1 << row_bits)
    else:
        frame = pl.DataFrame({"key": packed}).with_row_index("row")
        frame = frame.sort("key", descending=True, maintain_order=True)
        index, key = frame["row"].cast(pl.Int64), frame["key"]
    grouped = pl.repeat(0, count, dtype=pl.Int64, eager=True) if group is None else group.gather(index)
    return Sorted(index if rows is None else rows.gather(index), grouped.cast(pl.Int64), key)


def places(ordered: Sorted, form: Literal["standard", "dense", "ordinal"]) -> pl.DataFrame:
    """`place`, `tied`, `run` (how many share it), `standard` (the place as 1-2-2-4) and `field` (size of the group),
    row for row with `ordered`."""
    frame = pl.DataFrame({"group": ordered.group, "key": ordered.key})
    position = pl.int_range(pl.len(), dtype=pl.Int64)
    new_group = pl.col("group").ne_missing(pl.col("group").shift(1)) | (position == 0)
    frame = frame.select(
        new_group.alias("new_group"),
        (new_group | pl.col("key").ne_missing(pl.col("key").shift(1))).alias("new"),
        position.alias("at"),
    )
    frame = frame.with_columns(
        pl.when("new_group").then("at").forward_fill().alias("first"),
        pl.when("new").then("at").forward_fill().alias("start"),
        (pl.when("new").then("at").shift(-1).backward_fill().fill_null(pl.len())).alias("next"),
        (pl.when("new_group").then("at").shift(-1).backward_fill().fill_null(pl.len())).alias("end"),
    )
    standard = pl.col("start") - pl.col("first") + 1
    shown = standard
    if form == "ordinal":
        shown = pl.col("at") - pl.col("first") + 1
    elif form == "dense":
        runs = pl.col("new").cum_sum().cast(pl.Int64)
        shown = runs - pl.when("new_group").then(runs).forward_fill() + 1
    run = pl.col("next") - pl.col("start")
    return frame.select(
        place=shown.cast(pl.Int32),
        tied=run > 1,
        run=run,
        standard=standard,
        field=pl.col("end") - pl.col("first"),
    )


def grouped(entries: pl.DataFrame, by: Sequence[str]) -> pl.Series | None:
    """A number per distinct combination of the columns, or None when all rows agree."""
    found: pl.Series | None = None
    for column in by:
        values = entries[column]
        if values.null_count() == values.len():
            continue
        words = values.cast(pl.String)
        known = words.unique().drop_nulls().sort()
        code = words.cast(pl.Enum(known)).to_physical().cast(pl.Int64).fill_null(known.len())
        found = code if found is None else found * (known.len() + 1) + code
    return found


def _only(key: Key, rows: pl.Series) -> Key:
    return replace(key, column=key.column.gather(rows))


def _codes(key: Key) -> tuple[pl.Series, int]:
    """The column as integers from 0 where more is better and 0 is null, and how many bits they need."""
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
    if (
        (top - bottom).bit_length() > 12
        and bottom % _HUNDREDTH == 0
        and bool((column % _HUNDREDTH == 0).all())
    ):
        column = multiples(column, _HUNDREDTH)
        bottom, top = bottom // _HUNDREDTH, top // _HUNDREDTH
    nulls = 1 if column.null_count() else 0
    codes = column - (bottom - nulls) if key.better == "higher" else (top + nulls) - column
    return (codes.fill_null(0) if nulls else codes), (top - bottom + nulls).bit_length()


def _pack(parts: Sequence[tuple[pl.Series, int]], count: int) -> tuple[pl.Series, int]:
    """All parts in one integer, the first the most significant; what does not fit is squeezed by a dense rank."""
    packed = pl.repeat(0, count, dtype=pl.Int64, eager=True)
    used = 0
    for part, width in parts:
        codes, bits = part, width
        if bits == 0:
            continue
        if used == 0:
            packed, used = codes.cast(pl.Int64), bits
            continue
        if used + bits > _BITS:
            packed, used = _squeezed(packed)
        if used + bits > _BITS:
            codes, bits = _squeezed(codes)
        packed = packed * (1 << bits) + codes
        used += bits
    return packed, used


def _squeezed(codes: pl.Series) -> tuple[pl.Series, int]:
    dense = codes.rank("dense").cast(pl.Int64) - 1
    return dense, int(dense.max() or 0).bit_length()  # type: ignore[arg-type]
