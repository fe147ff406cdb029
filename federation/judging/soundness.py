"""Does a scheme make sense? Faults as findings, each with a path into the document."""

import re
from collections import Counter
from collections.abc import Iterator

from federation.findings import Finding
from federation.judging.frames import SCALE
from federation.judging.schemes import (
    Aspect,
    Criterion,
    Module,
    Panel,
    PointsRule,
    Scheme,
    Stage,
    SubCriterion,
    aspects_of,
    deductions_of,
)
from federation.judging.values import format_value

_ID = re.compile(r"[^\s:/,]{1,64}")


def check_scheme(scheme: Scheme) -> list[Finding]:
    findings = [*_ids(scheme), *_shape(scheme), *_branches(scheme), *_totals(scheme)]
    for index, stage in enumerate(scheme.stages):
        at = f"stages[{index}]"
        findings.extend(_cut(scheme, stage, index, at))
        findings.extend(_carries(scheme, stage, index, at))
        findings.extend(_attempts(stage, at))
        for number, module in enumerate(stage.modules):
            findings.extend(_module(module, f"{at}.modules[{number}]"))
    for index, criterion in enumerate(scheme.tie_breaks):
        findings.extend(_criterion(scheme, criterion, index))
    findings.extend(_awards(scheme))
    return findings


def _ids(scheme: Scheme) -> Iterator[Finding]:
    def unique(ids: list[str], place: str) -> Iterator[Finding]:
        for name, times in Counter(ids).items():
            if not _ID.fullmatch(name):
                yield Finding("scheme.id_malformed", place=place, facts={"id": name})
            if times > 1:
                yield Finding("scheme.id_twice", place=place, facts={"id": name, "times": times})

    yield from unique([scheme.id], "id")
    yield from unique([stage.id for stage in scheme.stages], "stages")
    yield from unique([ranking.id for ranking in scheme.rankings], "rankings")
    yield from unique([line.id for line in scheme.award_lines], "award_lines")
    for index, stage in enumerate(scheme.stages):
        at = f"stages[{index}]"
        yield from unique([module.id for module in stage.modules], f"{at}.modules")
        marked = [aspect.id for module in stage.modules for aspect in aspects_of(module)]
        marked += [deduction.id for deduction in deductions_of(stage) + scheme.deductions]
        yield from unique(marked, f"{at} aspects and deductions")
        for number, module in enumerate(stage.modules):
            yield from unique(
                [group.id for group in module.subcriteria], f"{at}.modules[{number}].subcriteria"
            )


def _shape(scheme: Scheme) -> Iterator[Finding]:
    """What must be there at all."""
    if not scheme.stages:
        yield Finding("scheme.stages_missing", place="stages")
    if not scheme.rankings:
        yield Finding("scheme.rankings_missing", place="rankings")
    if not scheme.basis:
        yield Finding("scheme.basis_missing", "warning", "basis")
    if scheme.roundings.total.step <= 0:
        yield Finding("scheme.total_without_step", place="roundings.total")
    if scheme.near_tie < 0:
        yield Finding("scheme.negative", place="near_tie", facts={"value": format_value(scheme.near_tie)})


def _branches(scheme: Scheme) -> Iterator[Finding]:
    for index, stage in enumerate(scheme.stages):
        at = f"stages[{index}]"
        if not stage.modules:
            yield Finding("scheme.modules_missing", place=f"{at}.modules")
        for number, module in enumerate(stage.modules):
            if not aspects_of(module):
                yield Finding(
                    "scheme.aspects_missing", place=f"{at}.modules[{number}]", facts={"module": module.id}
                )
            if _attempts_nested(stage, module):
                yield Finding(
                    "scheme.attempts_nested", place=f"{at}.modules[{number}]", facts={"module": module.id}
                )


def _attempts_nested(stage: Stage, module: Module) -> bool:
    """Attempts on two levels of one branch."""
    groups = [group for group in module.subcriteria if group.attempts]
    deeper = bool(groups) or any(aspect.attempts for aspect in aspects_of(module))
    inside_groups = any(aspect.attempts for group in groups for aspect in group.aspects)
    above = bool(stage.attempts) + bool(module.attempts)
    return above > 1 or (above == 1 and deeper) or inside_groups


