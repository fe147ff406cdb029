"""Accounts: signing in, sessions kept on the server, and what a signed-in person was granted."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from federation.changes import Actor, Change, change
from federation.findings import Finding
from federation.refusals import Invalid, Refusal
from federation.tables import Account, Grant, Session, UnionUnit

ROLES = (
    "administrator",
    "security_administrator",
    "auditor",
    "officer",
    "organiser",
    "clerk",
    "judge",
    "chief_referee",
    "supervisor",
    "checkin",
    "anonymiser",
    "floor_referee",
    "appeals_panel",
    "leader",
    "participant",
)
SCOPES = ("all", "union", "contest", "event", "studio")

FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
_SEEN_EVERY = timedelta(minutes=5)

_hasher = PasswordHasher()
_two_at_once = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Granted:
    """A role within a scope; `path` is the union unit's path when the scope is a union unit."""

    role: str
    scope: str
    scope_id: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person looking, with what they were granted. A stranger is None."""

    id: int
    login: str
    display_name: str
    worker: int | None
    grants: tuple[Granted, ...]
    token_hash: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(account=self.id, name=self.display_name)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    def holds(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def branches(self, *roles: str) -> tuple[str, ...]:
        """Paths of the union units below which any of the roles reaches; "" is everywhere."""
        return tuple(
            dict.fromkeys(
                "" if grant.scope == "all" else grant.path
                for grant in self.grants
                if grant.role in roles and grant.scope in ("all", "union")
            )
        )

    def covers(self, path: str, *roles: str) -> bool:
        """Whether any of the roles reaches the union unit of this path."""
        return any(path.startswith(branch) for branch in self.branches(*roles))

    def granted(self, scope: str, scope_id: int, *roles: str) -> bool:
        """Whether any of the roles is held for exactly this contest, event or studio."""
        return any(
            grant.role in roles and grant.scope == scope and grant.scope_id == scope_id
            for grant in self.grants
        )


async def _hash(password: str) -> str:
    async with _two_at_once:
        return await asyncio.to_thread(_hasher.hash, unicodedata.normalize("NFKC", password))


async def _matches(password_hash: str, password: str) -> bool:
    async with _two_at_once:
        try:
            return await asyncio.to_thread(
                _hasher.verify, password_hash, unicodedata.normalize("NFKC", password)
            )
        except (VerificationError, InvalidHashError):
            return False


hashed, matches = _hash, _matches
"""The same for the PINs of judges' seats."""


