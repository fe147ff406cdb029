"""Entries from a file: what is read, what is refused with which words, what is accepted."""

from __future__ import annotations

import csv
import io
import time
import zipfile

import pytest

from contests import imports, states
from contests.imports.columns import HEADERS, level_of
from contests.tables import Entry, ImportDraft
from federation import spreadsheets
from federation.audit import canonical
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound, Refusal
from federation.spreadsheets import read_sheets, write_xlsx
from federation.tables import AuditLine, Organisation, Worker
from tests.builders import a_contest, an_event_category
from tests.cast import NANCHANG, a_viewer, in_branch, the_organiser
from tests.contests.registering import NAMES, identity_number

CODE = "2026-qg"
HEAD = [
    "姓名",
    "身份证号",
    "手机号",
    "工作单位",
    "代表队",
    "赛项",
    "组别",
    "身份",
    "职业技能等级",
    "证书编号",
]
DELEGATIONS = ("南昌市总工会", "九江", "上饶市总工会", "赣州", "机械冶金")


def people(count: int = 60) -> list[list[str]]:
    """Rows 2 onwards of a sound file: electricians and welders of five delegations in turn."""
    return [
        [
            NAMES[order % 10],
            identity_number(order + 1),
            f"138{order:08d}",
            f"洪都机械{order % 7}厂",
            DELEGATIONS[order % 5],
            ("电工", "焊工")[order % 2],
            "职工组",
            "职工",
            ("三级", "高级工", "2", "二级/技师")[order % 4],
            "",
        ]
        for order in range(count)
    ]


def xlsx(rows: list[list[str]], head: list[str] = HEAD) -> bytes:
    return write_xlsx([("报名表", [head, *rows])])


def as_csv(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


async def the_scene(**changes):
    """Xiong organises electricians and welders; registration is open: (Xiong, electricians, welders)."""
    xiong = await the_organiser()
    code = await a_contest(xiong)
    electricians = await an_event_category(xiong, code, **changes)
    welders = await an_event_category(
        xiong, code, event="E2", name="焊工", name_en="Welder", occupation="6-18-02-04"
    )
    for one in (electricians, welders):
        await states.step(xiong, one, "open_registration")
    return xiong, electricians, welders


async def faults_of(viewer, rows, **file) -> dict[int, list[tuple[str, str]]]:
    draft = await imports.send_file(viewer, CODE, "报名.xlsx", xlsx(rows, **file))
    shown = await imports.preview(viewer, CODE, draft)
    return {line.number: [(f.place, f.code) for f in line.findings] for line in shown.lines if line.findings}


def five_faulty() -> list[list[str]]:
    rows = people()
    rows[4][1] = rows[4][1][:-1] + ("0" if rows[4][1][-1] != "0" else "1")
    rows[11][2] = "1380000"
    rows[20][5] = "SMT 操作员"
    rows[33][1], rows[33][5] = rows[32][1], rows[32][5]
    rows[41][4] = "火星工会"
    return rows


async def test_sixty_people_of_whom_five_are_faulty(db):
    xiong, electricians, welders = await the_scene()
    draft = await imports.send_file(xiong, CODE, "南昌.xlsx", xlsx(five_faulty()))
    shown = await imports.preview(xiong, CODE, draft)
    assert shown.counts == {"good": 55, "ask": 0, "bad": 5}
    assert {
        line.number: [(f.place, f.code) for f in line.findings] for line in shown.lines if line.findings
    } == {
        6: [("identity_number", "identity.check_digit")],
        13: [("phone", "phone.shape")],
        22: [("event", "import.event_unknown")],
        35: [("identity_number", "entry.twice_in_file")],
        43: [("delegation", "import.delegation_unknown")],
    }
    with pytest.raises(Invalid) as refusal:
        await imports.accept(xiong, CODE, draft)
    assert [f.code for f in refusal.value.findings] == ["import.rows_faulty"]
    assert await Entry.count() == 0
    assert await imports.accept(xiong, CODE, draft, only_good=True, approve=True) == 55
    rows = await Entry.select(Entry.event_category, Entry.state)
    assert {row["state"] for row in rows} == {"approved"}
    assert [sum(row["event_category"] == one for row in rows) for one in (electricians, welders)] == [28, 27]
    left = await imports.preview(xiong, CODE, draft)
    assert [line.number for line in left.lines] == [6, 13, 22, 35, 43]


async def test_a_sound_file_is_accepted_whole_and_its_rows_are_forgotten(db):
    xiong, *_ = await the_scene()
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people(12)))
    assert await imports.accept(xiong, CODE, draft) == 12
    row = await ImportDraft.select().first()
    assert (row["state"], bytes(row["content_cipher"])) == ("accepted", b"")
    assert {one["state"] for one in await Entry.select(Entry.state)} == {"submitted"}
    assert await Organisation.count() == 12
    with pytest.raises(NotFound):
        await imports.preview(xiong, CODE, draft)


