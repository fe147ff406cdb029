"""What the judges of this contest see, and the final order worked out from it without the product's arithmetic.

A piece is known by its serial here: 0 for the first number of the hall, 1 for the second …
"""

from __future__ import annotations

from fractions import Fraction

COMPETITORS = 40
ABSENT = 1
PIECES = COMPETITORS - ABSENT
MODULES = {"A": "加工", "B": "装配", "C": "检测"}
JUDGES = {"A": ("1", "2", "3"), "B": ("4", "5", "6"), "C": ("7", "8", "9")}
QUARREL = (4, "B", "6")
"""Piece, module and judge of the one mark far from the others; the judge adjusts it to what the others mean."""
FAULT = (30, "C")
"""Piece and module of the one deduction: with it the piece stands fifth, without it third; four have a first prize."""
MISREAD = (16, "A", "2")
"""Piece, module and amount too many of the one measured value read off wrongly, found when sheets are pulled."""

SCHEME = {
    "id": "whole-contest",
    "title": "三模块，每模块三名裁判",
    "title_en": "Three modules, three judges each",
    "basis": "旅程测试用",
    "total": 90,
    "stages": [
        {
            "modules": [
                {
                    "id": module,
                    "title": title,
                    "maximum": 30,
                    "aspects": [
                        {
                            "id": f"{module}1",
                            "title": f"{title}质量",
                            "kind": "judgement",
                            "maximum": 10,
                            "step": "0.5",
                            "max_spread": 2,
                            "panel": {"method": "mean", "judges": 3},
                        },
                        {
                            "id": f"{module}2",
                            "title": f"{title}尺寸",
                            "kind": "measurement",
                            "maximum": 20,
                            "step": "0.5",
                        },
                    ],
                    "deductions": [{"id": f"{module}9", "title": "违规操作", "each": 3}],
                }
                for module, title in MODULES.items()
            ]
        }
    ],
    "tie_breaks": ["module:C", "module:B", "module:A"],
    "award_lines": [
        {"id": "first", "title": "一等奖", "title_en": "First prize", "share": 0.1},
        {"id": "second", "title": "二等奖", "title_en": "Second prize", "share": 0.2},
    ],
}


def judged(piece: int, module: str, judge: str) -> Fraction:
    """Half points from 2 to 9.5; the three of a panel lie half a point apart around the middle one."""
    middle = Fraction(5 + (piece * 7 + ord(module) * 3) % 14, 2)
    return middle + Fraction(JUDGES[module].index(judge) - 1, 2)


def first_said(piece: int, module: str, judge: str) -> Fraction:
    if (piece, module, judge) == QUARREL:
        return judged(piece, module, judge) - 3
    return judged(piece, module, judge)


def measured(piece: int, module: str) -> Fraction:
    """Half points from 0 to 18."""
    return Fraction((piece * 11 + ord(module) * 5) % 37, 2)


def first_read(piece: int, module: str) -> Fraction:
    return measured(piece, module) + (Fraction(MISREAD[2]) if (piece, module) == MISREAD[:2] else 0)


def module_total(piece: int, module: str, *, deducted: bool, corrected: bool) -> Fraction:
    mean = sum((judged(piece, module, judge) for judge in JUDGES[module]), Fraction(0)) / 3
    read = measured(piece, module) if corrected else first_read(piece, module)
    return mean + read - (3 if deducted and (piece, module) == FAULT else 0)


def ordered(*, deducted: bool, corrected: bool) -> list[tuple[int, Fraction]]:
    """(piece, total) from the first place down. Nobody shares a place here; the test says so."""
    totals = {}
    for piece in range(PIECES):
        parts = {
            module: module_total(piece, module, deducted=deducted, corrected=corrected) for module in MODULES
        }
        totals[piece] = (sum(parts.values(), Fraction(0)), parts["C"], parts["B"], parts["A"])
    ranked = sorted(totals, key=lambda piece: totals[piece], reverse=True)
    return [(piece, totals[piece][0]) for piece in ranked]


def text(value: Fraction) -> str:
    return f"{float(value):g}"
