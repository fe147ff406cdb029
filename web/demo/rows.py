"""Rows on their way into the tables: numbered here, written in bulk, so that they can refer to each other."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from piccolo.table import Table

from federation import database

FOLDER = Path(__file__).parents[2] / "data" / "demo"


def read(file: str) -> Iterator[dict[str, str]]:
    """The rows of a file under data/demo/."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@dataclass
class Pile:
    """The rows of one table. `columns` does not name the id: it is given here, from 1."""

    table: type[Table]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, *values: Any) -> int:
        """Put a row on the pile; returns its id."""
        number = len(self.rows) + 1
        self.rows.append((number, *values))
        return number

    async def write(self) -> None:
        """Inside an open change."""
        await database.insert_many(self.table, ("id", *self.columns), self.rows)
        await database.restart_numbering(self.table)
