"""The form of a scheme: whatever the language says is typed, sent and read back; a fault is named at its node."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from contests import schemes
from contests.forms.scheme import Part, read, scheme_from, typed
from contests.forms.scheme_acts import act
from federation.judging.schemes import Scheme
from federation.judging.shapes import kinds, shapes_of
from tests.federation.judging.whole_language import whole_schemes
from web.scheme_words import without_words


def sent_from(part: Part) -> dict[str, str]:
    """What a browser sends for this form."""
    return dict(part.fields())


def a_form(name: str = "theory-practical") -> Part:
    return typed(schemes.presets()[name])


def ids(part: Part, path: str) -> list[str]:
    above, _, listed = path.rpartition(".")
    owner = part.find(above)
    assert owner is not None
    return [one.values["id"] for one in owner.lists[listed]]


@settings(max_examples=120, deadline=None)
@given(whole_schemes())
def test_any_scheme_comes_back_from_its_form_as_it_was(scheme: Scheme) -> None:
    again, _ = scheme_from(read(sent_from(typed(scheme)), as_is=True))
    assert again == scheme


@pytest.mark.parametrize("name", ["theory-practical", "modules", "five-judges", "judgement"])
def test_a_preset_comes_back_from_a_browser_without_a_finding(name):
    again, findings = scheme_from(read(sent_from(a_form(name))))
    assert (again, findings) == (schemes.presets()[name], [])


def test_every_field_and_choice_of_the_language_has_words():
    assert without_words(shape for kind in kinds() for shape in shapes_of(kind)) == []


def test_a_simple_scheme_is_a_short_form():
    """Nothing is sent for what nobody set: the modules hold no aspects, the stage has no name."""
    part = a_form()
    assert [(name, text) for name, text in part.fields() if name.startswith("stages")] == [
        ("stages.0", "yes"),
        ("stages.0.id", "main"),
        ("stages.0.modules.0", "yes"),
        ("stages.0.modules.0.id", "theory"),
        ("stages.0.modules.0.title", "理论知识"),
        ("stages.0.modules.0.title_en", "Theory"),
        ("stages.0.modules.0.weight", "0.3"),
        ("stages.0.modules.1", "yes"),
        ("stages.0.modules.1.id", "practical"),
        ("stages.0.modules.1.title", "操作技能"),
        ("stages.0.modules.1.title_en", "Practical"),
        ("stages.0.modules.1.weight", "0.7"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("stages.0.modules.0.weight", "一半", [("scheme.not_a_number", "stages.0.modules.0.weight")]),
        (
            "stages.0.modules.0.maximum",
            "1.00001",
            [("scheme.too_many_decimals", "stages.0.modules.0.maximum")],
        ),
        ("award_lines.0.share", "百分之十", [("scheme.not_a_number", "award_lines.0.share")]),
        ("award_lines.0.count", "3", [("scheme.award_line_base", "award_lines.0")]),
        ("tie_breaks.0.id", "Z", [("scheme.tie_break_unknown", "tie_breaks.0")]),
        (
            "stages.0.modules.1.id",
            "theory",
            [("scheme.id_twice", "stages.0.modules"), ("scheme.id_twice", "stages.0")],
        ),
        ("place_form", "sideways", [("scheme.not_one_of", "place_form")]),
        ("stages.0.id", "", [("scheme.id_malformed", "stages")]),
    ],
)
def test_a_fault_is_named_at_its_place_and_what_was_typed_stays(name, text, expected):
    part = read({**sent_from(a_form()), name: text})
    _, findings = scheme_from(part)
    assert [(one.code, one.place) for one in findings if one.severity == "error"][: len(expected)] == expected
    assert {**dict(part.fields()), name: dict(part.fields()).get(name, "")}[name] == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30%", 3000),
        ("３０％", 3000),
        ("0.3", 3000),
        ("０．３", 3000),
        (" 1 000 ", 10_000_000),
        ("−2", -20_000),
    ],
)
def test_numbers_are_read_as_people_type_them(text, value):
    scheme, findings = scheme_from(read({**sent_from(a_form()), "stages.0.modules.0.weight": text}))
    assert scheme is not None, findings
    assert scheme.stages[0].modules[0].weight == value


@pytest.mark.parametrize("text", ["不限", "无", "no limit", "—"])
def test_no_limit_is_an_answer_of_its_own(text):
    scheme, findings = scheme_from(read({**sent_from(a_form()), "stages.0.modules.0.maximum": text}))
    assert scheme is not None, findings
    assert scheme.stages[0].modules[0].maximum is None


def test_things_are_added_moved_copied_and_removed_by_their_paths():
    part = a_form("modules")
    modules = "stages.0.modules"
    assert ids(part, modules) == ["A", "B", "C"]
    assert act(part, f"add:{modules}") == f"{modules}.3"
    assert act(part, f"up:{modules}.3") == f"{modules}.2"
    assert ids(part, modules) == ["A", "B", "D", "C"]
    assert act(part, f"copy:{modules}.0") == f"{modules}.1"
    assert ids(part, modules) == ["A", "E", "B", "D", "C"]
    assert act(part, f"down:{modules}.0") == f"{modules}.1"
    assert act(part, f"remove:{modules}.4") == f"{modules}.3"
    assert ids(part, modules) == ["E", "A", "B", "D"]
    assert act(part, f"add:{modules}.1.aspects") == f"{modules}.1.aspects.0"
    assert act(part, f"add:{modules}.1.subcriteria") == f"{modules}.1.subcriteria.0"
    assert ids(part, f"{modules}.1.aspects") == ["A1"]
    assert ids(part, f"{modules}.1.subcriteria") == ["A2"]


def test_a_copied_module_takes_all_it_holds_under_new_ids():
    part = a_form("judgement")
    act(part, "copy:stages.0.modules.0")
    scheme, findings = scheme_from(part)
    assert scheme is not None
    assert [one.code for one in findings if one.severity == "error"] == []
    first, second = scheme.stages[0].modules[:2]
    assert [one.title for one in second.aspects] == [one.title for one in first.aspects]
    assert not {one.id for one in first.aspects} & {one.id for one in second.aspects}


def test_what_cannot_be_done_does_nothing():
    for do in (
        "remove:stages.9",
        "up:nothing.1",
        "add:stages.0.judges",
        "copy:title",
        "explode:stages.0",
        "up:",
    ):
        part = a_form()
        before = sent_from(part)
        assert act(part, do) == "", do
        assert sent_from(part) == before


def test_a_part_that_may_be_missing_is_there_when_its_box_is_ticked():
    sent = {**sent_from(a_form()), "teams.count": "2", "teams.rule": "best"}
    without, _ = scheme_from(read(sent))
    ticked, _ = scheme_from(read({**sent, "teams": "yes"}))
    assert without is not None
    assert ticked is not None
    assert without.teams is None
    assert ticked.teams is not None
    assert (ticked.teams.rule, ticked.teams.count) == ("best", 2)
    assert dict(read(sent).fields())["teams.count"] == "2"


def test_names_that_mean_nothing_are_passed_over():
    hostile = {
        "stages.0.modules.0.__class__": "x",
        "a" * 5000: "x",
        "stages.99999999.id": "x",
        "stages..": "x",
    }
    assert scheme_from(read({**sent_from(a_form()), **hostile})) == (
        schemes.presets()["theory-practical"],
        [],
    )
