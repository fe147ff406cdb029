"""What the language of schemes consists of, read off its dataclasses: editors and workbooks follow it.

A field that is added to a dataclass of `schemes.py` appears here by itself.
"""

import dataclasses
import types
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from federation.judging.frames import SCALE
from federation.judging.schemes import Scheme

Form = Literal["text", "number", "whole", "yes_no", "choice", "object", "objects", "words"]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """One field. number: scaled or a plain decimal; words: a list of texts or choices; objects: a list of `of`.

    optional: the field may hold nothing (None). default: as a document writes it, None where it must be given.
    """

    owner: type
    name: str
    form: Form
    of: type | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    required: bool = False
    default: Any = None

    @property
    def may_be_unlimited(self) -> bool:
        """Nothing is an answer of its own here, other than leaving the field to its default."""
        return self.optional and self.form == "number" and self.default is not None


@lru_cache(maxsize=64)
def shapes_of(of: type) -> tuple[Shape, ...]:
    """The fields of a dataclass of the language, in their order."""
    hints = get_type_hints(of, include_extras=True)
    return tuple(_shape(of, field, hints[field.name]) for field in dataclasses.fields(of))


def kinds(of: type = Scheme) -> Iterator[type]:
    """Every dataclass of the language, each once, from the root down."""
    seen: list[type] = [of]
    for known in seen:
        yield known
        seen.extend(shape.of for shape in shapes_of(known) if shape.of is not None and shape.of not in seen)


def default_text(shape: Shape, within: Any = None) -> str:
    """The default of a field that holds one value, as it is typed; empty for none.

    within: the object that stands when nothing is typed, where it is another than the default of its kind.
    """
    if shape.form in ("object", "objects", "words"):
        return ""
    value = shape.default if within is None else plain(shape, getattr(within, shape.name))
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def plain(shape: Shape, value: Any) -> Any:
    """A single value as a document writes it."""
    hint = get_type_hints(shape.owner, include_extras=True)[shape.name]
    return _plain(hint, value)


def _shape(owner: type, field: dataclasses.Field[Any], hint: Any) -> Shape:
    optional = get_origin(hint) in (Union, types.UnionType)
    if optional:
        hint = _inner(hint)
    form, of, choices = _form(hint)
    required = field.default is dataclasses.MISSING
    default = None if required else _plain(hint, field.default)
    return Shape(owner, field.name, form, of, choices, optional, required, default)


def _form(hint: Any) -> tuple[Form, type | None, tuple[str, ...]]:
    if get_origin(hint) is Annotated or hint is Decimal:
        return "number", None, ()
    if get_origin(hint) is Literal:
        return "choice", None, get_args(hint)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        if dataclasses.is_dataclass(item):
            assert isinstance(item, type)
            return "objects", item, ()
        return "words", None, get_args(item) if get_origin(item) is Literal else ()
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        return "object", hint, ()
    simple: dict[Any, Form] = {bool: "yes_no", int: "whole", str: "text"}
    return simple[hint], None, ()


def _inner(hint: Any) -> Any:
    """The X of `X | None`."""
    return next(part for part in get_args(hint) if part is not type(None))


def _plain(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        hint = _inner(hint)
    if get_origin(hint) is Annotated and value is not None:
        value = Decimal(value) / SCALE
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
