"""Random schemes of the whole language, drawn by walking its dataclasses: a new field is drawn as soon as it exists.

They are documents that can be read and printed; nothing says that they make sense as rules.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from federation.judging.schemes import Aspect, Module, Scheme, Stage, SubCriterion
from federation.judging.shapes import Shape, shapes_of

IDS = st.text("ABCab甲乙12.-_=+\"；;'x", min_size=1, max_size=6)
TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(
        ["=1+1", "@x", "-3", " 前后有空 ", "一\n二", '"引号"', "a；b;c", "_x0041_", "不限", "是", "12", "yes"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
)
NUMBERS = st.one_of(st.sampled_from([0, 1, 10_000, 1_000_000]), st.integers(-(10**9), 10**9))
DECIMALS = st.decimals(-1000, 1000, places=6, allow_nan=False)
REAL = {"slope", "per", "a", "b", "c", "unit"}


@st.composite
def whole_schemes(draw: Any) -> Scheme:
    scheme: Scheme = _drawn(draw, Scheme, set())
    return scheme


def _drawn(draw: Any, of: type, taken: set[str]) -> Any:
    values: dict[str, Any] = {}
    stage_taken: set[str] = set() if of is Stage else taken
    for shape in shapes_of(of):
        if shape.name == "id" and shape.owner.__name__ != "Criterion":
            values["id"] = draw(IDS.filter(lambda one: one not in taken))
            taken.add(values["id"])
        elif shape.required or draw(st.integers(0, 2)) == 0 or _needed(shape):
            values[shape.name] = _value(draw, shape, stage_taken)
    if of in (Module, SubCriterion) and not values.get("aspects") and not values.get("subcriteria"):
        values["aspects"] = (_drawn(draw, Aspect, stage_taken),)
    return of(**values)


def _needed(shape: Shape) -> bool:
    return (shape.owner, shape.name) in ((Scheme, "stages"), (Stage, "modules"), (Scheme, "rankings"))


def _value(draw: Any, shape: Shape, taken: set[str]) -> Any:
    if shape.optional and draw(st.integers(0, 3)) == 0:
        return None
    if shape.form == "object":
        return _drawn(draw, shape.of, taken)  # type: ignore[arg-type]
    if shape.form == "objects":
        count = draw(st.integers(1 if _needed(shape) else 0, 2))
        return tuple(_drawn(draw, shape.of, taken) for _ in range(count))  # type: ignore[arg-type]
    if shape.form == "words":
        word = st.sampled_from(shape.choices) if shape.choices else TEXTS.filter(str.strip)
        return tuple(draw(st.lists(word, max_size=3)))
    simple: dict[str, Any] = {
        "text": TEXTS,
        "number": DECIMALS if shape.name in REAL else NUMBERS,
        "whole": st.integers(-5, 50),
        "yes_no": st.booleans(),
        "choice": st.sampled_from(shape.choices) if shape.choices else None,
    }
    value = draw(simple[shape.form])
    return Decimal(value) if shape.name in REAL else value
