"""Certificates in bulk: numbered once, made step by step, stopped, gone on with, replaced, revoked and checked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from contests import publication
from contests.certificates import batches, standing
from contests.certificates.checking import check
from contests.certificates.codes import shown_code
from contests.certificates.contents import hash_of, words_of
from contests.certificates.settings import adopt_settings
from contests.programme import contest as contest_row
from contests.tables import Certificate, CertificateBatch, Entry, Publication
from federation import audit
from federation.refusals import Conflict, Forbidden, Invalid, Refusal
from federation.tables import AuditLine
from tests.cast import the_administrator, the_chief_referee, the_clerk, the_organiser
from tests.contests.award_scenes import a_final, drawn, make_all, settings_form, with_settings


async def made_of(batch: int) -> list[tuple[str, str, str]]:
    rows = await standing.certificates_of_batch(batch)
    return [(row["number"], row["printed"]["name"], row["state"]) for row in rows]


async def a_batch(viewer) -> tuple[int, int, dict[str, int]]:
    made, people = await a_final(viewer)
    await with_settings(viewer)
    return await batches.start(viewer, "2026-qg", made), made, people


async def test_everybody_on_the_list_gets_one_numbered_by_award(db):
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)
    before = await batches.progress(batch)
    await make_all(batch)
    after = await batches.progress(batch)

    assert (before.state, before.waiting, before.made) == ("running", 4, 0)
    assert (after.state, after.waiting, after.made, after.failed) == ("done", 0, 4, 0)
    assert await made_of(batch) == [
        ("赣工竞〔2026〕A-000001", "章丽娟", "valid"),
        ("赣工竞〔2026〕B-000001", "涂国强", "valid"),
        ("赣工竞〔2026〕B-000002", "欧阳文", "valid"),
        ("赣工竞〔2026〕B-000003", "喻建平", "valid"),
    ]
    assert (await audit.verify()).broken_at is None


async def test_what_is_printed_is_frozen_under_its_hash(db):
    xiong = await the_organiser()
    batch, made, people = await a_batch(xiong)
    await make_all(batch)
    sealed = await Publication.select(Publication.hash).where(Publication.number == 3).first()
    await Entry.update({Entry.name: "改名"}).where(Entry.id == people["章丽娟"])

    row = (await standing.certificates_of_batch(batch))[0]

    words = words_of(row["printed"])
    assert (words.greeting, words.greeting_end) == ("", "（洪都机械厂）：")
    assert words.before == "在2026 年全省电工技能竞赛中，获电工（职工组）"
    assert words.after == "特发此证，以资鼓励。"
    assert row["printed"]["publication_hash"] == sealed["hash"]
    assert row["printed"]["check"] == f"https://sc.example.org/certificates/{row['code']}"
    assert row["hash"] == hash_of(row["content"])
    assert [one["sound"] for one in await standing.certificates_of(xiong, made)] == [True] * 4


async def test_a_second_batch_makes_nothing_twice(db):
    xiong = await the_organiser()
    batch, made, _ = await a_batch(xiong)
    with pytest.raises(Invalid) as waiting:
        await batches.start(xiong, "2026-qg", made)
    await make_all(batch)
    with pytest.raises(Invalid) as done:
        await batches.start(xiong, "2026-qg")
    assert {refused.value.findings[0].code for refused in (waiting, done)} == {"certificate.nothing_to_make"}
    assert await CertificateBatch.count() == 1


async def test_sending_twice_starts_one_batch(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    await with_settings(xiong)
    assert len({await batches.start(xiong, "2026-qg", made, sending="k") for _ in range(2)}) == 1


async def test_one_bad_record_does_not_stop_the_others(db):
    """欧阳文's cannot be printed, 涂国强's printer breaks; the others are made and the two can be tried again."""
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)

    def breaking(content) -> bytes:
        if content["name"] == "欧阳文":
            raise Refusal("certificate.unprintable", characters="阳")
        if content["name"] == "涂国强":
            raise ValueError("paper jam")
        return drawn(content)

    await batches.claim(batch, "甲")
    while await batches.work(batch, "甲", breaking, at_once=3):
        pass
    rows = await standing.certificates_of_batch(batch)
    assert [(row["printed"]["name"], row["state"], row["fault"] and row["fault"].code) for row in rows] == [
        ("章丽娟", "valid", None),
        ("涂国强", "failed", "certificate.not_made"),
        ("欧阳文", "failed", "certificate.unprintable"),
        ("喻建平", "valid", None),
    ]
    assert (await batches.progress(batch)).state == "done"

    await standing.amend(xiong, rows[2]["id"], "欧 文", "字库没有的字留空手写")
    await make_all(batch)
    again = await standing.certificates_of_batch(batch)
    assert [(row["number"], row["printed"]["name"], row["state"]) for row in again[1:3]] == [
        ("赣工竞〔2026〕B-000001", "涂国强", "valid"),
        ("赣工竞〔2026〕B-000002", "欧 文", "valid"),
    ]
    assert again[2]["hash"] == hash_of(again[2]["content"])


async def test_a_batch_is_stopped_and_gone_on_with(db):
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)
    await batches.claim(batch, "甲")
    assert await batches.work(batch, "甲", drawn, at_once=1)
    await batches.stop(xiong, batch)

    with pytest.raises(Conflict):
        await batches.work(batch, "甲", drawn, at_once=1)
    assert await batches.next_claim("乙") is None
    stopped = await batches.progress(batch)
    await batches.resume(xiong, batch)
    await batches.release(batch, "甲")
    assert await batches.next_claim("乙") == batch
    while await batches.work(batch, "乙", drawn):
        pass
    done = await batches.progress(batch)

    assert (stopped.state, stopped.made, stopped.waiting) == ("stopped", 1, 3)
    assert (done.state, done.made, done.waiting) == ("done", 4, 0)


async def test_one_process_works_on_a_batch_until_its_claim_runs_out(db):
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)
    assert [await batches.next_claim("甲"), await batches.next_claim("乙")] == [batch, None]
    await batches.work(batch, "甲", drawn, at_once=1)

    past = datetime.now(UTC) - timedelta(seconds=1)
    await CertificateBatch.update({CertificateBatch.claimed_until: past}).where(CertificateBatch.id == batch)
    assert await batches.next_claim("乙") == batch
    with pytest.raises(Conflict):
        await batches.work(batch, "甲", drawn, at_once=1)
    assert (await batches.progress(batch)).made == 1, "what the loser made was not written"


async def test_a_process_that_dies_before_writing_leaves_nothing_half_made(db):
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)
    await batches.claim(batch, "甲")

    class PowerCutError(BaseException):
        pass

    def dying(content) -> bytes:
        if content["number"].endswith("B-000002"):
            raise PowerCutError
        return drawn(content)

    with pytest.raises(PowerCutError):
        while await batches.work(batch, "甲", dying, at_once=2):
            pass
    assert [state for _, _, state in await made_of(batch)] == ["valid", "valid", "waiting", "waiting"]
    await make_all(batch)
    assert len({number for number, _, _ in await made_of(batch)}) == 4


async def test_numbers_count_on_over_contests_of_one_stem(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    await with_settings(xiong, number_pattern="赣工竞〔{year}〕{serial:4}号")
    batch = await batches.start(xiong, "2026-qg", made)
    await make_all(batch)
    first = (await standing.certificates_of_batch(batch))[0]
    new = await standing.replace(xiong, first["id"], "单位名称有误", organisation="洪都机械有限公司")
    numbers = [number for number, _, _ in await made_of(batch)]
    assert numbers == [f"赣工竞〔2026〕{serial:04d}号" for serial in range(1, 6)]
    row = await Certificate.select().where(Certificate.id == new).first()
    assert (row["replaces"], json.loads(row["content"])["organisation"]) == (first["id"], "洪都机械有限公司")


async def test_another_pattern_with_the_same_stem_counts_on(db):
    xiong = await the_organiser()
    made, _ = await a_final(xiong)
    await with_settings(xiong, number_pattern="{year}-{serial}")
    await make_all(await batches.start(xiong, "2026-qg", made))
    first = await Certificate.select().where(Certificate.number == "2026-1").first()
    await adopt_settings(xiong, "2026-qg", settings_form(number_pattern="2026-{serial:4}", edition=1))
    new = await standing.replace(xiong, first["id"], "编号要四位")
    row = await Certificate.select(Certificate.number).where(Certificate.id == new).first()
    assert row["number"] == "2026-0005"


async def test_who_lost_a_certificate_gets_none_from_a_batch_but_from_a_person(db):
    xiong = await the_organiser()
    batch, made, _ = await a_batch(xiong)
    await make_all(batch)
    first = (await standing.certificates_of_batch(batch))[0]
    await standing.revoke(xiong, first["id"], "误以为冒名")
    with pytest.raises(Invalid) as refused:
        await batches.start(xiong, "2026-qg", made)
    assert [one.code for one in refused.value.findings] == ["certificate.nothing_to_make"]

    await standing.replace(xiong, first["id"], "核实无误，重新制作")
    with pytest.raises(Conflict) as again:
        await standing.replace(xiong, first["id"], "再来一张")
    await make_all(batch)
    assert again.value.code == "certificate.stands"
    assert [(state, number) for number, name, state in await made_of(batch) if name == "章丽娟"] == [
        ("revoked", "赣工竞〔2026〕A-000001"),
        ("valid", "赣工竞〔2026〕A-000002"),
    ]
    assert (await check(first["code"])).state == "revoked"


async def test_the_check_says_valid_replaced_and_revoked(db):
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)
    waiting = (await standing.certificates_of_batch(batch))[0]
    assert await check(waiting["code"]) is None, "nothing is known of a certificate that is not made"
    await make_all(batch)
    first, second, *_ = await standing.certificates_of_batch(batch)

    valid = await check(shown_code(first["code"]).lower())
    assert valid is not None
    assert (valid.state, valid.number, valid.name, valid.organisation, valid.award) == (
        "valid",
        "赣工竞〔2026〕A-000001",
        "章*娟",
        "洪都机械厂",
        "一等奖",
    )
    assert (valid.hash, valid.file_hash, valid.under_review) == (
        first["hash"],
        first["file_hash"] or valid.file_hash,
        False,
    )

    new = await standing.replace(xiong, first["id"], "姓名有误", name="章丽鹃")
    await standing.revoke(xiong, second["id"], "冒名顶替")
    await make_all(batch)
    replaced, revoked = await check(first["code"]), await check(second["code"])
    number = (await Certificate.select(Certificate.number).where(Certificate.id == new).first())["number"]
    assert (replaced.state, replaced.by) == ("replaced", number)
    assert (revoked.state, "冒名顶替" in repr(revoked), "涂国强" in repr(revoked)) == (
        "revoked",
        False,
        False,
    )


async def test_the_check_tells_when_the_result_is_under_review_or_the_record_was_changed(db):
    xiong = await the_organiser()
    batch, made, _ = await a_batch(xiong)
    await make_all(batch)
    first, second, *_ = await standing.certificates_of_batch(batch)
    changed = second["content"].replace("涂国强", "涂国弱")
    await Certificate.update({Certificate.content: changed}).where(Certificate.id == second["id"])
    await publication.withdraw(xiong, made, "复核")

    assert ((await check(first["code"])).under_review, (await check(second["code"])).state) == (
        True,
        "broken",
    )
    assert [one["differs"] for one in await standing.certificates_of(xiong, made)] == [True] * 4


async def test_a_certificate_is_revoked_once_and_never_without_a_reason(db):
    xiong = await the_organiser()
    batch, _, _ = await a_batch(xiong)
    await make_all(batch)
    first = (await standing.certificates_of_batch(batch))[0]
    with pytest.raises(Invalid) as refused:
        await standing.revoke(xiong, first["id"], "  ")
    assert [one.code for one in refused.value.findings] == ["certificate.reason_missing"]
    await standing.revoke(xiong, first["id"], "冒名", sending="k")
    await standing.revoke(xiong, first["id"], "冒名", sending="k")
    with pytest.raises(Conflict):
        await standing.revoke(xiong, first["id"], "再来")
    assert await AuditLine.count().where(AuditLine.deed == "certificate.revoke") == 1


async def test_who_may_issue_and_who_may_look(db):
    xiong = await the_organiser()
    batch, made, _ = await a_batch(xiong)
    await make_all(batch)
    first = (await standing.certificates_of_batch(batch))[0]
    contest = (await contest_row("2026-qg"))["id"]
    referee, clerk = await the_chief_referee(contest), await the_clerk(contest)
    assert len(await standing.certificates_of(referee, made)) == 4
    for person in (referee, clerk, await the_administrator()):
        for act in (
            batches.start(person, "2026-qg", made),
            batches.stop(person, batch),
            standing.revoke(person, first["id"], "x"),
            adopt_settings(person, "2026-qg", settings_form(edition=1)),
        ):
            with pytest.raises(Forbidden):
                await act


async def test_settings_are_editions_and_say_what_is_wrong(db):
    xiong = await the_organiser()
    await a_final(xiong)
    with pytest.raises(Invalid) as missing:
        await batches.start(xiong, "2026-qg")
    assert [one.code for one in missing.value.findings] == ["certificate.no_settings"]
    form = settings_form(number_pattern="{colour}", wording="特发此证", check_address="www.example.org")
    with pytest.raises(Invalid) as refused:
        await adopt_settings(xiong, "2026-qg", form)
    assert [(one.code, one.place) for one in refused.value.findings] == [
        ("pattern.unknown_field", "number_pattern"),
        ("certificate.wording_without", "wording"),
        ("certificate.address", "check_address"),
    ]
    await with_settings(xiong)
    with pytest.raises(Conflict):
        await adopt_settings(xiong, "2026-qg", settings_form())
    assert await adopt_settings(xiong, "2026-qg", settings_form(edition=1, title="获奖证书")) == 2
