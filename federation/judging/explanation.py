"""Why a total is what it is, and why a place is what it is: codes and numbers, out of the same columns as the board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import polars as pl

from federation.judging.aggregation import Evaluation, evaluate
from federation.judging.frames import SCALE
from federation.judging.order import Key
from federation.judging.ranking import Outcome
from federation.judging.rounding import round_fraction, round_number
from federation.judging.schemes import Aspect, Deduction, Rounding
from federation.judging.tree import Node


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node of the tree. `code`: total, stage, module, subcriterion, aspect, attempt, deduction, mark.

    `value` is exact, in points (of a mark: as recorded), None where there is no number. `part` is what it adds to
    the node above (negative for what is taken off); None if it is not counted. `facts` say how the value came about:
    weight, floor, cap, rounding, method, factor, rule, judge, attempt, blank.
    """

    code: str
    id: str
    value: Fraction | None
    part: Fraction | None = None
    counted: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: tuple["Explanation", ...] = ()

    @property
    def scaled(self) -> int | None:
        """The value in units of 1/10 000, half-up."""
        return None if self.value is None else round_number(self.value * SCALE, "half_up")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry stands where it does. code: behind or ahead of `other`, tied with it, alone, or unranked.

    `criterion`: the first that differs ("total", "module:C", "attempt:2", "time" …), with both values in points, counts
    or milliseconds as `unit` says.
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


def explain(outcome: Outcome, entry: int) -> Explanation:
    """The tree of one entry's total. Raises KeyError for an entry that is not on the board."""
    board = outcome.places.filter(pl.col("entry") == entry)
    if board.is_empty():
        raise KeyError(entry)
    marks = outcome.marks.filter(pl.col("entry") == entry)
    known = outcome.entries.filter(pl.col("entry") == entry)
    evaluation = evaluate(outcome.scheme, marks, known, outcome.evaluation.layout.begun)
    return _Teller(evaluation).total(int(board["reached"][0]))


def explain_place(outcome: Outcome, entry: int) -> Reason:
    """The first criterion that parts an entry from the one above it (the first: from the one below)."""
    places = outcome.places
    positions = places["entry"].index_of(entry)
    if positions is None:
        raise KeyError(entry)
    at = int(positions)
    place, status = places["place"][at], places["status"][at]
    if place is None:
        return Reason("unranked", entry, status=status)
    above, below = _neighbour(outcome, at, -1), _neighbour(outcome, at, 1)
    if places["tied"][at]:
        for other in (above, below):
            if other is not None and _first_difference(outcome, entry, other) is None:
                return Reason("tied", entry, place, other)
    other = above if above is not None else below
    if other is None:
        return Reason("alone", entry, place)
    key = _first_difference(outcome, entry, other)
    assert key is not None
    values = (_valued(outcome, key, entry), _valued(outcome, key, other))
    code: Literal["behind", "ahead"] = "behind" if above is not None else "ahead"
    return Reason(code, entry, place, other, key.code, *values, unit=key.unit)


def _neighbour(outcome: Outcome, at: int, step: int) -> int | None:
    """The ranked entry next to a position, in the same group of the first ranking."""
    places, by = outcome.places, outcome.scheme.rankings[0].by
    to = at + step
    if not 0 <= to < places.height or places["status"][to] != "":
        return None
    pair = outcome.entries.filter(pl.col("entry").is_in([places["entry"][at], places["entry"][to]]))
    if by and pair.select(by).n_unique() > 1:
        return None
    return int(places["entry"][to])


def _first_difference(outcome: Outcome, entry: int, other: int) -> Key | None:
    one, two = _row(outcome, entry), _row(outcome, other)
    return next((key for key in outcome.keys if key.column[one] != key.column[two]), None)


def _row(outcome: Outcome, entry: int) -> int:
    return int(outcome.entries["entry"].search_sorted(entry))


