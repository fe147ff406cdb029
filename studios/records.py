"""The record of a studio: looking it up with its permission, adding and changing it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

from federation.accounts import Viewer
from federation.changes import Change, change, move
from federation.findings import Finding
from federation.notices import RegisterMoved
from federation.organisations import find_or_enter
from federation.refusals import Conflict, Invalid, NotFound
from federation.tables import Chain, Industry, Region, UnionUnit
from studios import rules
from studios.forms import StudioForm
from studios.tables import Naming, Studio

EQUIPMENT_SCALE = 1_000_000
"""分 in one 万元."""

_COLUMNS = (
    Studio.id,
    Studio.number,
    Studio.name,
    Studio.name_en,
    Studio.organisation,
    Studio.organisation.name.as_alias("organisation_name"),
    Studio.organisation.name_en.as_alias("organisation_name_en"),
    Studio.organisation.ownership.as_alias("ownership"),
    Studio.union_unit,
    Studio.union_unit.code.as_alias("union_code"),
    Studio.union_unit.name.as_alias("union_name"),
    Studio.union_unit.name_en.as_alias("union_name_en"),
    Studio.union_unit.path.as_alias("union_path"),
    Studio.region,
    Studio.region.name.as_alias("region_name"),
    Studio.region.name_en.as_alias("region_name_en"),
    Studio.industry,
    Studio.industry.name.as_alias("industry_name"),
    Studio.industry.name_en.as_alias("industry_name_en"),
    Studio.chain,
    Studio.chain.name.as_alias("chain_name"),
    Studio.chain.name_en.as_alias("chain_name_en"),
    Studio.founded_on,
    Studio.topic,
    Studio.premises,
    Studio.equipment,
    Studio.summary,
    Studio.version,
    Studio.updated_at,
)


@contextlib.asynccontextmanager
async def amending(
    viewer: Viewer, deed: str, number: str, sending: str | None = None
) -> AsyncIterator[Change]:
    """The change of one act on the register.

    Moving the register's revision comes first: acts wait for each other there on both engines, so what an act
    reads of a studio's history is still true when it commits.
    """
    async with change(viewer.actor, deed, f"studio:{number}", sending=sending) as act:
        act.tell(RegisterMoved(await move("studios")))
        yield act


async def _found(number: str) -> dict[str, Any]:
    studio = await Studio.select(*_COLUMNS).where(Studio.number == number).first()
    if studio is None:
        raise NotFound("studio", number=number)
    first = (
        await Naming.select(Naming.starts_on)
        .where(Naming.studio == studio["id"])
        .order_by(Naming.starts_on)
        .first()
    )
    studio["first_named_on"] = first["starts_on"] if first else None
    return studio


async def seen(viewer: Viewer | None, number: str) -> dict[str, Any]:
    """A studio this person may see. Raises NotFound."""
    studio = await _found(number)
    if not rules.may_see(viewer, studio):
        raise NotFound("studio", number=number)
    return studio


async def kept(viewer: Viewer, number: str) -> dict[str, Any]:
    """A studio of this person's own branch. Raises NotFound for every other."""
    studio = await _found(number)
    if not rules.may_edit(viewer, studio["union_path"]):
        raise NotFound("studio", number=number)
    return studio


async def units_of(viewer: Viewer) -> list[dict[str, Any]]:
    """The union units a person may enter studios for, in the order people list them."""
    units = await UnionUnit.select().order_by(UnionUnit.path)
    return [unit for unit in units if rules.may_edit(viewer, unit["path"])]


async def add(viewer: Viewer, form: StudioForm, *, sending: str | None = None) -> str:
    """Enter a new studio, not yet named. Returns its number. Raises Invalid."""
    async with amending(viewer, "studio.add", "", sending) as act:
        unit, findings = await _checked(viewer, form)
        if findings:
            raise Invalid(findings)
        values = await _values(form, unit)
        number = await _next_number(unit["code"])
        await Studio.insert(Studio(number=number, version=1, updated_at=act.at, **values))
        act.subject = f"studio:{number}"
        act.answer["number"] = number
        act.record(name=form.name, organisation=form.organisation, union_unit=unit["code"])
    return number


