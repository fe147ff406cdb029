"""How the certificates of a contest are numbered and worded: editions, the newest in force."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from contests import programme
from contests.certificates.patterns import WORDING_FIELDS, read_number_pattern, read_pattern
from contests.forms.certificates import SettingsForm
from contests.rules import may_decide_awards
from contests.tables import CertificateSettings
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid

PRESET = Path(__file__).parents[1] / "presets" / "certificates.json"
CATEGORY_LETTERS = {"employee": "职", "student": "学", "teacher": "教"}
AWARD_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


@lru_cache(maxsize=1)
def preset() -> Mapping[str, str]:
    return json.loads(PRESET.read_text(encoding="utf-8"))


async def settings_of(contest: int) -> dict[str, Any] | None:
    """The edition in force, or None where nobody set one."""
    return (
        await CertificateSettings.select()
        .where(CertificateSettings.contest == contest)
        .order_by(CertificateSettings.edition, ascending=False)
        .first()
    )


async def beginning(contest: Mapping[str, Any], address: str, issuer: str, today: date) -> dict[str, Any]:
    """What the form begins with: the edition in force, or the preset with this site's address."""
    held = await settings_of(contest["id"])
    if held is not None:
        return held
    return {
        **preset(),
        "issuer": issuer,
        "issued_on": today,
        "document_number": contest["document_number"],
        "check_address": address,
        "edition": 0,
    }


async def adopt_settings(
    viewer: Viewer, contest_code: str, form: SettingsForm, *, sending: str | None = None
) -> int:
    """The next edition; certificates made before keep theirs. Raises Forbidden, Invalid, Conflict."""
    contest = await programme.contest_for(viewer, contest_code, may_decide_awards)
    check_settings(form)
    subject = f"contest:{contest_code}"
    try:
        async with change(viewer.actor, "certificate.settings", subject, sending=sending) as act:
            held = await settings_of(contest["id"])
            before = held["edition"] if held else 0
            if before != form.edition:
                raise Conflict("certificate.settings_changed")
            await CertificateSettings.insert(
                CertificateSettings(
                    contest=contest["id"],
                    actor=viewer.actor.name,
                    at=act.at,
                    **{**form.model_dump(), "edition": before + 1},
                )
            )
            act.record(edition=before + 1, pattern=form.number_pattern, basis=form.basis)
            act.answer["edition"] = before + 1
    except AlreadyDone as done:
        return int(done.answer["edition"])
    return before + 1


def check_settings(form: SettingsForm) -> None:
    """Raises Invalid with every fault of pattern, wording and address."""
    findings: list[Finding] = []
    for check in (
        lambda: read_number_pattern(form.number_pattern),
        lambda: read_pattern(form.wording, WORDING_FIELDS, "wording"),
    ):
        try:
            check()
        except Invalid as refused:
            findings += refused.findings
    first, _, rest = form.wording.partition("\n")
    if "{name}" not in first or rest.count("{award}") != 1:
        findings.append(Finding("certificate.wording_without", place="wording"))
    if not _ADDRESS.fullmatch(form.check_address):
        findings.append(
            Finding("certificate.address", place="check_address", facts={"value": form.check_address})
        )
    if findings:
        raise Invalid(findings)


def number_facts(about: Mapping[str, Any], contest: Mapping[str, Any], order: int) -> dict[str, Any]:
    """What the fields of a number stand for; `order` is that of the award line."""
    return {
        "year": contest["year"],
        "class": contest["class_code"] or "",
        "contest": contest["code"],
        "event": about["event_code"],
        "category": CATEGORY_LETTERS.get(about["category"], ""),
        "award": AWARD_LETTERS[min(order, len(AWARD_LETTERS) - 1)],
    }
