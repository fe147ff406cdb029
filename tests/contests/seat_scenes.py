"""A hall with three judges' seats: one measured aspect with a common mark, one judged by three, a deduction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from contests import programme
from contests.forms.seat import HandIn, SeatCell, SeatCells, SeatForm, SeatRuleForm
from contests.seated import Seated
from contests.seats import handing_in, links, seating, sheets
from contests.tables import Piece
from federation.accounts import Viewer
from federation.judging import Scheme
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import JIUJIANG, NANCHANG, the_chief_referee, the_clerk, the_organiser

SCHEME = Scheme.from_json(
    {
        "id": "hall",
        "modules": [
            {
                "id": "M",
                "title": "实操",
                "title_en": "Practice",
                "maximum": 20,
                "aspects": [
                    {"id": "M1", "title": "尺寸", "kind": "measurement", "maximum": 10, "step": "0.5"},
                    {
                        "id": "J1",
                        "title": "外观",
                        "kind": "judgement",
                        "maximum": 3,
                        "step": 1,
                        "worth": 10,
                        "max_spread": 1,
                        "panel": {"method": "mean", "judges": 3, "absent": "shrink"},
                        "anchors": [
                            {"value": 0, "text": "没有做"},
                            {"value": 1, "text": "达到标准"},
                            {"value": 2, "text": "部分超过"},
                            {"value": 3, "text": "优秀"},
                        ],
                    },
                ],
                "deductions": [{"id": "D1", "title": "违规操作", "each": 2}],
            }
        ],
    }
)
MARKED = {"1": ["|M1", "|J1", "|D1"], "2": ["|J1"], "3": ["|J1"]}


@dataclass
class Hall:
    """Pieces by number from 1; `judges` are the seats signed in, `cards` what was printed for them."""

    id: int
    pieces: list[int]
    xiong: Viewer
    wan: Viewer
    li: Viewer
    seats: dict[str, int] = field(default_factory=dict)
    cards: dict[str, links.Card] = field(default_factory=dict)


async def a_hall(
    *,
    pieces: int = 3,
    units: Mapping[str, str] | None = None,
    own_unit: str = "block",
    state: str = "marking",
    scheme: Scheme = SCHEME,
    marked: Mapping[str, list[str]] = MARKED,
) -> Hall:
    """Pieces of Nanchang and Jiujiang in turn; `units`: seat → code of the judge's unit."""
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=scheme)
    names = ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志刚", "黎小红", "辛海涛", "余秋菊")
    await entries(made, names[:pieces], delegations=(NANCHANG, JIUJIANG))
    await bring_to(xiong, made, state)
    drawn = await Piece.select(Piece.id).where(Piece.event_category == made).order_by(Piece.number)
    hall = Hall(
        made,
        [row["id"] for row in drawn],
        xiong,
        await the_chief_referee(contest),
        await the_clerk(contest, "李录分"),
    )
    rule = SeatRuleForm(own_unit=own_unit, may_uphold=True, basis="技术文件第 9 条")
    await seating.set_rule(hall.wan, made, rule)
    for seat, aspects in marked.items():
        form = SeatForm(code=seat, name=f"裁判{seat}", unit=(units or {}).get(seat, ""), aspects=aspects)
        hall.seats[seat] = await seating.set_seat(hall.wan, made, form)
    for card in await links.issue(hall.wan, made):
        hall.cards[card.code] = card
    return hall


async def sits(hall: Hall, seat: str, *, device: str = "iPad · Safari", take_over: bool = False) -> Seated:
    """Sign in by the card of this seat."""
    card = hall.cards[seat]
    token = await links.sign_in(card.secret, card.pin, device, take_over=take_over)
    standing = await links.standing_of(token)
    assert standing.seated is not None
    return standing.seated


_sent = count(1)


def fresh() -> str:
    """A sending nobody used yet."""
    return f"sending-{next(_sent):08d}"


async def draft(
    seated: Seated,
    piece: int,
    table: Mapping[str, str],
    *,
    sending: str = "",
    reason: str = "",
    seen: int = 0,
) -> list[dict]:
    """Tap values; a cell that holds one already is seen at `seen`."""
    cells = [
        SeatCell(piece=piece, aspect=aspect, text=text, seen_version=seen) for aspect, text in table.items()
    ]
    return await handing_in.enter(seated, SeatCells(sending=sending or fresh(), reason=reason, cells=cells))


async def hands_in(seated: Seated, piece: int, *, sending: str = "") -> dict:
    """Hand in what stands."""
    sheet = await sheets.sheet_for(seated, piece)
    shown = {f"{box.slot.aspect.id}:{box.attempt}": box.text for box in sheet.boxes if box.text}
    return await handing_in.hand_in(seated, piece, HandIn(sending=sending or fresh(), shown=shown))


async def marks_and_hands_in(seated: Seated, piece: int, table: Mapping[str, str]) -> dict:
    await draft(seated, piece, table)
    return await hands_in(seated, piece)
