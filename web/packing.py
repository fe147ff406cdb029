"""Compression of pages made on request; static files and boards bring their own packed bytes."""

from __future__ import annotations

import brotli
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

SMALLEST = 1000
KINDS = (b"text/html", b"application/json", b"application/problem+json", b"text/csv", b"image/svg+xml")


class Packing:
    """ASGI: sends a complete answer in brotli when the reader takes it. Streams pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or b"br" not in dict(scope["headers"]).get(
            b"accept-encoding", b""
        ):
            await self.app(scope, receive, send)
            return
        start: HTTPResponseStartEvent | None = None

        async def send_packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _may_be_packed(message):
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                body = message.get("body", b"")
                headers = [*start["headers"], (b"vary", b"accept-encoding")]
                if not message.get("more_body") and len(body) >= SMALLEST:
                    body = brotli.compress(body, quality=4)
                    headers = [(key, value) for key, value in headers if key.lower() != b"content-length"]
                    headers += [(b"content-encoding", b"br"), (b"content-length", str(len(body)).encode())]
                    message = {"type": "http.response.body", "body": body, "more_body": False}
                await send({"type": "http.response.start", "status": start["status"], "headers": headers})
                start = None
            await send(message)

        await self.app(scope, receive, send_packed)


def _may_be_packed(message: HTTPResponseStartEvent) -> bool:
    headers = {key.lower(): value for key, value in message["headers"]}
    kind = headers.get(b"content-type", b"").split(b";")[0]
    return kind in KINDS and b"content-encoding" not in headers