async def test_the_draft_is_not_readable_in_the_table_nor_in_the_trail(db):
    xiong, *_ = await the_scene()
    await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people(3)))
    stored = bytes((await ImportDraft.select().first())["content_cipher"])
    trail = canonical([row["facts"] for row in await AuditLine.select(AuditLine.facts)])
    assert (b"360102" in stored, "360102" in trail, "涂国强" in trail) == (False, False, False)


async def test_what_is_shown_of_numbers_is_masked(db):
    xiong, *_ = await the_scene()
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people(1)))
    line = (await imports.preview(xiong, CODE, draft)).lines[0]
    number = identity_number(1)
    assert line.shown("identity_number") == f"3601**********{number[-4:]}"
    assert (line.shown("phone"), line.shown("organisation")) == ("138****0000", "洪都机械0厂")


async def test_accepting_twice_enters_once(db):
    xiong, *_ = await the_scene()
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people(3)))
    await imports.accept(xiong, CODE, draft, sending="k-1")
    with pytest.raises(AlreadyDone):
        await imports.accept(xiong, CODE, draft, sending="k-1")
    with pytest.raises(NotFound):
        await imports.accept(xiong, CODE, draft)
    assert await Entry.count() == 3


async def test_the_mended_rest_is_sent_again_and_nobody_is_entered_twice(db):
    xiong, *_ = await the_scene()
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(five_faulty()))
    await imports.accept(xiong, CODE, draft, only_good=True)
    again = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people()))
    shown = await imports.preview(xiong, CODE, again)
    assert shown.counts == {"good": 5, "ask": 0, "bad": 55}
    assert {f.code for line in shown.lines for f in line.findings} == {"entry.already_entered"}
    assert await imports.accept(xiong, CODE, again, only_good=True) == 5
    assert (await Entry.count(), await Worker.count()) == (60, 60)


async def test_somebody_registered_meanwhile_is_seen_when_it_is_accepted(db):
    xiong, *_ = await the_scene()
    first = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people(2)))
    second = await imports.send_file(xiong, CODE, "b.xlsx", xlsx(people(2)))
    assert await imports.accept(xiong, CODE, first) == 2
    with pytest.raises(Invalid):
        await imports.accept(xiong, CODE, second)
    with pytest.raises(Conflict) as refusal:
        await imports.accept(xiong, CODE, second, only_good=True)
    assert refusal.value.code == "import.nothing_good"


async def test_warnings_ask_for_one_answer_that_is_kept_with_their_entries(db):
    xiong, *_ = await the_scene()
    rows = people(3)
    rows[1][-1] = "XYZ123"
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(rows))
    with pytest.raises(Invalid) as refusal:
        await imports.accept(xiong, CODE, draft)
    assert [f.code for f in refusal.value.findings] == ["import.answer_needed"]
    await imports.accept(xiong, CODE, draft, answer="旧证书，已核对")
    reasons = await Entry.select(Entry.reason).order_by(Entry.id).output(as_list=True)
    assert reasons == ["", "旧证书，已核对", ""]


async def test_places_are_given_in_the_order_of_the_rows(db):
    xiong, *_ = await the_scene(quota=2)
    rows = people(6)
    for row in rows:
        row[4:6] = ["南昌", "电工"]
    assert await faults_of(xiong, rows) == {
        number: [("delegation", "entry.no_place_left")] for number in (4, 5, 6, 7)
    }


