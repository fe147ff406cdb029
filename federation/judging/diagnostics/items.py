"""How hard each part of the task was, and whether it tells the strong from the weak. Floats to look at, never marks."""

from __future__ import annotations

import polars as pl

from federation.judging.aggregation import Evaluation
from federation.judging.diagnostics.judges import USUAL, Samples
from federation.judging.frames import SCALE
from federation.judging.ranking import Outcome
from federation.judging.rounding import scaled
from federation.judging.schemes import Aspect, Deduction, Module, Stage, SubCriterion, aspects_of
from federation.judging.tree import Node

UPPER = 0.27
"""The share of the field that counts as upper and as lower group, as the textbooks have it."""

ITEMS = pl.Schema(
    {
        "level": pl.String(),  # module or aspect
        "node": pl.String(),
        "stage": pl.String(),
        "id": pl.String(),
        "entries": pl.Int64(),  # ranked entries with a score in every part of this level
        "maximum": pl.Int64(),  # scaled; null where the scheme names none
        "mean": pl.Float64(),  # points
        "difficulty": pl.Float64(),  # mean share of the maximum: 1 is easy
        "correlation": pl.Float64(),  # with the sum of all other parts
        "upper_lower": pl.Float64(),  # mean share of the upper 27 % minus that of the lower 27 %
    }
)
"""One row per module and aspect in the order of the scheme. Null: not enough entries, or nothing to compare with."""


def items(outcome: Outcome, samples: Samples = USUAL) -> pl.DataFrame:
    """Every module and aspect that has begun, told from the ranked entries with a score in all of them.

    Parts count with their weights; deductions, floors and caps above a part are left aside. Upper and lower group go by
    the sum of the parts, equal sums by entry.
    """
    evaluation = outcome.evaluation
    ranked = outcome.places.filter(pl.col("status") == "")["entry"]
    tables = [_level(evaluation, level, ranked, samples) for level in ("module", "aspect")]
    return pl.concat(tables)


def _level(evaluation: Evaluation, level: str, ranked: pl.Series, samples: Samples) -> pl.DataFrame:
    nodes = [
        node
        for node in evaluation.nodes.values()
        if node.level == level and (node.path, 0) in evaluation.values
    ]
    frame = evaluation.frame.select(
        "entry",
        *(scaled(evaluation.values[node.path, 0]).cast(pl.Int64).alias(node.path) for node in nodes),
    ).filter(pl.col("entry").is_in(ranked.implode()))
    nodes = [node for node in nodes if frame[node.path].null_count() < frame.height]
    frame = frame.drop_nulls([node.path for node in nodes]).sort("entry")
    weights = {node.path: _weight(evaluation, node) for node in nodes}
    counted = frame.select(
        (pl.col(node.path) * (weights[node.path] / SCALE)).alias(node.path) for node in nodes
    )
    whole = counted.sum_horizontal() if nodes else pl.Series([], dtype=pl.Float64)
    enough = frame.height >= samples.items
    rows = []
    for node in nodes:
        top = _maximum(node.definition)
        points = frame[node.path] / SCALE
        known = enough and top is not None and top > 0
        share = points / (top / SCALE) if top else points
        rows.append(
            (
                level,
                node.path,
                node.stage,
                node.definition.id,
                frame.height,
                top,
                points.mean() if enough else None,
                share.mean() if known else None,
                _correlation(counted[node.path], whole - counted[node.path])
                if enough and len(nodes) > 1
                else None,
                _upper_lower(share, whole) if known else None,
            )
        )
    return pl.DataFrame(rows, schema=ITEMS, orient="row")


def _weight(evaluation: Evaluation, node: Node) -> float:
    """What a point of the node is worth in the stage's part of the total."""
    weight, at = 1.0, node
    while True:
        assert not isinstance(at.definition, Deduction)
        weight *= at.definition.weight / SCALE
        if not at.parent:
            return weight
        at = evaluation.nodes[at.parent]


def _maximum(definition: object) -> int | None:
    """Full marks of a part, scaled, where the scheme says them."""
    if isinstance(definition, Aspect):
        return _full_marks(definition)
    if isinstance(definition, Module):
        if definition.maximum is not None:
            return definition.maximum
        tops = [_maximum(aspect) for aspect in aspects_of(definition)]
        return sum(top for top in tops if top is not None) if tops and None not in tops else None
    assert isinstance(definition, SubCriterion | Stage)
    return None


def _full_marks(aspect: Aspect) -> int | None:
    if aspect.worth is not None or aspect.rule.cap is not None:
        return aspect.worth if aspect.worth is not None else aspect.rule.cap
    if aspect.rule.kind == "table":
        return max((step.points for step in aspect.rule.table), default=None)
    return aspect.maximum if aspect.rule.kind == "identity" else None


def _correlation(part: pl.Series, rest: pl.Series) -> float | None:
    found = pl.DataFrame({"part": part, "rest": rest}).select(
        pl.when((pl.col("part").std() > 1e-9) & (pl.col("rest").std() > 1e-9)).then(pl.corr("part", "rest"))
    )
    value = found.item()
    return None if value is None or value != value else float(value)  # noqa: PLR0124  (NaN)


def _upper_lower(share: pl.Series, whole: pl.Series) -> float:
    size = max(1, int(share.len() * UPPER + 0.5))
    ordered = pl.DataFrame({"share": share, "whole": whole})
    top = ordered.sort("whole", descending=True, maintain_order=True)["share"]
    return float(top.head(size).mean()) - float(top.tail(size).mean())  # type: ignore[arg-type]
