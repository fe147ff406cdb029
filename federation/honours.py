"""Honours: what workers were awarded, by whom and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl

from federation.database import frame
from federation.tables import Honour, HonourKind


async def honours_of(worker: int) -> list[dict[str, Any]]:
    """A worker's honours, newest first, with the names of their kinds."""
    return (
        await Honour.select(
            Honour.year,
            Honour.document_number,
            Honour.kind.name.as_alias("name"),
            Honour.kind.name_en.as_alias("name_en"),
            Honour.kind.conferred_by.as_alias("conferred_by"),
        )
        .where(Honour.worker == worker)
        .order_by(Honour.year, ascending=False)
        .order_by(Honour.id)
    )


async def honours_held(workers: Collection[int]) -> dict[int, dict[str, tuple[str, int]]]:
    """Worker → code of a kind → (its name, the newest year it was received)."""
    if not workers:
        return {}
    marks = ", ".join("?" for _ in workers)
    rows = await frame(
        "SELECT h.worker, h.kind, k.name, max(h.year) FROM honour h JOIN honour_type k ON k.code = h.kind"
        f" WHERE h.worker IN ({marks}) GROUP BY h.worker, h.kind, k.name",
        {"worker": pl.Int64, "kind": pl.String, "name": pl.String, "year": pl.Int64},
        *workers,
    )
    held: dict[int, dict[str, tuple[str, int]]] = {}
    for worker, kind, name, year in rows.iter_rows():
        held.setdefault(worker, {})[kind] = (name, year)
    return held


async def record(worker: int, kind: str, received: date, document_number: str) -> int | None:
    """Inside an open change: enter an honour; returns its row, or None where this year's was entered before."""
    entered = (
        await Honour.insert(
            Honour(worker=worker, kind=kind, year=received.year, document_number=document_number)
        )
        .on_conflict(target=(Honour.worker, Honour.kind, Honour.year), action="DO NOTHING")
        .returning(Honour.id)
    )
    return int(entered[0]["id"]) if entered else None


async def strike(honour: int) -> None:
    """Inside an open change: take an honour back that was entered by mistake."""
    await Honour.delete().where(Honour.id == honour)


async def kinds() -> list[dict[str, Any]]:
    """The kinds of honours a person can hold, by rank."""
    return (
        await HonourKind.select(HonourKind.code, HonourKind.name, HonourKind.name_en, HonourKind.conferred_by)
        .where(HonourKind.kind == "person")
        .order_by(HonourKind.rank)
        .order_by(HonourKind.code)
    )
