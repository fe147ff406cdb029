"""What a publication freezes of a board, as canonical JSON, and the board read back from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

import polars as pl

from contests.boards.snapshots import ROWS, Board, Column, Facet, Line, Step, sealed
from contests.boards.visibility import Audience
from federation.audit import canonical

Kind = Literal["provisional", "notice", "final"]
KINDS: tuple[Kind, ...] = ("provisional", "notice", "final")
EDITION = 1
"""Edition of the shape of a content."""


def content_of(board: Board, kind: Kind) -> str:
    """What is frozen of a board: canonical JSON, rows as lists under `fields`."""
    rows = board.rows
    return canonical(
        {
            "edition": EDITION,
            "kind": kind,
            "event_category": board.event_category,
            "contest": board.about["contest_name"],
            "event": board.about["event_name"],
            "category": board.about["category"],
            "revision": board.revision,
            "entered": board.entered,
            "columns": [asdict(column) for column in board.columns],
            "criteria": [asdict(step) for step in board.criteria],
            "lines": [asdict(line) for line in board.lines],
            "delegations": [asdict(facet) for facet in board.delegations],
            "regions": [asdict(facet) for facet in board.regions],
            "scheme": {"title": board.scheme_title, "title_en": board.scheme_title_en, "basis": board.basis},
            "decimals": board.decimals,
            "better": board.better,
            "total_maximum": board.total_maximum,
            "fields": rows.columns,
            "rows": [list(row) for row in rows.iter_rows()],
        }
    )


def board_of(
    about: Mapping[str, Any], audience: Audience, row: Mapping[str, Any], content: Mapping[str, Any]
) -> Board:
    """The board a publication froze. `row`: number, kind, at, actor, hash."""
    fields: list[str] = content["fields"]
    schema = {
        name: ROWS[name] if name in ROWS else pl.Int32() if name[0] == "a" else pl.Int64() for name in fields
    }
    return sealed(
        Board(
            event_category=int(about["id"]),
            revision=int(about["revision"]),
            audience=audience,
            state=about["state"],
            shows="publication",
            about=about,
            entered=content["entered"],
            columns=tuple(Column(**column) for column in content["columns"]),
            criteria=tuple(Step(**step) for step in content["criteria"]),
            rows=pl.DataFrame(content["rows"], schema=schema, orient="row"),
            lines=tuple(Line(**line) for line in content["lines"]),
            delegations=tuple(Facet(**facet) for facet in content["delegations"]),
            regions=tuple(Facet(**facet) for facet in content["regions"]),
            scheme_title=content["scheme"]["title"],
            scheme_title_en=content["scheme"]["title_en"],
            basis=content["scheme"]["basis"],
            decimals=content["decimals"],
            better=content["better"],
            total_maximum=content["total_maximum"],
            changed_at=row["at"],
            publication={name: row[name] for name in ("number", "kind", "at", "actor", "hash")},
        )
    )
