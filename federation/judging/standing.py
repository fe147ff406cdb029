"""Who can take a place at all, and who stands behind: what blanks, statuses and sanctions do to an entry."""

from dataclasses import dataclass

import polars as pl

from federation.judging.aggregation import Evaluation
from federation.judging.schemes import Aspect, Deduction, Scheme
from federation.judging.tree import Node

STANDINGS = ("", "guest", "blank", "dnf", "dns", "dsq", "withdrawn")
"""In the order of display: ranked, then those listed without a place."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`code`: position in STANDINGS per entry. `behind`: per stage, who stands behind; None where nobody does."""

    code: pl.Series
    behind: list[pl.Series | None]


def standing(evaluation: Evaluation) -> Standing:
    scheme, frame = evaluation.scheme, evaluation.frame
    entries = evaluation.layout.entries
    code = pl.repeat(0, frame.height, dtype=pl.Int8, eager=True)
    if bool(entries["guest"].any()):
        code = code.set(entries["guest"].fill_null(False), STANDINGS.index("guest"))
    empty = frame.select(pl.all_horizontal(v.column.is_null() for v in evaluation.runnings)).to_series()
    if bool(empty.any()):
        code = code.set(empty, STANDINGS.index("blank"))
    behind: list[pl.Series | None] = []
    so_far: pl.Series | None = None
    for index in range(len(evaluation.runnings)):
        here = _behind(evaluation, scheme.stages[index].id)
        so_far = here if so_far is None else so_far if here is None else so_far | here
        behind.append(so_far)
    for kind in ("dnf", "dns", "dsq", "void", "pending"):
        if getattr(scheme.blanks, kind) == "unranked":
            rows = _left_blank(evaluation, kind)
            if rows.len():
                shown = kind if kind in STANDINGS else "blank"
                code = code.scatter(rows, STANDINGS.index(shown))
    for path, node in evaluation.nodes.items():
        if isinstance(node.definition, Deduction) and node.definition.kind == "disqualify":
            for turn in (turn for owner, turn in evaluation.values if owner == path):
                struck = frame.select(evaluation.values[path, turn].column.fill_null(0) != 0).to_series()
                code = code.set(struck, STANDINGS.index("dsq"))
    return Standing(_declared(scheme, entries, code), behind)


def _declared(scheme: Scheme, entries: pl.DataFrame, code: pl.Series) -> pl.Series:
    """What is said of the whole entry outweighs what its marks say."""
    if entries["status"].null_count() == entries.height:
        return code
    status = entries["status"].cast(pl.String).fill_null("")
    for word in ("dns", "dsq", "withdrawn"):
        code = code.set(status == word, STANDINGS.index(word))
    if scheme.blanks.dnf == "unranked":
        code = code.set(status == "dnf", STANDINGS.index("dnf"))
    return code.set((status == "dnf") & (code == STANDINGS.index("blank")), STANDINGS.index("dnf"))


def _behind(evaluation: Evaluation, stage: str) -> pl.Series | None:
    scheme, frame = evaluation.scheme, evaluation.frame
    found: pl.Series | None = None
    lower = scheme.better == "lower"
    for node in _counted(evaluation, stage):
        value = evaluation.values[node.path, 0]
        rule = node.attempts
        wanting = value.column.is_null()
        several = rule and (rule.rule == "sum" or (rule.rule == "best" and rule.count > 1))
        if rule and several and (lower or _may_be_negative(evaluation, node)):
            turns = [
                evaluation.values[key].column for key in evaluation.values if key[0] == node.path and key[1]
            ]
            needed = len(turns) if rule.rule == "sum" else min(rule.count, len(turns))
            there = pl.sum_horizontal(turn.is_not_null().cast(pl.Int64) for turn in turns)
            wanting = (there < needed) & ((there > 0) | wanting)
        elif not value.nulls or not (lower or _may_be_negative(evaluation, node)):
            continue
        here = frame.select(wanting).to_series()
        found = here if found is None else found | here
    for kind in ("dnf", "dns", "dsq", "void", "pending"):
        if getattr(scheme.blanks, kind) == "behind":
            rows = _left_blank(evaluation, kind, stage)
            if rows.len():
                none = pl.repeat(False, frame.height, eager=True)
                found = (none if found is None else found).scatter(rows, True)
    return found if found is not None and bool(found.any()) else None


