"""Whom the rules propose and whom they bar, each case worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from contests.awards.proposals import Winner, proposals
from contests.awards.title_rules import RuleSet, TitleRule, check_rule, default_rules, read_rules
from federation.refusals import Invalid

DAY = date(2026, 11, 21)


def winner(place: int, name: str = "", **more) -> Winner:
    order = "甲乙丙丁戊".index(name)
    return Winner(entry=order, number=f"00{order}", name=name, place=place, **more)


def said(rule: TitleRule, *winners: Winner) -> list[tuple[str, object]]:
    """(name, the level or True, or the code that bars)."""
    found, _ = proposals([rule], winners, DAY)
    return [
        (one.winner.name, one.findings[0].code if one.barred else one.level if rule.kind == "level" else True)
        for one in found
    ]


def top(places: int, **more) -> TitleRule:
    return TitleRule(id="t", title="技术能手", places=places, **more)


def test_the_first_three_and_nobody_after_them():
    people = [winner(place, name) for place, name in enumerate("甲乙丙丁", 1)]
    assert said(top(3), *people) == [("甲", True), ("乙", True), ("丙", True)]


@pytest.mark.parametrize(
    ("ties", "names"),
    [("extend", "甲乙丙丁"), ("exclude", "甲乙")],
)
def test_a_tie_across_the_last_place_is_taken_in_whole_or_left_out(ties, names):
    people = [winner(1, "甲"), winner(2, "乙"), winner(3, "丙"), winner(3, "丁"), winner(5, "戊")]
    assert [name for name, _ in said(top(3, ties=ties), *people)] == list(names)


def test_more_people_than_places_are_pointed_out():
    people = [winner(1, "甲"), winner(2, "乙"), winner(2, "丙")]
    _, notes = proposals([top(2)], people, DAY)
    assert [(note.code, note.severity, note.facts) for note in notes] == [
        ("title.more_than_places", "warning", {"title": "技术能手", "places": 2, "count": 3})
    ]


def test_who_holds_it_is_barred_and_the_place_stays_empty_unless_it_passes_down():
    holder = winner(1, "甲", honours={"expert": ("江西省技术能手", 2024)})
    people = [holder, winner(2, "乙"), winner(3, "丙"), winner(4, "丁")]
    kept = top(2, not_held=("expert",))
    passed = top(2, not_held=("expert",), passes_down=True)
    assert said(kept, *people) == [("甲", "title.held"), ("乙", True)]
    assert said(passed, *people) == [("甲", "title.held"), ("乙", True), ("丙", True)]


def test_a_tie_that_is_left_out_counts_only_those_who_are_not_barred_when_places_pass_down():
    """Two places. The second is shared by one who holds it and one who does not: one of them counts."""
    people = [
        winner(1, "甲"),
        winner(2, "乙", honours={"expert": ("x", 2020)}),
        winner(2, "丙"),
        winner(4, "丁"),
    ]
    rule = top(2, not_held=("expert",), passes_down=True, ties="exclude")
    assert said(rule, *people) == [("甲", True), ("乙", "title.held"), ("丙", True)]


@pytest.mark.parametrize(
    ("born", "outcome"),
    [
        (date(1991, 11, 21), True),  # 35 on the day itself
        (date(1990, 11, 22), True),  # 36 the day after
        (date(1990, 11, 21), "title.too_old"),  # 36 on the day itself
    ],
)
def test_ages_count_in_full_years_on_the_reference_date(born, outcome):
    assert said(top(1, age_max=35), winner(1, "甲", birth_date=born)) == [("甲", outcome)]


def test_an_unknown_age_is_asked_about_not_barred():
    [found], _ = proposals([top(1, age_max=35)], [winner(1, "甲")], DAY)
    assert ([one.code for one in found.findings], found.barred) == (["title.age_unknown"], False)


def test_a_title_for_women_passes_men_over_within_the_places():
    people = [
        winner(1, "甲", sex="m"),
        winner(2, "乙", sex="f"),
        winner(3, "丙", sex="m"),
        winner(4, "丁", sex="f"),
    ]
    assert said(top(3, sex="f"), *people) == [("乙", True)]


def test_a_title_for_first_prizes_by_the_name_of_the_line():
    rule = TitleRule(id="m", title="市五一劳动奖章", awards=("一等奖",))
    people = [
        winner(1, "甲", award="first", award_title="一等奖"),
        winner(2, "乙", award="second", award_title="二等奖"),
    ]
    assert said(rule, *people) == [("甲", True)]


@pytest.mark.parametrize(
    ("held", "changes", "outcome"),
    [
        (None, {}, 2),
        (4, {}, 2),
        (2, {}, "title.level_held"),
        (1, {}, "title.level_held"),
        (2, {"step_up": True}, 1),
        (1, {"step_up": True}, "title.level_highest"),
        (4, {"level_at_least": 3}, "title.level_too_low"),
        (3, {"level_at_least": 3}, 2),
        (None, {"level_at_least": 3}, "title.level_too_low"),
    ],
)
def test_a_level_up(held, changes, outcome):
    rule = top(6, kind="level", level=2, **changes)
    assert said(rule, winner(1, "甲", level=held)) == [("甲", outcome)]


def test_one_promotion_per_person_and_year():
    rule = top(6, kind="level", level=2, once_a_year=True)
    people = [winner(1, "甲", promoted=True, level=3), winner(2, "乙", level=3)]
    assert said(rule, *people) == [("甲", "title.promoted_this_year"), ("乙", 2)]


def test_the_first_rule_that_reaches_a_person_with_a_level_has_it():
    """Top 1 to level 1, top 3 to level 2: the first is not promoted twice."""
    rules = [
        TitleRule(id="a", title="高级技师", kind="level", places=1, level=1),
        TitleRule(id="b", title="技师", kind="level", places=3, level=2),
    ]
    people = [winner(place, name, level=4) for place, name in enumerate("甲乙丙", 1)]
    found, _ = proposals(rules, people, DAY)
    assert [(one.winner.name, one.level) for one in found] == [("甲", 1), ("乙", 2), ("丙", 2)]


def test_the_default_reads_back_as_it_was_written_and_names_its_basis():
    rules = default_rules()
    assert read_rules(rules.text()) == rules
    assert all(rule.basis and rule.conferred_by for rule in rules.rules)
    assert not [word for rule in rules.rules for word in (rule.title, rule.basis) if "授予" in word]


def test_what_cannot_be_read_is_named():
    with pytest.raises(Invalid) as refused:
        read_rules('{"basis": "x", "rules": [{"id": "a", "title": "b", "colour": 1}, {"id": "c"}]}')
    assert [(one.code, one.place, one.facts["fields"]) for one in refused.value.findings] == [
        ("title_rules.unreadable", "rules[0]", ["colour"]),
        ("title_rules.unreadable", "rules[1]", ["id", "title"]),
    ]


def test_a_rule_that_does_not_fit_together():
    rule = TitleRule(id="x", title="t", kind="level", age_min=40, age_max=30)
    assert [(one.code, one.place) for one in check_rule(rule)] == [
        ("title_rule.no_reach", "places"),
        ("title_rule.level_missing", "level"),
        ("title_rule.ages_crossed", "age_max"),
    ]


def test_a_set_is_changed_rule_by_rule():
    first, second = top(1), TitleRule(id="u", title="u", places=2)
    held = RuleSet("依据", (first,)).with_rule(second)
    assert held.with_rule(top(5)).rules == (top(5), second)
    assert held.without("t").rules == (second,)
