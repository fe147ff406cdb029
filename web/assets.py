"""Static files: hashed names that may be kept for ever, compressed once, answered with 304 when unchanged."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from litestar import asgi
from litestar.types import Receive, Scope, Send

ROOT = Path(__file__).parent / "static"
PREFIX = "/static"

# One request for the whole design system. The order is the cascade: tokens first, phones and print last.
SHEETS = (
    *("tokens", "base", "components"),
    *(
        "boards",
        "home",
        "contests",
        "screen",
        "grid",
        "judge",
        "seats",
        "forms",
        "studios",
        "review",
        "figures",
        "notices",
    ),
    *("phone", "print"),
)
BUNDLES = {"css/saichuang.css": tuple(f"css/{name}.css" for name in SHEETS)}

_TEXT = {".css", ".js", ".svg", ".json", ".txt", ".geojson"}
_HASHED = re.compile(r"^(?P<stem>.+)\.(?P<hash>[0-9a-f]{12})(?P<suffix>\.[^./]+)$")
_MEDIA = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: `url` carries the hash of the content, `packed` is its brotli form or None."""

    url: str
    tag: str
    media: str
    content: bytes
    packed: bytes | None


class UnknownAsset(KeyError):
    """A template or a reader named a static file that does not exist."""


_known: dict[str, tuple[tuple[int, ...], Asset]] = {}


def asset(name: str) -> Asset:
    """The static file `name` ("css/saichuang.css"), read again when it changed on disk.

    Raises UnknownAsset.
    """
    parts = [ROOT / part for part in BUNDLES.get(name, (name,))]
    try:
        stamp = tuple(part.stat().st_mtime_ns for part in parts)
    except OSError:
        raise UnknownAsset(name) from None
    held = _known.get(name)
    if held and held[0] == stamp:
        return held[1]
    if not all(part.is_file() and part.resolve().is_relative_to(ROOT) for part in parts):
        raise UnknownAsset(name)
    made = _make(name, b"\n".join(part.read_bytes() for part in parts))
    _known[name] = stamp, made
    return made


def static(name: str) -> str:
    """The address of a static file, with the hash of its content in the name."""
    return asset(name).url


def _make(name: str, content: bytes) -> Asset:
    tag = hashlib.sha256(content).hexdigest()[:12]
    path = Path(name)
    media = _MEDIA.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(
        url=f"{PREFIX}/{path.with_suffix('')}.{tag}{path.suffix}",
        tag=f'"{tag}"',
        media=media,
        content=content,
        packed=_packed(name, content) if path.suffix in _TEXT else None,
    )


def _packed(name: str, content: bytes) -> bytes | None:
    ready = ROOT / f"{name}.br"
    if ready.is_file():
        return ready.read_bytes()
    packed: bytes = brotli.compress(content, quality=5)
    return packed if len(packed) < len(content) else None


@asgi(PREFIX, is_mount=True, copy_scope=True)
async def serve_static(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001  (Litestar asks for it)
    """Answer a static file by its hashed name (kept for a year) or its plain name (asked again each time)."""
    name = scope["path"].removeprefix(PREFIX).strip("/")
    hashed = _HASHED.match(name)
    try:
        found = asset(hashed["stem"] + hashed["suffix"] if hashed else name)
    except UnknownAsset:
        await _send(send, 404, [(b"content-type", b"text/plain")], b"")
        return
    current = bool(hashed) and found.tag.strip('"') == hashed["hash"] if hashed else False
    asked = {key: value.decode("latin-1") for key, value in scope["headers"]}
    headers = [
        (b"etag", found.tag.encode()),
        (b"vary", b"accept-encoding"),
        (b"cache-control", b"public, max-age=31536000, immutable" if current else b"no-cache"),
    ]
    if found.tag in asked.get(b"if-none-match", ""):
        await _send(send, 304, headers, b"")
        return
    body = found.content
    if found.packed is not None and "br" in asked.get(b"accept-encoding", ""):
        body = found.packed
        headers.append((b"content-encoding", b"br"))
    headers += [(b"content-type", found.media.encode()), (b"content-length", str(len(body)).encode())]
    await _send(send, 200, headers, b"" if scope.get("method") == "HEAD" else body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
