"""Files as evidence: known by their content, checked by their content, kept under their SHA-256.

A file belongs to a subject of a room ("score_sheet:12"). Whoever opens it names that subject, after the room found
that this person may see it: a file of another subject is not found.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from federation.changes import Actor, Change
from federation.findings import Finding
from federation.refusals import Invalid, NotFound, Refusal
from federation.tables import Attachment

Kind = Literal["jpeg", "png", "pdf"]

MEDIA: dict[str, str] = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
MOST_BYTES = 8_000_000

_JPEG, _PNG, _PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
_TOLD_BY_PHOTOS = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})


@dataclass(slots=True)
class _Place:
    folder: Path | None = None
    most: int = MOST_BYTES


_place = _Place()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is what it should be. `data` is what is kept; `cut`: bytes about place and device left out."""

    kind: Kind
    data: bytes
    received: str
    cut: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def use_folder(folder: Path, most: int = MOST_BYTES) -> None:
    """Keep files below this folder, none larger than `most` bytes."""
    _place.folder, _place.most = folder, most


def check(data: bytes, *, most: int | None = None, place: str = "file") -> Checked:
    """What a file is by its content, without what a camera tells of place and device. Pure.

    Raises Invalid: attachment.empty, attachment.too_large (facts: size, most, in MB), attachment.wrong_kind,
    attachment.broken (facts: kind).
    """
    limit = _place.most if most is None else most
    if not data:
        raise Invalid([Finding("attachment.empty", place=place)])
    if len(data) > limit:
        facts = {"size": _megabytes(len(data), up=True), "most": _megabytes(limit)}
        raise Invalid([Finding("attachment.too_large", place=place, facts=facts)])
    kind = kind_of(data)
    if kind is None:
        raise Invalid([Finding("attachment.wrong_kind", place=place)])
    try:
        kept = {"jpeg": _jpeg, "png": _png, "pdf": _pdf}[kind](data)
    except (ValueError, IndexError, struct.error):
        raise Invalid([Finding("attachment.broken", place=place, facts={"kind": kind.upper()})]) from None
    return Checked(kind, kept, hashlib.sha256(data).hexdigest(), max(0, len(data) - len(kept)))


def kind_of(data: bytes) -> Kind | None:
    """By the first bytes; the name of a file says nothing."""
    if data.startswith(_JPEG):
        return "jpeg"
    if data.startswith(_PNG):
        return "png"
    return "pdf" if data.startswith(_PDF) else None


def _megabytes(size: int, *, up: bool = False) -> str:
    tenths = (size + 99_999) // 100_000 if up else size // 100_000
    return f"{tenths // 10}.{tenths % 10}"


