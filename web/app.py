"""The application: collects what the page modules answer, opens the database, stops without hanging."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import pkgutil
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType
from typing import Any

from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.template import TemplateConfig

from federation.attachments import use_folder
from federation.database import close_database, open_database
from federation.privacy import use_keys
from web import api, guards, menu, pages
from web.assets import serve_static
from web.errors import answer_error
from web.language import LanguagePrefix
from web.packing import Packing
from web.security import SameSite, SecurityHeaders
from web.settings import Settings, read_keys
from web.templating import engine

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def create_app(settings: Settings | None = None) -> Litestar:
    """The whole site as an ASGI application.

    `app.state.settings` holds the settings, `app.state.stopping` an event that is set as soon as the
    process is asked to stop: every endless answer waits for it.
    """
    settings = settings or Settings.from_environment()
    modules = list(page_modules())
    menu.fill(entry for module in modules for entry in getattr(module, "menu", ()))
    menu.hang(door for module in modules for door in getattr(module, "doors", ()))
    app = Litestar.from_config(
        AppConfig(
            route_handlers=[serve_static, *(route for module in modules for route in module.routes)],
            state=State({"settings": settings, "stopping": asyncio.Event()}),
            lifespan=[
                database,
                stop_event,
                *(task for module in modules for task in getattr(module, "lifespan", ())),
            ],
            template_config=TemplateConfig(instance=engine()),
            middleware=[DefineMiddleware(SameSite, trusted=settings.trusted_origins), *guards.middleware],
            exception_handlers={Exception: answer_error},
            request_max_body_size=settings.max_body_bytes,
            openapi_config=OpenAPIConfig(
                title="Saichuang", version="1", path="/schema", render_plugins=[JsonRenderPlugin()]
            ),
        )
    )
    app.asgi_handler = SecurityHeaders(Packing(LanguagePrefix(app.asgi_handler)))
    return app


def page_modules() -> Iterator[ModuleType]:
    """Every module of web.pages and web.api that defines `routes`."""
    for package in (pages, api):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            module = importlib.import_module(found.name)
            if hasattr(module, "routes"):
                yield module


@contextlib.asynccontextmanager
async def database(app: Litestar) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    use_keys(read_keys(settings.keys_file))
    use_folder(settings.files_folder, settings.upload_bytes)
    await open_database(settings.database_url)
    try:
        yield
    finally:
        await close_database()


@contextlib.asynccontextmanager
async def stop_event(app: Litestar) -> AsyncIterator[None]:
    """Set `app.state.stopping` on SIGTERM and SIGINT, before the server begins to wait for open answers."""
    stopping: asyncio.Event = app.state.stopping
    if threading.current_thread() is not threading.main_thread():
        yield
        stopping.set()
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def chained(number: signal.Signals) -> Callable[..., None]:
        def stop(received: int, frame: Any) -> None:
            loop.call_soon_threadsafe(stopping.set)
            handler = before[number]
            if callable(handler):
                handler(received, frame)

        return stop

    for number in SIGNALS:
        signal.signal(number, chained(number))
    try:
        yield
    finally:
        stopping.set()
        for number, handler in before.items():
            signal.signal(number, handler)
