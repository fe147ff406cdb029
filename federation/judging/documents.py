"""Schemes as JSON documents: reading with a path to every fault, writing without defaults, the JSON Schema.

One walk over the dataclasses' own types serves all three, so a field exists once.
"""

import dataclasses
import json
import types
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from federation.findings import Finding
from federation.judging.frames import SCALE
from federation.judging.schemes import Aspect, Criterion, Module, Rounding, Scheme, SchemeError, Stage

LIMIT = Decimal(2**53)
_FAULT = object()


def scheme_from_json(document: Any) -> Scheme:
    """Raises SchemeError with every fault found."""
    if isinstance(document, str | bytes):
        try:
            document = json.loads(document, parse_float=Decimal)
        except (ValueError, RecursionError) as fault:
            raise SchemeError([Finding("scheme.not_json", facts={"reason": str(fault)})]) from fault
    findings: list[Finding] = []
    scheme = _read(Scheme, document, "", findings)
    if findings:
        raise SchemeError(findings)
    assert isinstance(scheme, Scheme)
    return scheme


def to_json(thing: Any) -> Any:
    """Plain JSON values: numbers as ints or decimal strings, defaults left out."""
    written: dict[str, Any] = {}
    hints = _hints(type(thing))
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if field.default is dataclasses.MISSING or value != field.default:
            written[field.name] = _write(hints[field.name], value)
    return written


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scheme document, short forms included."""
    definitions: dict[str, Any] = {}
    root = _schema(Scheme, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


def _hints(of: Any) -> dict[str, Any]:
    return get_type_hints(of, include_extras=True)


def _is_scaled(hint: Any) -> bool:
    return get_origin(hint) is Annotated


def _optional(hint: Any) -> Any:
    """The X of `X | None`, or None."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        return inner[0]
    return None


