"""Words for codes. Rooms speak in codes; a module here says them: `WORDS = {"registration.closed": N_("…")}`.

A sentence names its facts as `%(name)s`. `STATES = {"open": (N_("报名中"), "open")}` gives a state its
word and the class of its chip.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from web.formats import day, moment
from web.language import counted, gettext, language


class UnknownWords(KeyError):
    """A room used a code that no module of web.wording has words for."""


@lru_cache(maxsize=1)
def _all() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    words: dict[str, str] = {}
    states: dict[str, tuple[str, str]] = {}
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for table, more in ((words, getattr(module, "WORDS", {})), (states, getattr(module, "STATES", {}))):
            if twice := table.keys() & more.keys():
                raise RuntimeError(
                    f"{module.__name__} has words for {sorted(twice)}, which another module has too"
                )
            table.update(more)
    return words, states


def codes() -> frozenset[str]:
    return frozenset(_all()[0])


def say(thing: Any, **facts: Any) -> str:
    """The sentence for a code, a Finding or a Refusal, its facts filled in. Raises UnknownWords."""
    code = thing if isinstance(thing, str) else thing.code
    given: Mapping[str, Any] = {**getattr(thing, "facts", {}), **facts}
    try:
        words = counted(_all()[0][code], given)
    except KeyError:
        raise UnknownWords(code) from None
    return words % {key: _fact(key, value) for key, value in given.items()}


def _fact(key: str, value: Any) -> Any:
    """A fact as it reads: dates and lists in the reader's way, a code (role: clerk) by its own words."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ("、" if language() == "zh" else ", ").join(str(_fact(key, one)) for one in value)
    if isinstance(value, str):
        return gettext(_all()[0].get(f"{key.removesuffix('s')}.{value}", value))
    return value


def state(code: str) -> tuple[str, str]:
    """(word, class of the chip) of a state."""
    word, kind = _all()[1][code]
    return gettext(word), kind
