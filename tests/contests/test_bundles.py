"""A bundle proves itself: untouched it holds and is counted again; one wrong byte anywhere is named by its place."""

from __future__ import annotations

import itertools
import json

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contests import publication, ranking
from contests.boards.changes import Cell, Changes, RowChange, changes
from contests.boards.contents import content_of
from contests.boards.snapshots import live_board
from contests.bundles import writing
from contests.bundles.checking import check
from contests.bundles.layout import text_of
from contests.bundles.recounting import Differs, recounted
from federation.judging import MARKS, SCALE, Scheme
from federation.refusals import NotFound
from tests.cast import the_organiser
from tests.contests.board_scenes import SCHEME
from tests.contests.bundle_scenes import REASON, bundle, corrected, document_of, forged, put, row_of
from tests.contests.notice_scenes import PUBLISHED, frozen, travel
from web.pages.publications import rule_texts
from web.settings import Settings
from web.verify_command import verify
from web.wording import say

__all__ = ["bundle"]


def told(findings):
    return [(one.code, dict(one.facts)) for one in findings]


def flipped(data: bytes, at: int, by: int) -> bytes:
    return data[:at] + bytes([data[at] ^ by]) + data[at + 1 :]


def line_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def line(data: bytes, number: int) -> str:
    return data.split(b"\n")[number - 1].decode()


def test_untouched_it_holds_and_everything_plain_is_counted_again(bundle):
    verdict = check(bundle)

    assert verdict.faults == []
    assert told(verdict.checked) == [
        ("bundle.lines", {"count": bundle.split(b"\n").index(b'"check":{"algorithm":"sha256","lines":[')}),
        ("bundle.schemes", {"count": 1}),
        ("bundle.chain", {"count": 5}),
        *(
            (f"bundle.checked_{what}", {"number": number, "count": 2 if what == "lines" else 5})
            for number in range(1, 6)
            for what in ("rows", "totals", "order", "places", "awards", "lines")
        ),
    ]
    assert told(verdict.left_out) == [
        ("bundle.withdrawals", {}),
        *(("bundle.left_out_marks", {"number": number}) for number in range(1, 6)),
    ]
    assert verdict.head == document_of(bundle)["publications"][4]["hash"]


@given(share=st.floats(0, 1, exclude_max=True), by=st.integers(1, 255))
@settings(max_examples=200)
@example(0.0, 1)
@example(1 - 1e-9, 1)
def test_any_one_wrong_byte_is_named_by_its_line(bundle, share, by):
    at = int(share * len(bundle))

    verdict = check(flipped(bundle, at, by))

    assert [one.facts["line"] for one in verdict.faults][:1] == [line_of(bundle, at)]
    assert (verdict.checked, verdict.head) == ([], "")


@given(share=st.floats(0, 1, exclude_max=True), by=st.integers(1, 255))
@settings(max_examples=60)
def test_a_wrong_byte_in_a_row_is_named_by_publication_row_and_field(bundle, share, by):
    """Every byte that belongs to a value; quotes are part of it, commas and brackets are not."""
    places = _cells(bundle)
    at, number, row, entry, field = places[int(share * len(places))]

    verdict = check(flipped(bundle, at, by))

    [fault] = verdict.faults
    assert (fault.code, fault.facts["number"], fault.facts["row"], fault.facts["entry"]) == (
        "bundle.cell_damaged",
        number,
        row,
        entry,
    )
    assert fault.facts["field"] == field


def _cells(data: bytes) -> list[tuple[int, int, int, str, str]]:
    """(byte, publication, row, entry, field) of every byte of every cell, by a reading of its own."""
    document, found, start = document_of(data), [], 0
    rows = {
        json.dumps(row, ensure_ascii=False, separators=(",", ":")): []
        for one in document["publications"]
        for row in one["content"]["rows"]
    }
    for raw in data.split(b"\n"):
        text = raw.decode().removesuffix(",")
        if text in rows:
            rows[text].append(start)
        start += len(raw) + 1
    for number, one in enumerate(document["publications"], 1):
        fields = one["content"]["fields"]
        for place, row in enumerate(one["content"]["rows"], 1):
            at = rows[json.dumps(row, ensure_ascii=False, separators=(",", ":"))].pop(0) + 1
            for field, value in zip(fields, row, strict=True):
                long = len(json.dumps(value, ensure_ascii=False).encode())
                entry = row[fields.index("number")]
                found += [(at + step, number, place, entry, field) for step in range(long)]
                at += long + 1
    return found


