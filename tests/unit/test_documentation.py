"""What README and docs name exists: commands, make targets, files, dependencies."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from packaging.requirements import Requirement

from spatial.cli import app
from spatial.settings import REPOSITORY

PAGES = sorted(
    [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *(REPOSITORY / "docs").rglob("*.md")],
    key=str,
)
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")
MAKE = re.compile(r"(?:^|[`(\s])make ([a-z][a-z-]*)", re.MULTILINE)
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def code_of(page: Path) -> list[str]:
    """Lines of the page's code: blocks (continuation lines joined) and inline code."""
    found = []
    for block, inline in CODE.findall(page.read_text("utf-8")):
        found += (block or inline).replace("\\\n", " ").splitlines()
    return found


@cache
def root() -> Any:
    return typer.main.get_command(app)


def resolve(words: list[str]) -> Any:
    """The command the words begin with; the rest are its arguments. Fails when a group has no such command."""
    command = root()
    for word in words:
        if not hasattr(command, "resolve_command"):
            break
        context = command.make_context(command.name, [], resilient_parsing=True)
        _, found, _ = command.resolve_command(context, [word])
        assert found is not None, f"`geoioc {' '.join(words)}`: there is no command {word!r}"
        command = found
    return command


def commands_of(page: Path) -> list[str]:
    return [line for line in code_of(page) if re.search(r"(^|[\s/])geoioc +[a-z]", line)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_a_page_names_exists_with_its_options(page: Path) -> None:
    for line in commands_of(page):
        for match in re.finditer(r"(?:^|[\s/])geoioc((?: +[a-z][a-z-]*)+)([^|;&#]*)", line):
            command = resolve(match.group(1).split())
            options = {
                option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
            }
            for option in OPTION.findall(match.group(2)):
                assert option in options, f"{line}: geoioc {command.name} has no {option}"


@pytest.mark.parametrize("page", sorted((REPOSITORY / "docs" / "howto").glob("*.md")), ids=name)
def test_every_howto_with_commands_begins_with_where_they_are_typed(page: Path) -> None:
    if commands_of(page):
        first = next(line for line in page.read_text("utf-8").splitlines()[1:] if line)
        assert first.startswith("Commands are typed in the folder of the checkout")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in code_of(page):
        for target in MAKE.findall(line):
            assert target in targets, f"{line}: there is no `make {target}`"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", link):
            assert (page.parent / link).exists(), f"{name(page)} links to {link}"


def listed_in_decision() -> set[str]:
    text = (REPOSITORY / "docs" / "adr" / "0002-dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| .{15,} \|$", text, re.MULTILINE)
    assert len(rows) == len(set(rows)), "a package is listed twice"
    return set(rows)


def test_every_direct_dependency_has_its_reason_and_no_other_is_listed() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert {Requirement(line).name.lower() for line in declared} == listed_in_decision()


def test_units_taken_by_ogr2ogr_are_those_in_force() -> None:
    page = REPOSITORY / "docs" / "howto" / "ogc-feeds.md"
    taken = [line for line in code_of(page) if line.startswith("ogr2ogr") and "admin_unit" in line]
    assert taken
    assert all("level=commune" in line and "datetime=" in line for line in taken)
