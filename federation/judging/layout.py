"""Long marks laid out wide: one row per entry, one column per cell (aspect, attempt, judge).

Marks are scattered into place instead of grouped: on large boards that is ten times cheaper (no hash of groups).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from federation.findings import Finding
from federation.judging.frames import (
    BLANKS,
    ENTRIES,
    ENTRIES_REQUIRED,
    MARKS,
    MARKS_REQUIRED,
    STATUSES,
    FrameError,
    check_frame,
)
from federation.judging.schemes import Aspect, Scheme
from federation.judging.tree import Node
from federation.judging.values import range_findings

_MAX_SPARSE_JUDGES = 12
_EMPTY = -(2**63)
"""In a cell nothing was recorded for, until it is laid out: writing among numbers is cheaper than among nulls."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns of one leaf in one attempt, judges side by side."""

    columns: tuple[str, ...]
    factor: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """`frame`: `entry` ascending, then the cells. `attempts`: how many per owner of attempts. `begun`: stages with
    any row. `rows`: the marks as (row, leaf code, blank …), for the rarer questions."""

    entries: pl.DataFrame
    frame: pl.DataFrame
    cells: Mapping[tuple[str, int], Cells]
    bounds: Mapping[str, tuple[int, int, bool]]
    attempts: Mapping[str, int]
    begun: frozenset[str]
    rows: pl.DataFrame
    leaves: tuple[str, ...]


def lay_out(
    scheme: Scheme, nodes: Mapping[str, Node], marks: pl.DataFrame, entries: pl.DataFrame | None
) -> Layout:
    """Raises FrameError for rows that name no entry, stage or aspect, for doubles and for impossible blanks."""
    marks = check_frame(marks, MARKS, MARKS_REQUIRED, "marks")
    if entries is None:
        entries = marks.select(pl.col("entry").unique())
    entries = check_frame(entries, ENTRIES, ENTRIES_REQUIRED, "entries").sort("entry")
    leaves = tuple(path for path, node in nodes.items() if node.leaf)
    findings = [*_entry_findings(entries), *_value_findings(marks)]
    row = _rows(entries["entry"], marks["entry"])
    leaf = _leaf_codes(scheme, nodes, leaves, marks, findings)
    if row.null_count():
        unknown = marks["entry"].filter(row.is_null()).unique().sort()
        findings.append(
            Finding("marks.entry_unknown", place="marks.entry", facts={"entries": unknown[:20].to_list()})
        )
    if findings:
        raise FrameError(findings)
    rows = marks.select("value", "factor", "time", "blank", "judge", "attempt").with_columns(
        row.alias("row"), leaf.alias("leaf")
    )
    return _scatter(nodes, leaves, rows, entries)


def _entry_findings(entries: pl.DataFrame) -> list[Finding]:
    findings: list[Finding] = []
    ids = entries["entry"]
    if ids.null_count():
        findings.append(Finding("marks.entry_missing", place="entries.entry"))
    doubled = ids.filter(ids == ids.shift(1))
    if doubled.len():
        facts = {"entries": doubled.unique()[:20].to_list()}
        findings.append(Finding("marks.entry_twice", place="entries.entry", facts=facts))
    if entries["status"].null_count() < entries.height:
        odd = entries["status"].cast(pl.String).unique().drop_nulls()
        odd = odd.filter(~odd.is_in(STATUSES))
        if odd.len():
            findings.append(
                Finding("marks.status_unknown", place="entries.status", facts={"found": odd[:20].to_list()})
            )
    return findings


def _value_findings(marks: pl.DataFrame) -> list[Finding]:
    findings: list[Finding] = []
    if marks["blank"].null_count() < marks.height:
        blank = marks["blank"].cast(pl.String)
        odd = blank.unique().drop_nulls()
        odd = odd.filter(~odd.is_in(BLANKS))
        if odd.len():
            findings.append(
                Finding("marks.blank_unknown", place="marks.blank", facts={"found": odd[:20].to_list()})
            )
        both = marks["entry"].filter(blank.is_not_null() & marks["value"].is_not_null())
        if both.len():
            facts = {"entries": both.unique().sort()[:20].to_list()}
            findings.append(Finding("marks.blank_with_value", place="marks.value", facts=facts))
    if marks["attempt"].null_count() < marks.height and bool((marks["attempt"] < 1).any()):
        findings.append(Finding("marks.attempt_below_one", place="marks.attempt"))
    return findings


