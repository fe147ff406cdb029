"""Whatever the language can say is shown: the editor, the judge's form and the table of any scheme are made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contests import schemes
from contests.forms.scheme import Part, read, scheme_from, typed
from federation.judging import SCALE
from federation.judging.schemes import (
    Anchor,
    Aspect,
    Attempts,
    Deduction,
    Module,
    Panel,
    PointsRule,
    Scheme,
    Stage,
    SubCriterion,
)
from tests.federation.judging.whole_language import whole_schemes
from tests.web.sent_back import fields_of
from web.judge_forms import Box, judge_forms
from web.language import speaking
from web.scheme_desk import desk_of
from web.scheme_editor import show
from web.templating import environment, render

SURROUNDINGS = {
    "one": {"id": 1, "event_name": "焊工", "category": "employee", "contest_code": "x", "contest_name": "y"},
    "desk": desk_of(1),
    "path_of_form": desk_of(1).path,
    "sent": None,
    "read_from": "",
    "ignored": (),
}


def table_of(scheme: Scheme) -> str:
    made = environment().from_string(
        '{% from "contests/_scheme.html" import scheme_table %}{{ scheme_table(scheme) }}'
    )
    return made.render(scheme=scheme)


def every_part(part: Part) -> Iterator[Part]:
    yield part
    for inner in [*part.parts.values(), *(one for items in part.lists.values() for one in items)]:
        yield from every_part(inner)


@settings(max_examples=25, deadline=None)
@given(whole_schemes(), st.sampled_from(["zh", "en"]), st.booleans())
def test_any_scheme_goes_through_the_page_of_the_editor(scheme: Scheme, language, opened) -> None:
    """The fields on the page and those hidden in it, sent back by a browser, are the same scheme."""
    part = typed(scheme)
    for one in every_part(part):
        one.open = opened
    with speaking(language):
        view = show(part, scheme_from(part)[1])
        sent = fields_of(render("organise/scheme_form.html", view=view, **SURROUNDINGS))
    again, findings = scheme_from(read(sent, as_is=True))
    assert again == scheme, findings


@settings(max_examples=40, deadline=None)
@given(whole_schemes(), st.sampled_from(["zh", "en"]))
def test_any_scheme_has_a_judges_form_and_a_table(scheme: Scheme, language) -> None:
    with speaking(language):
        assert len(judge_forms(scheme)) >= sum(len(stage.modules) for stage in scheme.stages)
        assert table_of(scheme).count("<table") == len(scheme.stages)


def test_one_judge_is_asked_for_every_attempt_in_its_range_and_step():
    aspect = Aspect(
        "jump",
        "跳远",
        kind="measurement",
        minimum=0,
        maximum=None,
        step=SCALE // 100,
        factored=True,
        panel=Panel("mean", judges=3),
        rule=PointsRule("linear"),
        max_spread=SCALE // 2,
    )
    module = Module("A", "动作", attempts=Attempts("mean", count=3, skip=1, of=5), aspects=(aspect,))
    (form,) = judge_forms(Scheme("x", stages=(Stage(modules=(module,)),)))
    (group,) = form.groups
    (asked,) = group.aspects
    assert (form.title, form.full) == ("动作", "满分 100")
    assert form.notes == ("共 5 轮，去掉最好的 1 轮，其后 3 轮平均",)
    assert asked.boxes == tuple(Box(f"第 {turn} 轮", True) for turn in range(1, 6))
    assert (asked.range, asked.full, asked.kind) == ("0 以上，最小 0.01", "", "测量")
    assert asked.notes == (
        "3 名裁判各自打分，平均",
        "裁判之间相差不超过 0.5",
        "填测量值，系统换算成分数（线性）",
        "另填难度系数，与得分相乘",
    )


def test_anchors_groups_deductions_and_stages_have_their_places():
    judged = Aspect("F", "外观", kind="judgement", maximum=3 * SCALE, step=SCALE, worth=5 * SCALE,
                    anchors=(Anchor(0, "差"), Anchor(3 * SCALE, "优")))  # fmt: skip
    group = SubCriterion(
        "A1", "表面", aspects=(judged,), deductions=(Deduction("late", "迟交", each=2 * SCALE),)
    )
    module = Module("A", "制作", subcriteria=(group,))
    whole = Deduction("unsafe", "不安全", kind="disqualify")
    scheme = Scheme(
        "x",
        stages=(
            Stage("heat", "预赛", modules=(module,)),
            Stage("final", "决赛", modules=(Module("A", aspects=(Aspect("A"),)),)),
        ),
        deductions=(whole,),
    )
    heat, final, overall = judge_forms(scheme)
    assert [(one.stage, one.title) for one in (heat, final, overall)] == [
        ("预赛", "制作"),
        ("决赛", "A"),
        ("", "整场扣分"),
    ]
    assert [(one.title, one.aspects[0].anchors, one.aspects[0].full) for one in heat.groups] == [
        ("表面", (("0", "差"), ("3", "优")), "满分 5")
    ]
    assert [(one.title, one.notes) for one in heat.deductions] == [("迟交", ("每记 1 扣 2 分",))]
    assert [(one.title, one.kind, one.notes) for one in overall.deductions] == [("不安全", "取消资格", ())]


@pytest.mark.parametrize("name", ["theory-practical", "modules", "five-judges", "judgement"])
def test_a_preset_is_made_of_forms_in_english_too(name):
    with speaking("en"):
        forms = judge_forms(schemes.presets()[name])
    assert [form.title for form in forms] == [
        module.title_en or module.title or module.id
        for stage in schemes.presets()[name].stages
        for module in stage.modules
    ]
