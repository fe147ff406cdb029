"""What studios bring: outputs by year and measure, entered, corrected, verified, added up.

Quantities are integers in 1/10^decimals of the measure's unit. Only verified outputs count in totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from federation import database
from federation.accounts import Viewer
from federation.findings import Finding, errors
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from studios import records, rules
from studios.forms import OutputForm
from studios.tables import Output, OutputMeasure

ACHIEVEMENTS = {
    "tackled": ("innovation.completed", "key-problem.solved", "invention.completed", "five-smalls.completed"),
    "patents": ("patent.granted",),
    "methods": ("method.summarised", "standard.issued", "paper.published"),
    "proposals": ("proposal.accepted",),
}
"""What is added up as the achievements (成果) of a studio, in the four groups its chart stacks."""

BENEFIT = "benefit.created"
COUNTED = tuple(measure for group in ACHIEVEMENTS.values() for measure in group)

YEARLY = pl.Schema(
    {"studio": pl.Int64(), "year": pl.Int64(), "achievements": pl.Int64(), "benefit": pl.Int64()}
)

SUSPICIOUS_BENEFIT = 5_000_000
"""万元 × 100: fifty thousand 万元, five hundred million yuan, from one studio in one year is rather 元 than 万元."""
_OUT_OF_LINE = 100


async def measures() -> list[dict[str, Any]]:
    """Every measure that can be entered, in the order of the reference file."""
    return await OutputMeasure.select().order_by(OutputMeasure.sort)


async def yearly() -> pl.DataFrame:
    """Verified achievements and benefit of every studio by year, as YEARLY."""
    counted = ", ".join(f"'{measure}'" for measure in COUNTED)
    return await database.frame(
        "SELECT studio, year,"
        f" CAST(SUM(CASE WHEN measure IN ({counted}) THEN quantity ELSE 0 END) AS BIGINT),"
        f" CAST(SUM(CASE WHEN measure = '{BENEFIT}' THEN quantity ELSE 0 END) AS BIGINT)"
        " FROM studio_output WHERE verified_on IS NOT NULL GROUP BY studio, year ORDER BY studio, year",
        YEARLY,
    )


async def of_studio(studio: int) -> list[dict[str, Any]]:
    """Every output of a studio with its measure, newest year first."""
    return (
        await Output.select(
            Output.id,
            Output.year,
            Output.measure,
            Output.title,
            Output.quantity,
            Output.proof,
            Output.verified_by,
            Output.verified_on,
            Output.version,
            Output.measure.category.as_alias("category"),
            Output.measure.category_name.as_alias("category_name"),
            Output.measure.category_name_en.as_alias("category_name_en"),
            Output.measure.measure_name.as_alias("measure_name"),
            Output.measure.measure_name_en.as_alias("measure_name_en"),
            Output.measure.unit.as_alias("unit"),
            Output.measure.unit_en.as_alias("unit_en"),
            Output.measure.decimals.as_alias("decimals"),
            Output.measure.sort.as_alias("sort"),
        )
        .where(Output.studio == studio)
        .order_by(Output.year, ascending=False)
        .order_by(Output.measure.sort)
        .order_by(Output.id)
    )


def by_year(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """year × (each group of ACHIEVEMENTS, benefit), verified rows only, every year from first to last."""
    counted = [row for row in rows if row["verified_on"] is not None]
    if not counted:
        return pl.DataFrame(schema={"year": pl.Int64, **dict.fromkeys((*ACHIEVEMENTS, "benefit"), pl.Int64)})
    group_of = {measure: group for group, found in ACHIEVEMENTS.items() for measure in found}
    group_of[BENEFIT] = "benefit"
    years = range(min(row["year"] for row in counted), max(row["year"] for row in counted) + 1)
    sums = {year: dict.fromkeys((*ACHIEVEMENTS, "benefit"), 0) for year in years}
    for row in counted:
        if group := group_of.get(row["measure"]):
            sums[row["year"]][group] += row["quantity"]
    return pl.DataFrame([{"year": year, **found} for year, found in sums.items()])


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Measure → verified sum over all years."""
    sums: dict[str, int] = {}
    for row in rows:
        if row["verified_on"] is not None:
            sums[row["measure"]] = sums.get(row["measure"], 0) + row["quantity"]
    return sums


def scaled(quantity: Decimal, decimals: int) -> int | None:
    """The quantity in 1/10^decimals, or None when it has more places than the measure counts.

    >>> scaled(Decimal("12.5"), 2), scaled(Decimal("0.5"), 0)
    (1250, None)
    """
    shifted = quantity.scaleb(decimals)
    return int(shifted) if shifted == shifted.to_integral_value() else None


