"""A scheme prints itself: everything it can say is said, in both languages."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from click.testing import CliRunner

from contests import schemes
from federation.judging import Scheme
from federation.judging import schemes as language_of
from web.cli import main
from web.language import speaking
from web.rule_text import as_markdown

PANEL = {"method": "trimmed_mean", "judges": 5, "minimum": 2, "trim_from": 4}
WHOLE = Scheme.from_json({
    "id": "whole", "title": "全", "title_en": "Whole", "basis": "赣工竞 1 号", "total": 200, "floor": 0, "cap": 200,
    "near_tie": "0.05", "tie_breaks": [
        {"by": "module", "id": "A", "stage": "final"}, {"by": "subcriterion", "id": "s"}, {"by": "aspect", "id": "a1"},
        {"by": "stage", "id": "heat"}, {"by": "attempt", "nth": 2}, {"by": "time", "id": "A"}, "time",
        {"by": "countback", "nth": 2}, "lot", "ruling",
    ],
    "roundings": dict.fromkeys(("panel", "aspect", "product", "subcriterion", "module", "weighted", "stage"), "0.01"),
    "rankings": [{"id": "category", "by": ["category"], "title": "组别名次", "title_en": "By category"}, {"id": "all"}],
    "teams": {"by": "delegation", "rule": "best", "count": 3, "minimum": 2},
    "award_lines": [
        {"id": "first", "title": "一等奖", "title_en": "First", "share": "0.1", "minimum_field": 10,
         "minimum_total": 60, "titles": ["技术能手"]},
        {"id": "merit", "count": 5},
    ],
    "deductions": [{"id": "late", "title": "迟到", "maximum": 3}],
    "stages": [
        {"id": "heat", "title": "初赛", "title_en": "Heats", "cut": {"kind": "count", "count": 8}, "floor": 0,
         "cap": 100, "rounding": "0.1", "deductions": [{"id": "wait"}], "modules": [{"id": "H", "maximum": 50}]},
        {"id": "quarter", "cut": {"kind": "line", "line": 60}, "modules": [{"id": "Q"}]},
        {"id": "semi", "carry_over": "0.5", "cut": {"kind": "share", "share": "0.5"}, "modules": [{"id": "H2"}]},
        {"id": "final", "title": "决赛", "carries": [{"stage": "heat", "weight": "0.3"}], "modules": [
            {"id": "A", "title": "实操", "title_en": "Practice", "floor": 0, "cap": 100, "rounding": "0.5",
             "deductions": [{"id": "safety", "title": "安全", "maximum": 10}],
             "subcriteria": [{"id": "s", "title": "焊缝", "maximum": 40, "floor": 0, "cap": 40, "rounding": "0.5",
                              "deductions": [{"id": "mark"}], "aspects": [
                {"id": "a1", "title": "外观", "title_en": "Look", "kind": "judgement", "maximum": 3, "step": 1,
                 "worth": 20, "max_spread": 1, "rounding": "0.1", "factored": True, "weight": "0.5",
                 "panel": PANEL, "anchors": [{"value": 0, "text": "未做", "text_en": "Not done"}]}]}],
             "aspects": [
                {"id": "a2", "rule": {"kind": "table", "floor": 0, "cap": 9, "otherwise": 1,
                                      "table": [{"bound": 1, "points": 2}]}},
                {"id": "a3", "rule": {"kind": "linear", "base": 1, "slope": "0.5", "per": 2}},
                {"id": "a4", "rule": {"kind": "power", "a": "2.5", "b": 3, "c": "1.1", "unit": 100}},
                {"id": "a5", "panel": {"method": "clamped_mean", "judges": 3, "clamp": 2, "center": "0.01"}},
                {"id": "a6", "attempts": {"rule": "mean", "skip": 1, "count": 3, "of": 5}},
            ]},
        ]},
    ],
})  # fmt: skip
UNSAID = {("Scheme", "id"), ("Rounding", "mode")}
"""An id is said only where a title is missing; a mode says nothing while its step is 0 (tried below)."""


def nodes(thing: Any, path: tuple[Any, ...] = ()) -> Any:
    """Every dataclass inside, with the way to it."""
    if dataclasses.is_dataclass(thing):
        yield path, thing
        for one in dataclasses.fields(thing):
            yield from nodes(getattr(thing, one.name), (*path, one.name))
    elif isinstance(thing, tuple):
        for index, part in enumerate(thing):
            yield from nodes(part, (*path, index))


def replaced(thing: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    head, *rest = path
    if isinstance(thing, tuple):
        return tuple(
            replaced(part, tuple(rest), value) if n == head else part for n, part in enumerate(thing)
        )
    return dataclasses.replace(thing, **{head: replaced(getattr(thing, head), tuple(rest), value)})


def others(hint: Any, value: Any) -> list[Any]:
    """Values other than the one a field has."""
    if get_origin(hint) is Literal:
        return [word for word in get_args(hint) if word != value]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 10_000 if "scaled" in str(hint) else value + 1]
    if isinstance(value, Decimal):
        return [value + 1]
    if isinstance(value, str):
        return [value + "改"]
    return []


def told(scheme: Scheme) -> str:
    said = []
    for spoken in ("zh", "en"):
        with speaking(spoken):
            said.append(as_markdown(scheme))
    return "\n".join(said)


def test_nothing_a_scheme_says_goes_unsaid():
    """Each field of each part is changed in turn; the text must change with it."""
    before, silent = told(WHOLE), set()
    heard: set[tuple[str, str]] = set()
    for path, node in nodes(WHOLE):
        hints = get_type_hints(type(node), include_extras=True)
        for one in dataclasses.fields(node):
            name = (type(node).__name__, one.name)
            for value in others(hints[one.name], getattr(node, one.name)):
                changed = told(replaced(WHOLE, (*path, one.name), value)) != before
                (heard if changed else silent).add(name)
    assert silent - heard - UNSAID == set()


def test_every_part_of_the_language_is_in_the_scheme_above():
    kinds = {type(node).__name__ for _, node in nodes(WHOLE)}
    known = vars(language_of).values()
    named = {one.__name__ for one in known if isinstance(one, type) and dataclasses.is_dataclass(one)} - {
        "Finding"
    }
    assert named - kinds == set()


@pytest.mark.parametrize("name", list(schemes.presets()))
def test_a_preset_reads_well_in_both_languages(name):
    scheme = schemes.presets()[name]
    for spoken in ("zh", "en"):
        with speaking(spoken):
            text = as_markdown(scheme)
        assert "rule." not in text
        assert text.count("None") == 0


def test_a_short_rule_as_it_is_printed():
    scheme = Scheme.from_json(
        {
            "id": "s",
            "title": "茶艺",
            "basis": "技术文件第 6 条",
            "aspects": [
                {
                    "id": "tea",
                    "title": "茶艺",
                    "maximum": 10,
                    "panel": {"method": "trimmed_mean", "judges": 5},
                }
            ],
            "award_lines": [{"id": "first", "title": "一等奖", "count": 1}],
        }
    )
    with speaking("zh"):
        text = as_markdown(scheme)
    assert text.startswith(
        """# 茶艺

