"""A marking scheme as the rows of a form: what a table can hold is changed, everything else is kept as it was.

Rows hold text as typed. Empty rows are dropped; a row without an id takes its title as id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from federation.findings import Finding
from federation.judging.schemes import Aspect, Module, Scheme, SchemeError

HEAD = ("title", "title_en", "basis", "total", "step", "mode")
COLUMNS = {
    "modules": ("id", "title", "title_en", "maximum", "weight"),
    "aspects": (
        "module",
        "id",
        "title",
        "title_en",
        "kind",
        "maximum",
        "step",
        "worth",
        "judges",
        "method",
        "drop_high",
        "drop_low",
    ),
    "deductions": ("module", "id", "title", "title_en", "kind", "each", "maximum"),
    "ties": ("criterion",),
    "awards": ("id", "title", "title_en", "count", "share", "ties", "minimum_field"),
}
_CHOICES = ("module", "kind", "method", "ties")
_WHOLE = ("judges", "drop_high", "drop_low", "count", "minimum_field")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class SchemeRows:
    """The form: `head` by field, and the rows of each table."""

    head: Row
    tables: dict[str, list[Row]]

    def with_blank(self, table: str) -> SchemeRows:
        blank = dict.fromkeys(COLUMNS[table], "")
        return SchemeRows(self.head, {**self.tables, table: [*self.tables[table], blank]})

    def without(self, table: str, index: int) -> SchemeRows:
        kept = [row for place, row in enumerate(self.tables[table]) if place != index]
        return SchemeRows(self.head, {**self.tables, table: kept})


def fits(scheme: Scheme) -> bool:
    """Whether the form can show the scheme: one stage, no sub-criteria, no conversion of measured values."""
    if len(scheme.stages) != 1:
        return False
    aspects = [aspect for module in scheme.stages[0].modules for aspect in module.aspects]
    return not any(module.subcriteria for module in scheme.stages[0].modules) and all(
        aspect.rule.kind == "identity" for aspect in aspects
    )


def rows_of(scheme: Scheme) -> SchemeRows:
    """The scheme as rows. Needs `fits`."""
    document = scheme.to_json()
    rounding = document.get("roundings", {}).get("total", {})
    tables: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    for place, module in enumerate(scheme.stages[0].modules):
        written = document["stages"][0]["modules"][place]
        tables["modules"].append(_row("modules", {"maximum": 100, "weight": 1, **written}))
        for number, aspect in enumerate([] if _is_own_aspect(module) else module.aspects):
            tables["aspects"].append(_aspect_row(module.id, aspect, written["aspects"][number]))
        for deduction in written.get("deductions", []):
            shown = {"kind": "points", "each": 1, **deduction, "module": module.id}
            tables["deductions"].append(_row("deductions", shown))
    for criterion in scheme.tie_breaks:
        tables["ties"].append(
            {"criterion": f"{criterion.by}:{criterion.id}" if criterion.id else criterion.by}
        )
    for line in document.get("award_lines", []):
        shown = {"ties": "extend", "minimum_field": "", **line}
        if shown.get("share") is not None:
            shown["share"] = _plain(Decimal(str(shown["share"])) * 100)
        tables["awards"].append(_row("awards", shown))
    head = {
        **{name: _text(document.get(name)) for name in ("title", "title_en", "basis", "total")},
        "step": _text(rounding.get("step", "0.01")),
        "mode": rounding.get("mode", "half_up"),
    }
    return SchemeRows(head, tables)


def read_rows(sent: Mapping[str, Any]) -> SchemeRows:
    """The rows as they were sent, under names such as modules-0-title."""
    tables: dict[str, list[Row]] = {}
    for table, columns in COLUMNS.items():
        pattern = re.compile(rf"{table}-(\d{{1,4}})-")
        numbers = sorted({int(found[1]) for name in sent if (found := pattern.match(name))})
        tables[table] = [
            {column: str(sent.get(f"{table}-{number}-{column}", "")).strip() for column in columns}
            for number in numbers
        ]
    return SchemeRows({name: str(sent.get(name, "")).strip() for name in HEAD}, tables)


def scheme_from(rows: SchemeRows, base: Scheme) -> tuple[Scheme | None, list[Finding]]:
    """The changed scheme and every finding; None when it cannot be read. Places name rows: "aspects-2"."""
    document = base.to_json()
    before = {module["id"]: module for module in document["stages"][0]["modules"]}
    places: dict[str, str] = {}
    modules: list[dict[str, Any]] = []
    for index, row in _filled("modules", rows):
        at = f"stages[0].modules[{len(modules)}]"
        places[at] = f"modules-{index}"
        modules.append(_module(row, rows, before, at, places))
    homeless = [
        Finding("scheme.module_unchosen", place=f"{table}-{index}", facts={"id": row["id"] or row["title"]})
        for table in ("aspects", "deductions")
        for index, row in _filled(table, rows)
        if row["module"] not in [module["id"] for module in modules]
    ]
    lines = list(_filled("awards", rows))
    chain = list(_filled("ties", rows))
    places |= {f"award_lines[{place}]": f"awards-{index}" for place, (index, _) in enumerate(lines)}
    places |= {f"tie_breaks[{place}]": f"ties-{index}" for place, (index, _) in enumerate(chain)}
    earlier = {line["id"]: line for line in document.get("award_lines", [])}
    document["stages"][0]["modules"] = modules
    document["award_lines"] = [_award(row, earlier) for _, row in lines]
    document["tie_breaks"] = [row["criterion"] for _, row in chain]
    document["roundings"] = {
        **document.get("roundings", {}),
        "total": {"step": rows.head["step"], "mode": rows.head["mode"]},
    }
    for name in ("title", "title_en", "basis", "total"):
        document[name] = rows.head[name] or ("0" if name == "total" else "")
    try:
        scheme = Scheme.from_json(document)
    except SchemeError as fault:
        return None, [*homeless, *_at_rows(fault.findings, places)]
    return (None if homeless else scheme), [*homeless, *_at_rows(scheme.check(), places)]


def _module(
    row: Row, rows: SchemeRows, before: Mapping[str, Any], at: str, places: dict[str, str]
) -> dict[str, Any]:
    old = before.get(row["id"], {})
    known = {aspect["id"]: aspect for aspect in old.get("aspects", [])}
    cut = {aspect["id"]: aspect for aspect in old.get("deductions", [])}
    aspects: list[dict[str, Any]] = []
    for index, aspect in _filled("aspects", rows):
        if aspect["module"] == row["id"]:
            places[f"{at}.aspects[{len(aspects)}]"] = f"aspects-{index}"
            aspects.append(_aspect(aspect, known.get(aspect["id"], {})))
    deductions: list[dict[str, Any]] = []
    for index, deduction in _filled("deductions", rows):
        if deduction["module"] == row["id"]:
            places[f"{at}.deductions[{len(deductions)}]"] = f"deductions-{index}"
            typed = _numbers(deduction, ("id", "title", "title_en", "kind", "each", "maximum"))
            deductions.append(_merged(cut.get(deduction["id"], {}), typed))
    made = _merged(
        {name: value for name, value in old.items() if name not in ("aspects", "deductions")},
        _numbers(row, COLUMNS["modules"]),
    )
    if deductions and "floor" not in made:
        made["floor"] = 0
    return {**made, "aspects": aspects, "deductions": deductions}


def _aspect(row: Row, old: Mapping[str, Any]) -> dict[str, Any]:
    typed = _numbers(row, ("id", "title", "title_en", "kind", "maximum", "step", "worth"))
    panel = _numbers(row, ("judges", "method", "drop_high", "drop_low"))
    return _merged(old, {**typed, "panel": _merged(old.get("panel", {}), panel)})


def _award(row: Row, earlier: Mapping[str, Any]) -> dict[str, Any]:
    typed = _numbers(row, ("id", "title", "title_en", "count", "ties", "minimum_field"))
    try:
        typed["share"] = _plain(Decimal(row["share"]) / 100) if row["share"] else None
    except InvalidOperation:
        typed["share"] = row["share"]
    return _merged(earlier.get(row["id"], {}), typed)


def _filled(table: str, rows: SchemeRows) -> Iterable[tuple[int, Row]]:
    """The rows in which something was typed, with their places; a missing id is the title."""
    for index, row in enumerate(rows.tables[table]):
        if any(value for name, value in row.items() if name not in _CHOICES):
            yield index, {**row, "id": row["id"] or row["title"]} if "id" in row else row


def _numbers(row: Row, names: Iterable[str]) -> dict[str, Any]:
    """Typed values for the document: whole numbers as such, None where nothing was typed."""
    return {
        name: int(row[name]) if name in _WHOLE and row[name].isdecimal() else row[name] or None
        for name in names
    }


def _merged(old: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The old part with what was typed; an emptied field falls back to the default of the scheme."""
    kept = {name: value for name, value in old.items() if name not in typed}
    return {**kept, **{name: value for name, value in typed.items() if value is not None}}


