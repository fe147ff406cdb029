"""What follows from one final result of the demo: titles on their way, certificates issued, one of them revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from contests import archive
from contests.awards import titles
from contests.certificates import batches, standing
from contests.certificates.settings import adopt_settings, preset
from contests.forms.certificates import ArchiveForm, SettingsForm
from contests.tables import EventCategory
from federation.accounts import Viewer, viewer_named
from web.reports.certificates import certificate_pdf

CHECK_ADDRESS = "http://127.0.0.1:8000/certificates"
WHO = "demo"


async def award(today: date) -> None:
    """Does as the organiser would: the newest provincial contest whose results are final, its first category."""
    organiser = await viewer_named("zuzhi")
    found = await _final()
    if organiser is None or found is None:
        return
    made, contest, ended = found["id"], found["contest_code"], found["ends_on"]
    reported = min(ended + timedelta(days=25), today)
    await _titles(organiser, made, reported, today)
    await _certificates(organiser, contest, made, reported)
    for item, document in (
        ("notice", found["document_number"]),
        ("plan", f"{found['document_number']}附件 3"),
    ):
        await archive.fill(organiser, contest, item, ArchiveForm(document_number=document))
    await archive.fill(organiser, contest, "media", ArchiveForm(location="省总资料室 4 柜 2 格，录像 3 盘"))


async def _final() -> dict[str, Any] | None:
    event = EventCategory.event
    return (
        await EventCategory.select(
            EventCategory.id,
            event.contest.code.as_alias("contest_code"),
            event.contest.ends_on.as_alias("ends_on"),
            event.contest.document_number.as_alias("document_number"),
        )
        .where(
            (EventCategory.state == "final")
            & (EventCategory.category == "employee")
            & (event.contest.level == "province")
            & event.contest.class_code.is_not_null()
        )
        .order_by(event.contest.starts_on, ascending=False)
        .order_by(EventCategory.id)
        .first()
    )


async def _titles(organiser: Viewer, made: int, reported: date, today: date) -> None:
    """All that the rules propose, reported by one paper; the first approved, the first of those issued."""
    looked = await titles.look(organiser, made)
    chosen = [(one.winner.entry, one.rule.id) for one in looked.new]
    if not chosen:
        return
    await titles.propose(organiser, made, chosen)
    rows = await titles.titles_of(made)
    await _move(organiser, made, rows[:-1], "reported", f"赣工发〔{reported.year}〕58号", reported)
    experts = [row for row in rows[:-1] if row["honour"] == "provincial-technical-expert"]
    approved = min(reported + timedelta(days=30), today)
    await _move(organiser, made, experts, "approved", f"赣人社字〔{approved.year}〕212号", approved)
    await _move(organiser, made, experts[:1], "issued", f"赣技能手〔{approved.year}〕0117号", approved)


async def _move(
    organiser: Viewer, made: int, rows: Sequence[dict[str, Any]], to: str, number: str, day: date
) -> None:
    if rows:
        await titles.move(
            organiser, made, [row["id"] for row in rows], to, document_number=number, document_on=day
        )


async def _certificates(organiser: Viewer, contest: str, made: int, issued: date) -> None:
    form = SettingsForm(
        **{**preset(), "issuer": "江西省总工会", "issued_on": issued, "check_address": CHECK_ADDRESS},
        document_number=f"赣工发〔{issued.year}〕58号",
    )
    await adopt_settings(organiser, contest, form)
    batch = await batches.start(organiser, contest, made)
    await batches.claim(batch, WHO)
    while await batches.work(batch, WHO, certificate_pdf):
        pass
    rows = await standing.certificates_of_batch(batch)
    await standing.revoke(organiser, rows[-1]["id"], "本人书面放弃奖项（演示）")
    await standing.replace(organiser, rows[1]["id"], "工作单位更名（演示）")
    await batches.claim(batch, WHO)
    await batches.work(batch, WHO, certificate_pdf)
