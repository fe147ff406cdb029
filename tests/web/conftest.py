"""The demonstration federation of one fixed day, loaded once for all tests that look at it."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path

import pytest

from federation.database import close_database, open_database
from web.demo import load

TODAY = date(2026, 11, 24)


async def load_demo(path: Path) -> None:
    await open_database(str(path))
    try:
        await load.load(TODAY)
    finally:
        await close_database()


@pytest.fixture(scope="session")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    shutil.copy(sqlite_template, path)
    asyncio.run(load_demo(path))
    return path
