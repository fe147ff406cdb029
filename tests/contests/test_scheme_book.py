"""Marking schemes as workbooks: whatever the language says goes out and comes back; faults are named by cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contests import schemes
from contests.forms.scheme import scheme_from
from contests.imports.scheme_book import ALSO, LEVELS, MARKING, TABLES, shape_at, sheets
from contests.imports.scheme_reading import ReadBook, read_scheme
from contests.imports.scheme_words import JOINT, plain
from federation.findings import errors
from federation.judging.schemes import Scheme
from federation.judging.shapes import kinds, shapes_of
from federation.refusals import Refusal
from federation.spreadsheets import read_book, write_xlsx
from tests.federation.judging.whole_language import whole_schemes
from web.language import speaking
from web.scheme_vocabulary import vocabulary

HEAD = ("模块编号", "子项编号", "评分点编号", "类型 M/J/P", "名称或说明", "评分档", "满分", "权重")


def file_of(scheme: Scheme, language="zh") -> bytes:
    with speaking(language):
        return write_xlsx(sheets(scheme, vocabulary()))


def read_file(content: bytes, language="zh") -> ReadBook:
    with speaking(language):
        return read_scheme(read_book(content), vocabulary())


def there_and_back(scheme: Scheme, out="zh", back="zh") -> Scheme:
    book = read_file(file_of(scheme, out), back)
    assert book.part is not None, book.faults
    again, findings = scheme_from(book.part)
    assert again is not None, findings
    return again


def a_book(*rows, head=HEAD, name="评分细则", more=()) -> bytes:
    return write_xlsx([(name, [head, *rows]), *more])


def faults(book: ReadBook) -> list[tuple[str, int, str, str, str]]:
    return [
        (one.cell.sheet, one.cell.row, one.cell.column, one.cell.value, one.finding.code)
        for one in book.faults
        if one.finding.severity == "error"
    ]


@settings(max_examples=60, deadline=None)
@given(whole_schemes(), st.sampled_from(["zh", "en"]), st.sampled_from(["zh", "en"]))
def test_any_scheme_comes_back_from_its_workbook_as_it_was(scheme: Scheme, out, back) -> None:
    assert there_and_back(scheme, out, back) == scheme


@pytest.mark.parametrize("name", ["theory-practical", "modules", "five-judges", "judgement"])
def test_a_preset_comes_back_without_a_finding(name):
    preset = schemes.presets()[name]
    book = read_file(file_of(preset))
    assert (book.faults, book.ignored) == ((), ())
    assert there_and_back(preset) == preset


def test_no_head_and_no_choice_means_two_things():
    words = vocabulary()
    doubles = []
    for kind in kinds():
        for shape in shapes_of(kind):
            assert not any(JOINT in label for label in words.label(shape))
            doubles += _doubles({one, *words.choice(shape, one)} for one in shape.choices)
        doubles += _doubles({shape.name, *words.label(shape)} for shape in shapes_of(kind))
    for table in TABLES:
        of = shape_at(table.of, table.listed).of if table.code == "rule_steps" else table.of
        levels = [{level, *words.word(f"column.{level}")} for level, _ in LEVELS if table.addressed]
        doubles += _doubles([*levels, *({*words.heads(of, path)} for path in table.columns)])
    doubles += _doubles({one, *words.word(f"column.{one}"), *ALSO.get(one, ())} for one in MARKING)
    names = ("marking", *(table.code for table in TABLES), "other", "notes")
    doubles += _doubles({one, *words.word(f"sheet.{one}")} for one in names)
    assert doubles == []


def _doubles(families) -> list[str]:
    counted = Counter(word for family in families for word in {plain(one) for one in family})
    return [word for word, times in counted.items() if times > 1]


def test_the_marking_form_reads_as_people_write_them():
    """The sheet of a judged preset, row by row."""
    with speaking("en"):
        rows = sheets(schemes.presets()["judgement"], vocabulary())[0][1]
    shown = ("Module ID", "Aspect ID", "Type M/J/P", "Name or description in English", "Anchor", "Maximum")
    shown += ("Marked out of", "Judges", "Combined by", "Largest spread")
    assert [[row[rows[0].index(head)] for head in shown] for row in rows[1:]] == [
        ["measurement", "", "", "Measurement", "", "80", "", "", "", ""],
        ["", "size", "M", "Dimensions", "", "50", "", "", "", ""],
        ["", "function", "M", "Function", "", "30", "", "", "", ""],
        ["judgement", "", "", "Judgement", "", "20", "", "", "", ""],
        ["", "finish", "J", "Finish", "", "20", "3", "3", "Mean", "1"],
        ["", "", "", "Below the standard, or not attempted", "0", "", "", "", "", ""],
        ["", "", "", "Meets the standard", "1", "", "", "", "", ""],
        ["", "", "", "Meets the standard and exceeds it in places", "2", "", "", "", "", ""],
        ["", "", "", "Excellent", "3", "", "", "", "", ""],
    ]


def test_a_form_from_elsewhere_is_understood():
    """Heads of the international sheets, aspects without ids, a judged 0–3 worth 2 points."""
    head = (
        "Criterion ID",
        "Sub Criterion ID",
        "Aspect Type",
        "Aspect - Description",
        "Judg Score",
        "Max Mark",
    )
    content = a_book(
        ("A", "", "", "Assembly", "", "5"),
        ("", "A1", "", "Frame", "", "5"),
        ("", "", "M", "Length within 0.5 mm", "", "3"),
        ("", "", "J", "Finish", "", "2"),
        ("", "", "", "Below industry standard", "0", ""),
        ("", "", "", "Excellent", "3", ""),
        head=head,
        name="Tabelle1",
    )
    scheme, findings = scheme_from(read_file(content).part)
    assert errors(findings) == []
    (module,) = scheme.stages[0].modules
    (group,) = module.subcriteria
    assert [(one.id, one.kind, one.title, one.maximum, one.worth) for one in group.aspects] == [
        ("A1.1", "measurement", "Length within 0.5 mm", 30_000, None),
        ("A1.2", "judgement", "Finish", 30_000, 20_000),
    ]
    assert [(one.value, one.text) for one in group.aspects[1].anchors] == [
        (0, "Below industry standard"),
        (30_000, "Excellent"),
    ]


def test_every_fault_is_named_by_its_cell_in_one_go():
    content = a_book(
        ("", "", "A1", "M", "无家可归", "", "5", ""),
        ("A", "", "", "", "操作", "", "一百", "1"),
        ("", "", "A1", "X", "长度", "", "60", ""),
        ("", "", "", "", "", "3", "", ""),
        ("B", "", "A9", "M", "别处", "", "", ""),
        ("", "", "", "", "没有编号", "", "", ""),
        ("C", "", "", "P", "又是模块又是评分点", "", "", "0.12345"),
        more=[
            ("同分规则", [("比较什么", "哪一项", "随便"), ("模块分", "A", "x")]),
            ("扣分", [("模块编号", "编号", "每次扣"), ("Z", "d1", "1")]),
            ("其他设置", [("设置", "设为"), ("不存在的", "1")]),
        ],
    )
    book = read_file(content)
    assert book.part is None
    assert faults(book) == [
        ("评分细则", 2, "C 评分点编号", "A1", "scheme_book.no_module"),
        ("评分细则", 3, "G 满分", "一百", "scheme.not_a_number"),
        ("评分细则", 4, "D 类型 M/J/P", "X", "scheme.not_one_of"),
        ("评分细则", 6, "A 模块编号", "B", "scheme_book.above_unknown"),
        ("评分细则", 7, "E 名称或说明", "", "scheme_book.row_without_id"),
        ("评分细则", 8, "A 模块编号", "C", "scheme_book.above_unknown"),
        ("同分规则", 1, "C", "随便", "scheme_book.head_unknown"),
        ("扣分", 2, "A 模块编号", "Z", "scheme_book.address_unknown"),
        ("其他设置", 2, "A 设置", "不存在的", "scheme_book.setting_unknown"),
    ]


def test_what_does_not_make_sense_is_named_where_it_was_written():
    content = a_book(
        ("A", "", "", "", "操作", "", "100", "1"),
        ("", "", "A1", "M", "长度", "", "60", ""),
        ("", "", "A1", "M", "宽度", "", "40", ""),
        more=[("奖项表", [("编号", "名称"), ("gold", "一等奖")])],
    )
    book = read_file(content)
    assert (
        faults(book)
        == [
            ("奖项表", 2, "", "", "scheme.award_line_base"),
            ("评分细则", 2, "", "", "scheme.id_twice"),
        ][::-1]
    )


def test_a_sheet_of_its_own_that_nobody_knows_is_said_to_be_passed_over():
    content = a_book(("A", "", "", "", "操作", "", "100", "1"), more=[("备注", [("随便",), ("写的",)])])
    assert read_file(content).ignored == ("备注",)


def test_without_a_marking_form_the_file_is_refused():
    with pytest.raises(Refusal) as refused:
        read_file(write_xlsx([("成绩", [["姓名", "分数"], ["甲", "1"]])]))
    assert (refused.value.code, refused.value.facts) == ("scheme_book.no_form", {"sheet": "评分细则"})


def test_numbers_that_a_spreadsheet_stored_in_binary_are_what_people_typed():
    content = a_book(("A", "", "", "", "操作", "", "1E+2", "0.30000000000000004"))
    scheme, _ = scheme_from(read_file(content).part)
    assert [(one.maximum, one.weight) for one in scheme.stages[0].modules] == [(1_000_000, 3_000)]


def test_the_first_faults_are_listed_and_all_are_counted():
    rows = [("", "", "", "", f"第 {number} 行", "", "", "") for number in range(1_200)]
    book = read_file(a_book(*rows))
    assert (len(book.faults), book.count) == (1_000, 1_200)


def test_a_scheme_of_many_stages_keeps_its_stages_apart():
    """Both rounds have a module A with an aspect A1; deductions and carries find their own."""
    two = Scheme.from_json(
        {
            "id": "x",
            "basis": "y",
            "stages": [
                {"id": "heat", "modules": [{"id": "A", "aspects": ["A1"], "deductions": [{"id": "late"}]}]},
                {
                    "id": "final",
                    "carries": [{"stage": "heat", "weight": 0.4}],
                    "weight": 0.6,
                    "modules": [{"id": "A", "aspects": ["A1"], "deductions": [{"id": "late", "each": 2}]}],
                },
            ],
        }
    )
    assert there_and_back(two) == two
    assert there_and_back(replace(two, title="=1+1")).title == "=1+1"
