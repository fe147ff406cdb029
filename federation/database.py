"""The database behind one address, SQLite or PostgreSQL. What differs between the two is known here only.

`sqlite:////abs/path.sqlite` (or a bare path) opens one file in WAL mode; `postgresql://…` opens a pool.
Reads for boards and figures go through `frame`, bulk writes through `insert_many`: Piccolo's row objects cost
twenty to forty times more on both engines.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosqlite
import asyncpg
import polars as pl
from piccolo.engine.base import Engine
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.table import TABLE_REGISTRY, Table

UNIQUE_VIOLATIONS = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)


@dataclass(frozen=True, slots=True)
class Index:
    """An index over several columns or with a condition, in words both engines share."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str = ""

    def sql(self) -> str:
        kind = "UNIQUE INDEX" if self.unique else "INDEX"
        columns = ", ".join(f'"{column}"' for column in self.columns)
        condition = f" WHERE {self.where}" if self.where else ""
        return f'CREATE {kind} {self.name} ON "{self.table}" ({columns}){condition}'


class _Borrowed:
    """A pooled connection as Piccolo's transaction sees it: closing gives it back."""

    def __init__(self, engine: PooledSQLite, connection: aiosqlite.Connection) -> None:
        self._engine = engine
        self._connection: aiosqlite.Connection | None = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await self._engine.give_back(connection)


class _Transaction(SQLiteTransaction):
    """Begins IMMEDIATE, gives its connection back whatever happens, and lets no exception vanish."""

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()
        try:
            await self.begin()
        except BaseException:
            await self.connection.close()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return False
        try:
            if exception is not None:
                if not self._rolled_back:
                    await self.rollback()
            elif not self._committed and not self._rolled_back:
                await self.commit()
        finally:
            self.engine.current_transaction.reset(self.context)
            await self.connection.close()
        return False


class PooledSQLite(SQLiteEngine):
    """Piccolo's SQLite engine with kept connections.

    The stock engine opens a connection and a thread for every query and begins DEFERRED, which fails at once
    under concurrent writers. synchronous=FULL: an acknowledged mark survives a power cut too.
    """

    PRAGMAS = (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=1",
        "PRAGMA cache_size=-32768",
        "PRAGMA mmap_size=268435456",
        "PRAGMA temp_store=MEMORY",
    )

    def __init__(self, path: str, size: int = 4) -> None:
        super().__init__(path=path, timeout=30)
        self._size = size
        self._free: asyncio.LifoQueue[aiosqlite.Connection] | None = None
        self._all: list[aiosqlite.Connection] = []

    async def start_connection_pool(self) -> None:
        self._free = asyncio.LifoQueue()

    async def close_connection_pool(self) -> None:
        self._free = None
        for connection in self._all:
            await connection.close()
        self._all.clear()

    async def _connect(self) -> aiosqlite.Connection:
        opening = aiosqlite.connect(**self.connection_kwargs)
        opening._thread.daemon = True  # a process that fails before closing the pool must still end
        connection = await opening
        connection.row_factory = dict_factory  # type: ignore[assignment]
        for pragma in self.PRAGMAS:
            await connection.execute(pragma)
        return connection

    async def _borrow(self) -> aiosqlite.Connection:
        if self._free is None:
            return await self._connect()
        if self._free.empty() and len(self._all) < self._size:
            connection = await self._connect()
            self._all.append(connection)
            return connection
        return await self._free.get()

    async def give_back(self, connection: aiosqlite.Connection) -> None:
        if self._free is None:
            await connection.close()
            return
        if connection.in_transaction:
            await connection.rollback()
        self._free.put_nowait(connection)

    async def get_connection(self) -> Any:
        return _Borrowed(self, await self._borrow())

    async def _run_in_new_connection(
        self, query: str, args: Any = None, query_type: str = "generic", table: Any = None
    ) -> Any:
        connection = await self._borrow()
        try:
            return list(await connection.execute_fetchall(query, args or []))
        finally:
            await self.give_back(connection)

    async def _run_in_existing_connection(
        self, connection: Any, query: str, args: Any = None, query_type: str = "generic", table: Any = None
    ) -> Any:
        return list(await connection.execute_fetchall(query, args or []))

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,
    ) -> SQLiteTransaction:
        return _Transaction(engine=self, transaction_type=transaction_type, allow_nested=allow_nested)


_current: Engine[Any] | None = None


def engine() -> Engine[Any]:
    """The engine in use; opened by `open_database`."""
    if _current is None:
        raise RuntimeError("the database is not open")
    return _current


