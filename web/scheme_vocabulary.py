"""The words of scheme workbooks in both languages, taken from the words of the screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from contests.imports.scheme_words import Vocabulary
from web.language import Language, language, speaking
from web.scheme_words import choice, hint, label
from web.wording import say


def vocabulary() -> Vocabulary:
    """Written in the reader's language, read in both."""
    first = language()
    order = cast("tuple[Language, Language]", (first, "en" if first == "zh" else "zh"))

    def both(words: Callable[[], str]) -> tuple[str, ...]:
        said = []
        for one in order:
            with speaking(one):
                said.append(words())
        return tuple(said)

    return Vocabulary(
        label=lambda shape: both(lambda: label(shape)),
        hint=lambda shape: both(lambda: hint(shape)),
        choice=lambda shape, value: both(lambda: choice(shape, value)),
        word=lambda code: both(lambda: say(f"scheme_book.{code}")),
    )
