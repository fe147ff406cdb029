"""证书查验: anybody types or scans a code and reads whether the certificate holds. Guessing is useless and slow."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

from litestar import Request, get
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from contests.certificates.checking import check
from contests.certificates.codes import LENGTH, is_code, shown_code, tidy_code
from web.language import N_
from web.menu import Entry
from web.templating import Page, page, see

Asking = Request[Any, Any, Any]
MISSES = 12
WITHIN = 60.0
REMEMBERED = 10_000
FRESH = {"cache-control": "no-store"}

menu = [Entry("/certificates", N_("证书查验"), "foot", 30)]


class Misses:
    """How often each address asked for a code that is none, within the last minute. Bounded, of this process alone."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, list[float]] = OrderedDict()

    def wait(self, who: str, now: float) -> float:
        """Seconds until this address may ask again; 0 when it may."""
        recent = [at for at in self._seen.get(who, ()) if now - at < WITHIN]
        return WITHIN - (now - recent[-MISSES]) if len(recent) >= MISSES else 0.0

    def note(self, who: str, now: float) -> None:
        recent = [at for at in self._seen.pop(who, []) if now - at < WITHIN]
        self._seen[who] = [*recent[-MISSES + 1 :], now]
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


misses = Misses()


@get("/certificates")
async def ask(request: Asking) -> Any:
    """The form; with a code it leads to its page."""
    typed = request.query_params.get("code", "").strip()[:60]
    if typed:
        return see(f"/certificates/{tidy_code(typed) or '-'}")
    return page("certificates/ask.html", headers=FRESH, typed="", slip="")


@get("/certificates/{code:str}")
async def answer(code: FromPath[str], request: Asking) -> Page:
    who = request.client.host if request.client else ""
    now = time.monotonic()
    if wait := misses.wait(who, now):
        raise TooManyRequestsException(headers={"retry-after": str(int(wait) + 1)})
    found = await check(code)
    if found is None:
        misses.note(who, now)
        return _unknown(code)
    return page("certificates/checked.html", headers=FRESH, one=found, code=shown_code(found.code))


def _unknown(code: str) -> Page:
    """Says what to do: a slip in typing shows by the check character, and a full code that is right is not ours."""
    tidy = tidy_code(code)
    slip = "unknown" if is_code(tidy) else "length" if len(tidy) != LENGTH else "typing"
    typed = shown_code(tidy) if len(tidy) <= LENGTH + 4 else tidy
    return page("certificates/ask.html", status=404, headers=FRESH, typed=typed, slip=slip)


routes = [ask, answer]