def test_what_it_was_and_what_it_is_are_said_in_both_languages(bundle):
    """In publication 2, 章丽娟 stands first with 87; somebody makes it 88."""
    start = bundle.index("章丽娟".encode())
    at = bundle.index(b"870000", start)

    [fault] = check(bundle[: at + 1] + b"8" + bundle[at + 2 :]).faults

    number = line_of(bundle, at)
    was, now = line(bundle, number)[:-1], line(bundle, number).replace("870000", "880000")[:-1]
    place = was.index("870000") + 1
    assert (fault.facts["expected"], fault.facts["found"]) == (
        was[place - 12 : place + 12],
        now[place - 12 : place + 12],
    )
    assert say(fault) == (
        f"第 2 号公布第 1 行（参赛号 002，文件第 {number} 行）的 total："
        f"应为 “{fault.facts['expected']}”，现为 “{fault.facts['found']}”"
    )


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_answered_with_a_place(data):
    assert [one.facts["line"] for one in check(data).faults] == [1]


@given(share=st.floats(0, 1, exclude_max=True))
@settings(max_examples=40)
def test_a_file_that_was_cut_off_does_not_hold(bundle, share):
    assert not check(bundle[: int(share * len(bundle))]).holds


def test_lines_left_out_put_in_and_changed_places_do_not_hold(bundle):
    lines = bundle.split(b"\n")
    row = next(at for at, one in enumerate(lines) if "章丽娟" in one.decode())
    without = [*lines[:row], *lines[row + 1 :]]
    twice = [*lines[:row], lines[row], *lines[row:]]
    swapped = [*lines[:row], lines[row + 1], lines[row], *lines[row + 2 :]]
    found = [check(b"\n".join(one)).faults[0].facts["line"] for one in (without, twice, swapped)]
    assert found == [row + 1, row + 2, row + 1]


def test_a_file_made_anew_over_a_changed_total_breaks_the_chain(bundle):
    document = document_of(bundle)
    put(document, 2, "002", total=880_000)

    verdict = check(forged(document))

    assert [(one.code, one.place) for one in verdict.faults] == [
        ("bundle.chain_differs", "publication 2: hash")
    ]


def test_a_chain_made_anew_is_caught_by_counting_again_and_by_the_hash_on_the_site(bundle):
    document = document_of(bundle)
    head = document["publications"][4]["hash"]
    put(document, 5, "004", place=3, award="second")
    made = forged(document, chained=True)

    assert told(check(made).faults) == [
        (
            "bundle.recount_differs",
            {"number": 5, "row": 4, "entry": "004", "field": "place", "expected": 4, "found": 3},
        ),
        (
            "bundle.recount_differs",
            {
                "number": 5,
                "row": 0,
                "entry": "",
                "field": "lines",
                "expected": [("first", 1, 1, 1), ("second", 2, 3, 3)],
                "found": [("first", 1, 1, 1), ("second", 2, 3, 2)],
            },
        ),
    ]
    other = told(check(made, head).faults)
    assert [(code, facts["expected"]) for code, facts in other] == [("bundle.other_head", head)]
    assert check(bundle, f" {head.upper()} ").holds


def test_a_seal_says_who_when_why_and_by_which_scheme(bundle):
    for field, value in (("actor", "无名氏"), ("reason", ""), ("at", "2026-09-25T10:30:00+08:00")):
        document = document_of(bundle)
        document["publications"][2][field] = value
        places = [one.place for one in check(forged(document)).faults]
        assert places == [f"publication 3: {field}"]
    document = document_of(bundle)
    document["schemes"][0]["document"] = document["schemes"][0]["document"][:-1]
    assert [one.code for one in check(forged(document)).faults] == ["bundle.digest_differs"]
    assert row_of(document_of(bundle), 3, "003")["total"] == 720_000
    assert document_of(bundle)["publications"][2]["reason"] == REASON


def test_a_file_of_another_shape_says_where(bundle):
    document = document_of(bundle)
    del document["publications"][0]["kind"]
    assert [(one.code, one.place) for one in check(forged(document)).faults] == [
        ("bundle.misshapen", "publication 1: kind")
    ]
    missing = ["about", "edition", "publications", "schemes"]
    assert sorted(one.place for one in check(text_of({"format": "other"})).faults) == missing


def test_from_one_publication_to_the_next_exactly_what_changed_is_told(bundle):
    contents = [one["content"] for one in document_of(bundle)["publications"]]

    found = [changes(*pair) for pair in itertools.pairwise(contents)]

    assert found == [
        Changes((), unmasked=True),
        Changes(
            (
                RowChange(
                    "changed",
                    "003",
                    "欧阳*",
                    (Cell("total", 700_000, 720_000), Cell("module:P", 500_000, 520_000)),
                ),
                RowChange("changed", "004", "喻*平", (Cell("place", 3, 4), Cell("award", "second", ""))),
            ),
            masked=True,
        ),
        Changes((), unmasked=True),
        Changes(),
    ]


