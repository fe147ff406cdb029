"""How firm each place is: the smallest change of one single mark that would alter it, found by judging again.

Another entrant never changes my total. So every question "what if this one mark were so many steps higher?" becomes a
copy of its owner with that mark changed, and all copies stand beside the real field in one evaluation. The number of
steps is searched by doubling and then halving, for all copies at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from federation.judging.frames import MARKS, MARKS_REQUIRED, SCALE, check_frame
from federation.judging.order import Key, grouped
from federation.judging.ranking import Outcome, rank
from federation.judging.schemes import Cut, Scheme, aspects_of

MOST = 5_000
"""Ranked entries up to which every place is told; on larger boards those around the lines."""
AROUND = 10
"""Places on either side of a line that are told on larger boards."""
ENDLESS = 1_000 * SCALE
"""How far a mark without a maximum or minimum is tried."""
BATCH = 2_000_000
"""Marks judged at once."""

PLACES_HELD = pl.Schema(
    {
        "entry": pl.Int64(),
        "place": pl.Int32(),
        "above": pl.Int64(),  # how far the total above is away, scaled; null at the top
        "below": pl.Int64(),
        "direction": pl.String(),  # what would happen to the place: "rises" or "falls"
        "whose": pl.Int64(),  # the entry whose mark it is
        "stage": pl.String(),
        "module": pl.String(),
        "aspect": pl.String(),
        "attempt": pl.Int32(),
        "judge": pl.String(),
        "value": pl.Int64(),  # scaled, as it is
        "changed": pl.Int64(),  # scaled, as it would have to be
        "steps": pl.Int64(),  # how many steps of the mark that is
    }
)
"""One row per entry told, in the order of the board. `steps` and all of the mark are null where no change of a single
mark of this entry or of those next to it would alter the place."""


@dataclass(frozen=True, slots=True)
class Firmness:
    """`places` is PLACES_HELD. `partial`: only places around the lines are told. `untold`: why none is, else "":
    "near_tie" or "countback" make a place depend on everybody's marks at once."""

    places: pl.DataFrame
    partial: bool = False
    untold: str = ""


def firmness(outcome: Outcome, most: int = MOST) -> Firmness:
    """For each ranked entry the fewest steps of one mark, its own or one of those next to it (tied with it, or of the
    next place above or below), that would alter its place; of equal steps its own, then the smaller amount.

    Places count as 1-2-2-4 (in order, where the scheme has no ties). Only numbers that were given are varied, within
    what their aspect allows; who went on to a later stage is taken as it happened. Deductions are not varied.
    """
    scheme = outcome.scheme
    if scheme.near_tie:
        return Firmness(pl.DataFrame(schema=PLACES_HELD), untold="near_tie")
    if any(one.by == "countback" for one in scheme.tie_breaks):
        return Firmness(pl.DataFrame(schema=PLACES_HELD), untold="countback")
    field = _field(outcome)
    if field.board.is_empty():
        return Firmness(pl.DataFrame(schema=PLACES_HELD))
    partial = field.board.height > most
    wanted = _around_lines(outcome, field.board) if partial else field.board["row"]
    found = _searched(field, wanted)
    return Firmness(_told(field, wanted, found), partial)


@dataclass(frozen=True, slots=True)
class _Field:
    """The ranked entries alone, numbered from 0 in ascending order, under the bare rule; `ids`: who they are.

    `board`: row, group, run (entries sharing a place, counted through all groups), place, total, reached; best first.
    """

    scheme: Scheme
    entries: pl.DataFrame
    marks: pl.DataFrame
    board: pl.DataFrame
    ids: pl.Series


def _bare(scheme: Scheme) -> Scheme:
    """The rule without what lies across the field: cuts become who was marked further on."""
    stages = tuple(
        replace(stage, cut=None if stage.cut is None else Cut("marked")) for stage in scheme.stages
    )
    bare = replace(scheme, stages=stages, award_lines=(), teams=None, rankings=scheme.rankings[:1])
    return bare if scheme.place_form == "ordinal" else replace(bare, place_form="standard")


