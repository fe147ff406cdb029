"""The house tests itself. Each failure says where the thing belongs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from web import app, menu
from web.cli import main
from web.settings import Settings

ROOT = Path(__file__).parents[1]
ROOMS = ("federation", "contests", "studios", "web")
README = (ROOT / "README.md").read_text(encoding="utf-8") if (ROOT / "README.md").exists() else ""
TOP = {
    "federation", "contests", "studios", "web", "tests", "data", ".ci",
    "README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "LICENSE", "Makefile", "docs",
    "pyproject.toml", "requirements.lock", "requirements-dev.lock", ".gitignore", ".editorconfig",
}  # fmt: skip
MISC_ROOMS = {
    "service",
    "services",
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "core",
}
WORKERS_OWN = {"/service-worker.js"}  # asked for by a script and by the browser, never by a person
LONGEST_HANDLER = 45
LONGEST_FILE = 450


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def sources() -> list[Path]:
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def test_the_rooms_keep_their_order():
    """Import contracts: a page asks a room, the room asks the ground floor, the ground floor asks nobody."""
    checked = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_nothing_else_stands_at_the_top():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP == set()


def test_no_file_is_the_misc_room():
    """Name a file after its subject; what two subjects share is a subject of its own."""
    assert [path for path in sources() if path.stem in MISC_ROOMS] == []


def test_no_file_is_longer_than_a_person_reads():
    """A subject that wants more wants a folder of its own name."""
    long = {
        str(path.relative_to(ROOT)): length
        for path in sources()
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_every_setting_is_documented():
    assert [name for name in Settings.meanings() if name not in README] == []


def commands(group: click.Command, path: str = "saichuang") -> list[str]:
    if not isinstance(group, click.Group):
        return [path]
    return [
        one for name, command in sorted(group.commands.items()) for one in commands(command, f"{path} {name}")
    ]


def test_every_command_is_documented_and_helps():
    assert [command for command in commands(main) if command not in README] == []


def test_the_readme_says_the_two_commands_that_ci_runs():
    assert {"make run", "make test"} <= set(re.findall(r"make \w+", README))
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def handlers() -> list[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    """Functions of web/pages and web/api that answer an address."""
    found = []
    for path in tracked("web/pages/*.py", "web/api/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                for decorator in node.decorator_list:
                    name = getattr(getattr(decorator, "func", decorator), "id", "")
                    if name in {"get", "post", "put", "delete", "route", "asgi", "head"}:
                        found.append((f"{path.relative_to(ROOT)}:{node.name}", node))
    return found


def test_every_function_that_answers_an_address_is_read_at_a_glance():
    """Parse, call the room, render: the rest belongs to the room."""
    lengths = {name: node.end_lineno - node.lineno + 1 for name, node in handlers()}
    assert len(lengths) > 30
    assert {name: length for name, length in lengths.items() if length > LONGEST_HANDLER} == {}


def test_every_menu_entry_leads_somewhere():
    site = app.create_app(Settings(database_url="unused"))
    paths = {route.path for route in site.routes}
    places = ("public", "work", "tab", "foot")
    listed = {entry.path for entry in menu._entries if entry.place in places}
    assert listed - paths == set()


@pytest.mark.parametrize("module", [module.__name__ for module in app.page_modules()])
def test_every_page_module_can_be_reached_from_a_menu_or_a_page(module):
    """A page nobody links to is a page nobody finds."""
    templates = "\n".join(
        path.read_text(encoding="utf-8") for path in tracked("web/templates/*", "web/templates/**/*")
    )
    site = sys.modules[module]
    stems = {
        "/" + path.strip("/").split("/")[0] for route in site.routes for path in getattr(route, "paths", ())
    }
    linked = (
        set(re.findall(r"link\(\s*['\"](/[\w-]*)", templates))
        | {"/" + entry.path.strip("/").split("/")[0] for entry in menu._entries}
        | {"/", "/api"}
        | WORKERS_OWN
    )
    assert stems & linked, stems


def test_no_registry_or_machine_path_is_named():
    """The repository speaks of the product alone."""
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org")
    paths = re.compile(r"(?<![\w.])/(?:work/main|work/shared|root)\b")
    named = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".lock", ".json", ".sh", ".html", ".yml", ""}
        and (hosts.search(text := path.read_text(encoding="utf-8", errors="ignore")) or paths.search(text))
        and path != Path(__file__)
    ]
    assert named == []
