"""Award list, certificates, their public check and the archive over HTTP, as a browser without a script sends it."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from contests.certificates import batches, standing
from contests.certificates.codes import check_character, new_code
from federation.database import close_database, open_database
from federation.spreadsheets import read_sheets
from tests.cast import the_chief_referee, the_organiser
from tests.conftest import PASSWORD, known_keys
from tests.contests.award_scenes import a_final, make_all, settings_form, with_settings
from tests.contests.registering import identity_number
from tests.web.test_certificate_paper import pages_of
from tests.web.test_programme_pages import may_sign_in, sent
from web.app import create_app
from web.pages import certificate_check
from web.settings import Settings

AWARDS, CERTIFICATES = "/work/event-categories/1/awards", "/work/event-categories/1/certificates"


@pytest.fixture
async def site(database_url, tmp_path) -> AsyncIterator[AsyncTestClient]:
    """Xiong is signed in; the result of the electricians is final and their certificates are made."""
    await open_database(database_url)
    xiong = await the_organiser()
    await may_sign_in(xiong, "zuzhi")
    made, people = await a_final(xiong)
    await with_settings(xiong)
    batch = await batches.start(xiong, "2026-qg", made)
    await make_all(batch)
    await may_sign_in(await the_chief_referee(1), "caipan")
    certificates = await standing.certificates_of_batch(batch)
    await close_database()
    certificate_check.misses.__init__()  # type: ignore[misc]
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        client.people, client.certificates = people, certificates  # type: ignore[attr-defined]
        await client.post("/sign-in", data={"login": "zuzhi", "password": PASSWORD})
        yield client


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_the_list_the_proposals_and_the_barred_stand_on_one_page(site):
    page = words((await site.get(AWARDS)).text)
    assert "依据第 3 号公布" in page
    assert "一等奖 1 002 章丽娟 洪都机械厂" in page
    assert "46 周岁，超过 35 周岁" in page
    assert "已是最高等级一级（高级技师）" in page
    assert "授予" not in page


async def test_titles_are_proposed_and_reported_from_the_page(site):
    first = f"{site.people['章丽娟']}:may1-medal"
    assert await sent(site, f"{AWARDS}/titles", to="propose", chosen=first) == (
        303,
        f"{AWARDS}?done=done.titles_moved",
    )
    refused = await site.post(f"{AWARDS}/titles", data={"to": "reported", "chosen": "1", "reason": "报送"})
    assert refused.status_code == 422
    assert "请填写文号" in refused.text
    assert re.findall(r'name="reason"[^>]*value="([^"]*)"', refused.text) == ["报送"]
    assert 'value="1" id="t-1"' in refused.text
    assert "checked" in re.findall(r'id="t-1"[^>]*', refused.text)[0]
    bad = {"to": "reported", "chosen": "1", "document_number": "文 1", "document_on": "30 日"}
    assert (await site.post(f"{AWARDS}/titles", data=bad)).status_code == 422
    good = {**bad, "document_on": "2026-12-01"}
    assert (await sent(site, f"{AWARDS}/titles", **good))[0] == 303
    assert "已报送" in (await site.get(AWARDS)).text


async def test_the_export_is_six_columns_as_a_workbook_and_as_csv(site):
    asked = {"kind": "xlsx", "numbers": "full", "export_reason": "报省人社厅发文"}
    book = await site.post(f"{AWARDS}/export", data=asked)
    [sheet] = read_sheets(book.content)
    assert [row.cells for row in sheet] == [
        ("姓名", "身份证号", "组别", "职业（工种）", "技能等级", "名次"),
        ("章丽娟", identity_number(2), "职工组", "电工", "二级（技师）", "1"),
        ("涂国强", identity_number(1), "职工组", "电工", "三级（高级工）", "2"),
        ("欧阳文", identity_number(3), "职工组", "电工", "一级（高级技师）", "3"),
        ("喻建平", identity_number(4), "职工组", "电工", "", "3"),
    ]
    masked = await site.post("/en" + AWARDS + "/export", data={"kind": "csv"})
    rows = list(csv.reader(io.StringIO(masked.content.decode("utf-8-sig"))))
    assert rows[0] == ["姓名", "身份证号", "组别", "职业（工种）", "技能等级", "名次"]
    assert [identity_number(order) in masked.text for order in range(1, 5)] == [False] * 4
    assert masked.headers["cache-control"] == "private, no-store"


async def test_full_numbers_ask_for_a_reason_and_are_not_for_everybody(site):
    refused = await site.post(f"{AWARDS}/export", data={"numbers": "full"})
    assert (refused.status_code, "请写明用途" in refused.text) == (422, True)
    await site.post("/sign-in", data={"login": "caipan", "password": PASSWORD})
    asked = {"numbers": "full", "export_reason": "看看"}
    assert (await site.post(f"{AWARDS}/export", data=asked)).status_code == 403
    assert (await site.get(AWARDS)).status_code == 200
    assert (await site.post(CERTIFICATES, data={})).status_code == 403


async def test_a_rule_is_changed_on_its_page_and_what_was_typed_stays(site):
    page = (await site.get("/work/contests/2026-qg/titles")).text
    assert "前 3 名，末位并列的一并列入" in words(page)
    rule = "/work/contests/2026-qg/titles/technical-expert-II"
    held = {
        "scope": "default",
        "edition": "0",
        "title": "江西省技术能手",
        "kind": "honour",
        "ties": "exclude",
    }
    bad = {**held, "conferred_by": "省人社厅", "places": "abc", "reason": ""}
    refused = await site.post(rule, data=bad)
    assert (refused.status_code, 'value="abc"' in refused.text) == (422, True)
    good = {**bad, "places": "2", "reason": "本赛通知第 5 条", "categories": ["employee"]}
    assert (await sent(site, rule, **good))[1].endswith("done=done.title_rules")
    changed = words((await site.get("/work/contests/2026-qg/titles")).text)
    assert "前 2 名，末位并列超出的不列入" in changed
    late = await site.post(rule, data=good)
    assert (late.status_code, "别人刚刚改过推荐办法" in late.text) == (422, True)


async def test_the_file_of_a_certificate_is_the_same_each_time(site):
    first, second = [await site.get("/work/certificates/1/pdf") for _ in range(2)]
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    assert first.content == second.content
    assert first.content.startswith(b"%PDF")
    whole = await site.get("/work/certificates/batches/1/pdf")
    assert (whole.status_code, pages_of(whole.content)) == (200, 4)


async def test_a_replacement_is_made_behind_the_page(site):
    """The worker of the site makes what the page only asked for; its file has the hash that is kept."""
    answer = await sent(
        site, "/work/certificates/1", do="replace", reason="单位有误", name="章丽娟", organisation="洪都机械"
    )
    assert answer == (303, "/work/certificates/5?done=done.certificate_replace")
    for _ in range(200):
        page = (await site.get("/work/certificates/5")).text
        if "下载 PDF" in page:
            break
        await asyncio.sleep(0.05)
    pdf = (await site.get("/work/certificates/5/pdf")).content
    assert hashlib.sha256(pdf).hexdigest() in page
    assert (await site.get("/work/certificates/1/pdf")).status_code == 409


async def test_anybody_reads_whether_a_certificate_holds(site):
    code = site.certificates[0]["code"]
    typed = f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}".lower()
    led = await site.get("/certificates", params={"code": typed}, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, f"/certificates/{code}")
    site.cookies.clear()
    page = await site.get(f"/certificates/{code}")
    said = words(page.text)
    assert page.headers["cache-control"] == "no-store"
    assert "证书有效" in said
    assert ["章*娟" in said, "章丽娟" in said, "赣工竞〔2026〕A-000001" in said] == [True, False, True]
    assert site.certificates[0]["hash"] in said
    await site.post("/sign-in", data={"login": "zuzhi", "password": PASSWORD})
    await sent(site, "/work/certificates/1", do="revoke", reason="冒名顶替")
    site.cookies.clear()
    after = words((await site.get(f"/en/certificates/{code}")).text)
    assert ["Certificate revoked" in after, "冒名顶替" in after] == [True, False]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("0123", "查验码应有 16 位"),
        ("unknown", "码本身没有抄错"),
        ("slip", "有一处抄错了"),
    ],
)
async def test_a_code_that_is_none_gets_a_page_that_helps(site, code, remedy):
    full = new_code()
    wrong = full[:-1] + ("0" if full[-1] != "0" else "1")
    asked = {"unknown": full, "slip": wrong}.get(code, code)
    page = await site.get(f"/certificates/{asked}")
    assert (page.status_code, remedy in page.text) == (404, True)
    assert 'name="code"' in page.text


async def test_guessing_is_stopped_and_a_true_code_before_that_never_is(site):
    true = site.certificates[0]["code"]
    for _ in range(30):
        assert (await site.get(f"/certificates/{true}")).status_code == 200
    body = "0" * 15
    statuses = [
        (await site.get(f"/certificates/{body}{check_character(body)}")).status_code for _ in range(14)
    ]
    assert statuses == [404] * 12 + [429] * 2
    stopped = await site.get("/certificates/0000")
    assert (stopped.status_code, 0 < int(stopped.headers["retry-after"]) <= 61) == (429, True)


async def test_settings_refused_keep_what_was_typed(site):
    form = {**settings_form(edition=1).model_dump(mode="json"), "number_pattern": "{year}{serial}"}
    refused = await site.post("/work/contests/2026-qg/certificates", data=form)
    assert (refused.status_code, "流水号前后不能紧挨" in refused.text) == (422, True)
    assert 'value="{year}{serial}"' in refused.text


async def test_the_archive_is_one_file_whose_hashes_hold(site):
    await sent(
        site, "/work/contests/2026-qg/archive/notice", document_number="赣工发〔2026〕1 号", version="0"
    )
    page = words((await site.get("/work/contests/2026-qg/archive")).text)
    assert ["60%" in page, "10 项里有 6 项齐了" in page] == [True, True]
    answer = await site.post("/work/contests/2026-qg/archive/files/zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        files = {name: book.read(name) for name in book.namelist()}
    manifest = json.loads(files["manifest.json"])
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"
    } == sums
    assert [one["name"] for one in manifest["files"]] == [
        "03-技术文件/E1-电工-职工组.pdf",
        "04-参赛选手报名汇总表.xlsx",
        "05-各职业成绩评分表/E1-电工-职工组.xlsx",
        "06-各职业成绩排名表/E1-电工-职工组.xlsx",
        "06-各职业成绩排名表/E1-电工-职工组-01-provisional.json",
        "06-各职业成绩排名表/E1-电工-职工组-02-notice.json",
        "06-各职业成绩排名表/E1-电工-职工组-03-final.json",
        "08-获奖人员名单.xlsx",
        "08-证书登记.xlsx",
        "10-竞赛主要情况表.xlsx",
        "办理记录.xlsx",
        "00-归档清单.xlsx",
    ]
    everything = b"".join(files.values()).decode("latin-1")
    assert [identity_number(order) in everything for order in range(1, 5)] == [False] * 4
    [ranking] = read_sheets(files["06-各职业成绩排名表/E1-电工-职工组.xlsx"])
    assert [row.cells[:3] for row in ranking][1:3] == [("1", "002", "章丽娟"), ("2", "001", "涂国强")]
    again = await site.post("/work/contests/2026-qg/archive/files/zip")
    assert again.status_code == 200


async def test_a_contest_without_a_final_result_says_so_everywhere(site):
    await sent(site, "/work/boards/1/withdraw", confirmed="yes", reason="复核")
    pages = [(await site.get(path)) for path in (AWARDS, CERTIFICATES, "/work/contests/2026-qg/archive")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert ["还没有最终结果" in pages[0].text, "不能制作新的证书" in pages[1].text] == [True, True]
    assert "和现行获奖名单不一致" in pages[1].text
    assert (await site.post(CERTIFICATES, data={})).status_code == 409
