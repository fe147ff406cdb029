"""The site as its own process, on a free port, for browsers and for programs that knock it over."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from federation import accounts
from federation.accounts import Viewer
from federation.changes import change
from tests.conftest import known_keys
from web.guards import COOKIE

PATIENCE = 90
"""Seconds a server may take to answer first, on a machine that does much else."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A served site over one database. `kill` is SIGKILL, as a power cut is; `start` serves again there."""

    def __init__(self, database_url: str, folder: Path, **settings: str) -> None:
        self.database_url = database_url
        self.folder = folder
        self.port = free_port()
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        known_keys(folder)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text("utf-8")

    def environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "SAICHUANG_DATABASE_URL": self.database_url,
            "SAICHUANG_KEYS_FILE": str(self.folder / "keys.json"),
            "SAICHUANG_FILES_FOLDER": str(self.folder / "files"),
            **{f"SAICHUANG_{name.upper()}": value for name, value in self.settings.items()},
        }

    def start(self) -> Site:
        command = [sys.executable, "-m", "uvicorn", "--factory", "web.app:create_app"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        command += ["--timeout-graceful-shutdown", "2"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)
        self._wait()
        return self

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{self.log}")
            try:
                httpx.get(f"{self.url}/static/seal.svg", timeout=2)
            except httpx.TransportError:
                time.sleep(0.03)
            else:
                return
        self.kill()
        raise RuntimeError(f"the server does not answer:\n{self.log}")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()


async def session_of(viewer: Viewer) -> str:
    """The secret of a new sign-in of this person."""
    async with change(viewer.actor, "account.sign_in", f"account:{viewer.id}") as act:
        return await accounts._open_session(act, viewer.id)


def cookie(secret: str) -> dict[str, str]:
    return {COOKIE: secret}
