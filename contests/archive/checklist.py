"""The archive list of one contest: read with its percentage, filled with what was brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contests import programme
from contests.archive.items import ITEMS, OWN, categories_of, is_brought, is_held, noted
from contests.forms.certificates import ArchiveForm
from contests.rules import may_decide_awards, may_see_awards
from contests.tables import ArchiveItem
from federation.accounts import Viewer
from federation.changes import change
from federation.database import UNIQUE_VIOLATIONS
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `own`: held by the system for `done` of `all` event categories. `row`: what was noted."""

    item: str
    own: bool
    held: bool
    done: int
    all: int
    row: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Checklist:
    contest: Mapping[str, Any]
    categories: tuple[Mapping[str, Any], ...]
    lines: tuple[Line, ...]

    @property
    def held(self) -> int:
        return sum(line.held for line in self.lines)

    @property
    def percent(self) -> int:
        """Whole items held, of ten; rounded down, so that 100 means all."""
        return self.held * 100 // len(self.lines)


async def checklist(viewer: Viewer | None, contest_code: str) -> Checklist:
    """Raises NotFound, Forbidden."""
    contest = await programme.contest_for(viewer, contest_code, may_see_awards)
    categories = await categories_of(contest["id"])
    brought = await noted(contest["id"])
    return Checklist(
        contest, tuple(categories), tuple(_line(item, categories, brought.get(item)) for item in ITEMS)
    )


def _line(item: str, categories: list[dict[str, Any]], row: Mapping[str, Any] | None) -> Line:
    if item not in OWN:
        return Line(item, own=False, held=is_brought(row), done=0, all=0, row=row)
    done = sum(is_held(item, one) for one in categories)
    complete = bool(categories) and done == len(categories)
    held = complete or bool(row and row["not_needed"])
    return Line(item, own=True, held=held, done=done, all=len(categories), row=row)


async def fill(
    viewer: Viewer, contest_code: str, item: str, form: ArchiveForm, *, sending: str | None = None
) -> None:
    """Note what was brought for an item. Raises NotFound, Forbidden, Invalid, Conflict."""
    if item not in ITEMS:
        raise NotFound("archive_item", item=item)
    contest = await programme.contest_for(viewer, contest_code, may_decide_awards)
    if form.not_needed and not form.reason:
        raise Invalid([Finding("archive.reason_missing", place="reason", facts={"item": item})])
    values = {**form.model_dump(exclude={"version"}), "actor": viewer.actor.name}
    subject = f"contest:{contest_code}"
    try:
        async with change(viewer.actor, "archive.fill", subject, sending=sending, item=item) as act:
            changed = (
                await ArchiveItem.update({**values, "at": act.at, "version": ArchiveItem.version + 1})
                .where(
                    (ArchiveItem.contest == contest["id"])
                    & (ArchiveItem.item == item)
                    & (ArchiveItem.version == form.version)
                )
                .returning(ArchiveItem.id)
            )
            if not changed and (
                form.version
                or await ArchiveItem.exists().where(
                    (ArchiveItem.contest == contest["id"]) & (ArchiveItem.item == item)
                )
            ):
                raise Conflict("archive.changed_meanwhile")
            if not changed:
                await ArchiveItem.insert(ArchiveItem(contest=contest["id"], item=item, at=act.at, **values))
            act.record(document=form.document_number, not_needed=form.not_needed, reason=form.reason)
    except UNIQUE_VIOLATIONS:
        raise Conflict("archive.changed_meanwhile") from None
    except AlreadyDone:
        return
