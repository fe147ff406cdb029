"""Two readings of one sheet side by side. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Content = tuple[int | None, str | None]
"""A cell as it was read: a value in 1/10,000 or the code of a blank; (None, "pending") is an empty cell."""
Cells = Mapping[str, Content]

EMPTY: Content = (None, "pending")


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell two people read differently."""

    key: str
    first: Content
    second: Content


def differences(first: Cells, second: Cells, order: Iterable[str]) -> list[Difference]:
    """Where two entries of a sheet differ, in the order of its cells. A cell left out was read as empty."""
    return [
        Difference(key, first.get(key, EMPTY), second.get(key, EMPTY))
        for key in order
        if first.get(key, EMPTY) != second.get(key, EMPTY)
    ]


def confirmed(first: Cells, second: Cells, chosen: Cells, order: Iterable[str]) -> dict[str, Content]:
    """What holds: where both read the same, that; elsewhere what the third person chose.

    Raises KeyError for a difference that nobody chose between.
    """
    order = list(order)
    open_cells = {one.key for one in differences(first, second, order)}
    return {key: chosen[key] if key in open_cells else first.get(key, EMPTY) for key in order}


def canonical(value: Any) -> str:
    """JSON that is the same on every machine."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def stored(cells: Cells) -> str:
    return canonical({key: list(content) for key, content in cells.items()})


def read_back(text: str) -> dict[str, Content]:
    return {key: (value, blank) for key, (value, blank) in json.loads(text).items()}
