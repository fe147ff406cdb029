"""Print, sign, freeze: what a print shows is hashed, who signs did not enter, and two sign for all marks."""

from __future__ import annotations

import hashlib
import json

import pytest

from contests import locks, paper, scoring, sign_off, states
from contests.anonymity import layers
from contests.forms.mark import MarkForm
from contests.forms.paper import PaperRuleForm
from contests.tables import MarksLock, Piece, SheetPrint, SheetSignature, SignOff
from federation import attachments
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from federation.tables import Attachment
from tests.cast import a_viewer
from tests.contests.paper_scenes import (
    PHOTO,
    a_table,
    agreed,
    all_marked,
    cells,
    reads,
    sheets,
    signed_sheet,
)
from tests.contests.seat_scenes import fresh
from tests.contests.test_coded_seats import a_coded_hall, opened

one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For scenes about who may and what is said; what the database itself holds is tried on both."""


@pytest.fixture(autouse=True)
def files(tmp_path):
    attachments.use_folder(tmp_path / "files")
    return tmp_path / "files"


def codes_of(refused) -> list[str]:
    return [one.code for one in refused.value.findings]


async def corrects(table, text: str) -> None:
    """Wan changes M1 of the first piece."""
    answer = await scoring.enter_mark(
        table.wan,
        table.id,
        table.pieces[0],
        aspect="M1",
        text=text,
        seen_version=1,
        reason="原表笔误",
        sending=fresh(),
    )
    assert answer["outcome"] == "saved"


async def standing(table, code: str) -> str:
    return (await paper.the_sheet(table.wan, code)).standing


async def test_a_print_is_kept_with_the_hash_of_everything_it_shows(db):
    table = await a_table()
    (code,) = await sheets(table)
    with pytest.raises(Conflict, match=r"sheet\.unconfirmed"):
        await paper.print_filled(table.li, code)
    await agreed(table, code, cells(table, {"M1": "8.5", "D1": "1"}, {"M1": "缺考"}))
    version, shown = await paper.print_filled(table.li, code)
    assert (version, shown) == await paper.print_filled(table.deng, code)
    (row,) = await SheetPrint.select()
    assert hashlib.sha256(row["content"].encode()).hexdigest() == row["hash"] == shown
    content = json.loads(row["content"])
    assert content["rows"] == [["001", "", ["8.50", "1.00"]], ["002", "", ["dns", ""]]]
    assert (content["code"], content["version"]) == (code, 1)


async def test_every_later_print_has_its_reason_and_the_older_one_no_longer_holds(db):
    table = await a_table()
    (code,) = await sheets(table)
    await agreed(table, code, cells(table, {"M1": "8.5"}, {"M1": "7"}))
    await signed_sheet(table, code)
    assert await standing(table, code) == "signed"
    await corrects(table, "8")
    assert await standing(table, code) == "superseded"
    with pytest.raises(Invalid) as refused:
        await paper.print_filled(table.li, code)
    assert codes_of(refused) == ["sheet.reason_needed"]
    assert (await paper.print_filled(table.li, code, reason="裁判长更正 001"))[0] == 2
    assert await standing(table, code) == "printed"
    assert [(row["version"], row["reason"]) for row in await SheetPrint.select().order_by(SheetPrint.id)] == [
        (1, "更正"),
        (2, "裁判长更正 001"),
    ]


@one_engine
async def test_who_entered_or_decided_does_not_record_the_signature(db):
    table = await a_table()
    (code,) = await sheets(table)
    await agreed(table, code, cells(table, {"M1": "8.5"}, {"M1": "7"}))
    version, shown = await paper.print_filled(table.li, code)
    sent = {"version": version, "shown_hash": shown, "seen": True, "photo": ("a.jpg", PHOTO)}
    for clerk in (table.li, table.deng):
        with pytest.raises(Forbidden, match=r"sheet\.sign_own"):
            await paper.sign_sheet(clerk, code, **sent)
    await paper.sign_sheet(table.yan, code, **sent)
    assert [row["actor"] for row in await SheetSignature.select()] == ["严监督"]
    with pytest.raises(Conflict, match=r"sheet\.signed"):
        await paper.sign_sheet(table.wan, code, **sent)


async def test_a_signature_names_the_print_it_is_on_and_brings_its_photo(db):
    table = await a_table()
    (code,) = await sheets(table)
    await agreed(table, code, cells(table, {"M1": "8.5"}, {"M1": "7"}))
    version, shown = await paper.print_filled(table.li, code)
    with pytest.raises(Invalid) as refused:
        await paper.sign_sheet(table.wan, code, version=version, shown_hash=shown, seen=False, photo=None)
    assert codes_of(refused) == ["sheet.not_seen", "sheet.photo_missing"]
    photo = ("签字 1.jpg", PHOTO)
    for typed in ("", shown[:7], "0" * 8):
        with pytest.raises(Invalid) as refused:
            await paper.sign_sheet(table.wan, code, version=version, shown_hash=typed, seen=True, photo=photo)
        assert codes_of(refused) == ["sheet.wrong_hash"]
    with pytest.raises(Invalid) as refused:
        bad = ("程序.jpg", b"MZ" + PHOTO)
        await paper.sign_sheet(table.wan, code, version=version, shown_hash=shown, seen=True, photo=bad)
    assert codes_of(refused) == ["attachment.wrong_kind"]
    grouped = f"{shown[:8].upper()} {shown[8:16]}"
    await paper.sign_sheet(table.wan, code, version=version, shown_hash=grouped, seen=True, photo=photo)
    (kept,) = await Attachment.select()
    row, data = await paper.photo_of(table.yan, code, kept["id"])
    assert (row["kind"], row["name"], data) == ("jpeg", "签字 1.jpg", attachments.check(PHOTO).data)


@one_engine
async def test_a_photo_is_opened_through_its_own_sheet_only(db):
    table = await a_table()
    codes = await sheets(table, ("-", "1"))
    await agreed(table, codes[0], cells(table, {"M1": "8.5"}, {"M1": "7"}))
    await signed_sheet(table, codes[0])
    (kept,) = await Attachment.select()
    with pytest.raises(NotFound):
        await paper.photo_of(table.wan, codes[1], kept["id"])


async def test_the_lock_names_all_marks_and_a_correction_lets_the_signatures_go(db):
    table = await a_table(signed_sheets=False)
    await all_marked(table)
    assert await locks.lock_of(table.id) is None
    await states.step(table.wan, table.id, "freeze")
    lock = await locks.lock_of(table.id)
    assert (lock.holds, lock.row["marks"], lock.row["number"]) == (True, 8, 1)
    await sign_off.sign(table.wan, table.id, "chief_referee", lock.row["hash"])
    await sign_off.sign(table.yan, table.id, "supervisor", lock.row["hash"])
    assert (await locks.lock_of(table.id)).is_signed
    with pytest.raises(Conflict, match=r"lock\.holds"):
        await sign_off.lock_again(table.wan, table.id, "再锁")
    await corrects(table, "8")
    lock = await locks.lock_of(table.id)
    assert (lock.holds, lock.is_signed) == (False, False)
    with pytest.raises(Invalid) as refused:
        await states.step(table.xiong, table.id, "publish_provisional")
    assert codes_of(refused) == ["state.lock_stale"]
    with pytest.raises(Invalid):
        await sign_off.lock_again(table.wan, table.id, " ")
    await sign_off.lock_again(table.wan, table.id, "更正 001 的 M1")
    lock = await locks.lock_of(table.id)
    assert (lock.holds, lock.row["number"], lock.signed) == (True, 2, {})
    assert await MarksLock.count() == await SignOff.count() == 2


@one_engine
async def test_two_people_sign_in_person_and_nothing_is_published_before(db):
    table = await a_table(signed_sheets=False)
    await all_marked(table)
    await states.step(table.wan, table.id, "freeze")
    lock = (await locks.lock_of(table.id)).row["hash"]
    with pytest.raises(Invalid) as refused:
        await states.step(table.xiong, table.id, "publish_provisional")
    assert [(one.code, one.facts) for one in refused.value.findings] == [
        ("state.sign_off_missing", {"roles": ["chief_referee", "supervisor"]})
    ]
    for person, role in (
        (table.xiong, "chief_referee"),
        (table.yan, "chief_referee"),
        (table.wan, "supervisor"),
    ):
        with pytest.raises(Forbidden, match=r"sign_off\.not_yours"):
            await sign_off.sign(person, table.id, role, lock)
    with pytest.raises(Forbidden):
        await sign_off.sign(table.li, table.id, "chief_referee", lock)
    with pytest.raises(Conflict, match=r"lock\.other"):
        await sign_off.sign(table.wan, table.id, "chief_referee", "0" * 64)
    await sign_off.sign(table.wan, table.id, "chief_referee", lock)
    with pytest.raises(Conflict, match=r"sign_off\.done"):
        await sign_off.sign(table.wan, table.id, "chief_referee", lock)
    with pytest.raises(Invalid) as refused:
        await states.step(table.xiong, table.id, "publish_provisional")
    assert [one.facts for one in refused.value.findings] == [{"roles": ["supervisor"]}]
    await sign_off.sign(table.yan, table.id, "supervisor", lock)
    assert await states.step(table.xiong, table.id, "publish_provisional") == "provisional"


@one_engine
async def test_sheets_are_signed_before_the_marks_are(db):
    table = await a_table()
    codes = await all_marked(table)
    await states.step(table.wan, table.id, "freeze")
    lock = (await locks.lock_of(table.id)).row["hash"]
    await signed_sheet(table, codes[0])
    with pytest.raises(Invalid) as refused:
        await sign_off.sign(table.wan, table.id, "chief_referee", lock)
    assert [(one.code, one.facts) for one in refused.value.findings] == [
        ("state.sheets_unsigned", {"sheets": 3, "numbers": codes[1:]})
    ]
    for code in codes[1:]:
        await signed_sheet(table, code)
    await sign_off.sign(table.wan, table.id, "chief_referee", lock)


@one_engine
async def test_marking_is_not_locked_over_a_sheet_read_once(db):
    table = await a_table()
    codes = await sheets(table, ("-", "1"))
    await reads(table.li, codes[0], cells(table, {"M1": "8.5"}, {"M1": "7"}))
    with pytest.raises(Invalid) as refused:
        await states.step(table.wan, table.id, "freeze")
    assert [(one.code, one.facts) for one in refused.value.findings] == [
        ("state.sheets_unconfirmed", {"sheets": 1, "numbers": codes[:1]})
    ]
    await paper.void_sheet(table.wan, codes[0], "改在网格录")
    assert await states.step(table.wan, table.id, "freeze") == "frozen"


@one_engine
async def test_without_the_rule_nothing_of_it_is_asked(db):
    table = await a_table(sign_off=False)
    await all_marked(table)
    await states.step(table.wan, table.id, "freeze")
    assert await states.step(table.xiong, table.id, "publish_provisional") == "provisional"


async def test_codes_stay_closed_until_both_have_signed_for_the_marks(db):
    made, wan, _, holders = await a_coded_hall("off")
    await paper.set_rule(wan, made, PaperRuleForm())
    drawn = await Piece.select(Piece.id).where(Piece.event_category == made)
    forms = [
        MarkForm(piece=row["id"], aspect=aspect, judge=judge, text="2")
        for row in drawn
        for aspect, judge in (("M1", ""), ("J1", "1"), ("J1", "2"), ("J1", "3"))
    ]
    await scoring.enter_marks(wan, made, "M", forms, sending=fresh())
    await states.step(wan, made, "freeze")
    with pytest.raises(Conflict, match=r"coding\.not_signed_off"):
        await layers.stand_by(wan, made, 2)
    yan = await a_viewer("严监督", ("supervisor", "event", made))
    lock = (await locks.lock_of(made)).row["hash"]
    await sign_off.sign(wan, made, "chief_referee", lock)
    await sign_off.sign(yan, made, "supervisor", lock)
    await opened(made, wan, holders)
    assert (await locks.lock_of(made)).is_signed


async def test_nobody_signs_twice_under_two_roles(db):
    table = await a_table(signed_sheets=False)
    await all_marked(table)
    await states.step(table.wan, table.id, "freeze")
    both = await a_viewer("双职", ("supervisor", "event", table.id), ("chief_referee", "event", table.id))
    lock = (await locks.lock_of(table.id)).row["hash"]
    await sign_off.sign(both, table.id, "supervisor", lock)
    with pytest.raises(Conflict, match=r"sign_off\.same_person"):
        await sign_off.sign(both, table.id, "chief_referee", lock)
