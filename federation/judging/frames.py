"""The frames that go into and come out of the judging core: columns and types, named once.

Quantities of marks (values, factors, scores, totals) are Int64 in units of 1/10 000: 87.5 is 875 000.
Times are Int64 milliseconds. Entries are Int64 ids of the caller's choosing. Row order never matters.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from federation.findings import Finding

SCALE = 10_000

Blank = Literal["pending", "absent", "recused", "dns", "dnf", "dsq", "void"]
BLANKS: tuple[Blank, ...] = ("pending", "absent", "recused", "dns", "dnf", "dsq", "void")
"""Why a mark is no number: not yet in, judge absent, judge recused, did not start, did not finish,
disqualified, module void. Zero is a number and none of these."""

STATUSES = ("", "dns", "dnf", "dsq", "withdrawn")
"""What may be said of a whole entry; the empty word is the ordinary case."""

MARKS = pl.Schema(
    {
        "entry": pl.Int64(),
        "stage": pl.String(),  # id of the stage; may be empty when the scheme has one
        "aspect": pl.String(),  # id of an aspect or of a deduction
        "judge": pl.String(),  # any stable name of a seat; empty for a single agreed value
        "attempt": pl.Int32(),  # from 1; null is 1
        "value": pl.Int64(),  # scaled; null together with a blank
        "blank": pl.String(),  # one of BLANKS, or null where there is a value
        "factor": pl.Int64(),  # scaled difficulty of this performance; null is 1
        "time": pl.Int64(),  # milliseconds; null is unknown
    }
)
"""One row per mark. Two rows of the same entry, stage, aspect, attempt and judge are refused."""

MARKS_REQUIRED = ("entry", "aspect", "value")

ENTRIES = pl.Schema(
    {
        "entry": pl.Int64(),
        "category": pl.String(),
        "delegation": pl.String(),
        "region": pl.String(),
        "industry": pl.String(),
        "team": pl.String(),
        "status": pl.String(),  # one of STATUSES; null is ordinary
        "guest": pl.Boolean(),  # listed, takes no place
        "lot": pl.Int64(),  # recorded draw among tied entries: the lower stands before
        "ruling": pl.Int64(),  # reasoned decision of the chief referee: the lower stands before
    }
)
"""One row per entry to be listed, marked or not. Only `entry` is required."""

ENTRIES_REQUIRED = ("entry",)

SCORES = pl.Schema(
    {
        "entry": pl.Int64(),
        "node": pl.String(),  # path in the scheme's tree: stage/module/sub-criterion/aspect, or a deduction
        "level": pl.String(),  # stage, module, subcriterion, aspect, deduction
        "attempt": pl.Int32(),  # 0 where the node stands above the attempts
        "score": pl.Int64(),  # scaled, before the weight of the node; null where nothing was marked
    }
)
"""One row per entry and node of the scheme's tree."""

PLACES = pl.Schema(
    {
        "entry": pl.Int64(),
        "category": pl.String(),
        "place": pl.Int32(),  # in the scheme's first ranking; null for guests and those not ranked
        "tied": pl.Boolean(),  # shares its place
        "total": pl.Int64(),  # scaled; null where nothing was marked
        "award": pl.String(),  # id of an award line (proposed)
        "tie_break": pl.String(),  # code of the criterion that parted it from equal totals, or "shared"
        "status": pl.String(),  # "" ranked, else: guest, blank, dns, dnf, dsq, withdrawn
        "reached": pl.Int32(),  # number of the last stage reached, from 1
        "order": pl.Int32(),  # position for display, from 1: place, then entry; guests, then unranked, after
    }
)
"""One row per entry, in display order; then `place:<ranking>` (Int32) for every further ranking of the scheme,
`stage:<stage>` and `module:<stage>:<module>` (Int64 scaled) for every stage and module."""


class FrameError(ValueError):
    """Marks or entries that cannot be judged; `findings` says why, each with its place and facts."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{f.code} at {f.place or '?'} {dict(f.facts)}" for f in findings[:20]))


def stage_column(stage: str) -> str:
    return f"stage:{stage}"


def module_column(stage: str, module: str) -> str:
    return f"module:{stage}:{module}"


def ranking_column(ranking: str) -> str:
    return f"place:{ranking}"


def empty(schema: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame(schema=schema)


def check_frame(frame: pl.DataFrame, schema: pl.Schema, required: tuple[str, ...], name: str) -> pl.DataFrame:
    """The frame with every column of the schema, absent optional ones filled with null.

    Text may also come as Enum or Categorical and small integers in any width that loses nothing.
    Raises FrameError on a missing column, an unknown one or a type that would have to be guessed
    (floats above all).
    """
    absent = [column for column in required if column not in frame.columns]
    findings = [Finding("marks.column_missing", place=f"{name}.{c}", facts={"column": c}) for c in absent]
    columns: list[pl.Expr] = []
    present: Mapping[str, pl.DataType] = frame.schema
    for column, dtype in present.items():
        if column not in schema:
            findings.append(
                Finding("marks.column_unknown", place=f"{name}.{column}", facts={"column": column})
            )
        elif not _fits(dtype, schema[column]):
            facts = {"column": column, "found": str(dtype), "expected": str(schema[column])}
            findings.append(Finding("marks.column_type", place=f"{name}.{column}", facts=facts))
    if findings:
        raise FrameError(findings)
    for column, expected in schema.items():
        if column not in present:
            columns.append(pl.lit(None, dtype=expected).alias(column))
        elif present[column] == expected or isinstance(present[column], pl.Enum | pl.Categorical):
            columns.append(pl.col(column))
        else:
            columns.append(pl.col(column).cast(expected))
    return frame.select(columns)


def _fits(found: pl.DataType, expected: pl.DataType) -> bool:
    if found == expected or found == pl.Null():
        return True
    if expected == pl.String():
        return isinstance(found, pl.Enum | pl.Categorical)
    return expected.is_integer() and found.is_integer()
