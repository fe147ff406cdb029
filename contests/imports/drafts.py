"""Files that were read: shown back with every fault, accepted in one transaction, or dropped.

A draft holds its rows encrypted and belongs to whoever sent it. It is checked again whenever it is shown and once
more when it is accepted, because others register meanwhile.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from contests import programme
from contests.imports.columns import Line, fields_of, find_table, read_line, with_more
from contests.programme import touch
from contests.registration import Desk, check, enter, open_desk, unanswered
from contests.tables import Entry, ImportDraft
from federation import privacy
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding, errors
from federation.notices import MarksMoved
from federation.refusals import Conflict, Forbidden, Invalid, NotFound
from federation.spreadsheets import Row, read_sheets

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Preview:
    """A draft as it stands now. `ignored`: headers nobody knows."""

    draft: int
    contest: Mapping[str, Any]
    filename: str
    headers: tuple[str, ...]
    ignored: tuple[str, ...]
    lines: tuple[Line, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        verdicts = [line.verdict for line in self.lines]
        return {verdict: verdicts.count(verdict) for verdict in ("good", "ask", "bad")}


async def send_file(
    viewer: Viewer, contest_code: str, filename: str, content: bytes, *, sending: str | None = None
) -> int:
    """Read a file and keep it as a draft; returns its id. Raises NotFound, Forbidden, Refusal (an unusable file)."""
    desk = await _desk(viewer, contest_code)
    headers, rows = find_table(await asyncio.to_thread(read_sheets, content))
    kept = json.dumps({"headers": headers, "rows": [[row.number, *row.cells] for row in rows]})
    lines = await _judge(desk, headers, rows)
    faulty = sum(line.verdict == "bad" for line in lines)
    async with change(viewer.actor, "import.read", f"contest:{contest_code}", sending=sending) as act:
        await _forget_old(act.at)
        inserted = await ImportDraft.insert(
            ImportDraft(
                kind="entries",
                contest=desk.contest["id"],
                account=viewer.id,
                filename=filename[-160:],
                content_cipher=privacy.encrypt(kept, purpose="import"),
                good=len(lines) - faulty,
                faulty=faulty,
                at=act.at,
            )
        )
        draft = int(inserted[0]["id"])
        act.record(draft=draft, rows=len(lines), faulty=faulty)
        act.answer.update(draft=draft, page=f"/work/contests/{contest_code}/import/{draft}")
    return draft


async def _desk(viewer: Viewer, contest_code: str) -> Desk:
    desk = await open_desk(viewer, contest_code)
    if desk.own:
        raise Forbidden("import.not_yours")
    return desk


async def _forget_old(now: datetime) -> None:
    """Files left lying are emptied."""
    await ImportDraft.update({ImportDraft.state: "dropped", ImportDraft.content_cipher: b""}).where(
        (ImportDraft.state == "open") & (ImportDraft.at < now - KEPT_FOR)
    )


async def _judge(desk: Desk, headers: Sequence[str], rows: Sequence[Row]) -> tuple[Line, ...]:
    columns = fields_of(headers)
    lines = [read_line(row, columns, desk) for row in rows]
    faulty = {line.number for line in lines if errors(line.findings)}
    forms = {line.number: line.form for line in lines if line.form is not None}
    found = await check(desk, forms, faulty=faulty)
    return tuple(
        Line(
            line.number,
            line.cells,
            line.written,
            line.form,
            tuple(with_more(line.findings, found.get(line.number, []))),
        )
        for line in lines
    )


async def preview(viewer: Viewer, contest_code: str, draft: int) -> Preview:
    """The draft as its rows stand now, for whoever sent it. Raises NotFound, Forbidden."""
    desk = await _desk(viewer, contest_code)
    return await _preview(desk, await _draft(desk, draft))


async def _draft(desk: Desk, draft: int) -> dict[str, Any]:
    row = (
        await ImportDraft.select()
        .where(
            (ImportDraft.id == draft)
            & (ImportDraft.account == desk.viewer.id)
            & (ImportDraft.contest == desk.contest["id"])
            & (ImportDraft.state == "open")
        )
        .first()
    )
    if row is None:
        raise NotFound("draft")
    return row


async def _preview(desk: Desk, row: Mapping[str, Any]) -> Preview:
    kept = json.loads(privacy.decrypt(bytes(row["content_cipher"]), purpose="import"))
    headers, rows = kept["headers"], [Row(number, tuple(cells)) for number, *cells in kept["rows"]]
    columns = fields_of(headers)
    return Preview(
        draft=row["id"],
        contest=desk.contest,
        filename=row["filename"],
        headers=tuple(headers),
        ignored=tuple(cell for column, cell in enumerate(headers) if cell and column not in columns),
        lines=await _judge(desk, headers, rows),
    )


async def accept(
    viewer: Viewer,
    contest_code: str,
    draft: int,
    *,
    only_good: bool = False,
    approve: bool = False,
    answer: str = "",
    sending: str | None = None,
) -> int:
    """Enter the rows of a draft in one transaction; returns how many.

    All of them, or with `only_good` those without errors; the others stay in the draft. Warnings ask for an
    `answer`, which is kept with their entries. `approve` is for those who decide. Raises Invalid, Conflict.
    """
    desk = await _desk(viewer, contest_code)
    async with change(viewer.actor, "import.accept", f"contest:{contest_code}", sending=sending) as act:
        revisions = {category: await touch(category) for category in sorted(desk.categories)}
        desk = await _desk(viewer, contest_code)
        row = await _draft(desk, draft)
        shown = await _preview(desk, row)
        chosen = _chosen(shown, only_good=only_good, answer=answer)
        entries = []
        for line in chosen:
            assert line.form is not None
            reply = answer if line.findings else ""
            entries.append(await enter(act, desk, line.form.model_copy(update={"answer": reply})))
        if approve and desk.decides:
            decided: dict[Any, Any] = {Entry.state: "approved", Entry.decided_at: act.at}
            for start in range(0, len(entries), 500):
                await Entry.update(decided).where(Entry.id.is_in(entries[start : start + 500]))
        await _keep_rest(row, chosen)
        act.record(draft=draft, entered=len(entries), left=len(shown.lines) - len(entries), approved=approve)
        act.answer["page"] = f"/work/contests/{contest_code}/entries?done=done.imported"
        for category in {line.form.event_category for line in chosen if line.form}:
            act.tell(MarksMoved(category, revisions[category]))
    return len(entries)


def _chosen(shown: Preview, *, only_good: bool, answer: str) -> list[Line]:
    if shown.counts["bad"] and not only_good:
        raise Invalid([Finding("import.rows_faulty", facts={"faulty": shown.counts["bad"]})])
    chosen = [line for line in shown.lines if line.verdict != "bad"]
    if not chosen:
        raise Conflict("import.nothing_good")
    for line in chosen:
        if unanswered(line.findings, answer.strip()):
            asked = shown.counts["ask"]
            raise Invalid([Finding("import.answer_needed", place="answer", facts={"asked": asked})])
    return chosen


async def _keep_rest(row: Mapping[str, Any], chosen: Sequence[Line]) -> None:
    """Rows that were entered leave the draft; without any left its content is gone."""
    entered = {line.number for line in chosen}
    kept = json.loads(privacy.decrypt(bytes(row["content_cipher"]), purpose="import"))
    kept["rows"] = [one for one in kept["rows"] if one[0] not in entered]
    left = bool(kept["rows"])
    values: dict[Any, Any] = {
        ImportDraft.content_cipher: privacy.encrypt(json.dumps(kept), purpose="import") if left else b"",
        ImportDraft.state: "open" if left else "accepted",
        ImportDraft.good: 0,
        ImportDraft.faulty: len(kept["rows"]),
    }
    taken = (
        await ImportDraft.update(values)
        .where((ImportDraft.id == row["id"]) & (ImportDraft.state == "open"))
        .returning(ImportDraft.id)
    )
    if not taken:
        raise Conflict("import.taken")


async def drop(viewer: Viewer, contest_code: str, draft: int, *, sending: str | None = None) -> None:
    """Give a draft up; its content is gone."""
    desk = await _desk(viewer, contest_code)
    await _draft(desk, draft)
    async with change(viewer.actor, "import.drop", f"contest:{contest_code}", sending=sending) as act:
        values: dict[Any, Any] = {ImportDraft.state: "dropped", ImportDraft.content_cipher: b""}
        await ImportDraft.update(values).where((ImportDraft.id == draft) & (ImportDraft.state == "open"))
        act.record(draft=draft)
        act.answer["page"] = f"/work/contests/{contest_code}/import"


async def drafts_of(viewer: Viewer, contest_code: str) -> list[dict[str, Any]]:
    """The viewer's own files that still wait, newest first, without their rows."""
    contest = await programme.contest(contest_code)
    columns = ImportDraft.all_columns(exclude=[ImportDraft.content_cipher])
    return (
        await ImportDraft.select(*columns)
        .where(
            (ImportDraft.account == viewer.id)
            & (ImportDraft.contest == contest["id"])
            & (ImportDraft.state == "open")
            & (ImportDraft.at > datetime.now(UTC) - KEPT_FOR)
        )
        .order_by(ImportDraft.id, ascending=False)
    )
