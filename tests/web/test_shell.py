"""The shell every page stands in: languages, static files, errors, headers, vendored libraries."""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from litestar import Litestar, get
from litestar.testing import TestClient
from pydantic import BaseModel, Field

from federation.findings import Finding
from federation.refusals import Conflict, Forbidden, Invalid
from tests.conftest import known_keys
from web import app as application
from web import assets, language, menu, wording
from web.filled import read_form
from web.formats import amount, clock, day, days, moment, named, points
from web.security import SameSite
from web.settings import Settings, UnusableSetting, read_keys
from web.templating import Page, environment, page

WEB = Path(application.__file__).parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    folder = tmp_path_factory.mktemp("shell")
    settings = Settings(
        database_url=str(folder / "x.sqlite"),
        keys_file=known_keys(folder),
        trusted_origins=("https://front.example",),
    )
    with TestClient(application.create_app(settings)) as client:
        yield client


class TestLanguages:
    def test_the_prefix_chooses_the_language_and_every_link_keeps_it(
        self, site: TestClient[Litestar]
    ) -> None:
        chinese, english = site.get("/nowhere").text, site.get("/en/nowhere").text
        assert re.findall(r'<html lang="([^"]+)"', chinese + english) == ["zh-CN", "en"]
        assert ("没有这个页面" in chinese, "There is no such page" in english) == (True, True)
        inside = [href for href in re.findall(r'href="(/[^"]*)"', english) if not href.startswith("/static/")]
        assert [href for href in inside if not href.startswith("/en/")] == ["/nowhere"]

    def test_the_switch_leads_to_the_same_page_and_question(self, site: TestClient[Litestar]) -> None:
        assert 'href="/en/nowhere?page=2&amp;q=a"' in site.get("/nowhere?page=2&q=a").text
        assert 'href="/nowhere?page=2&amp;q=a"' in site.get("/en/nowhere?page=2&q=a").text

    def test_links(self) -> None:
        assert language.link("/boards", page=2, q="", of=None) == "/boards?page=2"
        with language.speaking("en"):
            assert [language.link("/"), language.link("/boards", {"q": "电工"}, page=1)] == [
                "/en/",
                "/en/boards?q=%E7%94%B5%E5%B7%A5&page=1",
            ]
            assert language.language_link("/boards", "page=2") == "/boards?page=2"

    def test_every_word_on_a_screen_has_english_and_none_is_broken(self) -> None:
        assert list(language.missing_words()) == [], "run `python -m web.language missing --po <subject>`"
        assert language.broken_words() == []

    def test_every_code_a_room_uses_has_words(self) -> None:
        assert sorted(codes_used() - wording.codes()) == [], "say them in web/wording/<subject>.py"


def codes_used() -> set[str]:
    """Codes written out in the rooms: the first argument of Finding(…) and of the refusals."""
    found = set()
    for room in ("federation", "contests", "studios", "web"):
        for file in (WEB.parent / room).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
                    continue
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    if call.func.id in {"Finding", "Refusal", "Forbidden", "Conflict"}:
                        found.add(first.value)
                    elif call.func.id == "NotFound":
                        found.add(f"not_found.{first.value}")
    return found


