"""What an installation can set: one environment variable per field, named SAICHUANG_ and the field in capitals."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "SAICHUANG_"


def setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """The settings of one running process. `meaning` of each field is what the manual and `--help` print."""

    database_url: str = setting(
        "var/saichuang.sqlite", "Database: a file, sqlite:////absolute/path or postgresql://user@host/name"
    )
    host: str = setting("127.0.0.1", "Address the server listens on")
    port: int = setting(8000, "Port the server listens on")
    keys_file: Path = setting(
        Path("var/keys.json"), "File of secret keys; made on first use, readable by its owner only"
    )
    files_folder: Path = setting(Path("var/files"), "Folder where evidence files are kept")
    demo: bool = setting(False, "Show the invented demonstration data and its sign-in cards")
    trusted_origins: tuple[str, ...] = setting(
        (), "Origins that may send forms here, by comma, when a proxy changes the host name"
    )
    max_body_bytes: int = setting(
        10_000_000, "Largest request accepted, in bytes; uploads have their own limit"
    )
    site_name: str = setting("江西职工技能竞赛与创新工作室", "Name of the site in the header, in Chinese")
    site_name_en: str = setting(
        "Jiangxi workers' skills and studios", "Name of the site in the header, in English"
    )
    short_name: str = setting("赛创 · 江西工会", "Short name of the site on phones, in Chinese")
    short_name_en: str = setting("Saichuang Jiangxi", "Short name of the site on phones, in English")
    owner: str = setting("江西省总工会", "Federation that runs the site, in Chinese")
    owner_en: str = setting("Jiangxi Federation of Trade Unions", "Federation that runs the site, in English")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read every SAICHUANG_* variable. Raises UnusableSetting, naming the variable and the remedy."""
        environment = os.environ if environment is None else environment
        given = {}
        for one in fields(cls):
            text = environment.get(PREFIX + one.name.upper())
            if text is not None and text.strip():
                given[one.name] = _read(one.name, one.default, text.strip())
        return cls(**given)

    @classmethod
    def meanings(cls) -> dict[str, tuple[Any, str]]:
        """Environment variable → (default, meaning), in the order of the fields."""
        return {PREFIX + one.name.upper(): (one.default, one.metadata["meaning"]) for one in fields(cls)}


class UnusableSetting(ValueError):
    """An environment variable holds something that cannot be used."""


def _read(name: str, default: Any, text: str) -> Any:
    variable = PREFIX + name.upper()
    if isinstance(default, bool):
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise UnusableSetting(f"{variable}={text!r}: write 1 or 0")
    if isinstance(default, int):
        if not text.isdigit():
            raise UnusableSetting(f"{variable}={text!r}: write a whole number")
        return int(text)
    if isinstance(default, tuple):
        return tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    return type(default)(text) if not isinstance(default, Path) else Path(text)


def read_keys(path: Path) -> dict[str, bytes]:
    """The secret keys (32 bytes each) by purpose: identity, lookup, signing. Makes the file when it is missing.

    `identity` encrypts identity numbers, `lookup` hashes them for matching, `signing` signs links. Losing the
    file makes stored identity numbers unreadable, so it belongs in the backup, apart from the database.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = {
            name: base64.b64encode(secrets.token_bytes(32)).decode()
            for name in ("identity", "lookup", "signing")
        }
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(keys, file, indent=2)
        with contextlib.suppress(FileExistsError):  # another process was first: its keys hold
            os.link(draft, path)
        draft.unlink()
    return {name: base64.b64decode(key) for name, key in json.loads(path.read_text()).items()}
