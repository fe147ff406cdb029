"""Candidates before they are entered: what a contest offers, what is known of them, what speaks against them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from contests import programme
from contests.eligibility import EventRule, Known, Prize, check_entry, check_places, check_twice
from contests.forms.entry import EntryForm
from contests.rules import Ground, may_decide_entries, may_file_entries
from contests.tables import EventCategory
from federation import privacy, unions
from federation.accounts import Viewer
from federation.database import frame
from federation.findings import Finding, errors
from federation.tables import UnionUnit, Worker

STANDING = "('submitted', 'approved', 'returned')"


@dataclass(frozen=True)
class Desk:
    """Where entries of a contest are taken: its event categories and delegations, as this viewer may use them.

    `own` is a person who registers themselves; everybody else registers for `delegations` of theirs.
    """

    viewer: Viewer
    contest: Mapping[str, Any]
    categories: Mapping[int, Mapping[str, Any]]
    delegations: Mapping[str, Mapping[str, Any]]
    own: bool

    @property
    def ground(self) -> Ground:
        return self.contest["ground"]  # type: ignore[no-any-return]

    @property
    def decides(self) -> bool:
        return may_decide_entries(self.viewer, self.ground)

    def takes(self, category: Mapping[str, Any]) -> bool:
        """While registration is open; the organiser also takes late entries before the draw."""
        return category["state"] == "open" or (category["state"] == "closed" and self.decides)

    def open_categories(self) -> list[Mapping[str, Any]]:
        return [category for category in self.categories.values() if self.takes(category)]


async def open_desk(viewer: Viewer, contest_code: str) -> Desk:
    """Raises NotFound."""
    contest = await programme.contest(contest_code)
    units = await delegations_of(contest)
    theirs = {
        unit["code"]: unit for unit in units if may_file_entries(viewer, contest["ground"], unit["path"])
    }
    own = not theirs
    return Desk(
        viewer,
        contest,
        await _categories(contest["id"]),
        {u["code"]: u for u in units} if own else theirs,
        own,
    )


async def delegations_of(contest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The units that send competitors: those right below a city or county host, else those of the province."""
    host = await UnionUnit.select().where(UnionUnit.code == contest["host_code"]).first()
    assert host is not None
    if host["kind"] != "territorial" or host["level"] == "province":
        return await unions.delegations()
    below = await UnionUnit.select().where(UnionUnit.parent == host["id"]).order_by(UnionUnit.sort)
    return [host, *below]


async def _categories(contest_id: int) -> dict[int, dict[str, Any]]:
    event = EventCategory.event
    rows = (
        await EventCategory.select(
            EventCategory.id,
            EventCategory.category,
            EventCategory.state,
            EventCategory.quota,
            event.code.as_alias("event_code"),
            event.name.as_alias("event_name"),
            event.name_en.as_alias("event_name_en"),
            event.reference_date.as_alias("reference_date"),
            event.age_min.as_alias("age_min"),
            event.age_max.as_alias("age_max"),
            event.skill_level_min.as_alias("skill_level_min"),
            event.basis.as_alias("basis"),
            event.contest.starts_on.as_alias("starts_on"),
        )
        .where(event.contest == contest_id)
        .order_by(event.code)
        .order_by(EventCategory.id)
    )
    return {row["id"]: row for row in rows}


def rule_of(category: Mapping[str, Any]) -> EventRule:
    """Without a reference date of its own an event counts ages on the first day of the contest."""
    return EventRule(
        event_category=category["id"],
        category=category["category"],
        state=category["state"],
        reference_date=category["reference_date"] or category["starts_on"],
        age_min=category["age_min"],
        age_max=category["age_max"],
        skill_level_min=category["skill_level_min"],
    )


async def check(
    desk: Desk, forms: Mapping[int, EntryForm], *, replacing: int | None = None, faulty: Collection[int] = ()
) -> dict[int, list[Finding]]:
    """Everything that speaks against each candidate, by the same keys.

    `replacing`: the entry sent again. `faulty`: candidates known to be refused, who take nobody's place.
    """
    known, workers = await _known(forms, replacing)
    twice = check_twice(forms)
    findings: dict[int, list[Finding]] = {}
    for key, form in forms.items():
        category = desk.categories.get(form.event_category)
        found = _check_desk(desk, form, category)
        if category is not None:
            found += check_entry(form, rule_of(category), known[key])
        findings[key] = [*found, *twice.get(key, []), *_check_own(desk, form, workers.get(key))]
    sound = {key: form for key, form in forms.items() if key not in faulty and not errors(findings[key])}
    for key, more in check_places(sound, *await _places(desk, sound.values(), replacing)).items():
        findings[key] += more
    return findings