class TestFormats:
    @pytest.mark.parametrize(
        ("value", "places", "words"),
        [
            (931_500, 2, "93.15"),
            (931_449, 1, "93.1"),
            (931_450, 2, "93.15"),
            (931_500, 1, "93.2"),
            (995_000, 0, "100"),
            (-12_500, 2, "−1.25"),
            (-40, 2, "0.00"),
            (0, 2, "0.00"),
            (None, 2, "—"),
        ],
    )
    def test_points(self, value: int | None, places: int, words: str) -> None:
        assert points(value, places) == words

    def test_days_and_times_in_both_languages(self) -> None:
        at = dt.datetime(2026, 11, 23, 7, 30, 5, tzinfo=dt.UTC)
        assert [day(at), day(at, True), clock(at), clock(at, True), moment(at)] == [
            "11 月 23 日", "2026 年 11 月 23 日", "15:30", "15:30:05", "11 月 23 日 15:30",
        ]  # fmt: skip
        with language.speaking("en"):
            assert [day(dt.date(2026, 11, 23)), day(at, True), moment(at)] == [
                "Nov 23", "Nov 23, 2026", "Nov 23, 15:30",
            ]  # fmt: skip

    @pytest.mark.parametrize(
        ("first", "last", "chinese", "english"),
        [
            ((2026, 11, 23), (2026, 11, 23), "2026 年 11 月 23 日", "Nov 23, 2026"),
            ((2026, 11, 23), (2026, 11, 25), "2026 年 11 月 23 日–11 月 25 日", "Nov 23–25, 2026"),
            ((2026, 10, 30), (2026, 11, 2), "2026 年 10 月 30 日–11 月 2 日", "Oct 30–Nov 2, 2026"),
            (
                (2026, 12, 30),
                (2027, 1, 2),
                "2026 年 12 月 30 日–2027 年 1 月 2 日",
                "Dec 30, 2026–Jan 2, 2027",
            ),
        ],
    )
    def test_from_day_to_day(self, first, last, chinese, english) -> None:
        assert days(dt.date(*first), dt.date(*last), year=True) == chinese
        with language.speaking("en"):
            assert days(dt.date(*first), dt.date(*last), year=True) == english

    def test_a_constant_in_a_template_is_said_in_the_language_of_each_reader(self) -> None:
        template = environment().from_string("{{ 'category.employee'|say }}")
        with language.speaking("en"):
            assert template.render() == "Employees"
        assert template.render() == "职工组"

    def test_names_and_amounts(self) -> None:
        city = {"name": "南昌市", "name_en": "Nanchang"}
        assert [named(city), amount(1990), amount(None)] == ["南昌市", "1,990", "—"]
        with language.speaking("en"):
            assert [named(city), named({"name": "赣州市", "name_en": ""})] == ["Nanchang", "赣州市"]

    def test_a_finding_is_said_with_its_facts(self) -> None:
        finding = Finding("form.too_long", facts={"limit": 20, "length": 24})
        assert wording.say(finding) == "最多 20 个字，现在有 24 个，请删短"
        with language.speaking("en"):
            assert (
                wording.say("forbidden.role", roles=["judge", "clerk"])
                == "This is open only to: Judge, Score clerk"
            )


class TestStaticFiles:
    def test_hashed_names_are_kept_for_ever_and_packed(self, site: TestClient[Litestar]) -> None:
        answer = site.get(assets.static("css/saichuang.css"), headers={"accept-encoding": "br"})
        told = [answer.headers[name] for name in ("cache-control", "content-encoding", "content-type")]
        assert tuple(told) == (
            "public, max-age=31536000, immutable", "br", "text/css; charset=utf-8",
        )  # fmt: skip
        assert answer.content == assets.asset("css/saichuang.css").content

    def test_an_unchanged_file_is_not_sent_again(self, site: TestClient[Litestar]) -> None:
        first = site.get("/static/js/theme.js")
        again = site.get("/static/js/theme.js", headers={"if-none-match": first.headers["etag"]})
        assert (first.headers["cache-control"], again.status_code, again.content) == ("no-cache", 304, b"")

    @pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "css/nothing.css", "css", ""])
    def test_nothing_outside_the_folder_is_served(self, site: TestClient[Litestar], path: str) -> None:
        assert site.get(f"/static/{path}").status_code == 404

    def test_every_sheet_is_in_the_bundle_or_linked(self) -> None:
        linked = "".join(file.read_text() for file in (WEB / "templates").rglob("*.html"))
        for sheet in (assets.ROOT / "css").glob("*.css"):
            name = f"css/{sheet.name}"
            assert name in assets.BUNDLES["css/saichuang.css"] or f"static('{name}')" in linked, name

    def test_vendored_files_equal_their_lock(self) -> None:
        listed = dict(
            line.split("  ")[::-1] for line in (WEB / "vendor/checksums.txt").read_text().splitlines()
        )
        assert {name: hashlib.sha256((WEB / name).read_bytes()).hexdigest() for name in listed} == listed
        assert {f"static/vendor/{file.name}" for file in (assets.ROOT / "vendor").iterdir()} <= set(listed)
        lock = json.loads((WEB / "vendor/package-lock.json").read_text())["packages"]
        licences = (assets.ROOT / "vendor/LICENSES.txt").read_text()
        for package in ("plotly.js", "htmx.org", "idiomorph"):
            assert f"== {package} {lock[f'node_modules/{package}']['version']}\n" in licences
        for packed in (assets.ROOT / "vendor").glob("*.br"):
            assert brotli.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()

    def test_no_file_names_a_foreign_host(self) -> None:
        own = [
            *(assets.ROOT / "js").rglob("*.js"),
            *(assets.ROOT / "css").rglob("*.css"),
            *(WEB / "templates").rglob("*.html"),
        ]
        assert [file.name for file in own if re.search(r"https?://(?!www\.w3\.org)", file.read_text())] == []

    def test_no_template_has_an_inline_script(self) -> None:
        for file in (WEB / "templates").rglob("*.html"):
            text = file.read_text()
            assert (
                re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))|\son[a-z]+=\"", text) == []
            ), file.name