async def test_every_fault_of_a_row_is_named_at_once(db):
    xiong, *_ = await the_scene()
    row = ["李1", "36010219900615", "12345", "", "火星", "焊锡工", "幼儿组", "外星人", "九级", ""]
    assert await faults_of(xiong, [row]) == {
        2: [
            ("event", "import.event_unknown"),
            ("delegation", "import.delegation_unknown"),
            ("status", "import.status_unknown"),
            ("skill_level", "import.level_unknown"),
            ("organisation", "entry.missing"),
            ("name", "entry.name_shape"),
            ("identity_number", "identity.shape"),
            ("phone", "phone.shape"),
        ]
    }


async def test_a_number_that_a_spreadsheet_has_spoilt_is_named_as_such(db):
    xiong, *_ = await the_scene()
    rows = people(1)
    rows[0][1] = "3.6010219900615E+17"
    assert await faults_of(xiong, rows) == {2: [("identity_number", "import.digits_lost")]}


@pytest.mark.parametrize(
    ("words", "level"),
    [("三级", 3), ("高级工", 3), ("高级工（三级）", 3), ("3", 3), ("3级", 3), ("二级/技师", 2), ("高级技师", 1),
     ("一级（高级技师）", 1), ("初级工", 5), ("无", None), ("", None)],
)  # fmt: skip
def test_levels_as_people_write_them(words, level):
    assert level_of(words) == (level, [])