def check(
    form: OutputForm,
    measure: Mapping[str, Any],
    founded_on: date,
    others: Sequence[Mapping[str, Any]],
) -> list[Finding]:
    """What speaks against an output beside the studio's others. Warnings want a reason."""
    findings = []
    if form.year < founded_on.year:
        facts = {"founded": founded_on.year, "year": form.year}
        findings.append(Finding("output.before_founding", place="year", facts=facts))
    if form.year > date.today().year:
        findings.append(Finding("output.in_future", place="year", facts={"year": form.year}))
    quantity = scaled(form.quantity, measure["decimals"])
    if quantity is None:
        facts = {"value": str(form.quantity), "decimals": measure["decimals"]}
        return [*findings, Finding("output.too_fine", place="quantity", facts=facts)]
    return findings + _warnings(form, measure, quantity, others)


def _warnings(
    form: OutputForm, measure: Mapping[str, Any], quantity: int, others: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    findings = []
    same = [row for row in others if row["measure"] == form.measure]
    usual = sorted(row["quantity"] for row in same)[len(same) // 2] if same else None
    out_of_line = bool(usual) and quantity > _OUT_OF_LINE * usual
    if form.measure == BENEFIT and (quantity >= SUSPICIOUS_BENEFIT or out_of_line):
        facts = {"value": str(form.quantity), "unit": measure["unit"], "instead": str(form.quantity / 10_000)}
        findings.append(Finding("output.unit_slip", "warning", "quantity", facts))
    elif out_of_line:
        facts = {"value": str(form.quantity), "usual": usual}
        findings.append(Finding("output.out_of_line", "warning", "quantity", facts))
    twins = (
        row
        for row in same
        if row["year"] == form.year
        and row["title"] == (form.output_title or "")
        and row["quantity"] == quantity
    )
    if next(twins, None):
        findings.append(Finding("output.entered_already", "warning", "quantity", {"year": form.year}))
    return findings


async def enter(viewer: Viewer, number: str, form: OutputForm, *, sending: str | None = None) -> int:
    """Enter an output, not yet verified. Returns its id. Raises NotFound, Invalid."""
    studio = await records.kept(viewer, number)
    async with records.amending(viewer, "studio.output", number, sending) as act:
        measure, others = await _measure(form.measure), await of_studio(studio["id"])
        findings = check(form, measure, studio["founded_on"], others)
        _stop(findings, form)
        entered = await Output.insert(Output(studio=studio["id"], version=1, **_values(form, measure)))
        act.record(output=entered[0]["id"], **_spoken(form), warnings=[found.code for found in findings])
    return int(entered[0]["id"])


async def correct(
    viewer: Viewer, number: str, output: int, form: OutputForm, version: int, *, sending: str | None = None
) -> None:
    """Put an output right, with a reason. It has to be verified again; the trail keeps what stood before."""
    studio = await records.kept(viewer, number)
    async with records.amending(viewer, "studio.output_correct", number, sending) as act:
        rows = await of_studio(studio["id"])
        before = _one(rows, output)
        measure = await _measure(form.measure)
        findings = check(form, measure, studio["founded_on"], [row for row in rows if row["id"] != output])
        if not form.reason:
            findings.append(Finding("output.reason_missing", place="reason"))
        _stop(findings, form)
        values = {**_values(form, measure), "verified_by": "", "verified_on": None, "version": version + 1}
        changed = (
            await Output.update(
                {Output._meta.get_column_by_name(key): value for key, value in values.items()}
            )
            .where((Output.id == output) & (Output.version == version))
            .returning(Output.id)
        )
        if not changed:
            raise Conflict("output.changed_meanwhile")
        stood = {key: before[key] for key in ("year", "measure", "quantity", "title")}
        act.record(output=output, before=stood, after=_spoken(form))


async def verify(viewer: Viewer, number: str, output: int, *, sending: str | None = None) -> None:
    """Confirm an output from above, from a unit over the one that keeps the studio. From then on it counts."""
    studio = await records.kept(viewer, number)
    if not rules.may_verify(viewer, studio["union_path"]):
        raise Forbidden("output.verified_from_above")
    async with records.amending(viewer, "studio.output_verify", number, sending) as act:
        _one(await of_studio(studio["id"]), output)
        await Output.update(
            {Output.verified_by: viewer.display_name, Output.verified_on: act.at.date()}
        ).where((Output.id == output) & Output.verified_on.is_null())
        act.record(output=output)


def _stop(findings: Sequence[Finding], form: OutputForm) -> None:
    if errors(findings) or (findings and not form.reason):
        raise Invalid(findings)


async def _measure(code: str) -> dict[str, Any]:
    measure = await OutputMeasure.select().where(OutputMeasure.code == code).first()
    if measure is None:
        raise Invalid([Finding("output.unknown_measure", place="measure", facts={"value": code})])
    return measure


def _one(rows: Sequence[Mapping[str, Any]], output: int) -> Mapping[str, Any]:
    for row in rows:
        if row["id"] == output:
            return row
    raise NotFound("output")


def _values(form: OutputForm, measure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "year": form.year,
        "measure": form.measure,
        "title": form.output_title or "",
        "quantity": scaled(form.quantity, measure["decimals"]),
        "proof": form.proof,
    }


def _spoken(form: OutputForm) -> dict[str, Any]:
    return form.model_dump(mode="json", exclude_none=True)