def _decimal_text(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _write(hint: Any, value: Any) -> Any:
    if (inner := _optional(hint)) is not None:
        hint = inner
    if isinstance(value, Decimal):
        value = _decimal_text(value)
    elif _is_scaled(hint) and value is not None:
        value = _decimal_text(Decimal(value) / SCALE)
    elif isinstance(value, tuple):
        item = get_args(hint)[0]
        value = [_write(item, part) for part in value]
    elif dataclasses.is_dataclass(value):
        value = to_json(value)
    return value


def _read(hint: Any, raw: Any, path: str, findings: list[Finding]) -> Any:
    """The value a hint asks for; a fault is noted and stands in for it."""
    if (inner := _optional(hint)) is not None:
        return None if raw is None else _read(inner, raw, path, findings)
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        return _read_object(hint, raw, path, findings)
    if get_origin(hint) is tuple and isinstance(raw, list | tuple):
        item = get_args(hint)[0]
        return tuple(_read(item, part, f"{path}[{index}]", findings) for index, part in enumerate(raw))
    value, code = _number_read(hint, raw) if _is_scaled(hint) or hint is Decimal else _word_read(hint, raw)
    if not code:
        return value
    facts: dict[str, Any] = {"value": _shown(raw)}
    if code == "scheme.too_many_decimals":
        facts["decimals"] = 4
    if code == "scheme.not_one_of":
        facts["allowed"] = list(get_args(hint))
    findings.append(Finding(code, place=path or "$", facts=facts))
    return _FAULT


def _number_read(hint: Any, raw: Any) -> tuple[Decimal | int | None, str]:
    """(value, code of the fault if any)"""
    number = _number(raw)
    if number is None or abs(number) > LIMIT / SCALE:
        return None, "scheme.not_a_number"
    if hint is Decimal:
        return number, ""
    scaled = number * SCALE
    return int(scaled), "" if scaled == scaled.to_integral_value() else "scheme.too_many_decimals"


def _word_read(hint: Any, raw: Any) -> tuple[Any, str]:
    """(value, code of the fault if any)"""
    if get_origin(hint) is Literal:
        right, code = isinstance(raw, str) and raw in get_args(hint), "scheme.not_one_of"
    elif get_origin(hint) is tuple:
        right, code = False, "scheme.not_a_list"
    elif hint is bool:
        right, code = isinstance(raw, bool), "scheme.not_true_or_false"
    elif hint is int:
        whole = isinstance(raw, int) and not isinstance(raw, bool)
        right, code = whole and abs(raw) <= 2**31, "scheme.not_a_whole_number"
    else:
        right, code = isinstance(raw, str), "scheme.not_text"
    return raw, "" if right else code


def _read_object(of: type, raw: Any, path: str, findings: list[Finding]) -> Any:
    raw = _short_form(of, raw)
    if not isinstance(raw, Mapping):
        findings.append(Finding("scheme.not_an_object", place=path or "$", facts={"value": _shown(raw)}))
        return _FAULT
    hints = _hints(of)
    before = len(findings)
    known = {field.name: field for field in dataclasses.fields(of)}
    values: dict[str, Any] = {}
    for name, part in raw.items():
        where = f"{path}.{name}" if path else str(name)
        if name in known:
            values[name] = _read(hints[name], part, where, findings)
        elif of is Scheme and name in ("modules", "aspects") and "stages" not in raw:
            implied = (
                {"modules": part} if name == "modules" else {"modules": [{"id": "main", "aspects": part}]}
            )
            values["stages"] = (_read(Stage, implied, "", findings),)
        elif name != "$schema":
            facts = {"name": str(name), "allowed": sorted(known)}
            findings.append(Finding("scheme.unknown_field", place=where, facts=facts))
    for name, field in known.items():
        if field.default is dataclasses.MISSING and name not in values:
            where = f"{path}.{name}" if path else name
            findings.append(Finding("scheme.field_missing", place=where, facts={"name": name}))
    return of(**values) if len(findings) == before else _FAULT


def _short_form(of: type, raw: Any) -> Any:
    if of is Rounding and not isinstance(raw, Mapping) and _number(raw) is not None:
        return {"step": raw}
    if of is Criterion and isinstance(raw, str):
        by, _, rest = raw.partition(":")
        if by == "attempt":
            return {"by": by, "nth": int(rest) if rest.isdecimal() else 0}
        return {"by": by, "id": rest} if rest else {"by": by}
    if of is Module and isinstance(raw, Mapping) and not raw.get("aspects") and not raw.get("subcriteria"):
        passed = {name: raw[name] for name in ("id", "title", "title_en", "maximum") if name in raw}
        return {**raw, "aspects": [passed]} if "id" in raw else raw
    if of is Aspect and isinstance(raw, str):
        return {"id": raw}
    return raw


def _number(raw: Any) -> Decimal | None:
    """Exact also for floats that a JSON reader already made of short decimals."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return None
    try:
        number = Decimal(repr(raw) if isinstance(raw, float) else raw)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _shown(raw: Any) -> str:
    return str(raw)[:80]


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if (inner := _optional(hint)) is not None:
        return {"anyOf": [_schema(inner, definitions), {"type": "null"}]}
    if _is_scaled(hint) or hint is Decimal:
        decimals = "(\\.[0-9]{1,4})?" if _is_scaled(hint) else "(\\.[0-9]+)?"
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^-?[0-9]+{decimals}$"}]}
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], definitions)}
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        return _schema_object(hint, definitions)
    return {"type": {bool: "boolean", int: "integer", str: "string"}[hint]}


def _schema_object(of: type, definitions: dict[str, Any]) -> dict[str, Any]:
    reference = {"$ref": f"#/$defs/{of.__name__}"}
    if of.__name__ in definitions:
        return reference
    definitions[of.__name__] = {}
    hints = _hints(of)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in dataclasses.fields(of):
        properties[field.name] = _schema(hints[field.name], definitions)
        if field.default is dataclasses.MISSING:
            required.append(field.name)
        else:
            properties[field.name]["default"] = _write(hints[field.name], field.default)
    if of is Scheme:
        properties["modules"] = {"type": "array", "items": _schema(Module, definitions)}
        properties["aspects"] = {"type": "array", "items": _schema(Aspect, definitions)}
    written: dict[str, Any] = {
        "type": "object",
        "description": " ".join((of.__doc__ or "").split()),
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    short: dict[type, dict[str, Any]] = {
        Rounding: {"type": ["number", "string"]},
        Criterion: {"type": "string"},
        Aspect: {"type": "string"},
    }
    definitions[of.__name__] = {"anyOf": [short[of], written]} if of in short else written
    return reference
