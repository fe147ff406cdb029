"""A board: an immutable picture of one event category at one revision, for one audience."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from contests.boards.visibility import Audience, Shows
from contests.ranking import Gathered, modules_of, places_after
from federation.judging import SCALE, Outcome, Scheme
from federation.judging.frames import module_column
from federation.judging.order import Key
from federation.judging.schemes import aspects_of
from federation.privacy import mask_name

ROWS = pl.Schema(
    {
        "number": pl.String(),
        "name": pl.String(),  # as this audience may read it
        "organisation": pl.String(),  # empty where the audience may not
        "delegation": pl.String(),
        "region": pl.String(),
        "place": pl.Int32(),
        "tied": pl.Boolean(),
        "total": pl.Int64(),  # scaled
        "award": pl.String(),
        "tie_break": pl.String(),  # code of the criterion that parted equal totals, "shared", or ""
        "tie": pl.Int32(),  # number of the group of equal totals, from 1; null without a tie
        "status": pl.String(),
        "missing": pl.Int32(),  # modules without a score
    }
)
"""One row per entry in display order; then `m0`, `m1` … (Int64 scaled) the modules of `columns`, `t0` … the values of
`criteria` for rows in a tie, `a1` … (Int32) the place after each module that has begun."""

_ORDERING_KEYS = frozenset({"behind", "reached", "total", "total before"})


@dataclass(frozen=True, slots=True)
class Column:
    """A module: `maximum` and `weight` scaled (weight 10 000 is 1)."""

    id: str
    title: str
    title_en: str
    maximum: int | None
    weight: int
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison of the tie-break chain. `code` as in judging ("module:C", "time", "lot"); `title` names what is
    compared where the scheme has a name for it."""

    code: str
    unit: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Line:
    """An award line: drawn below the last row that has it. `count`: how many stand above it and below the next."""

    id: str
    title: str
    title_en: str
    first: int
    last: int
    count: int
    row: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A delegation or region found on the board."""

    code: str
    name: str
    name_en: str
    count: int


@dataclass(frozen=True, eq=False)
class Board:
    """`about`: the event category with the names of its event and contest. `criteria`: the tie-break chain.
    `digest` covers everything that is shown, so equal boards have equal digests in every process. `source`: what a
    live board was made of, to explain it; never shown as it is.
    """

    event_category: int
    revision: int
    audience: Audience
    state: str
    shows: Shows
    about: Mapping[str, Any]
    entered: int
    columns: tuple[Column, ...] = ()
    criteria: tuple[Step, ...] = ()
    rows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ROWS))
    lines: tuple[Line, ...] = ()
    delegations: tuple[Facet, ...] = ()
    regions: tuple[Facet, ...] = ()
    scheme_title: str = ""
    scheme_title_en: str = ""
    basis: str = ""
    decimals: int = 2
    better: str = "higher"
    total_maximum: int | None = None
    changed_at: datetime | None = None
    publication: Mapping[str, Any] | None = None
    digest: str = ""
    source: tuple[Gathered, Outcome] | None = field(default=None, repr=False)

    @cached_property
    def position(self) -> dict[str, int]:
        """Number → row."""
        return {number: row for row, number in enumerate(self.rows["number"].to_list()) if number}

    @cached_property
    def stages_begun(self) -> int:
        """How many modules have begun: the number of `a…` columns."""
        return sum(name[:1] == "a" and name[1:].isdigit() for name in self.rows.columns)

    @property
    def ranked(self) -> int:
        return self.rows.height - self.rows["place"].null_count()

    @property
    def tag(self) -> str:
        """For ETag: the revision and what is shown at it."""
        return f"{self.revision}-{self.digest}"


def live_board(
    about: Mapping[str, Any],
    audience: Audience,
    gathered: Gathered,
    outcome: Outcome,
    changed_at: datetime | None,
    *,
    in_full: bool,
) -> Board:
    """A board out of the marks as they stand. Pure. Names are masked here unless `in_full`, so that no later step
    can show them."""
    scheme = gathered.scheme
    columns = columns_of(scheme)
    rows = _rows(gathered, outcome, columns, in_full=in_full)
    people = gathered.people
    return sealed(
        Board(
            event_category=int(about["id"]),
            revision=int(about["revision"]),
            audience=audience,
            state=about["state"],
            shows="live",
            about=about,
            entered=people.height,
            columns=columns,
            criteria=tuple(_step(scheme, key) for key in _criteria(outcome)),
            rows=rows,
            lines=lines_of(rows, [(line.id, line.title, line.title_en) for line in scheme.award_lines]),
            delegations=_facets(people, "delegation"),
            regions=_facets(people, "region"),
            scheme_title=scheme.title,
            scheme_title_en=scheme.title_en,
            basis=scheme.basis,
            decimals=decimals_of(scheme),
            better=scheme.better,
            total_maximum=scheme.total or None,
            changed_at=changed_at,
            source=(gathered, outcome),
        )
    )


def bare_board(about: Mapping[str, Any], audience: Audience, shows: Shows, entered: int) -> Board:
    """A board that shows nothing yet, or nothing now."""
    return sealed(
        Board(
            event_category=int(about["id"]),
            revision=int(about["revision"]),
            audience=audience,
            state=about["state"],
            shows=shows,
            about=about,
            entered=entered,
        )
    )


def sealed(board: Board) -> Board:
    """The same board with the digest of what it shows."""
    cover = hashlib.sha256(
        repr(
            (board.state, board.shows, board.entered, board.columns, board.lines, board.publication)
        ).encode()
    )
    if board.rows.height:
        cover.update(array("Q", board.rows.hash_rows(seed=0).to_list()).tobytes())
    object.__setattr__(board, "digest", cover.hexdigest()[:16])
    return board


def columns_of(scheme: Scheme) -> tuple[Column, ...]:
    return tuple(
        Column(
            module.id,
            module.title or module.id,
            module.title_en or module.title or module.id,
            module.maximum,
            module.weight * stage.weight // SCALE,
            stage.id,
        )
        for stage, module in modules_of(scheme)
    )


def decimals_of(scheme: Scheme) -> int:
    """Places shown: two, or more where the total is rounded finer."""
    step, places = scheme.roundings.total.step, 2
    while step and places < 4 and step % (SCALE // 10**places):
        places += 1
    return places


def _criteria(outcome: Outcome) -> list[Key]:
    return [key for key in outcome.keys if key.code not in _ORDERING_KEYS]


def _step(scheme: Scheme, key: Key) -> Step:
    level, _, name = key.code.partition(":")
    found: Any = None
    if level in ("module", "subcriterion", "aspect", "stage"):
        found = next((part for part in _parts(scheme, level) if part.id == name), None)
    return Step(key.code, key.unit, found.title if found else "", found.title_en if found else "")


def _parts(scheme: Scheme, level: str) -> list[Any]:
    modules = [module for _, module in modules_of(scheme)]
    if level == "stage":
        return list(scheme.stages)
    if level == "module":
        return modules
    if level == "subcriterion":
        return [group for module in modules for group in module.subcriteria]
    return [aspect for module in modules for aspect in aspects_of(module)]


def _rows(
    gathered: Gathered, outcome: Outcome, columns: tuple[Column, ...], *, in_full: bool
) -> pl.DataFrame:
    places = outcome.places
    modules = [
        (pl.col(name) if name in places.columns else pl.lit(None, dtype=pl.Int64)).alias(f"m{number}")
        for number, name in enumerate(module_column(one.stage, one.id) for one in columns)
    ]
    criteria = _criteria(outcome)
    keys = pl.DataFrame(
        [outcome.entries["entry"], *(_shown(key).alias(f"t{number}") for number, key in enumerate(criteria))]
    )
    rows = (
        places.with_columns(
            *modules,
            *(
                series.alias(f"a{number}")
                for number, series in enumerate(places_after(gathered.scheme, places), 1)
            ),
            (
                pl.sum_horizontal(module.is_null().cast(pl.Int32) for module in modules)
                if modules
                else pl.lit(0)
            )
            .cast(pl.Int32)
            .alias("missing"),
        )
        .join(gathered.people, on="entry", how="left", maintain_order="left")
        .join(keys, on="entry", how="left", maintain_order="left")
    )
    in_tie = pl.col("tie_break") != ""
    name = pl.col("name") if in_full else _masked(rows["name"])
    rows = rows.with_columns(
        name.alias("name"),
        (pl.col("organisation") if in_full else pl.lit("")).alias("organisation"),
        pl.col("award").fill_null(""),
        tie_numbers(in_tie).alias("tie"),
        *(pl.when(in_tie).then(pl.col(f"t{n}")).alias(f"t{n}") for n in range(len(criteria))),
    )
    more = [name for name in rows.columns if name[0] in "mta" and name[1:].isdigit()]
    return rows.select(*(pl.col(name).cast(dtype) for name, dtype in ROWS.items()), *more)


def tie_numbers(in_tie: pl.Expr) -> pl.Expr:
    """A number per run of neighbours in a tie that have the same total or share a place."""
    same = pl.col("total").eq_missing(pl.col("total").shift(1)) | (
        pl.col("place").eq_missing(pl.col("place").shift(1)) & pl.col("tied")
    )
    starts = in_tie & ~(same & in_tie.shift(1, fill_value=False))
    return pl.when(in_tie).then(starts.cum_sum()).cast(pl.Int32)


def _masked(names: pl.Series) -> pl.Expr:
    known = {name: mask_name(name) for name in names.drop_nulls().unique().to_list()}
    return (
        pl.col("name").replace_strict(known, default=None, return_dtype=pl.String)
        if known
        else pl.col("name")
    )


def _shown(key: Key) -> pl.Series:
    """A key's column as whole units: 1/10 000 points, counts or milliseconds; half up."""
    column = key.column.cast(pl.Int64)
    if key.denominator == 1:
        return column
    return (column * 2 + key.denominator) // (key.denominator * 2)


def lines_of(rows: pl.DataFrame, awards: Iterable[tuple[str, str, str]]) -> tuple[Line, ...]:
    """The award lines that somebody stands above, in the order of the board."""
    found = {
        award: (first, last, count, row)
        for award, first, last, count, row in rows.with_row_index("row")
        .filter(pl.col("award") != "")
        .group_by("award")
        .agg(
            pl.col("place").min().alias("first"),
            pl.col("place").max().alias("last"),
            pl.len().alias("count"),
            pl.col("row").max().alias("row"),
        )
        .iter_rows()
    }
    return tuple(
        Line(award, title or award, title_en or title or award, *found[award])
        for award, title, title_en in awards
        if award in found
    )


def _facets(people: pl.DataFrame, of: str) -> tuple[Facet, ...]:
    found = (
        people.filter(pl.col(of).is_not_null())
        .group_by(of, f"{of}_name", f"{of}_name_en", maintain_order=True)
        .len()
        .sort(of)
    )
    return tuple(
        Facet(code, name, name_en or name, count) for code, name, name_en, count in found.iter_rows()
    )
