"""Leave one judge out: the board once more without each judge in turn, by the same arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from federation.judging.diagnostics.panel import judged
from federation.judging.frames import FrameError
from federation.judging.ranking import Outcome, rank
from federation.judging.schemes import Aspect, Module, Panel, Scheme, Stage, SubCriterion

WITHOUT = pl.Schema(
    {
        "judge": pl.String(),
        "marks": pl.Int64(),  # how many of this judge's marks were left out
        "moved": pl.Int64(),  # entries whose place differs
        "largest": pl.Int64(),  # places of the largest move
        "winner": pl.Boolean(),  # whether a first place changes hands
        "awards": pl.Int64(),  # entries whose award differs
        "advanced": pl.Int64(),  # entries that would have gone on, or would not have
        "told": pl.Boolean(),  # false: without this judge no board could be made
    }
)
"""One row per judge, by name."""

MOVES = pl.Schema(
    {
        "judge": pl.String(),
        "entry": pl.Int64(),
        "place": pl.Int32(),
        "place_without": pl.Int32(),
        "total": pl.Int64(),
        "total_without": pl.Int64(),
        "award": pl.String(),
        "award_without": pl.String(),
    }
)
"""Entries whose place or award differs without a judge; by judge, then by place."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`judges` is WITHOUT, `moves` is MOVES."""

    judges: pl.DataFrame
    moves: pl.DataFrame


def leave_one_out(outcome: Outcome) -> LeftOut:
    """One ranking per judge. A panel that loses a judge expects one mark less: as many are dropped, the least number
    and what is waited for sink by one; a sum lets the mean of the others stand in.

    Marks that no other judge gave for the same performance stay, as without them nothing would be left.
    """
    evaluation = outcome.evaluation
    leaves = evaluation.layout.leaves
    panels = [code for code, path in enumerate(leaves) if judged(evaluation.nodes[path].definition)]
    rows = evaluation.layout.rows.select(
        "row", "leaf", pl.col("attempt").fill_null(1), pl.col("judge").cast(pl.String).fill_null(""), "value"
    ).with_row_index("at")
    rows = rows.filter(pl.col("leaf").is_in(panels))
    numbered = pl.col("value").is_not_null().sum().over("row", "leaf", "attempt")
    rows = rows.filter(numbered > 1)
    judges, moves = [], []
    for judge in rows["judge"].unique().sort().to_list():
        own = rows.filter(pl.col("judge") == judge)
        paths = {leaves[code] for code in own["leaf"].unique().to_list()}
        left = outcome.marks.with_row_index("at").join(own.select("at"), on="at", how="anti").drop("at")
        try:
            without = rank(_reduced(outcome.scheme, paths), left, outcome.entries).places
        except FrameError:
            judges.append((judge, own.height, 0, 0, False, 0, 0, False))
            continue
        compared = _compared(outcome.places, without, judge)
        judges.append((judge, own.height, *_counts(compared), True))
        differs = pl.col("place").ne_missing(pl.col("place_without")) | pl.col("award").ne_missing(
            pl.col("award_without")
        )
        moves.append(compared.filter(differs).select(pl.col(name).cast(kind) for name, kind in MOVES.items()))
    return LeftOut(
        pl.DataFrame(judges, schema=WITHOUT, orient="row"),
        pl.concat(moves) if moves else pl.DataFrame(schema=MOVES),
    )


def _compared(before: pl.DataFrame, without: pl.DataFrame, judge: str) -> pl.DataFrame:
    after = without.select(
        "entry",
        pl.col("place").alias("place_without"),
        pl.col("total").alias("total_without"),
        pl.col("award").alias("award_without"),
        pl.col("reached").alias("reached_without"),
    )
    kept = before.join(after, on="entry", how="left", maintain_order="left")
    return kept.with_columns(judge=pl.lit(judge))


def _counts(compared: pl.DataFrame) -> tuple[int, int, bool, int, int]:
    moved = pl.col("place").ne_missing(pl.col("place_without"))
    first = (pl.col("place") == 1).fill_null(False) != (pl.col("place_without") == 1).fill_null(False)
    found = compared.select(
        moved.sum().alias("moved"),
        (pl.col("place") - pl.col("place_without")).abs().max().fill_null(0).alias("largest"),
        first.any().alias("winner"),
        pl.col("award").ne_missing(pl.col("award_without")).sum().alias("awards"),
        pl.col("reached").ne_missing(pl.col("reached_without")).sum().alias("advanced"),
    ).row(0)
    return int(found[0]), int(found[1]), bool(found[2]), int(found[3]), int(found[4])


def _reduced(scheme: Scheme, paths: set[str]) -> Scheme:
    """The scheme with one judge less on the panels of these aspects."""
    return replace(
        scheme,
        stages=tuple(
            replace(stage, modules=tuple(_module(module, stage, paths) for module in stage.modules))
            for stage in scheme.stages
        ),
    )


def _module(module: Module, stage: Stage, paths: set[str]) -> Module:
    at = f"{stage.id}/{module.id}"
    groups = tuple(_group(group, at, paths) for group in module.subcriteria)
    return replace(module, subcriteria=groups, aspects=_aspects(module.aspects, at, paths))


def _group(group: SubCriterion, at: str, paths: set[str]) -> SubCriterion:
    return replace(group, aspects=_aspects(group.aspects, f"{at}/{group.id}", paths))


def _aspects(aspects: tuple[Aspect, ...], at: str, paths: set[str]) -> tuple[Aspect, ...]:
    return tuple(
        replace(aspect, panel=_panel(aspect.panel)) if f"{at}/{aspect.id}" in paths else aspect
        for aspect in aspects
    )


def _panel(panel: Panel) -> Panel:
    trim_from = max(panel.trim_from - 1, 0)
    minimum = max(panel.minimum - 1, 1)
    if panel.method in ("sum", "trimmed_sum") and panel.judges:
        return replace(panel, trim_from=trim_from, minimum=minimum, absent="fill")
    judges = max(panel.judges - 1, 1) if panel.judges else 0
    return replace(panel, trim_from=trim_from, minimum=minimum, judges=judges)
