"""A rule of titles in words, as people would write it into the notice of a contest."""

from __future__ import annotations

from collections.abc import Mapping

from contests.awards.title_rules import TitleRule
from web.language import _, language
from web.wording import say


def rule_words(rule: TitleRule, honours: Mapping[str, str]) -> str:
    """`honours`: code → name in the reader's language."""
    joint = "；" if language() == "zh" else "; "
    return joint.join(part for part in (_where(rule), _whom(rule), _level(rule), _but(rule, honours)) if part)


def _listed(parts: list[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(parts)


def _where(rule: TitleRule) -> str:
    parts = [
        _listed([say(f"level.{one}") for one in rule.levels]),
        _listed([say(f"class.{one}") for one in rule.classes]),
        _listed([say(f"category.{one}") for one in rule.categories]),
    ]
    given = [part for part in parts if part]
    return " ".join(given) if given else _("所有竞赛和组别")


def _whom(rule: TitleRule) -> str:
    parts = []
    if rule.awards:
        parts.append(_("获%(awards)s的", awards=_listed(list(rule.awards))))
    if rule.places is not None:
        parts.append(_("前 %(places)s 名", places=rule.places))
        parts.append(_("末位并列的一并列入") if rule.ties == "extend" else _("末位并列超出的不列入"))
    if rule.sex:
        parts.append(_("女选手") if rule.sex == "f" else _("男选手"))
    if rule.age_min is not None:
        parts.append(_("满 %(age)s 周岁", age=rule.age_min))
    if rule.age_max is not None:
        parts.append(_("不超过 %(age)s 周岁", age=rule.age_max))
    return ("，" if language() == "zh" else ", ").join(parts)


def _level(rule: TitleRule) -> str:
    if rule.kind != "level" or rule.level is None:
        return ""
    parts = [_("晋升到%(level)s", level=say(f"skill_level.{rule.level}"))]
    if rule.step_up:
        parts.append(_("已达到的再升一级"))
    if rule.level_at_least is not None:
        parts.append(_("须已有%(level)s以上", level=say(f"skill_level.{rule.level_at_least}")))
    if rule.once_a_year:
        parts.append(_("每人每年只晋升一次"))
    return ("，" if language() == "zh" else ", ").join(parts)


def _but(rule: TitleRule, honours: Mapping[str, str]) -> str:
    parts = []
    if rule.not_held:
        held = _listed([honours.get(code, code) for code in rule.not_held])
        parts.append(_("已获%(honours)s的不再推荐", honours=held))
    if rule.passes_down:
        parts.append(_("空出的名额依次递补"))
    return ("，" if language() == "zh" else ", ").join(parts)
