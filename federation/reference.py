"""Loads data/*.csv into the tables: repeatable, only when a file's edition changed, in one change."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from piccolo.table import Table

from federation.changes import SYSTEM, change
from federation.tables import (
    Chain,
    HonourKind,
    Industry,
    Occupation,
    OccupationAlias,
    ReferenceEdition,
    Region,
    Trade,
    UnionUnit,
)

DATA = Path(__file__).parents[1] / "data"


def rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


async def load() -> list[str]:
    """Bring the reference tables up to the files; returns the files that had changed."""
    changed = [file for file in LOADERS if await _edition(file) != _digest(file)]
    if changed:
        async with change(SYSTEM, "reference.load", "reference") as act:
            for file in changed:
                await LOADERS[file]()
                await stamp(file, act.at)
            act.record(files=changed)
    return changed


async def stamp(file: str, at: datetime | None = None) -> None:
    """Remember which edition of a file the tables hold."""
    edition = ReferenceEdition(file=file, digest=_digest(file), loaded_at=at or datetime.now(UTC))
    await ReferenceEdition.insert(edition).on_conflict(
        target=ReferenceEdition.file,
        action="DO UPDATE",
        values=[ReferenceEdition.digest, ReferenceEdition.loaded_at],
    )


def _digest(file: str) -> str:
    return hashlib.sha256((DATA / file).read_bytes()).hexdigest()


async def _edition(file: str) -> str:
    row = await ReferenceEdition.select(ReferenceEdition.digest).where(ReferenceEdition.file == file).first()
    return row["digest"] if row else ""


async def put(table: type[Table], key: str, values: list[dict[str, Any]]) -> None:
    """Insert the rows; those whose key is there already are brought up to date."""
    if not values:
        return
    names = [name for name in values[0] if name != key]
    for start in range(0, len(values), 500):
        await table.insert(*(table(**row) for row in values[start : start + 500])).on_conflict(
            target=table._meta.get_column_by_name(key),
            action="DO UPDATE",
            values=[table._meta.get_column_by_name(name) for name in names],
        )


async def _regions() -> None:
    read = [
        {
            "code": row["code"],
            "name": row["name"],
            "name_en": row["name_en"],
            "short_name": row["short_name"],
            "level": row["level"],
            "kind": row["kind"],
            "parent": row["parent_code"] or None,
        }
        for row in rows("regions.csv")
    ]
    for level in ("province", "city", "county"):
        await put(Region, "code", [row for row in read if row["level"] == level])


async def _unions() -> None:
    known: dict[str, tuple[int, str]] = {}
    for sort, row in enumerate(rows("unions.csv")):
        parent = known.get(row["parent_code"])
        path = (parent[1] if parent else "") + row["code"] + "/"
        await put(
            UnionUnit,
            "code",
            [
                {
                    "code": row["code"],
                    "name": row["name"],
                    "name_en": row["name_en"],
                    "short_name": row["short_name"],
                    "kind": row["kind"],
                    "level": row["level"],
                    "parent": parent[0] if parent else None,
                    "region": row["region_code"] or None,
                    "path": path,
                    "sort": sort,
                }
            ],
        )
        unit = await UnionUnit.select(UnionUnit.id).where(UnionUnit.code == row["code"]).first()
        assert unit is not None
        known[row["code"]] = (unit["id"], path)


async def _occupations() -> None:
    await put(Occupation, "code", list(rows("occupations.csv")))


async def _trades() -> None:
    await put(
        Trade,
        "code",
        [{"occupation": row.pop("occupation_code"), **row} for row in rows("trades.csv")],
    )


async def _aliases() -> None:
    await OccupationAlias.delete(force=True)
    for row in rows("occupation_aliases.csv"):
        await OccupationAlias.insert(
            OccupationAlias(alias=row["alias"], occupation=row["occupation_code"], note=row["note"])
        )


async def _industries() -> None:
    await put(Industry, "code", list(rows("industries.csv")))


async def _chains() -> None:
    await put(Chain, "code", [{**row, "sort": int(row["sort"])} for row in rows("chains.csv")])


async def _honours() -> None:
    await put(HonourKind, "code", list(rows("honours.csv")))


LOADERS = {
    "regions.csv": _regions,
    "unions.csv": _unions,
    "occupations.csv": _occupations,
    "trades.csv": _trades,
    "occupation_aliases.csv": _aliases,
    "industries.csv": _industries,
    "chains.csv": _chains,
    "honours.csv": _honours,
}
"""File → loader. The rooms register their own files here: `reference.LOADERS["series.csv"] = …`."""
