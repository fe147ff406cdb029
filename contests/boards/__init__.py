"""Boards: who sees what when (visibility), the picture itself (snapshots), how it is made and kept.

board = await kept.board(event_category)            # for the public
board = await kept.board(event_category, "staff")   # full names, the marks as they stand
"""

from contests.boards.keeping import Keeper, kept
from contests.boards.snapshots import Board, Column, Facet, Line, Step
from contests.boards.visibility import BEFORE, NAMED, Audience, public_shows

__all__ = [
    "BEFORE",
    "NAMED",
    "Audience",
    "Board",
    "Column",
    "Facet",
    "Keeper",
    "Line",
    "Step",
    "kept",
    "public_shows",
]
