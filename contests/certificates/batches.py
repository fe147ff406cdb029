"""Making certificates in bulk: numbered and frozen at once, then made one by one by whoever holds the claim.

All state is in the tables. A process that dies loses its claim after CLAIM; the next one goes on where the last
step was written. A record that cannot be made is set aside with its fault and the others go on.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from contests import programme
from contests.awards.listing import AwardList, award_list, final_categories
from contests.certificates.codes import new_code
from contests.certificates.contents import content_of, hash_of, read
from contests.certificates.patterns import Pattern, read_number_pattern
from contests.certificates.settings import number_facts, settings_of
from contests.rules import may_decide_awards
from contests.tables import Certificate, CertificateBatch, CertificateCounter
from federation.accounts import Viewer
from federation.changes import SYSTEM, Actor, Change, change
from federation.database import frame
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound, Refusal

CLAIM = timedelta(seconds=30)
AT_ONCE = 25
"""Certificates made between two writes: how much is made again after a power cut."""
INSERTED_AT_ONCE = 200
STANDING = ("waiting", "failed", "valid")
ANSWERED = (*STANDING, "revoked")
"""Whoever has one of these gets none from a batch; after a revocation only a person makes a new one, with a reason."""

Render = Callable[[Mapping[str, Any]], bytes]
"""Makes the PDF of a content. Raises Refusal for what cannot be printed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    batch: int
    state: str
    waiting: int
    made: int
    failed: int

    @property
    def total(self) -> int:
        return self.waiting + self.made + self.failed