def unanswered(findings: Sequence[Finding], answer: str) -> list[Finding]:
    """What keeps an entry out: errors, or warnings that nobody answered."""
    if errors(findings):
        return list(findings)
    return [*findings, Finding("entry.answer_needed", place="answer")] if findings and not answer else []


def _check_desk(desk: Desk, form: EntryForm, category: Mapping[str, Any] | None) -> list[Finding]:
    findings = []
    if category is None:
        findings.append(Finding("entry.category_elsewhere", place="event_category"))
    elif not desk.takes(category):
        findings.append(Finding("entry.not_open", place="event_category"))
    if form.delegation not in desk.delegations:
        findings.append(Finding("entry.delegation_elsewhere", place="delegation"))
    return findings


def _check_own(desk: Desk, form: EntryForm, worker: Mapping[str, Any] | None) -> list[Finding]:
    """Nobody takes over another person's record by typing their number: name and phone must be theirs too."""
    if not desk.own:
        return []
    own = desk.viewer.worker
    if own is not None and (worker is None or worker["id"] != own):
        return [Finding("entry.own_number_only", place="identity_number")]
    if own is None and worker is not None:
        same = worker["name"] == form.name and worker["phone_hash"] == privacy.lookup_hash(form.phone)
        return [] if same else [Finding("entry.not_your_number", place="identity_number")]
    return []


async def own_form(viewer: Viewer) -> dict[str, str]:
    """What is already known of a person who registers themselves, for their own form."""
    row = (
        None
        if viewer.worker is None
        else await Worker.select(
            *Worker.all_columns(), Worker.organisation.name.as_alias("organisation_name")
        )
        .where(Worker.id == viewer.worker)
        .first()
    )
    if row is None:
        return {"name": viewer.display_name}
    numbers = {
        field: privacy.decrypt(bytes(row[cipher]), purpose=purpose)
        for field, cipher, purpose in (
            ("identity_number", "identity_cipher", "identity"),
            ("phone", "phone_cipher", "phone"),
        )
        if row[cipher]
    }
    return {
        "name": row["name"],
        "status": row["status"],
        "organisation": row["organisation_name"] or "",
        "skill_level": str(row["skill_level"] or ""),
        "certificate_number": row["certificate_number"],
        **numbers,
    }


async def _known(
    forms: Mapping[int, EntryForm], replacing: int | None
) -> tuple[dict[int, Known], dict[int, Mapping[str, Any]]]:
    """What is remembered of each candidate, found by the keyed hash of the identity number."""
    hashes = {key: privacy.lookup_hash(form.identity_number) for key, form in forms.items()}
    by_hash: dict[str, Mapping[str, Any]] = {}
    for part in _parts(set(hashes.values())):
        columns = (Worker.id, Worker.name, Worker.identity_hash, Worker.phone_hash)
        for row in await Worker.select(*columns).where(Worker.identity_hash.is_in(part)):
            by_hash[row["identity_hash"]] = row
    workers = {key: by_hash[digest] for key, digest in hashes.items() if digest in by_hash}
    ids = sorted({int(worker["id"]) for worker in workers.values()})
    entered = await _entered(ids, replacing)
    prizes, honours = await _prizes(ids), await _honours(ids)
    known = {}
    for key, form in forms.items():
        worker = workers.get(key)
        known[key] = (
            Known()
            if worker is None
            else Known(
                name=worker["name"],
                entered_here=(form.event_category, worker["id"]) in entered,
                prizes=prizes.get(worker["id"], ()),
                honours=honours.get(worker["id"], ()),
            )
        )
    return known, workers


def _parts(values: Iterable[Any], size: int = 500) -> list[list[Any]]:
    ordered = sorted(values)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


