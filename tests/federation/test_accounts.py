"""Accounts: signing in, the lock after five failures, sessions that end, rights within a scope."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from federation import accounts
from federation.changes import SYSTEM
from federation.refusals import Invalid, Refusal
from federation.tables import Account, AuditLine, Session
from tests.cast import NANCHANG, PROVINCE, a_viewer, in_branch, unit_id
from tests.conftest import PASSWORD


async def an_account(login: str = "xiong", **changes) -> int:
    return await accounts.open_account(
        SYSTEM, **{"login": login, "password": PASSWORD, "display_name": "熊晓燕", **changes}
    )


async def refused(login: str, password: str) -> tuple[str, dict]:
    with pytest.raises(Refusal) as refusal:
        await accounts.sign_in(login, password)
    return refusal.value.code, refusal.value.facts


async def test_a_session_is_kept_on_the_server_and_ends_with_signing_out(db):
    account = await an_account()
    secret = await accounts.sign_in("xiong", PASSWORD)
    viewer = await accounts.viewer_of(secret)
    assert (viewer.id, viewer.display_name, viewer.roles) == (account, "熊晓燕", ())
    assert secret not in str(await Session.select())
    await accounts.sign_out(viewer)
    assert await accounts.viewer_of(secret) is None


async def test_a_session_ends_when_it_was_idle_or_grew_old(db):
    await an_account()
    for column, age in ((Session.seen_at, accounts.SESSION_IDLE), (Session.expires_at, timedelta(0))):
        secret = await accounts.sign_in("xiong", PASSWORD)
        before = datetime.now(UTC) - age - timedelta(seconds=1)
        await Session.update({column: before}).where(Session.token_hash == stored_as(secret))
        assert await accounts.viewer_of(secret) is None


def stored_as(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def test_five_failures_lock_the_account_and_the_right_password_does_not_open_it(db):
    await an_account()
    left = [(await refused("xiong", "falsch-1"))[1]["left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    code, facts = await refused("xiong", PASSWORD)
    assert code == "sign_in.locked"
    assert facts["until"] > datetime.now(UTC)
    await Account.update({Account.locked_until: datetime.now(UTC)}).where(Account.login == "xiong")
    assert await accounts.viewer_of(await accounts.sign_in("xiong", PASSWORD)) is not None


async def test_a_stranger_and_a_disabled_account_are_answered_alike(db):
    await an_account()
    await Account.update({Account.disabled_at: datetime.now(UTC)}).where(Account.login == "xiong")
    assert await refused("xiong", PASSWORD) == await refused("nobody", PASSWORD)


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Gan-Po-2026", []),
        ("赣鄱Po-2026", []),
        ("Gan-Po1", ["password.weak"]),
        ("ganpo2026", ["password.weak"]),
        ("GANPOGANPO", ["password.weak"]),
    ],
)
def test_passwords_have_eight_characters_of_three_kinds(password, codes):
    assert [finding.code for finding in accounts.check_password(password)] == codes


async def test_a_login_belongs_to_one_account(db):
    await an_account()
    with pytest.raises(Invalid) as refusal:
        await an_account(password="short")
    assert [finding.code for finding in refusal.value.findings] == ["password.weak", "login.in_use"]


async def test_a_new_password_ends_the_other_sessions(db):
    await an_account()
    here, elsewhere = [await accounts.sign_in("xiong", PASSWORD) for _ in range(2)]
    viewer = await accounts.viewer_of(here)
    with pytest.raises(Invalid) as refusal:
        await accounts.change_password(viewer, "falsch-1", "Xin-Mi-2027")
    assert [finding.code for finding in refusal.value.findings] == ["password.wrong"]
    await accounts.change_password(viewer, PASSWORD, "Xin-Mi-2027")
    assert (await accounts.viewer_of(here) is None, await accounts.viewer_of(elsewhere)) == (False, None)
    assert await accounts.sign_in("xiong", "Xin-Mi-2027")


async def test_no_password_reaches_the_trail(db):
    await an_account()
    await refused("xiong", "Falsch-Wort-1")
    trail = "".join(row["facts"] for row in await AuditLine.select(AuditLine.facts))
    assert ("Falsch-Wort-1" in trail, PASSWORD in trail) == (False, False)


async def test_a_role_over_a_union_reaches_everything_below_it(db):
    nanchang = await in_branch("赵领队", "leader", NANCHANG)
    province = await in_branch("熊晓燕", "organiser", PROVINCE)
    paths = {"city": "T360000/T360100/", "county": "T360000/T360100/T360102/", "other": "T360000/T360400/"}
    assert {name: nanchang.covers(path, "leader") for name, path in paths.items()} == {
        "city": True,
        "county": True,
        "other": False,
    }
    assert all(province.covers(path, "organiser") for path in paths.values())
    assert not province.covers(paths["city"], "officer")


async def test_a_role_for_one_contest_reaches_no_other(db):
    clerk = await a_viewer("邱录分", ("clerk", "contest", 7))
    assert (clerk.granted("contest", 7, "clerk"), clerk.granted("contest", 8, "clerk")) == (True, False)
    assert not clerk.covers("T360000/", "clerk")


async def test_grants_are_read_with_the_path_of_their_union(db):
    account = await an_account()
    await accounts.grant(SYSTEM, account, "officer", "union", await unit_id(NANCHANG))
    viewer = await accounts.viewer_of(await accounts.sign_in("xiong", PASSWORD))
    assert viewer.branches("officer") == ("T360000/T360100/",)
