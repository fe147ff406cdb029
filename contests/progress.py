"""How far the marking is: what is still missing, and how much of each event category is done."""

from __future__ import annotations

import polars as pl

from contests import schemes
from federation.database import frame
from federation.judging.schemes import Scheme, aspects_of


def asked_of_one(scheme: Scheme) -> int:
    """How many marks one entry gets in the first stage, deductions not counted."""
    first = scheme.stages[0]
    return sum(max(1, aspect.panel.judges) for module in first.modules for aspect in aspects_of(module))


async def shares_done(contest_id: int) -> dict[int, int]:
    """Per cent of the marks that are in, by event category; those that are not being marked are left out."""
    counted = await frame(
        "SELECT ec.id, ec.scheme,"
        " (SELECT count(*) FROM piece n WHERE n.event_category = ec.id AND n.standing = '') AS entries,"
        " (SELECT count(*) FROM mark m WHERE m.event_category = ec.id AND m.is_current) AS marks"
        " FROM event_category ec JOIN contest_event e ON e.id = ec.event"
        " WHERE e.contest = ? AND ec.state = 'marking' AND ec.scheme IS NOT NULL",
        {"id": pl.Int64, "scheme": pl.Int64, "entries": pl.Int64, "marks": pl.Int64},
        contest_id,
    )
    shares = {}
    for event_category, scheme_id, entries, marks in counted.iter_rows():
        asked = entries * asked_of_one(await schemes.edition(scheme_id))
        shares[event_category] = min(100, 100 * marks // asked) if asked else 0
    return shares


async def missing_marks(event_category_id: int) -> pl.DataFrame:
    """What is still to be marked: number, stage, module, aspect and how many marks are missing there.

    Pieces whose performance was not started, not finished or disqualified are not asked.
    """
    scheme = await schemes.scheme_of(event_category_id)
    asked = pl.DataFrame(
        [
            (stage.id, index, module.id, aspect.id, max(1, aspect.panel.judges))
            for index, stage in enumerate(scheme.stages)
            for module in stage.modules
            for aspect in aspects_of(module)
        ],
        schema={
            "stage": pl.String,
            "order": pl.Int64,
            "module": pl.String,
            "aspect": pl.String,
            "judges": pl.Int64,
        },
        orient="row",
    )
    pieces = await frame(
        "SELECT id, number FROM piece WHERE event_category = ? AND standing = ''",
        {"piece": pl.Int64, "number": pl.String},
        event_category_id,
    )
    marked = await frame(
        "SELECT piece, stage, aspect, count(DISTINCT judge) FROM mark"
        " WHERE event_category = ? AND is_current AND (blank IS NULL OR blank <> 'pending')"
        " GROUP BY piece, stage, aspect",
        {"piece": pl.Int64, "stage": pl.String, "aspect": pl.String, "marks": pl.Int64},
        event_category_id,
    )
    if len(scheme.stages) == 1:
        marked = marked.with_columns(stage=pl.lit(scheme.stages[0].id))
    begun = marked.select("piece", "stage").unique().with_columns(begun=pl.lit(value=True))
    return (
        pieces.join(asked, how="cross")
        .join(marked, on=["piece", "stage", "aspect"], how="left")
        .join(begun, on=["piece", "stage"], how="left")
        .filter((pl.col("order") == 0) | pl.col("begun").fill_null(value=False))
        .with_columns(missing=pl.col("judges") - pl.col("marks").fill_null(0))
        .filter(pl.col("missing") > 0)
        .sort("number", "order")
        .select("number", "stage", "module", "aspect", "missing")
    )
