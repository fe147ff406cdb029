"""Why somebody stands where they stand: the total taken apart, the tie, the place among all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from litestar import Request, get
from litestar.params import FromPath

from contests import programme
from contests.boards import Board, kept
from contests.boards.reading import Told, told
from contests.rules import may_see_staff_board
from federation.judging import Explanation
from federation.refusals import NotFound
from web.board_charts import place_of
from web.board_told import reason_of
from web.board_views import Asked, RowView, row_of
from web.formats import named
from web.templating import Page, page, viewer
from web.wording.explanations import award, how, part_name, plain


@dataclass(frozen=True)
class Part:
    """One line of the tree of a total."""

    depth: int
    name: str
    value: str
    part: str
    counted: bool
    how: list[str]


@get("/boards/{event_category:int}/entries/{number:str}")
async def board_entry(
    event_category: FromPath[int], number: FromPath[str], request: Request[Any, Any, Any]
) -> Page:
    """For everybody, as deep as the aspects; the single marks of judges only for those who work on the board."""
    board = await kept.board(event_category)
    if not board.rows.height:
        raise NotFound("board")
    about = await told(board, number)
    staff = may_see_staff_board(viewer(request), board.about["ground"])
    return page("boards/entry.html", **entry_context(about, judges=staff))


@get("/work/boards/{event_category:int}/entries/{number:str}")
async def staff_entry(
    event_category: FromPath[int], number: FromPath[str], request: Request[Any, Any, Any]
) -> Page:
    """The same of the marks as they stand, with full names."""
    await programme.event_category_for(viewer(request), event_category, may_see_staff_board)
    about = await told(await kept.board(event_category, "staff"), number)
    return page("boards/entry.html", **entry_context(about, judges=True))


def entry_context(about: Told, *, judges: bool) -> dict[str, Any]:
    board = about.board
    row = row_of(board, about.row["number"])
    assert row is not None
    below = board.rows.filter(pl.col("place") > row.place).height if row.place else 0
    return {
        "board": board,
        "about": board.about,
        "asked": Asked(),
        "row": row,
        "beaten": 100 * below // max(board.ranked - 1, 1),
        "reason": reason_of(about),
        "award": award(about.award) if about.award else "",
        "tree": list(parts_of(about.tree, about.titles, judges=judges)) if about.tree else None,
        "corrected": about.tree is None and bool(about.titles),
        "distribution": place_of(board, row.total),
        "compared": _compared(board, row),
    }


def parts_of(
    part: Explanation, titles: dict[str, tuple[str, str]], depth: int = 0, *, judges: bool
) -> Iterator[Part]:
    """The tree as lines; a stage that stands alone is left out, and so are single marks unless wanted."""
    yield Part(
        depth,
        part_name(part, titles),
        plain(part.value),
        plain(part.part) if part.part is not None and depth else "",
        part.counted,
        how(part),
    )
    children = part.children
    if len(children) == 1 and children[0].code == "stage" and children[0].part == children[0].value:
        children = children[0].children
    for child in children:
        if child.code != "mark" or (judges and (len(part.children) > 1 or child.value is None)):
            yield from parts_of(child, titles, depth + 1, judges=judges)


def _compared(board: Board, row: RowView) -> list[dict[str, Any]]:
    """Each module against the mean (half up) and the best of all."""
    lines = []
    for at, column in enumerate(board.columns):
        scores = board.rows[f"m{at}"].drop_nulls()
        if not scores.len():
            continue
        total, count = int(scores.sum()), scores.len()
        best = scores.max() if board.better == "higher" else scores.min()
        lines.append(
            {
                "name": named(column, "title"),
                "value": row.cells[at],
                "mean": (2 * total + count) // (2 * count),
                "best": best,
            }
        )
    return lines


routes = [board_entry, staff_entry]
