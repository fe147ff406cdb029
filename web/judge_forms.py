"""The form a judge fills in under a scheme, as its preview shows it: one form per module, one place per mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from federation.judging import format_value
from federation.judging.schemes import (
    Aspect,
    Attempts,
    Deduction,
    Module,
    PointsRule,
    Scheme,
    Stage,
    SubCriterion,
)
from federation.judging.shapes import shapes_of
from web.formats import named
from web.scheme_words import choice
from web.wording import say

MOST_BOXES = 12


@dataclass(frozen=True)
class Box:
    """A place to write one mark. label: the attempt, "" for the only one."""

    label: str
    factored: bool


@dataclass(frozen=True)
class AspectForm:
    """One aspect or deduction. notes: what the judge must know of it, ready sentences. anchors: (value, text)."""

    id: str
    title: str
    kind: str
    full: str
    range: str
    notes: tuple[str, ...]
    anchors: tuple[tuple[str, str], ...]
    boxes: tuple[Box, ...]
    more_boxes: int = 0


@dataclass(frozen=True)
class GroupForm:
    """A sub-criterion, or with no title what stands in the module itself."""

    title: str
    notes: tuple[str, ...]
    aspects: tuple[AspectForm, ...]


@dataclass(frozen=True)
class ModuleForm:
    stage: str
    title: str
    full: str
    notes: tuple[str, ...]
    groups: tuple[GroupForm, ...]
    deductions: tuple[AspectForm, ...]


def judge_forms(scheme: Scheme) -> list[ModuleForm]:
    """In the reader's language."""
    several = len(scheme.stages) > 1
    forms = [_module(stage, module, several=several) for stage in scheme.stages for module in stage.modules]
    for stage in scheme.stages:
        if stage.deductions:
            title = _title(stage) if several else say("scheme_preview.whole")
            forms.append(
                ModuleForm("", title, "", (), (), tuple(_deduction(one) for one in stage.deductions))
            )
    if scheme.deductions:
        deductions = tuple(_deduction(one) for one in scheme.deductions)
        forms.append(ModuleForm("", say("scheme_preview.whole"), "", (), (), deductions))
    return forms


def _title(thing: Stage | Module | SubCriterion | Aspect | Deduction) -> str:
    return named(thing, "title") or thing.id


def _module(stage: Stage, module: Module, *, several: bool) -> ModuleForm:
    above = (stage.attempts, module.attempts)
    alone = len(module.aspects) == 1 and module.aspects[0].id == module.id and not module.subcriteria
    groups = [GroupForm("", (), tuple(_aspect(one, above, alone=alone) for one in module.aspects))]
    groups += [
        GroupForm(
            _title(group),
            _attempts_words((group.attempts,)),
            tuple(_aspect(one, (*above, group.attempts)) for one in group.aspects),
        )
        for group in module.subcriteria
    ]
    deductions = [*module.deductions, *(one for group in module.subcriteria for one in group.deductions)]
    return ModuleForm(
        _title(stage) if several else "",
        _title(module),
        _full(module.maximum),
        _attempts_words(above),
        tuple(group for group in groups if group.aspects),
        tuple(_deduction(one) for one in deductions),
    )


def _full(maximum: int | None) -> str:
    return say("scheme_preview.full", points=format_value(maximum)) if maximum is not None else ""


def _aspect(aspect: Aspect, above: Sequence[Attempts | None], *, alone: bool = False) -> AspectForm:
    rules = (*above, aspect.attempts)
    turns = _turns(rules)
    labels = [""] if turns == 1 else [say("scheme_preview.turn", turn=turn + 1) for turn in range(turns)]
    notes = [*_panel_words(aspect), *_rule_words(aspect.rule), *_attempts_words((aspect.attempts,))]
    if aspect.factored:
        notes.append(say("scheme_preview.factored"))
    return AspectForm(
        aspect.id,
        "" if alone else _title(aspect),
        _choice(Aspect, "kind", aspect.kind),
        _full(aspect.worth if aspect.worth is not None else aspect.maximum),
        _range(aspect),
        tuple(notes),
        tuple((format_value(one.value), named(one, "text")) for one in aspect.anchors),
        tuple(Box(label, aspect.factored) for label in labels[:MOST_BOXES]),
        max(0, len(labels) - MOST_BOXES),
    )


def _range(aspect: Aspect) -> str:
    """What may be written: 0–100, in steps of 0.5."""
    low, high = aspect.minimum, aspect.maximum
    step = format_value(aspect.step)
    if low is None and high is None:
        return say("scheme_preview.range_open", step=step)
    if high is None:
        return say("scheme_preview.range_from", low=format_value(low), step=step)
    if low is None:
        return say("scheme_preview.range_upto", high=format_value(high), step=step)
    return say("scheme_preview.range", low=format_value(low), high=format_value(high), step=step)


def _panel_words(aspect: Aspect) -> list[str]:
    panel, words = aspect.panel, []
    if panel.method != "single" or panel.judges > 1:
        method = _choice(type(panel), "method", panel.method)
        counted = say("panel.single", judges=panel.judges) if panel.judges else ""
        if panel.method != "single":
            counted = say("scheme_preview.panel", judges=counted, method=method) if counted else method
        words.append(counted)
    if aspect.max_spread is not None:
        words.append(say("scheme_preview.spread", points=format_value(aspect.max_spread)))
    return words


def _rule_words(rule: PointsRule) -> list[str]:
    if rule.kind == "identity":
        return []
    return [say("scheme_preview.rule", kind=_choice(PointsRule, "kind", rule.kind))]


def _turns(rules: Sequence[Attempts | None]) -> int:
    return max((max(rule.of, rule.skip + rule.count) for rule in rules if rule), default=1)


def _attempts_words(rules: Sequence[Attempts | None]) -> tuple[str, ...]:
    return tuple(
        say(f"scheme_preview.attempts_{rule.rule}", of=_turns((rule,)), count=rule.count, skip=rule.skip)
        for rule in rules
        if rule
    )


def _deduction(deduction: Deduction) -> AspectForm:
    each = format_value(deduction.each)
    notes = []
    if deduction.kind in ("points", "percent", "adjust"):
        notes.append(say(f"scheme_preview.each_{deduction.kind}", each=each))
    if deduction.maximum is not None:
        notes.append(say("scheme_preview.at_most", points=format_value(deduction.maximum)))
    kind = _choice(Deduction, "kind", deduction.kind)
    return AspectForm(deduction.id, _title(deduction), kind, "", "", tuple(notes), (), (Box("", False),))


def _choice(of: type, name: str, value: str) -> str:
    return choice(next(shape for shape in shapes_of(of) if shape.name == name), value)
