"""Who is asking: finds the signed-in account of a request, and refuses strangers where an account is needed."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from federation.accounts import Viewer, viewer_of
from federation.refusals import Forbidden
from web.errors import SignInNeeded

COOKIE = "saichuang"


class FindViewer:
    """Sets `scope["state"]["account"]` to the Viewer or None. Without the cookie the database is not asked."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            secret = connection.cookies.get(COOKIE)
            state = scope.setdefault("state", {})
            state["account"] = await viewer_of(secret) if secret and not _is_static(scope) else None
            state["session_ended"] = bool(secret) and state["account"] is None
        await self.app(scope, receive, send)


def _is_static(scope: Scope) -> bool:
    return str(scope["path"]).startswith("/static/")


middleware = [DefineMiddleware(FindViewer)]


def viewer(connection: ASGIConnection[Any, Any, Any, Any]) -> Viewer:
    """The signed-in person. Raises SignInNeeded for a stranger."""
    account = connection.scope["state"].get("account")
    if account is None:
        raise SignInNeeded
    return account


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: only for people who are signed in."""
    viewer(connection)


def only(*roles: str) -> Any:
    """Guard: only for people who hold one of the roles, in whatever scope."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if not viewer(connection).holds(*roles):
            raise Forbidden("forbidden.role", roles=list(roles))

    return guard
