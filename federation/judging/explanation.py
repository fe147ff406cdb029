"""Why a total is what it is: codes and numbers, out of the same columns as the board."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import polars as pl

from federation.judging.aggregation import Evaluation, evaluate
from federation.judging.frames import SCALE
from federation.judging.ranking import Outcome
from federation.judging.rounding import round_fraction, round_number
from federation.judging.schemes import Aspect, Deduction, Panel, Rounding, Scheme
from federation.judging.tree import Definition, Node


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node of the tree. `code`: total, stage, module, subcriterion, aspect, attempt, deduction, mark.

    `value` is exact, in points (of a mark: as recorded), None where there is no number. `part` is what it adds to
    the node above (negative for what is taken off); None if it is not counted. `facts` say how the value came about:
    weight and carried; floor, cap and which of them `limited` it; step and mode, and what it was when it is another
    number `unrounded`; of an aspect method, drop_high, drop_low, clamp, center, judges, present, needed, raw, rule,
    worth of, factor; of attempts the rule, count, skip; of a deduction kind, each, maximum; of a mark judge, blank,
    time, dropped (high or low), drawn (what a mark too far from the mean counts as).
    """

    code: str
    id: str
    value: Fraction | None
    part: Fraction | None = None
    counted: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: tuple["Explanation", ...] = ()
    title: str = ""
    title_en: str = ""

    @property
    def scaled(self) -> int | None:
        """The value in units of 1/10 000, half-up."""
        return None if self.value is None else round_number(self.value * SCALE, "half_up")


def explain(outcome: Outcome, entry: int) -> Explanation:
    """The tree of one entry's total. Raises KeyError for an entry that is not on the board."""
    board = outcome.places.filter(pl.col("entry") == entry)
    if board.is_empty():
        raise KeyError(entry)
    marks = outcome.marks.filter(pl.col("entry") == entry)
    known = outcome.entries.filter(pl.col("entry") == entry)
    evaluation = evaluate(outcome.scheme, marks, known, outcome.evaluation.layout.begun)
    return _Teller(evaluation).total(int(board["reached"][0]))