def is_postgres() -> bool:
    return engine().engine_type == "postgres"


def sqlite_path(url: str) -> str:
    return unquote(urlsplit(url).path) if url.startswith("sqlite:") else url


def engine_for(url: str) -> Engine[Any]:
    if url.startswith(("postgres://", "postgresql://")):
        return PostgresEngine(config={"dsn": url}, extensions=())
    path = sqlite_path(url)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return PooledSQLite(path)


def use(new: Engine[Any]) -> None:
    """Let every table, present and future, speak to this engine."""
    global _current  # noqa: PLW0603  (one engine per process, as Piccolo's tables know one)
    _current = new
    for table in TABLE_REGISTRY:
        table._meta.db = new


async def open_database(url: str, **pool: Any) -> None:
    new = engine_for(url)
    await new.start_connection_pool(**pool)  # type: ignore[attr-defined]
    use(new)


async def close_database() -> None:
    await engine().close_connection_pool()  # type: ignore[attr-defined]


async def frame(
    sql: str, schema: Mapping[str, pl.DataType | type[pl.DataType]], *values: Any
) -> pl.DataFrame:
    """Read a query straight into a frame; `?` marks the values. Inside a transaction it sees that transaction.

    Dates and booleans, which SQLite keeps as text and numbers, arrive as the schema says.
    """
    db = engine()
    transaction = db.current_transaction.get()
    if db.engine_type == "postgres":
        numbered = _numbered(sql)
        if transaction is not None:
            records = await transaction.connection.fetch(numbered, *values)
        else:
            async with db.pool.acquire() as connection:  # type: ignore[attr-defined]
                records = await connection.fetch(numbered, *values)
        rows: list[Any] = [tuple(record) for record in records]
    elif transaction is not None:
        read = await transaction.connection.execute_fetchall(sql, values)
        rows = [tuple(map(_as_stored, row.values())) for row in read]
    else:
        rows = await asyncio.to_thread(_fetch_all, sqlite_path(db.path), sql, values)  # type: ignore[attr-defined]
    return _typed(rows, dict(schema), text_dates=db.engine_type == "sqlite")


def _fetch_all(path: str, sql: str, values: Sequence[Any]) -> list[Any]:
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        return connection.execute(sql, values).fetchall()


def _as_stored(value: Any) -> Any:
    """Piccolo's connections turn dates and booleans into objects where a column's type is known; turn them back."""
    return value.isoformat() if isinstance(value, date) else int(value) if isinstance(value, bool) else value


def _typed(rows: list[Any], schema: dict[str, Any], *, text_dates: bool) -> pl.DataFrame:
    if not text_dates:
        return pl.DataFrame(rows, schema=schema, orient="row")
    stored = {pl.Date: pl.String, pl.Boolean: pl.Int64}
    table = pl.DataFrame(
        rows, schema={name: stored.get(dtype, dtype) for name, dtype in schema.items()}, orient="row"
    )
    return table.with_columns(
        pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(pl.Boolean)
        for name, dtype in schema.items()
        if dtype in stored
    )


def _numbered(sql: str) -> str:
    parts = sql.split("?")
    return "".join(f"{part}${i}" for i, part in enumerate(parts[:-1], 1)) + parts[-1]


async def execute(sql: str, *values: Any) -> None:
    """Run one statement in the words both engines share; `?` marks the values."""
    db = engine()
    transaction = db.current_transaction.get()
    if db.engine_type == "postgres":
        if transaction is not None:
            await transaction.connection.execute(_numbered(sql), *values)
        else:
            async with db.pool.acquire() as connection:  # type: ignore[attr-defined]
                await connection.execute(_numbered(sql), *values)
    elif transaction is not None:
        await transaction.connection.execute(sql, values)
    else:
        await db._run_in_new_connection(sql, list(values))  # type: ignore[attr-defined]


async def insert_many(table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert many rows as they are, inside the transaction that is open. Column order as given."""
    db = engine()
    transaction = db.current_transaction.get()
    if transaction is None:
        raise RuntimeError("insert_many needs an open transaction")
    name = table._meta.tablename
    if db.engine_type == "postgres":
        await transaction.connection.copy_records_to_table(name, records=rows, columns=list(columns))
    else:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" for _ in columns)
        await transaction.connection.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)


async def restart_numbering(*tables: type[Table]) -> None:
    """After rows came in with their own ids: let PostgreSQL continue behind the highest."""
    if is_postgres():
        for table in tables:
            name = table._meta.tablename
            highest = f"SELECT coalesce(max(id), 0) + 1 FROM {name}"
            await execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), ({highest}), false)")