@get("/boom", sync_to_thread=False)
def boom() -> Page:
    raise ZeroDivisionError("the secret of the house")


@get("/api/boom/{kind:str}", sync_to_thread=False)
def api_boom() -> Page:
    raise Invalid([Finding("form.too_large", place="score", facts={"limit": 100})])


@get("/refused", sync_to_thread=False)
def refused() -> Page:
    raise Forbidden("forbidden.role", roles=["judge"])


@get("/changed", sync_to_thread=False)
def changed() -> Page:
    raise Conflict("cross_site")


@get("/whole", sync_to_thread=False)
def whole() -> Page:
    return page(
        "errors/page.html",
        code="",
        status_code=200,
        title="",
        remedy="",
        reason="",
        findings=(),
        signed_in=False,
    )


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    class Trouble:
        routes = (boom, api_boom, refused, changed, whole)

    monkeypatch.setattr(application, "page_modules", lambda: [Trouble])
    settings = Settings(database_url=str(tmp_path / "x.sqlite"), keys_file=known_keys(tmp_path))
    with TestClient(application.create_app(settings), raise_server_exceptions=False) as client:
        yield client


class TestErrors:
    def test_a_defect_shows_a_code_and_nothing_of_the_house(self, troubled: TestClient[Litestar]) -> None:
        answer = troubled.get("/boom")
        assert answer.status_code == 500
        assert re.search(r"SC-500-[0-9a-f]{6}", answer.text)
        assert ("secret" in answer.text, "Traceback" in answer.text) == (False, False)

    @pytest.mark.parametrize(
        ("path", "status", "words"),
        [
            ("/en/refused", 403, "This is open only to: Judge"),
            ("/refused", 403, "这里只对这些身份开放：裁判"),
            ("/en/changed", 409, "Go back, reload, and make your change against the new content."),
            ("/en/missing", 404, "There is no such page"),
        ],
    )
    def test_a_refusal_says_why_and_what_to_do(
        self, troubled: TestClient[Litestar], path: str, status: int, words: str
    ) -> None:
        answer = troubled.get(path)
        assert (answer.status_code, words in answer.text, f"SC-{status}" in answer.text) == (
            status,
            True,
            True,
        )

    def test_htmx_gets_a_notice_instead_of_a_page(self, troubled: TestClient[Litestar]) -> None:
        assert "<html" not in troubled.get("/refused", headers={"hx-request": "true"}).text

    def test_the_api_answers_with_problem_details(self, troubled: TestClient[Litestar]) -> None:
        answer = troubled.get("/en/api/boom/x")
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert answer.json()["errors"] == [
            {
                "code": "form.too_large",
                "place": "score",
                "severity": "error",
                "message": "At most 100. Enter less",
            }
        ]

    def test_pages_are_packed_on_request(self, troubled: TestClient[Litestar]) -> None:
        packed = troubled.get("/whole", headers={"accept-encoding": "br"})
        plain = troubled.get("/whole", headers={"accept-encoding": "identity"})
        assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("br", "accept-encoding")
        assert ("content-encoding" in plain.headers, packed.text == plain.text) == (False, True)


