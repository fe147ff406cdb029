"""A scheme that is being edited, tried on the marks of an earlier event category. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from contests.programme import event_category_for
from contests.ranking import Gathered, gather, ranked
from contests.rules import Ground, may_organise
from contests.tables import EventCategory
from federation import database
from federation.accounts import Viewer
from federation.findings import Finding
from federation.judging.comparison import compare
from federation.judging.frames import FrameError
from federation.judging.ranking import Outcome, rank
from federation.judging.schemes import Aspect, Scheme
from federation.judging.tree import Node, plan
from federation.refusals import NotFound

Why = Literal["unknown", "outside", "attempts", "judges"]
_MARKED_SQL = """
SELECT ec.id FROM event_category ec WHERE EXISTS (SELECT 1 FROM mark m WHERE m.event_category = ec.id)
"""
_HOMES = pl.Schema(
    {
        "stage": pl.String(),
        "aspect": pl.String(),
        "home": pl.String(),  # stage in the new scheme
        "low": pl.Int64(),
        "high": pl.Int64(),
        "single": pl.Boolean(),  # takes one mark
        "many": pl.Boolean(),  # takes several attempts
    }
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Marks that the new scheme has no use for. stage, aspect: ids of the old scheme; `count` of them."""

    stage: str
    aspect: str
    title: str
    title_en: str
    why: Why
    count: int


@dataclass(frozen=True, slots=True)
class Tried:
    """`comparison`: federation.judging.comparison.COMPARISON, with contests.ranking.PEOPLE beside it.

    None where the marks cannot be ranked by the new scheme; `findings` says why.
    """

    about: Mapping[str, Any]
    before: Scheme
    after: Scheme
    comparison: pl.DataFrame | None
    left_out: tuple[LeftOut, ...]
    marks: int
    used: int
    findings: tuple[Finding, ...] = ()


