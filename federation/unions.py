"""The union units: the tree of reporting units and what lies below one of them."""

from __future__ import annotations

from typing import Any

from federation.tables import UnionUnit


async def all_units() -> list[dict[str, Any]]:
    """Every unit, parents before children, in the order people list them."""
    return await UnionUnit.select().order_by(UnionUnit.sort, UnionUnit.id)


async def unit(code: str) -> dict[str, Any] | None:
    return await UnionUnit.select().where(UnionUnit.code == code).first()


async def delegations() -> list[dict[str, Any]]:
    """Units that send competitors to a provincial contest: cities, the New Area, industrial and direct units."""
    return (
        await UnionUnit.select()
        .where((UnionUnit.level == "city") | (UnionUnit.kind.is_in(["industrial", "direct"])))
        .order_by(UnionUnit.sort, UnionUnit.id)
    )


async def province() -> list[dict[str, Any]]:
    """The provincial federation itself, as a list of one."""
    return await UnionUnit.select().where(UnionUnit.level == "province").order_by(UnionUnit.id).limit(1)


def delegation_path(path: str) -> str:
    """The path of the unit right below the province that a unit belongs to: its delegation."""
    parts = path.split("/")
    return "/".join(parts[:2]) + "/" if len(parts) > 2 else path