def _rows(ids: pl.Series, wanted: pl.Series) -> pl.Series:
    """For every wanted id its position among the sorted ids, null if it is not there."""
    count = ids.len()
    if count == 0:
        return pl.repeat(None, wanted.len(), dtype=pl.Int64, eager=True)
    low, high = int(ids[0]), int(ids[-1])
    span = high - low + 1
    offset = wanted if low == 0 else wanted - low
    inside = offset.min() is not None and int(offset.min()) >= 0 and int(offset.max()) < span  # type: ignore[arg-type]
    if not inside or wanted.null_count():
        offset = offset.set((offset < 0) | (offset >= span), None)
    if span == count:
        return offset
    if span <= 4 * count + 1024:
        table = pl.repeat(None, span, dtype=pl.Int64, eager=True)
        table = table.scatter(ids - low, pl.int_range(count, eager=True))
        return table.gather(offset)
    found = ids.search_sorted(wanted).cast(pl.Int64)
    here = ids.gather(found.clip(0, count - 1)) == wanted
    return found.set(~here.fill_null(False), None)


def _leaf_codes(
    scheme: Scheme,
    nodes: Mapping[str, Node],
    leaves: tuple[str, ...],
    marks: pl.DataFrame,
    findings: list[Finding],
) -> pl.Series:
    """The leaf of each mark, as its number in `leaves`, out of stage and aspect."""
    names = sorted({nodes[path].definition.id for path in leaves})
    stages = [stage.id for stage in scheme.stages]
    plain = _plain_leaves(nodes, leaves, marks)
    if plain is not None:
        return plain
    aspect = _coded(marks["aspect"], names)
    if aspect.null_count():
        odd = marks["aspect"].filter(aspect.is_null()).cast(pl.String).unique().sort()
        facts = {"found": odd[:20].to_list(), "known": names[:50]}
        findings.append(Finding("marks.aspect_unknown", place="marks.aspect", facts=facts))
    table: list[int | None] = [None] * (len(names) * (len(stages) + 1))
    for code, path in enumerate(leaves):
        name = names.index(nodes[path].definition.id)
        everywhere = nodes[path].stage == ""
        for number, stage in enumerate(stages):
            if everywhere or nodes[path].stage == stage:
                table[number * len(names) + name] = code
        homes = [other for other in leaves if nodes[other].definition.id == names[name]]
        table[len(stages) * len(names) + name] = code if len(homes) == 1 else None
    if marks["stage"].null_count() == marks.height:
        index = aspect + len(stages) * len(names)
    else:
        text = marks["stage"].cast(pl.String)
        stage_code = _coded(text.set(text == "", None), stages)
        odd = text.filter(stage_code.is_null() & text.is_not_null() & (text != ""))
        if odd.len():
            facts = {"found": odd.unique().sort()[:20].to_list(), "known": stages}
            findings.append(Finding("marks.stage_unknown", place="marks.stage", facts=facts))
        index = stage_code.fill_null(len(stages)) * len(names) + aspect
    lookup = pl.Series(table, dtype=pl.Int32)
    leaf = lookup.gather(index) if len(table) else pl.repeat(None, marks.height, dtype=pl.Int32, eager=True)
    astray = leaf.is_null() & aspect.is_not_null()
    if bool(astray.any()):
        odd = marks["aspect"].filter(astray).cast(pl.String).unique().sort()
        findings.append(
            Finding("marks.aspect_not_in_stage", place="marks.stage", facts={"found": odd[:20].to_list()})
        )
    return leaf


def _plain_leaves(
    nodes: Mapping[str, Node], leaves: tuple[str, ...], marks: pl.DataFrame
) -> pl.Series | None:
    """The leaves in one step where aspects come as codes that no stage need tell apart; None if that is not so."""
    if marks["stage"].null_count() < marks.height or not isinstance(marks["aspect"].dtype, pl.Enum):
        return None
    homes: dict[str, list[int]] = {}
    for code, path in enumerate(leaves):
        homes.setdefault(nodes[path].definition.id, []).append(code)
    found = [homes.get(word, []) for word in marks["aspect"].dtype.categories]
    table = pl.Series([codes[0] if len(codes) == 1 else None for codes in found], dtype=pl.Int32)
    leaf = table.gather(marks["aspect"].to_physical())
    return None if leaf.null_count() else leaf


def _coded(text: pl.Series, words: list[str]) -> pl.Series:
    """Position of each text among the words, null for others."""
    if isinstance(text.dtype, pl.Categorical):
        text = text.cast(pl.String)
    if isinstance(text.dtype, pl.Enum):
        positions = {word: position for position, word in enumerate(words)}
        table = pl.Series([positions.get(word) for word in text.dtype.categories], dtype=pl.Int32)
        return table.gather(text.to_physical())
    return text.cast(pl.Enum(words), strict=False).to_physical().cast(pl.Int32)


