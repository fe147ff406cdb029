"""How quick the list of 2,125 studios is, beside the same framework answering the same number of fixed bytes.

    python -m tests.benchmarks.bench_studios [--studios 2125] [--rounds 7]

A real server on loopback in its own process, one kept connection, requests one after another; floor and list take
turns in every round. Medians of rounds. "Rendered" pages are made on each request: what an officer gets, and what a
reader gets while typing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

from rich.console import Console
from rich.table import Table as Printed

import contests.reference  # noqa: F401
import studios.reference  # noqa: F401
from federation import privacy, reference
from federation.changes import SYSTEM, change, move
from federation.database import close_database, insert_many, is_postgres, open_database
from federation.tables import Chain, Industry, Organisation, UnionUnit, Worker
from studios.outputs import BENEFIT, COUNTED
from studios.tables import Leadership, Naming, Output, Studio
from tests.benchmarks.bench_boards import BATCH, Client, serving
from web.schema import migrate
from web.settings import read_keys

TOPICS = ("数控加工", "焊接", "陶瓷釉料", "带电作业", "中药炮制", "家具榫卯", "稀土分离", "铜冶炼")
SURNAMES = "涂章欧喻熊黎辛余漆帅万胡刘陈彭曾黄徐吴周"
YEARS = range(2014, 2026)


async def fill(path: Path, count: int) -> None:
    """A register of this size: every studio named once or twice, with a lead and three outputs a year."""
    await open_database(str(path))
    await migrate()
    await reference.load()
    chance = random.Random(13)
    units = await UnionUnit.select().where(UnionUnit.level == "county")
    chains = [row["code"] for row in await Chain.select(Chain.code)]
    industries = [row["code"] for row in await Industry.select(Industry.code)]
    now = datetime.now(UTC).isoformat(" ")
    day = (lambda value: value) if is_postgres() else date.isoformat
    ids = range(1, count + 1)
    homes = [chance.choice(units) for _ in ids]
    async with change(SYSTEM, "bench.fill"):
        await insert_many(
            Organisation,
            ("id", "name", "name_en", "union_unit", "region", "ownership"),
            [
                (at, f"{home['short_name']}第{at}厂", "", home["id"], home["region"], "")
                for at, home in zip(ids, homes, strict=True)
            ],
        )
        names = [
            chance.choice(SURNAMES) + chance.choice("国丽建志小海") + chance.choice("芳鹏华涛亮") for _ in ids
        ]
        await insert_many(
            Worker,
            ("id", "name", "sex", "identity_kind", "status", "certificate_number", "education", "title"),
            [(at, name, "", "resident", "employee", "", "", "") for at, name in zip(ids, names, strict=True)],
        )
        await insert_many(
            Studio,
            (
                *("id", "number", "name", "name_en", "organisation", "union_unit", "region", "industry"),
                *("chain", "founded_on", "topic", "summary", "version", "updated_at"),
            ),
            [
                (
                    *(at, f"{home['code']}-{at:04d}", f"{name}{chance.choice(TOPICS)}创新工作室", "", at),
                    *(home["id"], home["region"], chance.choice(industries), chance.choice(chains)),
                    *(day(date(2013, 3, 1)), "", "", 1, now),
                )
                for at, name, home in zip(ids, names, homes, strict=True)
            ],
        )
        await insert_many(
            Leadership, ("studio", "worker", "since"), [(at, at, day(date(2013, 3, 1))) for at in ids]
        )
        await insert_many(
            Naming,
            (
                *("studio", "tier", "starts_on", "document_number"),
                *("plaque_number", "end_reason", "end_document_number"),
            ),
            [
                (at, tier, day(date(year, 5, 1)), "文〔2015〕1 号", "", "", "")
                for at in ids
                for tier, year in (("county", 2014), ("municipal", 2016))[: 2 if at % 3 == 0 else 1]
            ],
        )
        await insert_many(
            Output,
            (
                "studio",
                "year",
                "measure",
                "title",
                "quantity",
                "proof",
                "verified_by",
                "verified_on",
                "version",
            ),
            [
                (at, year, measure, "", chance.randint(1, 9), "", "", day(date(year + 1, 1, 20)), 1)
                for at in ids
                for year in YEARS
                for measure in (*chance.sample(COUNTED, 2), BENEFIT)
            ],
        )
        await move("studios")
    await close_database()


def measure(folder: Path, rounds: int) -> list[tuple[str, int, float, float | None]]:
    """(what, bytes, milliseconds, milliseconds of the floor) per work."""
    with serving(folder, {}) as port:
        sizes = {"page": len(Client(port).get("/studios")[1]), "unchanged": 0}
    found: list[tuple[str, int, float, float | None]] = []
    with serving(folder, sizes) as port:
        client = Client(port)
        start = time.perf_counter()
        tag = client.get("/studios")[2]
        first = (time.perf_counter() - start) * 1000
        found.append(("first page, nothing computed yet", sizes["page"], first, None))
        for what, headers, floor in (
            ("first page", {}, "page"),
            ("first page unchanged (304)", {"If-None-Match": tag}, "unchanged"),
        ):
            own, least = [], []
            for _ in range(rounds):
                least.append(client.per_request(f"/floor/1/{floor}"))
                own.append(client.per_request("/studios", headers, BATCH))
            found.append((what, sizes[floor], statistics.median(own), statistics.median(least)))
        part = {"HX-Request": "true", "HX-Target": "found"}
        for what, path in (
            ("rendered: answer while typing", f"/studios?q={quote('焊接')}"),
            ("rendered: one city, one tier", "/studios?region=360100&tier=municipal"),
            ("rendered: first page", "/studios"),
            ("list as JSON", "/api/v1/studios"),
        ):
            size = len(client.get(path, part)[1])
            own = [client.per_request(path, part, 20) for _ in range(rounds)]
            found.append((what, size, statistics.median(own), None))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studios", type=int, default=2_125)
    parser.add_argument("--rounds", type=int, default=7)
    wanted = parser.parse_args()
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="saichuang-bench-") as name:
        folder = Path(name)
        privacy.use_keys(read_keys(folder / "keys.json"))
        with console.status(f"a register of {wanted.studios:,} studios"):
            asyncio.run(fill(folder / "bench.sqlite", wanted.studios))
        with console.status("measuring"):
            found = measure(folder, wanted.rounds)
    printed = Printed(
        title=f"A register of {wanted.studios:,} studios, one connection, medians of {wanted.rounds}"
    )
    for head in ("work", "bytes sent", "ms", "floor ms", "× floor"):
        printed.add_column(head, justify="left" if head == "work" else "right")
    for what, size, own, least in found:
        ratio = "" if least is None else f"{own / least:.2f}"
        printed.add_row(what, f"{size:,}", f"{own:.3f}", "" if least is None else f"{least:.3f}", ratio)
    console.print(printed)


if __name__ == "__main__":
    main()
