"""A marking scheme as a form: whatever the language can say, every field under the name of its path.

`stages.0.modules.1.aspects.0.panel.method` is the name of a field; an object that may be missing is there when its
own path was sent. Everything is kept as typed, also what is no number, until the scheme is read from it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from federation.findings import Finding
from federation.judging.documents import to_json
from federation.judging.schemes import Aspect, Module, Scheme, SchemeError
from federation.judging.shapes import Shape, default_text, plain, shapes_of

SHARES = ("share",)
"""Fields that people write in per cent."""
UNLIMITED = ("不限", "无", "none", "no limit", "nolimit", "-", "—")
MAX_FIELDS = 60_000
MAX_ITEMS = 2_000
_PATH = re.compile(r"[a-z_]+(\.(\d{1,4}|[a-z_]+)){0,16}")


@dataclass
class Part:
    """What was typed for one object of the language: single values, objects inside it, lists of objects and of words.

    within: what stands when nothing is typed, where that is another object than the default of its kind.
    """

    of: type
    values: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    lists: dict[str, list[Part]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    present: bool = True
    within: Any = None
    open: bool = False
    folded: bool = False

    def fields(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Names and values as the form sends them, blanks left out."""
        dot = f"{prefix}." if prefix else ""
        for shape in shapes_of(self.of):
            path = f"{dot}{shape.name}"
            if shape.form == "objects":
                for index, item in enumerate(self.lists[shape.name]):
                    yield f"{path}.{index}", "yes"
                    yield from item.fields(f"{path}.{index}")
            elif shape.form == "object":
                if shape.optional and self.parts[shape.name].present:
                    yield path, "yes"
                yield from self.parts[shape.name].fields(path)
            elif shape.form == "words":
                yield from ((f"{path}.{index}", one) for index, one in enumerate(self.words[shape.name]))
            elif (text := self.values[shape.name]) or spoken(shape):
                yield path, text

    def find(self, path: str) -> Part | None:
        """The object at a path such as `stages.0.modules.1`, or None."""
        found: Part | None = self
        steps = path.split(".") if path else []
        while steps and found is not None:
            name = steps.pop(0)
            if name in found.parts:
                found = found.parts[name]
            elif steps and steps[0].isdecimal() and int(steps[0]) < len(found.lists.get(name, ())):
                found = found.lists[name][int(steps.pop(0))]
            else:
                found = None
        return found

    def value(self, name: str) -> str:
        """What stands in a field: what was typed, else the default."""
        shape = next(shape for shape in shapes_of(self.of) if shape.name == name)
        text = self.values.get(name, "")
        return text if text or spoken(shape) else default_text(shape, self.within)


def spoken(shape: Shape) -> bool:
    """A text that begins with something in it, so that an empty one means empty: always written out in the form."""
    return shape.form == "text" and bool(shape.default)


def blank(of: type, within: Any = None) -> Part:
    """An object nobody has typed anything for."""
    part = Part(of, within=within)
    for shape in shapes_of(of):
        if shape.form == "objects":
            part.lists[shape.name] = []
        elif shape.form == "object":
            assert shape.of is not None
            inner = blank(shape.of, _below(shape, within))
            inner.present = not shape.optional
            part.parts[shape.name] = inner
        elif shape.form == "words":
            part.words[shape.name] = []
        else:
            part.values[shape.name] = shape.default if spoken(shape) else ""
    return part


def _below(shape: Shape, within: Any) -> Any:
    """What stands for an object inside another when nothing is typed."""
    return shape.default if within is None else getattr(within, shape.name)


def typed(scheme: Scheme) -> Part:
    """The form of a scheme. What equals the default is left blank; a module that is its own aspect lists none."""
    return _typed(Scheme, scheme, scheme.to_json())


def _typed(of: type, thing: Any, written: Mapping[str, Any], within: Any = None) -> Part:
    part = blank(of, within)
    for shape in shapes_of(of):
        value = getattr(thing, shape.name)
        text = value if spoken(shape) else written.get(shape.name, "")
        if shape.form == "objects":
            alone = shape.of is Aspect and isinstance(thing, Module) and is_its_own_aspect(thing)
            documents = text or [to_json(one) for one in value]
            pairs = [] if alone else zip(value, documents, strict=True)
            part.lists[shape.name] = [_typed(_of(shape), one, below) for one, below in pairs]
        elif shape.form == "object":
            if value is not None:
                part.parts[shape.name] = _typed(_of(shape), value, text or {}, _below(shape, within))
        elif shape.form == "words":
            part.words[shape.name] = list(value)
        elif within is None:
            part.values[shape.name] = _text(shape, text)
        elif value != getattr(within, shape.name):
            part.values[shape.name] = _text(shape, plain(shape, value))
    return part


def _of(shape: Shape) -> type:
    assert shape.of is not None
    return shape.of


def is_its_own_aspect(module: Module) -> bool:
    """A module that is itself the one thing marked, with nothing to say about it."""
    plain = Aspect(module.id, module.title, module.title_en, maximum=module.maximum)
    return not module.subcriteria and module.aspects == (plain,)


