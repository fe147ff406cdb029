"""Publishing: named acts, sealed content, a chain that shows every change, and taking it back."""

from __future__ import annotations

import json

import pytest

from contests import programme, publication, states
from contests.boards.contents import board_of, content_of
from contests.boards.making import make_board
from contests.tables import Publication
from federation import audit
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid
from tests.builders import marks
from tests.cast import the_administrator, the_chief_referee, the_clerk, the_organiser
from tests.contests.board_scenes import a_board, complete


async def a_frozen_board(xiong):
    made, people = await a_board(xiong)
    await complete(made, people)
    await states.step(xiong, made, "freeze")
    return made, people


async def test_from_provisional_to_final_each_act_is_numbered_sealed_and_audited(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)

    numbers = [
        await publication.publish(xiong, made, kind, reason="公示期满无异议")
        for kind in ("provisional", "notice", "final")
    ]

    row = await programme.event_category(made)
    kept = await publication.publications(made)
    assert numbers == [1, 2, 3]
    assert (row["state"], row["publication"]) == ("final", 3)
    assert [(one["number"], one["kind"], one["actor"]) for one in kept] == [
        (3, "final", "熊晓燕"),
        (2, "notice", "熊晓燕"),
        (1, "provisional", "熊晓燕"),
    ]
    assert [one["previous_hash"] for one in kept] == [kept[1]["hash"], kept[2]["hash"], "0" * 64]
    assert await publication.broken_seals(made) == []
    assert (await audit.verify()).broken_at is None


async def test_a_changed_publication_shows(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)
    await publication.publish(xiong, made, "provisional")
    await publication.publish(xiong, made, "notice")
    first = await Publication.select().where(Publication.number == 1).first()

    await Publication.update({Publication.content: first["content"].replace("870000", "880000")}).where(
        Publication.number == 1
    )

    assert await publication.broken_seals(made) == [1]


async def test_names_are_masked_in_the_provisional_board_and_full_in_the_notice(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)
    await publication.publish(xiong, made, "provisional")
    await publication.publish(xiong, made, "notice")
    texts = await Publication.select(Publication.content).order_by(Publication.number)

    assert ["涂国强" in row["content"] for row in texts] == [False, True]
    content = json.loads(texts[1]["content"])
    rows = [dict(zip(content["fields"], row, strict=True)) for row in content["rows"]]
    assert [(row["place"], row["number"], row["name"], row["total"], row["award"]) for row in rows] == [
        (1, "002", "章丽娟", 870_000, "first"),
        (2, "001", "涂国强", 870_000, "second"),
        (3, "003", "欧阳文", 700_000, "second"),
        (3, "004", "喻建平", 700_000, "second"),
        (5, "005", "熊志", 620_000, ""),
    ]


async def test_a_correction_does_not_touch_what_was_published(db):
    xiong = await the_organiser()
    made, people = await a_frozen_board(xiong)
    await publication.publish(xiong, made, "provisional")
    before = await make_board(made, "public")
    await marks(made, {people[4]: {"P": "70"}})

    after = await make_board(made, "public")

    assert after.rows.equals(before.rows)
    assert (await make_board(made, "staff")).rows["number"][0] == "005"


async def test_withdrawing_needs_a_reason_and_seals_the_board_again(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)
    await publication.publish(xiong, made, "provisional")

    with pytest.raises(Invalid) as refused:
        await publication.withdraw(xiong, made, "  ")
    assert [finding.code for finding in refused.value.findings] == ["state.reason_needed"]

    await publication.withdraw(xiong, made, "005 号实操成绩录错")
    row = await programme.event_category(made)
    kept = (await publication.publications(made))[0]
    assert (row["state"], row["publication"]) == ("frozen", None)
    assert (kept["withdrawn_by"], kept["withdrawn_reason"], kept["reason"]) == (
        "熊晓燕",
        "005 号实操成绩录错",
        "",
    )
    assert (await make_board(made, "public")).shows == "sealed"
    with pytest.raises(Invalid) as refused:
        await publication.publish(xiong, made, "provisional")
    assert [(one.code, one.place, one.facts) for one in refused.value.findings] == [
        ("publication.reason_after_withdrawal", "reason", {"number": 1})
    ]
    assert await publication.publish(xiong, made, "provisional", reason="005 号实操成绩已更正") == 2, (
        "numbers are never used twice"
    )


async def test_what_blocks_publishing(db):
    xiong = await the_organiser()
    made, _ = await a_board(xiong)
    with pytest.raises(Conflict):
        await publication.publish(xiong, made, "provisional")
    await states.step(xiong, made, "freeze")
    with pytest.raises(Invalid) as refused:
        await publication.publish(xiong, made, "provisional")
    assert [(finding.code, finding.facts["numbers"]) for finding in refused.value.findings] == [
        ("state.marks_missing", ["005"])
    ]
    with pytest.raises(Conflict):
        await publication.publish(xiong, made, "notice")
    assert await publication.publications(made) == []


async def test_only_the_organiser_publishes(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)
    contest = (await programme.event_category(made))["contest"]
    refused = []
    for person in (await the_clerk(contest), await the_chief_referee(contest), await the_administrator()):
        with pytest.raises(Forbidden):
            await publication.publish(person, made, "provisional")
        refused.append(person.login)
    assert refused == ["邱录分", "万裁判", "管理员"]


async def test_sending_twice_publishes_once(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)
    await publication.publish(xiong, made, "provisional", sending="k1")
    with pytest.raises(AlreadyDone) as again:
        await publication.publish(xiong, made, "provisional", sending="k1")
    assert (again.value.answer["publication"], len(await publication.publications(made))) == (1, 1)


async def test_the_board_read_back_equals_the_board_published(db):
    xiong = await the_organiser()
    made, _ = await a_frozen_board(xiong)
    live = await make_board(made, "staff")
    row = {"number": 1, "kind": "notice", "at": None, "actor": "熊晓燕", "hash": ""}

    back = board_of(live.about, "public", row, json.loads(content_of(live, "notice")))

    assert back.rows.equals(live.rows)
    assert (back.rows.schema, back.columns, back.criteria, back.lines) == (
        live.rows.schema,
        live.columns,
        live.criteria,
        live.lines,
    )
