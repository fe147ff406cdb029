"""Blocks of a mark file to frames for the judging core; every cell checked against the scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from federation.findings import Finding
from federation.judging import Scheme, format_value
from federation.judging.frames import SCALE
from federation.judging.schemes import Aspect, Deduction
from federation.judging.tree import Node, plan
from web.mark_files import cells
from web.mark_files.dictionary import Dictionary
from web.mark_files.faults import Blame, saying


@dataclass(frozen=True, slots=True)
class Leaves:
    """Everything a mark can be recorded under. A pair of stage and id is looked up at stage · len(ids) + id, the last
    stage standing for none named; `node` is None where no mark can be."""

    ids: list[str]
    stages: list[str]
    nodes: list[Node | None]

    @classmethod
    def of(cls, scheme: Scheme) -> Leaves:
        found = [node for node in plan(scheme).values() if node.leaf]
        ids = sorted({node.definition.id for node in found})
        stages = [stage.id for stage in scheme.stages]
        nodes: list[Node | None] = []
        for stage in (*stages, None):
            for name in ids:
                homes = [
                    node
                    for node in found
                    if node.definition.id == name and (stage is None or node.stage in ("", stage))
                ]
                nodes.append(homes[0] if len(homes) == 1 else None)
        return cls(ids, stages, nodes)

    @property
    def aspects(self) -> list[str]:
        """Ids of what is marked; the others are deductions."""
        return sorted(
            {n.definition.id for n in self.nodes if n is not None and isinstance(n.definition, Aspect)}
        )

    def column(self, of: Callable[[Aspect | Deduction, Node], int | None]) -> pl.Series:
        return pl.Series(
            [None if n is None else of(n.definition, n) for n in self.nodes],  # type: ignore[arg-type]
            dtype=pl.Int64,
        )


class MarkReader:
    """Takes a file's blocks one by one. `entries`: the dictionary that numbers entries as they come."""

    def __init__(self, scheme: Scheme, entries: Dictionary, listed: int | None) -> None:
        self.scheme, self.entries, self.listed = scheme, entries, listed
        self.leaves = Leaves.of(scheme)
        self.only = self.leaves.aspects[0] if len(self.leaves.aspects) == 1 else None
        self.judges = pl.Categorical(pl.Categories.random())
        self.aspect_words = _words(self.leaves.ids, scheme)
        self.stage_words = _words(self.leaves.stages, scheme)
        whole = self.leaves.column
        self.low = whole(lambda d, _: d.minimum if isinstance(d, Aspect) else None)
        self.high = whole(lambda d, _: d.maximum if isinstance(d, Aspect) else None)
        self.step = whole(lambda d, _: d.step if isinstance(d, Aspect) else None)
        self.base = whole(lambda d, _: (d.minimum or 0) if isinstance(d, Aspect) else None)
        self.single = whole(lambda d, _: int(isinstance(d, Aspect) and d.panel.method == "single"))
        self.factored = whole(lambda d, _: int(isinstance(d, Aspect) and d.factored))
        self.turned = whole(lambda _, node: int(node.owner is not None))

    def take(self, frame: pl.DataFrame, blame: Blame) -> pl.DataFrame:
        columns = {"entry": self.entry(frame["entry"], blame)}
        columns["aspect"], home = self.home(frame, columns, blame)
        if "judge" in frame.columns:
            columns["judge"] = _nothing(frame["judge"]).cast(self.judges)
        if "attempt" in frame.columns:
            columns["attempt"] = self.attempt(frame["attempt"], home, blame)
        value, blank, wrong, why = cells.values(frame["value"])
        blame.rows(wrong, "value", frame["value"], why)
        if blank is not None:
            columns["blank"] = self.absent(blank, home)
        columns["value"] = value
        if "factor" in frame.columns:
            columns["factor"] = self.factor(frame["factor"], home, blame)
        if "time" in frame.columns:
            columns["time"], wrong = cells.times(frame["time"])
            blame.rows(wrong, "time", frame["time"], saying("rank.not_a_time"))
        self.in_range(value, home, frame, blame)
        return pl.DataFrame(columns)

    def entry(self, text: pl.Series, blame: Blame) -> pl.Series:
        blame.rows(text == "", "entry", None, saying("rank.entry_missing"))
        number = self.entries.numbers(_nothing(text))
        if self.listed is not None:
            blame.rows(number >= self.listed, "entry", text, saying("rank.entry_unknown"))
        return number

    def home(
        self, frame: pl.DataFrame, columns: dict[str, pl.Series], blame: Blame
    ) -> tuple[pl.Series, pl.Series]:
        """The aspect of each row, and where stage and aspect are looked up; null where there is no such place."""
        leaves, height = self.leaves, frame.height
        if "aspect" not in frame.columns:
            aspect = pl.repeat(self.only, height, dtype=pl.Enum(leaves.ids), eager=True)
        else:
            text = frame["aspect"]
            if self.only and bool((text == "").any()):
                text = text.set(text == "", self.only)
            aspect = _known(text, leaves.ids, self.aspect_words)
            missing = text == ""
            blame.rows(missing, "aspect", None, saying("rank.aspect_missing", known=leaves.ids[:30]))
            unknown = aspect.is_null() & ~missing
            blame.rows(unknown, "aspect", text, saying("rank.aspect_unknown", known=leaves.ids[:30]))
        index = aspect.to_physical().cast(pl.Int64)
        if "stage" in frame.columns:
            text = frame["stage"]
            stage = _known(text, leaves.stages, self.stage_words)
            wrong = stage.is_null() & (text != "")
            blame.rows(wrong, "stage", text, saying("rank.stage_unknown", known=leaves.stages))
            columns["stage"] = stage
            index = index + stage.to_physical().cast(pl.Int64).fill_null(len(leaves.stages)) * len(leaves.ids)
        else:
            index = index + len(leaves.stages) * len(leaves.ids)
        if any(node is None for node in leaves.nodes):
            homeless = pl.Series([node is None for node in leaves.nodes]).gather(index).fill_null(False)
            said = frame["stage"] if "stage" in frame.columns else pl.repeat("", height, eager=True)
            blame.rows(homeless, "stage", said, self._homeless(aspect))
            index = index.set(homeless, None)
        return aspect, index

    def _homeless(self, aspect: pl.Series) -> Callable[[str, int], Finding]:
        def finding(stage: str, row: int) -> Finding:
            name = str(aspect[row])
            stages = [
                at
                for number, at in enumerate(self.leaves.stages)
                if self.leaves.nodes[number * len(self.leaves.ids) + self.leaves.ids.index(name)] is not None
            ]
            code = "rank.aspect_not_in_stage" if stage else "rank.stage_needed"
            return Finding(code, facts={"aspect": name, "value": stage, "known": stages})

        return finding

    def attempt(self, text: pl.Series, home: pl.Series, blame: Blame) -> pl.Series:
        number, wrong = cells.whole(text, pl.Int32)
        wrong = wrong | (number < 1).fill_null(False) | (number > 9_999).fill_null(False)
        blame.rows(wrong, "attempt", text, saying("rank.not_whole"))
        if bool((self.turned == 0).any()):
            once = (number > 1) & (self.turned.gather(home) == 0)
            blame.rows(once, "attempt", text, self._named("rank.attempt_unexpected", home))
        return number

    def absent(self, blank: pl.Series, home: pl.Series) -> pl.Series:
        """Nobody judges alone and is absent: where one mark is all, it is the competitor who did not come."""
        alone = (blank == "absent") & (self.single.gather(home) == 1)
        return blank.set(alone.fill_null(False), "dns") if bool(alone.any()) else blank

    def factor(self, text: pl.Series, home: pl.Series, blame: Blame) -> pl.Series:
        factor, wrong = cells.factors(text)
        blame.rows(wrong, "factor", text, saying("rank.not_a_factor"))
        plain = (self.factored.gather(home) == 0).fill_null(False) & factor.is_not_null()
        blame.rows(plain & (factor != SCALE), "factor", text, self._named("rank.factor_unexpected", home))
        return factor.set(plain, None) if bool(plain.any()) else factor

    def in_range(self, value: pl.Series, home: pl.Series, frame: pl.DataFrame, blame: Blame) -> None:
        def at(column: pl.Series) -> pl.Series | int | None:
            return column[0] if column.n_unique() == 1 else column.gather(home)

        low, high, step, base = at(self.low), at(self.high), at(self.step), at(self.base)
        for code, wrong, limit in (
            ("rank.value_below_minimum", value < low if low is not None else None, self.low),
            ("rank.value_above_maximum", value > high if high is not None else None, self.high),
            ("rank.value_off_step", (value - base) % step != 0 if step is not None else None, self.step),
        ):
            if wrong is not None:
                blame.rows(wrong, "value", frame["value"], self._named(code, home, limit))

    def _named(
        self, code: str, home: pl.Series, limit: pl.Series | None = None
    ) -> Callable[[str, int], Finding]:
        def finding(value: str, row: int) -> Finding:
            node = self.leaves.nodes[home[row]]
            facts = {"aspect": node.definition.id if node else "", "value": value}
            if limit is not None:
                facts[code.rpartition("_")[2]] = format_value(limit[home[row]])
            return Finding(code, facts=facts)

        return finding


def _nothing(text: pl.Series) -> pl.Series:
    empty = text == ""
    return text.set(empty, None) if bool(empty.any()) else text


def _words(ids: Sequence[str], scheme: Scheme) -> dict[str, str]:
    """Other ways to write an id: in another case, or as the title in either language, where it can mean one alone."""
    written: list[tuple[str, str]] = []
    for node in plan(scheme).values():
        part = node.definition
        if part.id in ids and (node.leaf or node.level == "stage"):
            written += {(word.lower(), part.id) for word in (part.id, part.title, part.title_en) if word}
    count = Counter(word for word, _ in set(written))
    return {word: name for word, name in written if count[word] == 1 and word not in ids}


def _known(text: pl.Series, ids: Sequence[str], words: dict[str, str]) -> pl.Series:
    found = text.cast(pl.Enum(ids), strict=False)
    odd = found.is_null() & (text != "")
    if not words or not bool(odd.any()):
        return found
    read = text.filter(odd).unique().to_list()
    mapping = {word: words[word.lower()] for word in read if word.lower() in words}
    return text.replace(mapping).cast(pl.Enum(ids), strict=False) if mapping else found