def _text(shape: Shape, value: Any) -> str:
    if value is None:
        return UNLIMITED[0] if shape.default is not None else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if shape.name in SHARES and value != "":
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    return str(value)


def read(
    sent: Mapping[str, Any], opened: Iterable[str] = (), folded: Iterable[str] = (), *, as_is: bool = False
) -> Part:
    """The form as a browser sent it, with what stood open. Names that mean nothing are passed over.

    as_is: blanks around a text belong to it.
    """
    tree: dict[str, Any] = {}
    for number, (name, value) in enumerate(sent.items()):
        if number >= MAX_FIELDS:
            break
        if not isinstance(value, str) or not _PATH.fullmatch(name):
            continue
        at = tree
        for step in name.split("."):
            at = at.setdefault(step, {})
        at[""] = value if as_is else value.strip()
    part = _read(Scheme, tree)
    for path in opened:
        if (one := part.find(path)) is not None:
            one.open = True
    for path in folded:
        if (one := part.find(path)) is not None:
            one.folded = True
    return part


def _read(of: type, tree: Mapping[str, Any], within: Any = None) -> Part:
    part = Part(of, within=within)
    for shape in shapes_of(of):
        inside = tree.get(shape.name, {})
        if shape.form == "objects":
            part.lists[shape.name] = [_read(_of(shape), one) for one in _numbered(inside)]
        elif shape.form == "object":
            part.parts[shape.name] = _read(_of(shape), inside, _below(shape, within))
            part.parts[shape.name].present = not shape.optional or bool(inside.get(""))
        elif shape.form == "words":
            part.words[shape.name] = [text for one in _numbered(inside) if (text := one.get("", ""))]
        else:
            part.values[shape.name] = inside.get("", shape.default if spoken(shape) else "")
    return part


def _numbered(inside: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    numbers = sorted((int(step), step) for step in inside if step.isdecimal())
    return [inside[step] for _, step in numbers[:MAX_ITEMS]]


def document(part: Part) -> dict[str, Any]:
    """The document that was typed, its numbers still text; blanks are left to the defaults."""
    written: dict[str, Any] = {}
    for shape in shapes_of(part.of):
        name = shape.name
        if shape.form == "objects":
            if part.lists[name] or shape.default:
                written[name] = [document(one) for one in part.lists[name]]
        elif shape.form == "object":
            inner = document(part.parts[name]) if part.parts[name].present else {}
            if inner or (shape.optional and part.parts[name].present):
                written[name] = inner
        elif shape.form == "words":
            written |= {name: list(part.words[name])} if part.words[name] else {}
        elif part.values[name] != (shape.default if spoken(shape) else "") or shape.required:
            written[name] = _value(shape, part.values[name])
    return _completed(part, written) if written else {}


def _completed(part: Part, written: dict[str, Any]) -> dict[str, Any]:
    """With what stands where only some of an object was typed."""
    if part.within is not None:
        for shape in shapes_of(part.of):
            if shape.name in part.values and shape.name not in written:
                written[shape.name] = plain(shape, getattr(part.within, shape.name))
    return written


def _value(shape: Shape, text: str) -> Any:
    if shape.form == "number":
        return _number(shape, text)
    if shape.form == "whole":
        whole = unicodedata.normalize("NFKC", text).strip()
        return int(whole) if re.fullmatch(r"[+-]?\d{1,12}", whole) else text
    if shape.form == "yes_no":
        return {"yes": True, "no": False}.get(text, text)
    return text


def is_unlimited(text: str) -> bool:
    return text.casefold() in UNLIMITED


def _number(shape: Shape, text: str) -> Any:
    """Decimal text for the document: full-width digits and per cent are understood, anything else stays as it is."""
    digits = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    if shape.may_be_unlimited and is_unlimited(digits):
        return None
    if not digits.endswith("%"):
        return digits
    try:
        return f"{(Decimal(digits[:-1]) / 100).normalize():f}"
    except InvalidOperation:
        return text


def scheme_from(part: Part) -> tuple[Scheme | None, list[Finding]]:
    """The scheme that was typed and every finding; None when it cannot be read. Places are paths of the form."""
    try:
        scheme = Scheme.from_json(document(part))
    except SchemeError as fault:
        return None, _placed(part, fault.findings)
    return scheme, _placed(part, scheme.check())


def _placed(part: Part, findings: Iterable[Finding]) -> list[Finding]:
    """Findings under the form's paths instead of the document's; of a module and its one implied aspect once."""
    placed: list[Finding] = []
    for found in findings:
        place = re.sub(r"\[(\d+)\]", r".\1", found.place.split(" ")[0])
        module, implied, below = place.partition(".aspects.0")
        if implied and (above := part.find(module)) is not None and not above.lists["aspects"]:
            place = module + below
        moved = Finding(found.code, found.severity, "" if place == "$" else place, found.facts)
        if moved not in placed:
            placed.append(moved)
    return placed


def at_or_below(findings: Iterable[Finding], path: str) -> list[Finding]:
    """Findings about the object at a path or anything inside it."""
    return [one for one in findings if one.place == path or one.place.startswith(f"{path}.")]
