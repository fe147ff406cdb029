"""Schemes nobody would write and marks nobody would give, of the whole language, for hypothesis to try.

Ranges are narrow on purpose: totals must meet often, or nothing is learnt about ties.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from federation.judging import SCALE, Scheme
from federation.judging import schemes as language
from federation.judging.frames import ENTRIES, MARKS

settings.register_profile("deep", max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("long", max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "")


def tried(examples: int) -> Any:
    """So many examples in a run of all tests; as many as the profile says in a longer one."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    if PROFILE in ("deep", "long"):
        return settings.get_profile(PROFILE)
    return settings(max_examples=examples, suppress_health_check=slow)


MODES = st.sampled_from(["half_up", "half_even", "down", "up", "floor", "ceil"])
STEPS = st.sampled_from([0, 0.01, 0.1, 0.5, 1])
WEIGHTS = st.sampled_from([1, 1, 0.5, 0.3, 0.3333, 2])
JUDGES = ("Hu", "Liu", "Wan", "Xiong", "Zou")
BLANKS = st.sampled_from(["pending", "dns", "dnf", "dsq", "void"])
Draw = Callable[[Any], Any]


def perhaps(draw: Draw, one_in: int = 3) -> bool:
    return bool(draw(st.integers(1, one_in)) == one_in)


def rounding(draw: Draw) -> dict[str, Any]:
    return {"step": draw(STEPS), "mode": draw(MODES)}


def attempts(draw: Draw) -> dict[str, Any]:
    rule = draw(st.sampled_from(["best", "sum", "last", "mean"]))
    made: dict[str, Any] = {"rule": rule, "count": draw(st.integers(1, 2))}
    if rule == "mean":
        made["skip"] = draw(st.integers(0, 1))
    if perhaps(draw, 2):
        made["of"] = 3
    return made


def panel(draw: Draw) -> dict[str, Any]:
    method = draw(
        st.sampled_from(["single", "sum", "mean", "median", "trimmed_mean", "trimmed_sum", "clamped_mean"])
    )
    made: dict[str, Any] = {"method": method}
    if method == "single":
        return made
    if method.startswith("trimmed"):
        made |= {"drop_high": draw(st.integers(0, 2)), "drop_low": draw(st.integers(0, 2))}
        made["trim_from"] = draw(st.sampled_from([0, 0, 4]))
    if method == "clamped_mean":
        made |= {"clamp": draw(st.sampled_from([0.5, 1, 2])), "center": rounding(draw)}
    if perhaps(draw, 2):
        made |= {"judges": 5, "absent": draw(st.sampled_from(["shrink", "fill", "wait"]))}
    if perhaps(draw):
        made["minimum"] = draw(st.integers(2, 3))
    return made


def rule(draw: Draw) -> dict[str, Any]:
    kind = draw(st.sampled_from(["identity", "identity", "linear", "table", "power"]))
    made: dict[str, Any] = {"kind": kind}
    if kind == "linear":
        made |= {"base": draw(st.sampled_from([0, 20])), "per": draw(st.sampled_from([1, 3]))}
        made["slope"] = draw(st.sampled_from([1, "0.25", -2]))
    if kind == "table":
        made["match"] = draw(st.sampled_from(["from", "upto", "exact"]))
        lines = draw(st.lists(st.sampled_from([1, 2, 4, 7]), min_size=1, max_size=4, unique=True))
        made["table"] = [{"bound": n, "points": draw(st.integers(-1, 5))} for n in sorted(lines)]
        made["otherwise"] = draw(st.sampled_from([0, 1, -1]))
    if kind == "power":
        made |= {
            "a": draw(st.sampled_from(["0.5", "3", "25.4347"])),
            "c": draw(st.sampled_from(["0.5", "1.81", 2])),
        }
        made |= {"b": draw(st.sampled_from([0, 2, 8])), "unit": draw(st.sampled_from([1, 2]))}
        made["better"] = draw(st.sampled_from(["higher", "lower"]))
    if kind != "identity" and perhaps(draw):
        made["floor"] = 0
    if perhaps(draw, 4):
        made["cap"] = draw(st.sampled_from([3, 8]))
    return made