def _totals(scheme: Scheme) -> Iterator[Finding]:
    """Maxima that do not add up to what the document says."""
    grand: int | None = 0
    for index, stage in enumerate(scheme.stages):
        for number, module in enumerate(stage.modules):
            at = f"stages[{index}].modules[{number}]"
            inside = _maximum_inside(module)
            if inside is not None and module.maximum is not None and inside != module.maximum:
                facts = {
                    "module": module.id,
                    "declared": format_value(module.maximum),
                    "found": format_value(inside),
                }
                yield Finding("scheme.module_maximum", "warning", at, facts)
            if grand is not None and module.maximum is not None:
                grand += module.maximum * module.weight * stage.weight
            else:
                grand = None
    if scheme.total and grand is not None and grand != scheme.total * SCALE * SCALE:
        facts = {"declared": format_value(scheme.total), "found": format_value(grand // (SCALE * SCALE))}
        yield Finding("scheme.total_maximum", "warning", "total", facts)


def _maximum_inside(module: Module) -> int | None:
    """Scaled points a module's aspects can earn, or None where that is open (factors, rules, several judges summed)."""
    total = 0
    weighted = [(aspect, SCALE) for aspect in module.aspects]
    weighted += [(aspect, group.weight) for group in module.subcriteria for aspect in group.aspects]
    for aspect, weight in weighted:
        full = aspect.worth if aspect.worth is not None else aspect.maximum
        if aspect.worth is None and aspect.rule.kind != "identity":
            full = aspect.rule.cap
        if (
            full is None
            or aspect.factored
            or aspect.panel.method in ("sum", "trimmed_sum")
            or aspect.attempts
        ):
            return None
        total += full * aspect.weight * weight
    return total // (SCALE * SCALE)


def _module(module: Module, at: str) -> Iterator[Finding]:
    if module.weight <= 0:
        yield Finding("scheme.weight_not_positive", "warning", f"{at}.weight", {"module": module.id})
    if any(d.kind in ("points", "percent") for d in module.deductions) and module.floor is None:
        yield Finding("scheme.deductions_without_floor", "warning", at, {"module": module.id})
    for number, aspect in enumerate(module.aspects):
        yield from _aspect(aspect, f"{at}.aspects[{number}]")
    for index, group in enumerate(module.subcriteria):
        for number, aspect in enumerate(group.aspects):
            yield from _aspect(aspect, f"{at}.subcriteria[{index}].aspects[{number}]")


def _aspect(aspect: Aspect, at: str) -> Iterator[Finding]:
    facts = {"aspect": aspect.id}
    if aspect.minimum is not None and aspect.maximum is not None and aspect.minimum >= aspect.maximum:
        yield Finding("scheme.range_empty", place=at, facts=facts)
    if aspect.step <= 0:
        yield Finding("scheme.step_not_positive", place=f"{at}.step", facts=facts)
    if aspect.worth is not None and not aspect.maximum:
        yield Finding("scheme.worth_without_maximum", place=f"{at}.worth", facts=facts)
    if aspect.worth is not None and aspect.rule.kind != "identity":
        yield Finding("scheme.worth_with_rule", place=f"{at}.worth", facts=facts)
    yield from _panel(aspect.panel, f"{at}.panel")
    yield from _rule(aspect.rule, f"{at}.rule")
    for anchor in aspect.anchors:
        low, high = aspect.minimum, aspect.maximum
        if (low is not None and anchor.value < low) or (high is not None and anchor.value > high):
            yield Finding("scheme.anchor_outside", "warning", f"{at}.anchors", facts)
    if aspect.max_spread is not None and (aspect.max_spread < 0 or aspect.panel.method == "single"):
        yield Finding("scheme.spread_without_panel", place=f"{at}.max_spread", facts=facts)
    if aspect.kind == "judgement" and not aspect.anchors:
        yield Finding("scheme.anchors_missing", "warning", f"{at}.anchors", facts)


def _panel(panel: Panel, at: str) -> Iterator[Finding]:
    trimmed = panel.method in ("trimmed_mean", "trimmed_sum")
    if panel.drop_high < 0 or panel.drop_low < 0 or panel.minimum < 1 or panel.clamp < 0:
        yield Finding("scheme.negative", place=at)
    needed = panel.drop_high + panel.drop_low + 1
    if trimmed and panel.judges and panel.judges < needed:
        yield Finding("scheme.panel_too_small", place=at, facts={"judges": panel.judges, "needed": needed})
    if panel.judges and panel.minimum > panel.judges:
        yield Finding(
            "scheme.panel_too_small", place=at, facts={"judges": panel.judges, "needed": panel.minimum}
        )
    if panel.absent != "shrink" and not panel.judges:
        yield Finding("scheme.judges_unstated", place=at)


def _rule(rule: PointsRule, at: str) -> Iterator[Finding]:
    if rule.kind == "table":
        bounds = [step.bound for step in rule.table]
        if not bounds:
            yield Finding("scheme.table_empty", place=f"{at}.table")
        if bounds != sorted(set(bounds)):
            yield Finding("scheme.table_unsorted", place=f"{at}.table")
    if rule.kind == "linear" and rule.per <= 0:
        yield Finding("scheme.per_not_positive", place=f"{at}.per")
    if rule.kind == "power" and (rule.a <= 0 or rule.c <= 0 or rule.unit <= 0):
        yield Finding("scheme.power_not_positive", place=at)
    if rule.floor is not None and rule.cap is not None and rule.floor > rule.cap:
        yield Finding("scheme.range_empty", place=at)


def _cut(scheme: Scheme, stage: Stage, index: int, at: str) -> Iterator[Finding]:
    if stage.cut is None:
        return
    if index == len(scheme.stages) - 1:
        yield Finding("scheme.cut_after_last", place=f"{at}.cut", facts={"stage": stage.id})
    if stage.cut.kind == "count" and stage.cut.count < 1:
        yield Finding("scheme.cut_empty", place=f"{at}.cut", facts={"stage": stage.id})
    if stage.cut.kind == "share" and not 0 < stage.cut.share <= SCALE:
        yield Finding("scheme.share_outside", place=f"{at}.cut", facts={"stage": stage.id})


def _carries(scheme: Scheme, stage: Stage, index: int, at: str) -> Iterator[Finding]:
    """What is carried must come from before, and once."""
    before = [earlier.id for earlier in scheme.stages[:index]]
    for number, carry in enumerate(stage.carries):
        place = f"{at}.carries[{number}]"
        if carry.stage not in before:
            yield Finding("scheme.carry_unknown", place=place, facts={"stage": carry.stage, "known": before})
        if carry.stage in [one.stage for one in stage.carries[:number]]:
            yield Finding("scheme.id_twice", place=place, facts={"id": carry.stage, "times": 2})
    if stage.carries and stage.carry_over != SCALE:
        yield Finding("scheme.carry_over_idle", "warning", f"{at}.carry_over", {"stage": stage.id})


def _attempts(stage: Stage, at: str) -> Iterator[Finding]:
    nodes: list[tuple[str, Stage | Module | SubCriterion | Aspect]] = [(at, stage)]
    for number, module in enumerate(stage.modules):
        nodes.append((f"{at}.modules[{number}]", module))
        for index, group in enumerate(module.subcriteria):
            nodes.append((f"{at}.modules[{number}].subcriteria[{index}]", group))
        nodes += [(f"{at}.modules[{number}]", aspect) for aspect in aspects_of(module)]
    for where, node in nodes:
        rule = node.attempts
        if rule is None:
            continue
        if rule.count < 1 or rule.skip < 0 or rule.of < 0:
            yield Finding("scheme.negative", place=f"{where}.attempts")
        elif rule.of and rule.skip + rule.count > rule.of:
            facts = {"counted": rule.skip + rule.count, "of": rule.of}
            yield Finding("scheme.attempts_too_few", place=f"{where}.attempts", facts=facts)
        if rule.skip and rule.rule != "mean":
            yield Finding("scheme.skip_idle", "warning", f"{where}.attempts", {"rule": rule.rule})


def _criterion(scheme: Scheme, criterion: Criterion, index: int) -> Iterator[Finding]:
    place = f"tie_breaks[{index}]"
    if criterion in scheme.tie_breaks[:index]:
        yield Finding("scheme.tie_break_repeated", "warning", place, {"by": criterion.by, "id": criterion.id})
    if criterion.stage and criterion.stage not in [stage.id for stage in scheme.stages]:
        yield Finding("scheme.tie_break_unknown", place=place, facts={"by": "stage", "id": criterion.stage})
    stages = [stage for stage in scheme.stages if criterion.stage in ("", stage.id)]
    modules = [module for stage in stages for module in stage.modules]
    groups = [group for module in modules for group in module.subcriteria]
    aspects = [aspect for module in modules for aspect in aspects_of(module)]
    known = {
        "stage": [stage.id for stage in stages],
        "module": [module.id for module in modules],
        "subcriterion": [group.id for group in groups],
        "aspect": [aspect.id for aspect in aspects],
    }
    if criterion.by in known and criterion.id not in known[criterion.by]:
        yield Finding("scheme.tie_break_unknown", place=place, facts={"by": criterion.by, "id": criterion.id})
    if criterion.by == "time" and criterion.id and not any(criterion.id in ids for ids in known.values()):
        yield Finding("scheme.tie_break_unknown", place=place, facts={"by": "time", "id": criterion.id})
    nodes: list[Stage | Module | SubCriterion | Aspect] = [*stages, *modules, *groups, *aspects]
    attempted = any(node.attempts for node in nodes)
    if criterion.by == "attempt" and not attempted:
        yield Finding("scheme.tie_break_without_attempts", place=place)
    if any(earlier.by == "ruling" for earlier in scheme.tie_breaks[:index]):
        yield Finding(
            "scheme.tie_break_unreachable", "warning", place, {"by": criterion.by, "id": criterion.id}
        )


def _awards(scheme: Scheme) -> Iterator[Finding]:
    shares = 0
    for index, line in enumerate(scheme.award_lines):
        place = f"award_lines[{index}]"
        if (line.count is None) == (line.share is None):
            yield Finding("scheme.award_line_base", place=place, facts={"line": line.id})
        elif line.count is not None and line.count < 1:
            yield Finding("scheme.award_line_empty", place=place, facts={"line": line.id})
        elif line.share is not None and not 0 < line.share <= SCALE:
            yield Finding("scheme.share_outside", place=place, facts={"line": line.id})
        shares += line.share or 0
    if shares > SCALE:
        yield Finding(
            "scheme.award_shares_exceed", "warning", "award_lines", {"share": format_value(shares * 100)}
        )
