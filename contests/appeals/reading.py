"""Reading appeals: what a leader may file and has filed, what waits for the panel, one appeal for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contests import schemes
from contests.appeals import window as clocks
from contests.appeals.checks import UNDECIDED
from contests.appeals.filing import PROOF, TEXT, own_appeal, own_entries
from contests.appeals.hearing import appeal_row, voices
from contests.appeals.panel import barred
from contests.appeals.rescoring import Effect, effect_of, trial_of
from contests.appeals.settings import rule_of, window_of
from contests.appeals.window import Window
from contests.programme import event_category, event_category_for
from contests.rules import may_appeal, may_hear_appeals, may_open_appeals, may_referee, may_see_appeals
from contests.scoring.lines import Line, lines_of
from contests.scoring.plans import Plan, plans_of
from contests.states import CORRECTABLE
from contests.tables import Appeal, AppealStep, Entry, EventCategory
from federation.accounts import Viewer
from federation.privacy import decrypt
from federation.refusals import Forbidden
from federation.tables import UnionUnit

DECIDED = ("upheld", "dismissed", "out_of_scope")
PANELS_OWN = ("proposed", "agreed")
"""Steps that stay with the panel until the decision stands."""

_LISTED = (
    Appeal.id,
    Appeal.number,
    Appeal.event_category,
    Appeal.state,
    Appeal.remedy,
    Appeal.ground,
    Appeal.at,
    Appeal.delegation,
    Appeal.delegation.name.as_alias("delegation_name"),
    Appeal.delegation.name_en.as_alias("delegation_name_en"),
    Appeal.delegation.path.as_alias("path"),
    Appeal.entry.number.as_alias("entry_number"),
    Appeal.trial.state.as_alias("trial_state"),
)


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An event category in which a leader's people compete. `window` None: its moment is not recorded yet."""

    about: dict[str, Any]
    window: Window | None
    minutes: int
    moment: str


@dataclass(frozen=True, slots=True)
class Room:
    """Everything about appeals that concerns one person: as a leader, and as a member of a panel."""

    opportunities: list[Opportunity]
    filed: list[dict[str, Any]]
    cases: list[dict[str, Any]]


async def room_of(viewer: Viewer) -> Room:
    """Raises Forbidden for who neither leads a delegation nor sits on a panel."""
    if not may_open_appeals(viewer):
        raise Forbidden("appeal.no_part")
    return Room(await opportunities(viewer), await filed_by(viewer), await cases(viewer))


async def opportunities(viewer: Viewer) -> list[Opportunity]:
    """Where this leader could appeal, the windows that run first."""
    branches = viewer.branches("leader")
    if not branches:
        return []
    rows = await EventCategory.select(EventCategory.id).where(EventCategory.state.is_in(list(CORRECTABLE)))
    found = []
    for row in rows:
        if not await own_entries(viewer, row["id"]):
            continue
        about = await event_category(row["id"])
        rule = await rule_of(about)
        found.append(Opportunity(about, await window_of(about), rule.minutes, rule.moment))
    at = clocks.now()
    return sorted(found, key=lambda one: (one.window is None or not one.window.takes(at), one.about["id"]))


async def filed_by(viewer: Viewer) -> list[dict[str, Any]]:
    """The appeals of the delegations this person leads, newest first, each with its event category as `about`."""
    if not viewer.branches("leader"):
        return []
    rows = await Appeal.select(*_LISTED).order_by(Appeal.id, ascending=False)
    return [
        {**row, "about": await event_category(row["event_category"]), "state": shown_state(row["state"])}
        for row in rows
        if may_appeal(viewer, row["path"])
    ]


def shown_state(state: str) -> str:
    """What the leader is told: a proposal of the panel is not yet anything."""
    return "accepted" if state == "proposed" else state


async def cases(viewer: Viewer) -> list[dict[str, Any]]:
    """The appeals this member of a panel sees, those undecided first, each with its event category as `about`."""
    if not viewer.holds("appeals_panel"):
        return []
    rows = await Appeal.select(*_LISTED).order_by(Appeal.id, ascending=False)
    abouts = {one: await event_category(one) for one in {row["event_category"] for row in rows}}
    mine = [
        {**row, "about": abouts[row["event_category"]]}
        for row in rows
        if may_hear_appeals(viewer, abouts[row["event_category"]]["ground"])
    ]
    return sorted(mine, key=lambda row: row["state"] not in UNDECIDED)