def aspect(draw: Draw, name: str, tries: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"id": name, "maximum": 10, "panel": panel(draw), "rule": rule(draw)}
    made["minimum"] = draw(st.sampled_from([0, 0, 0, -10]))
    made["weight"] = draw(WEIGHTS)
    if made["rule"]["kind"] == "identity":
        made["worth"] = draw(st.sampled_from([None, None, 3, 30]))
    made["factored"] = perhaps(draw, 4)
    if tries:
        made["attempts"] = attempts(draw)
    if perhaps(draw, 4):
        made["rounding"] = rounding(draw)
    return made


def deductions(draw: Draw, name: str) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.sampled_from([0, 0, 1, 2]))):
        kind = draw(st.sampled_from(["points", "percent", "adjust", "void", "disqualify"]))
        one: dict[str, Any] = {
            "id": f"{name}-{number}",
            "kind": kind,
            "each": draw(st.sampled_from([1, 0.5, 10])),
        }
        if perhaps(draw):
            one["maximum"] = draw(st.sampled_from([1, 5]))
        made.append(one)
    return made


def limits(draw: Draw) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if perhaps(draw):
        made["floor"] = 0
    if perhaps(draw, 5):
        made["cap"] = draw(st.sampled_from([4, 12]))
    if perhaps(draw, 5):
        made["rounding"] = rounding(draw)
    return made


def module(draw: Draw, name: str, tries: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": name,
        "weight": draw(WEIGHTS),
        "deductions": deductions(draw, name),
        **limits(draw),
    }
    inside = "" if tries == "module" else tries
    aspects = [
        aspect(draw, f"{name}{n}", inside == "aspect" and n == 1)
        for n in range(1, draw(st.integers(1, 2)) + 1)
    ]
    if perhaps(draw) or tries == "subcriterion":
        group: dict[str, Any] = {"id": "s", "weight": draw(WEIGHTS), "aspects": aspects}
        group |= {"deductions": deductions(draw, f"{name}s"), **limits(draw)}
        if tries == "subcriterion":
            group["attempts"] = attempts(draw)
        made["subcriteria"] = [group]
        if perhaps(draw, 2):
            made["aspects"] = [aspect(draw, f"{name}9", tries="")]
    else:
        made["aspects"] = aspects
    if tries == "module":
        made["attempts"] = attempts(draw)
    return made


def cut(draw: Draw) -> dict[str, Any] | None:
    kind = draw(st.sampled_from(["none", "count", "share", "line", "marked"]))
    if kind == "none":
        return None
    made: dict[str, Any] = {"kind": kind, "ties": draw(st.sampled_from(["admit", "exclude", "break"]))}
    made |= {"count": draw(st.integers(1, 3)), "share": draw(st.sampled_from([0.3, 0.5, 1])), "line": 5}
    return made | {"share_rounding": draw(st.sampled_from(["floor", "ceil", "half_up"]))}


def stages(draw: Draw) -> list[dict[str, Any]]:
    count = draw(st.sampled_from([1, 1, 2, 3]))
    made: list[dict[str, Any]] = []
    for name in "pqr"[:count]:
        level = draw(st.sampled_from(["", "", "stage", "module", "subcriterion", "aspect"]))
        one: dict[str, Any] = {"id": name, "weight": draw(WEIGHTS), **limits(draw)}
        one["deductions"] = deductions(draw, name)
        one["modules"] = [
            module(draw, f"{name}{m}", level if m == "A" else "") for m in "AB"[: draw(st.integers(1, 2))]
        ]
        if level == "stage":
            one["attempts"] = attempts(draw)
        if made:
            one["carry_over"] = draw(st.sampled_from([0, 1, 1, 0.5]))
        if made and perhaps(draw, 4):
            weights = st.sampled_from([1, 0.3])
            one["carries"] = [{"stage": earlier["id"], "weight": draw(weights)} for earlier in made]
        if name != "pqr"[count - 1]:
            one["cut"] = cut(draw)
        made.append(one)
    return made