def _counted(evaluation: Evaluation, stage: str) -> list[Node]:
    """The nodes of a stage that either have a value or leave a hole: aspects, or what holds their attempts."""
    nodes = [node for node in evaluation.nodes.values() if node.stage == stage]
    return [
        node for node in nodes if node.owner == node.path or (node.level == "aspect" and node.owner is None)
    ]


def _left_blank(evaluation: Evaluation, kind: str, stage: str | None = None) -> pl.Series:
    """Rows of entries where a blank of this kind left an aspect, or all its attempts, without a value."""
    scheme, layout, frame = evaluation.scheme, evaluation.layout, evaluation.frame
    if kind != "pending" and layout.rows["blank"].null_count() == layout.rows.height:
        return pl.Series([], dtype=pl.Int64)
    known = layout.rows.filter(pl.col("blank").is_not_null()).select(
        "row", "leaf", pl.col("attempt").fill_null(1), pl.col("blank").cast(pl.String)
    )
    found: list[pl.Series] = []
    for code, path in enumerate(layout.leaves):
        node = evaluation.nodes[path]
        begun = node.stage in layout.begun or node.stage == evaluation.scheme.stages[0].id
        if node.level != "aspect" or stage not in (None, node.stage) or not begun:
            continue
        hole = evaluation.values[node.owner or path, 0].column.is_null()
        mine = known.filter(pl.col("leaf") == code)
        holes = frame.select(hole.alias("hole")).with_row_index("row").filter("hole")["row"].cast(pl.Int64)
        if kind == "pending":
            explained = mine.filter(pl.col("blank") != "pending")["row"]
            holes = holes.filter(~holes.is_in(explained.implode()))
            if stage is None and _after_a_cut(scheme, node.stage):
                holes = holes.filter(holes.is_in(_marked_rows(evaluation, node.stage).implode()))
            found.append(holes)
        else:
            rows = mine.filter(pl.col("blank") == kind)["row"]
            found.append(rows.filter(rows.is_in(holes.implode())))
    return pl.concat(found).unique() if found else pl.Series([], dtype=pl.Int64)


def _after_a_cut(scheme: Scheme, stage: str) -> bool:
    """Nothing is missing from those whom a cut stopped."""
    ids = [one.id for one in scheme.stages]
    return ids.index(stage) > 0 and scheme.stages[ids.index(stage) - 1].cut is not None


def _marked_rows(evaluation: Evaluation, stage: str) -> pl.Series:
    layout = evaluation.layout
    codes = [code for code, path in enumerate(layout.leaves) if evaluation.nodes[path].stage == stage]
    return layout.rows.filter(pl.col("leaf").is_in(codes))["row"].unique()


def _may_be_negative(evaluation: Evaluation, node: Node) -> bool:
    """By the scheme alone, so that one entrant's marks never move another."""
    if isinstance(node.definition, Aspect):
        return may_be_negative(node.definition)
    return any(
        may_be_negative(other.definition)
        for other in evaluation.nodes.values()
        if other.owner == node.path and isinstance(other.definition, Aspect)
    )


def may_be_negative(aspect: Aspect) -> bool:
    """Can a mark of this aspect take points away?"""
    rule = aspect.rule
    if aspect.weight < 0:
        return True
    if (rule.floor is not None and rule.floor >= 0) or rule.kind == "power":
        return False
    if rule.kind == "table":
        return min([rule.otherwise, *(step.points for step in rule.table)]) < 0
    from_zero = aspect.minimum is not None and aspect.minimum >= 0
    if rule.kind == "linear":
        return not (from_zero and rule.slope >= 0 and rule.base >= 0)
    return not from_zero