ABOUT = {
    "id": 1,
    "revision": 1,
    "state": "frozen",
    "contest_name": "电工竞赛",
    "event_name": "电工",
    "category": "employee",
}
WEIGHTED = Scheme.from_json(
    {
        "id": "weighted",
        "title": "理论 30%，实操 70%",
        "total": 100,
        "modules": [
            {"id": "T", "title": "理论", "maximum": 100, "weight": 0.3},
            {"id": "P", "title": "实操", "maximum": 100, "weight": 0.7},
        ],
        "tie_breaks": ["module:P"],
        "place_form": "dense",
        "award_lines": [{"id": "first", "title": "一等奖", "share": 0.2, "rounding": "ceil"}],
    }
)


def content(scheme: Scheme, given: list[tuple[int | None, int | None]]) -> dict[str, object]:
    """What is frozen of a board of these marks in half points, one entry each."""
    people = [
        (
            at,
            f"{at:03d}",
            f"选手{at}",
            "洪都机械厂",
            "T360100",
            "南昌",
            "Nanchang",
            None,
            None,
            None,
            "",
            False,
            at,
        )
        for at in range(1, len(given) + 1)
    ]
    rows = [
        (at, "", aspect, "", 1, half * SCALE // 2, None)
        for at, pair in enumerate(given, 1)
        for aspect, half in zip("TP", pair, strict=True)
        if half is not None
    ]
    names = ("entry", "stage", "aspect", "judge", "attempt", "value", "blank")
    gathered = ranking.Gathered(
        scheme,
        pl.DataFrame(people, schema=ranking.PEOPLE, orient="row"),
        pl.DataFrame(rows, schema={name: MARKS[name] for name in names}, orient="row"),
    )
    board = live_board(ABOUT, "public", gathered, ranking.ranked(gathered), None, in_full=True)
    found: dict[str, object] = json.loads(content_of(board, "notice"))
    return found


half_points = st.one_of(st.none(), st.integers(0, 60))
boards = st.lists(st.tuples(half_points, half_points), min_size=1, max_size=9)


@given(given_marks=boards)
@settings(max_examples=40)
def test_counting_again_agrees_with_the_judging(given_marks):
    for scheme in (SCHEME, WEIGHTED):
        again = recounted(content(scheme, given_marks), scheme)
        assert again.differs == []
        assert again.left_out == ["marks"]


@given(given_marks=boards.filter(lambda one: any(None not in pair for pair in one)), by=st.integers(1, 100))
@settings(max_examples=40)
def test_a_total_that_its_modules_do_not_make_is_named(given_marks, by):
    for scheme in (SCHEME, WEIGHTED):
        frozen_board = content(scheme, given_marks)
        fields, rows = frozen_board["fields"], frozen_board["rows"]
        at, modules = fields.index("total"), (fields.index("m0"), fields.index("m1"))
        row = next(row for row in rows if None not in (row[module] for module in modules))
        right, wrong = row[at], row[at] + by * SCALE // 100
        row[at] = wrong
        named = [one for one in recounted(frozen_board, scheme).differs if one.field == "total"]
        assert Differs(rows.index(row) + 1, row[fields.index("number")], "total", right, wrong) in named


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_needs_no_site_and_says_what_it_found(bundle, tmp_path, language):
    settings = Settings(database_url=str(tmp_path / "nowhere" / "no.sqlite"), keys_file=tmp_path / "no.json")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(bundle)
    at = bundle.index(b"870000", bundle.index("章丽娟".encode()))
    bad.write_bytes(flipped(bundle, at, 1))

    def run(*words: str):
        found = CliRunner().invoke(verify, [*words, "--language", language], obj=settings)
        return found.exit_code, found.output

    head = check(bundle).head
    assert run(str(good)) == run(str(good), "--hash", head)
    assert run(str(good))[0] == 0
    assert head in run(str(good))[1]
    assert run(str(bad))[0] == 1
    assert "002" in run(str(bad))[1]
    assert run(str(good), "--hash", "0" * 64)[0] == 1
    assert run(str(tmp_path / "missing.json"))[0] == 2
    spoken = json.loads(run(str(bad), "--json")[1])
    assert (spoken["holds"], [one["facts"]["field"] for one in spoken["faults"]]) == (False, ["total"])
    assert sorted(tmp_path.iterdir()) == [bad, good]


async def test_a_bundle_is_the_same_on_both_engines_and_holds(db, bundle, monkeypatch):
    made, data = await corrected(monkeypatch)
    kept = await publication.publications(made)

    verdict = check(data, kept[0]["hash"])

    assert verdict.faults == []
    assert [one["content"] for one in document_of(data)["publications"]] == [
        one["content"] for one in document_of(bundle)["publications"]
    ]


async def test_while_nothing_is_in_force_there_is_no_bundle(db, monkeypatch):
    travel(monkeypatch, PUBLISHED)
    xiong = await the_organiser()
    made, _ = await frozen(xiong)
    for kind in ("before", "withdrawn"):
        with pytest.raises(NotFound):
            await writing.bundle(made, rule_texts)
        if kind == "before":
            await publication.publish(xiong, made, "provisional")
            assert check(await writing.bundle(made, rule_texts)).holds
            await publication.withdraw(xiong, made, "正在核对")
