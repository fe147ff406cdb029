"""The reference as Markdown: objects and fields from the dataclasses, examples with their boards."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from federation.judging import schemes as language
from federation.judging.documents import to_json
from tests.federation.judging.reference.examples import EXAMPLES
from tests.federation.judging.reference.shapes import Example

FILE = Path(__file__).parents[4] / "docs" / "schemes.md"
OBJECTS = (
    language.Scheme, language.Stage, language.Carry, language.Cut, language.Module, language.SubCriterion,
    language.Aspect, language.Anchor, language.Panel, language.PointsRule, language.Step, language.Attempts,
    language.Deduction, language.Roundings, language.Rounding, language.Blanks, language.Criterion, language.Ranking,
    language.Teams, language.AwardLine,
)  # fmt: skip
HEAD = """# 评分方案 · The scheme language

评分方案是一份 JSON 文件：怎样评分、汇总、排名、评奖。本文列出每个字段和每种规则的算例；算例的数字由测试逐一核对。
A scheme is a JSON document: how one event and category is marked, summed, ranked and awarded. Below is every field, and
a worked example of every rule; the tests hold each number to the engine.

Rank a file by a scheme: `saichuang rank --scheme S.json --marks M.csv -o OUT.csv`.
Print it as the chapter of a handbook: `saichuang rules S.json`. Its JSON Schema: `saichuang rank --json-schema`.
Numbers may be written as 0.3 or "0.3"; a short scheme needs only `id` and `modules` or `aspects`; a bare number stands
for a rounding, a bare word for an aspect, and "module:C" for a link of the tie-break chain.

"""


def reference() -> str:
    return (
        "\n".join(
            [HEAD + "## 字段 · Fields", "", *_fields(), "## 算例 · Worked examples", "", *_examples()]
        ).rstrip()
        + "\n"
    )


def _fields() -> Iterator[str]:
    for one in OBJECTS:
        yield f"### {one.__name__}"
        yield ""
        yield " ".join((one.__doc__ or "").split())
        yield ""
        yield "| field | values | default |"
        yield "|---|---|---|"
        hints = get_type_hints(one, include_extras=True)
        for part in dataclasses.fields(one):
            yield f"| `{part.name}` | {_values(hints[part.name])} | {_default(part, hints[part.name])} |"
        yield ""


def _values(hint: Any) -> str:
    inside = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is Annotated:
        return "number"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(hint))
    if get_origin(hint) is tuple:
        return f"list of {_values(inside[0])}"
    if len(inside) == 1:
        return f"{_values(inside[0])} or null"
    if dataclasses.is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"  # type: ignore[union-attr]
    return {int: "whole number", str: "text", bool: "true, false", Decimal: "number"}[hint]


def _default(part: dataclasses.Field[Any], hint: Any) -> str:
    if part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING:
        return "needed"
    value = part.default if part.default is not dataclasses.MISSING else part.default_factory()  # type: ignore[misc]
    if value is None or value == ():
        return "—"
    if dataclasses.is_dataclass(value):
        return f"`{json.dumps(to_json(value))}`"
    if isinstance(value, tuple):
        return f"`{json.dumps([to_json(one) for one in value])}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if "scaled" in str(hint):
        return f"`{(Decimal(value) / 10_000).normalize():f}`"
    return f"`{value}`" if value != "" else "—"


def _examples() -> Iterator[str]:
    for number, one in enumerate(EXAMPLES, 1):
        yield f"### {number}. {one.chinese}"
        yield ""
        yield f"{one.english}."
        yield ""
        yield "```json"
        yield json.dumps(one.scheme, ensure_ascii=False, indent=None)
        yield "```"
        yield ""
        yield from _table(
            [{name: value for name, value in mark.items() if value is not None} for mark in one.marks]
        )
        yield ""
        yield from _table(one.entries) if one.entries else ()
        yield from [""] if one.entries else []
        yield from _result(one)
        yield ""


def _result(one: Example) -> Iterator[str]:
    names = ("entry", "place", "total", *one.columns)
    yield "→"
    yield ""
    yield from _table([dict(zip(names, row, strict=True)) for row in one.board])
    if one.teams:
        yield ""
        yield from _table([dict(zip(("team", "place", "total"), row, strict=True)) for row in one.teams])
    if one.working:
        yield ""
        yield one.working


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield f"| {' | '.join(str(row.get(name, '')) for name in names)} |"
