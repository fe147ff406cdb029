"""The board: places, awards and further rankings out of scheme, marks and entries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from federation.findings import Finding
from federation.judging.aggregation import Evaluation, evaluate
from federation.judging.frames import PLACES, SCORES, module_column, ranking_column, stage_column
from federation.judging.order import Key, Sorted, grouped, place, places, sort, within
from federation.judging.quotas import admitted, awards
from federation.judging.rounding import scaled
from federation.judging.schemes import Aspect, Ranking, Scheme
from federation.judging.standing import STANDINGS, Standing, standing
from federation.judging.teams import rank_teams
from federation.judging.tiebreaks import tie_keys
from federation.judging.values import format_value


@dataclass(frozen=True, slots=True)
class Outcome:
    """`places`: the board (frames.PLACES). `teams`: empty unless the scheme has teams. `findings`: warnings.

    `marks`, `entries`: what it was made of. `evaluation`, `keys`: how; row n of a key is entry n of `entries`.
    """

    scheme: Scheme
    marks: pl.DataFrame
    entries: pl.DataFrame
    places: pl.DataFrame
    teams: pl.DataFrame
    findings: tuple[Finding, ...]
    evaluation: Evaluation
    keys: tuple[Key, ...]

    @property
    def scores(self) -> pl.DataFrame:
        """One row per entry and node (frames.SCORES); built when asked for, as it is long."""
        return scores_of(self.evaluation)


@dataclass(frozen=True, slots=True)
class Field:
    """Everything known of the entries before they are put in order."""

    evaluation: Evaluation
    standing: Standing
    ranked: pl.Series
    group: pl.Series | None

    def total(self, stage: int) -> pl.Series:
        return self.evaluation.frame[f"total|{stage}"]

    def rows(self, mask: pl.Series) -> pl.Series | None:
        """Row numbers of a mask; None stands for all."""
        return None if bool(mask.all()) else mask.arg_true().cast(pl.Int64)


def rank(scheme: Scheme, marks: pl.DataFrame, entries: pl.DataFrame | None = None) -> Outcome:
    """Marks (frames.MARKS) and entries (frames.ENTRIES; default: whoever has marks) to a board.

    The scheme must be free of errors (`Scheme.check`). Raises FrameError for rows it cannot place.
    """
    evaluation = evaluate(scheme, marks, entries)
    state = standing(evaluation)
    known = evaluation.layout.entries
    field = Field(evaluation, state, state.code == 0, grouped(known, scheme.rankings[0].by))
    reached, findings = _advance(field)
    findings += spreads(evaluation)
    keys, primary = chain_of(field, reached)
    ranked = sort(field.rows(field.ranked), field.group, keys, known.height)
    placed = places(ranked, scheme.place_form)
    shown = _shown(field, ranked, keys)
    board = board_of(field, reached, shown)
    award = awards(scheme, placed, board["total"].head(ranked.index.len()))
    parted = parted_by(ranked, placed, keys, primary)
    missing = board.height - ranked.index.len()
    board = board.with_columns(
        _padded(placed["place"], missing).alias("place"),
        _padded(placed["tied"], missing).fill_null(False).alias("tied"),
        _padded(award, missing).alias("award"),
        _padded(parted, missing).fill_null("").alias("tie_break"),
        *_further_rankings(field, reached, keys, ranked, shown),
    )
    names = [*PLACES.names(), *(name for name in board.columns if ":" in name)]
    teams = rank_teams(evaluation, reached, field.ranked, scheme)
    return Outcome(scheme, marks, known, board.select(names), teams, tuple(findings), evaluation, tuple(keys))


def score(scheme: Scheme, marks: pl.DataFrame, entries: pl.DataFrame | None = None) -> pl.DataFrame:
    """Scores of every node without an order (frames.SCORES)."""
    return scores_of(evaluate(scheme, marks, entries))


def scores_of(evaluation: Evaluation) -> pl.DataFrame:
    parts: list[pl.DataFrame] = []
    for (path, turn), value in evaluation.values.items():
        parts.append(
            evaluation.frame.select(
                pl.col("entry"),
                pl.lit(path).alias("node"),
                pl.lit(evaluation.nodes[path].level).alias("level"),
                pl.lit(turn, dtype=pl.Int32).alias("attempt"),
                scaled(value).cast(pl.Int64).alias("score"),
            )
        )
    return pl.concat(parts).sort("entry", maintain_order=True) if parts else pl.DataFrame(schema=SCORES)


def _advance(field: Field) -> tuple[pl.Series | None, list[Finding]]:
    """Number of the last stage each entry reached, from 1 (None: there is one stage), and who was marked beyond it."""
    evaluation, stages = field.evaluation, field.evaluation.scheme.stages
    height = evaluation.frame.height
    if len(evaluation.runnings) == 1:
        return None, []
    reached = pl.repeat(1, height, dtype=pl.Int32, eager=True)
    findings: list[Finding] = []
    for index in range(len(evaluation.runnings) - 1):
        cut, following = stages[index].cut, stages[index + 1].id
        here = reached == index + 1
        marked = _marked(evaluation, following)
        if cut is None:
            on = here
        elif cut.kind == "marked":
            on = here & marked
        else:
            # who was marked and lost the place later still went on in the place of nobody else
            lost = marked & ~field.ranked & (field.standing.code != STANDINGS.index("guest"))
            candidates = field.rows(here & (field.ranked | lost))
            keys, primary = _stage_keys(field, index)
            strict = sort(candidates, field.group, keys, height)
            loose = sort(candidates, field.group, keys[:primary], height)
            passed = admitted(cut, strict, loose, field.total(index), evaluation.scheme.better == "lower")
            on = pl.repeat(False, height, eager=True).scatter(passed, True)
            on = on | (here & ~field.ranked & marked)
            astray = evaluation.layout.entries["entry"].filter(marked & ~on)
            if astray.len():
                facts = {"stage": following, "entries": astray[:20].to_list(), "count": astray.len()}
                findings.append(Finding("marks.marked_without_advancing", "warning", following, facts))
        reached = reached.set(on, index + 2)
    return reached, findings


def spreads(evaluation: Evaluation) -> list[Finding]:
    """Judged aspects whose judges lie further apart than the scheme allows."""
    found: list[Finding] = []
    for (path, turn), cell in evaluation.layout.cells.items():
        aspect = evaluation.nodes[path].definition
        if not isinstance(aspect, Aspect) or aspect.max_spread is None or len(cell.columns) < 2:
            continue
        spread = pl.max_horizontal(cell.columns) - pl.min_horizontal(cell.columns)
        apart = evaluation.frame.filter(spread > aspect.max_spread)["entry"]
        if apart.len():
            facts: dict[str, Any] = {"aspect": aspect.id, "allowed": format_value(aspect.max_spread)}
            facts |= {"attempt": turn, "count": apart.len(), "entries": apart[:20].to_list()}
            found.append(Finding("marks.spread_exceeded", "warning", path, facts))
    return found


def _marked(evaluation: Evaluation, stage: str) -> pl.Series:
    layout = evaluation.layout
    codes = [code for code, path in enumerate(layout.leaves) if evaluation.nodes[path].stage == stage]
    rows = layout.rows.filter(pl.col("leaf").is_in(codes))["row"].unique()
    return pl.repeat(False, layout.entries.height, eager=True).scatter(rows, True)


def _stage_keys(field: Field, index: int) -> tuple[list[Key], int]:
    """Keys of a board as it stands after one stage, and how many of them come before the tie-breaks."""
    keys: list[Key] = []
    behind = field.standing.behind[index]
    if behind is not None:
        keys.append(Key("behind", behind, "lower", unit="count"))
    keys.append(Key("total", field.total(index), field.evaluation.scheme.better))
    return [*keys, *tie_keys(field.evaluation, index, field.ranked, field.group)], len(keys)


def chain_of(field: Field, reached: pl.Series | None) -> tuple[list[Key], int]:
    """The whole chain, and how many keys of it come before the tie-breaks."""
    scheme, last = field.evaluation.scheme, len(field.evaluation.runnings) - 1
    if reached is None:
        keys, primary = _stage_keys(field, 0)
    else:
        keys = []
        behind = [flags for flags in field.standing.behind if flags is not None]
        if behind:
            flags = [
                pl.repeat(False, reached.len(), eager=True) if b is None else b for b in field.standing.behind
            ]
            keys.append(Key("behind", _by_stage(reached, flags), "lower", unit="count"))
        totals = [field.total(stage) for stage in range(last + 1)]
        total = _by_stage(reached, totals)
        before = _by_stage(reached, [totals[0].clear(totals[0].len()), *totals[:-1]])
        keys.insert(0, Key("reached", reached.cast(pl.Int64), "higher", unit="count"))
        keys.append(Key("total", total, scheme.better))
        keys.append(Key("total before", before.set(total.is_not_null(), None), scheme.better))
        primary = len(keys)
        keys += tie_keys(field.evaluation, last, field.ranked, field.group)
    if scheme.near_tie:
        at = next(number for number, key in enumerate(keys) if key.code == "total")
        keys[at] = _near(scheme, field, keys[: at + 1])
    return keys, primary


def _by_stage(reached: pl.Series, columns: Sequence[pl.Series]) -> pl.Series:
    """Each entry's value from the column of the stage it reached."""
    chosen = columns[0]
    for number, column in enumerate(columns[1:], start=2):
        chosen = column.zip_with(reached == number, chosen)
    return chosen


