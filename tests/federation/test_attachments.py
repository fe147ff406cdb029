"""Files as evidence: checked by their content, without what a camera tells, kept whole or not at all."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest

from federation import attachments
from federation.changes import SYSTEM, change
from federation.refusals import Invalid, NotFound, Refusal
from federation.tables import Attachment
from tests.contests.paper_scenes import a_photo, segment

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_png(*told: bytes) -> bytes:
    dot = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return (
        PNG
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(told)
        + dot
        + chunk(b"IEND", b"")
    )


def exif(orientation: int) -> bytes:
    """What a phone writes: which side is up, then where it was taken."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return segment(0xE1, b"Exif\0\0" + tiff + b"GPS 28.68N 115.86E")


def codes(refused) -> list[str]:
    return [one.code for one in refused.value.findings]


def test_a_photo_keeps_its_picture_and_loses_place_and_device():
    sent = a_photo(exif(6), segment(0xE2, b"ICC"), segment(0xFE, b"taken with a phone"))
    checked = attachments.check(sent)
    assert b"GPS" not in checked.data
    assert b"phone" not in checked.data
    assert checked.data == b"\xff\xd8" + attachments._exif(6) + a_photo()[2:]
    assert (checked.kind, checked.cut) == ("jpeg", len(sent) - len(checked.data))
    assert checked.received == hashlib.sha256(sent).hexdigest()
    assert attachments.check(a_photo(exif(1))).data == a_photo()


def test_a_picture_loses_its_texts_and_what_hides_behind_its_end():
    sent = a_png(chunk(b"tEXt", b"Author\0Xiong"), chunk(b"eXIf", b"MM")) + b"<script>"
    assert attachments.check(sent).data == a_png()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "attachment.empty"),
        (b"MZ\x90\0", "attachment.wrong_kind"),
        (b"<svg onload=alert(1)>", "attachment.wrong_kind"),
        (a_photo()[:40], "attachment.broken"),
        (a_photo()[:-2], "attachment.broken"),
        (a_png()[:-6], "attachment.broken"),
        (a_png().replace(b"IDAT", b"IDAB"), "attachment.broken"),
        (b"%PDF-1.7 cut off", "attachment.broken"),
        (a_photo() + b"x" * 2000, "attachment.too_large"),
    ],
)
def test_what_is_not_taken(data, code):
    with pytest.raises(Invalid) as refused:
        attachments.check(data, most=1000)
    assert codes(refused) == [code]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\li\\签字 表.JPEG", "签字 表.jpg"),
        ("a\x1b[31m\u202egpj.exe", "a[31mgpj.jpg"),
        ("", "file.jpg"),
    ],
)
def test_names_are_only_names(name, kept):
    assert attachments.clean_name(name, "jpeg") == kept


async def test_a_file_is_kept_once_found_under_its_own_subject_and_damage_is_said(db, tmp_path):
    attachments.use_folder(tmp_path / "files")
    checked = attachments.check(a_photo())
    ids = []
    for _ in range(2):
        async with change(SYSTEM, "sheet.sign", "score_sheet:1") as act:
            ids.append(await attachments.keep(act, SYSTEM, checked, name="a.jpg", subject="score_sheet:1"))
    assert ids[0] == ids[1]
    assert await Attachment.count() == 1
    row, data = await attachments.opened(ids[0], "score_sheet:1")
    assert (data, row["digest"]) == (a_photo(), hashlib.sha256(a_photo()).hexdigest())
    with pytest.raises(NotFound):
        await attachments.opened(ids[0], "score_sheet:2")
    (file,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert (file.name, oct(file.stat().st_mode)[-3:]) == (row["digest"], "600")
    file.write_bytes(data[:-1] + b"\0")
    with pytest.raises(Refusal, match=r"attachment\.damaged"):
        await attachments.opened(ids[0], "score_sheet:1")


def test_only_pictures_are_shown_and_nothing_in_them_runs():
    row = {"digest": "ab" * 32, "kind": "pdf"}
    assert attachments.headers_of(row) == {
        "content-disposition": 'attachment; filename="abababababab.pdf"',
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    assert attachments.headers_of(row | {"kind": "jpeg"})["content-disposition"].startswith("inline")
