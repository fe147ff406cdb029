"""Board pages over HTTP: what strangers are given ready-made, what is never in it, files, the live stream."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import uvicorn

from contests import publication, states
from federation import accounts
from federation.database import close_database, open_database
from federation.tables import Account
from tests.cast import the_organiser
from tests.conftest import PASSWORD, known_keys
from tests.contests.board_scenes import PEOPLE, a_board, complete
from web.app import create_app
from web.board_files import harmless
from web.board_views import Asked, asked
from web.charts.boards import Charted, distribution, first_against_rest, movement, stacked
from web.settings import Settings
from web.wording.explanations import duration, plain


async def _scene(path: str) -> SimpleNamespace:
    await open_database(path)
    xiong = await the_organiser()
    await Account.update(
        {Account.login: "zuzhi", Account.password_hash: await accounts._hash(PASSWORD)}
    ).where(Account.id == xiong.id)
    made, people = await a_board(xiong)
    await close_database()
    return SimpleNamespace(path=path, made=made, people=people, organiser=xiong)


class Site:
    """A real server on loopback in a thread of its own, as endless answers need one."""

    def __init__(self, scene: SimpleNamespace, folder: Path) -> None:
        self.scene = scene
        app = create_app(Settings(database_url=scene.path, keys_file=known_keys(folder)))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="error"))
        self.app = app
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started and time.monotonic() < deadline:
            time.sleep(0.02)

    def _run(self) -> None:
        async def main() -> None:
            self.loop = asyncio.get_running_loop()
            await self.server.serve()

        asyncio.run(main())

    def inside(self, work):
        """Run something in the server's own loop and database."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def get(self, path: str, **headers: str) -> SimpleNamespace:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return SimpleNamespace(status=answer.status, headers=answer.headers, body=body)

    def page(self, path: str, **headers: str) -> str:
        return self.get(path, **headers).body.decode()

    def post(self, path: str, form: str, cookie: str = "") -> SimpleNamespace:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            **({"cookie": cookie} if cookie else {}),
        }
        connection.request("POST", path, form, headers)
        answer = connection.getresponse()
        found = SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read())
        connection.close()
        return found

    def sign_in(self) -> str:
        answer = self.post("/sign-in", f"login=zuzhi&password={PASSWORD}")
        return answer.headers["set-cookie"].split(";")[0]

    def stop(self) -> None:
        if self.thread.is_alive() and self.loop is not None:
            self.server.should_exit = True
            self.loop.call_soon_threadsafe(self.app.state.stopping.set)
            self.thread.join(10)


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    made = Site(asyncio.run(_scene(database_url)), tmp_path)
    yield made
    made.stop()


def numbers(page: str) -> list[str]:
    return re.findall(r'data-row="(\w+)"', page)


def test_the_first_page_is_kept_ready_in_each_language(site):
    path = f"/boards/{site.scene.made}"
    chinese, english = site.get(path), site.get("/en" + path)
    packed = site.get(path, accept_encoding="br")
    tag = chinese.headers["etag"]

    assert numbers(chinese.body.decode()) == ["002", "001", "003", "004", "005"]
    assert re.search(r"<h1[^>]*>(.*?)</h1>", english.body.decode()).group(1) == "Electrician · Employees"
    assert (packed.headers["content-encoding"], len(packed.body) < len(chinese.body) / 3) == ("br", True)
    assert re.fullmatch(rf'"{chinese.headers["x-revision"]}-[0-9a-f]{{12}}"', tag)
    assert site.get(path, if_none_match=tag).status == 304
    assert site.get("/en" + path, if_none_match=tag).status == 200
    before = site.app.state.ready_boards.made
    for _ in range(5):
        assert site.get(path).body == chinese.body
    assert site.app.state.ready_boards.made == before, "made once, however many read it"


def test_no_full_name_leaves_before_the_notice(site):
    made = site.scene.made
    paths = [
        f"/boards/{made}",
        f"/boards/{made}/rows",
        f"/boards/{made}?find=001",
        f"/boards/{made}/entries/001",
        f"/boards/{made}/screen",
        f"/boards/{made}/screen/page?page=1",
        f"/boards/{made}/export.csv",
        f"/api/v1/boards/{made}",
        f"/api/v1/boards/{made}/entries/001",
        "/api/v1/boards",
        "/boards",
    ]
    seen = {path: [name for name in PEOPLE if name in site.page(path)] for path in paths}
    assert seen == {path: [] for path in paths}
    assert 'tag">找到' not in site.page(f"/boards/{made}?find={quote(PEOPLE[0])}"), "a full name finds nobody"