async def _asked(sql: str, schema: Mapping[str, Any], values: Sequence[Any]) -> pl.DataFrame:
    """A query with one `{}` for a list, asked in parts that both engines take."""
    answers = [
        await frame(sql.format(", ".join("?" for _ in part)), schema, *part) for part in _parts(set(values))
    ]
    return pl.concat(answers) if answers else pl.DataFrame(schema=schema)


async def _entered(workers: Sequence[int], replacing: int | None) -> set[tuple[int, int]]:
    rows = await _asked(
        f"SELECT id, event_category, worker FROM entry WHERE state IN {STANDING} AND worker IN ({{}})",
        {"id": pl.Int64, "event_category": pl.Int64, "worker": pl.Int64},
        workers,
    )
    return {(category, worker) for entry, category, worker in rows.iter_rows() if entry != replacing}


async def _honours(workers: Sequence[int]) -> dict[int, list[str]]:
    rows = await _asked(
        "SELECT worker, kind FROM honour WHERE worker IN ({})",
        {"worker": pl.Int64, "kind": pl.String},
        workers,
    )
    found: dict[int, list[str]] = defaultdict(list)
    for worker, kind in rows.iter_rows():
        found[worker].append(kind)
    return found


async def _prizes(workers: Sequence[int]) -> dict[int, list[Prize]]:
    """Published places of these workers in contests of a class, best first."""
    rows = await _asked(
        "SELECT entry.worker, entry.event_category, entry.number, contest.name, contest.level,"
        " contest.class_code FROM entry JOIN event_category ON event_category.id = entry.event_category"
        " JOIN contest_event ON contest_event.id = event_category.event"
        " JOIN contest ON contest.id = contest_event.contest"
        " WHERE entry.state = 'approved' AND entry.number IS NOT NULL AND contest.class_code IS NOT NULL"
        " AND event_category.publication IS NOT NULL AND entry.worker IN ({})",
        {
            "worker": pl.Int64,
            "event_category": pl.Int64,
            "number": pl.String,
            "contest": pl.String,
            "level": pl.String,
            "class_code": pl.String,
        },
        workers,
    )
    places = await published_places(rows["event_category"].unique().to_list())
    found: dict[int, list[Prize]] = defaultdict(list)
    for worker, category, number, contest, level, class_code in rows.iter_rows():
        line = places.get((category, number))
        if line and line["place"] is not None:
            found[worker].append(Prize(contest, level, class_code, line["place"]))
    return {worker: sorted(prizes, key=lambda prize: prize.place) for worker, prizes in found.items()}


async def published_places(categories: Sequence[int]) -> dict[tuple[int, str], dict[str, Any]]:
    """(event category, number) → the line of the publication the public sees now: place, total, award."""
    rows = await _asked(
        "SELECT publication.event_category, publication.content FROM publication"
        " JOIN event_category ON event_category.id = publication.event_category"
        " AND event_category.publication = publication.number"
        " WHERE publication.withdrawn_at IS NULL AND publication.event_category IN ({})",
        {"event_category": pl.Int64, "content": pl.String},
        categories,
    )
    found = {}
    for category, content in rows.iter_rows():
        board = json.loads(content)
        for row in board["rows"]:
            line = dict(zip(board["fields"], row, strict=True))
            found[category, line["number"]] = line
    return found


async def _places(
    desk: Desk, forms: Iterable[EntryForm], replacing: int | None
) -> tuple[dict[tuple[int, str], int | None], dict[tuple[int, str], int]]:
    """Places of each delegation asked for, and how many are taken."""
    wanted = {(form.event_category, form.delegation) for form in forms}
    categories = sorted({category for category, _ in wanted})
    codes = {unit["id"]: code for code, unit in desk.delegations.items()}
    own = {category: await programme.quotas_of(category) for category in categories}
    places = {
        (category, code): own[category].get(desk.delegations[code]["id"], desk.categories[category]["quota"])
        for category, code in wanted
    }
    rows = await _asked(
        f"SELECT id, event_category, delegation FROM entry WHERE state IN {STANDING}"
        " AND event_category IN ({})",
        {"id": pl.Int64, "event_category": pl.Int64, "delegation": pl.Int64},
        categories,
    )
    counted = rows.filter(pl.col("id") != (replacing or 0)).group_by("event_category", "delegation").len()
    taken = {
        (category, codes[delegation]): number
        for category, delegation, number in counted.iter_rows()
        if delegation in codes
    }
    return places, taken
