"""The rules of a scheme on paper: PDF by typst with a bundled open font."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category

import pylopdf_fonts_zh_cn as fonts
import typst
from fontTools.ttLib import TTFont

from federation.judging.schemes import Scheme
from web.formats import named
from web.language import language
from web.rule_text import rule_text

TEMPLATE = Path(__file__).parent / "paper" / "rules.typ"
WITHOUT_PICTURE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Controls and spaces; unassigned and private characters are none: rare names are written with them."""
FONTS = fonts.serif_path().parent


class UnprintableError(ValueError):
    """Characters the bundled font has no picture of; typst would leave them out in silence."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


def rules_pdf(scheme: Scheme, heading: str, printed: str) -> bytes:
    """`heading` names the event category, `printed` stands at the foot of each page.

    In the reader's language; takes tens of milliseconds, so off the event loop. Raises UnprintableError.
    """
    data: dict[str, Any] = {
        "language": language(),
        "heading": heading,
        "title": named(scheme, "title") or scheme.id,
        "printed": printed,
        "sections": [
            {
                "title": section.title,
                "articles": [{"number": one.number, **asdict(one.line)} for one in section.articles],
            }
            for section in rule_text(scheme)
        ],
    }
    text = json.dumps(data, ensure_ascii=False)
    if lacking := missing(text):
        raise UnprintableError(lacking)
    pdf: bytes = typst.compile(
        str(TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs={"data": text}
    )
    return pdf


def missing(text: str) -> str:
    """The characters of a text that the bundled font cannot draw, each once."""
    known = _characters()
    return "".join(
        sorted({one for one in text if ord(one) not in known and category(one) not in WITHOUT_PICTURE})
    )


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """What both faces can draw."""
    faces = [set(TTFont(path).getBestCmap()) for path in (fonts.serif_path(), fonts.sans_path())]
    return frozenset(faces[0] & faces[1])
