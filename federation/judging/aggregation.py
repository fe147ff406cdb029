"""Marks to scores, level by level: judges to a value, value to points, points up the tree to the running totals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import polars as pl

from federation.judging.frames import BLANKS, SCALE
from federation.judging.layout import Layout, lay_out
from federation.judging.panels import combine
from federation.judging.points import points
from federation.judging.rounding import Exact, clipped, less, over, rounded, times, times_column, total
from federation.judging.schemes import (
    Aspect,
    Attempts,
    Deduction,
    Module,
    Rounding,
    Scheme,
    Stage,
    SubCriterion,
)
from federation.judging.tree import LEVELS, Node, plan


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`frame`: one row per entry, ascending, a column per node and attempt. `values`: how to read them.

    `runnings`: one scaled total per stage begun. `layout`: where each mark went. `raws`: denominators of what the
    judges gave together.
    """

    scheme: Scheme
    nodes: dict[str, Node]
    layout: Layout
    frame: pl.DataFrame
    values: dict[tuple[str, int], Exact]
    runnings: list[Exact]
    raws: dict[tuple[str, int], int]


def evaluate(
    scheme: Scheme,
    marks: pl.DataFrame,
    entries: pl.DataFrame | None = None,
    begun: frozenset[str] = frozenset(),
) -> Evaluation:
    """`begun`: stages to count as begun even if no mark of these names them.

    Raises FrameError on marks the scheme does not know."""
    nodes = plan(scheme)
    layout = lay_out(scheme, nodes, marks, entries)
    layout = replace(layout, begun=layout.begun | begun)
    return _Ladder(scheme, nodes, layout).climb()


