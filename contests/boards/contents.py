"""What a publication freezes of a board, as canonical JSON, and the board read back from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from contests.boards.snapshots import ROWS, Board, Column, Facet, Line, Step, sealed
from contests.boards.visibility import Audience
from federation.audit import canonical

Kind = Literal["provisional", "notice", "final"]
KINDS: tuple[Kind, ...] = ("provisional", "notice", "final")
EDITION = 2
"""Edition of the shape of a content. The first held neither who published, when and why, nor which scheme."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is sealed beside the board. `at`: ISO 8601. `scheme`: row, edition and SHA-256 of the scheme's document.
    `announce`: whether a provisional result may be read out in the hall."""

    number: int
    at: str
    actor: str
    reason: str
    scheme: int
    scheme_edition: int
    scheme_sha256: str
    announce: bool = False


def content_of(board: Board, kind: Kind, stamp: Stamp | None = None) -> str:
    """What is frozen of a board: canonical JSON, rows as lists under `fields`."""
    rows = board.rows
    return canonical(
        {
            "edition": EDITION if stamp else 1,
            **({"stamp": asdict(stamp)} if stamp else {}),
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
            publication={
                **{name: row[name] for name in ("number", "kind", "at", "actor", "hash")},
                "announce": may_be_announced(row["kind"], content),
            },
        )
    )


def may_be_announced(kind: str, content: Mapping[str, Any]) -> bool:
    """A provisional result is read out only where its publication says so."""
    return kind != "provisional" or bool(content.get("stamp", {}).get("announce"))
