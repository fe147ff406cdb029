"""The people of the scenes. All invented; each plays one role."""

from __future__ import annotations

from datetime import UTC, datetime

from federation.accounts import Granted, Viewer
from federation.tables import Account, Grant, UnionUnit

PROVINCE = "T360000"
NANCHANG = "T360100"
JIUJIANG = "T360400"


async def a_viewer(name: str, *grants: tuple[str, str, int | None], worker: int | None = None) -> Viewer:
    """An account with these grants (role, scope, scope id), signed in. Scope "union" takes a unit's id."""
    entered = await Account.insert(
        Account(login=name, password_hash="", display_name=name, worker=worker, created_at=datetime.now(UTC))
    )
    account = int(entered[0]["id"])
    for role, scope, scope_id in grants:
        await Grant.insert(Grant(account=account, role=role, scope=scope, scope_id=scope_id))
    return Viewer(
        id=account,
        login=name,
        display_name=name,
        worker=worker,
        grants=tuple([await _granted(*grant) for grant in grants]),
    )


async def _granted(role: str, scope: str, scope_id: int | None) -> Granted:
    path = ""
    if scope == "union":
        unit = await UnionUnit.select(UnionUnit.path).where(UnionUnit.id == scope_id).first()
        path = unit["path"] if unit else ""
    return Granted(role, scope, scope_id, path)


async def unit_id(code: str) -> int:
    unit = await UnionUnit.select(UnionUnit.id).where(UnionUnit.code == code).first()
    assert unit is not None
    return int(unit["id"])


async def in_branch(name: str, role: str, unit_code: str) -> Viewer:
    """Somebody with a role over one union unit and all below it."""
    return await a_viewer(name, (role, "union", await unit_id(unit_code)))


async def the_organiser() -> Viewer:
    """Xiong Xiaoyan organises for the whole province."""
    return await in_branch("熊晓燕", "organiser", PROVINCE)


async def the_clerk(contest: int, name: str = "邱录分") -> Viewer:
    return await a_viewer(name, ("clerk", "contest", contest))


async def the_chief_referee(contest: int) -> Viewer:
    return await a_viewer("万裁判", ("chief_referee", "contest", contest))


async def the_administrator() -> Viewer:
    return await a_viewer("管理员", ("administrator", "all", None))