def _at_rows(findings: Iterable[Finding], places: Mapping[str, str]) -> list[Finding]:
    def row(path: str) -> str:
        for known in sorted(places, key=len, reverse=True):
            if path.startswith(known):
                return places[known]
        return path if path in HEAD else ""

    return [Finding(one.code, one.severity, row(one.place), one.facts) for one in findings]


def _aspect_row(module: str, aspect: Aspect, written: Mapping[str, Any]) -> Row:
    panel = written.get("panel", {})
    trimmed = aspect.panel.method.startswith("trimmed")
    shown = {"kind": "points", "maximum": 100, "step": "0.01", **written, "module": module}
    shown |= {
        "judges": panel.get("judges", ""),
        "method": panel.get("method", "single"),
        "drop_high": aspect.panel.drop_high if trimmed else "",
        "drop_low": aspect.panel.drop_low if trimmed else "",
    }
    return _row("aspects", shown)


def _is_own_aspect(module: Module) -> bool:
    """A module that is itself the one thing marked, with nothing to say about it."""
    plain = Aspect(module.id, module.title, module.title_en, maximum=module.maximum)
    return module.aspects == (plain,)


def _row(table: str, values: Mapping[str, Any]) -> Row:
    return {column: _text(values.get(column)) for column in COLUMNS[table]}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