class TestSecurity:
    def test_every_answer_carries_the_policy(self, site: TestClient[Litestar]) -> None:
        for path in ("/", "/nowhere", "/static/js/theme.js", "/api/v1/nowhere"):
            headers = site.get(path).headers
            assert "script-src 'self';" in headers["content-security-policy"], path
            assert (headers["x-content-type-options"], headers["referrer-policy"]) == (
                "nosniff",
                "same-origin",
            ), path

    @pytest.mark.parametrize(
        ("headers", "passes"),
        [
            ({}, True),
            ({"sec-fetch-site": "same-origin", "origin": "http://testserver.local"}, True),
            ({"sec-fetch-site": "none"}, True),
            ({"sec-fetch-site": "same-site"}, False),
            ({"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, False),
            ({"origin": "https://evil.example"}, False),
            ({"origin": "null"}, False),
            ({"origin": "http://testserver.local"}, True),
            ({"sec-fetch-site": "cross-site", "origin": "https://front.example"}, True),
        ],
    )
    def test_forms_of_other_sites_are_refused(self, headers: dict[str, str], passes: bool) -> None:
        ours = SameSite(None, ("https://front.example",))
        sent = [
            (key.encode(), value.encode()) for key, value in {"host": "testserver.local", **headers}.items()
        ]
        assert ours.is_ours({"headers": sent}) is passes


class TestForms:
    class Entry(BaseModel):
        name: str = Field(max_length=4)
        age: int = Field(ge=16)
        born: dt.date | None = None
        trades: list[str] = []

    def test_nothing_typed_is_lost_and_every_fault_names_its_field(self) -> None:
        entry, form = read_form(
            self.Entry, {"name": "  司马相如如  ", "age": "十六", "born": "23/11", "trades": "a"}
        )
        assert entry is None
        assert form.values == {"name": "司马相如如", "age": "十六", "born": "23/11", "trades": ["a"]}
        assert [(finding.place, wording.say(finding)) for finding in form.findings] == [
            ("name", "最多 4 个字，现在有 5 个，请删短"),
            ("age", "“十六” 不是数字，请填写数字"),
            ("born", "“23/11” 不是日期，请按 2026-11-23 的样子填写"),
        ]

    def test_an_empty_field_is_not_filled_in(self) -> None:
        entry, form = read_form(self.Entry, {"name": "", "age": "16", "born": ""})
        assert (entry, [(one.code, one.place) for one in form.findings]) == (None, [("form.missing", "name")])

    def test_what_is_right_becomes_the_form_of_the_room(self) -> None:
        entry, form = read_form(self.Entry, {"name": "李明", "age": "16", "trades": ["a", "b"]})
        assert (entry, form.findings) == (self.Entry(name="李明", age=16, trades=["a", "b"]), ())


class TestSettings:
    def test_each_variable_is_read_and_explained(self) -> None:
        given = Settings.from_environment(
            {
                "SAICHUANG_PORT": "9000",
                "SAICHUANG_DEMO": "yes",
                "SAICHUANG_TRUSTED_ORIGINS": "https://a/, https://b",
            }
        )
        assert (given.port, given.demo, given.trusted_origins) == (9000, True, ("https://a", "https://b"))
        assert all(meaning for _, meaning in Settings.meanings().values())

    def test_an_unusable_value_is_named_with_its_remedy(self) -> None:
        with pytest.raises(UnusableSetting, match="SAICHUANG_PORT='x': write a whole number"):
            Settings.from_environment({"SAICHUANG_PORT": "x"})

    def test_keys_are_made_once_for_their_owner_only(self, tmp_path: Path) -> None:
        file = tmp_path / "var" / "keys.json"
        keys = read_keys(file)
        assert {name: len(key) for name, key in keys.items()} == {"identity": 32, "lookup": 32, "signing": 32}
        beside = [one.name for one in file.parent.iterdir()]
        assert (read_keys(file), file.stat().st_mode & 0o777, beside) == (
            keys, 0o600, ["keys.json"],
        )  # fmt: skip


FIGURES: dict[str, dict[str, object]] = {
    "scatter": {"x": [1, 2], "y": [3, 4]},
    "bar": {"x": [1, 2], "y": [3, 4]},
    "box": {"y": [1, 2, 3, 9]},
    "violin": {"y": [1, 2, 3, 9]},
    "histogram": {"x": [1, 1, 2]},
    "heatmap": {"z": [[1, 2], [3, 4]]},
    "treemap": {"labels": ["a", "b"], "parents": ["", "a"]},
    "sunburst": {"labels": ["a", "b"], "parents": ["", "a"]},
    "scatterpolar": {"r": [1, 2, 1], "theta": ["a", "b", "a"]},
    "sankey": {"node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [2]}},
    "choropleth": {"locations": ["x"], "z": [1], "geojson": {"type": "FeatureCollection", "features": [{
        "type": "Feature", "id": "x", "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[[1, 1], [1, 2], [2, 2], [1, 1]]]},
    }]}},
}  # fmt: skip


@pytest.mark.browser
def test_the_bundle_draws_every_kind_of_figure_and_fetches_nothing() -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.set_content("<div id=plot></div>")
        tab.add_script_tag(path=assets.ROOT / "vendor/plotly.js")
        drawn = {
            kind: tab.evaluate(
                "([kind, figure]) => Plotly.newPlot('plot', [{type: kind, ...figure}]).then("
                "plot => plot._fullData[0].type)",
                [kind, figure],
            )
            for kind, figure in FIGURES.items()
        }
        browser.close()
    assert drawn == {kind: kind for kind in FIGURES}
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == []


def test_every_template_compiles() -> None:
    for name in environment().list_templates():
        environment().get_template(name)


def test_every_menu_entry_leads_somewhere(site: TestClient[Litestar]) -> None:
    known = {path for route in site.app.routes for path in [route.path.rstrip("/") or "/"]}
    listed = {
        entry.path
        for place in ("public", "tab", "work", "foot")
        for entry in menu._entries
        if entry.place == place
    }
    assert sorted(listed - known) == []
