"""A hall that marks on paper: one measured aspect, one judged by three, a deduction; two clerks and a third."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from contests import paper, programme
from contests.forms.paper import ChoiceForm, PaperRuleForm, PrintForm, SheetEntryForm
from contests.tables import Piece
from federation.accounts import Viewer
from federation.judging import Scheme
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import JIUJIANG, NANCHANG, a_viewer, the_chief_referee, the_clerk, the_organiser
from tests.contests.seat_scenes import SCHEME


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def a_photo(*told: bytes) -> bytes:
    """One grey dot as a camera sends it, with what it tells beside: segments that come after the first."""
    head = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    body = segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0")
    return b"\xff\xd8" + head + b"".join(told) + body + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x54\xbf\xff\xd9"


PHOTO = a_photo()


@dataclass
class Table:
    """Pieces by number from 1. Li and Deng enter, Hu decides, Wan is chief referee, Yan supervises."""

    id: int
    pieces: list[int]
    xiong: Viewer
    li: Viewer
    deng: Viewer
    hu: Viewer
    wan: Viewer
    yan: Viewer


async def a_table(*, pieces: int = 2, scheme: Scheme = SCHEME, **rule: object) -> Table:
    """Marking is open; the rule is the usual one but for what is said here."""
    xiong = await the_organiser()
    code = await a_contest(xiong)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(xiong, code, scheme=scheme)
    names = ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志刚", "黎小红", "辛海涛", "余秋菊", "漆伟", "帅敏")
    await entries(made, names[:pieces], delegations=(NANCHANG, JIUJIANG))
    await bring_to(xiong, made, "marking")
    drawn = await Piece.select(Piece.id).where(Piece.event_category == made).order_by(Piece.number)
    table = Table(
        made,
        [row["id"] for row in drawn],
        xiong,
        await the_clerk(contest, "李录分"),
        await the_clerk(contest, "邓录分"),
        await the_clerk(contest, "胡录分"),
        await the_chief_referee(contest),
        await a_viewer("严监督", ("supervisor", "contest", contest)),
    )
    await paper.set_rule(table.wan, made, PaperRuleForm(basis="技术文件第 14 条", **rule))  # type: ignore[arg-type]
    return table


async def sheets(table: Table, seats: tuple[str, ...] = ("-",), rows: int = 10) -> list[str]:
    """Print the sheets of the module for these seats; their codes."""
    return await paper.print_sheets(table.li, table.id, PrintForm(plan="M", seats=list(seats), rows=rows))


def cells(table: Table, *lines: Mapping[str, str], judge: str = "") -> dict[str, str]:
    """What somebody reads, line by line: {"M1": "8.5"} of the first piece, of the second …"""
    return {
        f"{piece}:{aspect}:{judge}:1": text
        for piece, line in zip(table.pieces, lines, strict=False)
        for aspect, text in line.items()
    }


async def reads(viewer: Viewer, code: str, read: Mapping[str, str], **more: object) -> str:
    return await paper.enter_sheet(viewer, code, SheetEntryForm(cells=dict(read), **more))  # type: ignore[arg-type]


async def decides(viewer: Viewer, code: str, choices: Mapping[str, str], **others: str) -> str:
    return await paper.choose(viewer, code, ChoiceForm(choices=dict(choices), others=others))


async def agreed(table: Table, code: str, read: Mapping[str, str]) -> None:
    """Both clerks read the same."""
    await reads(table.li, code, read)
    assert await reads(table.deng, code, read) == "confirmed"


async def all_marked(table: Table, seats: tuple[str, ...] = ("1", "2", "3")) -> list[str]:
    """Every sheet of every seat entered twice alike; the codes, agreed marks first."""
    codes = await sheets(table, ("-", *seats))
    await agreed(table, codes[0], cells(table, *[{"M1": "8.5"}] * len(table.pieces)))
    for code, seat in zip(codes[1:], seats, strict=True):
        await agreed(table, code, cells(table, *[{"J1": "2"}] * len(table.pieces), judge=seat))
    return codes


async def signed_sheet(table: Table, code: str) -> None:
    """Printed by Li, signed on paper, recorded by the chief referee with a photo."""
    version, shown = await paper.print_filled(table.li, code, reason="更正")
    await paper.sign_sheet(
        table.wan, code, version=version, shown_hash=shown[:8], seen=True, photo=("签字.jpg", PHOTO)
    )