def _scatter(
    nodes: Mapping[str, Node], leaves: tuple[str, ...], rows: pl.DataFrame, entries: pl.DataFrame
) -> Layout:
    attempts, seat = _attempts(nodes, leaves, rows), _seats(nodes, leaves, rows)
    widths = _widths(leaves, rows, seat)
    base, names, first = 0, list[str](), list[int]()
    cells: dict[tuple[str, int], Cells] = {}
    for code, path in enumerate(leaves):
        first.append(base)
        owner = nodes[path].owner
        turns = range(1, attempts[owner] + 1) if owner else (0,)
        definition = nodes[path].definition
        factored = isinstance(definition, Aspect) and definition.factored
        for turn in turns:
            seats = tuple(f"{code}.{turn}.{judge}" for judge in range(widths[code]))
            cells[path, turn] = Cells(seats, f"f{code}.{turn}" if factored else None)
            names += seats
            base += len(seats)
    count = entries.height
    target = pl.Series([start * count for start in first], dtype=pl.Int64).gather(rows["leaf"]) + rows["row"]
    if attempts:
        step = (rows["attempt"].fill_null(1) - 1).cast(pl.Int64)
        target = target + step * pl.Series([width * count for width in widths], dtype=pl.Int64).gather(
            rows["leaf"]
        )
    if max(widths, default=1) > 1:
        target = target + seat * count
    given = rows["value"].fill_null(_EMPTY) if rows["value"].null_count() else rows["value"]
    flat = pl.repeat(_EMPTY, base * count, dtype=pl.Int64, eager=True).scatter(target, given)
    if _doubles(flat, target, rows["value"]):
        raise FrameError([_doubled(target, rows, nodes, leaves, entries)])
    columns = {name: _numbers(flat.slice(number * count, count)) for number, name in enumerate(names)}
    columns |= _factors(nodes, leaves, rows, cells, count)
    frame = pl.DataFrame({"entry": entries["entry"], **columns})
    bounds = _bounds(frame)
    if outside := _outside(nodes, cells, bounds):
        raise FrameError(outside)
    begun = frozenset(nodes[leaves[code]].stage for code in rows["leaf"].unique())
    return Layout(entries, frame, cells, bounds, attempts, begun, rows, leaves)


def _bounds(frame: pl.DataFrame) -> dict[str, tuple[int, int, bool]]:
    cells = [name for name in frame.columns if name != "entry"]
    if not cells:
        return {}
    lows = frame.select(pl.col(cells).min()).row(0)
    highs = frame.select(pl.col(cells).max()).row(0)
    return {
        name: (low or 0, high or 0, frame[name].null_count() > 0)
        for name, low, high in zip(cells, lows, highs, strict=True)
    }


def _outside(
    nodes: Mapping[str, Node],
    cells: Mapping[tuple[str, int], Cells],
    bounds: Mapping[str, tuple[int, int, bool]],
) -> list[Finding]:
    """Values beyond what their aspect allows; the bounds already know."""
    found: dict[tuple[str, int], Finding] = {}
    for (path, _), cell in cells.items():
        aspect = nodes[path].definition
        if not isinstance(aspect, Aspect):
            continue
        for name in cell.columns:
            low, high, nulls = bounds[name]
            if low == high == 0 and nulls:
                continue
            for extreme in (low, high):
                for finding in range_findings(extreme, aspect):
                    found[path, extreme] = replace(finding, place="marks.value")
    return list(found.values())


def _attempts(nodes: Mapping[str, Node], leaves: tuple[str, ...], rows: pl.DataFrame) -> dict[str, int]:
    """How many attempts each owner is laid out for: as declared, or the highest number seen if that is more."""
    owners = [nodes[path].owner for path in leaves]
    found: dict[str, int] = {}
    for owner in filter(None, owners):
        rule = nodes[owner].attempts
        found[owner] = max(found.get(owner, 1), max(rule.of, rule.skip + rule.count) if rule else 1)
    if rows["attempt"].null_count() == rows.height:
        return found
    highest = rows.group_by("leaf").agg(pl.col("attempt").max())
    for code, attempt in highest.iter_rows():
        owner = owners[code]
        if attempt is None or (owner is None and attempt == 1):
            continue
        if owner is None:
            facts = {"aspect": nodes[leaves[code]].definition.id, "attempt": attempt}
            raise FrameError([Finding("marks.attempt_unexpected", place="marks.attempt", facts=facts)])
        found[owner] = max(found[owner], attempt)
    return found


def _judged(nodes: Mapping[str, Node], path: str) -> bool:
    definition = nodes[path].definition
    return not isinstance(definition, Aspect) or definition.panel.method != "single"


