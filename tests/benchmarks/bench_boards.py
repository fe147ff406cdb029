"""How quick a board of 20,000 entries is, beside the same framework answering fixed bytes: the floor.

    python -m tests.benchmarks.bench_boards [--entries 20000] [--rounds 7]

A real server on loopback in its own process, one kept connection, requests one after another; the floor and the
board take turns in every round, so that a busy machine slows both. Medians of rounds. A ratio under 2 either
way between rows says nothing more than "about the same" on a shared machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import multiprocessing
import random
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litestar import get
from litestar.types import ASGIApp, Receive, Scope, Send
from rich.console import Console
from rich.table import Table as Printed

import contests.reference  # noqa: F401
import studios.reference  # noqa: F401
from contests.tables import Entry, EventCategory, Mark, Piece
from federation import privacy, reference
from federation.database import close_database, engine, insert_many, open_database
from federation.tables import UnionUnit, Worker
from tests.builders import a_contest, an_event_category
from tests.cast import the_organiser
from tests.contests.board_scenes import SCHEME
from web.schema import migrate
from web.settings import Settings, read_keys

SURNAMES = "涂章欧喻熊黎辛余漆帅万胡刘陈彭曾黄徐吴周"
GIVEN = "国丽建志小海秋伟敏平军芳鹏华涛亮辉凯强斌"
BATCH = 300


async def fill(path: Path, entries: int) -> int:
    """A database with one live board of this size; returns its event category."""
    await open_database(str(path))
    await migrate()
    await reference.load()
    viewer = await the_organiser()
    made = await an_event_category(viewer, await a_contest(viewer), scheme=SCHEME)
    units = [row["id"] for row in await UnionUnit.select(UnionUnit.id)]
    chance = random.Random(7)
    now = datetime.now(UTC).isoformat(" ")
    names = [chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN) for _ in range(entries)]
    async with engine().transaction():
        await insert_many(
            Worker,
            ("id", "name", "sex", "identity_kind", "status", "certificate_number", "education", "title"),
            [(at, name, "", "resident", "employee", "", "", "") for at, name in enumerate(names, 1)],
        )
        await insert_many(
            Piece,
            ("id", "event_category", "number", "standing", "version"),
            [(at, made, f"{at:05d}", "", 1) for at in range(1, entries + 1)],
        )
        await insert_many(
            Entry,
            (
                *("id", "event_category", "worker", "delegation", "organisation_name", "name", "number"),
                *("state", "reason", "standing", "guest", "filed_at", "version", "piece"),
            ),
            [
                (
                    at,
                    made,
                    at,
                    units[at % len(units)],
                    "",
                    name,
                    f"{at:05d}",
                    "approved",
                    "",
                    "",
                    0,
                    now,
                    1,
                    at,
                )
                for at, name in enumerate(names, 1)
            ],
        )
        await insert_many(
            Mark,
            (
                *("event_category", "piece", "stage", "aspect", "judge", "attempt", "version"),
                *("value", "is_current", "actor", "reason", "at"),
            ),
            [
                (made, at, "", aspect, "", 1, 1, chance.randint(0, top * 2) * 5_000, 1, "", "", now)
                for at in range(1, entries + 1)
                for aspect, top in (("T", 30), ("P", 70))
            ],
        )
        await EventCategory.update({EventCategory.state: "marking", EventCategory.revision: 1}).where(
            EventCategory.id == made
        )
    await close_database()
    return made


def serve(folder: str, port: int, sizes: dict[str, int]) -> None:
    """The site as it is, and beside its pages three that answer fixed bytes of the same lengths."""
    import uvicorn

    from web.app import create_app

    app = create_app(Settings(database_url=f"{folder}/bench.sqlite", keys_file=Path(folder) / "keys.json"))

    def fixed(name: str, size: int) -> Any:
        body = b"x" * size
        status = 304 if size == 0 else 200
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(size).encode())]

        async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})

        @get(f"/floor/{{number:int}}/{name}", name=name)
        async def floor(number: int) -> ASGIApp:
            return answer

        return floor

    for name, size in sizes.items():
        app.register(fixed(name, size))
    uvicorn.run(app, port=port, log_level="error")


@contextlib.contextmanager
def serving(folder: Path, sizes: dict[str, int]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(str(folder), port, sizes))
    process.start()
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.join(20)


def wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, str]:
        self.connection.request("GET", path, headers={"Accept-Encoding": "br", **(headers or {})})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 304):
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer.status, body, answer.headers.get("ETag", "")

    def per_request(self, path: str, headers: dict[str, str] | None = None, count: int = BATCH) -> float:
        """Milliseconds of one request, over `count` in a row."""
        start = time.perf_counter()
        for _ in range(count):
            self.get(path, headers)
        return (time.perf_counter() - start) * 1000 / count


def measure(folder: Path, made: int, rounds: int) -> list[tuple[str, int, float, float | None]]:
    """(what, bytes, milliseconds, milliseconds of the floor) per work."""
    with serving(folder, {}) as port:
        client = Client(port)
        page = client.get(f"/boards/{made}")
        data = client.get(f"/api/v1/boards/{made}")
    sizes = {"page": len(page[1]), "data": len(data[1]), "unchanged": 0}
    cached = [
        ("first page", f"/boards/{made}", None, "page", BATCH),
        ("first page in English", f"/en/boards/{made}", None, "page", BATCH),
        ("first page unchanged (304)", f"/boards/{made}", page[2], "unchanged", BATCH),
        ("live part", f"/boards/{made}/rows", None, "page", BATCH),
        ("whole board as JSON", f"/api/v1/boards/{made}", None, "data", BATCH // 3),
        ("JSON unchanged (304)", f"/api/v1/boards/{made}", data[2], "unchanged", BATCH),
    ]
    rendered = [
        ("last page", f"/boards/{made}?page=200"),
        ("find by number", f"/boards/{made}?find=12345"),
        ("one delegation", f"/boards/{made}?delegation=T360100"),
        ("hall screen page", f"/boards/{made}/screen/page?page=7"),
    ]
    found = []
    with serving(folder, sizes) as port:
        client = Client(port)
        start = time.perf_counter()
        client.get(f"/boards/{made}")
        found.append(
            ("first page, nothing computed yet", sizes["page"], (time.perf_counter() - start) * 1000, None)
        )
        for what, path, tag, floor, count in cached:
            headers = {"If-None-Match": tag} if tag else None
            size = len(client.get(path, headers)[1])
            own, least = [], []
            for _ in range(rounds):
                least.append(client.per_request(f"/floor/{made}/{floor}", count=count))
                own.append(client.per_request(path, headers, count))
            found.append((what, size, statistics.median(own), statistics.median(least)))
        for what, path in rendered:
            size = len(client.get(path)[1])
            own = [client.per_request(path, count=20) for _ in range(rounds)]
            found.append((what, size, statistics.median(own), None))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="saichuang-bench-") as name:
        folder = Path(name)
        privacy.use_keys(read_keys(folder / "keys.json"))
        with console.status(f"a board of {asked.entries:,} entries"):
            made = asyncio.run(fill(folder / "bench.sqlite", asked.entries))
        with console.status("measuring"):
            found = measure(folder, made, asked.rounds)
    printed = Printed(
        title=f"A board of {asked.entries:,} entries, one connection, medians of {asked.rounds}"
    )
    for head in ("work", "bytes sent", "ms", "floor ms", "× floor"):
        printed.add_column(head, justify="left" if head == "work" else "right")
    for what, size, own, least in found:
        ratio = "" if least is None else f"{own / least:.2f}"
        printed.add_row(what, f"{size:,}", f"{own:.3f}", "" if least is None else f"{least:.3f}", ratio)
    console.print(printed)


if __name__ == "__main__":
    main()
