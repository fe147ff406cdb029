"""The demonstration federation: as many studios, contests and entries as it promises, the same at every loading."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from datetime import date
from pathlib import Path
from random import Random

import pytest

from contests import publication
from contests.boards import kept
from federation import audit, database, privacy, workers
from federation.accounts import sign_in, viewer_of
from federation.database import close_database, open_database
from studios.namings import stock
from tests.web.conftest import TODAY
from web.demo import load
from web.demo.accounts import PASSWORD, SIGN_INS
from web.demo.calendar import last_year, term
from web.demo.people import Crowd

SAME = {
    "organisation": "name, name_en, credit_code, union_unit, region, industry",
    "worker": "name, sex, birth_date, organisation, skill_level, certificate_number",
    "honour": "worker, kind, year",
    "studio": "number, name, organisation, union_unit, founded_on, topic, equipment, updated_at",
    "naming": "studio, tier, starts_on, ends_on, conferred_by, document_number",
    "leadership": "studio, worker, since, until",
    "studio_member": "studio, name, skill_level, joined_on, left_on",
    "studio_output": "studio, year, measure, quantity, verified_on",
    "contest": "code, name, series, class_code, host, starts_on, ends_on",
    "contest_event": "contest, code, name, occupation",
    "event_category": "event, category, state, scheme, quota, notice_until, revision, publication",
    "entry": "event_category, worker, delegation, organisation, number, state, piece, filed_at",
    "piece": "event_category, number, standing",
    "mark": "event_category, piece, aspect, judge, value, is_current, account",
    "publication": "event_category, number, kind, hash",
    "panel_seat": "event_category, judge, delegation",
    "state_step": "event_category, act, account, at",
    "award_title": "entry, rule, place, level, state, document_number",
    "certificate": "entry, award, number, state",
}


@pytest.fixture
def ask(demo: Path):
    with sqlite3.connect(demo) as connection:
        yield lambda sql, *values: connection.execute(sql, values).fetchall()


@pytest.fixture
async def opened(demo: Path):
    await open_database(str(demo))
    yield
    await close_database()


async def test_the_register_stands_as_published_at_the_end_of_2017(opened):
    assert await stock(date(2017, 12, 31)) == {
        "national": 6,
        "provincial": 119,
        "municipal": 493,
        "county": 1507,
    }


def test_the_register_spreads_over_the_whole_province(ask):
    assert ask("SELECT count(*), min(founded_on) >= '2013-01-01' FROM studio") == [(2125, 1)]
    assert ask("SELECT count(DISTINCT region) FROM studio WHERE region NOT LIKE '%00'") == [(100,)]
    assert ask(
        "SELECT count(DISTINCT u.code) FROM studio s JOIN union_unit u ON u.id = s.union_unit"
        " WHERE u.kind = 'industrial'"
    ) == [(18,)]
    assert ask("SELECT count(DISTINCT name) FROM studio") == [(2125,)]
    assert ask("SELECT min(n), max(n) FROM (SELECT count(*) n FROM studio_member GROUP BY studio)") == [
        (3, 15)
    ]


def test_a_studio_named_by_the_province_was_named_below_before(ask):
    assert ask(
        "SELECT count(*) FROM naming high JOIN studio s ON s.id = high.studio"
        " JOIN union_unit u ON u.id = s.union_unit"
        " WHERE high.tier = 'provincial' AND u.kind <> 'direct' AND NOT EXISTS (SELECT 1 FROM naming low"
        " WHERE low.studio = high.studio AND low.tier = 'municipal' AND low.starts_on < high.starts_on)"
    ) == [(0,)]


def test_three_years_of_contests(ask):
    years = ask(
        "SELECT year, sum(class_code = 'I'), sum(class_code IN ('II', 'III')) FROM contest GROUP BY year ORDER BY year"
    )
    assert years == [(2024, 1, 26), (2025, 1, 26), (2026, 1, 26)]
    assert ask("SELECT count(*) >= 40 FROM contest") == [(1,)]
    assert ask("SELECT count(DISTINCT occupation) >= 100 FROM contest_event") == [(1,)]
    assert ask("SELECT count(DISTINCT piece) >= 20000 FROM mark") == [(1,)]
    assert ask("SELECT DISTINCT category FROM event_category ORDER BY 1") == [
        ("employee",),
        ("student",),
        ("teacher",),
    ]


def test_one_final_result_has_titles_on_their_way_and_certificates(ask):
    """One revoked, one replaced by a new one; titles in every state but the two that end badly."""
    counted = dict(ask("SELECT state, count(*) FROM certificate GROUP BY state"))
    assert (counted.keys(), counted["revoked"], counted["replaced"]) == (
        {"valid", "revoked", "replaced"},
        1,
        1,
    )
    assert {state for (state,) in ask("SELECT DISTINCT state FROM award_title")} == {
        "proposed",
        "reported",
        "approved",
        "issued",
    }
    assert ask("SELECT count(DISTINCT event_category) FROM certificate") == [(1,)]


def test_one_contest_is_live_and_one_under_notice(ask):
    at = (
        "SELECT DISTINCT c.code FROM event_category k JOIN contest_event e ON e.id = k.event"
        " JOIN contest c ON c.id = e.contest WHERE k.state = ?"
    )
    assert ask(at, "marking") == [("2026-TGB",)]
    assert ask(at, "notice") == [("2026-JX",)]
    assert len(ask(at, "open")) == 2
    assert len(ask(at, "planned")) == 2
    [(marked, asked)] = ask(
        "SELECT (SELECT count(*) FROM mark m JOIN event_category k ON k.id = m.event_category"
        " WHERE k.state = 'marking' AND m.aspect = 'theory'),"
        " (SELECT count(*) FROM piece n JOIN event_category k ON k.id = n.event_category"
        " JOIN scheme_version s ON s.id = k.scheme WHERE k.state = 'marking' AND s.title LIKE '理论%'"
        " AND n.standing <> 'dns')"
    )
    assert marked == asked


def test_no_number_of_a_person_stands_in_the_file(demo, ask):
    held = demo.read_bytes()
    people = ask("SELECT identity_cipher, phone_cipher FROM worker")
    identities = {privacy.decrypt(identity, purpose="identity").encode() for identity, _ in people}
    phones = {privacy.decrypt(phone, purpose="phone").encode() for _, phone in people}
    assert len(identities) == len(phones) == len(people)
    assert identities & set(re.findall(rb"(?=(369900\d{11}[\dX]))", held)) == set()
    assert phones & set(re.findall(rb"(?=(154\d{8}))", held)) == set()


def test_the_made_numbers_are_well_formed_and_belong_to_nobody(monkeypatch, random_crowd):
    made: list[str] = []
    monkeypatch.setattr("web.demo.people.privacy.encrypt", lambda text, purpose: made.append(text) or b"")
    for _ in range(50):
        random_crowd.person((1970, 2000), 1)
    identities, phones = made[::2], made[1::2]
    assert [finding for number in identities for finding in workers.check_identity_number(number)] == []
    assert [finding for number in phones for finding in workers.check_phone(number)] == []
    assert {number[:6] for number in identities} == {"369900"}


@pytest.fixture
def random_crowd() -> Crowd:
    return Crowd(Random(1))


async def test_the_trail_holds(opened):
    verdict = await audit.verify()
    assert verdict.broken_at is None
    assert [line["subject"] for line in await audit.lines(deed="demo.load")] == [
        "seats",
        "grants",
        "contests",
        "studios",
        "people",
    ]


async def test_everybody_of_the_cards_can_sign_in_as_what_the_card_says(opened):
    for login, role, _ in SIGN_INS:
        person = await viewer_of(await sign_in(login, PASSWORD))
        assert (person.login, person.roles) == (login, (role,))


async def test_the_competitor_of_the_cards_competes_today(opened, ask):
    assert ask(
        "SELECT c.code, k.state FROM account a JOIN entry n ON n.worker = a.worker"
        " JOIN event_category k ON k.id = n.event_category JOIN contest_event e ON e.id = k.event"
        " JOIN contest c ON c.id = e.contest WHERE a.login = 'xuanshou' AND k.state IN ('marking', 'open')"
    ) == [("2026-TGB", "marking"), ("2026-TX", "open")]


async def test_publications_are_sealed_and_shown(opened, ask):
    for state, numbers in (("notice", 2), ("final", 3), ("archived", 3)):
        [(category,)] = ask("SELECT min(id) FROM event_category WHERE state = ?", state)
        assert len(await publication.publications(category)) == numbers
        assert await publication.broken_seals(category) == []
        board = await kept.board(category)
        assert (board.shows, board.publication["number"]) == ("publication", numbers)
        assert board.ranked > 0


def test_ties_are_there_and_parted(ask):
    assert ask("SELECT count(*) > 20 FROM publication WHERE content LIKE '%\"shared\"%'") == [(1,)]
    assert ask("SELECT count(*) > 20 FROM publication WHERE content LIKE '%\"module:C\"%'") == [(1,)]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_same_day_gives_the_same_federation_on_the_other_engine(db, ask):
    await load.load(TODAY)
    for table, columns in SAME.items():
        sql = f"SELECT {columns} FROM {table} ORDER BY id"
        async with database.engine().pool.acquire() as connection:
            there = await connection.fetch(sql)
        assert _digest(there) == _digest(ask(sql)), table
    assert (await audit.verify()).broken_at is None


def _digest(rows) -> str:
    """Of rows as text; dates and booleans are spelt alike on both engines."""
    told = (str(int(value) if isinstance(value, bool) else value) for row in rows for value in row)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@pytest.mark.parametrize("today", [date(2027, 1, 3), date(2027, 3, 31), date(2027, 4, 1), date(2027, 12, 31)])
def test_there_are_three_past_years_on_any_day(today):
    year = last_year(today)
    terms = [term("done", year, order=order, slots=29, today=today, random=Random(1)) for order in range(29)]
    assert all(one.starts_on.year == year and one.ends_on < today for one in terms)
    notice = term("notice", year, order=0, slots=29, today=today, random=Random(1))
    assert notice.notice_from <= today <= notice.notice_until


async def test_only_an_empty_database_is_filled(opened):
    assert await load.is_empty() is False