def _near(scheme: Scheme, field: Field, keys: Sequence[Key]) -> Key:
    """Totals within the tolerance of the best of their run count as that best total."""
    columns = {str(number): key.column for number, key in enumerate(keys)}
    frame = pl.DataFrame(
        {"group": field.group if field.group is not None else 0, **columns, "on": field.ranked}
    )
    names = ["group", *columns]
    distinct = frame.filter(pl.col("on") & pl.col(names[-1]).is_not_null()).select(names).unique()
    distinct = distinct.sort(names, descending=[False] * (len(names) - 1) + [scheme.better == "higher"])
    leaders: list[int] = []
    previous: tuple[object, ...] | None = None
    for *peers, value in distinct.iter_rows():
        if previous is None or tuple(peers) != previous or abs(value - leaders[-1]) > scheme.near_tie:
            leaders.append(value)
        else:
            leaders.append(leaders[-1])
        previous = tuple(peers)
    distinct = distinct.with_columns(pl.Series("leader", leaders, dtype=pl.Int64))
    joined = frame.join(distinct, on=names, how="left", maintain_order="left", nulls_equal=True)
    column = joined["leader"].zip_with(joined["leader"].is_not_null(), keys[-1].column)
    return Key("total", column, scheme.better)


def _shown(field: Field, ranked: Sorted, keys: Sequence[Key]) -> pl.Series:
    """All rows in display order: those with a place, guests, then the others by why they have none."""
    code, height = field.standing.code, field.evaluation.frame.height
    if ranked.index.len() == height:
        return ranked.index
    rows = [ranked.index]
    guests = (code == STANDINGS.index("guest")).arg_true().cast(pl.Int64)
    if guests.len():
        rows.append(sort(guests, field.group, keys, height).index)
    others = pl.DataFrame({"code": code}).with_row_index("row").filter(pl.col("code") > 1)
    rows.append(others.sort("code", "row")["row"].cast(pl.Int64))
    return pl.concat(rows)


