"""Where Piccolo's own commands find the rooms and the engine in use."""

from typing import Any

from piccolo.conf.apps import AppRegistry

from federation import database

APP_REGISTRY = AppRegistry(apps=["federation.piccolo_app", "contests.piccolo_app", "studios.piccolo_app"])


def __getattr__(name: str) -> Any:
    if name == "DB":
        return database.engine()
    raise AttributeError(name)