def check_password(password: str) -> list[Finding]:
    """At least 8 characters of 3 kinds (editable default after GB/T 22239 practice)."""
    kinds = sum(
        any(test(character) for character in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )
    if len(password) < 8 or kinds < 3:
        return [Finding("password.weak", place="password", facts={"length": 8, "kinds": 3})]
    return []


async def open_account(
    actor: Actor, *, login: str, password: str, display_name: str, worker: int | None = None
) -> int:
    """Create an account and return its id. Raises Invalid for a weak password or a login in use."""
    findings = check_password(password)
    if await Account.exists().where(Account.login == login):
        findings.append(Finding("login.in_use", place="login", facts={"login": login}))
    if findings:
        raise Invalid(findings)
    password_hash = await _hash(password)
    async with change(actor, "account.open") as act:
        row = await Account.insert(
            Account(
                login=login,
                password_hash=password_hash,
                display_name=display_name,
                worker=worker,
                created_at=act.at,
            )
        )
        account = int(row[0]["id"])
        act.subject = f"account:{account}"
        act.record(login=login)
    return account


async def grant(
    actor: Actor, account: int, role: str, scope: str = "all", scope_id: int | None = None
) -> None:
    if role not in ROLES or scope not in SCOPES:
        raise ValueError(f"unknown role or scope: {role} {scope}")
    async with change(
        actor, "account.grant", f"account:{account}", role=role, scope=scope, scope_id=scope_id
    ):
        await Grant.insert(Grant(account=account, role=role, scope=scope, scope_id=scope_id))


async def sign_in(login: str, password: str) -> str:
    """Check login and password and open a session; returns the cookie's secret.

    Raises Refusal: `sign_in.locked` (facts: until), `sign_in.wrong` (facts: left = tries before the lock). A
    login that does not exist is answered like a wrong password and takes as long.
    """
    account = await Account.select().where(Account.login == login.strip()).first()
    now = datetime.now(UTC)
    if account is None or account["disabled_at"] is not None:
        await _hash(password)
        raise Refusal("sign_in.wrong", left=None)
    actor = Actor(account=account["id"], name=account["display_name"])
    if account["locked_until"] is not None and account["locked_until"] > now:
        raise Refusal("sign_in.locked", until=account["locked_until"])
    if not await _matches(account["password_hash"], password):
        left = await _count_failure(actor, account["id"])
        raise Refusal("sign_in.wrong", left=left)
    async with change(actor, "account.sign_in", f"account:{account['id']}") as act:
        await Account.update({Account.failures: 0, Account.locked_until: None}).where(
            Account.id == account["id"]
        )
        return await _open_session(act, account["id"])


async def _count_failure(actor: Actor, account: int) -> int:
    async with change(actor, "account.sign_in_failed", f"account:{account}") as act:
        counted = (
            await Account.update({Account.failures: Account.failures + 1})
            .where(Account.id == account)
            .returning(Account.failures)
        )
        failures = int(counted[0]["failures"])
        if failures >= FAILURES_BEFORE_LOCK:
            await Account.update({Account.failures: 0, Account.locked_until: act.at + LOCK}).where(
                Account.id == account
            )
            act.record(locked=True)
    return max(0, FAILURES_BEFORE_LOCK - failures)


async def _open_session(act: Change, account: int) -> str:
    secret = secrets.token_urlsafe(32)
    await Session.insert(
        Session(
            token_hash=_token_hash(secret),
            account=account,
            created_at=act.at,
            seen_at=act.at,
            expires_at=act.at + SESSION_LIFE,
        )
    )
    await Session.delete().where(Session.expires_at < act.at)
    return secret


def _token_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def viewer_of(secret: str) -> Viewer | None:
    """The signed-in person a cookie belongs to, or None when the session has ended."""
    token_hash = _token_hash(secret)
    session = (
        await Session.select(
            Session.seen_at,
            Session.expires_at,
            Session.account,
            Session.account.login.as_alias("login"),
            Session.account.display_name.as_alias("display_name"),
            Session.account.worker.as_alias("worker"),
            Session.account.disabled_at.as_alias("disabled_at"),
        )
        .where(Session.token_hash == token_hash)
        .first()
    )
    now = datetime.now(UTC)
    if session is None or session["disabled_at"] is not None:
        return None
    if session["expires_at"] < now or session["seen_at"] + SESSION_IDLE < now:
        return None
    if session["seen_at"] + _SEEN_EVERY < now:
        await Session.update({Session.seen_at: now}).where(Session.token_hash == token_hash)
    return Viewer(
        id=session["account"],
        login=session["login"],
        display_name=session["display_name"],
        worker=session["worker"],
        grants=await _grants_of(session["account"]),
        token_hash=token_hash,
    )


async def viewer_named(login: str) -> Viewer | None:
    """An account as a command on this machine acts for it, without a session; None when it is unknown or shut."""
    account = await Account.select().where((Account.login == login) & Account.disabled_at.is_null()).first()
    if account is None:
        return None
    return Viewer(
        id=account["id"],
        login=account["login"],
        display_name=account["display_name"],
        worker=account["worker"],
        grants=await _grants_of(account["id"]),
    )


async def _grants_of(account: int) -> tuple[Granted, ...]:
    rows = await Grant.select().where(Grant.account == account).order_by(Grant.id)
    units = [row["scope_id"] for row in rows if row["scope"] == "union"]
    paths: dict[int, str] = {}
    if units:
        found = await UnionUnit.select(UnionUnit.id, UnionUnit.path).where(UnionUnit.id.is_in(units))
        paths = {unit["id"]: unit["path"] for unit in found}
    return tuple(
        Granted(
            row["role"],
            row["scope"],
            row["scope_id"],
            paths[row["scope_id"]] if row["scope"] == "union" else "",
        )
        for row in rows
    )


async def sign_out(viewer: Viewer) -> None:
    async with change(viewer.actor, "account.sign_out", f"account:{viewer.id}"):
        await Session.delete().where(Session.token_hash == viewer.token_hash)


async def all_accounts() -> list[dict[str, Any]]:
    """Every account by login, with its `grants`; a grant carries the name of its union `unit`."""
    rows = await Account.select(
        Account.id, Account.login, Account.display_name, Account.disabled_at
    ).order_by(Account.login)
    granted = await Grant.select().order_by(Grant.id)
    units = await UnionUnit.select(UnionUnit.id, UnionUnit.name).where(
        UnionUnit.id.is_in([grant["scope_id"] for grant in granted if grant["scope"] == "union"] or [0])
    )
    names = {unit["id"]: unit["name"] for unit in units}
    for grant in granted:
        grant["unit"] = names.get(grant["scope_id"], "") if grant["scope"] == "union" else ""
    return [{**row, "grants": [grant for grant in granted if grant["account"] == row["id"]]} for row in rows]


async def enable(viewer: Viewer, account: int, *, enabled: bool) -> None:
    """Let an account sign in again, or stop it and end its sessions. Nobody stops themselves."""
    if account == viewer.id:
        raise Refusal("account.yourself")
    async with change(
        viewer.actor, "account.start" if enabled else "account.stop", f"account:{account}"
    ) as act:
        await Account.update({Account.disabled_at: None if enabled else act.at}).where(Account.id == account)
        if not enabled:
            await Session.delete().where(Session.account == account)


async def change_password(viewer: Viewer, old: str, new: str) -> None:
    """Set a new password and end every other session. Raises Invalid."""
    account = await Account.select(Account.password_hash).where(Account.id == viewer.id).first()
    findings = check_password(new)
    if account is None or not await _matches(account["password_hash"], old):
        findings.append(Finding("password.wrong", place="old_password"))
    if findings:
        raise Invalid(findings)
    password_hash = await _hash(new)
    async with change(viewer.actor, "account.change_password", f"account:{viewer.id}"):
        await Account.update({Account.password_hash: password_hash}).where(Account.id == viewer.id)
        await Session.delete().where(
            (Session.account == viewer.id) & (Session.token_hash != viewer.token_hash)
        )
