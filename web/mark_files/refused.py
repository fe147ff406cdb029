"""What the judging core refuses of read files, said by the lines it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from federation.findings import Finding
from federation.judging import FrameError, Scheme, format_value
from federation.judging.schemes import Aspect
from web.mark_files.faults import LIMIT, Blame, Fault, Faults
from web.mark_files.marks import Leaves

if TYPE_CHECKING:
    from web.mark_files import MarkFiles

_KEYS = ("entry", "stage", "aspect", "attempt", "judge")


def refused(fault: FrameError, scheme: Scheme, files: MarkFiles) -> Faults:
    """The core speaks of entry numbers; files have names and lines."""
    faults = Faults()
    for finding in fault.findings:
        blame = Blame(files.file, files.lines)
        if finding.code == "marks.mark_twice":
            _twice(scheme, files, blame)
        elif finding.code == "marks.too_many_judges":
            _too_many(finding, files, blame)
        elif finding.code == "marks.factor_differs":
            _differing(finding, files, blame)
        blame.into(faults)
        if not blame.count:
            faults.add(Fault(files.file, None, "", "", _named(finding, files.names)))
    return faults


def _too_many(finding: Finding, files: MarkFiles, blame: Blame) -> None:
    marks = files.marks
    keys = [name for name in ("entry", "stage", "aspect", "attempt") if name in marks.columns]
    nth = marks.select(pl.int_range(pl.len()).over(keys)).to_series()
    wrong = (marks["aspect"].cast(pl.String) == finding.facts["aspect"]) & (nth >= finding.facts["judges"])

    def found(_judge: str, row: int) -> Finding:
        return Finding(finding.code, facts={**finding.facts, "entries": [files.names[marks["entry"][row]]]})

    blame.rows(wrong, "judge", marks["judge"] if "judge" in marks.columns else None, found)


def _differing(finding: Finding, files: MarkFiles, blame: Blame) -> None:
    """All rows of one performance carry its difficulty; those that differ from the first."""
    marks = files.marks
    keys = [name for name in ("entry", "stage", "attempt") if name in marks.columns]
    here = marks["aspect"].cast(pl.String) == finding.facts["aspect"]
    first = marks.filter(here).select(pl.col("factor").drop_nulls().first().over(keys)).to_series()
    rows = here.arg_true().filter((marks.filter(here)["factor"] != first).fill_null(False))
    wrong = pl.repeat(False, marks.height, eager=True).scatter(rows, True)
    factor = pl.Series([format_value(number) for number in marks["factor"].gather(rows.head(LIMIT))])
    shown = pl.repeat("", marks.height, eager=True).scatter(rows.head(LIMIT), factor)
    blame.rows(wrong, "factor", shown, lambda _value, _row: Finding(finding.code, facts=finding.facts))


def _named(finding: Finding, names: pl.Series) -> Finding:
    facts = dict(finding.facts)
    if "entries" in facts:
        facts["entries"] = [names[number] for number in facts["entries"]]
    return Finding(finding.code, finding.severity, finding.place.removeprefix("marks."), facts)


def warned(findings: Sequence[Finding], names: pl.Series) -> list[Finding]:
    """Warnings of the core with the names of entries."""
    return [_named(finding, names) for finding in findings]


def _twice(scheme: Scheme, files: MarkFiles, blame: Blame) -> None:
    """Rows that record one mark again; where one mark is all, several judges are that too."""
    marks, leaves = files.marks, Leaves.of(scheme)
    single = {
        node.definition.id
        for node in leaves.nodes
        if node is not None
        and isinstance(node.definition, Aspect)
        and node.definition.panel.method == "single"
    }
    keys = [name for name in _KEYS if name in marks.columns]
    keyed = marks.select(keys).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    if "attempt" in keys:
        keyed = keyed.with_columns(pl.col("attempt").fill_null(1))
    if "stage" in keys:
        homes = {n.definition.id: n.stage for n in leaves.nodes[-len(leaves.ids) :] if n is not None}
        own = pl.col("aspect").replace_strict(homes, default=None, return_dtype=pl.String)
        keyed = keyed.with_columns(
            pl.when(pl.col("stage").is_null()).then(own).otherwise("stage").alias("stage")
        )
    judged = keyed
    if "judge" in keys:
        alone = pl.col("aspect").is_in(list(single))
        keyed = keyed.with_columns(pl.when(alone).then(None).otherwise("judge").alias("judge"))
    again = ~keyed.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    same = ~judged.select(pl.struct(pl.all()).is_first_distinct()).to_series()

    def finding(_value: str, row: int) -> Finding:
        said = [
            files.names[marks["entry"][row]],
            *(str(part) for part in judged.row(row)[1:] if part is not None),
        ]
        code = "rank.mark_twice" if same[row] else "rank.one_mark_only"
        return Finding(code, facts={"value": ", ".join(said), "aspect": judged["aspect"][row]})

    blame.rows(again, "entry", None, finding)
