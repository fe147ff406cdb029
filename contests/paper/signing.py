"""A filled sheet comes back signed: who saw it, the photo, and the print it belongs to. From then on it is frozen."""

from __future__ import annotations

from typing import Any

from contests.paper.sheets import PaperSheet, the_sheet
from contests.programme import touch
from contests.rules import may_sign_sheets
from contests.tables import SheetSignature
from federation import attachments
from federation.accounts import Viewer
from federation.changes import change
from federation.findings import Finding
from federation.refusals import AlreadyDone, Conflict, Forbidden, Invalid


def subject_of(sheet: PaperSheet) -> str:
    """What the photos of a sheet belong to."""
    return f"score_sheet:{sheet.row['id']}"


async def sign_sheet(
    viewer: Viewer,
    code: str,
    *,
    version: int,
    shown_hash: str,
    seen: bool,
    photo: tuple[str, bytes] | None,
    sending: str | None = None,
) -> None:
    """Record that this print carries its signatures. `shown_hash`: at least the first 8 signs on the paper.

    `photo`: name and bytes. Raises NotFound, Forbidden (sheet.sign_not_yours, sheet.sign_own), Conflict
    (sheet.print_old: the marks moved or a newer print exists; sheet.signed), Invalid (sheet.not_seen,
    sheet.wrong_hash, sheet.photo_missing, attachment.…).
    """
    sheet = await the_sheet(viewer, code)
    _may_sign(viewer, sheet)
    findings = [] if seen else [Finding("sheet.not_seen", place="seen")]
    if photo is None and sheet.rule.photo:
        findings.append(Finding("sheet.photo_missing", place="photo"))
    if findings:
        raise Invalid(findings)
    checked = attachments.check(photo[1], place="photo") if photo else None
    try:
        async with change(viewer.actor, "sheet.sign", subject_of(sheet), sending=sending) as act:
            await touch(sheet.category["id"])
            sheet = await the_sheet(viewer, code)
            _may_sign(viewer, sheet)
            printed = _print(sheet, version, shown_hash)
            kept = None
            if photo and checked:
                kept = await attachments.keep(
                    act, viewer.actor, checked, name=photo[0], subject=subject_of(sheet)
                )
            await SheetSignature.insert(
                SheetSignature(
                    print=printed["id"],
                    sheet=sheet.row["id"],
                    photo=kept,
                    account=viewer.actor.account,
                    actor=viewer.actor.name,
                    at=act.at,
                )
            )
            act.record(version=version, hash=printed["hash"])
    except AlreadyDone:
        return


def is_own(viewer: Viewer, sheet: PaperSheet) -> bool:
    """Whether this person confirmed the sheet or wrote one of the marks that stand on it."""
    wrote = {sheet.marks[key]["account"] for key in sheet.keys if key in sheet.marks}
    return viewer.id in wrote | sheet.accounts(1, 2, 3)


def _may_sign(viewer: Viewer, sheet: PaperSheet) -> None:
    if not may_sign_sheets(viewer, sheet.category["ground"]):
        raise Forbidden("sheet.sign_not_yours")
    if is_own(viewer, sheet):
        raise Forbidden("sheet.sign_own")


def _print(sheet: PaperSheet, version: int, shown_hash: str) -> dict[str, Any]:
    """The print that came back, if it is the newest and still says what the marks say."""
    if not sheet.prints or sheet.row["state"] != "confirmed":
        raise Conflict("sheet.unconfirmed")
    last = sheet.prints[-1]
    if last["version"] != version or not sheet.is_shown_by(last):
        raise Conflict("sheet.print_old")
    typed = "".join(shown_hash.lower().split())
    if len(typed) < 8 or not last["hash"].startswith(typed):
        raise Invalid([Finding("sheet.wrong_hash", place="hash", facts={"typed": shown_hash[:40]})])
    if any(one["print"] == last["id"] for one in sheet.signatures):
        raise Conflict("sheet.signed")
    return last


async def photo_of(viewer: Viewer, code: str, attachment: int) -> tuple[dict[str, Any], bytes]:
    """A photo of a sheet for whoever may see the sheet. Raises NotFound, Forbidden, Refusal."""
    sheet = await the_sheet(viewer, code)
    return await attachments.opened(attachment, subject_of(sheet))
