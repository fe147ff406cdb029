"""What anybody learns who holds a certificate's code. No name in full, no reason, nothing of those not made yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from contests.awards.listing import FINAL
from contests.certificates.codes import is_code, tidy_code
from contests.certificates.contents import is_sound, read
from contests.certificates.standing import KNOWN_OUTSIDE
from contests.tables import Certificate
from federation.privacy import mask_name


@dataclass(frozen=True, slots=True)
class Checked:
    """`state`: valid, replaced, revoked or broken (the record is not what was frozen). `by` is the number of the
    certificate that took its place. `under_review`: the result it rests on is being checked again."""

    state: str
    code: str
    number: str
    name: str
    organisation: str
    award: str
    contest: str
    contest_en: str
    event: str
    event_en: str
    category: str
    issuer: str
    issued_on: date
    hash: str
    file_hash: str
    ended_at: datetime | None
    by: str
    under_review: bool


async def check(text: str) -> Checked | None:
    """The certificate of a code as people type it, or None. A slip in typing never asks the database."""
    code = tidy_code(text)
    if not is_code(code):
        return None
    row = (
        await Certificate.select(
            *Certificate.all_columns(),
            Certificate.event_category.state.as_alias("stage"),
            Certificate.event_category.event.name_en.as_alias("event_en"),
            Certificate.event_category.event.contest.name_en.as_alias("contest_en"),
        )
        .where((Certificate.code == code) & Certificate.state.is_in([*KNOWN_OUTSIDE]))
        .first()
    )
    if row is None:
        return None
    by = await Certificate.select(Certificate.number).where(Certificate.replaces == row["id"]).first()
    printed = read(row)
    return Checked(
        state=row["state"] if is_sound(row) else "broken",
        code=code,
        number=row["number"],
        name=mask_name(printed["name"]),
        organisation=printed["organisation"],
        award=printed["award"],
        contest=printed["contest"],
        contest_en=row["contest_en"] or "",
        event=printed["event"],
        event_en=row["event_en"] or "",
        category=printed["category_code"],
        issuer=printed["issuer"],
        issued_on=date.fromisoformat(printed["issued_on"]),
        hash=row["hash"],
        file_hash=row["file_hash"],
        ended_at=row["ended_at"],
        by=by["number"] if by else "",
        under_review=row["state"] == "valid" and row["stage"] not in FINAL,
    )
