"""A scheme as the chapter of a contest handbook: what is marked, how it is summed, ranked and awarded. Pure: codes and
facts, no words. Everything a scheme says is said here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from federation.judging.frames import SCALE
from federation.judging.schemes import (
    Aspect,
    Attempts,
    AwardLine,
    Criterion,
    Cut,
    Deduction,
    Module,
    Panel,
    PointsRule,
    Ranking,
    Rounding,
    Scheme,
    Stage,
    SubCriterion,
    aspects_of,
)
from federation.judging.values import format_value

LEVELS = ("panel", "aspect", "product", "subcriterion", "module", "weighted", "stage", "total")
KINDS = ("pending", "dns", "dnf", "dsq", "void")


@dataclass(frozen=True, slots=True)
class Title:
    """What a part is called; its id stands in where it has no title."""

    id: str
    chinese: str
    english: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence: a code, its facts (texts, whole numbers, Titles), and what is listed under it."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    items: tuple["Clause", ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """code: composition, deductions, rounding, stages, ranking, blanks, teams, awards."""

    code: str
    clauses: tuple[Clause, ...]


def handbook(scheme: Scheme) -> tuple[Chapter, ...]:
    """The chapters that have something to say, in the order of a handbook."""
    chapters = (
        Chapter("composition", tuple(_composition(scheme))),
        Chapter("deductions", tuple(_deductions(scheme))),
        Chapter("rounding", tuple(_roundings(scheme))),
        Chapter("stages", tuple(_stages(scheme)) if len(scheme.stages) > 1 else ()),
        Chapter("ranking", tuple(_ranking(scheme))),
        Chapter("blanks", tuple(_blanks(scheme))),
        Chapter("teams", tuple(_teams(scheme))),
        Chapter("awards", tuple(_awards(scheme))),
    )
    return tuple(chapter for chapter in chapters if chapter.clauses)


def _title(part: Any) -> Title:
    return Title(part.id, part.title, part.title_en)


def _number(value: int | None) -> str:
    return format_value(value)


def _percent(value: int) -> str:
    return format_value(value * 100)


def _decimal(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _composition(scheme: Scheme) -> Iterator[Clause]:
    yield Clause(
        "rule.basis" if scheme.basis else "rule.basis_missing",
        {"basis": scheme.basis, "edition": scheme.edition},
    )
    if scheme.total:
        yield Clause("rule.full_marks", {"total": _number(scheme.total)})
    for stage in scheme.stages:
        modules = tuple(_module(module) for module in stage.modules)
        if len(scheme.stages) == 1:
            yield Clause("rule.modules", {"count": len(modules)}, modules)
        else:
            yield Clause("rule.stage", {"title": _title(stage), "count": len(modules)}, modules)
        yield from _node_limits(stage, _title(stage))
    yield from _node_limits(scheme, Title("", "总分", "the total"))


def _module(module: Module) -> Clause:
    facts = {"title": _title(module), "maximum": _number(module.maximum), "weight": _percent(module.weight)}
    code = "rule.module" if module.maximum is not None else "rule.module_open"
    alone = module.aspects[0] if len(aspects_of(module)) == 1 and module.aspects else None
    inside: list[Clause] = []
    if alone is not None and alone.id == module.id:
        inside += _aspect_items(alone)
    else:
        inside += [_aspect(aspect) for aspect in module.aspects]
        inside += [_group(group) for group in module.subcriteria]
    return Clause(code, facts, (*inside, *_attempts(module.attempts), *_limits(module)))


def _group(group: SubCriterion) -> Clause:
    facts = {"title": _title(group), "maximum": _number(group.maximum), "weight": _percent(group.weight)}
    code = "rule.group" if group.maximum is not None else "rule.group_open"
    aspects = tuple(_aspect(aspect) for aspect in group.aspects)
    return Clause(code, facts, (*aspects, *_attempts(group.attempts), *_limits(group)))


def _aspect(aspect: Aspect) -> Clause:
    return Clause(
        "rule.aspect", {"title": _title(aspect), "marking": aspect.kind}, tuple(_aspect_items(aspect))
    )


def _aspect_items(aspect: Aspect) -> Iterator[Clause]:
    low, high = aspect.minimum, aspect.maximum
    bounds = {"minimum": _number(low), "maximum": _number(high), "step": _number(aspect.step)}
    yield Clause(
        f"rule.recorded_{'open' if low is None else 'from'}_{'open' if high is None else 'to'}", bounds
    )
    if aspect.anchors:
        steps = tuple(
            Clause("rule.anchor", {"value": _number(one.value), "title": Title("", one.text, one.text_en)})
            for one in aspect.anchors
        )
        yield Clause("rule.anchors", {}, steps)
    yield from _panel(aspect.panel)
    if aspect.max_spread is not None:
        yield Clause("rule.spread", {"spread": _number(aspect.max_spread)})
    yield from _points(aspect.rule)
    if aspect.worth is not None:
        yield Clause("rule.worth", {"worth": _number(aspect.worth), "maximum": _number(aspect.maximum)})
    if aspect.factored:
        yield Clause("rule.factored")
    if aspect.weight != SCALE:
        yield Clause("rule.aspect_weight", {"weight": _percent(aspect.weight)})
    yield from _attempts(aspect.attempts)
    if aspect.rounding is not None:
        yield _rounded("rule.own_rounding", aspect.rounding)


def _panel(panel: Panel) -> Iterator[Clause]:
    if panel.judges:
        yield Clause("rule.judges", {"judges": panel.judges})
    facts = {
        "high": panel.drop_high,
        "low": panel.drop_low,
        "from": panel.trim_from,
        "clamp": _number(panel.clamp),
    }
    if panel.method != "single":
        yield Clause(f"rule.panel_{panel.method}", facts)
    if panel.method.startswith("trimmed") and panel.trim_from:
        yield Clause("rule.trim_from", facts)
    if panel.method == "clamped_mean" and panel.center.step:
        yield _rounded("rule.center", panel.center)
    if panel.minimum > 1:
        yield Clause("rule.minimum_panel", {"minimum": panel.minimum})
    if panel.method != "single":
        yield Clause(f"rule.absent_{panel.absent}")


def _points(rule: PointsRule) -> Iterator[Clause]:
    if rule.kind == "linear":
        facts = {"base": _number(rule.base), "slope": _decimal(rule.slope), "per": _decimal(rule.per)}
        yield Clause("rule.linear" if rule.per == 1 else "rule.linear_per", facts)
    elif rule.kind == "power":
        facts = {
            "a": _decimal(rule.a),
            "b": _decimal(rule.b),
            "c": _decimal(rule.c),
            "unit": _decimal(rule.unit),
        }
        yield Clause(f"rule.power_{rule.better}", facts)
    elif rule.kind == "table":
        lines = [
            Clause(f"rule.table_{rule.match}", {"bound": _number(one.bound), "points": _number(one.points)})
            for one in rule.table
        ]
        lines.append(Clause("rule.table_otherwise", {"points": _number(rule.otherwise)}))
        yield Clause("rule.table", {}, tuple(lines))
    if rule.floor is not None:
        yield Clause("rule.points_floor", {"floor": _number(rule.floor)})
    if rule.cap is not None:
        yield Clause("rule.points_cap", {"cap": _number(rule.cap)})


def _attempts(rule: Attempts | None) -> Iterator[Clause]:
    if rule is None:
        return
    facts = {
        "count": rule.count,
        "skip": rule.skip,
        "of": rule.of,
        "first": rule.skip + 1,
        "last": rule.skip + rule.count,
    }
    if rule.of:
        yield Clause("rule.attempts_of", facts)
    several = "_several" if rule.rule == "best" and rule.count > 1 else ""
    skipped = "_skipped" if rule.rule == "mean" and rule.skip else ""
    yield Clause(f"rule.attempts_{rule.rule}{several}{skipped}", facts)


def _limits(node: Module | SubCriterion) -> Iterator[Clause]:
    if node.floor is not None:
        yield Clause("rule.floor", {"floor": _number(node.floor)})
    if node.cap is not None:
        yield Clause("rule.cap", {"cap": _number(node.cap)})
    if node.rounding is not None:
        yield _rounded("rule.own_rounding", node.rounding)


def _node_limits(node: Stage | Scheme, title: Title) -> Iterator[Clause]:
    if isinstance(node, Stage):
        for clause in _attempts(node.attempts):
            yield Clause(f"{clause.code}_of_stage", {**clause.facts, "title": title})
        if node.rounding is not None:
            yield _rounded("rule.rounding_of", node.rounding, title=title)
    if node.floor is not None:
        yield Clause("rule.floor_of", {"title": title, "floor": _number(node.floor)})
    if node.cap is not None:
        yield Clause("rule.cap_of", {"title": title, "cap": _number(node.cap)})


def _deductions(scheme: Scheme) -> Iterator[Clause]:
    whole = Title("", "总分", "the total")
    for stage in scheme.stages:
        for module in stage.modules:
            for group in module.subcriteria:
                yield from (_deduction(one, _title(group)) for one in group.deductions)
            yield from (_deduction(one, _title(module)) for one in module.deductions)
        place = whole if len(scheme.stages) == 1 else _title(stage)
        yield from (_deduction(one, place) for one in stage.deductions)
    yield from (_deduction(one, whole) for one in scheme.deductions)


def _deduction(one: Deduction, place: Title) -> Clause:
    facts = {"title": _title(one), "place": place, "each": _number(one.each), "maximum": _number(one.maximum)}
    limited = "_limited" if one.maximum is not None and one.kind in ("points", "percent", "adjust") else ""
    return Clause(f"rule.deduct_{one.kind}{limited}", facts)


def _rounded(code: str, rounding: Rounding, **facts: Any) -> Clause:
    if not rounding.step:
        return Clause(f"{code}_exact", facts)
    return Clause(code, {"step": _number(rounding.step), "rounded": rounding.mode, **facts})


def _roundings(scheme: Scheme) -> Iterator[Clause]:
    for level in LEVELS:
        rounding: Rounding = getattr(scheme.roundings, level)
        if rounding.step:
            yield _rounded(f"rule.round_{level}", rounding)
    yield Clause("rule.round_nowhere_else")


def _stages(scheme: Scheme) -> Iterator[Clause]:
    for index, stage in enumerate(scheme.stages):
        title, weight = _title(stage), _percent(stage.weight)
        if index == 0:
            yield Clause("rule.first_stage", {"title": title, "weight": weight})
        elif stage.carries:
            named = {one.id: _title(one) for one in scheme.stages}
            parts = tuple(
                Clause(
                    "rule.carried",
                    {"title": named.get(one.stage, Title(one.stage, "")), "weight": _percent(one.weight)},
                )
                for one in stage.carries
            )
            own = Clause("rule.carried", {"title": title, "weight": weight})
            yield Clause("rule.carries", {"title": title}, (*parts, own))
        else:
            facts = {"title": title, "weight": weight, "carry": _percent(stage.carry_over)}
            yield Clause("rule.carry_over" if stage.carry_over else "rule.from_nothing", facts)
        if stage.cut is not None:
            yield from _cut(stage.cut, title)
    if any(stage.cut for stage in scheme.stages):
        yield Clause("rule.advanced_stand_before")


def _cut(cut: Cut, title: Title) -> Iterator[Clause]:
    facts = {
        "title": title,
        "count": cut.count,
        "share": _percent(cut.share),
        "line": _number(cut.line),
        "people": cut.share_rounding,
    }
    yield Clause(f"rule.cut_{cut.kind}", facts)
    if cut.kind in ("count", "share"):
        yield Clause(f"rule.cut_ties_{cut.ties}")


def _ranking(scheme: Scheme) -> Iterator[Clause]:
    yield Clause(f"rule.better_{scheme.better}")
    for number, ranking in enumerate(scheme.rankings):
        yield _group_of(ranking, first=number == 0)
    if scheme.near_tie:
        yield Clause("rule.near_tie", {"tolerance": _number(scheme.near_tie)})
    if scheme.tie_breaks:
        links = tuple(_link(scheme, one) for one in scheme.tie_breaks)
        yield Clause("rule.tie_breaks", {}, links)
    yield Clause(
        f"rule.place_{scheme.place_form}" if scheme.tie_breaks else f"rule.place_{scheme.place_form}_at_once"
    )
    yield Clause("rule.guests")


def _group_of(ranking: Ranking, *, first: bool) -> Clause:
    kind = "first" if first else "further"
    name = Title(ranking.id, ranking.title, ranking.title_en)
    by = "rule.by_" + "_".join(ranking.by) if len(ranking.by) == 1 else ""
    parts = tuple(Clause(f"rule.by_{column}") for column in ranking.by)
    code = f"rule.ranking_{kind}" if ranking.by else f"rule.ranking_{kind}_overall"
    return Clause(code, {"title": name, "by": by}, parts if len(parts) > 1 else parts[:1])


def _link(scheme: Scheme, one: Criterion) -> Clause:
    lower = (one.better or ("lower" if one.by == "time" else scheme.better)) == "lower"
    parts: dict[str, Title] = {stage.id: _title(stage) for stage in scheme.stages}
    for stage in scheme.stages:
        for module in stage.modules:
            inside_it: list[Any] = [module, *module.subcriteria, *aspects_of(module)]
            parts |= {part.id: _title(part) for part in inside_it}
    facts = {
        "title": parts.get(one.id, Title(one.id, "")),
        "stage": parts.get(one.stage, Title(one.stage, "")),
        "nth": one.nth or 3,
        "attempt": one.nth,
    }
    code = f"rule.link_{one.by}"
    if one.by == "time":
        code += "_of" if one.id else ""
    elif one.by == "attempt":
        code += "" if one.nth else "_rest"
    elif one.by == "countback":
        code += f"_{one.level}"
    inside: list[Clause] = []
    if one.stage:
        inside.append(Clause("rule.link_in_stage", facts))
    if one.by not in ("lot", "ruling", "countback"):
        inside.append(Clause("rule.link_lower" if lower else "rule.link_higher"))
    return Clause(code, facts, tuple(inside))


def _blanks(scheme: Scheme) -> Iterator[Clause]:
    yield Clause("rule.zero_is_a_number")
    for kind in KINDS:
        yield Clause(f"rule.blank_{getattr(scheme.blanks, kind)}", {"leftout": kind})


def _teams(scheme: Scheme) -> Iterator[Clause]:
    teams = scheme.teams
    if teams is None:
        return
    facts = {"count": teams.count, "minimum": teams.minimum}
    yield Clause(f"rule.teams_{teams.by}_{teams.rule}", facts)
    if teams.minimum > 1:
        yield Clause("rule.teams_minimum", facts)
    if teams.time:
        yield Clause("rule.teams_time")


def _awards(scheme: Scheme) -> Iterator[Clause]:
    if not scheme.award_lines:
        return
    yield Clause("rule.awards", {}, tuple(_award(line) for line in scheme.award_lines))
    yield Clause("rule.award_base")


def _award(line: AwardLine) -> Clause:
    facts = {
        "title": _title(line),
        "count": line.count,
        "share": _percent(line.share or 0),
        "people": line.rounding,
        "field": line.minimum_field,
        "total": _number(line.minimum_total),
    }
    inside = [Clause(f"rule.award_ties_{line.ties}")]
    if line.minimum_field:
        inside.append(Clause("rule.award_field", facts))
    if line.minimum_total is not None:
        inside.append(Clause("rule.award_total", facts))
    inside += [Clause("rule.award_title", {"title": Title("", words)}) for words in line.titles]
    return Clause("rule.award_count" if line.count is not None else "rule.award_share", facts, tuple(inside))
