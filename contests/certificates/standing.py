"""What becomes of a certificate: replaced or revoked with a reason, and whether it still says what the board says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contests import programme
from contests.awards.listing import award_list
from contests.certificates import batches
from contests.certificates.contents import hash_of, is_sound, read
from contests.certificates.settings import settings_of
from contests.rules import may_decide_awards, may_see_awards
from contests.tables import Certificate, CertificateBatch
from federation.accounts import Viewer
from federation.audit import canonical
from federation.changes import Change, change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid, NotFound

KNOWN_OUTSIDE = ("valid", "replaced", "revoked")


async def certificates_of(viewer: Viewer | None, event_category: int) -> list[dict[str, Any]]:
    """All of an event category by number, each with its `printed` content, its `fault` as a Finding or None and
    `differs`: it stands but is not what the award list in force says. Raises NotFound, Forbidden."""
    row = await programme.event_category_for(viewer, event_category, may_see_awards)
    try:
        awards = await award_list(event_category)
        current = {one["entry"]: one for one in awards.awarded}
    except Conflict:
        current = {}
    found = await Certificate.select().where(Certificate.event_category == row["id"]).order_by(Certificate.id)
    return [_told(one, current.get(one["entry"])) for one in found]


async def certificates_of_batch(batch: int, *states: str) -> list[dict[str, Any]]:
    """Those of a batch by number, all or those in these states, with `printed` and `fault`."""
    asked = Certificate.select().where(Certificate.batch == batch)
    if states:
        asked = asked.where(Certificate.state.is_in([*states]))
    rows = await asked.order_by(Certificate.id)
    return [{**row, "printed": read(row), "fault": fault_of(row)} for row in rows]


def _told(row: dict[str, Any], current: Mapping[str, Any] | None) -> dict[str, Any]:
    printed = read(row)
    differs = row["state"] == "valid" and (
        current is None or (current["award"], current["place"]) != (row["award"], printed["place"])
    )
    return {**row, "printed": printed, "fault": fault_of(row), "differs": differs, "sound": is_sound(row)}


def fault_of(row: Mapping[str, Any]) -> Finding | None:
    if not row["fault"]:
        return None
    kept = json.loads(row["fault"])
    return Finding(kept["code"], facts=kept["facts"])


async def certificate_for(viewer: Viewer | None, certificate: int) -> dict[str, Any]:
    """One certificate with `about` its event category, for who may see them or for whom it names.

    Raises NotFound, Forbidden.
    """
    row = (
        await Certificate.select(*Certificate.all_columns(), Certificate.entry.worker.as_alias("worker"))
        .where(Certificate.id == certificate)
        .first()
    )
    if row is None:
        raise NotFound("certificate", id=certificate)
    about = await programme.event_category(row["event_category"])
    own = viewer is not None and viewer.worker is not None and viewer.worker == row["worker"]
    if not own and not may_see_awards(viewer, about["ground"]):
        raise Forbidden("contest.not_yours", name=about["contest_name"])
    return {**row, "about": about, "printed": read(row), "fault": fault_of(row), "sound": is_sound(row)}


async def _for_change(viewer: Viewer, certificate: int, reason: str) -> dict[str, Any]:
    row = await certificate_for(viewer, certificate)
    if not may_decide_awards(viewer, row["about"]["ground"]):
        raise Forbidden("contest.not_yours", name=row["about"]["contest_name"])
    if not reason.strip():
        raise Invalid([Finding("certificate.reason_missing", place="reason")])
    if len(reason) > 300:
        raise Invalid([Finding("form.too_long", place="reason", facts={"limit": 300})])
    return row


async def _ended(act: Change, viewer: Viewer, row: Mapping[str, Any], state: str, reason: str) -> None:
    ended = (
        await Certificate.update(
            {
                Certificate.state: state,
                Certificate.reason: reason.strip(),
                Certificate.ended_at: act.at,
                Certificate.ended_by: viewer.actor.name,
                Certificate.version: Certificate.version + 1,
            }
        )
        .where((Certificate.id == row["id"]) & (Certificate.state == "valid"))
        .returning(Certificate.id)
    )
    if not ended:
        raise Conflict("certificate.not_valid")


async def revoke(viewer: Viewer, certificate: int, reason: str, *, sending: str | None = None) -> None:
    """Take a certificate back; whoever checks it reads that at once. Raises Forbidden, Invalid, Conflict."""
    row = await _for_change(viewer, certificate, reason)
    try:
        async with change(
            viewer.actor, "certificate.revoke", f"certificate:{certificate}", sending=sending
        ) as act:
            await _ended(act, viewer, row, "revoked", reason)
            act.record(number=row["number"], reason=reason.strip())
    except AlreadyDone:
        return


async def replace(
    viewer: Viewer,
    certificate: int,
    reason: str,
    *,
    name: str = "",
    organisation: str = "",
    sending: str | None = None,
) -> int:
    """A new one under the next number from the award list in force, the old one marked as replaced; a revoked one
    stays revoked. `name` and `organisation` correct what is printed. Returns the new row.

    Raises Forbidden, Invalid, Conflict.
    """
    row = await _for_change(viewer, certificate, reason)
    _check_printed(name, organisation)
    contest = await programme.contest(row["about"]["contest_code"])
    try:
        async with change(
            viewer.actor, "certificate.replace", f"certificate:{certificate}", sending=sending
        ) as act:
            awards = await award_list(row["event_category"])
            found = [
                (line.order, one)
                for line in awards.lines
                for one in line.rows
                if one["entry"] == row["entry"]
            ]
            if not found:
                raise Conflict("certificate.no_award_now")
            settings = await settings_of(contest["id"])
            assert settings is not None
            order, listed = found[0]
            printed = {
                **listed,
                "name": name.strip() or row["printed"]["name"],
                "organisation": organisation.strip() or row["printed"]["organisation"],
            }
            if row["state"] != "revoked":
                await _ended(act, viewer, row, "replaced", reason)
            elif await Certificate.exists().where(
                (Certificate.entry == row["entry"]) & Certificate.state.is_in([*batches.STANDING])
            ):
                raise Conflict("certificate.stands")
            [made] = await batches.freeze(
                row["batch"], settings, contest, awards, [(order, printed)], replaces=certificate
            )
            await batches.turn(act, viewer.actor, row["batch"], "running", ("running", "stopped", "done"))
            act.record(number=row["number"], by=made, reason=reason.strip())
            act.answer["certificate"] = made
    except AlreadyDone as before:
        return int(before.answer["certificate"])
    return made


def _check_printed(name: str, organisation: str) -> None:
    findings = [
        Finding("form.too_long", place=place, facts={"limit": limit})
        for place, text, limit in (("name", name, 60), ("organisation", organisation, 120))
        if len(text) > limit
    ]
    if findings:
        raise Invalid(findings)


async def amend(
    viewer: Viewer, certificate: int, name: str, reason: str, *, sending: str | None = None
) -> None:
    """Another way to write the name on a certificate that could not be made; it then waits again under its number.

    Raises Forbidden, Invalid, Conflict.
    """
    row = await _for_change(viewer, certificate, reason)
    _check_printed(name, "")
    if not name.strip():
        raise Invalid([Finding("form.missing", place="name")])
    content = canonical({**row["printed"], "name": name.strip()})
    try:
        async with change(
            viewer.actor, "certificate.amend", f"certificate:{certificate}", sending=sending
        ) as act:
            amended = (
                await Certificate.update(
                    {
                        Certificate.content: content,
                        Certificate.hash: hash_of(content),
                        Certificate.reason: reason.strip(),
                        Certificate.version: Certificate.version + 1,
                    }
                )
                .where((Certificate.id == certificate) & (Certificate.state == "failed"))
                .returning(Certificate.id)
            )
            if not amended:
                raise Conflict("certificate.not_failed")
            await batches.turn(act, viewer.actor, row["batch"], "running", ("running", "stopped", "done"))
            act.record(number=row["number"], reason=reason.strip())
    except AlreadyDone:
        return


async def batches_of(contest: int) -> list[dict[str, Any]]:
    """The batches of a contest, newest first, each with its `progress`."""
    rows = (
        await CertificateBatch.select(
            *CertificateBatch.all_columns(),
            CertificateBatch.event_category.event.name.as_alias("event_name"),
            CertificateBatch.event_category.event.name_en.as_alias("event_name_en"),
            CertificateBatch.event_category.category.as_alias("category"),
        )
        .where(CertificateBatch.contest == contest)
        .order_by(CertificateBatch.id, ascending=False)
    )
    return [{**row, "progress": await batches.progress(row["id"])} for row in rows]
