"""What an installation can set: one environment variable per field, SAICHUANG_ and its name in capitals."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

PREFIX = "SAICHUANG_"
PURPOSES = ("identity", "lookup", "signing")


@dataclass(frozen=True)
class Settings:
    """The settings of one running process. The note of each field is what the manual prints."""

    database_url: Annotated[
        str, "Database: a file, sqlite:////absolute/path or postgresql://user@host/name"
    ] = "var/saichuang.sqlite"
    host: Annotated[str, "Address the server listens on"] = "127.0.0.1"
    port: Annotated[int, "Port the server listens on"] = 8000
    keys_file: Annotated[Path, "File of secret keys, made on first use for its owner only"] = Path(
        "var/keys.json"
    )
    files_folder: Annotated[Path, "Folder where evidence files are kept"] = Path("var/files")
    demo: Annotated[bool, "Show the invented demonstration data and its sign-in cards"] = False
    trusted_origins: Annotated[
        tuple[str, ...], "Origins, by comma, whose forms are taken behind a proxy"
    ] = ()
    max_body_bytes: Annotated[int, "Largest request in bytes; uploads have their own limit"] = 10_000_000
    upload_bytes: Annotated[int, "Largest evidence file in bytes (photo or scan)"] = 8_000_000
    site_name: Annotated[str, "Name of the site in Chinese"] = "江西职工技能竞赛与创新工作室"
    site_name_en: Annotated[str, "Name of the site in English"] = "Jiangxi workers' skills and studios"
    short_name: Annotated[str, "Name on phones in Chinese"] = "赛创 · 江西工会"
    short_name_en: Annotated[str, "Name on phones in English"] = "Saichuang Jiangxi"
    owner: Annotated[str, "Federation that runs the site, in Chinese"] = "江西省总工会"
    owner_en: Annotated[str, "Federation that runs the site, in English"] = (
        "Jiangxi Federation of Trade Unions"
    )

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
        hints = get_type_hints(cls, include_extras=True)
        return {
            PREFIX + one.name.upper(): (one.default, hints[one.name].__metadata__[0]) for one in fields(cls)
        }


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
    """The secret keys (32 bytes each) by purpose: identity, lookup, signing. Makes a missing file.

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
