"""The rules by which titles and skill levels follow from places: a document, read and written. Pure.

Others confer them; a rule only says whom to propose. No rule is law: the preset is a default with its 依据文件.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

from federation.findings import Finding
from federation.refusals import Invalid

PRESET = Path(__file__).parents[1] / "presets" / "titles.json"
KINDS = ("honour", "level")
TIES = ("extend", "exclude")


@dataclass(frozen=True, slots=True)
class TitleRule:
    """Whom a title is proposed for.

    Reach: `levels`, `classes` and `categories` of the contest (() is any), the last place `places` (None: no limit)
    and `awards`, titles or ids of award lines (() is any). `ties`: a tie across the last place is taken in whole or
    left out. `passes_down`: a place that is barred goes to the next. Conditions: `not_held` honours, ages on the
    event's reference date, `sex`. Of kind "level": the skill level to reach, 5 up to 1; whoever has it already goes
    one up where `step_up`; `level_at_least` is needed before; `once_a_year` one promotion per person and year.
    """

    id: str
    title: str
    title_en: str = ""
    kind: str = "honour"
    honour: str = ""
    conferred_by: str = ""
    basis: str = ""
    levels: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    places: int | None = None
    awards: tuple[str, ...] = ()
    ties: str = "extend"
    passes_down: bool = False
    not_held: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    sex: str = ""
    level: int | None = None
    step_up: bool = False
    level_at_least: int | None = None
    once_a_year: bool = False

    def reaches(self, level: str, class_code: str | None, category: str) -> bool:
        """Whether the rule speaks of this kind of contest and category."""
        return (
            (not self.levels or level in self.levels)
            and (not self.classes or class_code in self.classes)
            and (not self.categories or category in self.categories)
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    basis: str
    rules: tuple[TitleRule, ...] = field(default=())

    def text(self) -> str:
        """As it is kept: JSON without what is left at its default."""
        plain = {one.name: one.default for one in fields(TitleRule)}
        document = {
            "basis": self.basis,
            "rules": [
                {name: value for name, value in asdict(rule).items() if value != plain[name]}
                for rule in self.rules
            ],
        }
        return json.dumps(document, ensure_ascii=False, indent=2)

    def rule(self, identity: str) -> TitleRule | None:
        return next((rule for rule in self.rules if rule.id == identity), None)

    def with_rule(self, rule: TitleRule) -> RuleSet:
        """The rule in place of the one with its id, or at the end."""
        if self.rule(rule.id) is None:
            return RuleSet(self.basis, (*self.rules, rule))
        return RuleSet(self.basis, tuple(rule if one.id == rule.id else one for one in self.rules))

    def without(self, identity: str) -> RuleSet:
        return RuleSet(self.basis, tuple(rule for rule in self.rules if rule.id != identity))


@lru_cache(maxsize=1)
def default_rules() -> RuleSet:
    return read_rules(PRESET.read_text(encoding="utf-8"))


def read_rules(text: str) -> RuleSet:
    """Raises Invalid, naming each rule and field that cannot be read."""
    try:
        document = json.loads(text)
        given: Sequence[Mapping[str, Any]] = document["rules"]
        basis = str(document["basis"])
    except (ValueError, KeyError, TypeError) as fault:
        raise Invalid([Finding("title_rules.not_a_document", facts={"reason": str(fault)[:120]})]) from fault
    findings: list[Finding] = []
    rules = tuple(_rule(one, number, findings) for number, one in enumerate(given, 1))
    if findings:
        raise Invalid(findings)
    return RuleSet(basis, tuple(rule for rule in rules if rule is not None))


def _rule(given: Mapping[str, Any], number: int, findings: list[Finding]) -> TitleRule | None:
    hints = get_type_hints(TitleRule)
    unknown = set(given) - set(hints)
    if unknown or not given.get("id") or not given.get("title"):
        facts = {"number": number, "fields": sorted(unknown) or ["id", "title"]}
        findings.append(Finding("title_rules.unreadable", place=f"rules[{number - 1}]", facts=facts))
        return None
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    rule = TitleRule(**values)
    findings += check_rule(rule, f"rules[{number - 1}].")
    return rule


def check_rule(rule: TitleRule, prefix: str = "") -> list[Finding]:
    """What does not fit together in one rule; places are its fields."""

    def fault(code: str, place: str, **facts: Any) -> Finding:
        return Finding(f"title_rule.{code}", place=prefix + place, facts={"title": rule.title, **facts})

    findings = []
    if rule.kind not in KINDS or rule.ties not in TIES or rule.sex not in ("", "f", "m"):
        findings.append(fault("not_a_choice", "kind"))
    if rule.places is None and not rule.awards:
        findings.append(fault("no_reach", "places"))
    if rule.places is not None and not 1 <= rule.places <= 9999:
        findings.append(fault("places", "places", value=rule.places))
    if rule.kind == "level" and rule.level is None:
        findings.append(fault("level_missing", "level"))
    if any(level is not None and not 1 <= level <= 5 for level in (rule.level, rule.level_at_least)):
        findings.append(fault("level", "level"))
    if rule.age_min is not None and rule.age_max is not None and rule.age_max < rule.age_min:
        findings.append(fault("ages_crossed", "age_max"))
    return findings
