"""Honours: what workers were awarded, by whom and when."""

from __future__ import annotations

from typing import Any

from federation.tables import Honour


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
