"""A form as it was filled in: what was typed and what is wrong with it, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from federation.findings import Finding
from web import wording

Model = TypeVar("Model", bound=BaseModel)

# pydantic's error type → (our code, the fact that pydantic calls by another name)
CODES = {
    "missing": ("form.missing", ""),
    "string_too_long": ("form.too_long", "max_length"),
    "string_too_short": ("form.too_short", "min_length"),
    "int_parsing": ("form.not_a_number", ""),
    "int_from_float": ("form.not_a_number", ""),
    "float_parsing": ("form.not_a_number", ""),
    "decimal_parsing": ("form.not_a_number", ""),
    "greater_than": ("form.too_small", "gt"),
    "greater_than_equal": ("form.too_small", "ge"),
    "less_than": ("form.too_large", "lt"),
    "less_than_equal": ("form.too_large", "le"),
    "date_parsing": ("form.not_a_date", ""),
    "date_from_datetime_parsing": ("form.not_a_date", ""),
    "datetime_parsing": ("form.not_a_date", ""),
    "datetime_from_date_parsing": ("form.not_a_date", ""),
    "literal_error": ("form.not_a_choice", ""),
    "enum": ("form.not_a_choice", ""),
    "string_pattern_mismatch": ("form.not_the_shape", ""),
}


@dataclass(frozen=True)
class Filled:
    """What the macros of macros/forms.html read. `values` and places of findings go by field name."""

    values: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()

    def value(self, name: str) -> Any:
        value = self.values.get(name)
        return "" if value is None else value

    def problems(self, name: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.place == name]

    def with_findings(self, findings: Sequence[Finding]) -> Filled:
        """The same form after a room found more to say, from `Invalid.findings`."""
        return Filled(self.values, (*self.findings, *findings))


def read_form(model: type[Model], sent: Any) -> tuple[Model | None, Filled]:
    """Check what was sent against a form of a room. Gives the model, or None and the findings to show.

    `sent` is the form data of a request; an empty field counts as not filled in. A field that takes a
    list gets every value sent under its name.
    """
    typed: dict[str, Any] = {}
    for name, shape in model.model_fields.items():
        values = [
            part
            for value in _all_of(sent, name)
            if (part := value.strip() if isinstance(value, str) else value) != ""
        ]
        if values:
            typed[name] = values if _takes_many(shape.annotation) else values[0]
    try:
        return model.model_validate(typed), Filled(typed)
    except ValidationError as failure:
        return None, Filled(typed, [_finding(error) for error in failure.errors()])


def _all_of(sent: Any, name: str) -> list[Any]:
    if hasattr(sent, "getall"):
        return list(sent.getall(name, []))
    value = sent.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def _takes_many(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", annotation) in (list, tuple, set, frozenset)


def _finding(error: Any) -> Finding:
    context = error.get("ctx", {})
    given = error.get("input")
    facts = {key: value for key, value in context.items() if isinstance(value, str | int)}
    facts["value"] = given if isinstance(given, str | int) else ""
    facts["length"] = len(given) if isinstance(given, str) else 0
    kind = error["type"]
    code, limit = CODES.get(kind, (kind if kind in wording.codes() else "form.unusable", ""))
    if limit:
        facts["limit"] = context[limit]
    return Finding(code, place=".".join(str(part) for part in error["loc"]), facts=facts)