async def alter(
    viewer: Viewer, number: str, form: StudioForm, version: int, *, sending: str | None = None
) -> None:
    """Change the record. Raises Conflict when somebody changed it since `version`, NotFound, Invalid."""
    studio = await kept(viewer, number)
    async with amending(viewer, "studio.change", number, sending) as act:
        unit, findings = await _checked(viewer, form, studio)
        if findings:
            raise Invalid(findings)
        values = await _values(form, unit)
        changed = (
            await Studio.update(
                {
                    **{Studio._meta.get_column_by_name(key): value for key, value in values.items()},
                    Studio.version: version + 1,
                    Studio.updated_at: act.at,
                }
            )
            .where((Studio.id == studio["id"]) & (Studio.version == version))
            .returning(Studio.id)
        )
        if not changed:
            raise Conflict("studio.changed_meanwhile", number=number)
        act.record(before=_differing(studio, values), after=_differing(values, studio))


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in one if key in other and one[key] != other[key]}


async def _checked(
    viewer: Viewer, form: StudioForm, studio: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[Finding]]:
    """The union unit of the form and what is wrong with the form."""
    unit = await UnionUnit.select().where(UnionUnit.code == form.union_unit).first()
    if unit is None or not rules.may_edit(viewer, unit["path"]):
        return {}, [Finding("studio.unit_not_yours", place="union_unit", facts={"unit": form.union_unit})]
    findings = await _unknown_codes(form)
    if form.region and not _lies_within(form.region, unit["region"]):
        findings.append(Finding("studio.region_outside_unit", place="region", facts={"unit": unit["name"]}))
    if form.founded_on > date.today():
        findings.append(Finding("studio.founded_in_future", place="founded_on"))
    if form.equipment is not None and form.equipment.quantize(Decimal("0.01")) != form.equipment:
        facts = {"value": str(form.equipment), "decimals": 2}
        findings.append(Finding("output.too_fine", place="equipment", facts=facts))
    if studio and studio["first_named_on"] and form.founded_on > studio["first_named_on"]:
        facts = {"since": studio["first_named_on"].isoformat()}
        findings.append(Finding("studio.founded_after_naming", place="founded_on", facts=facts))
    twin = (
        await Studio.select(Studio.number)
        .where((Studio.name == form.name) & (Studio.organisation.name == form.organisation))
        .first()
    )
    if twin and (studio is None or twin["number"] != studio["number"]):
        findings.append(Finding("studio.entered_already", place="name", facts={"number": twin["number"]}))
    return unit, findings


async def _unknown_codes(form: StudioForm) -> list[Finding]:
    return [
        Finding("studio.unknown_code", place=place, facts={"value": code})
        for place, table, code in (
            ("region", Region, form.region),
            ("industry", Industry, form.industry),
            ("chain", Chain, form.chain),
        )
        if code and not await table.exists().where(table._meta.get_column_by_name("code") == code)
    ]


def _lies_within(region: str, unit_region: str | None) -> bool:
    """Whether a division lies in a unit's; the unit may have none (a zone, an industrial or direct union).

    >>> _lies_within("360102", "360100"), _lies_within("360102", "360103")
    (True, False)
    """
    return unit_region is None or region.startswith(unit_region.rstrip("0"))


async def _values(form: StudioForm, unit: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": form.name,
        "name_en": form.name_en or "",
        "organisation": await find_or_enter(form.organisation, unit["id"]),
        "union_unit": unit["id"],
        "region": form.region or unit["region"],
        "industry": form.industry,
        "chain": form.chain,
        "founded_on": form.founded_on,
        "topic": form.topic or "",
        "premises": form.premises,
        "equipment": None if form.equipment is None else int(form.equipment * EQUIPMENT_SCALE),
        "summary": form.summary or "",
    }


def equipment_in_wan(equipment: int | None) -> Decimal | None:
    return None if equipment is None else Decimal(equipment) / EQUIPMENT_SCALE


async def _next_number(unit_code: str) -> str:
    """Numbers run within the union unit that first entered the studio and stay when it moves."""
    last = (
        await Studio.select(Studio.number)
        .where(Studio.number.like(f"{unit_code}-____"))
        .order_by(Studio.number, ascending=False)
        .first()
    )
    following = int(last["number"].rsplit("-", 1)[1]) + 1 if last else 1
    return f"{unit_code}-{following:04d}"
