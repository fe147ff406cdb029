"""One entry's marks worked up the tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from federation.judging import schemes as language
from tests.federation.judging.oracle.numbers import (
    KINDS,
    SCALE,
    Holder,
    Number,
    Row,
    added,
    average,
    earned,
    limited,
    points,
    stepped,
    together,
)


class Paper:
    """All that was recorded for one entry, and the scores that follow from it."""

    def __init__(self, scheme: language.Scheme, rows: list[Row], tries: dict[str, int]) -> None:
        self.scheme, self.rows, self.tries = scheme, rows, tries
        self.scores: dict[tuple[str, int], Number] = {}
        self.holes: dict[str, set[str]] = {}
        for stage in scheme.stages:
            self.settle(stage, stage.id, stage.id, 0)
        for deduction in scheme.deductions:
            self.recorded(deduction, f"/{deduction.id}", "", 0)

    def of(self, stage: str, leaf: str, attempt: int) -> list[Row]:
        wanted = [row for row in self.rows if row["aspect"] == leaf and (row["stage"] or stage) == stage]
        if not stage:
            wanted = [row for row in self.rows if row["aspect"] == leaf]
        return [row for row in wanted if not attempt or (row["attempt"] or 1) == attempt]

    def settle(self, node: Holder, path: str, stage: str, attempt: int) -> Number:
        """The score of a node as its parent sees it."""
        if node.attempts is None:
            value = self.once(node, path, stage, attempt)
            if isinstance(node, language.Aspect) and not attempt:
                value = self.hole(node, path, stage, value)
            self.scores[path, attempt] = value
            return value
        turns: list[Number] = []
        for turn in range(1, self.tries[path] + 1):
            value = self.once(node, path, stage, turn)
            self.scores[path, turn] = value
            turns.append(value)
        settled = self.chosen(node.attempts, turns)
        settled = self.hole(node, path, stage, settled)
        self.scores[path, 0] = settled
        return settled

    def hole(self, node: Holder, path: str, stage: str, value: Number) -> Number:
        """Why nothing is there, if so; 0 where the scheme counts that reason as 0."""
        if value is not None:
            return value
        reasons: set[str] = set()
        for leaf in leaves_of(node):
            said = {row["blank"] for row in self.of(stage, leaf, 0)} - {None, "pending"}
            reasons |= said & set(KINDS) if said else {"pending"}
        zero = {why for why in reasons if getattr(self.scheme.blanks, why) == "zero"}
        self.holes[path] = zero or reasons
        return Fraction(0) if zero else None

    def chosen(self, rule: language.Attempts, turns: list[Number]) -> Number:
        there = [turn for turn in turns if turn is not None]
        if not there:
            return None
        best = sorted(there, reverse=self.scheme.better == "higher")
        if rule.rule == "best":
            return sum(best[: rule.count], Fraction(0))
        if rule.rule == "sum":
            return sum(there, Fraction(0))
        if rule.rule == "last":
            return there[-1]
        counted = best[rule.skip : rule.skip + rule.count]
        return average(counted) if len(counted) == rule.count else None

    def once(self, node: Holder, path: str, stage: str, attempt: int) -> Number:
        """The score of a node in one attempt (0: it has none)."""
        if isinstance(node, language.Aspect):
            return self.performed(node, stage, attempt)
        parts: list[Number] = []
        for child in children_of(node):
            value = self.settle(child, f"{path}/{child.id}", stage, attempt)
            parts.append(self.weighed(value, child.weight))
        for deduction in node.deductions:
            self.recorded(deduction, f"{path}/{deduction.id}", stage, attempt)
        whole = added(parts)
        if whole is None:
            return None
        whole = self.taken_off(whole, node.deductions, path, attempt)
        whole = limited(whole, node.floor, node.cap)
        return stepped(whole, node.rounding or getattr(self.scheme.roundings, level_of(node)))

    def performed(self, aspect: language.Aspect, stage: str, attempt: int) -> Number:
        rows, own = self.of(stage, aspect.id, attempt), self.scheme.roundings
        given = [points(row["value"]) for row in rows if row["value"] is not None]
        value = together(aspect.panel, given, sum(row["blank"] == "recused" for row in rows))
        if value is None:
            return None
        value = earned(aspect.rule, stepped(value, own.panel))
        if aspect.worth is not None and aspect.maximum:
            value = value * aspect.worth / aspect.maximum
        value = stepped(value, aspect.rounding or own.aspect)
        if aspect.factored:
            factors = [points(row["factor"]) for row in rows if row["factor"] is not None]
            value = stepped(value * (factors[0] if factors else 1), own.product)
        return value

    def weighed(self, value: Number, weight: int) -> Number:
        """A weight of 1 is no product and is not rounded."""
        if value is None or weight == SCALE:
            return value
        return stepped(value * points(weight), self.scheme.roundings.weighted)

    def recorded(self, deduction: language.Deduction, path: str, stage: str, attempt: int) -> None:
        rows = self.of(stage, deduction.id, attempt)
        self.scores[path, attempt] = added(
            [None if row["value"] is None else points(row["value"]) for row in rows]
        )

    def taken_off(
        self, whole: Fraction, deductions: Sequence[language.Deduction], path: str, attempt: int
    ) -> Fraction:
        for deduction in deductions:
            recorded = self.scores[f"{path}/{deduction.id}", attempt] or Fraction(0)
            amount = recorded * points(deduction.each)
            if deduction.maximum is not None:
                amount = min(amount, points(deduction.maximum))
                if deduction.kind == "adjust":
                    amount = max(amount, -points(deduction.maximum))
            if deduction.kind == "points":
                whole -= amount
            elif deduction.kind == "percent":
                whole -= whole * amount / 100
            elif deduction.kind == "adjust":
                whole += amount
            elif deduction.kind == "void" and recorded:
                whole = Fraction(0)
        return whole

    def totals(self, begun: int) -> list[Number]:
        """The total as it stands after each stage begun."""
        found: list[Number] = []
        running: Number = None
        for stage in self.scheme.stages[:begun]:
            mine = self.weighed(self.scores[stage.id, 0], stage.weight)
            if stage.carries:
                earlier = [self.weighed(self.scores[one.stage, 0], one.weight) for one in stage.carries]
                running = added([*earlier, mine])
            elif running is None or not stage.carry_over:
                running = mine
            else:
                running = added([running * points(stage.carry_over), mine])
            standing = running
            if standing is not None:
                standing = self.taken_off(standing, self.scheme.deductions, "", 0)
                standing = limited(standing, self.scheme.floor, self.scheme.cap)
                standing = stepped(standing, self.scheme.roundings.total)
            found.append(standing)
        return found

    def time(self, inside: str, stages: Sequence[str]) -> int | None:
        """One time per aspect and attempt, all added up."""
        found: dict[tuple[str, str, int], int] = {}
        for path, _, stage, leaf in walk(self.scheme):
            if stage.id not in stages or (inside and inside not in path.split("/")):
                continue
            if isinstance(leaf, (language.Aspect, language.Deduction)):
                for row in self.of(stage.id, leaf.id, 0):
                    if row["time"] is not None:
                        where = (stage.id, leaf.id, row["attempt"] or 1)
                        found[where] = max(row["time"], found.get(where, 0))
        return sum(found.values()) if found else None


def children_of(node: Holder) -> Sequence[language.Module | language.SubCriterion | language.Aspect]:
    if isinstance(node, language.Stage):
        return node.modules
    if isinstance(node, language.Module):
        return (*node.subcriteria, *node.aspects)
    return node.aspects if isinstance(node, language.SubCriterion) else ()


def leaves_of(node: Holder) -> list[str]:
    if isinstance(node, language.Aspect):
        return [node.id]
    return [leaf for child in children_of(node) for leaf in leaves_of(child)]


def aspects_in(node: Holder) -> list[language.Aspect]:
    if isinstance(node, language.Aspect):
        return [node]
    return [aspect for child in children_of(node) for aspect in aspects_in(child)]


def level_of(node: Any) -> str:
    return type(node).__name__.lower()


def walk(
    scheme: language.Scheme,
) -> Iterator[tuple[str, str, language.Stage, Holder | language.Deduction]]:
    """(path, path of who has the attempts, stage, node), parents first."""

    def down(
        node: Holder, path: str, owner: str, stage: language.Stage
    ) -> Iterator[tuple[str, str, language.Stage, Holder | language.Deduction]]:
        owner = path if node.attempts else owner
        yield path, owner, stage, node
        for child in children_of(node):
            yield from down(child, f"{path}/{child.id}", owner, stage)
        if not isinstance(node, language.Aspect):
            for deduction in node.deductions:
                yield f"{path}/{deduction.id}", owner, stage, deduction

    for stage in scheme.stages:
        yield from down(stage, stage.id, "", stage)


def tries_of(scheme: language.Scheme, marks: list[Row]) -> dict[str, int]:
    """How many attempts each node that has attempts is given: as stated, or as many as anybody made."""
    found: dict[str, int] = {}
    for path, owner, stage, node in walk(scheme):
        if owner == path and not isinstance(node, language.Deduction) and node.attempts:
            found[path] = max(node.attempts.of, node.attempts.skip + node.attempts.count)
        if owner and isinstance(node, (language.Aspect, language.Deduction)):
            for row in marks:
                if row["aspect"] == node.id and row["stage"] in ("", None, stage.id):
                    found[owner] = max(found[owner], row["attempt"] or 1)
    return found


def can_be_negative(aspect: language.Aspect) -> bool:
    """Whether a mark of this aspect can take points away."""
    if aspect.weight < 0:
        return True
    if aspect.rule.kind == "power" or (aspect.rule.floor or 0) > 0 or aspect.rule.floor == 0:
        return False
    if aspect.rule.kind == "table":
        return min(aspect.rule.otherwise, *(line.points for line in aspect.rule.table)) < 0
    if aspect.rule.kind == "linear":
        if aspect.rule.slope < 0 or aspect.minimum is None:
            return True
        return earned(aspect.rule, points(aspect.minimum)) < 0
    return aspect.minimum is None or aspect.minimum < 0
