"""A scheme is data: how one event and category is marked, summed, ranked and awarded.

Everything here is a frozen dataclass; `documents.py` reads and writes them as JSON and prints the JSON Schema,
`soundness.py` checks them. `Scaled` numbers are integers in units of 1/10 000 (JSON: plain decimals, 0.3 or "0.3").
The tree is scheme > stage > module > sub-criterion > aspect; a short scheme needs only modules.

A node's score is the sum of (child score x child weight), then deductions, then floor and cap, then rounding.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal

from federation.findings import Finding
from federation.judging.frames import SCALE

Scaled = Annotated[int, "scaled"]
Better = Literal["higher", "lower"]
Mode = Literal["half_up", "half_even", "down", "up", "floor", "ceil"]


@dataclass(frozen=True, slots=True)
class Rounding:
    """To a multiple of `step` (0 keeps the exact value). JSON may give the bare step: 0.01."""

    step: Scaled = SCALE // 100
    mode: Mode = "half_up"


EXACT = Rounding(0)


@dataclass(frozen=True, slots=True)
class Roundings:
    """One rounding for each level, where a node does not name its own. Exact unless stated, save the total.

    panel: what the judges give together. aspect: points after rule and worth. product: after the factor of the
    performance. weighted: every product with a weight. The total always has a step.
    """

    panel: Rounding = EXACT
    aspect: Rounding = EXACT
    product: Rounding = EXACT
    subcriterion: Rounding = EXACT
    module: Rounding = EXACT
    weighted: Rounding = EXACT
    stage: Rounding = EXACT
    total: Rounding = Rounding()


@dataclass(frozen=True, slots=True)
class Panel:
    """How several judges' marks of one aspect become one value.

    trimmed_*: drop_high highest and drop_low lowest are left out, equal extremes one each, unless fewer than
    trim_from marks are in. clamped_mean: every mark is drawn to within `clamp` of the mean, then the mean is taken;
    `center` rounds the mean that is measured from.
    judges: how many are expected (0: any). minimum: fewer marks than this are no value.
    absent (also: recused, not yet in): shrink counts those present, fill lets the mean of the others stand
    in for them (for sums), wait gives no value before all have marked who did not step aside (recused).
    """

    method: Literal["single", "sum", "mean", "median", "trimmed_mean", "trimmed_sum", "clamped_mean"] = (
        "single"
    )
    drop_high: int = 1
    drop_low: int = 1
    trim_from: int = 0
    clamp: Scaled = 0
    center: Rounding = EXACT
    judges: int = 0
    minimum: int = 1
    absent: Literal["shrink", "fill", "wait"] = "shrink"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one step of a judged scale means."""

    value: Scaled
    text: str
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a points table."""

    bound: Scaled
    points: Scaled


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Measured value x to points.

    identity: x. linear: base + slope·x / per. table: points of the last line whose bound x has reached (`from`), of the
    first line whose bound x does not exceed (`upto`), or of the line equal to x (`exact`); `otherwise` if none.
    power: floor(a·|x·unit − b|^c), zero once x is on the wrong side of b (better: lower means below b earns).
    floor and cap hold for every kind.
    """

    kind: Literal["identity", "linear", "table", "power"] = "identity"
    base: Scaled = 0
    slope: Decimal = Decimal(1)
    per: Decimal = Decimal(1)
    table: tuple[Step, ...] = ()
    match: Literal["from", "upto", "exact"] = "from"
    otherwise: Scaled = 0
    a: Decimal = Decimal(1)
    b: Decimal = Decimal(0)
    c: Decimal = Decimal(1)
    unit: Decimal = Decimal(1)
    better: Better = "higher"
    floor: Scaled | None = None
    cap: Scaled | None = None