class _Teller:
    """Walks the tree of an evaluation of a single entry."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.scheme = evaluation.scheme
        self.row = evaluation.frame.row(0, named=True)

    def exact(self, path: str, turn: int) -> Fraction | None:
        value = self.evaluation.values[path, turn]
        number = self.row[value.column.meta.output_name()]
        return None if number is None else Fraction(int(number), value.denominator * SCALE)

    def total(self, reached: int) -> Explanation:
        scheme = self.scheme
        number = self.row[f"total|{reached - 1}"]
        children: list[Explanation] = []
        for stage, (weight, carry) in zip(scheme.stages, self.shares(reached), strict=False):
            told = self.node(self.evaluation.nodes[stage.id], 0)
            part = None if told.value is None else self.weighted(told.value, weight) * carry
            facts = {**told.facts, "weight": Fraction(weight, SCALE), "carried": carry}
            counted = part is not None and carry != 0
            children.append(_with(told, part if counted else None, counted, facts))
        whole = sum((child.part or Fraction(0) for child in children), Fraction(0))
        own = [n for n in self.evaluation.nodes.values() if n.leaf and n.parent == ""]
        children += self.deductions(own, 0, whole)
        value = None if number is None else Fraction(int(number), SCALE)
        facts = _limits(scheme.floor, scheme.cap, scheme.roundings.total, _sum(children), value)
        return _entitled(scheme, Explanation("total", scheme.id, value, value, True, facts, tuple(children)))

    def shares(self, reached: int) -> list[tuple[int, Fraction]]:
        """What each stage so far weighs in the total, and how much of that was carried to it."""
        stages = self.scheme.stages[:reached]
        carry = Fraction(1)
        found: list[tuple[int, Fraction]] = []
        for stage in reversed(stages):
            found.insert(0, (stage.weight, carry))
            if stage.carries:
                weights = {one.stage: one.weight for one in stage.carries}
                before = stages[: len(stages) - len(found)]
                return [
                    (weights.get(one.id, SCALE), carry if one.id in weights else Fraction(0))
                    for one in before
                ] + found
            carry *= Fraction(stage.carry_over, SCALE)
        return found

    def weighted(self, value: Fraction, weight: int) -> Fraction:
        if weight == SCALE:
            return value
        return round_fraction(value * Fraction(weight, SCALE), self.scheme.roundings.weighted)

    def node(self, node: Node, turn: int) -> Explanation:
        """A node as it stands above its attempts (turn 0) or in one of them."""
        if turn == 0 and node.attempts is not None:
            return self.over_attempts(node)
        if isinstance(node.definition, Aspect):
            return self.aspect(node, node.definition, turn)
        assert not isinstance(node.definition, Deduction)
        children: list[Explanation] = []
        for path in node.children:
            child = self.evaluation.nodes[path]
            assert not isinstance(child.definition, Deduction)
            told = self.node(child, 0 if child.owner in (None, child.path) else turn)
            part = None if told.value is None else self.weighted(told.value, child.definition.weight)
            facts = {**told.facts, "weight": Fraction(child.definition.weight, SCALE)}
            children.append(_with(told, part, part is not None, facts))
        if any(child.counted for child in children):
            whole = sum((child.part or Fraction(0) for child in children), Fraction(0))
            children += self.deductions(
                [self.evaluation.nodes[path] for path in node.deductions], turn, whole
            )
        rounding = node.definition.rounding or getattr(self.scheme.roundings, node.level)
        value = self.exact(node.path, turn)
        facts = _limits(node.definition.floor, node.definition.cap, rounding, _sum(children), value)
        told = Explanation(node.level, node.definition.id, value, None, True, facts, tuple(children))
        return _entitled(node.definition, told)

    def over_attempts(self, node: Node) -> Explanation:
        rule = node.attempts
        assert rule is not None
        turns = [turn for path, turn in self.evaluation.values if path == node.path and turn]
        told = [(turn, self.node(node, turn)) for turn in turns]
        numbered = [(turn, one.value) for turn, one in told if one.value is not None]
        best = sorted(numbered, key=lambda pair: (pair[1], -pair[0]), reverse=True)
        if self.scheme.better == "lower":
            best = sorted(numbered, key=lambda pair: (pair[1], pair[0]))
        averaged = best[rule.skip :][: rule.count]
        chosen = {
            "best": best[: rule.count],
            "last": numbered[-1:],
            "sum": numbered,
            "mean": averaged if len(averaged) == rule.count else [],
        }[rule.rule]
        counted = {turn for turn, _ in chosen}
        share = Fraction(1, rule.count if rule.rule == "mean" else 1)
        children = tuple(
            Explanation(
                "attempt",
                str(turn),
                one.value,
                one.value * share if turn in counted and one.value is not None else None,
                turn in counted,
                {**one.facts, "attempt": turn},
                one.children,
            )
            for turn, one in told
        )
        facts = {"attempts": rule.rule, "count": rule.count, "skip": rule.skip}
        told_above = Explanation(
            node.level, node.definition.id, self.exact(node.path, 0), None, True, facts, children
        )
        return _entitled(node.definition, told_above)

    def deductions(self, nodes: list[Node], turn: int, whole: Fraction) -> list[Explanation]:
        """What is taken off one after another; `whole` is the sum they start from."""
        told: list[Explanation] = []
        for node in nodes:
            definition = node.definition
            assert isinstance(definition, Deduction)
            recorded = self.exact(node.path, turn if node.owner else 0)
            if not recorded:
                continue
            amount = recorded * Fraction(definition.each, SCALE)
            facts: dict[str, Any] = {"kind": definition.kind, "each": Fraction(definition.each, SCALE)}
            if definition.maximum is not None:
                most = Fraction(definition.maximum, SCALE)
                held = max(min(amount, most), -most) if definition.kind == "adjust" else min(amount, most)
                if held != amount:
                    amount, facts["maximum"] = held, most
            part = {
                "points": -amount,
                "adjust": amount,
                "percent": -whole * amount / 100,
                "void": -whole,
                "disqualify": Fraction(0),
            }[definition.kind]
            whole += part
            marks = self.marks(node, turn if node.owner else 0)
            told.append(
                _entitled(
                    definition, Explanation("deduction", definition.id, recorded, part, True, facts, marks)
                )
            )
        return told

    def aspect(self, node: Node, aspect: Aspect, turn: int) -> Explanation:
        panel, value, children = aspect.panel, self.exact(node.path, turn), self.marks(node, turn)
        present = sum(child.value is not None for child in children)
        facts: dict[str, Any] = {"method": panel.method, "raw": self.raw(node, turn), "present": present}
        if panel.method.startswith("trimmed") and any("dropped" in child.facts for child in children):
            facts |= {"drop_high": panel.drop_high, "drop_low": panel.drop_low}
        if panel.method == "clamped_mean" and present:
            center = _center(panel, [child.value for child in children if child.value is not None])
            facts |= {"clamp": Fraction(panel.clamp, SCALE), "center": center}
        if panel.method != "single":
            facts |= {"judges": panel.judges or len(children), "absent": panel.absent}
            facts["needed"] = max(panel.minimum, panel.judges if panel.absent == "wait" else 1)
            if self.scheme.roundings.panel.step:
                facts["panel_step"] = Fraction(self.scheme.roundings.panel.step, SCALE)
        if aspect.rule.kind != "identity":
            facts["rule"] = aspect.rule
        if aspect.worth is not None and aspect.maximum:
            facts |= {"worth": Fraction(aspect.worth, SCALE), "of": Fraction(aspect.maximum, SCALE)}
        facts |= _limits(None, None, aspect.rounding or self.scheme.roundings.aspect)
        factor = self.evaluation.layout.cells[node.path, turn].factor
        if factor is not None:
            facts["factor"] = Fraction(self.row[factor] or SCALE, SCALE)
            if self.scheme.roundings.product.step:
                facts["product_step"] = Fraction(self.scheme.roundings.product.step, SCALE)
        if facts["raw"] is None and value is not None:
            facts["blank_as_zero"] = True
        return _entitled(aspect, Explanation(node.level, aspect.id, value, None, True, facts, children))

    def raw(self, node: Node, turn: int) -> Fraction | None:
        """What the judges gave together, before any rule."""
        number = self.row[f"raw|{node.path}|{turn}"]
        return (
            None if number is None else Fraction(int(number), self.evaluation.raws[node.path, turn] * SCALE)
        )

    def marks(self, node: Node, turn: int) -> tuple[Explanation, ...]:
        layout = self.evaluation.layout
        rows = layout.rows.filter(pl.col("leaf") == layout.leaves.index(node.path))
        if turn:
            rows = rows.filter(pl.col("attempt").fill_null(1) == turn)
        rows = rows.with_columns(pl.col("judge").cast(pl.String), pl.col("blank").cast(pl.String)).sort(
            "judge"
        )
        dropped, drawn = _dropped(node, rows["value"].to_list()), _drawn(node, rows["value"].to_list())
        told: list[Explanation] = []
        for number, mark in enumerate(rows.iter_rows(named=True)):
            value = None if mark["value"] is None else Fraction(mark["value"], SCALE)
            counted = value is not None and number not in dropped
            facts = {name: mark[name] for name in ("judge", "blank", "time") if mark[name] is not None}
            if number in dropped:
                facts["dropped"] = dropped[number]
            part = drawn.get(number, value) if counted else None
            if part != value and part is not None:
                facts["drawn"] = part
            told.append(Explanation("mark", node.definition.id, value, part, counted, facts))
        return tuple(told)


def _dropped(node: Node, values: list[int | None]) -> dict[int, str]:
    """Positions of the extremes a panel leaves out, high or low; among equal ones the first in order of judges."""
    if not isinstance(node.definition, Aspect) or not node.definition.panel.method.startswith("trimmed"):
        return {}
    panel = node.definition.panel
    present = [(value, number) for number, value in enumerate(values) if value is not None]
    if len(present) < max(panel.trim_from, panel.drop_high + panel.drop_low + 1):
        return {}
    ordered = sorted(present)
    low, high = ordered[: panel.drop_low], ordered[len(ordered) - panel.drop_high :]
    return {number: "low" for _, number in low} | {number: "high" for _, number in high}


def _center(panel: Panel, values: list[Fraction]) -> Fraction:
    """The mean a clamp measures from."""
    return round_fraction(sum(values, Fraction(0)) / len(values), panel.center)


def _drawn(node: Node, values: list[int | None]) -> dict[int, Fraction]:
    """What each mark of a clamping panel counts as, by position."""
    if not isinstance(node.definition, Aspect) or node.definition.panel.method != "clamped_mean":
        return {}
    present = {n: Fraction(value, SCALE) for n, value in enumerate(values) if value is not None}
    if not present:
        return {}
    panel = node.definition.panel
    center, reach = _center(panel, [*present.values()]), Fraction(panel.clamp, SCALE)
    return {n: min(max(value, center - reach), center + reach) for n, value in present.items()}


def _sum(children: list[Explanation]) -> Fraction | None:
    parts = [child.part for child in children if child.part is not None]
    return sum(parts, Fraction(0)) if parts else None


def _limits(
    floor: int | None,
    cap: int | None,
    rounding: Rounding,
    whole: Fraction | None = None,
    value: Fraction | None = None,
) -> dict[str, Any]:
    """Limits and rounding of a node; `whole` is what its parts add up to, `value` what became of it."""
    facts: dict[str, Any] = {}
    if floor is not None:
        facts["floor"] = Fraction(floor, SCALE)
        if whole is not None and whole < facts["floor"]:
            facts["limited"], whole = "floor", facts["floor"]
    if cap is not None:
        facts["cap"] = Fraction(cap, SCALE)
        if whole is not None and whole > facts["cap"]:
            facts["limited"], whole = "cap", facts["cap"]
    if rounding.step:
        facts |= {"step": Fraction(rounding.step, SCALE), "mode": rounding.mode}
        if whole is not None and whole != value:
            facts["unrounded"] = whole
    return facts


def _entitled(part: Definition | Scheme, told: Explanation) -> Explanation:
    return replace(told, title=part.title, title_en=part.title_en)


def _with(told: Explanation, part: Fraction | None, counted: bool, facts: Mapping[str, Any]) -> Explanation:
    return replace(told, part=part, counted=counted, facts=facts)