async def appeals_of(viewer: Viewer, event_category_id: int) -> list[dict[str, Any]]:
    """Every appeal of an event category, by number. Raises NotFound, Forbidden."""
    await event_category_for(viewer, event_category_id, may_see_appeals)
    return (
        await Appeal.select(*_LISTED)
        .where(Appeal.event_category == event_category_id)
        .order_by(Appeal.number)
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """An appeal as its leader sees it: no marks, no judge, and of the panel what it has decided."""

    about: dict[str, Any]
    row: dict[str, Any]
    state: str
    entry: dict[str, Any]
    delegation: dict[str, Any]
    text: str
    proof: str
    answer: str
    effect: str
    steps: list[dict[str, Any]]
    may_take_back: bool


async def receipt(viewer: Viewer, appeal: int) -> Receipt:
    """Raises NotFound for an appeal of another delegation."""
    row = await own_appeal(viewer, appeal)
    decided = row["state"] in DECIDED
    steps = await _steps(row["id"])
    # who of the panel did it stays with the panel, and what it weighs until it has decided
    told = [
        {**step, "actor": step["actor"] if step["deed"] in ("filed", "withdrawn") else "", "reason": ""}
        for step in steps
        if step["deed"] not in PANELS_OWN
    ]
    return Receipt(
        about=await event_category(row["event_category"]),
        row=row,
        state=shown_state(row["state"]),
        entry=await _entry(row["entry"]),
        delegation=await _delegation(row["delegation"]),
        text=decrypt(bytes(row["text_cipher"]), purpose=TEXT),
        proof=decrypt(bytes(row["proof_cipher"]), purpose=PROOF),
        answer=row["answer"] if decided else "",
        effect=await effect_word(row) if decided else "",
        steps=told,
        may_take_back=row["state"] in UNDECIDED,
    )


async def effect_word(row: dict[str, Any]) -> str:
    """What came of an upheld appeal: none, waiting, applied or discarded; "" for any other."""
    if row["state"] != "upheld":
        return ""
    if row["remedy"] != "trial":
        return "none"
    trial = await trial_of(row)
    return trial["state"] if trial and trial["state"] in ("applied", "discarded") else "waiting"


async def _steps(appeal: int) -> list[dict[str, Any]]:
    return await AppealStep.select().where(AppealStep.appeal == appeal).order_by(AppealStep.id)


async def _entry(entry: int) -> dict[str, Any]:
    row = (
        await Entry.select(Entry.number, Entry.name, Entry.piece, Entry.piece.number.as_alias("piece_number"))
        .where(Entry.id == entry)
        .first()
    )
    assert row is not None
    return row


async def _delegation(unit: int) -> dict[str, Any]:
    row = await UnionUnit.select(UnionUnit.name, UnionUnit.name_en).where(UnionUnit.id == unit).first()
    assert row is not None
    return row


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal as the panel and the staff see it: entry by number, marks of its piece by seat, no name.

    `sheets` is empty while nobody may know which piece it is. `barred`: code of why this member may not hear it.
    """

    about: dict[str, Any]
    row: dict[str, Any]
    entry: dict[str, Any]
    delegation: dict[str, Any]
    text: str
    proof: str
    steps: list[dict[str, Any]]
    sheets: list[tuple[Plan, list[Line]]]
    trial: dict[str, Any] | None
    effect: Effect | None
    effect_word: str
    barred: str | None
    hears: bool
    may_begin: bool
    voices: dict[int, str]
    needed: int


async def case(viewer: Viewer, event_category_id: int, number: int) -> Case:
    """Raises NotFound, Forbidden."""
    about = await event_category_for(viewer, event_category_id, may_see_appeals)
    row = await appeal_row(event_category_id, number)
    entry = await _entry(row["entry"])
    hears = may_hear_appeals(viewer, about["ground"])
    why = await barred(viewer, about["contest"], row["delegation"]) if hears else None
    trial = await trial_of(row)
    open_trial = trial is not None and trial["state"] != "discarded"
    ordered = row["state"] == "upheld" and row["remedy"] == "trial" and about["state"] in CORRECTABLE
    return Case(
        about=about,
        row=row,
        entry={key: entry[key] for key in ("number", "piece_number")},
        delegation=await _delegation(row["delegation"]),
        text=decrypt(bytes(row["text_cipher"]), purpose=TEXT),
        proof=decrypt(bytes(row["proof_cipher"]), purpose=PROOF),
        steps=await _steps(row["id"]),
        sheets=await _sheets(about, entry["piece"]) if why is None else [],
        trial=trial,
        effect=await effect_of(row),
        effect_word=await effect_word(row),
        barred=why,
        hears=hears and why is None,
        may_begin=ordered and not open_trial and may_referee(viewer, about["ground"]),
        voices=await voices(row["id"]) if row["state"] == "proposed" else {},
        needed=(await rule_of(about)).voices,
    )


async def _sheets(about: dict[str, Any], piece: int | None) -> list[tuple[Plan, list[Line]]]:
    if piece is None or about["scheme"] is None:
        return []
    plans = plans_of(await schemes.scheme_of(about["id"]))
    found = [(plan, await lines_of(about["id"], piece, plan)) for plan in plans]
    return [(plan, lines) for plan, lines in found if any(line.version for line in lines)]
