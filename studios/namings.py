"""Namings: the dated history of tiers a studio holds, and the stock of studios at any date.

A naming runs from `starts_on` up to, but not including, `ends_on`. A studio may hold several tiers at once (the
county's plaque stays on the wall when the province names it); it counts once, by the highest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from federation import database
from federation.accounts import Viewer
from federation.findings import Finding
from federation.refusals import Forbidden, Invalid, NotFound
from federation.tables import UnionUnit
from studios import records, rules
from studios.forms import EndingForm, NamingForm
from studios.tables import Naming
from studios.tiers import TIER, height

NAMINGS = pl.Schema(
    {
        "naming": pl.Int64(),
        "studio": pl.Int64(),
        "tier": pl.String(),
        "starts_on": pl.Date(),
        "ends_on": pl.Date(),
        "document_number": pl.String(),
    }
)


async def every() -> pl.DataFrame:
    """Every naming, as NAMINGS with `tier` as an ordered Enum, oldest first."""
    found = await database.frame(
        "SELECT id, studio, tier, starts_on, ends_on, document_number FROM naming ORDER BY starts_on, id",
        NAMINGS,
    )
    return found.with_columns(pl.col("tier").cast(TIER))


def held(namings: pl.DataFrame, at: date) -> pl.DataFrame:
    """The naming each studio counts by at a date: one row per studio that holds a tier, by its highest.

    §7.3 row 14: `starts_on <= at and (ends_on is null or ends_on > at)`.
    """
    return (
        namings.filter((pl.col("starts_on") <= at) & (pl.col("ends_on").is_null() | (pl.col("ends_on") > at)))
        .sort("tier", "starts_on", "naming")
        .unique("studio", keep="first", maintain_order=True)
    )


async def stock(at: date) -> dict[str, int]:
    """How many studios stand at each tier at a date, every studio counted once by its highest."""
    counts = dict(held(await every(), at)["tier"].value_counts().iter_rows())
    return {tier: counts.get(tier, 0) for tier in TIER.categories}


async def of_studio(studio: int) -> list[dict[str, Any]]:
    """The history, oldest first, with the name of the unit that conferred each."""
    return (
        await Naming.select(
            Naming.id,
            Naming.tier,
            Naming.starts_on,
            Naming.ends_on,
            Naming.document_number,
            Naming.plaque_number,
            Naming.end_reason,
            Naming.end_document_number,
            Naming.conferred_by,
            Naming.conferred_by.name.as_alias("conferrer"),
            Naming.conferred_by.name_en.as_alias("conferrer_en"),
        )
        .where(Naming.studio == studio)
        .order_by(Naming.starts_on)
        .order_by(Naming.id)
    )


def check(
    form: NamingForm,
    founded_on: date,
    history: Sequence[Mapping[str, Any]],
    until: date | None = None,
) -> list[Finding]:
    """What speaks against a naming beside the others of the studio.

    `history` is without the naming itself; `until` is the day it ended, if it did.
    """
    findings = []
    if form.starts_on < founded_on:
        facts = {"founded": founded_on.isoformat(), "given": form.starts_on.isoformat()}
        findings.append(Finding("naming.before_founding", place="starts_on", facts=facts))
    if form.starts_on > date.today():
        findings.append(
            Finding("naming.in_future", place="starts_on", facts={"given": form.starts_on.isoformat()})
        )
    if until is not None and form.starts_on >= until:
        findings.append(
            Finding("naming.starts_after_end", place="starts_on", facts={"end": until.isoformat()})
        )
    for other in history:
        findings += _against(form, until or date.max, other)
    return findings


def _against(form: NamingForm, until: date, other: Mapping[str, Any]) -> list[Finding]:
    """Same tier: no day twice. Other tiers: a lower one is not conferred while a higher one is held."""
    starts, ends = other["starts_on"], other["ends_on"] or date.max
    facts = {"tier": other["tier"], "since": starts.isoformat(), "document": other["document_number"]}
    if other["tier"] == form.tier:
        overlaps = form.starts_on < ends and starts < until
        return [Finding("naming.overlaps", place="starts_on", facts=facts)] if overlaps else []
    if height(other["tier"]) > height(form.tier):
        below = starts <= form.starts_on < ends
        return [Finding("naming.below_held", place="tier", facts=facts)] if below else []
    above = form.starts_on <= starts < until
    return [Finding("naming.lower_came_later", place="starts_on", facts=facts)] if above else []


def conferrer(path: str, tier: str) -> str | None:
    """The code of the unit that confers a tier on studios of the unit with this path; None is the national one.

    >>> conferrer("T360000/T360100/T360102/", "municipal")
    'T360100'
    """
    codes = path.rstrip("/").split("/")
    return {
        "national": None,
        "provincial": codes[0],
        "municipal": codes[min(1, len(codes) - 1)],
        "county": codes[-1],
    }[tier]


async def name(viewer: Viewer, number: str, form: NamingForm, *, sending: str | None = None) -> int:
    """Name a studio at a tier; with a lower tier held it is a promotion. Returns the naming's id.

    Raises NotFound outside the branch, Forbidden for a tier above the officer, Invalid.
    """
    studio = await records.kept(viewer, number)
    _must_confer(viewer, studio, form.tier)
    async with records.amending(viewer, "studio.name", number, sending) as act:
        history = await of_studio(studio["id"])
        if findings := check(form, studio["founded_on"], history):
            raise Invalid(findings)
        promoted = any(row["ends_on"] is None and height(row["tier"]) < height(form.tier) for row in history)
        entered = await Naming.insert(
            Naming(studio=studio["id"], conferred_by=await _conferrer_id(studio, form), **form.model_dump())
        )
        act.record(naming=entered[0]["id"], promotion=promoted, **_facts(form))
    return int(entered[0]["id"])


async def change_naming(
    viewer: Viewer, number: str, naming: int, form: NamingForm, *, sending: str | None = None
) -> None:
    """Put right what was entered of a naming. The audit line keeps what stood before."""
    studio = await records.kept(viewer, number)
    _must_confer(viewer, studio, form.tier)
    async with records.amending(viewer, "studio.naming_change", number, sending) as act:
        history = await of_studio(studio["id"])
        before = _one(history, naming)
        _must_confer(viewer, studio, before["tier"])
        others = [row for row in history if row["id"] != naming]
        if findings := check(form, studio["founded_on"], others, before["ends_on"]):
            raise Invalid(findings)
        values = {**form.model_dump(), "conferred_by": await _conferrer_id(studio, form)}
        await Naming.update(
            {Naming._meta.get_column_by_name(key): value for key, value in values.items()}
        ).where(Naming.id == naming)
        act.record(naming=naming, before={key: before[key] for key in _facts(form)}, after=_facts(form))


async def end(
    viewer: Viewer, number: str, naming: int, form: EndingForm, *, sending: str | None = None
) -> None:
    """End a naming that is held, with its reason and the document that says so."""
    studio = await records.kept(viewer, number)
    async with records.amending(viewer, "studio.naming_end", number, sending) as act:
        before = _one(await of_studio(studio["id"]), naming)
        _must_confer(viewer, studio, before["tier"])
        findings = []
        if before["ends_on"] is not None:
            facts = {"end": before["ends_on"].isoformat()}
            findings.append(Finding("naming.ended_already", place="ends_on", facts=facts))
        if form.ends_on <= before["starts_on"]:
            facts = {"since": before["starts_on"].isoformat()}
            findings.append(Finding("naming.ends_before_start", place="ends_on", facts=facts))
        if findings:
            raise Invalid(findings)
        await Naming.update(
            {
                Naming.ends_on: form.ends_on,
                Naming.end_reason: form.end_reason,
                Naming.end_document_number: form.end_document_number,
            }
        ).where(Naming.id == naming)
        act.record(naming=naming, tier=before["tier"], **form.model_dump(mode="json"))


def _must_confer(viewer: Viewer, studio: Mapping[str, Any], tier: str) -> None:
    if not rules.may_confer(viewer, studio["union_path"], tier):
        raise Forbidden("naming.tier_above_you", tier=tier)


async def _conferrer_id(studio: Mapping[str, Any], form: NamingForm) -> int | None:
    code = conferrer(studio["union_path"], form.tier)
    unit = await UnionUnit.select(UnionUnit.id).where(UnionUnit.code == code).first() if code else None
    return unit["id"] if unit else None


def _one(history: Sequence[Mapping[str, Any]], naming: int) -> Mapping[str, Any]:
    for row in history:
        if row["id"] == naming:
            return row
    raise NotFound("naming")


def _facts(form: NamingForm) -> dict[str, Any]:
    return {"tier": form.tier, "starts_on": form.starts_on, "document_number": form.document_number}