async def test_titles_above_the_head_other_orders_and_other_words_for_columns(db):
    xiong, *_ = await the_scene()
    head = ["序号", "* 选手姓名", "单位名称", "参赛项目", "联系电话", "公民身份号码", "代表团"]
    rows = [
        ["2026 年全省电工技能竞赛报名汇总表"],
        ["填报单位：南昌市总工会（盖章）"],
        head,
        ["1", "漆伟", "洪都机械厂", "E1", "13800000001", identity_number(1).lower(), "南昌市"],
    ]
    draft = await imports.send_file(xiong, CODE, "汇总表.csv", as_csv(rows, "gb18030"))
    shown = await imports.preview(xiong, CODE, draft)
    assert ([line.number for line in shown.lines], shown.counts["good"], shown.ignored) == ([4], 1, ("序号",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_of_every_usual_encoding(encoding, delimiter):
    sheet = read_sheets(as_csv([HEAD, *people(2)], encoding, delimiter))[0]
    assert [row.number for row in sheet] == [1, 2, 3]
    assert sheet[1].cells == tuple(people(2)[0][:-1])


async def test_a_leader_of_one_delegation_need_not_name_it(db):
    await the_scene()
    zhao = await in_branch("赵领队", "leader", NANCHANG)
    rows = people(2)
    rows[0][4], rows[1][4] = "", "九江"
    assert await faults_of(zhao, rows) == {3: [("delegation", "import.delegation_unknown")]}


async def test_files_belong_to_whoever_sent_them(db):
    xiong, *_ = await the_scene()
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(people(1)))
    zhao = await in_branch("赵领队", "leader", NANCHANG)
    with pytest.raises(NotFound):
        await imports.preview(zhao, CODE, draft)
    with pytest.raises(Forbidden):
        await imports.send_file(
            await a_viewer("路人", ("participant", "all", None)), CODE, "a.xlsx", xlsx(people(1))
        )
    assert [one["filename"] for one in await imports.drafts_of(xiong, CODE)] == ["a.xlsx"]
    await imports.drop(xiong, CODE, draft)
    assert await imports.drafts_of(xiong, CODE) == []


async def test_three_thousand_rows_are_checked_in_seconds(db):
    xiong, *_ = await the_scene()
    rows = [
        [NAMES[n % 10], identity_number(n % 1000, f"19{60 + n // 1000}0615"), f"138{n:08d}", "洪都", "南昌", "电工", ""]
        for n in range(3000)
    ]  # fmt: skip
    started = time.perf_counter()
    draft = await imports.send_file(xiong, CODE, "a.xlsx", xlsx(rows, HEAD[:7]))
    assert (await imports.preview(xiong, CODE, draft)).counts["good"] == 3000
    assert time.perf_counter() - started < 30


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def bomb(sheet: str, declared: dict[str, str] | None = None) -> bytes:
    """A workbook whose one sheet is this XML."""
    out = io.BytesIO()
    members = {
        "xl/workbook.xml": f'<workbook xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        **(declared or {}),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            book.writestr(name, content)
    return out.getvalue()


FAR = bomb(
    '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
BLANKS = bomb("<worksheet><sheetData>" + " " * 130_000_000 + "</sheetData></worksheet>")
MANY = bomb("<worksheet><sheetData>" + '<row r="1"/>' * 800_000 + "</sheetData></worksheet>")
LAUGHS = bomb('<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>')


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"  \n", "file.empty"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "file.old_excel"),
        (b"PK\x03\x04" + b"garbage" * 50, "file.damaged"),
        (xlsx(people(3))[:2000], "file.damaged"),
        (bytes(range(256)) * 20, "file.encoding"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "file.not_text"),
        (b"a,b\x00,c\n", "file.not_text"),
        (b"," * 200 + b"a\n", "file.too_many_columns"),
        (b"a\n" * 6_000, "file.too_many_rows"),
        (b"x" * 3_000, "file.cell_too_long"),
        (b"x" * (spreadsheets.MAX_BYTES + 1), "file.too_large"),
        (FAR, "file.too_many_columns"),
        (BLANKS, "file.too_large"),
        (MANY, "file.too_many_rows"),
        (LAUGHS, "file.damaged"),
        (bomb('<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData></worksheet>'),
         "file.damaged"),
    ],
)  # fmt: skip
def test_unusable_files_are_refused_in_words_and_quickly(content, code):
    started = time.perf_counter()
    with pytest.raises(Refusal) as refusal:
        read_sheets(content)
    assert refusal.value.code == code
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (
            as_csv([["甲", "乙"], ["1", "2"]]),
            "import.no_header",
            ["姓名", "证件号码", "手机", "工作单位", "赛项"],
        ),
        (as_csv([HEAD[:3] + HEAD[4:], *people(1)]), "import.no_header", ["工作单位"]),
        (as_csv([HEAD]), "import.no_rows", None),
    ],
)
async def test_a_table_without_its_head_or_rows_says_what_is_missing(db, content, code, facts):
    xiong, *_ = await the_scene()
    with pytest.raises(Refusal) as refusal:
        await imports.send_file(xiong, CODE, "a.csv", content)
    assert (refusal.value.code, refusal.value.facts.get("missing")) == (code, facts)


def test_cells_keep_their_rows_and_what_they_hold():
    """Blank rows, formatted text, numbers as numbers, a hidden sheet before the visible one."""
    sheet = (
        '<worksheet><sheetData><row r="2"><c r="B2" t="inlineStr"><is><r><t>涂</t></r><r><t>国强</t></r></is></c>'
        '<c r="D2"><v>13800000000</v></c></row><row r="3"><c r="A3"/></row>'
        '<row r="5"><c r="A5" t="s"><v>0</v></c></row></sheetData></worksheet>'
    )
    shared = {"xl/sharedStrings.xml": "<sst><si><t>=1+1</t><rPh><t>x</t></rPh></si></sst>"}
    rows = read_sheets(bomb(sheet, shared))[0]
    assert [(row.number, row.cells) for row in rows] == [
        (2, ("", "涂国强", "", "13800000000")),
        (5, ("=1+1",)),
    ]


def test_what_we_write_is_text_and_never_a_formula():
    rows = [["姓名", "问题"], ["=1+1", "+cmd"], ["@SUM", "http://x"], ["0012", "36010219900615001X"]]
    content = write_xlsx([("a", rows)], marked=[1])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "hyperlink" in sheet) == (False, False)
    assert [list(row.cells) for row in read_sheets(content)[0]] == rows


def test_no_header_stands_for_two_fields():
    names = [name for aliases in HEADERS.values() for name in aliases]
    assert len(names) == len(set(names))