class _Ladder:
    """Climbs the tree; every step reads columns of the one before and adds its own in one pass."""

    def __init__(self, scheme: Scheme, nodes: dict[str, Node], layout: Layout) -> None:
        self.scheme, self.nodes, self.layout = scheme, nodes, layout
        self.frame = layout.frame
        self.values: dict[tuple[str, int], Exact] = {}
        self.new: list[pl.Expr] = []

    def climb(self) -> Evaluation:
        for node in self.nodes.values():
            if node.leaf:
                for turn in self.turns(node, inside=True):
                    self.keep(node, turn, "raw", self.raw(node, turn))
        self.flush()
        raws = {key: value.denominator for key, value in self.values.items()}
        for level in LEVELS:
            here = [node for node in self.nodes.values() if node.level == level]
            for node in here:
                for turn in self.turns(node, inside=True):
                    self.keep(node, turn, "score", self.score(node, turn))
            self.flush()
            for node in here:
                if node.owner == node.path:
                    self.keep(node, 0, "score", self.blanks_as_zero(node, self.over_attempts(node)))
            self.flush()
        runnings = self.runnings()
        return Evaluation(self.scheme, self.nodes, self.layout, self.frame, self.values, runnings, raws)

    def turns(self, node: Node, inside: bool) -> Sequence[int]:
        """The attempts a node is counted in; the owner itself also stands once above them (attempt 0)."""
        if node.owner is None or (node.owner == node.path and not inside):
            return (0,)
        return range(1, self.layout.attempts.get(node.owner, 1) + 1)

    def keep(self, node: Node, turn: int, what: str, value: Exact) -> None:
        name = f"{what}|{node.path}|{turn}"
        self.new.append(value.column.alias(name))
        self.values[node.path, turn] = replace(value, column=pl.col(name))

    def flush(self) -> None:
        if self.new:
            self.frame = self.frame.with_columns(self.new)
            self.new = []

    def cell(self, name: str) -> Exact:
        low, high, nulls = self.layout.bounds[name]
        return Exact(pl.col(name), 1, low, high, nulls)

    def raw(self, node: Node, turn: int) -> Exact:
        columns = [self.cell(name) for name in self.layout.cells[node.path, turn].columns]
        if not isinstance(node.definition, Aspect):
            return total(columns)
        panel = node.definition.panel
        recused = self.recused(node, turn) if panel.absent == "wait" else None
        value = combine(panel, columns, self.frame, node.definition.id, recused)
        return rounded(value, self.scheme.roundings.panel)

    def recused(self, node: Node, turn: int) -> pl.Series | None:
        """How many judges stepped aside for each entry."""
        rows = self.layout.rows
        if rows["blank"].null_count() == rows.height:
            return None
        here = rows.filter(
            (pl.col("leaf") == self.layout.leaves.index(node.path))
            & (pl.col("blank").cast(pl.String) == "recused")
            & (pl.col("attempt").fill_null(1) == max(turn, 1))
        )
        counted = here.group_by("row").len()
        none = pl.repeat(0, self.frame.height, dtype=pl.Int64, eager=True)
        return none.scatter(counted["row"], counted["len"].cast(pl.Int64))

    def score(self, node: Node, turn: int) -> Exact:
        definition = node.definition
        if isinstance(definition, Aspect):
            return self.aspect(definition, node, turn)
        assert not isinstance(definition, Deduction)
        parts = [
            self.weighted(self.values[child, self.turn_of(child, turn)], child) for child in node.children
        ]
        if not parts:
            return Exact(pl.lit(None, dtype=pl.Int64), 1, 0, 0, True)
        score = self.deducted(total(parts), node.deductions, turn)
        score = clipped(score, definition.floor, definition.cap)
        return rounded(score, self.rounding(definition))

    def turn_of(self, child: str, turn: int) -> int:
        """Attempts of a child that has its own are already settled."""
        return 0 if self.nodes[child].owner in (None, child) else turn

    def weighted(self, value: Exact, path: str) -> Exact:
        definition = self.nodes[path].definition
        assert not isinstance(definition, Deduction)
        return self.times_weight(value, definition.weight)

    def times_weight(self, value: Exact, weight: int) -> Exact:
        if weight == SCALE:
            return value
        return rounded(times(value, Fraction(weight, SCALE)), self.scheme.roundings.weighted)

    def rounding(self, definition: SubCriterion | Module | Stage) -> Rounding:
        if definition.rounding is not None:
            return definition.rounding
        own = self.scheme.roundings
        if isinstance(definition, SubCriterion):
            return own.subcriterion
        return own.module if isinstance(definition, Module) else own.stage

    def aspect(self, aspect: Aspect, node: Node, turn: int) -> Exact:
        value = points(aspect.rule, self.values[node.path, turn], self.frame)
        if aspect.worth is not None and aspect.maximum:
            value = times(value, Fraction(aspect.worth, aspect.maximum))
        value = rounded(value, aspect.rounding or self.scheme.roundings.aspect)
        factor = self.layout.cells[node.path, turn].factor
        if factor is not None:
            low, high = self.frame.select(low=pl.col(factor).min(), high=pl.col(factor).max()).row(0)
            ends = (min(low or SCALE, SCALE), max(high or SCALE, SCALE))
            value = times_column(value, Exact(pl.col(factor).fill_null(SCALE), 1, *ends, nulls=False))
            value = rounded(value, self.scheme.roundings.product)
        if node.owner is None:
            value = self.blanks_as_zero(node, value)
        return value

    def blanks_as_zero(self, node: Node, value: Exact) -> Exact:
        """Holes whose kind of blank the scheme counts as 0; under attempts, when none of them gave a value."""
        zero = [kind for kind in BLANKS if getattr(self.scheme.blanks, kind, "") == "zero"]
        if not value.nulls or not zero:
            return value
        mask = pl.repeat(False, self.frame.height, eager=True)
        known = self.layout.rows.select("row", "leaf", pl.col("blank").cast(pl.String)).drop_nulls()
        known = known.filter(pl.col("blank") != "pending")
        for code, path in enumerate(self.layout.leaves):
            leaf = self.nodes[path]
            if leaf.level != "aspect" or node.path not in (path, leaf.owner):
                continue
            mine = known.filter(pl.col("leaf") == code)
            if "pending" in zero:
                mask |= pl.repeat(True, mask.len(), eager=True).scatter(mine["row"], False)
            mask = mask.scatter(mine.filter(pl.col("blank").is_in(zero))["row"], True)
        filled = pl.when(value.column.is_null() & pl.lit(mask)).then(0).otherwise(value.column)
        return replace(value, column=filled, low=min(value.low, 0), high=max(value.high, 0))

    def deducted(self, score: Exact, deductions: Sequence[str], turn: int) -> Exact:
        for path in deductions:
            definition = self.nodes[path].definition
            assert isinstance(definition, Deduction)
            recorded = self.values[path, turn if self.nodes[path].owner else 0]
            if recorded.low == recorded.high == 0:
                continue
            most = definition.maximum
            least = -most if most is not None and definition.kind == "adjust" else None
            amount = clipped(times(recorded, Fraction(definition.each, SCALE)), least, most)
            if definition.kind == "points":
                score = less(score, amount)
            elif definition.kind == "adjust":
                score = less(score, times(amount, Fraction(-1)))
            elif definition.kind == "percent":
                score = less(score, times(times_column(score, amount), Fraction(1, 100)))
            elif definition.kind == "void":
                struck = (recorded.column.fill_null(0) != 0) & score.column.is_not_null()
                column = pl.when(struck).then(0).otherwise(score.column)
                score = replace(score, column=column, low=min(score.low, 0), high=max(score.high, 0))
        return score

    def over_attempts(self, node: Node) -> Exact:
        rule = node.attempts
        assert rule is not None
        turns = [self.values[node.path, turn] for turn in self.turns(node, inside=True)]
        if rule.rule == "sum":
            return total(turns)
        if rule.rule == "mean":
            return self.mean_of(turns, rule)
        if rule.rule == "last":
            return self.side_by_side(turns, lambda columns: pl.coalesce(columns[::-1]))
        if rule.count == 1:
            best = pl.min_horizontal if self.scheme.better == "lower" else pl.max_horizontal
            return self.side_by_side(turns, best)
        return self.best_of(turns, rule)

    def side_by_side(self, turns: list[Exact], pick: "Pick") -> Exact:
        common = lcm(*(turn.denominator for turn in turns))
        parts = [over(turn, common) for turn in turns]
        low, high = min(part.low for part in parts), max(part.high for part in parts)
        return Exact(pick([part.column for part in parts]), common, low, high, any(p.nulls for p in parts))

    def best_of(self, turns: list[Exact], rule: Attempts) -> Exact:
        ranked = sorted_attempts(turns, self.scheme)
        bounds = self.side_by_side(turns, lambda columns: columns[0])
        kept = [
            replace(bounds, column=ranked.list.get(nth, null_on_oob=True), nulls=True)
            for nth in range(min(rule.count, len(turns)))
        ]
        return total(kept)

    def mean_of(self, turns: list[Exact], rule: Attempts) -> Exact:
        bounds = self.side_by_side(turns, lambda columns: columns[0])
        chosen = sorted_attempts(turns, self.scheme).list.slice(rule.skip, rule.count)
        summed = pl.when(chosen.list.len() == rule.count).then(chosen.list.sum())
        ends = (min(bounds.low * rule.count, bounds.low), max(bounds.high * rule.count, bounds.high))
        return times(Exact(summed, bounds.denominator, *ends, True), Fraction(1, rule.count))

    def runnings(self) -> list[Exact]:
        """The total as it stands after each stage begun, rounded as the scheme's total."""
        running: Exact | None = None
        found: list[Exact] = []
        for index, stage in enumerate(self.scheme.stages):
            if index and stage.id not in self.layout.begun:
                break
            score = self.weighted(self.values[stage.id, 0], stage.id)
            if stage.carries:
                earlier = [self.times_weight(self.values[c.stage, 0], c.weight) for c in stage.carries]
                running = total([*earlier, score])
            elif running is not None and stage.carry_over:
                running = total([times(running, Fraction(stage.carry_over, SCALE)), score])
            else:
                running = score
            self.new.append(running.column.alias(f"running|{index}"))
            running = replace(running, column=pl.col(f"running|{index}"))
            self.flush()
            own = [path for path, node in self.nodes.items() if node.leaf and node.parent == ""]
            standing = clipped(self.deducted(running, own, 0), self.scheme.floor, self.scheme.cap)
            standing = rounded(standing, self.scheme.roundings.total)
            self.new.append(standing.column.cast(pl.Int64).alias(f"total|{index}"))
            self.flush()
            found.append(replace(standing, column=pl.col(f"total|{index}")))
        return found


Pick = Callable[[list[pl.Expr]], pl.Expr]


def sorted_attempts(turns: Sequence[Exact], scheme: Scheme) -> pl.Expr:
    """A list per entry of its attempts over their common denominator, best first, blanks left out."""
    common = lcm(*(turn.denominator for turn in turns))
    columns = [over(turn, common).column for turn in turns]
    return pl.concat_list(columns).list.drop_nulls().list.sort(descending=scheme.better == "higher")
