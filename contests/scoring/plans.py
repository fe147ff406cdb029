"""The sheets of a scheme: which columns a clerk fills in, one sheet for each module. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from federation.judging import SCALE, Scheme
from federation.judging.schemes import Aspect, Attempts, Deduction, Module, Stage

DEDUCTIONS = "deductions"


@dataclass(frozen=True, slots=True)
class Slot:
    """One aspect or deduction of a sheet and how many marks it takes: `judges` seats × `attempts`.

    `judges` is 0 where one agreed mark is recorded, without a seat.
    """

    aspect: Aspect
    judges: int = 0
    attempts: int = 1
    group: str = ""
    group_en: str = ""
    is_deduction: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the grid: an aspect, the judge's seat ("" for one agreed mark) and the attempt, from 1."""

    slot: Slot
    judge: str
    attempt: int

    @property
    def aspect(self) -> Aspect:
        return self.slot.aspect

    @property
    def key(self) -> str:
        return f"{self.aspect.id}:{self.judge}:{self.attempt}"

    @property
    def decimals(self) -> int:
        return decimals_of(self.aspect)


@dataclass(frozen=True, slots=True)
class Plan:
    """One sheet. `stage` is as marks store it ("" in an event of one stage); `node` is the path of its total."""

    key: str
    stage: str
    node: str
    title: str
    title_en: str
    maximum: int | None
    slots: tuple[Slot, ...]

    def slot(self, aspect: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.aspect.id == aspect), None)

    def columns(self, seats: Iterable[tuple[str, str]] = ()) -> tuple[Column, ...]:
        """Every column in order. `seats`: (aspect, judge) met in marks, which keep their column."""
        found: dict[str, set[str]] = {}
        for aspect, judge in seats:
            found.setdefault(aspect, set()).add(judge)
        return tuple(
            Column(slot, judge, attempt)
            for slot in self.slots
            for attempt in range(1, slot.attempts + 1)
            for judge in seats_of(slot, found.get(slot.aspect.id, ()))
        )


def seats_of(slot: Slot, found: Iterable[str] = ()) -> tuple[str, ...]:
    """The seats of a slot: those already met in marks, filled up with numbers from 1.

    >>> seats_of(Slot(Aspect("C1"), judges=3))
    ('1', '2', '3')
    """
    if slot.judges == 0:
        return ("", *sorted(set(found) - {""}))
    met = sorted(set(found), key=lambda seat: (len(seat), seat))
    spare = (str(number) for number in range(1, slot.judges + 1) if str(number) not in met)
    filled = [*met, *(seat for seat, _ in zip(spare, range(slot.judges - len(met)), strict=False))]
    return tuple(sorted(filled, key=lambda seat: (len(seat), seat)))


def decimals_of(aspect: Aspect) -> int:
    """Places shown: none for whole steps, at least two for the others."""
    if aspect.step % SCALE == 0:
        return 0
    return next((places for places in (2, 3) if aspect.step % (SCALE // 10**places) == 0), 4)


def plans_of(scheme: Scheme) -> tuple[Plan, ...]:
    """The sheets of a scheme in the order of its tree; deductions of a whole stage get a sheet of their own."""
    several = len(scheme.stages) > 1
    modules = [module.id for stage in scheme.stages for module in stage.modules]
    plans: list[Plan] = []
    for number, stage in enumerate(scheme.stages):
        stored = stage.id if several else ""
        for module in stage.modules:
            key = module.id if modules.count(module.id) == 1 else f"{stage.id}:{module.id}"
            plans.append(
                Plan(
                    key,
                    stored,
                    f"{stage.id}/{module.id}",
                    module.title or module.id,
                    module.title_en,
                    module.maximum,
                    _slots(stage, module),
                )
            )
        whole = stage.deductions + (scheme.deductions if number == 0 else ())
        if whole:
            key = f"{stage.id}:{DEDUCTIONS}" if several or DEDUCTIONS in modules else DEDUCTIONS
            slots = tuple(_deduction(one, (stage.attempts,)) for one in whole)
            plans.append(Plan(key, stored, stage.id, "", "", None, slots))
    return tuple(plans)


def plan_of(scheme: Scheme, key: str) -> Plan | None:
    """The sheet of this key. A module's bare id opens the first stage that has it."""
    plans = plans_of(scheme)
    exact = next((plan for plan in plans if plan.key == key), None)
    return exact or next((plan for plan in plans if plan.key.endswith(f":{key}")), None)


def plan_with(plans: Sequence[Plan], stage: str, aspect: str) -> Plan | None:
    """The sheet on which an aspect of a stage is entered."""
    return next((plan for plan in plans if plan.stage == stage and plan.slot(aspect)), None)


def _slots(stage: Stage, module: Module) -> tuple[Slot, ...]:
    above = (module.attempts, stage.attempts)
    slots = [_slot(aspect, above) for aspect in module.aspects]
    for group in module.subcriteria:
        inner = (group.attempts, *above)
        slots += [_slot(aspect, inner, group.title, group.title_en) for aspect in group.aspects]
        slots += [_deduction(one, inner, group.title, group.title_en) for one in group.deductions]
    slots += [_deduction(one, above) for one in module.deductions]
    return tuple(slots)


def _slot(aspect: Aspect, above: Sequence[Attempts | None], group: str = "", group_en: str = "") -> Slot:
    panel = aspect.panel
    alone = panel.method == "single" and panel.judges <= 1
    judges = 0 if alone else panel.judges or max(1, panel.minimum)
    return Slot(aspect, judges, _attempts((aspect.attempts, *above)), group, group_en)


def _attempts(rules: Sequence[Attempts | None]) -> int:
    rule = next((rule for rule in rules if rule is not None), None)
    return max(1, rule.of or rule.skip + rule.count) if rule else 1


def _deduction(
    deduction: Deduction, above: Sequence[Attempts | None], group: str = "", group_en: str = ""
) -> Slot:
    switch = deduction.kind in ("void", "disqualify")
    aspect = Aspect(
        deduction.id,
        deduction.title or deduction.id,
        deduction.title_en,
        minimum=None if deduction.kind == "adjust" else 0,
        maximum=SCALE if switch else None,
        step=SCALE if switch else SCALE // 100,
    )
    return Slot(aspect, 0, _attempts(above), group, group_en, is_deduction=True)