def _seats(nodes: Mapping[str, Node], leaves: tuple[str, ...], rows: pl.DataFrame) -> pl.Series:
    """The judge's column within the cell: fixed per judge while judges are few, else in order of arrival."""
    none = pl.repeat(0, rows.height, dtype=pl.Int64, eager=True)
    if rows["judge"].null_count() == rows.height:
        return none
    judged = pl.Series([_judged(nodes, path) for path in leaves]).gather(rows["leaf"])
    if not bool(judged.any()):
        return none
    keyed = rows.select("row", "leaf", "judge", attempt=pl.col("attempt").fill_null(1))
    keyed = keyed.with_columns(pl.col("judge").cast(pl.String).fill_null(""))
    pairs = keyed.filter(judged).select("leaf", "judge").unique()
    pairs = pairs.with_columns((pl.col("judge").rank("dense").over("leaf").cast(pl.Int64) - 1).alias("seat"))
    if bool((pairs["seat"] >= _MAX_SPARSE_JUDGES).any()):
        order = pl.col("judge").rank("ordinal").over("row", "leaf", "attempt").cast(pl.Int64) - 1
        return keyed.select(order.alias("seat"))["seat"].set(~judged, 0)
    seats = keyed.join(pairs, on=["leaf", "judge"], how="left", maintain_order="left")["seat"]
    return seats.fill_null(0)


def _widths(leaves: tuple[str, ...], rows: pl.DataFrame, seat: pl.Series) -> list[int]:
    widths = [1] * len(leaves)
    if seat.len() and seat.max():
        for code, highest in rows.select("leaf", seat=seat).group_by("leaf").max().iter_rows():
            widths[code] = highest + 1
    return widths


def _numbers(cells: pl.Series) -> pl.Series:
    """The cells with null where nothing was recorded."""
    return cells if cells.min() != _EMPTY else cells.set(cells == _EMPTY, None)


def _doubles(flat: pl.Series, target: pl.Series, values: pl.Series) -> bool:
    """Did two rows claim one cell? Counted from what arrived, which costs less than a hash of the targets."""
    blanks = values.null_count()
    if flat.len() - int((flat == _EMPTY).sum()) != values.len() - blanks:
        return True
    if not blanks:
        return False
    blank = target.filter(values.is_null())
    return bool((flat.gather(blank) != _EMPTY).any()) or blank.n_unique() != blanks


def _doubled(
    target: pl.Series,
    rows: pl.DataFrame,
    nodes: Mapping[str, Node],
    leaves: tuple[str, ...],
    entries: pl.DataFrame,
) -> Finding:
    first = rows.filter(target.is_duplicated()).head(20)
    facts: dict[str, list[Any]] = {
        "entries": entries["entry"].gather(first["row"]).unique().sort().to_list(),
        "aspects": sorted({nodes[leaves[code]].definition.id for code in first["leaf"]}),
    }
    return Finding("marks.mark_twice", place="marks", facts=facts)


def _factors(
    nodes: Mapping[str, Node],
    leaves: tuple[str, ...],
    rows: pl.DataFrame,
    cells: Mapping[tuple[str, int], Cells],
    count: int,
) -> dict[str, pl.Series]:
    """One factor per performance: all judges' rows of it must agree; a factor not recorded is 1."""
    if rows["factor"].null_count() < rows.height:
        factored = {path for (path, _), cell in cells.items() if cell.factor}
        plain = [code for code, path in enumerate(leaves) if path not in factored]
        astray = rows.filter(pl.col("factor").is_not_null() & pl.col("leaf").is_in(plain))
        if astray.height:
            facts = {
                "aspects": sorted({nodes[leaves[code]].definition.id for code in astray["leaf"].unique()})
            }
            raise FrameError([Finding("marks.factor_unexpected", place="marks.factor", facts=facts)])
    found: dict[str, pl.Series] = {}
    for (path, turn), cell in cells.items():
        if cell.factor is None:
            continue
        mine = rows.filter((pl.col("leaf") == leaves.index(path)) & pl.col("factor").is_not_null())
        if turn:
            mine = mine.filter(pl.col("attempt").fill_null(1) == turn)
        column = pl.repeat(None, count, dtype=pl.Int64, eager=True).scatter(mine["row"], mine["factor"])
        if bool((column.gather(mine["row"]) != mine["factor"]).any()):
            aspect = nodes[path].definition.id
            raise FrameError(
                [Finding("marks.factor_differs", place="marks.factor", facts={"aspect": aspect})]
            )
        found[cell.factor] = column
    return found
