"""The scheme editor over HTTP, as a browser without a script sees it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from contests import schemes
from contests.forms.scheme import typed
from contests.imports.scheme_book import sheets
from federation.judging.schemes import Scheme
from federation.spreadsheets import read_book, write_xlsx
from tests.conftest import PASSWORD
from tests.web.sent_back import fields_of
from tests.web.test_programme_pages import site  # noqa: F401  (a fixture)
from web.scheme_vocabulary import vocabulary

PATH = "/work/event-categories/1/scheme"


def a_form(name: str = "theory-practical") -> dict[str, str]:
    return dict(typed(schemes.presets()[name]).fields())


async def post(site, do, form, path=PATH):  # noqa: F811
    return await site.post(path, data={**form, "do": do}, follow_redirects=False)


async def stored(site) -> Scheme:  # noqa: F811
    return Scheme.from_json((await site.get(f"{PATH}.json")).text)


@pytest.mark.parametrize("preset", ["theory-practical", "modules", "five-judges", "judgement"])
async def test_a_preset_saved_as_it_is_shown_is_the_preset(site, preset):  # noqa: F811
    """Everything on the page and everything hidden together are the whole scheme."""
    shown = await site.get(f"{PATH}?preset={preset}")
    assert shown.status_code == 200
    saved = await post(site, "save", fields_of(shown.text))
    assert (saved.status_code, saved.headers["location"]) == (
        303,
        "/work/event-categories/1?done=done.scheme_attached",
    )
    assert await stored(site) == schemes.presets()[preset]


async def test_a_module_is_added_named_and_saved_without_a_script(site):  # noqa: F811
    added = await post(site, "add:stages.0.modules", a_form())
    form = fields_of(added.text)
    assert form["stages.0.modules.2.id"] == "A"
    assert "data-focus autofocus" in added.text
    form |= {"stages.0.modules.2.title": "答辩", "stages.0.modules.2.maximum": "50", "total": "150"}
    assert (await post(site, "save", form)).status_code == 303
    modules = (await stored(site)).stages[0].modules
    assert [(one.id, one.title, one.maximum) for one in modules][2] == ("A", "答辩", 500_000)


async def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(site):  # noqa: F811
    form = {**a_form(), "stages.0.modules.0.weight": "一半", "basis": "技术文件第 3 条"}
    refused = await post(site, "save", form)
    assert refused.status_code == 422
    again = fields_of(refused.text)
    assert (again["stages.0.modules.0.weight"], again["basis"]) == ("一半", "技术文件第 3 条")
    node = refused.text[refused.text.index('id="p-stages-0-modules-0"') :]
    assert "“一半” 应为数字" in node[: node.index("</div>")]
    assert 'aria-invalid="true"' in refused.text
    assert await stored(site) == schemes.presets()["theory-practical"]


async def test_rare_settings_stay_folded_away_until_asked_for(site):  # noqa: F811
    plain = await post(site, "check", a_form())
    assert 'name="stages.0.modules.0.cap"' not in plain.text
    opened = await post(site, "open:stages.0.modules.0", a_form())
    assert 'name="stages.0.modules.0.cap"' in opened.text
    typed_in = {**fields_of(opened.text), "stages.0.modules.0.cap": "90"}
    closed = await post(site, "open:stages.0.modules.0", {**typed_in, "open": "stages.0.modules.0"})
    assert "另设：最高分" in closed.text
    assert fields_of(closed.text)["stages.0.modules.0.cap"] == "90"


async def test_the_check_while_typing_answers_with_the_findings_alone(site):  # noqa: F811
    live = await post(site, "live", {**a_form(), "total": "90"})
    assert live.status_code == 200
    assert "<form" not in live.text
    assert "方案写的总分是 90，各模块加权合计 100" in live.text


async def test_the_english_editor_speaks_english(site):  # noqa: F811
    shown = await site.get(f"/en{PATH}?preset=judgement")
    body = shown.text[shown.text.index('id="editor"') :]
    labels = re.findall(r"<label[^>]*>([^<]+)", body[: body.index("</form>")])
    assert [one for one in labels if re.search(r"[\u4e00-\u9fff]", one)] == []


@pytest.mark.parametrize("kind", ["xlsx", "json"])
@pytest.mark.parametrize("language", ["", "/en"])
async def test_what_is_being_edited_goes_out_as_a_file_and_comes_back_into_the_editor(site, kind, language):  # noqa: F811
    out = await post(site, kind, {**a_form("judgement"), "title": "改过的方案"}, language + PATH)
    assert out.headers["content-disposition"].endswith(f"scheme-2026-qg-E1-employee.{kind}")
    back = await site.post(f"{language}{PATH}/file", files={"file": (f"scheme.{kind}", out.content)})
    assert back.status_code == 200
    again = fields_of(back.text)
    assert again["title"] == "改过的方案"
    assert (await post(site, "save", again)).status_code == 303
    assert await stored(site) == replace(schemes.presets()["judgement"], title="改过的方案")


async def test_a_faulty_workbook_is_shown_cell_by_cell_and_changes_nothing(site):  # noqa: F811
    book = [
        (name, [list(row) for row in rows])
        for name, rows in sheets(schemes.presets()["judgement"], vocabulary())
    ]
    rows = book[0][1]
    rows[1][rows[0].index("权重")] = "一半"
    answer = await site.post(f"{PATH}/file", files={"file": ("坏的.xlsx", write_xlsx(book))})
    assert answer.status_code == 422
    assert "文件里有 1 处要改，什么也没有导入。" in answer.text
    row = re.search(r"<tr><td>评分细则.*?</tr>", answer.text, re.DOTALL)[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == [
        "评分细则", "2", "J 权重", "一半", "“一半” 应为数字",
    ]  # fmt: skip
    assert await stored(site) == schemes.presets()["theory-practical"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"PK\x03\x04nonsense", "打不开这个文件"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "旧版 .xls"),
        ("a.csv", "姓名,成绩\n甲,1\n".encode(), "没有找到评分细则"),
        ("a.json", b'{"id": "x", "modules": [{"weight": 1}]}', "缺少 “id”"),
        ("", b"", "请选择要导入的文件"),
    ],
)
async def test_what_is_no_scheme_is_refused_with_words(site, name, content, words):  # noqa: F811
    answer = await site.post(
        f"{PATH}/file", files={"file": (name, content)} if name else None, data={"x": "1"}
    )
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("language", ["", "/en"])
async def test_the_template_is_a_sound_scheme_with_notes(site, language):  # noqa: F811
    file = await site.get(f"{language}/work/scheme-template.xlsx")
    book = dict(read_book(file.content))
    notes = list(book)[-1]
    assert notes == ("Notes" if language else "填写说明")
    assert len(book[notes]) == 22
    read = await site.post(f"{PATH}/file", files={"file": ("template.xlsx", file.content)})
    assert read.status_code == 200
    assert "没有读" not in read.text


async def test_the_judges_form_shows_what_one_judge_has_to_know(site):  # noqa: F811
    shown = await post(site, "check", a_form("judgement"), f"{PATH}/preview")
    assert shown.status_code == 200
    for words in (
        "低于行业标准，或者没有做",
        "0 到 3，最小 1",
        "3 名裁判各自打分，平均",
        "裁判之间相差不超过 1",
        "满分 20",
    ):
        assert words in shown.text
    back = fields_of(shown.text)
    assert (await post(site, "save", back)).status_code == 303
    assert await stored(site) == schemes.presets()["judgement"]


@pytest.mark.parametrize("view", ["preview", "text", "trial"])
async def test_a_scheme_with_faults_shows_them_in_the_place_of_a_view_and_keeps_what_was_typed(site, view):  # noqa: F811
    shown = await post(site, "check", {**a_form(), "total": "百"}, f"{PATH}/{view}")
    assert shown.status_code == 422
    assert "“百” 应为数字" in shown.text
    assert fields_of(shown.text)["total"] == "百"


@pytest.mark.parametrize("view", ["preview", "text"])
async def test_the_scheme_in_use_has_the_same_views(site, view):  # noqa: F811
    shown = await site.get(f"{PATH}/{view}")
    assert shown.status_code == 200
    assert "理论知识" in shown.text


async def test_without_earlier_marks_there_is_nothing_to_try_it_on(site):  # noqa: F811
    shown = await post(site, "check", a_form(), f"{PATH}/trial")
    assert "还没有可以拿来试算的成绩" in shown.text
    assert (await post(site, "check", {**a_form(), "other": "1"}, f"{PATH}/trial")).status_code == 404
    assert (await post(site, "check", {**a_form(), "other": "999"}, f"{PATH}/trial")).status_code == 404


async def test_a_stranger_and_a_clerk_see_nothing_of_it(site):  # noqa: F811
    await site.post("/sign-in", data={"login": "lufen1", "password": PASSWORD})
    for path in (PATH, f"{PATH}/preview", f"{PATH}/text", f"{PATH}.xlsx", f"{PATH}.json"):
        assert (await site.get(path)).status_code == 403
    for path in (PATH, f"{PATH}/preview", f"{PATH}/trial", f"{PATH}/file"):
        assert (await post(site, "save", a_form(), path)).status_code == 403
    await site.post("/sign-out")
    assert (await site.get(PATH, follow_redirects=False)).status_code == 303
