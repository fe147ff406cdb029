"""What entries are compared by, first to last: stage reached, total, and the scheme's chain of tie-breaks."""

from collections.abc import Callable, Iterator, Sequence
from math import lcm

import polars as pl

from federation.judging.aggregation import Evaluation, sorted_attempts
from federation.judging.order import Key
from federation.judging.rounding import Exact
from federation.judging.schemes import Better, Criterion
from federation.judging.tree import Node

_COUNTBACK = 3
Wanted = Callable[[Node], bool]


def tie_keys(
    evaluation: Evaluation, last_stage: int, ranked: pl.Series, group: pl.Series | None
) -> list[Key]:
    """One key per comparison of the chain, drawn from the stages up to `last_stage`. `ranked`: who is compared."""
    keys: list[Key] = []
    for criterion in evaluation.scheme.tie_breaks:
        keys.extend(_keys(evaluation, criterion, last_stage, ranked, group))
    return keys


def _keys(
    evaluation: Evaluation,
    criterion: Criterion,
    last_stage: int,
    ranked: pl.Series,
    group: pl.Series | None,
) -> Iterator[Key]:
    better = criterion.better or evaluation.scheme.better
    stages = [stage.id for stage in evaluation.scheme.stages[: last_stage + 1]]
    if criterion.stage:
        stages = [stage for stage in stages if stage == criterion.stage]
    if criterion.by in ("lot", "ruling"):
        yield Key(criterion.by, evaluation.layout.entries[criterion.by], "lower", unit="count")
    elif criterion.by == "time":
        code = f"time:{criterion.id}" if criterion.id else "time"
        yield Key(code, times_of(evaluation, criterion.id, stages), criterion.better or "lower", unit="ms")
    elif criterion.by == "countback":
        yield from _countback(evaluation, criterion, stages, ranked, group)
    elif criterion.by == "attempt":
        yield from _attempts(evaluation, criterion, stages, better)
    else:
        node = _last(
            evaluation, stages, lambda n: n.level == criterion.by and n.definition.id == criterion.id
        )
        if node is not None:
            yield _key(f"{criterion.by}:{criterion.id}", evaluation, _settled(evaluation, node), better)


def _last(evaluation: Evaluation, stages: Sequence[str], wanted: Wanted) -> Node | None:
    found = [node for node in evaluation.nodes.values() if node.stage in stages and wanted(node)]
    return found[-1] if found else None


def _settled(evaluation: Evaluation, node: Node) -> Exact:
    """A node's score; below attempts, the best it had in any of them."""
    if (node.path, 0) in evaluation.values:
        return evaluation.values[node.path, 0]
    turns = [value for (path, _), value in evaluation.values.items() if path == node.path]
    best = sorted_attempts(turns, evaluation.scheme).list.first()
    common = lcm(*(turn.denominator for turn in turns))
    return Exact(best, common, min(t.low for t in turns), max(t.high for t in turns), True)


def _key(code: str, evaluation: Evaluation, value: Exact, better: Better) -> Key:
    column = evaluation.frame.select(value.column.alias("key")).to_series()
    return Key(code, column, better, value.denominator)


def _attempts(
    evaluation: Evaluation, criterion: Criterion, stages: Sequence[str], better: Better
) -> Iterator[Key]:
    node = _last(evaluation, stages, lambda n: n.owner == n.path and criterion.id in ("", n.definition.id))
    if node is None:
        return
    turns = [value for (path, turn), value in evaluation.values.items() if path == node.path and turn]
    ranked = evaluation.frame.select(sorted_attempts(turns, evaluation.scheme).alias("turns")).to_series()
    for nth in [criterion.nth] if criterion.nth else range(2, len(turns) + 1):
        column = ranked.list.get(nth - 1, null_on_oob=True)
        yield Key(f"attempt:{nth}", column, better, lcm(*(turn.denominator for turn in turns)))


def _countback(
    evaluation: Evaluation,
    criterion: Criterion,
    stages: Sequence[str],
    ranked: pl.Series,
    group: pl.Series | None,
) -> Iterator[Key]:
    """How often an entry was first among the compared columns, then second …, in its own group."""
    higher = evaluation.scheme.better == "higher"
    columns = list(enumerate(_compared(evaluation, criterion, stages)))
    if not columns:
        return
    compared = evaluation.frame.select(
        pl.when(pl.lit(ranked)).then(column).alias(f"c{number}") for number, column in columns
    ).with_columns((pl.lit(0) if group is None else group).alias("group of the ranking"))
    won = compared.select(
        pl.col(f"c{number}").rank("min", descending=higher).over("group of the ranking").alias(f"c{number}")
        for number, _ in columns
    )
    for nth in range(1, (criterion.nth or _COUNTBACK) + 1):
        counted = pl.sum_horizontal(
            (pl.col(f"c{number}") == nth).fill_null(False).cast(pl.Int64) for number, _ in columns
        )
        yield Key(f"countback:{nth}", won.select(counted.alias("count")).to_series(), "higher", unit="count")


def _compared(evaluation: Evaluation, criterion: Criterion, stages: Sequence[str]) -> list[pl.Expr]:
    """The columns a count-back looks at: one per node of its level, or one per judge of every aspect."""
    level = "aspect" if criterion.level == "judge" else criterion.level
    nodes = [n for n in evaluation.nodes.values() if n.level == level and n.stage in stages]
    if criterion.level != "judge":
        return [_settled(evaluation, node).column for node in nodes]
    paths = {node.path for node in nodes}
    cells = evaluation.layout.cells.items()
    return [pl.col(name) for (path, _), cell in cells if path in paths for name in cell.columns]


def times_of(evaluation: Evaluation, node: str, stages: Sequence[str]) -> pl.Series:
    """Milliseconds per entry: one time per aspect and attempt, summed under the node; null if none was recorded."""
    layout = evaluation.layout
    wanted = [
        code
        for code, path in enumerate(layout.leaves)
        if evaluation.nodes[path].stage in stages and (not node or node in path.split("/"))
    ]
    timed = layout.rows.filter(pl.col("time").is_not_null() & pl.col("leaf").is_in(wanted))
    once = timed.group_by("row", "leaf", "attempt").agg(pl.col("time").max())
    summed = once.group_by("row").agg(pl.col("time").sum())
    empty = pl.repeat(None, layout.entries.height, dtype=pl.Int64, eager=True)
    return empty.scatter(summed["row"], summed["time"])