def board_of(field: Field, reached: pl.Series | None, shown: pl.Series) -> pl.DataFrame:
    """What is known of every entry by itself, in the order shown."""
    evaluation, scheme = field.evaluation, field.evaluation.scheme
    height = shown.len()
    columns: list[pl.Expr] = []
    for stage in scheme.stages:
        columns.append(scaled(evaluation.values[stage.id, 0]).cast(pl.Int64).alias(stage_column(stage.id)))
        for module in stage.modules:
            value = evaluation.values.get((f"{stage.id}/{module.id}", 0))
            if value is not None:
                column = scaled(value).cast(pl.Int64).alias(module_column(stage.id, module.id))
                columns.append(column)
    totals = [field.total(stage) for stage in range(len(evaluation.runnings))]
    total = totals[0] if reached is None else _by_stage(reached, totals)
    board = evaluation.frame.select("entry", total.alias("total"), *columns)[shown]
    one = pl.repeat(1, height, dtype=pl.Int32, eager=True)
    category = evaluation.layout.entries["category"]
    return board.with_columns(
        _gathered(category.cast(pl.String), shown).alias("category"),
        _gathered(pl.Series(STANDINGS).gather(field.standing.code), shown).alias("status")
        if bool((field.standing.code != 0).any())
        else pl.repeat("", height, dtype=pl.String, eager=True).alias("status"),
        (one if reached is None else reached.gather(shown)).alias("reached"),
        pl.int_range(1, height + 1, dtype=pl.Int32, eager=True).alias("order"),
    )


