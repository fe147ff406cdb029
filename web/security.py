"""What every answer carries, and the refusal of forms that another site sends."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from federation.refusals import Forbidden

# Plotly and the morphing of tables set style attributes; scripts come from this site's files only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(self), geolocation=(), microphone=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class SecurityHeaders:
    """ASGI: adds the headers an answer does not set, and keeps pages of a person out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {key.lower() for key, _ in message["headers"]}
                extra = [(key, value) for key, value in HEADERS.items() if key not in present]
                if b"cache-control" not in present and scope["state"].get("account") is not None:
                    extra.append((b"cache-control", b"private, no-store"))
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameSite:
    """ASGI: an unsafe request from another site is refused before anything reads it.

    Browsers say where a request comes from in Sec-Fetch-Site, or in Origin where the site runs without TLS. A
    program that sends neither cannot be tricked by a page and passes.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...] = ()) -> None:
        self.app = app
        self.trusted = frozenset(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == ScopeType.HTTP
            and scope["method"] not in SAFE_METHODS
            and not self.is_ours(scope)
        ):
            raise Forbidden("cross_site")
        await self.app(scope, receive, send)

    def is_ours(self, scope: Scope) -> bool:
        headers = {key: value.decode("latin-1") for key, value in scope["headers"]}
        origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if origin in self.trusted:
            return True
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is None or urlsplit(origin).netloc == headers.get(b"host")
