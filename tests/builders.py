"""Makes contests, event categories and entries for scenes, so that a scene says only what matters to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from contests import programme, schemes, states
from contests.draw import make_pieces
from contests.forms.contest import CategoryForm, ContestForm, EventForm
from contests.tables import Entry, Mark
from federation.accounts import Viewer
from federation.changes import SYSTEM, change
from federation.judging import parse_value
from federation.judging.schemes import Scheme
from federation.notices import MarksMoved
from federation.tables import UnionUnit, Worker
from tests.cast import NANCHANG, PROVINCE

NAMES = ("涂国强", "章丽娟", "欧阳文", "喻建平", "熊志刚", "黎小红", "辛海涛", "余秋菊", "漆伟", "帅敏")


def contest_form(**changes: Any) -> ContestForm:
    return ContestForm(
        **{
            "code": "2026-qg",
            "name": "2026 年全省电工技能竞赛",
            "name_en": "2026 provincial electricians' contest",
            "series": "tiangong",
            "class_code": "II",
            "level": "province",
            "year": 2026,
            "host": PROVINCE,
            "organiser": "省机械冶金工会",
            "venue": "江西机电技师学院",
            "starts_on": date(2026, 11, 21),
            "ends_on": date(2026, 11, 23),
            "registration_opens_on": date(2026, 9, 1),
            "registration_closes_on": date(2026, 9, 30),
            "document_number": "赣工发〔2026〕1 号",
            **changes,
        }
    )


def event_form(**changes: Any) -> EventForm:
    return EventForm(
        **{
            "code": "E1",
            "name": "电工",
            "name_en": "Electrician",
            "occupation": "6-31-01-03",
            "reference_date": date(2026, 11, 21),
            "age_min": 16,
            **changes,
        }
    )


async def a_contest(viewer: Viewer, **changes: Any) -> str:
    """A contest without events; returns its code."""
    return await programme.create_contest(viewer, contest_form(**changes))


async def an_event_category(
    viewer: Viewer,
    contest: str,
    *,
    event: str = "E1",
    category: str = "employee",
    scheme: Scheme | str | None = "theory-practical",
    live_public: bool = True,
    quota: int | None = None,
    **event_changes: Any,
) -> int:
    """A category of an event, the event made if it is new, with a scheme or the preset of this name attached."""
    of = await programme.contest(contest)
    if event not in [row["code"] for row in await programme.events_of(of["id"])]:
        await programme.create_event(viewer, contest, event_form(code=event, **event_changes))
    form = CategoryForm(category=category, live_public=live_public, quota=quota)
    made = await programme.create_category(viewer, contest, event, form)
    if scheme is not None:
        attached = schemes.presets()[scheme] if isinstance(scheme, str) else scheme
        await schemes.attach(viewer, made, attached)
    return made


async def entries(
    event_category: int,
    names: Sequence[str] = NAMES[:5],
    *,
    state: str = "approved",
    delegations: Sequence[str] = (NANCHANG,),
    numbered: bool = True,
) -> list[int]:
    """Entries as registration leaves them, delegations in turn, numbers 001 upwards in the order of the names.

    Returns their ids in the order of the names.
    """
    units = await UnionUnit.select(UnionUnit.id, UnionUnit.code).where(UnionUnit.code.is_in([*delegations]))
    by_code = {unit["code"]: unit["id"] for unit in units}
    made = []
    for place, name in enumerate(names):
        worker = await Worker.insert(Worker(name=name, status="employee"))
        entered = await Entry.insert(
            Entry(
                event_category=event_category,
                worker=worker[0]["id"],
                delegation=by_code[delegations[place % len(delegations)]],
                organisation_name="洪都机械厂",
                name=name,
                number=f"{place + 1:03d}" if numbered and state == "approved" else None,
                state=state,
                filed_at=datetime.now(UTC),
            )
        )
        made.append(int(entered[0]["id"]))
    return made


async def approved_entries(
    event_category: int, names: Sequence[str] = NAMES[:5], *, delegations: Sequence[str] = (NANCHANG,)
) -> list[int]:
    return await entries(event_category, names, delegations=delegations)


async def bring_to(viewer: Viewer, event_category: int, state: str) -> None:
    """Carry out act after act until the event category stands in this state, as far as "frozen"."""
    way = ("open_registration", "close_registration", "draw", "open_marking", "freeze")
    for act in way:
        row = await programme.event_category(event_category)
        if row["state"] == state:
            return
        if row["state"] in states.ACTS[act].sources:
            await states.step(viewer, event_category, act)


async def pieces(event_category: int) -> dict[int, int]:
    """What is marked in an open event, as opening the marking makes it: {entry: piece}."""
    async with change(SYSTEM, "pieces.make", f"event_category:{event_category}"):
        await make_pieces(event_category)
    rows = await Entry.select(Entry.id, Entry.piece).where(Entry.event_category == event_category)
    return {row["id"]: row["piece"] for row in rows if row["piece"]}


async def marks(event_category: int, table: Mapping[int, Mapping[str, str | None]], judge: str = "") -> int:
    """Marks as a clerk leaves them: {entry: {aspect: "27.5", None for one not in}}. Returns the new revision."""
    made = await pieces(event_category)
    async with change(SYSTEM, "mark.enter", f"event_category:{event_category}") as act:
        for entry, values in table.items():
            for aspect, text in values.items():
                if text is None:
                    continue
                same = (Mark.piece == made[entry]) & (Mark.aspect == aspect) & (Mark.judge == judge)
                version = await Mark.count().where(same)
                await Mark.update({Mark.is_current: False}).where(same)
                value, blank, _ = parse_value(text)
                await Mark.insert(
                    Mark(
                        event_category=event_category,
                        piece=made[entry],
                        aspect=aspect,
                        judge=judge,
                        version=version + 1,
                        value=value,
                        blank=blank,
                        is_current=True,
                        actor="邱录分",
                        at=act.at,
                    )
                )
        revision = await programme.touch(event_category)
        act.tell(MarksMoved(event_category, revision))
    return revision
