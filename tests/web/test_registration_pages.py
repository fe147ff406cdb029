"""Signing in, registering and importing over HTTP: where a stranger is led, what is said, what stays typed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from litestar.testing import AsyncTestClient

from contests import states
from federation import accounts
from federation.changes import SYSTEM
from federation.database import close_database, open_database
from federation.tables import Account
from tests.builders import a_contest, an_event_category
from tests.cast import NANCHANG, in_branch, the_organiser
from tests.conftest import PASSWORD, known_keys
from tests.contests.registering import identity_number
from tests.contests.test_imports import five_faulty, xlsx
from web.app import create_app
from web.settings import Settings

ENTRIES = "/work/contests/2026-qg/entries"
IMPORT = "/work/contests/2026-qg/import"
REGISTER = "/contests/2026-qg/register"
ZHANG = {
    "event_category": "1",
    "delegation": NANCHANG,
    "name": "章丽娟",
    "status": "employee",
    "identity_number": identity_number(1),
    "phone": "13800000001",
    "organisation": "洪都机械厂",
}


async def may_sign_in(viewer, login):
    hashed = await accounts._hash(PASSWORD)
    await Account.update({Account.login: login, Account.password_hash: hashed}).where(Account.id == viewer.id)


@pytest.fixture
async def site(database_url, tmp_path) -> AsyncIterator[AsyncTestClient]:
    """Xiong (zuzhi) organises 2026-qg, registration is open; Zhao (lingdui) leads Nanchang, xuanshou competes."""
    await open_database(database_url)
    xiong = await the_organiser()
    await may_sign_in(xiong, "zuzhi")
    await may_sign_in(await in_branch("赵领队", "leader", NANCHANG), "lingdui")
    code = await a_contest(xiong)
    electricians = await an_event_category(xiong, code)
    welders = await an_event_category(xiong, code, event="E2", name="焊工", occupation="6-18-02-04")
    for one in (electricians, welders):
        await states.step(xiong, one, "open_registration")
    person = await accounts.open_account(SYSTEM, login="xuanshou", password=PASSWORD, display_name="章丽娟")
    await accounts.grant(SYSTEM, person, "participant")
    await close_database()
    app = create_app(Settings(database_url=database_url, keys_file=known_keys(tmp_path)))
    async with AsyncTestClient(app) as client:
        yield client


async def sign_in(site, login, **more):
    data = {"login": login, "password": PASSWORD, **more}
    return await site.post("/sign-in", data=data, follow_redirects=False)


async def led_to(site, path, **data):
    """Post a form; gives the status and where it leads."""
    answer = await site.post(path, data=data, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


def said(answer) -> list[str]:
    """The sentences of the error summary."""
    summary = re.search(r'<div class="errsum".*?</div>', answer.text, re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", summary[0]) if summary else []


async def test_a_stranger_is_led_to_sign_in_and_back(site):
    asked = await site.get(f"{ENTRIES}?state=submitted", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (
        303,
        "/sign-in?next=%2Fwork%2Fcontests%2F2026-qg%2Fentries%3Fstate%3Dsubmitted",
    )
    answer = await sign_in(site, "zuzhi", next=f"{ENTRIES}?state=submitted")
    assert answer.headers["location"] == f"{ENTRIES}?state=submitted"
    assert (await site.get(ENTRIES)).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site):
    cookie = (await sign_in(site, "zuzhi")).headers["set-cookie"].lower()
    assert ("httponly" in cookie, "samesite=lax" in cookie, "path=/" in cookie) == (True, True, True)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_signing_in_never_leads_to_another_site(site, elsewhere):
    assert (await sign_in(site, "zuzhi", next=elsewhere)).headers["location"] == "/work"


async def test_a_form_sent_without_a_session_is_kept_and_not_led_away(site):
    answer = await site.post(REGISTER, data=ZHANG, follow_redirects=False)
    assert answer.status_code == 401


async def test_wrong_passwords_are_said_until_the_account_is_locked(site):
    wrong = {"login": "zuzhi", "password": "falsch-1"}
    answers = [await site.post("/sign-in", data=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 6
    assert [said(answer)[0][:8] for answer in answers] == ["登录名或密码不对"] * 5 + ["密码连续错了 5"]
    assert 'value="zuzhi"' in answers[0].text
    assert "falsch-1" not in answers[0].text


async def test_signing_out_ends_the_session(site):
    await sign_in(site, "zuzhi")
    assert await led_to(site, "/sign-out") == (303, "/?done=done.signed_out")
    assert (await site.get(ENTRIES, follow_redirects=False)).status_code == 303


async def test_a_person_opens_an_account_registers_and_sees_it_on_their_page(site):
    account = {"display_name": "章丽娟", "login": "zhanglj", "password": PASSWORD, "repeated": PASSWORD}
    assert await led_to(site, "/sign-up", next=REGISTER, **account) == (303, REGISTER)
    assert await led_to(site, REGISTER, **ZHANG) == (303, "/me?done=done.entry_filed")
    page = (await site.get("/me")).text
    assert ("待审核" in page, identity_number(1) in page, "13800000001" in page) == (True, False, False)
    again = (await site.get(REGISTER)).text
    assert ("3601**********" in again, identity_number(1) in again) == (True, False)


async def test_an_account_that_lacks_something_is_told_so(site):
    answer = await site.post(
        "/sign-up", data={"display_name": "章", "login": "zuzhi", "password": "short", "repeated": "other"}
    )
    assert said(answer) == ["两次输入的新密码不一样，请重新输入"]
    answer = await site.post(
        "/sign-up", data={"display_name": "章", "login": "zuzhi", "password": "short", "repeated": "short"}
    )
    assert [words[:4] for words in said(answer)] == ["密码至少", "登录名 "]


async def test_nothing_typed_is_lost_and_every_fault_names_its_field(site):
    await sign_in(site, "xuanshou")
    typed = {**ZHANG, "name": "章1", "phone": "138", "organisation": "", "certificate_number": "ABC"}
    answer = await site.post(REGISTER, data=typed)
    assert answer.status_code == 422
    assert said(answer) == [
        "请填写工作单位",
        "姓名“章1”里有不能用的字符，只写文字，少数民族姓名用“·”",
        "手机号应为 11 位、以 13–19 开头，现在是 3 位，请改正",
    ]
    kept = ['value="章1"', 'value="138"', f'value="{identity_number(1)}"', 'value="ABC"']
    assert [value for value in kept if value not in answer.text] == []


async def test_the_english_page_speaks_english(site):
    await sign_in(site, "xuanshou")
    answer = await site.post(f"/en{REGISTER}", data={**ZHANG, "phone": ""})
    assert said(answer) == ["Fill in: Mobile"]


async def test_entries_are_decided_on_in_the_list(site):
    await sign_in(site, "lingdui")
    assert await led_to(site, REGISTER, **ZHANG) == (303, f"{ENTRIES}?done=done.entry_filed")
    refused = await site.post(ENTRIES, data={"entries": "1", "act": "approve"})
    assert refused.status_code == 403
    await sign_in(site, "zuzhi")
    nobody = await site.post(ENTRIES, data={"act": "approve"})
    assert (nobody.status_code, said(nobody)) == (422, ["还没有选人，请先勾选"])
    no_reason = await site.post(ENTRIES, data={"entries": "1", "act": "return"})
    assert said(no_reason) == ["请写明理由，报名的人会看到"]
    assert await led_to(site, ENTRIES, entries="1", act="return", reason="单位写全称") == (
        303,
        f"{ENTRIES}?done=done.entries_returned",
    )
    await sign_in(site, "lingdui")
    assert "单位写全称" in (await site.get("/entries/1/edit")).text
    assert await led_to(site, "/entries/1/edit", **ZHANG) == (303, f"{ENTRIES}?done=done.entry_filed")
    await sign_in(site, "zuzhi")
    assert (await led_to(site, ENTRIES, entries="1", act="approve"))[
        1
    ] == f"{ENTRIES}?done=done.entries_approved"


async def test_somebody_elses_entry_is_not_found(site):
    await sign_in(site, "lingdui")
    await led_to(site, REGISTER, **ZHANG)
    await sign_in(site, "xuanshou")
    answers = [
        await site.get("/entries/1/edit"),
        await site.post("/entries/1/withdraw", data={"reason": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [(await site.get(path)).status_code for path in (ENTRIES, IMPORT, f"{ENTRIES}/csv")] == [403] * 3


async def test_the_list_to_take_away_has_no_identity_number(site):
    await sign_in(site, "zuzhi")
    await led_to(site, REGISTER, **{**ZHANG, "organisation": "=HYPERLINK(1)"})
    answer = await site.get(f"{ENTRIES}/csv")
    text = answer.content.decode("utf-8-sig")
    assert ("章丽娟" in text, "'=HYPERLINK(1)" in text) == (True, True)
    assert (identity_number(1) in text, "13800000001" in text) == (False, False)
    assert (await site.get(f"{ENTRIES}/pdf")).status_code == 404


async def upload(site, content, name="报名.xlsx"):
    return await site.post(IMPORT, files={"file": (name, content)}, follow_redirects=False)


async def test_a_file_of_sixty_goes_from_upload_to_entries(site):
    await sign_in(site, "zuzhi")
    sent = await upload(site, xlsx(five_faulty()))
    assert (sent.status_code, sent.headers["location"]) == (303, f"{IMPORT}/1")
    page = (await site.get(f"{IMPORT}/1")).text
    assert re.findall(r'id="row-(\d+)"', page) == ["6", "13", "22", "35", "43"]
    assert re.findall(r"36010219900615\d{3}[\dX]", page) == []
    faults = await site.get(f"{IMPORT}/1/faults")
    assert faults.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert (await site.post(f"{IMPORT}/1", data={"act": "all"})).status_code == 422
    assert await led_to(site, f"{IMPORT}/1", act="good", approve="yes", sending="k-1") == (
        303,
        f"{ENTRIES}?done=done.imported",
    )
    assert (await led_to(site, f"{IMPORT}/1", act="good", sending="k-1"))[0] == 303
    assert (await site.get(f"{ENTRIES}?state=approved")).text.count('name="entries"') == 55


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG" + bytes(300), "这不是 XLSX 或 CSV 文件"),
        (b"PK\x03\x04broken", "打不开这个文件"),
        ("甲,乙\n1,2\n".encode("gbk"), "没有找到表头"),
    ],
)
async def test_an_unusable_file_is_refused_in_words(site, content, words):
    await sign_in(site, "zuzhi")
    answer = await upload(site, content)
    assert (answer.status_code, words in answer.text) == (422, True)


async def test_without_a_file_nothing_breaks(site):
    await sign_in(site, "zuzhi")
    answer = await site.post(IMPORT, data={"sending": "k"})
    assert (answer.status_code, "还没有选文件" in answer.text) == (422, True)


async def test_a_file_beyond_the_limit_of_the_server_is_refused(site):
    await sign_in(site, "zuzhi")
    answer = await upload(site, b"x" * 11_000_000)
    assert (answer.status_code, "发送的内容太大" in answer.text) == (413, True)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_the_template_reads_back(site, kind):
    await sign_in(site, "zuzhi")
    template = await site.get(f"{IMPORT}/template/{kind}")
    sent = await upload(site, template.content, f"template.{kind}")
    assert sent.status_code == 303
    assert "已导入" not in (await site.get(sent.headers["location"])).text


async def test_entries_as_data(site):
    await sign_in(site, "zuzhi")
    path = "/api/v1/contests/2026-qg/entries"
    made = await site.post(path, json={**ZHANG, "event_category": 1}, headers={"Idempotency-Key": "k-1"})
    assert (made.status_code, made.json()) == (201, {"entry": 1})
    wrong = await site.post(
        path, json={**ZHANG, "event_category": 1, "identity_number": identity_number(2) + "1"}
    )
    assert (wrong.status_code, [one["place"] for one in wrong.json()["errors"]]) == (422, ["identity_number"])
    assert identity_number(2) not in wrong.text