def _field(outcome: Outcome) -> _Field:
    evaluation = outcome.evaluation
    scheme = _bare(outcome.scheme)
    ranked = outcome.places.filter(pl.col("status") == "").select("entry", "reached").sort("entry")
    ranked = ranked.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    layout = evaluation.layout
    stage_of = pl.Series([evaluation.nodes[path].stage for path in layout.leaves], dtype=pl.String)
    number = {stage.id: at for at, stage in enumerate(scheme.stages, 1)}
    marks = check_frame(outcome.marks, MARKS, MARKS_REQUIRED, "marks").with_columns(
        pl.col("aspect", "judge", "blank").cast(pl.String), stage=stage_of.gather(layout.rows["leaf"])
    )
    marks = marks.join(ranked, on="entry", maintain_order="left")
    later = pl.col("stage").replace_strict(number, default=0, return_dtype=pl.Int32)
    marks = marks.filter(later <= pl.col("reached")).with_columns(pl.col("row").alias("entry"))
    marks = marks.select(MARKS.names()).sort("entry", maintain_order=True)
    entries = outcome.entries.join(ranked, on="entry").with_columns(pl.col("row").alias("entry"))
    entries = entries.drop("row", "reached").sort("entry")
    group = grouped(entries, scheme.rankings[0].by)
    places = rank(scheme, marks, entries).places.filter(pl.col("status") == "")
    board = places.select(pl.col("entry").alias("row"), "place", "total", "reached").with_columns(
        group=pl.lit(0, dtype=pl.Int64) if group is None else group.gather(places["entry"])
    )
    board = board.sort("group", "place", "row")
    run = pl.col("group").ne_missing(pl.col("group").shift(1)) | (pl.col("place") != pl.col("place").shift(1))
    board = board.with_columns(run=run.fill_null(True).cum_sum().cast(pl.Int64))
    return _Field(scheme, entries, marks, board, ranked["entry"])


def _around_lines(outcome: Outcome, board: pl.DataFrame) -> pl.Series:
    """Rows near the top, near the end of each award line and of each cut."""
    ids = outcome.places.select("entry", "award", "reached", "place").filter(pl.col("place").is_not_null())
    ids = ids.with_columns(
        edge=(
            pl.col("award").ne_missing(pl.col("award").shift(-1))
            | (pl.col("reached") != pl.col("reached").shift(-1))
        )
    ).with_row_index("at")
    edges = [0, *ids.filter("edge")["at"].to_list()]
    near = ids.filter(
        pl.any_horizontal((pl.col("at").cast(pl.Int64) - edge).abs() <= AROUND for edge in edges)
    )
    known = outcome.places.filter(pl.col("status") == "")["entry"].sort()
    rows = known.search_sorted(near["entry"]).cast(pl.Int64)
    return board["row"].filter(board["row"].is_in(rows.implode()))


def _questions(field: _Field, rows: pl.Series) -> pl.DataFrame:
    """One row per (owner, question): `row`, `run`, `question`, `up`, `target` (a row to be compared with), `strict`.

    own: the owner's place. pass: ahead of all of the run above. part: ahead of those tied with it. drop: no longer
    ahead of the run below. `up`: which way in the order of the board.
    """
    board = field.board
    runs = board.group_by("run", maintain_order=True).agg(
        pl.col("row").first().alias("head"), pl.col("group").first(), size=pl.len()
    )
    runs = runs.with_columns(
        upper=pl.when(pl.col("group") == pl.col("group").shift(1)).then(pl.col("head").shift(1)),
        lower=pl.when(pl.col("group") == pl.col("group").shift(-1)).then(pl.col("head").shift(-1)),
    )
    owners = board.filter(pl.col("row").is_in(rows.implode())).join(
        runs.select("run", "upper", "lower", "size"), on="run", maintain_order="left"
    )
    tied = pl.col("size") > 1
    own = pl.col("row")
    parts = [
        owners.select("row", "run", target="upper", question=pl.lit("own"), up=True, strict=False),
        owners.select("row", "run", target="upper", question=pl.lit("pass"), up=True, strict=True),
        owners.filter(tied).select("row", "run", target=own, question=pl.lit("part"), up=True, strict=True),
        owners.select(
            "row",
            "run",
            target=pl.when(tied).then(own).otherwise("lower"),
            question=pl.lit("own"),
            up=False,
            strict=True,
        ),
        owners.select("row", "run", target="lower", question=pl.lit("drop"), up=False, strict=False),
    ]
    return pl.concat(parts).filter(pl.col("target").is_not_null())


