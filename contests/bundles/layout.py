"""How a bundle is laid out: one thing a line, so that every line has its own digest and every fault a place. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

OPENED = 5
"""Down to this depth lists and objects are laid out line by line."""

Path = tuple[str | int, ...]

CHECK = b'"check":{"algorithm":"sha256","lines":['
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)":')


def compact(value: Any) -> str:
    """JSON in its one spelling: sorted keys, no spaces, real characters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def body_lines(document: dict[str, Any]) -> list[str]:
    """The lines of a bundle before its checksums. The last one ends in a comma, as the checksums follow."""
    lines = list(_laid_out(document, 0, ""))
    return [*lines[:-2], f"{lines[-2]},"]


def _laid_out(value: Any, depth: int, head: str) -> Iterator[str]:
    if depth >= OPENED or not isinstance(value, dict | list) or not value:
        yield f"{head}{compact(value)}"
        return
    mapped = isinstance(value, dict)
    yield f"{head}{'{' if mapped else '['}"
    items = sorted(value.items()) if mapped else list(enumerate(value))
    for at, (key, item) in enumerate(items, 1):
        inner = list(_laid_out(item, depth + 1, f"{json.dumps(key, ensure_ascii=False)}:" if mapped else ""))
        yield from inner[:-1]
        yield inner[-1] + ("," if at < len(items) else "")
    yield "}" if mapped else "]"


def text_of(document: dict[str, Any]) -> bytes:
    """The whole file: the document line by line, then the digest of every line, then the digest of the digests."""
    lines = [line.encode() for line in body_lines(document)]
    digests = [digest(line) for line in lines]
    listed = b",\n".join(f'"{one}"'.encode() for one in digests)
    tail = f'],"sum":"{sum_of(digests)}"}}'.encode()
    return b"\n".join([*lines, CHECK, listed, tail, b"}", b""])


def digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def sum_of(digests: list[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


@dataclass
class Walker:
    """Follows the lines of a body from the first one and knows where in the document the next one stands."""

    stack: list[list[Any]] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)

    def path(self, line: str) -> Path:
        """The place of a line, which may be damaged: then its key is unknown and left out."""
        above = tuple(frame[1] for frame in self.stack[1:])
        if not self.stack:
            return ()
        kind, _name = self.stack[-1]
        if line[:1] in "}]" and len(line) <= 2:
            return above
        if kind == "[":
            return (*above, self.counted[-1])
        found = _KEY.match(line)
        return (*above, found[1]) if found else above

    def step(self, line: str) -> Path:
        """Take a line in; returns its place."""
        here = self.path(line)
        bare = line.removesuffix(",")
        if bare in ("}", "]"):
            if self.stack:
                self.stack.pop()
                self.counted.pop()
            if self.counted:
                self.counted[-1] += 1
            return here
        if bare.endswith(("{", "[")) and (bare in ("{", "[") or _KEY.fullmatch(bare[:-1])):
            self.stack.append([bare[-1], here[-1] if here else ""])
            self.counted.append(0)
        elif self.counted:
            self.counted[-1] += 1
        return here
