"""One page of a board as a template reads it: a slice of rows, award lines, ties explained, where the reader stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import polars as pl

from contests.boards import Board, Facet, Line
from web.wording.explanations import criterion, measured

ROWS_PER_PAGE = 100
MOST_IN_A_TIE = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants of a board. `find` is a number or (part of) a name."""

    delegation: str = ""
    region: str = ""
    find: str = ""
    page: int = 1

    @property
    def plain(self) -> bool:
        return self == Asked()

    @property
    def filtered(self) -> bool:
        return bool(self.delegation or self.region)

    @property
    def query(self) -> dict[str, str | int]:
        """For links and fragments; empty values are left out by `link`."""
        return {"delegation": self.delegation, "region": self.region, "find": self.find}


def asked(query: bytes | str) -> Asked:
    """Read from a query string; what cannot be used is taken as not asked."""
    text = query.decode("utf-8", "replace") if isinstance(query, bytes) else query
    given = {name: values[0].strip()[:60] for name, values in parse_qs(text).items()}
    page = given.get("page", "1")
    return Asked(
        given.get("delegation", ""),
        given.get("region", ""),
        given.get("find", ""),
        int(page) if page.isdigit() and 0 < len(page) < 8 and int(page) else 1,
    )


@dataclass(frozen=True)
class TieView:
    """Why those in a tie stand as they do: `heads` their numbers, `steps` (name, values, kind) with kind eq, win or
    noneed. `shared`: nothing parted them. `more`: how many others are in it."""

    id: int
    total: int | None
    heads: list[str]
    places: list[int | None]
    steps: list[tuple[str, list[str], str]]
    shared: bool
    more: int = 0


@dataclass(frozen=True)
class RowView:
    """One line of the board: `cells` its modules, `up` places gained since the module before (None: no arrow)."""

    number: str
    name: str
    organisation: str
    delegation: str
    delegation_name: Any
    place: int | None
    tied: bool
    total: int | None
    award: str
    status: str
    cells: list[int | None]
    up: int | None
    tie_word: str
    tie: int | None
    me: bool = False
    found: bool = False
    line: Line | None = None
    why: TieView | None = None
    first_unranked: bool = False


@dataclass(frozen=True)
class BoardView:
    """`found`: how many rows match what was asked; `hits`: those matched by `find`; `mine`: the reader's own row."""

    board: Board
    asked: Asked
    rows: list[RowView] = field(default_factory=list)
    page: int = 1
    pages: int = 1
    found: int = 0
    hits: int | None = None
    mine: RowView | None = None
    behind: tuple[int, int] | None = None