def tie_breaks(draw: Draw, tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    levels = ["module", "subcriterion", "aspect", "stage", "judge"]
    known: list[dict[str, Any]] = [{"by": "time"}, {"by": "lot"}, {"by": "ruling"}]
    known += [{"by": "countback", "level": level, "nth": nth} for level in levels for nth in (0, 1)]
    for stage in tree:
        known += [{"by": "stage", "id": stage["id"]}, {"by": "time", "id": stage["id"]}]
        known += [{"by": "attempt", "nth": n} for n in (0, 1, 2) if "attempts" in stage]
        for one in stage["modules"]:
            groups = one.get("subcriteria", [])
            inside = [*one.get("aspects", []), *(a for group in groups for a in group["aspects"])]
            known += [{"by": "module", "id": one["id"]}, {"by": "time", "id": one["id"]}]
            known += [{"by": "aspect", "id": each["id"]} for each in inside]
            known += [{"by": "subcriterion", "id": "s", "stage": stage["id"]} for group in groups]
            for owner in (one, *groups, *inside):
                known += [
                    {"by": "attempt", "id": owner["id"], "nth": n} for n in (0, 2) if "attempts" in owner
                ]
    chain = draw(st.lists(st.sampled_from(known), max_size=3, unique_by=str))
    better = st.sampled_from([None, None, "higher", "lower"])
    return [{**link, "better": draw(better)} for link in chain]


def award_lines(draw: Draw) -> list[dict[str, Any]]:
    made = []
    for name in ("gold", "silver", "bronze")[: draw(st.integers(0, 3))]:
        base = draw(st.sampled_from([{"count": 1}, {"count": 2}, {"share": 0.3}, {"share": 0.5}]))
        one: dict[str, Any] = {"id": name, **base, "ties": draw(st.sampled_from(["extend", "cut"]))}
        one["rounding"] = draw(st.sampled_from(["floor", "ceil", "half_up"]))
        one["minimum_field"] = draw(st.sampled_from([0, 0, 3]))
        one["minimum_total"] = draw(st.sampled_from([None, None, 5]))
        made.append(one)
    return made


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    tree = stages(draw)
    made: dict[str, Any] = {"id": "invented", "basis": "test", "stages": tree, **limits(draw)}
    made.pop("rounding", None)
    made["better"] = draw(st.sampled_from(["higher", "higher", "lower"]))
    made["deductions"] = deductions(draw, "all")
    levels = ("panel", "aspect", "product", "subcriterion", "module", "weighted", "stage")
    made["roundings"] = {level: rounding(draw) for level in levels if perhaps(draw)}
    made["roundings"]["total"] = {"step": draw(st.sampled_from([0.01, 0.1, 1])), "mode": draw(MODES)}
    if perhaps(draw, 2):
        treatments = st.sampled_from(["nothing", "zero", "behind", "unranked"])
        made["blanks"] = {kind: draw(treatments) for kind in ("pending", "dns", "dnf", "dsq", "void")}
    made["tie_breaks"] = tie_breaks(draw, tree)
    made["near_tie"] = draw(st.sampled_from([0, 0, 0.5, 2]))
    made["place_form"] = draw(st.sampled_from(["standard", "standard", "dense", "ordinal"]))
    first = {"id": "first", "by": draw(st.sampled_from([[], ["category"]]))}
    made["rankings"] = [first, {"id": "all"}, {"id": "region", "by": ["region"]}][: draw(st.integers(1, 3))]
    made["award_lines"] = award_lines(draw)
    if perhaps(draw):
        made["teams"] = {
            "by": draw(st.sampled_from(["team", "delegation"])),
            "rule": draw(st.sampled_from(["sum", "best"])), "count": draw(st.integers(1, 2)),
            "minimum": draw(st.integers(1, 2)), "time": draw(st.booleans()),
        }  # fmt: skip
    return made


def schemes() -> st.SearchStrategy[Scheme]:
    return documents().map(Scheme.from_json)


@dataclass(frozen=True)
class Scene:
    """A scheme, rows of marks and rows of entries, as plain dicts and as frames."""

    scheme: Scheme
    rows: list[dict[str, Any]]
    known: list[dict[str, Any]]

    @property
    def marks(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema=MARKS)

    @property
    def entries(self) -> pl.DataFrame:
        return pl.DataFrame(self.known, schema=ENTRIES)


VALUE = st.sampled_from([0, 1, 2, 2.5, 3, 4, 5, 7, 7.25, 10])
GIVEN = st.one_of(VALUE, VALUE, VALUE, st.sampled_from(["absent", "recused", "no row"]))
HOW = st.sampled_from(["numbers"] * 7 + ["blank", "no row"])
TIMES = st.sampled_from([None, None, 1000, 2000, 61_500])


def performance(draw: Draw, one: language.Aspect) -> list[dict[str, Any]]:
    """The rows of one aspect in one attempt."""
    how = draw(HOW)
    if how == "no row":
        return []
    judged = one.panel.method != "single"
    common: dict[str, Any] = {"aspect": one.id, "blank": None, "value": None, "time": draw(TIMES)}
    common["judge"] = JUDGES[0] if judged else None
    common["factor"] = draw(st.sampled_from([None, 5000, 12_000, 20_000])) if one.factored else None
    if how == "blank":
        return [{**common, "blank": draw(BLANKS)}]
    if not judged:
        return [{**common, "value": sign(draw, one) * int(draw(VALUE) * SCALE)}]
    rows = []
    for judge in JUDGES[: draw(st.integers(1, 5))]:
        value = draw(GIVEN)
        if value == "no row":
            continue
        blank = value if isinstance(value, str) else None
        number = None if blank else sign(draw, one) * int(value * SCALE)
        rows.append({**common, "judge": judge, "value": number, "blank": blank})
    return rows


def sign(draw: Draw, one: language.Aspect) -> int:
    low = one.minimum or 0
    return -1 if low < 0 and perhaps(draw, 4) else 1


def paper(draw: Draw, scheme: Scheme, entry: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, stage in enumerate(scheme.stages):
        if number and perhaps(draw):
            break
        for one in stage.modules:
            aspects = [(each, one.attempts) for each in one.aspects]
            aspects += [
                (each, group.attempts or one.attempts) for group in one.subcriteria for each in group.aspects
            ]
            for each, above in aspects:
                tries = draw(st.integers(1, 3)) if each.attempts or above or stage.attempts else 0
                for attempt in range(1, tries + 1) if tries else (None,):
                    made = performance(draw, each)
                    rows += [{**row, "stage": stage.id, "attempt": attempt} for row in made]
        for deduction in language.deductions_of(stage):
            rows += taken(draw, deduction, stage.id)
    for deduction in scheme.deductions:
        rows += taken(draw, deduction, "")
    empty = dict.fromkeys(MARKS.names())
    return [{**empty, **row, "entry": entry} for row in rows]


def taken(draw: Draw, deduction: language.Deduction, stage: str) -> list[dict[str, Any]]:
    if not perhaps(draw):
        return []
    values = [-2, 1, 3] if deduction.kind == "adjust" else [0, 1, 3]
    if deduction.kind == "disqualify":
        values = [0, 0, 1]
    return [{"aspect": deduction.id, "stage": stage, "value": draw(st.sampled_from(values)) * SCALE}]


def person(draw: Draw, entry: int) -> dict[str, Any]:
    made: dict[str, Any] = dict.fromkeys(ENTRIES.names())
    made |= {"entry": entry, "category": draw(st.sampled_from(["职工", "职工", "学生", None]))}
    made |= {
        "region": draw(st.sampled_from(["赣州", "南昌", None])),
        "team": draw(st.sampled_from(["A", "B", None])),
    }
    made["delegation"] = draw(st.sampled_from(["铁路", "电力", None]))
    made["status"] = draw(st.sampled_from([None] * 8 + ["", "dns", "dnf", "dsq", "withdrawn"]))
    made["guest"] = draw(st.sampled_from([None, False, False, False, False, True]))
    made |= {"lot": draw(st.sampled_from([None, 1, 2])), "ruling": draw(st.sampled_from([None, None, 1]))}
    return made


@st.composite
def scenes(draw: Any, people: int = 6) -> Scene:
    scheme = draw(schemes())
    count = draw(st.integers(1, people))
    rows: list[dict[str, Any]] = []
    for entry in range(1, count + 1):
        if entry > 1 and perhaps(draw, 4):  # a twin: equal totals are the point
            rows += [{**row, "entry": entry} for row in rows if row["entry"] == entry - 1]
        else:
            rows += paper(draw, scheme, entry)
    return Scene(scheme, rows, [person(draw, entry) for entry in range(1, count + 1)])