def test_a_frozen_board_says_so_and_nothing_else(site):
    made = site.scene.made
    assert numbers(site.page(f"/boards/{made}")) != []
    site.inside(states.step(site.scene.organiser, made, "freeze"))
    page, data = site.page(f"/boards/{made}"), json.loads(site.page(f"/api/v1/boards/{made}"))

    assert ("已封榜，正在核对成绩。" in page, numbers(page)) == (True, [])
    assert (data["shows"], data["rows"], data["award_lines"]) == ("sealed", [], [])
    assert numbers(site.page(f"/boards/{made}/screen")) == []
    hidden = [f"/boards/{made}/export.csv", f"/boards/{made}/export.xlsx", f"/boards/{made}/entries/001"]
    assert [site.get(path).status for path in hidden] == [404, 404, 404]


def test_find_me_filter_and_turn_pages(site):
    path = f"/boards/{site.scene.made}"
    found = site.page(f"{path}?find=4")
    assert re.findall(r'class="lr[^"]* me"[^>]*data-row="(\w+)"', found) == ["004"]
    assert numbers(site.page(f"{path}?delegation=T360400")) == ["002", "004"]
    assert numbers(site.page(f"{path}?page=99")) == ["002", "001", "003", "004", "005"]
    assert site.get(f"{path}?page=0&find=%FF%00&region=nowhere").status == 200
    assert [site.get(f"/boards/{wrong}").status for wrong in ("999999", "abc")] == [404, 404]


def test_ties_are_explained_in_both_languages(site):
    path = f"/boards/{site.scene.made}"
    chinese, english = site.page(path), site.page("/en" + path)
    assert re.findall(r'data-why="why-(\d)"', chinese) == ["1", "1", "2", "2"]
    assert ("同分·按实操" in chinese, "Tie: by Practice" in english) == (True, True)
    entry = site.page(f"{path}/entries/001")
    assert "002 号在前：先比出不同的是实操，本人 60.00，002 号 62.00。" in entry


def test_data_is_exact_text(site):
    data = json.loads(site.page(f"/api/v1/boards/{site.scene.made}"))
    assert data["rows"][0] == {
        "number": "002",
        "name": "章*娟",
        "delegation": "T360400",
        "region": "360400",
        "place": 1,
        "tied": False,
        "award": "first",
        "tie_break": "module:P",
        "status": "",
        "total": "87.00",
        "modules": {"T": "25.00", "P": "62.00"},
    }
    assert data["rows"][4]["modules"] == {"T": "22.00", "P": None}


def test_a_line_explained_as_data(site):
    path = f"/api/v1/boards/{site.scene.made}/entries/001"
    told = json.loads(site.page(path))
    assert {name: told[name] for name in ("name", "place", "tied", "total", "reason", "award_reason")} == {
        "name": "涂*强",
        "place": 2,
        "tied": False,
        "total": "87",
        "reason": "总分同为 87.00。002 号在前：先比出不同的是实操，本人 60.00，002 号 62.00。",
        "award_reason": "二等奖：设 2 名，5 名有名次者中第 2 至第 3 名。",
    }
    stage = told["tree"]["parts"][0]
    assert [(part["name"], part["value"], part["counts"]) for part in stage["parts"]] == [
        ("理论", "27.00", "27.00"),
        ("实操", "60.00", "60.00"),
    ]
    marks = [part for module in stage["parts"] for aspect in module["parts"] for part in aspect["parts"]]
    assert marks == [], "the marks of single judges are for those who work on the board"
    assert site.get(f"/api/v1/boards/{site.scene.made}/entries/099").status == 404


def test_files_have_stable_heads_and_no_formula(site):
    text = site.get(f"/boards/{site.scene.made}/export.csv").body.decode("utf-8-sig").splitlines()
    assert text[0] == "名次,参赛号,姓名,代表队,地区,单位,理论,实操,总分,奖项,同分依据,说明"
    assert text[1] == "1,002,章*娟,九江,九江,,25,62,87.00,一等奖,实操,"
    assert site.get(f"/boards/{site.scene.made}/export.xlsx").body[:2] == b"PK"
    assert [harmless(cell) for cell in ("=1+1", "@x", "-2", "张三", 7, None)] == [
        "'=1+1",
        "'@x",
        "'-2",
        "张三",
        7,
        None,
    ]


def test_staff_see_full_names_and_publish_with_confirmation(site):
    made = site.scene.made
    path = f"/work/boards/{made}"
    assert site.get(path).status in (303, 401)
    cookie = site.sign_in()
    assert [name in site.page(path, cookie=cookie) for name in PEOPLE] == [True] * 5
    site.inside(complete(made, site.scene.people))
    site.inside(states.step(site.scene.organiser, made, "freeze"))

    refused = site.post(f"{path}/publish_provisional", "reason=%E5%88%9D%E6%AC%A1&sending=a", cookie)
    assert (refused.status, "请勾选确认" in refused.body.decode(), "初次" in refused.body.decode()) == (
        422,
        True,
        True,
    )
    done = site.post(f"{path}/publish_provisional", "confirmed=yes&sending=b", cookie)
    again = site.post(f"{path}/publish_provisional", "confirmed=yes&sending=b", cookie)
    assert (done.status, again.status) == (303, 303)
    assert numbers(site.page(f"/boards/{made}")) == ["002", "001", "003", "004", "005"]
    assert len(site.inside(publication.publications(made))) == 1
    site.post(f"{path}/withdraw", "confirmed=yes&reason=%E5%BD%95%E9%94%99&sending=c", cookie)
    assert numbers(site.page(f"/boards/{made}")) == []