def view(board: Board, wanted: Asked = Asked(), me: str = "", per_page: int = ROWS_PER_PAGE) -> BoardView:
    """The page asked for. `me` is the number of the reader's own entry. Only a slice is turned into rows."""
    if not board.rows.height:
        return BoardView(board, wanted)
    frame = board.rows.with_row_index("row")
    if wanted.delegation:
        frame = frame.filter(pl.col("delegation") == wanted.delegation)
    if wanted.region:
        frame = frame.filter(pl.col("region") == wanted.region)
    page, hits, numbers = wanted.page, None, frozenset[str]()
    if wanted.find:
        matched = _matches(frame, wanted.find)
        hits, numbers = matched.height, frozenset(matched["number"].drop_nulls().head(200).to_list())
        if hits and wanted.page == 1:
            position = frame["row"].search_sorted(matched["row"][0])
            page = int(position) // per_page + 1
    pages = max(1, -(-frame.height // per_page))
    page = min(page, pages)
    part = frame.slice((page - 1) * per_page, per_page)
    rows = _rows(board, part, me, numbers, plain=not wanted.filtered)
    mine = next((row for row in rows if row.me), None) or row_of(board, me, me)
    return BoardView(
        board, wanted, rows, page, pages, frame.height, hits, mine, _behind(board, mine) if mine else None
    )


def _matches(frame: pl.DataFrame, find: str) -> pl.DataFrame:
    """By number first; otherwise by a part of the name as it is shown."""
    exact = frame.filter(pl.col("number").str.to_lowercase() == find.lower())
    if exact.height:
        return exact
    digits = find.lstrip("0")
    if find.isdigit() and digits:
        numbered = frame.filter(pl.col("number").str.replace(r"^\D*0*", "") == digits)
        if numbered.height:
            return numbered
    return frame.filter(pl.col("name").str.contains(find, literal=True))


def _rows(
    board: Board, part: pl.DataFrame, me: str, numbers: frozenset[str], *, plain: bool
) -> list[RowView]:
    names = {facet.code: facet for facet in board.delegations}
    lines = {line.row: line for line in board.lines} if plain else {}
    words = {step.code: criterion(step.code, step.title, step.title_en) for step in board.criteria}
    ties = _ties(board, part)
    before = f"a{board.stages_begun - 1}" if board.stages_begun > 1 else None
    modules = [f"m{number}" for number in range(len(board.columns))]
    made: list[RowView] = []
    records = part.to_dicts()
    unranked = False
    for at, row in enumerate(records):
        last_of_tie = row["tie"] is not None and (
            at + 1 == len(records) or records[at + 1]["tie"] != row["tie"]
        )
        starts_unranked = plain and row["place"] is None and not unranked
        unranked = unranked or row["place"] is None
        facet = names.get(row["delegation"])
        earlier = row[before] if before else None
        made.append(
            RowView(
                number=row["number"] or "",
                name=row["name"],
                organisation=row["organisation"],
                delegation=row["delegation"],
                delegation_name=brief(facet, row["delegation"]),
                place=row["place"],
                tied=row["tied"],
                total=row["total"],
                award=row["award"],
                status=row["status"],
                cells=[row[module] for module in modules],
                up=None if earlier is None or row["place"] is None else earlier - row["place"],
                tie_word=words.get(row["tie_break"], row["tie_break"]),
                tie=row["tie"],
                me=bool(me) and row["number"] == me,
                found=row["number"] in numbers,
                line=lines.get(row["row"]),
                why=ties.get(row["tie"]) if last_of_tie else None,
                first_unranked=starts_unranked,
            )
        )
    return made


def brief(delegation: Facet | None, code: str) -> dict[str, str]:
    """A delegation's names as a line has room for them: the English ones without "Federation of Trade Unions" and
    the like, as the short Chinese ones have it."""
    if delegation is None:
        return {"name": code, "name_en": code}
    english = delegation.name_en
    for ending in (" Federation of Trade Unions", " Union Federation", " Union"):
        if english.endswith(ending):
            english = english.removesuffix(ending).removeprefix("Jiangxi ")
            break
    return {"name": delegation.name, "name_en": english}


def _ties(board: Board, part: pl.DataFrame) -> dict[int, TieView]:
    """The ties that have a row on this page, with all who are in them."""
    wanted = part["tie"].drop_nulls().unique()
    if not wanted.len():
        return {}
    members = board.rows.filter(pl.col("tie").is_in(wanted.implode()))
    return {
        int(group["tie"][0]): _tie(board, group) for group in members.partition_by("tie", maintain_order=True)
    }


def _tie(board: Board, group: pl.DataFrame) -> TieView:
    shown = group.head(MOST_IN_A_TIE).to_dicts()
    parted = {word for word in group["tie_break"].to_list() if word and word != "shared"}
    steps: list[tuple[str, list[str], str]] = []
    done = False
    for number, step in enumerate(board.criteria):
        values = [row[f"t{number}"] for row in shown]
        kind = "win" if step.code in parted else "noneed" if done else "eq"
        steps.append(
            (
                criterion(step.code, step.title, step.title_en),
                [measured(one, step.unit) for one in values],
                kind,
            )
        )
        done = done or (kind == "win" and parted <= {one.code for one in board.criteria[: number + 1]})
    return TieView(
        id=int(group["tie"][0]),
        total=shown[0]["total"],
        heads=[row["number"] or "" for row in shown],
        places=[row["place"] for row in shown],
        steps=steps,
        shared=not parted,
        more=group.height - len(shown),
    )


def row_of(board: Board, number: str, me: str = "") -> RowView | None:
    """One line alone, with its tie explained."""
    at = board.position.get(number) if number else None
    if at is None:
        return None
    return _rows(board, board.rows.with_row_index("row").slice(at, 1), me, frozenset(), plain=False)[0]


def _behind(board: Board, mine: RowView) -> tuple[int, int] | None:
    """(place above, how far its total is away), when there is one and totals tell it."""
    at = board.position.get(mine.number, 0)
    if mine.place is None or mine.total is None:
        return None
    above = board.rows.head(at).filter(pl.col("place") < mine.place).tail(1)
    if not above.height or above["total"][0] is None:
        return None
    return int(above["place"][0]), abs(int(above["total"][0]) - mine.total)


def award_seats(board: Board) -> tuple[list[Line], list[tuple[Mapping[str, Any], list[int]]]]:
    """Prizes by delegation: the lines, and per delegation how many of each, most and highest first."""
    if not board.lines:
        return [], []
    counted = board.rows.filter(pl.col("award") != "").group_by("delegation", "award").len()
    names = {facet.code: facet for facet in board.delegations}
    seats: dict[str, list[int]] = {}
    order = [line.id for line in board.lines]
    for delegation, award, count in counted.iter_rows():
        seats.setdefault(delegation, [0] * len(order))[order.index(award)] = count
    ranked = sorted(seats.items(), key=lambda pair: ([-count for count in pair[1]], pair[0]))
    return list(board.lines), [(brief(names.get(code), code), counts) for code, counts in ranked[:8]]