async def candidates(viewer: Viewer, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Event categories with marks that the viewer organises, other than `row` itself: those of the same occupation
    first, the newest contest first. Each has `same`, whether its occupation is that of `row`."""
    marked = await database.frame(_MARKED_SQL, {"id": pl.Int64})
    found = (
        await EventCategory.select(
            EventCategory.id,
            EventCategory.category,
            EventCategory.event.name.as_alias("event_name"),
            EventCategory.event.name_en.as_alias("event_name_en"),
            EventCategory.event.occupation.as_alias("occupation"),
            EventCategory.event.contest.as_alias("contest"),
            EventCategory.event.contest.name.as_alias("contest_name"),
            EventCategory.event.contest.name_en.as_alias("contest_name_en"),
            EventCategory.event.contest.year.as_alias("year"),
            EventCategory.event.contest.host.path.as_alias("host_path"),
        )
        .where(EventCategory.id.is_in([*marked["id"].to_list(), 0]) & (EventCategory.id != row["id"]))
        .order_by(EventCategory.event.contest.starts_on, ascending=False)
        .order_by(EventCategory.id)
    )
    mine = [
        {**one, "same": row["occupation"] is not None and one["occupation"] == row["occupation"]}
        for one in found
        if may_organise(viewer, Ground(one["contest"], one["host_path"], one["id"]))
    ]
    return sorted(mine, key=lambda one: not one["same"])


async def try_on(viewer: Viewer, event_category: int, scheme: Scheme) -> Tried:
    """Rank the marks of an event category by its own scheme and by another. Raises NotFound, Forbidden.

    The scheme must be free of errors.
    """
    about = await event_category_for(viewer, event_category, may_organise)
    gathered = await gather(event_category)
    if not gathered.marks.height:
        raise NotFound("marks", id=event_category)
    return await asyncio.to_thread(_tried, about, gathered, scheme)


def _tried(about: Mapping[str, Any], gathered: Gathered, scheme: Scheme) -> Tried:
    fitted, left_out = fit(gathered.marks, gathered.scheme, scheme)
    tried = Tried(about, gathered.scheme, scheme, None, left_out, gathered.marks.height, fitted.height)
    if not fitted.height:
        return tried
    before = ranked(gathered)
    try:
        after = rank(scheme, fitted, before.entries)
    except FrameError as fault:
        return replace(tried, findings=tuple(fault.findings))
    return replace(tried, comparison=_side_by_side(before, after, gathered), findings=after.findings)


def _side_by_side(before: Outcome, after: Outcome, gathered: Gathered) -> pl.DataFrame:
    return compare(before, after).join(gathered.people, on="entry", how="left", maintain_order="left")


def fit(marks: pl.DataFrame, old: Scheme, new: Scheme) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """The marks as the new scheme can take them, and what is left out of them.

    A mark goes to the aspect or deduction of its id: in the stage of the same id, else where the id stands once in
    either scheme. Left out: ids the new scheme does not have, values outside its range, attempts where it has one,
    aspects that several judges marked where it has a single mark.
    """
    only = old.stages[0].id if len(old.stages) == 1 else ""
    marks = marks.with_columns(
        pl.when(pl.col("stage").fill_null("") == "").then(pl.lit(only)).otherwise("stage").alias("stage"),
        pl.col("attempt").fill_null(1),
    )
    leaves = _leaves(old)
    homes = _homes(marks, leaves, _leaves(new))
    joined = marks.join(homes, on=["stage", "aspect"], how="left", maintain_order="left")
    several = pl.col("judge").n_unique().over("entry", "home", "aspect", "attempt") > 1
    why = (
        pl.when(pl.col("home").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("single") & several)
        .then(pl.lit("judges"))
        .when(~pl.col("many") & (pl.col("attempt") > 1))
        .then(pl.lit("attempts"))
        .when((pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high")))
        .then(pl.lit("outside"))
    )
    joined = joined.with_columns(why.alias("why"))
    counted = (
        joined.filter(pl.col("why").is_not_null())
        .group_by("stage", "aspect", "why", maintain_order=True)
        .agg(pl.len())
    )
    left_out = tuple(
        LeftOut(stage, aspect, *_titled(leaves, stage, aspect), why, count)
        for stage, aspect, why, count in counted.iter_rows()
    )
    kept = joined.filter(pl.col("why").is_null()).with_columns(pl.col("home").alias("stage"))
    return kept.select(marks.columns), left_out


def _leaves(scheme: Scheme) -> dict[tuple[str, str], Node]:
    """Whatever is recorded, by stage and id; a scheme's own deductions have no stage."""
    return {(node.stage, node.definition.id): node for node in plan(scheme).values() if node.leaf}


def _titled(leaves: Mapping[tuple[str, str], Node], stage: str, aspect: str) -> tuple[str, str]:
    node = leaves.get((stage, aspect)) or leaves.get(("", aspect))
    return (node.definition.title, node.definition.title_en) if node is not None else ("", "")


def _homes(
    marks: pl.DataFrame, old: Mapping[tuple[str, str], Node], new: Mapping[tuple[str, str], Node]
) -> pl.DataFrame:
    """Where each pair of stage and id goes in the new scheme, with what it takes there."""
    rows = []
    for stage, aspect in marks.select("stage", "aspect").unique().iter_rows():
        home = _home(stage, aspect, old, new)
        if home is not None:
            node = new[home, aspect]
            leaf, many = node.definition, node.owner is not None
            if isinstance(leaf, Aspect):
                single = leaf.panel.method == "single"
                rows.append((stage, aspect, home, leaf.minimum, leaf.maximum, single, many))
            else:
                rows.append((stage, aspect, home, None, None, False, many))
    return pl.DataFrame(rows, schema=_HOMES, orient="row")


def _home(stage: str, aspect: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> str | None:
    if (stage, aspect) in new:
        return stage
    there = [one for one, name in new if name == aspect]
    here = [one for one, name in old if name == aspect]
    return there[0] if len(there) == 1 and len(here) <= 1 else None
