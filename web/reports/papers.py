"""Lists and reports on paper, to be signed: a title, facts, tables and lines for hands. PDF by typst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import typst

from web.language import language
from web.reports.rules import FONTS, UnprintableError, missing

TEMPLATE = Path(__file__).parent / "paper" / "report.typ"


@dataclass(frozen=True)
class Grid:
    """A table. `widths` are typst's: "auto", "1fr"; `empty` stands where there are no rows."""

    title: str
    heads: Sequence[str]
    widths: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str = ""


@dataclass(frozen=True)
class Paper:
    """In the reader's language. `heading` names the event category, `printed` stands at the foot of each page."""

    heading: str
    title: str
    printed: str
    facts: Sequence[tuple[str, str]] = ()
    grids: Sequence[Grid] = ()
    notes: Sequence[str] = ()
    signs: Sequence[str] = field(default_factory=tuple)


def paper_pdf(paper: Paper) -> bytes:
    """Takes tens of milliseconds, so off the event loop. Raises UnprintableError."""
    text = json.dumps({"language": language(), **asdict(paper)}, ensure_ascii=False)
    if lacking := missing(text):
        raise UnprintableError(lacking)
    pdf: bytes = typst.compile(
        str(TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs={"data": text}
    )
    return pdf