def _gathered(values: pl.Series, rows: pl.Series) -> pl.Series:
    return values if values.null_count() == values.len() else values.gather(rows)


def parted_by(ranked: Sorted, placed: pl.DataFrame, keys: Sequence[Key], primary: int) -> pl.Series:
    """Code of the criterion that parted each sorted row from its neighbour of equal total; "shared" for ties."""
    words = ["", "shared", *(key.code for key in keys[primary:])]
    if len(keys) == primary:
        return pl.Series(words).gather(placed["tied"].cast(pl.Int32))
    columns = {f"k{number}": key.column.gather(ranked.index) for number, key in enumerate(keys)}
    group = pl.lit(0) if ranked.group is None else ranked.group
    frame = pl.DataFrame({"tied": placed["tied"], **columns}).with_columns(group.alias("group"))

    def same(name: str) -> pl.Expr:
        return pl.col(name).eq_missing(pl.col(name).shift(1))

    equal = pl.all_horizontal(same("group"), *(same(f"k{number}") for number in range(primary)))
    equal = equal & (pl.int_range(pl.len()) > 0)
    first = pl.lit(0, dtype=pl.Int32)
    for number in reversed(range(primary, len(keys))):
        first = (
            pl.when(~same(f"k{number}")).then(pl.lit(number - primary + 2, dtype=pl.Int32)).otherwise(first)
        )
    frame = frame.select("tied", equal=equal, first=pl.when(equal).then(first).otherwise(0))
    below = pl.col("first").shift(-1, fill_value=0)
    own = pl.when("tied").then(1).when("equal").then("first").otherwise(below)
    return pl.Series(words).gather(frame.select(own.alias("own")).to_series())


def _further_rankings(
    field: Field, reached: pl.Series | None, keys: Sequence[Key], ranked: Sorted, shown: pl.Series
) -> list[pl.Series]:
    """Places of the other rankings in the order shown; entries without the grouping get none.

    The board's own order serves them all, unless what is compared depends on who is compared.
    """
    scheme, known = field.evaluation.scheme, field.evaluation.layout.entries
    relative = scheme.near_tie > 0 or any(link.by == "countback" for link in scheme.tie_breaks)
    overall = ranked if field.group is None or relative else None
    columns: list[pl.Series] = []
    for ranking in scheme.rankings[1:]:
        group, belongs = grouped(known, ranking.by), belonging(known, ranking)
        none = pl.repeat(None, known.height, dtype=pl.Int32, eager=True)
        if relative:
            own = replace(field, ranked=field.ranked & belongs, group=group)
            ordered = sort(own.rows(own.ranked), group, chain_of(own, reached)[0], known.height)
            placed = none.scatter(ordered.index, place(ordered, scheme.place_form)).gather(shown)
        else:
            overall = overall or sort(field.rows(field.ranked), None, keys, known.height)
            if not bool(belongs.all()):
                whole = pl.repeat(0, known.height, dtype=pl.Int64, eager=True) if group is None else group
                group = whole.set(~belongs, None)
            placed = place(overall, scheme.place_form)
            if group is not None:
                ordered = within(overall, group)
                placed = none.head(placed.len()).scatter(ordered.index, place(ordered, scheme.place_form))
            if overall is ranked:
                placed = _padded(placed, shown.len() - placed.len())
            else:
                placed = none.scatter(overall.index, placed).gather(shown)
        columns.append(placed.alias(ranking_column(ranking.id)))
    return columns


def belonging(known: pl.DataFrame, ranking: Ranking) -> pl.Series:
    """Entries that have everything the ranking groups by."""
    member = pl.repeat(True, known.height, eager=True)
    for column in ranking.by:
        if known[column].null_count():
            member = member & known[column].is_not_null()
    return member


def _padded(values: pl.Series, missing: int) -> pl.Series:
    return values.extend_constant(None, missing) if missing else values