async def start(
    viewer: Viewer, contest_code: str, event_category: int | None = None, *, sending: str | None = None
) -> int:
    """Number and freeze a certificate for everybody on the award list who has none; returns the batch.

    For one event category, or for all of the contest whose result is final. Raises Forbidden, Conflict, Invalid
    (no settings yet, nobody without a certificate).
    """
    contest = await programme.contest_for(viewer, contest_code, may_decide_awards)
    subject = f"contest:{contest_code}"
    try:
        async with change(viewer.actor, "certificate.start", subject, sending=sending) as act:
            settings = await settings_of(contest["id"])
            if settings is None:
                raise Invalid([Finding("certificate.no_settings")])
            wanted = [event_category] if event_category else await final_categories(contest["id"])
            lists = [await award_list(one) for one in wanted]
            if any(one.about["contest"] != contest["id"] for one in lists):
                raise NotFound("event_category")
            entered = await CertificateBatch.insert(
                CertificateBatch(
                    contest=contest["id"],
                    event_category=event_category,
                    settings=settings["id"],
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            batch = int(entered[0]["id"])
            made = 0
            for awards in lists:
                made += await _number(batch, settings, contest, awards)
            if not made:
                raise Invalid([Finding("certificate.nothing_to_make")])
            act.record(batch=batch, count=made, event_category=event_category)
            act.answer["batch"] = batch
    except AlreadyDone as before:
        return int(before.answer["batch"])
    return batch


async def _number(
    batch: int, settings: Mapping[str, Any], contest: Mapping[str, Any], awards: AwardList
) -> int:
    """Waiting certificates for those of the list who have none, in the order of the list."""
    held = set(
        await Certificate.select(Certificate.entry)
        .where((Certificate.event_category == awards.about["id"]) & Certificate.state.is_in([*ANSWERED]))
        .output(as_list=True)
    )
    rows = [(line.order, row) for line in awards.lines for row in line.rows if row["entry"] not in held]
    await freeze(batch, settings, contest, awards, rows)
    return len(rows)


async def freeze(
    batch: int,
    settings: Mapping[str, Any],
    contest: Mapping[str, Any],
    awards: AwardList,
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    replaces: int | None = None,
) -> list[int]:
    """Inside an open change: the next numbers, a code each, and all that will be printed. `rows`: (order of the award
    line, row of the award list). Returns the new rows' ids."""
    facts = [number_facts(awards.about, contest, order) for order, _ in rows]
    numbers = await _next_numbers(read_number_pattern(settings["number_pattern"]), facts)
    made: list[int] = []
    for at in range(0, len(rows), INSERTED_AT_ONCE):
        frozen = [
            _frozen(batch, settings, awards, row, number, replaces)
            for (_, row), number in list(zip(rows, numbers, strict=True))[at : at + INSERTED_AT_ONCE]
        ]
        made += [int(one["id"]) for one in await Certificate.insert(*frozen)]
    return made


def _frozen(
    batch: int,
    settings: Mapping[str, Any],
    awards: AwardList,
    row: Mapping[str, Any],
    number: str,
    replaces: int | None,
) -> Certificate:
    code = new_code()
    content = content_of(
        about=awards.about,
        row=row,
        settings=settings,
        publication=awards.publication,
        number=number,
        code=code,
    )
    return Certificate(
        batch=batch,
        event_category=awards.about["id"],
        entry=row["entry"],
        award=row["award"],
        number=number,
        code=code,
        content=content,
        hash=hash_of(content),
        replaces=replaces,
    )


async def _next_numbers(pattern: Pattern, facts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each counts on behind the last number of its stem. Raises Conflict where another pattern gave the same one."""
    stems = [pattern.stem(one) for one in facts]
    first = {stem: await _reserve(stem, count) for stem, count in Counter(stems).items()}
    numbers = []
    for stem, one in zip(stems, facts, strict=True):
        numbers.append(pattern.filled({**one, "serial": first[stem]}))
        first[stem] += 1
    for at in range(0, len(numbers), INSERTED_AT_ONCE):
        part = numbers[at : at + INSERTED_AT_ONCE]
        taken = await Certificate.select(Certificate.number).where(Certificate.number.is_in(part)).first()
        if taken is not None:
            raise Conflict("certificate.number_taken", number=taken["number"])
    return numbers


async def _reserve(stem: str, count: int) -> int:
    """The first of `count` serials that nobody else gets."""
    await CertificateCounter.insert(CertificateCounter(stem=stem, last=0)).on_conflict(
        target=CertificateCounter.stem, action="DO NOTHING"
    )
    moved = (
        await CertificateCounter.update({CertificateCounter.last: CertificateCounter.last + count})
        .where(CertificateCounter.stem == stem)
        .returning(CertificateCounter.last)
    )
    return int(moved[0]["last"]) - count + 1


async def progress(batch: int) -> Progress:
    """Raises NotFound."""
    row = await CertificateBatch.select(CertificateBatch.state).where(CertificateBatch.id == batch).first()
    if row is None:
        raise NotFound("certificate_batch", id=batch)
    counted = dict(
        (
            await frame(
                "SELECT state, count(*) FROM certificate WHERE batch = ? GROUP BY state",
                {"state": pl.String, "number": pl.Int64},
                batch,
            )
        ).iter_rows()
    )
    waiting, failed = counted.pop("waiting", 0), counted.pop("failed", 0)
    return Progress(batch, row["state"], waiting, sum(counted.values()), failed)


async def next_claim(who: str) -> int | None:
    """Claim the oldest running batch that nobody is at work on; None when there is none."""
    free = CertificateBatch.claimed_until.is_null() | (CertificateBatch.claimed_until < datetime.now(UTC))
    for row in (
        await CertificateBatch.select(CertificateBatch.id)
        .where((CertificateBatch.state == "running") & free)
        .order_by(CertificateBatch.id)
    ):
        if await claim(row["id"], who):
            return int(row["id"])
    return None


async def claim(batch: int, who: str) -> bool:
    """Take or keep the claim on a running batch. One statement decides, so one process has it."""
    now = datetime.now(UTC)
    free = (
        CertificateBatch.claimed_until.is_null()
        | (CertificateBatch.claimed_until < now)
        | (CertificateBatch.claimed_by == who)
    )
    taken = (
        await CertificateBatch.update(
            {CertificateBatch.claimed_by: who, CertificateBatch.claimed_until: now + CLAIM}
        )
        .where((CertificateBatch.id == batch) & (CertificateBatch.state == "running") & free)
        .returning(CertificateBatch.id)
    )
    return bool(taken)


async def release(batch: int, who: str) -> None:
    """Give the claim back, so that another process may go on at once."""
    await CertificateBatch.update(
        {CertificateBatch.claimed_by: "", CertificateBatch.claimed_until: None}
    ).where((CertificateBatch.id == batch) & (CertificateBatch.claimed_by == who))


async def work(batch: int, who: str, render: Render, at_once: int = AT_ONCE) -> bool:
    """Make the next certificates of a claimed batch; False when nothing is left to do here.

    They are made off the event loop and outside the transaction, then written in one change, if the claim still holds.
    """
    rows = (
        await Certificate.select()
        .where((Certificate.batch == batch) & (Certificate.state == "waiting"))
        .order_by(Certificate.id)
        .limit(at_once)
    )
    made = await asyncio.to_thread(_made, rows, render) if rows else []
    async with change(SYSTEM, "certificate.make", f"certificate_batch:{batch}") as act:
        if not await claim(batch, who):
            raise Conflict("certificate.claim_lost")
        failed = 0
        for row, (file_hash, fault) in zip(rows, made, strict=True):
            failed += bool(fault)
            await _write(act, row, file_hash, fault)
        act.record(count=len(rows), failed=failed)
        left = await Certificate.exists().where(
            (Certificate.batch == batch) & (Certificate.state == "waiting")
        )
        if not left:
            await _end(act, batch, "done")
    return left


def _made(rows: Sequence[Mapping[str, Any]], render: Render) -> list[tuple[str, str]]:
    """(hash of the file, "") or ("", the fault as JSON) for each."""
    made = []
    for row in rows:
        try:
            made.append((hashlib.sha256(render(read(row))).hexdigest(), ""))
        except Refusal as refused:
            made.append(("", json.dumps({"code": refused.code, "facts": refused.facts}, ensure_ascii=False)))
        except Exception as fault:  # one bad record must not stop the others
            facts = {"reason": f"{type(fault).__name__}: {fault}"[:200]}
            made.append(
                ("", json.dumps({"code": "certificate.not_made", "facts": facts}, ensure_ascii=False))
            )
    return made


async def _write(act: Change, row: Mapping[str, Any], file_hash: str, fault: str) -> None:
    values: dict[Any, Any] = {
        Certificate.state: "failed" if fault else "valid",
        Certificate.fault: fault,
        Certificate.file_hash: file_hash,
        Certificate.made_at: None if fault else act.at,
        Certificate.version: Certificate.version + 1,
    }
    await Certificate.update(values).where(
        (Certificate.id == row["id"])
        & (Certificate.state == "waiting")
        & (Certificate.version == row["version"])
    )


async def _end(act: Change, batch: int, state: str) -> None:
    await CertificateBatch.update(
        {
            CertificateBatch.state: state,
            CertificateBatch.claimed_by: "",
            CertificateBatch.claimed_until: None,
            CertificateBatch.ended_at: act.at,
        }
    ).where(CertificateBatch.id == batch)


async def batch_for(viewer: Viewer | None, batch: int) -> dict[str, Any]:
    """A batch with the `contest` row it belongs to, for somebody who may. Raises NotFound, Forbidden."""
    row = (
        await CertificateBatch.select(
            *CertificateBatch.all_columns(), CertificateBatch.contest.code.as_alias("contest_code")
        )
        .where(CertificateBatch.id == batch)
        .first()
    )
    if row is None:
        raise NotFound("certificate_batch", id=batch)
    return {**row, "about": await programme.contest_for(viewer, row["contest_code"], may_decide_awards)}


async def stop(viewer: Viewer, batch: int) -> None:
    """What is made stays; the rest waits. Raises NotFound, Forbidden, Conflict."""
    await _turn(viewer, batch, "stop", "stopped", ("running",))


async def resume(viewer: Viewer, batch: int) -> None:
    """Go on with what waits, and try again what failed. Raises NotFound, Forbidden, Conflict."""
    await _turn(viewer, batch, "resume", "running", ("running", "stopped", "done"))


async def _turn(viewer: Viewer, batch: int, deed: str, state: str, sources: tuple[str, ...]) -> None:
    await batch_for(viewer, batch)
    async with change(viewer.actor, f"certificate.{deed}", f"certificate_batch:{batch}") as act:
        await turn(act, viewer.actor, batch, state, sources)


async def turn(act: Change, _actor: Actor, batch: int, state: str, sources: tuple[str, ...]) -> None:
    """Inside an open change: put a batch into a state; set running, its failed ones wait again."""
    if state == "running":
        again = (
            await Certificate.update(
                {
                    Certificate.state: "waiting",
                    Certificate.fault: "",
                    Certificate.version: Certificate.version + 1,
                }
            )
            .where((Certificate.batch == batch) & (Certificate.state == "failed"))
            .returning(Certificate.id)
        )
        act.record(again=len(again))
    turned = (
        await CertificateBatch.update(
            {
                CertificateBatch.state: state,
                CertificateBatch.ended_at: None if state == "running" else act.at,
            }
        )
        .where((CertificateBatch.id == batch) & CertificateBatch.state.is_in([*sources]))
        .returning(CertificateBatch.id)
    )
    if not turned:
        raise Conflict("certificate.batch_moved")
