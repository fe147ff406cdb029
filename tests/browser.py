"""Finds the browser of the tests, and installs one where there is none: `python tests/browser.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def system_browser() -> str | None:
    """The path of a Chromium of the system, or None when Playwright's own is to be used."""
    return os.environ.get("SAICHUANG_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Debian's Chromium where apt and the rights are there, otherwise Playwright's own build."""
    if system_browser():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
        packages = ["chromium", "fonts-noto-cjk"]
        done = subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=False, env=environment)
        if done.returncode == 0 and system_browser():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    install()
