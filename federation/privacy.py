"""Identity numbers and phones: encrypted at rest, matched by keyed hash, masked on screen. Pure but for randomness.

The keys come from outside the database (`use_keys`): whoever has only the database can neither read nor
enumerate the numbers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_keys: dict[str, bytes] = {}


def use_keys(keys: Mapping[str, bytes]) -> None:
    """Set the 32-byte keys `identity` (encryption), `lookup` (hashing) and `signing` (links) for this process."""
    _keys.update(keys)


def encrypt(text: str, *, purpose: str) -> bytes:
    """Version byte, 12-byte nonce, AES-256-GCM; bound to its purpose so that ciphertexts cannot be swapped."""
    nonce = secrets.token_bytes(12)
    return _VERSION + nonce + AESGCM(_keys["identity"]).encrypt(nonce, text.encode(), purpose.encode())


def decrypt(cipher: bytes, *, purpose: str) -> str:
    return AESGCM(_keys["identity"]).decrypt(cipher[1:13], cipher[13:], purpose.encode()).decode()


def lookup_hash(text: str) -> str:
    """The same person's number gives the same hash across years; without the key it cannot be enumerated."""
    return hmac.digest(_keys["lookup"], text.strip().upper().encode(), hashlib.sha256).hex()


def signature(text: str) -> str:
    """Twenty letters and digits that nobody without the key `signing` can make for this text: for links."""
    return (
        base64.b32encode(hmac.digest(_keys["signing"], text.encode(), hashlib.sha256))[:20].decode().lower()
    )


def same_signature(text: str, given: str) -> bool:
    return hmac.compare_digest(signature(text).encode(), given.lower().encode())


def mask_identity(number: str) -> str:
    """First four and last four characters, for signed-in staff only."""
    return number[:4] + "*" * max(0, len(number) - 8) + number[-4:] if len(number) > 8 else "*" * len(number)


def mask_phone(number: str) -> str:
    return number[:3] + "****" + number[-4:] if len(number) == 11 else "*" * len(number)


COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 司徒 夏侯 皇甫 尉迟 公孙 慕容 令狐 东方 西门 南宫 长孙 宇文 端木 申屠 轩辕 司空".split()
)


def mask_name(name: str) -> str:
    """熊* for two characters, 李*明 for three, 欧阳* for a compound surname; as shown while a contest runs."""
    if len(name) <= 1:
        return name
    if name[:2] in COMPOUND_SURNAMES:
        return name[:2] + "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
