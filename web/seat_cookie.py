"""Which judge's seat a device holds: a cookie of its own, apart from every account."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request, Response

from contests.seated import Seated
from contests.seats import links
from federation.refusals import Refusal

COOKIE = "saichuang_seat"
KEEP = "x-saichuang-keep"
"""Header of pages the device may keep for a hall without network; its value names who is signed in."""


class SeatGone(Refusal):
    """This device holds no seat, or not any more; `code` says why."""

    def __init__(self, standing: links.Standing) -> None:
        super().__init__(f"seat.gone_{standing.why}")
        self.standing = standing


async def holder(request: Request[Any, Any, Any]) -> Seated:
    """The seat this device holds. Raises SeatGone."""
    token = request.cookies.get(COOKIE, "")
    standing = await links.standing_of(token) if token else links.Standing(None)
    if standing.seated is None:
        raise SeatGone(standing)
    return standing.seated


def give(request: Request[Any, Any, Any], answer: Response[Any], token: str, hours: int) -> None:
    answer.set_cookie(
        key=COOKIE,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        max_age=hours * 3600,
    )


def personal(seated: Seated) -> dict[str, str]:
    """Headers of a judge's page: in no shared cache, kept by this device alone."""
    return {"cache-control": "private, no-store", KEEP: seated.device}


def device_of(request: Request[Any, Any, Any]) -> str:
    """What a device is called to people: "iPad · Safari". Nothing that would tell two of a kind apart."""
    agent = request.headers.get("user-agent", "")
    kinds = (
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    )
    browsers = (
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    kind = next((name for sign, name in kinds if sign in agent), "")
    browser = next((name for sign, name in browsers if sign in agent), "")
    named = " · ".join(part for part in (kind, browser) if part)
    return named or re.sub(r"[^\w ./-]", "", agent)[:40] or "?"
