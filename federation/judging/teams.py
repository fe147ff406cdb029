"""Teams and delegations out of their members' totals."""

import polars as pl

from federation.judging.aggregation import Evaluation
from federation.judging.order import Key, places, sort
from federation.judging.schemes import Scheme
from federation.judging.tiebreaks import times_of

TEAMS = pl.Schema(
    {
        "team": pl.String(),
        "place": pl.Int32(),
        "tied": pl.Boolean(),
        "total": pl.Int64(),  # scaled
        "members": pl.Int32(),  # how many count
        "time": pl.Int64(),  # milliseconds of those who count; null unless the scheme breaks ties by it
    }
)


def rank_teams(
    evaluation: Evaluation, reached: pl.Series | None, ranked: pl.Series, scheme: Scheme
) -> pl.DataFrame:
    """Only members who take a place themselves count; a team with too few of them is not listed."""
    rule = scheme.teams
    if rule is None:
        return pl.DataFrame(schema=TEAMS)
    totals = evaluation.frame["total|0"]
    for number in range(2, len(evaluation.runnings) + 1):
        assert reached is not None
        totals = evaluation.frame[f"total|{number - 1}"].zip_with(reached == number, totals)
    stages = [stage.id for stage in scheme.stages]
    time = (
        times_of(evaluation, "", stages)
        if rule.time
        else pl.repeat(None, totals.len(), dtype=pl.Int64, eager=True)
    )
    members = pl.DataFrame(
        {
            "team": evaluation.layout.entries[rule.by].cast(pl.String),
            "total": totals,
            "time": time,
            "on": ranked,
        }
    ).filter(pl.col("on") & pl.col("team").is_not_null() & pl.col("total").is_not_null())
    higher = scheme.better == "higher"
    members = members.sort("team", "total", "time", descending=[False, higher, False], nulls_last=True)
    if rule.rule == "best":
        members = members.filter(pl.int_range(pl.len()).over("team") < rule.count)
    complete = pl.col("time").null_count() == 0
    teams = members.group_by("team", maintain_order=True).agg(
        pl.col("total").sum(),
        pl.len().cast(pl.Int32).alias("members"),
        pl.when(complete).then(pl.col("time").sum()).alias("time"),
    )
    teams = teams.filter(pl.col("members") >= rule.minimum)
    keys = [Key("total", teams["total"], scheme.better)]
    if rule.time:
        keys.append(Key("time", teams["time"], "lower", unit="ms"))
    ordered = sort(None, None, keys, teams.height)
    placed = places(ordered, scheme.place_form)
    return teams[ordered.index].with_columns(placed["place"], placed["tied"]).select(TEAMS.names())
