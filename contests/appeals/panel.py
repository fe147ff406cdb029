"""Who sits on the panel, where they come from, and whose appeals they may not hear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contests.programme import event_category_for
from contests.rules import may_organise
from contests.tables import AppealMember
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Invalid
from federation.tables import Account, Grant, UnionUnit


async def members(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The accounts on the panel of this event category, by name, each with `unit` (id), `unit_code`, `unit_name`."""
    grants = await Grant.select(
        Grant.account, Grant.scope, Grant.scope_id, Grant.account.display_name.as_alias("name")
    ).where((Grant.role == "appeals_panel") & Grant.account.disabled_at.is_null())
    paths = await _paths([one["scope_id"] for one in grants if one["scope"] == "union"])
    here = {
        one["account"]: one["name"]
        for one in grants
        if one["scope"] == "all"
        or (one["scope"] == "union" and row["host_path"].startswith(paths.get(one["scope_id"], "-")))
        or (one["scope"], one["scope_id"]) in (("contest", row["contest"]), ("event", row["id"]))
    }
    declared = {one["account"]: one for one in await _declared(row["contest"])}
    found = [
        {
            "account": account,
            "name": name,
            "unit": declared.get(account, {}).get("unit"),
            "unit_code": declared.get(account, {}).get("unit_code", ""),
            "unit_name": declared.get(account, {}).get("unit_name", ""),
            "unit_name_en": declared.get(account, {}).get("unit_name_en", ""),
        }
        for account, name in here.items()
    ]
    return sorted(found, key=lambda one: (one["name"], one["account"]))


async def _paths(units: list[int]) -> dict[int, str]:
    if not units:
        return {}
    rows = await UnionUnit.select(UnionUnit.id, UnionUnit.path).where(UnionUnit.id.is_in(units))
    return {row["id"]: row["path"] for row in rows}


async def _declared(contest: int, account: int | None = None) -> list[dict[str, Any]]:
    wanted = AppealMember.contest == contest
    if account is not None:
        wanted = wanted & (AppealMember.account == account)
    return await AppealMember.select(
        AppealMember.account,
        AppealMember.unit,
        AppealMember.unit.code.as_alias("unit_code"),
        AppealMember.unit.name.as_alias("unit_name"),
        AppealMember.unit.name_en.as_alias("unit_name_en"),
        AppealMember.unit.path.as_alias("path"),
    ).where(wanted)


async def set_unit(
    viewer: Viewer, event_category: int, account: int, unit_code: str, *, sending: str | None = None
) -> None:
    """Record which unit a member comes from, for the whole contest. Raises Forbidden, NotFound, Invalid."""
    row = await event_category_for(viewer, event_category, may_organise)
    unit = await UnionUnit.select(UnionUnit.id).where(UnionUnit.code == unit_code.strip()).first()
    findings = []
    if account not in {one["account"] for one in await members(row)}:
        findings.append(Finding("appeal.not_on_panel", place="account"))
    if unit is None:
        findings.append(Finding("appeal.unit_unknown_code", place="unit", facts={"value": unit_code[:20]}))
    if findings:
        raise Invalid(findings)
    assert unit is not None
    subject = f"event_category:{event_category}"
    try:
        async with change(viewer.actor, "appeal.member", subject, sending=sending) as act:
            await AppealMember.delete().where(
                (AppealMember.contest == row["contest"]) & (AppealMember.account == account)
            )
            await AppealMember.insert(
                AppealMember(
                    contest=row["contest"],
                    account=account,
                    unit=unit["id"],
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            act.record(account=account, unit=unit_code)
    except AlreadyDone:
        return


async def barred(viewer: Viewer, contest: int, delegation: int) -> str | None:
    """Why this member may not hear an appeal of this delegation: a code, or None.

    Own units are the declared one, those whose leader or officer the member is, and that of the own employer. A
    member without a declared unit hears nothing.
    """
    declared = await _declared(contest, viewer.id)
    if not declared:
        return "appeal.unit_undeclared"
    unit = await UnionUnit.select(UnionUnit.path).where(UnionUnit.id == delegation).first()
    assert unit is not None
    own = [one["path"] for one in declared]
    own += [path for path in viewer.branches("leader", "officer") if path]
    own += await _employer(viewer)
    return "appeal.own_unit" if any(path.startswith(unit["path"]) for path in own) else None


async def _employer(viewer: Viewer) -> list[str]:
    row = (
        await Account.select(Account.worker.organisation.union_unit.path.as_alias("path"))
        .where(Account.id == viewer.id)
        .first()
    )
    return [row["path"]] if row and row["path"] else []