def _valued(outcome: Outcome, key: Key, entry: int) -> Fraction | None:
    number = key.column[_row(outcome, entry)]
    if number is None:
        return None
    return Fraction(int(number), key.denominator * SCALE if key.unit == "points" else 1)


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
        facts = _limits(scheme.floor, scheme.cap, scheme.roundings.total)
        value = None if number is None else Fraction(int(number), SCALE)
        return Explanation("total", scheme.id, value, value, True, facts, tuple(children))

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
        facts = _limits(node.definition.floor, node.definition.cap, rounding)
        value = self.exact(node.path, turn)
        return Explanation(node.level, node.definition.id, value, None, True, facts, tuple(children))

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
        return Explanation(
            node.level, node.definition.id, self.exact(node.path, 0), None, True, facts, children
        )

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
            if definition.maximum is not None:
                most = Fraction(definition.maximum, SCALE)
                amount = max(min(amount, most), -most) if definition.kind == "adjust" else min(amount, most)
            part = {
                "points": -amount,
                "adjust": amount,
                "percent": -whole * amount / 100,
                "void": -whole,
                "disqualify": Fraction(0),
            }[definition.kind]
            whole += part
            marks = self.marks(node, turn if node.owner else 0)
            facts = {"kind": definition.kind, "each": Fraction(definition.each, SCALE)}
            told.append(Explanation("deduction", definition.id, recorded, part, True, facts, marks))
        return told

    def aspect(self, node: Node, aspect: Aspect, turn: int) -> Explanation:
        facts: dict[str, Any] = {"method": aspect.panel.method, "raw": self.raw(node, turn)}
        if aspect.panel.method.startswith("trimmed"):
            facts |= {"drop_high": aspect.panel.drop_high, "drop_low": aspect.panel.drop_low}
        if aspect.rule.kind != "identity":
            facts["rule"] = aspect.rule
        if aspect.worth is not None and aspect.maximum:
            facts |= {"worth": Fraction(aspect.worth, SCALE), "of": Fraction(aspect.maximum, SCALE)}
        rounding = aspect.rounding or self.scheme.roundings.aspect
        facts |= _limits(None, None, rounding)
        factor = self.evaluation.layout.cells[node.path, turn].factor
        if factor is not None:
            facts["factor"] = Fraction(self.row[factor] or SCALE, SCALE)
        children = self.marks(node, turn)
        return Explanation(node.level, aspect.id, self.exact(node.path, turn), None, True, facts, children)

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
        dropped = _dropped(node, rows["value"].to_list())
        told: list[Explanation] = []
        for number, mark in enumerate(rows.iter_rows(named=True)):
            value = None if mark["value"] is None else Fraction(mark["value"], SCALE)
            counted = value is not None and number not in dropped
            facts = {name: mark[name] for name in ("judge", "blank", "time") if mark[name] is not None}
            told.append(
                Explanation("mark", node.definition.id, value, value if counted else None, counted, facts)
            )
        return tuple(told)


def _dropped(node: Node, values: list[int | None]) -> set[int]:
    """Positions of the extremes a panel leaves out; among equal ones the first in order of judges."""
    if not isinstance(node.definition, Aspect) or not node.definition.panel.method.startswith("trimmed"):
        return set()
    panel = node.definition.panel
    present = [(value, number) for number, value in enumerate(values) if value is not None]
    if len(present) < max(panel.trim_from, panel.drop_high + panel.drop_low + 1):
        return set()
    ordered = sorted(present)
    ends = ordered[: panel.drop_low] + ordered[len(ordered) - panel.drop_high :]
    return {number for _, number in ends}


def _limits(floor: int | None, cap: int | None, rounding: Rounding) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if floor is not None:
        facts["floor"] = Fraction(floor, SCALE)
    if cap is not None:
        facts["cap"] = Fraction(cap, SCALE)
    if rounding.step:
        facts |= {"step": Fraction(rounding.step, SCALE), "mode": rounding.mode}
    return facts


def _with(told: Explanation, part: Fraction | None, counted: bool, facts: Mapping[str, Any]) -> Explanation:
    return Explanation(told.code, told.id, told.value, part, counted, facts, told.children)
