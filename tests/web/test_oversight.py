"""Auditor and administrator: what each sees, and that neither reaches into the other's work."""

from __future__ import annotations

import re

import httpx
import pytest

from federation import accounts
from federation.changes import SYSTEM
from tests.conftest import PASSWORD
from tests.served import Site

ROLES = ("auditor", "administrator", "organiser")


@pytest.fixture
async def site(db: str, tmp_path) -> Site:
    for role in ROLES:
        account = await accounts.open_account(SYSTEM, login=role, password=PASSWORD, display_name=role)
        await accounts.grant(SYSTEM, account, role)
    served = Site(db, tmp_path).start()
    yield served
    served.stop()


async def test_each_of_the_three_sees_their_own_work_only(site):
    seen = {}
    for role in ROLES:
        async with httpx.AsyncClient(base_url=site.url) as client:
            await client.post("/sign-in", data={"login": role, "password": PASSWORD})
            seen[role] = [(await client.get(path)).status_code for path in ("/work/audit", "/work/accounts")]
    assert seen == {"auditor": [200, 403], "administrator": [403, 200], "organiser": [403, 403]}


async def test_the_administrator_opens_and_stops_an_account(site):
    async with httpx.AsyncClient(base_url=site.url) as client:
        await client.post("/sign-in", data={"login": "administrator", "password": PASSWORD})
        form = {
            "login": "newclerk",
            "display_name": "新录分",
            "password": "weak",
            "role": "clerk",
            "union": "T360100",
        }
        refused = await client.post("/work/accounts", data=form)
        assert (refused.status_code, 'value="newclerk"' in refused.text) == (422, True)
        assert (await client.post("/work/accounts", data={**form, "password": PASSWORD})).status_code == 303
        shown = (await client.get("/work/accounts")).text
        number = re.search(r"newclerk.*?/work/accounts/(\d+)/stop", shown, re.DOTALL)[1]
        assert (await client.post(f"/work/accounts/{number}/stop")).status_code == 303
    async with httpx.AsyncClient(base_url=site.url) as client:
        stopped = await client.post("/sign-in", data={"login": "newclerk", "password": PASSWORD})
        assert stopped.status_code == 422


async def test_the_auditor_verifies_the_trail_on_the_page(site):
    async with httpx.AsyncClient(base_url=site.url) as client:
        await client.post("/sign-in", data={"login": "auditor", "password": PASSWORD})
        assert "留痕完整" in (await client.post("/work/audit")).text
