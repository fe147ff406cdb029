"""The words of a scheme workbook: what is written in its heads and cells, and all that is understood when read."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from contests.forms.scheme import is_unlimited, spoken
from federation.judging.shapes import Shape, shapes_of

Spoken = Callable[[Shape], tuple[str, ...]]
JOINT = "·"
LISTED = "；"
CODE_PATH = re.compile(r"[a-z_]+(\.([a-z_]+|\d+))*")


@dataclass(frozen=True)
class Vocabulary:
    """Words in order of preference: the first is written, every one of them is read, codes always.

    label and hint: of a field. choice: of a field's choice. word: of a code of this workbook (sheets, columns, marks).
    """

    label: Spoken
    hint: Spoken
    choice: Callable[[Shape, str], tuple[str, ...]]
    word: Callable[[str], tuple[str, ...]]

    def is_word(self, cell: str, code: str) -> bool:
        return plain(cell) in {plain(one) for one in (code, *self.word(code))}

    def head(self, of: type, path: str) -> str:
        """The head of a column: the labels along a dotted path."""
        return self.heads(of, path)[0]

    def heads(self, of: type, path: str) -> list[str]:
        """Every way a dotted path is written, the code path last."""
        along = list(_along(of, path))
        languages = min(len(self.label(shape)) for shape, _ in along)
        written = []
        for index in range(languages):
            steps = []
            for shape, number in along:
                steps.append(self.label(shape)[index])
                steps += [str(int(number) + 1)] if number else []
            written.append(JOINT.join(steps))
        return [*written, path]

    def path(self, of: type, head: str) -> str | None:
        """The dotted path a head means, in any language; None when it means nothing."""
        as_code = CODE_PATH.fullmatch(head) is not None
        steps = [step for step in head.split("." if as_code else JOINT) if step.strip()]
        found: list[str] = []
        kind: type | None = of
        while steps:
            step = steps.pop(0)
            shape = next((one for one in shapes_of(kind) if self._means(one, step)), None) if kind else None
            if shape is None:
                return None
            found.append(shape.name)
            kind = shape.of
            if shape.form in ("objects", "words"):
                if not steps or not steps[0].strip().isdecimal():
                    return None
                found.append(str(max(0, int(steps.pop(0)) - (0 if as_code else 1))))
        return ".".join(found)

    def _means(self, shape: Shape, step: str) -> bool:
        return plain(step) in {plain(one) for one in (shape.name, *self.label(shape))}

    def cell(self, shape: Shape, text: str) -> str:
        """A value of the form as it is written in a cell."""
        if shape.form == "yes_no":
            return self.word(text)[0] if text in ("yes", "no") else text
        if shape.may_be_unlimited and is_unlimited(text):
            return self.word("unlimited")[0]
        if shape.choices and text in shape.choices:
            return self.choice(shape, text)[0]
        if spoken(shape) and not text:
            return '""'
        return quoted(text) if shape.form in ("text", "words") else text

    def value(self, shape: Shape, cell: str) -> str:
        """A cell as a value of the form; what is not understood stays as it is, to be complained about."""
        if shape.form == "yes_no":
            return next((code for code in ("yes", "no") if self.is_word(cell, code)), cell)
        for one in shape.choices:
            if plain(cell) in {plain(word) for word in (one, *self.choice(shape, one))}:
                return one
        if shape.form in ("number", "whole"):
            return tidy_number(cell)
        return unquoted(cell)


def _along(of: type, path: str) -> Iterable[tuple[Shape, str]]:
    """Each field along a path, with the number that follows it in a list."""
    steps = path.split(".")
    kind: type | None = of
    while steps and kind is not None:
        name = steps.pop(0)
        shape = next(one for one in shapes_of(kind) if one.name == name)
        yield shape, steps.pop(0) if steps and steps[0].isdecimal() else ""
        kind = shape.of


def plain(cell: str) -> str:
    """A word without what people add to it: blanks, stars, colons, width, capitals."""
    return re.sub(r"[\s*_:：]", "", unicodedata.normalize("NFKC", cell)).lower()


def quoted(text: str) -> str:
    """Text for a cell, between quotation marks where a spreadsheet would lose something of it."""
    risky = (
        text != text.strip()
        or text.startswith('"')
        or LISTED in text
        or re.search(r"_[xX][0-9A-Fa-f]{4}_", text)
        or not text.isprintable()
    )
    if not risky:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable()).replace("_", "\\u005f")


def unquoted(cell: str) -> str:
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        try:
            text = json.loads(cell)
        except ValueError:
            return cell
        return text if isinstance(text, str) else cell
    return cell


def joined(words: Iterable[str]) -> str:
    return LISTED.join(words)


def parted(cell: str) -> list[str]:
    """The words of a cell that lists several; a quoted one may hold the sign between them."""
    parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^；;]+', cell)
    return [part.strip() for part in parts if part.strip()]


def tidy_number(cell: str) -> str:
    """Without the dust of binary fractions that spreadsheets store."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return cell
    if not number.is_finite() or abs(number) > 10**12:
        return cell
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -10:
        number = number.quantize(Decimal("1e-10"))
    return (
        f"{number.normalize():f}" if "E" in cell.upper() or exponent != number.as_tuple().exponent else cell
    )
