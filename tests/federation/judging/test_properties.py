"""What holds for every scheme and every table of marks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.judging import SCALE, Explanation, Scheme, explain, explain_place, rank
from federation.judging.rounding import round_fraction, round_number
from federation.judging.schemes import Panel, Rounding
from tests.federation.judging.tables import marks, scheme

QUICK = settings(max_examples=60)
STEPS = st.sampled_from([0, 0.01, 0.1, 1])
MODES = st.sampled_from(["half_up", "half_even", "down", "up"])
METHODS = st.sampled_from(["sum", "mean", "median", "trimmed_mean", "trimmed_sum", "clamped_mean"])
SEATS = ["Hu", "Liu", "Wan", "Xiong", "Zou"]


@st.composite
def schemes(draw: Any) -> Scheme:
    def rounding() -> dict[str, Any]:
        return {"step": draw(STEPS), "mode": draw(MODES)}

    modules = []
    for name in "AB"[: draw(st.integers(1, 2))]:
        panel = {"method": draw(METHODS), "clamp": draw(st.sampled_from([0.5, 2]))}
        aspects = [
            {"id": f"{name}1", "panel": panel, "weight": draw(st.sampled_from([1, 0.3333, 2]))},
            {"id": f"{name}2", "worth": draw(st.sampled_from([None, 5, 30]))},
        ]
        modules.append({"id": name, "weight": draw(st.sampled_from([1, 0.3, 0.7])), "aspects": aspects})
    roundings = {level: rounding() for level in ("panel", "aspect", "module", "weighted", "stage")}
    return scheme(modules=modules, roundings=roundings, tie_breaks=["module:A"])


VALUES = st.one_of(st.none(), st.integers(0, 10_000))
TABLES = st.lists(
    st.fixed_dictionaries({"panels": st.lists(st.lists(VALUES, min_size=5, max_size=5), min_size=2, max_size=2),
                           "singles": st.lists(VALUES, min_size=2, max_size=2)}),
    min_size=1, max_size=5,
)  # fmt: skip


def laid(tried: Scheme, table: Sequence[dict[str, Any]]) -> pl.DataFrame:
    rows = []
    for entry, person in enumerate(table, 1):
        for number, module in enumerate(tried.stages[0].modules):
            for seat, value in zip(SEATS, person["panels"][number], strict=True):
                rows.append({"entry": entry, "aspect": f"{module.id}1", "judge": seat, "value": value})
            rows.append({"entry": entry, "aspect": f"{module.id}2", "value": person["singles"][number]})
    frame = marks(*({**row, "value": None} for row in rows))
    values = pl.Series([None if row["value"] is None else row["value"] * 100 for row in rows], dtype=pl.Int64)
    return frame.with_columns(values.alias("value"))


def by_hand(panel: Panel, values: list[Fraction]) -> Fraction | None:
    if not values:
        return None
    ordered = sorted(values)
    if panel.method.startswith("trimmed") and len(ordered) > 2:
        ordered = ordered[1:-1]
    if panel.method == "median":
        middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
        return sum(middle) / Fraction(len(middle))
    if panel.method == "clamped_mean":
        mean, reach = sum(values) / Fraction(len(values)), Fraction(panel.clamp, SCALE)
        ordered = [min(max(value, mean - reach), mean + reach) for value in values]
    whole = sum(ordered, Fraction(0))
    return whole if panel.method in ("sum", "trimmed_sum") else whole / len(ordered)


def total_by_hand(tried: Scheme, person: dict[str, Any]) -> int | None:
    """The rule once more, one entry at a time, in fractions."""
    own = tried.roundings

    def weigh(value: Fraction, weight: int) -> Fraction:
        return value if weight == SCALE else round_fraction(value * Fraction(weight, SCALE), own.weighted)

    whole: list[Fraction] = []
    for number, module in enumerate(tried.stages[0].modules):
        parts: list[Fraction] = []
        for aspect, given_values in zip(
            module.aspects, (person["panels"][number], [person["singles"][number]]), strict=True
        ):
            numbers = [Fraction(value, 100) for value in given_values if value is not None]
            raw = (
                by_hand(aspect.panel, numbers) if aspect.panel.method != "single" else (numbers or [None])[0]
            )
            if raw is None:
                continue
            value = round_fraction(raw, own.panel)
            if aspect.worth is not None and aspect.maximum:
                value = value * aspect.worth / aspect.maximum
            parts.append(weigh(round_fraction(value, own.aspect), aspect.weight))
        if parts:
            whole.append(weigh(round_fraction(sum(parts, Fraction(0)), own.module), module.weight))
    if not whole:
        return None
    score = round_fraction(sum(whole, Fraction(0)), own.stage)
    return round_number(round_fraction(score, own.total) * SCALE, "half_up")


@QUICK
@given(schemes(), TABLES)
def test_totals_are_exact_against_fractions(tried: Scheme, table: list[dict[str, Any]]) -> None:
    places = rank(tried, laid(tried, table)).places
    found = dict(places.select("entry", "total").rows())
    assert found == {entry: total_by_hand(tried, person) for entry, person in enumerate(table, 1)}


@QUICK
@given(schemes(), TABLES, st.randoms())
def test_the_order_of_rows_and_the_names_of_judges_never_matter(
    tried: Scheme, table: Any, chance: Any
) -> None:
    frame = laid(tried, table)
    seats = [*SEATS]
    chance.shuffle(seats)
    other = frame.sample(fraction=1, shuffle=True, seed=chance.randrange(1000)).with_columns(
        pl.col("judge").replace(dict(zip(SEATS, seats, strict=True)))
    )
    assert rank(tried, frame).places.equals(rank(tried, other).places)


@QUICK
@given(schemes(), TABLES, st.data())
def test_raising_a_mark_never_lowers_its_owner(tried: Scheme, table: Any, data: Any) -> None:
    frame = laid(tried, table)
    row = data.draw(st.integers(0, frame.height - 1))
    value, entry = frame["value"][row], frame["entry"][row]
    if value is None:
        return
    raised = frame.with_columns(frame["value"].scatter(row, data.draw(st.integers(value, 1_000_000))))

    def standing(f: pl.DataFrame) -> tuple[int, int]:
        own = rank(tried, f).places.filter(pl.col("entry") == entry)
        return own["place"][0], own["total"][0]

    before, after = standing(frame), standing(raised)
    assert after[1] >= before[1]
    assert after[0] <= before[0]


@QUICK
@given(schemes(), TABLES)
def test_nobody_changes_the_total_of_another(tried: Scheme, table: Any) -> None:
    frame = laid(tried, table)
    together = dict(rank(tried, frame).places.select("entry", "total").rows())
    for entry, total in together.items():
        alone = rank(tried, frame.filter(pl.col("entry") == entry)).places
        assert alone["total"][0] == total


@QUICK
@given(schemes(), TABLES, st.sampled_from(["pending", "dns", "dnf", "void"]), st.data())
def test_a_blank_never_outranks_a_number(tried: Scheme, table: Any, kind: str, data: Any) -> None:
    twins = laid(tried, [table[0], table[0]])
    singles = twins.with_row_index("row").filter(
        (pl.col("aspect").str.ends_with("2")) & (pl.col("entry") == 2)
    )
    row = data.draw(st.sampled_from(singles["row"].to_list()))
    if twins["value"][row] is None:
        return
    blank = twins.with_columns(twins["value"].scatter(row, None), twins["blank"].scatter(row, kind))
    placed = dict(rank(tried, blank).places.select("entry", "place").rows())
    assert placed[1] == 1
    assert placed[2] in (None, 1, 2)


def holds(told: Explanation) -> bool:
    """Every sum above marks follows from its parts, its limits and its rounding."""
    if told.code in ("aspect", "mark", "deduction") or any(
        child.code == "attempt" for child in told.children
    ):
        return True
    parts = [child.part for child in told.children if child.part is not None]
    step = int(told.facts.get("step", 0) * SCALE)
    rounding = Rounding(step, told.facts.get("mode", "half_up"))
    right = (round_fraction(sum(parts, Fraction(0)), rounding) if parts else None) == told.value
    return right and all(holds(child) for child in told.children)


@QUICK
@given(schemes(), TABLES)
def test_the_explanation_is_the_board(tried: Scheme, table: Any) -> None:
    outcome = rank(tried, laid(tried, table))
    for entry, total, place in outcome.places.select("entry", "total", "place").rows():
        told = explain(outcome, entry)
        assert told.scaled == total
        assert holds(told)
        assert explain_place(outcome, entry).place == place


@QUICK
@given(schemes())
def test_a_printed_scheme_is_the_scheme(tried: Scheme) -> None:
    assert Scheme.from_json(tried.to_json()) == tried