def _jpeg(data: bytes) -> bytes:
    """The picture without application segments and comments; which side is up is kept, for that is no secret."""
    kept: list[bytes] = []
    first: list[bytes] = [b"\xff\xd8"]
    at = 2
    for marker, segment in _segments(data):
        at += len(segment)
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:])
            first += [_exif(orientation)] if orientation != 1 else []
        elif marker == 0xEE and segment[4:9] == b"Adobe":
            first.append(segment)  # says how colours are coded
        elif not (0xE1 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
    end = data.rfind(b"\xff\xd9")
    if end < at:
        raise ValueError
    return b"".join(first + kept) + data[at : end + 2]


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the beginning of the picture itself. Raises ValueError."""
    at, marker = 2, 0
    while marker != 0xDA:
        marker = data[at + 1]
        if data[at] != 0xFF or marker in (0xD8, 0xD9, 0xFF):
            raise ValueError
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise ValueError
        yield marker, segment
        at += 2 + length


def _orientation(tiff: bytes) -> int:
    """The orientation of a TIFF header, 1 where it says nothing."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack(order + "I", tiff[4:8])
        (count,) = struct.unpack(order + "H", tiff[first : first + 2])
        for number in range(min(count, 64)):
            field = tiff[first + 2 + 12 * number : first + 14 + 12 * number]
            tag, _kind, _count, value = struct.unpack(order + "HHIH", field[:10])
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _exif(orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(tiff)) + b"Exif\0\0" + tiff


def _png(data: bytes) -> bytes:
    """The picture without texts and times; nothing behind its end."""
    kept, at = [_PNG], len(_PNG)
    while True:
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, end = data[at + 4 : at + 8], at + 12 + length
        (crc,) = struct.unpack(">I", data[end - 4 : end])
        if zlib.crc32(data[at + 4 : end - 4]) != crc or (at == len(_PNG)) != (name == b"IHDR"):
            raise ValueError
        if name not in _TOLD_BY_PHOTOS:
            kept.append(data[at:end])
        at = end
        if name == b"IEND":
            return b"".join(kept)


def _pdf(data: bytes) -> bytes:
    """As it is: cutting into a scan could break a signature in it. It is served as a download only."""
    if b"%%EOF" not in data[-2048:]:
        raise ValueError
    return data


async def keep(act: Change, actor: Actor, checked: Checked, *, name: str, subject: str) -> int:
    """Inside an open change: the file on the disk, then its row; gives the attachment's id.

    The same file for the same subject is kept once. A file whose change is rolled back stays without a row: it
    harms nobody and the next sending finds it there.
    """
    await asyncio.to_thread(_write, checked.digest, checked.data)
    await Attachment.insert(
        Attachment(
            subject=subject,
            digest=checked.digest,
            received=checked.received,
            kind=checked.kind,
            size=len(checked.data),
            name=clean_name(name, checked.kind),
            cut=checked.cut,
            account=actor.account,
            actor=actor.name,
            at=act.at,
        )
    ).on_conflict(target=(Attachment.subject, Attachment.digest), action="DO NOTHING")
    row = (
        await Attachment.select(Attachment.id)
        .where((Attachment.subject == subject) & (Attachment.digest == checked.digest))
        .first()
    )
    assert row is not None
    act.record(file=checked.digest, kind=checked.kind, size=len(checked.data), cut=checked.cut)
    return int(row["id"])


def clean_name(name: str, kind: Kind) -> str:
    """The name a file came with, without folders, signs that steer a terminal, and with the ending of its kind."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(one for one in base if one.isprintable() and one not in '<>:"|?*%')
    stem = re.sub(r"\.(jpe?g|png|pdf|[A-Za-z0-9]{1,5})$", "", base).strip(" .")[:100] or "file"
    return f"{stem}.{'jpg' if kind == 'jpeg' else kind}"


async def attachments_of(subject: str) -> list[dict[str, Any]]:
    """The files of a subject, oldest first."""
    return await Attachment.select().where(Attachment.subject == subject).order_by(Attachment.id)


async def opened(attachment: int, subject: str) -> tuple[dict[str, Any], bytes]:
    """The row and the bytes of a file of this subject.

    Raises NotFound("attachment"), Refusal("attachment.damaged") when the bytes are not those that were kept.
    """
    row = (
        await Attachment.select()
        .where((Attachment.id == attachment) & (Attachment.subject == subject))
        .first()
    )
    if row is None:
        raise NotFound("attachment")
    try:
        data = await asyncio.to_thread(_path(row["digest"]).read_bytes)
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != row["digest"]:
        raise Refusal("attachment.damaged", name=row["name"])
    return row, data


def headers_of(row: dict[str, Any]) -> dict[str, str]:
    """What an answer with this file carries: pictures may be looked at, everything else is a download."""
    shown = "inline" if row["kind"] in ("jpeg", "png") else "attachment"
    ending = "jpg" if row["kind"] == "jpeg" else row["kind"]
    return {
        "content-disposition": f'{shown}; filename="{row["digest"][:12]}.{ending}"',
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }


def _path(digest: str) -> Path:
    if _place.folder is None:
        raise RuntimeError("the folder of files is not set")
    return _place.folder / digest[:2] / digest


def _write(digest: str, data: bytes) -> None:
    """All of it or nothing, on the disk before the row that speaks of it."""
    path = _path(digest)
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{digest[:12]}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
