"""Everybody of the contest, each with a sign-in of their own. All invented."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from contests import programme
from federation import accounts
from federation.changes import SYSTEM
from federation.judging import Scheme
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import JIUJIANG, NANCHANG, PROVINCE, the_organiser, unit_id
from tests.conftest import PASSWORD
from tests.journeys.whole_contest.oracle import COMPETITORS, SCHEME
from tests.served import Site

SURNAMES, GIVEN = "涂章欧喻熊黎辛余漆帅", "国强丽娟"
ROLES = {
    "xiong": ("熊晓燕", "organiser"),
    "jian": ("简检录", "checkin"),
    "tao": ("陶加密", "anonymiser"),
    "fu": ("付加密", "anonymiser"),
    "wan": ("万裁判", "chief_referee"),
    "gan": ("甘监督", "supervisor"),
    "li": ("李录分", "clerk"),
    "zhong": ("钟仲裁", "appeals_panel"),
    "jiang": ("江领队", "leader"),
    "ning": ("宁领队", "leader"),
}
"""Login: (name, role). The organiser holds for the province, jiang leads Jiujiang, ning Nanchang, the others hold for
the contest."""
PICTURES = os.environ.get("SAICHUANG_PICTURES", "")
"""Folder for a picture of every station, to be looked at; none are taken without."""


@dataclass
class People:
    """Who takes part; `pages` are those who have signed in, `judges` the seats at their tablets."""

    site: Site
    browser: Browser
    contest: str
    event_category: int
    entries: list[int]
    names: list[str]
    pages: dict[str, Page] = field(default_factory=dict)
    judges: dict[str, Page] = field(default_factory=dict)

    async def context(self, **options: Any) -> BrowserContext:
        context = await self.browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "base_url": self.site.url, "locale": "zh-CN"}
            | options
        )
        context.set_default_timeout(40_000)
        return context

    async def at(self, login: str, path: str = "/work", **options: Any) -> Page:
        """The page of this person at this address; whoever comes first signs in at the door."""
        if login not in self.pages:
            page = await (await self.context(**options)).new_page()
            await page.goto("/sign-in")
            await page.fill("#i-login", login)
            await page.fill("#i-password", PASSWORD)
            await page.click("main form button")
            await expect(page).to_have_url(f"{self.site.url}/work")
            page.on("dialog", lambda dialog: dialog.accept())
            self.pages[login] = page
        page = self.pages[login]
        answer = await page.goto(path.replace("{id}", str(self.event_category)))
        assert answer is not None
        assert answer.ok, f"{login} at {path}: {answer.status}\n{self.site.log[-2000:]}"
        return page

    async def pictures(self, station: str) -> None:
        """What everybody has before them now, for the eyes of whoever set the folder."""
        if PICTURES:
            for who, page in (
                self.pages | {f"seat-{seat}": tablet for seat, tablet in self.judges.items()}
            ).items():
                await page.screenshot(path=Path(PICTURES) / f"{station}-{who}.png", full_page=True)

    async def act(self, login: str, code: str, reason: str = "") -> None:
        """Carry out an act of the event category on its own page."""
        page = await self.at(login, f"/work/event-categories/{{id}}/acts/{code}")
        if reason:
            await page.get_by_label("理由").fill(reason)
        await page.click("main form button.pri.lg")
        await page.wait_for_load_state()
        await expect(page.locator("main .bn.bad")).to_have_count(0)


async def the_people(site: Site, browser: Browser) -> People:
    """Forty electricians of two delegations, approved and drawn; nobody of the hall has done anything yet."""
    organiser = await the_organiser()
    contest = await a_contest(organiser)
    number = (await programme.contest(contest))["id"]
    made = await an_event_category(organiser, contest, scheme=Scheme.from_json(SCHEME), live_public=False)
    names = [f"{SURNAMES[n % 10]}{GIVEN[n // 10]}" for n in range(COMPETITORS)]
    ids = await entries(made, names, delegations=(NANCHANG, JIUJIANG))
    await bring_to(organiser, made, "drawn")
    scopes = {
        "xiong": ("union", await unit_id(PROVINCE)),
        "jiang": ("union", await unit_id(JIUJIANG)),
        "ning": ("union", await unit_id(NANCHANG)),
    }
    for login, (name, role) in ROLES.items():
        account = await accounts.open_account(SYSTEM, login=login, password=PASSWORD, display_name=name)
        await accounts.grant(SYSTEM, account, role, *scopes.get(login, ("contest", number)))
    return People(site, browser, contest, made, ids, names)