## 成绩组成

**第一条** 本办法依据技术文件第 6 条，第 1 版。

**第二条** 成绩由 1 个模块组成，各模块成绩按权重相加：
- 模块main：满分 100 分，按 100% 计入。
  - 评分点“茶艺”（tea）（直接给分）：
    - 登记 0 至 10，以 0.01 为一档。
    - 由 5 名裁判评分。
    - 去掉 1 个最高分和 1 个最低分，取其余的平均；极端分相同的只去应去的个数。
    - 缺席或回避的裁判不计，按到场裁判的评分计算。

## 小数取舍

**第三条** 总分四舍五入保留到 0.01。

**第四条** 其他各步保留准确值，不作取舍。

## 名次排定

**第五条** 总分高者名次在前。

**第六条** 分别排名，各排各的名次（category）：按组别。
"""
    )


def test_the_command_writes_text_html_and_paper(tmp_path):
    scheme = tmp_path / "s.json"
    scheme.write_text(schemes.document_text(WHOLE), "utf-8")
    for name, start in (("r.md", b"# Whole"), ("r.html", b"<!doctype html>"), ("r.pdf", b"%PDF-")):
        done = CliRunner().invoke(
            main, ["rules", str(scheme), "-o", str(tmp_path / name), "--language", "en"]
        )
        assert (done.exit_code, done.output) == (0, "")
        assert (tmp_path / name).read_bytes().startswith(start)


def test_a_scheme_with_faults_is_refused_with_each_of_them(tmp_path):
    scheme = tmp_path / "s.json"
    scheme.write_text(
        json.dumps({"id": "s", "modules": [{"id": "A", "weight": "much"}, {"id": "A", "cap": "x"}]})
    )
    done = CliRunner().invoke(main, ["rules", str(scheme), "--language", "en"])
    assert done.exit_code == 1
    assert [line.split(": ")[0] for line in done.output.splitlines()[:2]] == [
        "s.json:modules[0].weight",
        "s.json:modules[1].cap",
    ]


def test_a_character_the_font_lacks_is_named(tmp_path):
    scheme = tmp_path / "s.json"
    scheme.write_text(schemes.document_text(dataclasses.replace(WHOLE, title="𰀀杯")), "utf-8")
    done = CliRunner().invoke(main, ["rules", str(scheme), "-o", str(tmp_path / "r.pdf"), "--language", "zh"])
    assert (done.exit_code, "𰀀" in done.output, (tmp_path / "r.pdf").exists()) == (1, True, False)