def _searched(field: _Field, wanted: pl.Series) -> pl.DataFrame:
    """The fewest steps for every question and mark that can be answered so soon that it may matter."""
    board = field.board
    runs = board.filter(pl.col("row").is_in(wanted.implode()))["run"].unique()
    near = pl.concat([runs - 1, runs, runs + 1]).unique()
    owners = board.filter(pl.col("run").is_in(near.implode()))["row"]
    steps = _steps(field.scheme)
    marks = field.marks.with_row_index("mark").join(steps, on=["stage", "aspect"], maintain_order="left")
    marks = marks.filter(pl.col("value").is_not_null())
    signs = pl.DataFrame({"sign": [1, -1]}, schema={"sign": pl.Int64})
    asked = _questions(field, owners).join(
        marks.select(pl.col("entry").alias("row"), "mark", "value", "step", "low", "high"), on="row"
    )
    asked = asked.join(signs, how="cross").with_columns(
        room=pl.when(pl.col("sign") > 0)
        .then(pl.col("high") - pl.col("value"))
        .otherwise(pl.col("value") - pl.col("low"))
    )
    asked = asked.with_columns(most=pl.col("room") // pl.col("step")).filter(pl.col("most") > 0)
    asked = asked.select(
        "row", "run", "question", "up", "target", "strict", "mark", "sign", "value", "step", "most"
    )
    return _halved(field, _doubled(field, asked, wanted))


def _doubled(field: _Field, asked: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """1, 2, 4 … steps, until every place has an answer: `low` steps were not enough, `steps` are.

    Once all a question could tell of are answered by fewer steps, it is dropped.
    """
    answered: list[pl.DataFrame] = []
    open_rows = set(wanted.to_list())
    asked = asked.with_columns(low=pl.lit(0, dtype=pl.Int64))
    count = 1
    while asked.height and open_rows:
        tried = asked.with_columns(steps=pl.min_horizontal(pl.lit(count), "most").cast(pl.Int64))
        tried = tried.with_columns(yes=_answers(field, tried))
        found = tried.filter("yes").drop("yes")
        answered.append(found)
        open_rows -= set(_concerned(field, found)["entry"].to_list())
        asked = tried.filter(~pl.col("yes") & (pl.col("steps") < pl.col("most")))
        asked = asked.with_columns(low="steps").drop("yes", "steps")
        still = _concerned(field, asked).filter(pl.col("entry").is_in(list(open_rows)))
        asked = asked.join(
            still.select("row", "question", "up").unique(), on=["row", "question", "up"], how="semi"
        )
        count *= 2
    if not answered:
        return asked.with_columns(steps=pl.lit(0, dtype=pl.Int64))
    return pl.concat(answered)


def _halved(field: _Field, found: pl.DataFrame) -> pl.DataFrame:
    """Between `low` steps, which are not enough, and `steps`, which are: the fewest that are."""
    done = [found.filter(pl.col("steps") - pl.col("low") <= 1)]
    left = found.filter(pl.col("steps") - pl.col("low") > 1)
    while left.height:
        tried = left.with_columns(high="steps", steps=(pl.col("low") + pl.col("steps")) // 2)
        yes = _answers(field, tried)
        left = tried.with_columns(
            low=pl.when(yes).then("low").otherwise("steps"),
            steps=pl.when(yes).then("steps").otherwise("high"),
        ).drop("high")
        done.append(left.filter(pl.col("steps") - pl.col("low") <= 1))
        left = left.filter(pl.col("steps") - pl.col("low") > 1)
    return pl.concat(done)


def _answers(field: _Field, asked: pl.DataFrame) -> pl.Series:
    """Whether each question comes true when its mark is changed by sign · steps · step."""
    parts = []
    copies = asked.select("row", "mark", "sign", "steps", "value", "step").unique(maintain_order=True)
    each = max(1, field.marks.height // max(field.board.height, 1))
    for start in range(0, copies.height, max(1, BATCH // each)):
        part = copies.slice(start, max(1, BATCH // each)).with_row_index("copy")
        part = part.with_columns(pl.col("copy").cast(pl.Int64) + field.board.height)
        here = asked.with_row_index("at").join(
            part.select("mark", "sign", "steps", "copy"), on=["mark", "sign", "steps"]
        )
        parts.append(here.select("at", yes=_compared(field, here, _keys(field, part))))
    return pl.concat(parts).sort("at")["yes"]


def _keys(field: _Field, copies: pl.DataFrame) -> tuple[Key, ...]:
    """The chain of comparisons of the field and, after it, of the copies."""
    own = field.marks.with_row_index("number").rename({"entry": "row", "value": "before"})
    marks = copies.join(own, on="row", maintain_order="left")
    changed = pl.col("value") + pl.col("sign") * pl.col("steps") * pl.col("step")
    marks = marks.with_columns(
        entry=pl.col("copy"),
        value=pl.when(pl.col("number") == pl.col("mark")).then(changed).otherwise("before"),
    )
    entries = field.entries[copies["row"]].with_columns(copies["copy"].alias("entry"))
    everything = pl.concat([field.marks, marks.select(MARKS.names())])
    return rank(field.scheme, everything, pl.concat([field.entries, entries])).keys


def _compared(field: _Field, asked: pl.DataFrame, keys: tuple[Key, ...]) -> pl.Series:
    order = pl.repeat(0, asked.height, dtype=pl.Int64, eager=True)
    for key in keys:
        column = key.column.cast(pl.Int64) if key.column.dtype == pl.Boolean else key.column
        pair = pl.DataFrame({"copy": column.gather(asked["copy"]), "target": column.gather(asked["target"])})
        more = 1 if key.better == "higher" else -1
        differs = pair.select(
            pl.when(pl.col("copy").is_null() & pl.col("target").is_null())
            .then(0)
            .when(pl.col("copy").is_null())
            .then(-1)
            .when(pl.col("target").is_null())
            .then(1)
            .when(pl.col("copy") > pl.col("target"))
            .then(more)
            .when(pl.col("copy") < pl.col("target"))
            .then(-more)
            .otherwise(0)
            .cast(pl.Int64)
            .alias("differs")
        )["differs"]
        order = order.zip_with(order != 0, differs)
    if field.scheme.place_form == "ordinal":
        before = pl.Series(asked["row"] < asked["target"])
        by_row = before.cast(pl.Int64) * 2 - 1
        order = order.zip_with(order != 0, by_row)
    told = asked.select("up", "strict", order=order)
    way = pl.when("up").then("order").otherwise(-pl.col("order"))
    return told.select(yes=pl.when("strict").then(way > 0).otherwise(way >= 0))["yes"]


def _concerned(field: _Field, asked: pl.DataFrame) -> pl.DataFrame:
    """Every question with each `entry` (a row) whose place it would alter, and the `direction` of that."""
    rows = field.board.select("run", pl.col("row").alias("entry"))
    own = asked.filter(pl.col("question") == "own").with_columns(
        entry="row", direction=pl.when("up").then(pl.lit("rises")).otherwise(pl.lit("falls"))
    )
    found = [own]
    for question, away, direction in (("pass", -1, "falls"), ("part", 0, "falls"), ("drop", 1, "rises")):
        mine = asked.filter(pl.col("question") == question).with_columns(there=pl.col("run") + away)
        mine = mine.join(rows, left_on="there", right_on="run").drop("there")
        mine = mine.filter(pl.col("entry") != pl.col("row")).with_columns(direction=pl.lit(direction))
        found.append(mine.select(own.columns))
    return pl.concat(found)


def _told(field: _Field, wanted: pl.Series, found: pl.DataFrame) -> pl.DataFrame:
    best = _concerned(field, found).with_columns(
        other=pl.col("entry") != pl.col("row"), amount=pl.col("steps") * pl.col("step")
    )
    best = best.sort("entry", "steps", "other", "amount", "mark", "sign", "question").unique(
        "entry", keep="first", maintain_order=True
    )
    about = field.marks.with_row_index("mark").join(
        _steps(field.scheme).select("stage", "aspect", "module"),
        on=["stage", "aspect"],
        maintain_order="left",
    )
    best = best.select(
        pl.col("entry").alias("told"),
        "row",
        "mark",
        "direction",
        "steps",
        "value",
        changed=pl.col("value") + pl.col("sign") * pl.col("steps") * pl.col("step"),
    ).join(
        about.select("mark", "stage", "module", "aspect", "attempt", "judge"),
        on="mark",
        maintain_order="left",
    )
    board = _gaps(field.board).filter(pl.col("row").is_in(wanted.implode()))
    board = board.select(pl.col("row").alias("told"), "place", "above", "below")
    told = board.join(best, on="told", how="left", maintain_order="left")
    told = told.with_columns(
        entry=field.ids.gather(told["told"]),
        whose=field.ids.gather(told["row"]),
        attempt=pl.col("attempt").fill_null(1) if told.height else pl.col("attempt"),
    )
    told = told.with_columns(attempt=pl.when(pl.col("steps").is_not_null()).then("attempt"))
    return told.select(pl.col(name).cast(kind) for name, kind in PLACES_HELD.items())


def _gaps(board: pl.DataFrame) -> pl.DataFrame:
    """How far the totals of the runs above and below are away, where they reached the same stage."""
    runs = board.group_by("run", maintain_order=True).agg(pl.col("group", "total", "reached").first())

    def away(step: int) -> pl.Expr:
        beside = pl.all_horizontal(pl.col(name) == pl.col(name).shift(step) for name in ("group", "reached"))
        return pl.when(beside).then((pl.col("total") - pl.col("total").shift(step)).abs())

    gaps = runs.select("run", above=away(1), below=away(-1))
    return board.join(gaps, on="run", maintain_order="left")


def _steps(scheme: Scheme) -> pl.DataFrame:
    rows = [
        (
            stage.id,
            aspect.id,
            module.id,
            aspect.step,
            -ENDLESS if aspect.minimum is None else aspect.minimum,
            ENDLESS if aspect.maximum is None else aspect.maximum,
        )
        for stage in scheme.stages
        for module in stage.modules
        for aspect in aspects_of(module)
    ]
    names = ["stage", "aspect", "module", "step", "low", "high"]
    types = [pl.String, pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
