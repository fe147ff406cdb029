"""Two languages by path: Chinese at /…, English at /en/…, its words in locale/en/*.po.

`python -m web.language check` lists words without English and English without words; `missing --po shell`
prints the missing entries ready to be pasted into that file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlencode

import click
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

Language = Literal["zh", "en"]

ROOT = Path(__file__).parent
LOCALE = ROOT / "locale"
ENGLISH = "/en"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

_language: ContextVar[Language] = ContextVar("language", default="zh")


def language() -> Language:
    """The language the reader asked for."""
    return _language.get()


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    """Render in this language, for pages made outside a request."""
    token = _language.set(wanted)
    try:
        yield
    finally:
        _language.reset(token)


class LanguagePrefix:
    """ASGI: takes /en off the path before routing and remembers the language for the request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        english = path == ENGLISH or path.startswith(ENGLISH + "/")
        if english:
            inner = path[len(ENGLISH) :] or "/"
            scope = cast("Scope", {**scope, "path": inner, "raw_path": inner.encode()})
        token = _language.set("en" if english else "zh")
        try:
            await self.app(scope, receive, send)
        finally:
            _language.reset(token)


def link(path: str, query: Mapping[str, Any] | None = None, **more: Any) -> str:
    """An address inside the site in the reader's language; query values that are None or "" are left out.

    >>> link("/boards", page=2)
    '/boards?page=2'
    """
    return _address(path, language(), {**(query or {}), **more})


def language_link(path: str, query: str = "") -> str:
    """The same page in the other language. `path` is without prefix, `query` the raw query string."""
    return _address(path, "zh" if language() == "en" else "en", {}) + (f"?{query}" if query else "")


def _address(path: str, wanted: Language, query: Mapping[str, Any]) -> str:
    pairs = {key: value for key, value in query.items() if value is not None and value != ""}
    prefix = ENGLISH if wanted == "en" and path.startswith("/") else ""
    address = prefix + path if path != "/" or not prefix else prefix + "/"
    if not pairs:
        return address
    joint = "&" if "?" in address else "?"
    return address + joint + urlencode(pairs, doseq=True)


def gettext(text: str) -> str:
    return english_words().get(text, text) if text and language() == "en" else text


def ngettext(one: str, _many: str, count: int) -> str:
    """Chinese has one form: `one` is the source text for every count. English picks its own two."""
    if language() != "en":
        return one
    forms = english_forms().get(one)
    return forms[0 if count == 1 else 1] if forms else one


def counted(text: str, facts: Mapping[str, Any]) -> str:
    """The words in the reader's language, still with their `%(name)s`. Where the English has two forms, the fact it
    names first says how many there are."""
    forms = english_forms().get(text) if language() == "en" else None
    if not forms:
        return gettext(text)
    counts = forms[1].partition("%(")[2].partition(")")[0]
    return forms[0 if str(facts.get(counts)) == "1" else 1]


def _(text: str, **facts: Any) -> str:
    """The words in the reader's language, `%(name)s` filled from the facts; a per cent sign is written %%."""
    return counted(text, facts) % facts


def N_(text: str) -> str:  # noqa: N802  (the name translators know)
    """Marks words that are translated later, when they are shown."""
    return text


@lru_cache(maxsize=1)
def _catalogue() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    words: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for file in po_files():
        for entry in _entries(file):
            if isinstance(entry.id, tuple):
                forms[entry.id[0]] = tuple(entry.string)
                words[entry.id[0]] = entry.string[-1]
            elif entry.string:
                words[entry.id] = str(entry.string)
    return words, forms


def english_words() -> dict[str, str]:
    return _catalogue()[0]


def english_forms() -> dict[str, tuple[str, ...]]:
    return _catalogue()[1]


def po_files() -> list[Path]:
    return sorted((LOCALE / "en").glob("*.po"))


