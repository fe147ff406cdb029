"""A scheme in words: the chapters of the handbook as numbered articles, for pages, paper and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from federation.judging.handbook import Clause, Title, handbook
from federation.judging.schemes import Scheme
from web.language import language
from web.wording import say


@dataclass(frozen=True)
class Line:
    """One sentence and what is listed under it."""

    text: str
    items: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Article:
    """第一条 …: its number and its line."""

    number: str
    line: Line


@dataclass(frozen=True)
class Section:
    title: str
    articles: tuple[Article, ...]


def rule_text(scheme: Scheme) -> list[Section]:
    """The whole rule in the reader's language; articles are numbered through."""
    number = 0
    sections = []
    for chapter in handbook(scheme):
        articles = []
        for clause in chapter.clauses:
            number += 1
            articles.append(Article(say("rule.article", number=_ordinal(number)), _line(clause)))
        sections.append(Section(say(f"rule.chapter.{chapter.code}"), tuple(articles)))
    return sections


def as_markdown(scheme: Scheme) -> str:
    """The same as a file of plain text that reads well."""
    title = scheme.title_en if language() == "en" and scheme.title_en else scheme.title
    lines = [f"# {title or scheme.id}", ""]
    for section in rule_text(scheme):
        lines += [f"## {section.title}", ""]
        for article in section.articles:
            lines += [f"**{article.number}** {article.line.text}", *_listed(article.line.items, 0), ""]
    return "\n".join(lines).rstrip() + "\n"


def _listed(items: Iterable[Line], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {item.text}"
        yield from _listed(item.items, depth + 1)


def _line(clause: Clause) -> Line:
    text, items = say(clause.code, **_facts(clause.facts)), tuple(_line(item) for item in clause.items)
    if clause.code.startswith(("rule.link_", "rule.ranking_")) and items:
        said = "".join(item.text for item in items) if language() == "zh" else " ".join(i.text for i in items)
        return Line(say("rule.joined", text=text.rstrip("：:"), more=said))
    return Line(text, items)


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _named(value) if isinstance(value, Title) else value for name, value in facts.items()}


def _named(title: Title) -> str:
    """The title in the reader's language, with the id where it says more than the title."""
    words = title.english if language() == "en" and title.english else title.chinese
    if not words or not title.id or words == title.id:
        return words or title.id
    return say("rule.named", title=words, id=title.id)


_DIGITS = "〇一二三四五六七八九"


def _ordinal(number: int) -> str:
    """一, 十, 十二, 二十一 …; plain digits in English."""
    if language() == "en" or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + ("" if ones == 0 and tens else _DIGITS[ones])