@dataclass(frozen=True, slots=True)
class Attempts:
    """best: sum of the `count` best (1: the best one). sum: all. last: the latest with a value.
    mean: the `skip` best are left out, the `count` next averaged; no value with fewer (five solves, best and worst
    left out: skip 1, count 3, of 5)."""

    rule: Literal["best", "sum", "last", "mean"] = "best"
    count: int = 1
    skip: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Deduction:
    """Recorded like a mark under its id. points: value × each is taken off. percent: value × each % of the node.
    adjust: value × each is added, sign as recorded. void: any value but 0 makes the node nothing (0 points).
    disqualify: any value but 0 disqualifies the entry. `maximum` limits value × each, in points or percent; of adjust
    either way. Several deductions of a node are taken one after another in their order."""

    id: str
    title: str = ""
    title_en: str = ""
    kind: Literal["points", "percent", "adjust", "void", "disqualify"] = "points"
    each: Scaled = SCALE
    maximum: Scaled | None = None


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a judge marks or an instrument measures.

    minimum, maximum, step: what may be recorded. worth: full marks of the aspect when the recorded scale is
    another one (a judged 3 of 3 worth 5 points); empty: the recorded value is the points. factored: every performance
    brings its own factor (difficulty).
    """

    id: str
    title: str = ""
    title_en: str = ""
    kind: Literal["measurement", "judgement", "points"] = "points"
    minimum: Scaled | None = 0
    maximum: Scaled | None = 100 * SCALE
    step: Scaled = SCALE // 100
    worth: Scaled | None = None
    weight: Scaled = SCALE
    factored: bool = False
    panel: Panel = Panel()
    rule: PointsRule = PointsRule()
    attempts: Attempts | None = None
    rounding: Rounding | None = None
    anchors: tuple[Anchor, ...] = ()
    max_spread: Scaled | None = None


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """A group of aspects inside a module."""

    id: str
    title: str = ""
    title_en: str = ""
    maximum: Scaled | None = None
    weight: Scaled = SCALE
    aspects: tuple[Aspect, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    floor: Scaled | None = None
    cap: Scaled | None = None
    attempts: Attempts | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A part of the task with a score of its own. JSON: a module without aspects is itself the one aspect."""

    id: str
    title: str = ""
    title_en: str = ""
    maximum: Scaled | None = 100 * SCALE
    weight: Scaled = SCALE
    aspects: tuple[Aspect, ...] = ()
    subcriteria: tuple[SubCriterion, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    floor: Scaled | None = None
    cap: Scaled | None = None
    attempts: Attempts | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Who goes on after a stage: the first `count`, a `share` of those ranked (0.5: half), all at or beyond
    a `line`, or exactly those `marked` in the next stage. Ties on the boundary: admit lets all of them through, exclude
    none, break follows the tie-breaks and then admits. Cuts are taken within each group of the first ranking."""

    kind: Literal["count", "share", "line", "marked"] = "count"
    count: int = 0
    share: Scaled = 0
    line: Scaled = 0
    share_rounding: Literal["floor", "ceil", "half_up"] = "ceil"
    ties: Literal["admit", "exclude", "break"] = "break"


@dataclass(frozen=True, slots=True)
class Carry:
    """What an earlier stage's score weighs in a later total."""

    stage: str
    weight: Scaled


@dataclass(frozen=True, slots=True)
class Stage:
    """A round. The running total after it is carry_over × the running total before + weight × its score;
    with `carries`, the sum of the scores of the stages named there, each × its weight, + weight × its own score.
    With a cut, everyone who goes on stands before everyone who does not."""

    id: str = "main"
    title: str = ""
    title_en: str = ""
    weight: Scaled = SCALE
    carry_over: Scaled = SCALE
    carries: tuple[Carry, ...] = ()
    cut: Cut | None = None
    modules: tuple[Module, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    floor: Scaled | None = None
    cap: Scaled | None = None
    attempts: Attempts | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One link of the tie-break chain. JSON may use the short form "module:C", "stage:final", "aspect:A1",
    "attempt:2", "time", "countback", "lot", "ruling".

    module, subcriterion, aspect, stage: that score (`id`; `stage` names the stage where an id occurs in several).
    attempt: the nth best attempt of the node that has attempts; nth 0: second best, third best and so on.
    time: sum of the recorded times (of stage, module or aspect `id`, else all), shorter first; no time stands last.
    countback: number of firsts among the nodes of `level` (judge: among the marks of each judge), then of seconds,
    down to `nth` (default 3).
    lot, ruling: what was recorded for the entry.
    """

    by: Literal["module", "subcriterion", "aspect", "stage", "attempt", "time", "countback", "lot", "ruling"]
    id: str = ""
    stage: str = ""
    nth: int = 0
    better: Better | None = None
    level: Literal["module", "subcriterion", "aspect", "stage", "judge"] = "module"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places within the groups that agree in all columns of `by`; none: one ranking of all."""

    id: str
    by: tuple[Literal["category", "delegation", "region", "industry", "team"], ...] = ()
    title: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Teams:
    """Members' totals make a team's: all of them, or the best `count`; fewer than `minimum` members are no team.
    Equal totals are parted by the shorter sum of times if `time`."""

    by: Literal["team", "delegation"] = "team"
    rule: Literal["sum", "best"] = "sum"
    count: int = 3
    minimum: int = 1
    time: bool = False


@dataclass(frozen=True, slots=True)
class AwardLine:
    """A prize. Lines are filled from the top: a line's boundary is the sum of all numbers up to it.

    count or share (of those ranked in the group of the first ranking). ties: extend gives it to everyone tied on the
    boundary, cut to none of them. Not given in fields smaller than minimum_field, nor below minimum_total.
    titles: what a winner is proposed for; others confer it.
    """

    id: str
    title: str = ""
    title_en: str = ""
    count: int | None = None
    share: Scaled | None = None
    rounding: Literal["floor", "ceil", "half_up"] = "half_up"
    ties: Literal["extend", "cut"] = "extend"
    minimum_field: int = 0
    minimum_total: Scaled | None = None
    titles: tuple[str, ...] = ()


Treatment = Literal["nothing", "zero", "behind", "unranked"]


@dataclass(frozen=True, slots=True)
class Blanks:
    """What a blank does to its entry. nothing: adds nothing. zero: counts as 0, and what stands at 0 is no hole any
    more, whatever else was left blank among its attempts. behind: the entry stands behind all
    without such a blank. unranked: no place. Where nothing would be an advantage (lower is better, or negative
    points) it is taken as behind. A missing row is `pending`. absent and recused are the panel's affair."""

    pending: Treatment = "nothing"
    dns: Treatment = "nothing"
    dnf: Treatment = "nothing"
    dsq: Treatment = "unranked"
    void: Treatment = "nothing"


@dataclass(frozen=True, slots=True)
class Scheme:
    """The whole rule. basis: 依据文件, the document it rests on. total: what all weighted maxima should add up to
    (0: unstated). near_tie: totals within this of the leader of their group share a place."""

    id: str
    title: str = ""
    title_en: str = ""
    basis: str = ""
    edition: str = "1"
    total: Scaled = 0
    better: Better = "higher"
    stages: tuple[Stage, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    floor: Scaled | None = None
    cap: Scaled | None = None
    roundings: Roundings = Roundings()
    blanks: Blanks = Blanks()
    tie_breaks: tuple[Criterion, ...] = ()
    near_tie: Scaled = 0
    place_form: Literal["standard", "dense", "ordinal"] = "standard"
    rankings: tuple[Ranking, ...] = field(default=(Ranking("category", ("category",)),))
    award_lines: tuple[AwardLine, ...] = ()
    teams: Teams | None = None

    def check(self) -> list[Finding]:
        """Errors make the scheme unusable; warnings want a second look."""
        from federation.judging.soundness import check_scheme  # noqa: PLC0415 they are written in terms of this module

        return check_scheme(self)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values without what equals the default; `Scheme.from_json` gives the same scheme back."""
        from federation.judging.documents import to_json  # noqa: PLC0415 they are written in terms of this module

        document: dict[str, Any] = to_json(self)
        return document

    @classmethod
    def from_json(cls, document: Any) -> "Scheme":
        """From parsed JSON or JSON text. Raises SchemeError whose findings carry a path to each fault."""
        from federation.judging.documents import scheme_from_json  # noqa: PLC0415 they are written in terms of this module

        return scheme_from_json(document)

    def stage(self, stage: str) -> Stage:
        """Raises KeyError."""
        for candidate in self.stages:
            if candidate.id == stage:
                return candidate
        raise KeyError(stage)


class SchemeError(ValueError):
    """A document that is no scheme; each finding carries the path of its fault."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{f.place or '$'}: {f.code} {dict(f.facts)}" for f in findings[:20]))


def aspects_of(module: Module) -> tuple[Aspect, ...]:
    """All aspects of a module: its own, then those of its sub-criteria."""
    return module.aspects + tuple(aspect for group in module.subcriteria for aspect in group.aspects)


def deductions_of(stage: Stage) -> tuple[Deduction, ...]:
    """All deductions recorded in a stage: its own, its modules', their sub-criteria's."""
    found = list(stage.deductions)
    for module in stage.modules:
        found.extend(module.deductions)
        for group in module.subcriteria:
            found.extend(group.deductions)
    return tuple(found)