def _entries(file: Path) -> list[Any]:
    with file.open("rb") as handle:
        return [entry for entry in read_po(handle, locale="en", abort_invalid=True) if entry.id]


@dataclass
class Use:
    """Where a source text is used, and whether somewhere with a count."""

    places: list[str]
    plural: bool = False


def used_words() -> dict[str, Use]:
    """Source text → its use in the templates and Python files of the web package."""
    found: dict[str, Use] = {}
    for file in sorted((ROOT / "templates").rglob("*.html")):
        _collect(
            found,
            file,
            "jinja2.ext:babel_extract",
            {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"},
        )
    for file in sorted(ROOT.rglob("*.py")):
        _collect(found, file, "python", {})
    return found


def _collect(found: dict[str, Use], file: Path, method: str, options: dict[str, str]) -> None:
    for line, message, _comments, _context in extract_from_file(
        method, str(file), keywords=KEYWORDS, options=options
    ):
        text = message[0] if isinstance(message, tuple) else message
        if text and _is_chinese(text):
            use = found.setdefault(text, Use([]))
            use.places.append(f"{file.relative_to(ROOT)}:{line}")
            use.plural = use.plural or isinstance(message, tuple)


def _is_chinese(text: str) -> bool:
    return any("\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" for letter in text)


def missing_words() -> dict[str, Use]:
    """Words on screens that have no English yet → where they are used."""
    words, forms = _catalogue()
    return {text: use for text, use in used_words().items() if text not in (forms if use.plural else words)}


def obsolete_words() -> dict[str, list[str]]:
    """po file → its entries that nothing uses."""
    used = used_words()
    left = {}
    for file in po_files():
        ids = [entry.id[0] if isinstance(entry.id, tuple) else entry.id for entry in _entries(file)]
        if unused := [text for text in ids if text not in used]:
            left[file.stem] = unused
    return left


def broken_words() -> list[str]:
    """English with other placeholders than the source text, and words translated differently in two files."""
    faults = []
    seen: dict[str, tuple[str, str]] = {}
    for file in po_files():
        for entry in _entries(file):
            sources, targets = _forms(entry.id), _forms(entry.string)
            if any(_places(text) - _places(sources[0]) for text in targets):
                faults.append(f"{file.stem}: {sources[0]!r} has other placeholders than {targets!r}")
            before = seen.setdefault(sources[0], (file.stem, targets[-1]))
            if before[1] != targets[-1]:
                faults.append(
                    f"{sources[0]!r} is {before[1]!r} in {before[0]} and {targets[-1]!r} in {file.stem}"
                )
    return faults


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _places(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m web.language", description="Compare the words on screens with the English."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "check", help="list missing, obsolete and broken English; exit 1 when any is missing or broken"
    )
    paste = commands.add_parser("missing", help="print missing entries as po text")
    paste.add_argument("--po", help="only words used in files whose path contains this, such as a subject")
    asked = parser.parse_args(arguments)

    missing = missing_words()
    if asked.command == "missing":
        for text, use in missing.items():
            if not asked.po or any(asked.po in place for place in use.places):
                click.echo(_po_entry(text, use))
        return 0
    for text, use in missing.items():
        click.echo(f"missing   {use.places[0]}  {text!r}")
    for file, texts in obsolete_words().items():
        for text in texts:
            click.echo(f"obsolete  {file}.po  {text!r}")
    faults = broken_words()
    for fault in faults:
        click.echo(f"broken    {fault}")
    click.echo(f"{len(english_words())} translated, {len(missing)} missing")
    return 1 if missing or faults else 0


def _po_entry(text: str, use: Use) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    answer = f'msgid_plural "{quoted}"\nmsgstr[0] ""\nmsgstr[1] ""\n' if use.plural else 'msgstr ""\n'
    return f'#: {" ".join(sorted({place.split(":")[0] for place in use.places}))}\nmsgid "{quoted}"\n{answer}'


if __name__ == "__main__":
    sys.exit(main())
