"""Answers kept ready: made once per board and language, compressed once, sent as they are or as 304."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import brotli
from litestar.types import Scope, Send

MOST_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class Ready:
    """One finished answer. `tag` is its ETag, `stamp` what it was made from."""

    stamp: str
    tag: bytes
    plain: bytes
    packed: bytes
    plain_headers: list[tuple[bytes, bytes]]
    packed_headers: list[tuple[bytes, bytes]]
    unchanged_headers: list[tuple[bytes, bytes]]


def make_ready(content: bytes, stamp: str, revision: int, media: str, cache: str = "no-cache") -> Ready:
    """Hash and compress. `revision` leads the ETag; the hash of the content makes it exact."""
    tag = f'"{revision}-{hashlib.sha256(content).hexdigest()[:12]}"'.encode()
    packed: bytes = brotli.compress(content, quality=5)
    common = [
        (b"etag", tag),
        (b"cache-control", cache.encode()),
        (b"vary", b"accept-encoding, cookie"),
        (b"x-revision", str(revision).encode()),
    ]
    kind = (b"content-type", media.encode())
    return Ready(
        stamp,
        tag,
        content,
        packed,
        [*common, kind, (b"content-length", str(len(content)).encode())],
        [*common, kind, (b"content-encoding", b"br"), (b"content-length", str(len(packed)).encode())],
        common,
    )


class Shelf:
    """Finished answers by key, the least recently read given up first. One maker at a time for each key."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._held: OrderedDict[tuple[object, ...], Ready] = OrderedDict()
        self._making: dict[tuple[object, ...], tuple[str, asyncio.Task[Ready]]] = {}
        self._bytes = 0
        self._most = most_bytes
        self.made = 0

    def held(self, key: tuple[object, ...], stamp: str) -> Ready | None:
        found = self._held.get(key)
        if found is None or found.stamp != stamp:
            return None
        self._held.move_to_end(key)
        return found

    async def get(self, key: tuple[object, ...], stamp: str, make: Callable[[], Awaitable[Ready]]) -> Ready:
        """What is held under the key for this stamp, made now if it is not there."""
        found = self.held(key, stamp)
        if found is not None:
            return found
        making = self._making.get(key)
        if making is None or making[0] != stamp:
            making = stamp, asyncio.create_task(self._make(key, make))
            self._making[key] = making
        try:
            return await asyncio.shield(making[1])
        finally:
            if self._making.get(key) is making and making[1].done():
                del self._making[key]

    async def _make(self, key: tuple[object, ...], make: Callable[[], Awaitable[Ready]]) -> Ready:
        made = await make()
        self.made += 1
        before = self._held.pop(key, None)
        self._bytes += _size(made) - (_size(before) if before else 0)
        self._held[key] = made
        while self._bytes > self._most and len(self._held) > 1:
            self._bytes -= _size(self._held.popitem(last=False)[1])
        return made


def _size(ready: Ready) -> int:
    return len(ready.plain) + len(ready.packed)


async def send_ready(ready: Ready, scope: Scope, send: Send) -> None:
    """Send it the way the reader takes it."""
    known = packs = False
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = ready.tag in value
        elif name == b"accept-encoding":
            packs = b"br" in value
    if known:
        await send({"type": "http.response.start", "status": 304, "headers": ready.unchanged_headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    headers = ready.packed_headers if packs else ready.plain_headers
    body = b"" if scope["method"] == "HEAD" else ready.packed if packs else ready.plain
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
