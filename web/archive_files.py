"""The files of a contest's archive: everything the system can produce, in the order of the archive list."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from contests import schemes
from contests.archive import Checklist
from contests.archive import contents as held
from contests.archive.items import ITEMS
from federation.refusals import NotFound
from federation.spreadsheets import write_xlsx
from web.formats import moment, points
from web.language import speaking
from web.reports.rules import UnprintableError, rules_pdf
from web.wording import say, state
from web.zip_stream import Member

Rows = list[list[object]]
NUMBERED = {item: f"{number:02d}" for number, item in enumerate(ITEMS, 1)}
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


async def archive_files(found: Checklist) -> AsyncIterator[Member]:
    """One file after the other; in Chinese, as archives are kept. Each is made when it is asked for."""
    for make in (_technical, _registrations, _scores, _rankings, _awards, _certificates, _facts, _history):
        async for member in make(found):
            yield member
    yield _brought(found)


def _file(item: str, *, part: str = "", ending: str = "xlsx") -> str:
    with speaking("zh"):
        title = f"{NUMBERED[item]}-{say('item.' + item)}"
    return f"{title}/{_UNFIT.sub('-', part)}.{ending}" if part else f"{title}.{ending}"


def _named(category: Mapping[str, Any]) -> str:
    with speaking("zh"):
        return f"{category['event_code']}-{category['event_name']}-{say('category.' + category['category'])}"


def _words(code: str, **facts: Any) -> str:
    with speaking("zh"):
        return say(code, **facts)


def _state(code: str) -> str:
    with speaking("zh"):
        return state(code)[0]


def _heads(*columns: str) -> list[object]:
    return [_words(f"archive_column.{column}") for column in columns]


async def _book(sheets: Sequence[tuple[str, Rows]]) -> bytes:
    return await asyncio.to_thread(write_xlsx, [(_UNFIT.sub("-", name)[:31], rows) for name, rows in sheets])


async def _technical(found: Checklist) -> AsyncIterator[Member]:
    for one in found.categories:
        try:
            scheme = await schemes.scheme_of(one["id"])
            pdf = await asyncio.to_thread(_rules_in_chinese, scheme, f"{found.contest['name']} {_named(one)}")
        except (NotFound, UnprintableError):
            continue
        yield Member(
            _file("technical", part=_named(one), ending="pdf"), pdf, f"event_category:{one['id']} scheme"
        )


def _rules_in_chinese(scheme: Any, heading: str) -> bytes:
    with speaking("zh"):
        return rules_pdf(scheme, heading, heading)


async def _registrations(found: Checklist) -> AsyncIterator[Member]:
    heads = _heads(
        "number", "name", "sex", "delegation", "organisation", "status", "skill_level", "state", "standing"
    )
    sheets: list[tuple[str, Rows]] = []
    for one in found.categories:
        rows = [
            [
                row["number"] or "",
                row["name"],
                _words(f"sex.{row['sex']}") if row["sex"] in ("m", "f") else "",
                row["delegation"],
                row["organisation"],
                _words(f"status.{row['status']}") if row["status"] else "",
                _words(f"skill_level.{row['skill_level']}") if row["skill_level"] else "",
                _state(row["state"]),
                row["standing"].upper(),
            ]
            for row in (await held.registered(one["id"])).iter_rows(named=True)
        ]
        sheets.append((f"{one['id']} {_named(one)}", [heads, *rows]))
    if sheets:
        yield Member(_file("registrations"), await _book(sheets), "entry")


async def _scores(found: Checklist) -> AsyncIterator[Member]:
    for one in found.categories:
        marks = await held.marks(one["id"])
        if not marks:
            continue
        rows: Rows = [
            [
                row["number"] or "",
                row["stage"],
                row["aspect"],
                row["judge"],
                row["attempt"],
                points(row["value"], 4, "") if row["value"] is not None else "",
                (row["blank"] or "").upper(),
            ]
            for row in marks
        ]
        heads = _heads("number", "stage", "aspect", "judge", "attempt", "value", "blank")
        content = await _book([(_words("item.score_tables"), [heads, *rows])])
        yield Member(_file("score_tables", part=_named(one)), content, f"event_category:{one['id']} mark")


async def _rankings(found: Checklist) -> AsyncIterator[Member]:
    for one in found.categories:
        awards = await held.awarded(one["id"])
        if awards is not None:
            rows: Rows = [
                [
                    row["place"],
                    row["number"],
                    row["name"],
                    row["delegation_name"],
                    row["organisation"],
                    points(row["total"], awards.decimals),
                    row["award_title"],
                ]
                for row in awards.rows
            ]
            heads = _heads("place", "number", "name", "delegation", "organisation", "total", "award")
            content = await _book([(_words("item.rankings"), [heads, *rows])])
            seal = awards.publication
            source = f"event_category:{one['id']} publication:{seal['number']} {seal['hash']}"
            yield Member(_file("rankings", part=_named(one)), content, source)
        for published in await held.publications(one["id"]):
            part = f"{_named(one)}-{published['number']:02d}-{published['kind']}"
            content = held.content_text(published).encode()
            yield Member(
                _file("rankings", part=part, ending="json"), content, f"publication {published['hash']}"
            )


async def _awards(found: Checklist) -> AsyncIterator[Member]:
    listed: Rows = []
    titled: Rows = []
    for one in found.categories:
        name = _named(one)
        awards = await held.awarded(one["id"])
        for row in awards.awarded if awards else []:
            listed.append(
                [
                    name,
                    row["award_title"],
                    row["place"],
                    row["name"],
                    row["organisation"],
                    row["delegation_name"],
                ]
            )
        for row in await held.titles(one["id"]):
            level = _words(f"skill_level.{row['level']}") if row["level"] else ""
            titled.append(
                [
                    name,
                    row["place"],
                    row["name"],
                    row["title"],
                    level,
                    row["conferred_by"],
                    _state(f"title.{row['state']}"),
                    row["document_number"],
                ]
            )
    sheets: list[tuple[str, Rows]] = [
        (
            _words("item.awards"),
            [_heads("event", "award", "place", "name", "organisation", "delegation"), *listed],
        )
    ]
    if titled:
        heads = _heads("event", "place", "name", "title", "level", "conferred_by", "state", "document")
        sheets.append((_words("archive_sheet.titles"), [heads, *titled]))
    yield Member(_file("awards"), await _book(sheets), "publication, award_title")


async def _certificates(found: Checklist) -> AsyncIterator[Member]:
    rows: Rows = []
    for one in found.categories:
        for row in await held.certificates(one["id"]):
            printed = row["printed"]
            rows.append(
                [
                    row["number"],
                    _named(one),
                    printed["name"],
                    printed["award"],
                    _state(f"certificate.{row['state']}"),
                    row["reason"],
                    row["hash"],
                    row["file_hash"],
                ]
            )
    if rows:
        heads = _heads("certificate", "event", "name", "award", "state", "reason", "hash", "file_hash")
        content = await _book([(_words("archive_sheet.certificates"), [heads, *rows])])
        yield Member(
            f"{NUMBERED['awards']}-{_words('archive_sheet.certificates')}.xlsx", content, "certificate"
        )


async def _facts(found: Checklist) -> AsyncIterator[Member]:
    counted = ("registered", "approved", "women", "delegations", "organisations", "ranked")
    heads = _heads("event", "state", *counted, "highest", "lowest", "awards", "certificates", "titles")
    rows: Rows = []
    for one in found.categories:
        facts = await held.main_facts(one)
        rows.append(
            [
                _named(one),
                _state(facts["state"]),
                *("" if facts[name] is None else facts[name] for name in counted),
                points(facts["highest"], 2, ""),
                points(facts["lowest"], 2, ""),
                "；".join(f"{title} {count}" for title, count in facts["awards"]),
                facts["certificates"],
                facts["titles"],
            ]
        )
    contest = found.contest
    head: Rows = [
        _heads("what", "said"),
        [_words("archive_fact.name"), contest["name"]],
        [_words("archive_fact.code"), contest["code"]],
        [_words("archive_fact.host"), contest["host_name"]],
        [_words("archive_fact.organiser"), contest["organiser"]],
        [_words("archive_fact.days"), f"{contest['starts_on']} – {contest['ends_on']}"],
        [_words("archive_fact.venue"), contest["venue"]],
        [_words("archive_fact.document"), contest["document_number"]],
    ]
    sheets = [(_words("archive_sheet.contest"), head), (_words("archive_sheet.categories"), [heads, *rows])]
    yield Member(_file("facts"), await _book(sheets), "contest, entry, publication")


async def _history(found: Checklist) -> AsyncIterator[Member]:
    rows: Rows = []
    for one in found.categories:
        for step in await held.steps(one["id"]):
            with speaking("zh"):
                at = moment(step["at"], year=True)
            rows.append([_named(one), at, _words(f"act.{step['act']}"), step["actor"], step["reason"]])
    if rows:
        content = await _book(
            [(_words("archive_sheet.history"), [_heads("event", "at", "act", "actor", "reason"), *rows])]
        )
        yield Member(f"{_words('archive_sheet.history')}.xlsx", content, "state_step")


def _brought(found: Checklist) -> Member:
    rows: Rows = [_heads("item", "held", "document", "location", "reason")]
    for line in found.lines:
        row = line.row or {}
        rows.append(
            [
                f"{NUMBERED[line.item]} {_words('item.' + line.item)}",
                _words("archive.held" if line.held else "archive.lacking"),
                row.get("document_number", ""),
                row.get("location", ""),
                row.get("reason", ""),
            ]
        )
    name = _words("archive_sheet.checklist")
    return Member(f"00-{name}.xlsx", write_xlsx([(name, rows)]), "archive_item")