def test_a_mark_reaches_the_stream_within_a_second(site):
    made = site.scene.made
    revision = int(site.get(f"/boards/{made}").headers["x-revision"])
    stream = socket.create_connection(("127.0.0.1", site.port), 20)
    stream.sendall(f"GET /boards/{made}/live?since={revision} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    heard = b""
    while b"alive" not in heard:
        heard += stream.recv(4096)
    began = time.monotonic()
    site.inside(complete(made, site.scene.people))
    heard = b""
    while b"moved" not in heard or not heard.endswith(b"\n\n\r\n"):
        heard += stream.recv(4096)
    took = time.monotonic() - began

    told = json.loads(re.search(rb"data: (\{.*\})", heard).group(1))
    assert told == {"before": revision, "after": revision + 1}
    assert took < 1
    rows = site.get(f"/boards/{made}/rows")
    assert (int(rows.headers["x-revision"]), "62.00</b>" in rows.body.decode()) == (revision + 1, True)
    stream.close()
    deadline = time.monotonic() + 5
    while site.app.state.hub.count() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert site.app.state.hub.count() == 0, "a reader who left is forgotten"


def test_open_streams_do_not_keep_the_server_from_stopping(site):
    stream = socket.create_connection(("127.0.0.1", site.port), 20)
    stream.sendall(f"GET /boards/{site.scene.made}/live HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    stream.recv(200)
    began = time.monotonic()
    site.stop()
    assert (time.monotonic() - began < 5, site.thread.is_alive()) == (True, False)


def test_what_was_asked_is_read_from_any_query():
    assert asked(b"delegation=T360100&find=%E6%9D%8E&page=3") == Asked("T360100", "", "李", 3)
    assert asked("page=-1") == asked("page=abc") == asked("page=" + "9" * 30) == Asked()


def test_times_and_points_read_well():
    assert [duration(value) for value in (5_772_000, 61_500, 0, None)] == ["96′12″", "1′01.5″", "0′00″", "—"]
    assert [plain(Fraction(value)) for value in ("92.5", "47/3", "-1.005")] == ["92.50", "15.6667", "−1.005"]


ROWS = [
    Charted("001", "甲", 1, 900_000, 0, (300_000, 600_000), (2, 1)),
    Charted("002", "乙", 2, 850_000, 1, (310_000, 540_000), (1, 2)),
    Charted("003", "丙", 3, 600_000, None, (200_000, 400_000), (3, 3)),
]


def test_charts_say_what_the_table_says():
    way, way_table = movement(ROWS, ["理论", "实操"], "参赛号")
    assert way_table == {
        "head": ["参赛号", "理论", "+实操"],
        "rows": [["001", 2, 1], ["002", 1, 2], ["003", 3, 3]],
    }
    assert sorted((trace["name"], trace["y"]) for trace in way["data"]) == [
        ("001", [2, 1]),
        ("002", [1, 2]),
        ("003", [3, 3]),
    ]
    built, built_table = stacked(ROWS, ["理论", "实操"], "参赛号", "总分")
    assert [trace["x"] for trace in built["data"]] == [[30.0, 31.0, 20.0], [60.0, 54.0, 40.0]]
    assert built_table["rows"][0] == ["001", "30.00", "60.00", "90.00"]
    points, _ = first_against_rest(ROWS, ["一等奖", "二等奖"], ("理论", "实操", "其他", "总分", "参赛号"))
    assert [(trace["name"], trace["x"], trace["y"]) for trace in points["data"]] == [
        ("一等奖", [30.0], [60.0]),
        ("二等奖", [31.0], [54.0]),
        ("其他", [20.0], [40.0]),
    ]
    spread, spread_table = distribution(
        [900_000, 850_000, 600_000], "总分", "人数", mine=850_000, mine_word="我"
    )
    assert (sum(spread["data"][0]["y"]), sum(row[1] for row in spread_table["rows"])) == (3, 3)
    assert spread["layout"]["annotations"][0]["text"] == "我 85.00"


def test_too_little_for_a_chart_is_no_chart():
    assert movement(ROWS, ["理论"], "参赛号") is None
    assert distribution([1], "总分", "人数") is None
    assert stacked([], ["理论"], "参赛号", "总分") is None
    assert first_against_rest(ROWS[:2], [], ("理论", "实操", "其他", "总分", "参赛号")) is None
