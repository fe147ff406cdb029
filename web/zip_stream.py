"""A zip file that is sent while it is made: only one member is in memory at a time."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_FIXED_DAY = (1980, 1, 1, 0, 0, 0)


class _Outgoing(io.RawIOBase):
    """Takes what the zip writer writes and gives it away; it cannot go back, and the writer knows that."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, block: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(block))
        return len(block)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive; `source` says what it was made from."""

    name: str
    content: bytes
    source: str = ""


async def zipped(members: AsyncIterator[Member], about: dict[str, object]) -> AsyncIterator[bytes]:
    """The bytes of a zip of these members, then of a manifest with the SHA-256 of each and of a list for `sha256sum`.

    The same members give the same bytes. `about` stands at the head of the manifest.
    """
    out = _Outgoing()
    listed: list[dict[str, object]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:  # type: ignore[type-var]
        async for member in members:
            await asyncio.to_thread(_put, book, member)
            listed.append(
                {
                    "name": member.name,
                    "bytes": len(member.content),
                    "sha256": hashlib.sha256(member.content).hexdigest(),
                    "source": member.source,
                }
            )
            yield out.taken()
        manifest = json.dumps({**about, "files": listed}, ensure_ascii=False, indent=1).encode()
        sums = [
            *((one["sha256"], one["name"]) for one in listed),
            (hashlib.sha256(manifest).hexdigest(), MANIFEST),
        ]
        _put(book, Member(MANIFEST, manifest))
        _put(book, Member(SUMS, "".join(f"{digest}  {name}\n" for digest, name in sums).encode()))
    yield out.taken()


def _put(book: zipfile.ZipFile, member: Member) -> None:
    info = zipfile.ZipInfo(member.name, _FIXED_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    book.writestr(info, member.content)
