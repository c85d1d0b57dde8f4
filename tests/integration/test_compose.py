"""docker-compose.yml describes the same system as `geoioc up`; where an engine runs, it is really started."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from spatial.settings import REPOSITORY

CHECK = REPOSITORY / ".ci" / "compose-check" / "run"


def compose_command() -> list[str]:
    """The compose program; skips where there is none."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker") and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        return ["docker", "compose"]
    pytest.skip("docker compose is not installed (apt-get install docker.io docker-compose)")


def run_config(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    file = str(REPOSITORY / "docker-compose.yml")
    nothing = folder / "empty.env"  # whatever .env the machine's owner keeps
    nothing.touch()
    command = [*compose_command(), "--env-file", str(nothing), "-f", file, "config"]
    environment = {name: value for name, value in os.environ.items() if name != "POSTGRES_PASSWORD"} | variables
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_compose_file_is_valid_and_has_database_server_and_worker(tmp_path: Path) -> None:
    done = run_config(tmp_path, POSTGRES_PASSWORD="secret-1")
    assert done.returncode == 0, done.stderr
    for expected in ("postgresql://geoioc:secret-1@db:5432/geoioc", "--no-jobs", "jobs", "healthcheck", "8050"):
        assert expected in done.stdout


def test_without_a_password_nothing_starts(tmp_path: Path) -> None:
    done = run_config(tmp_path)
    assert done.returncode != 0
    assert ".env" in done.stderr


def test_the_image_carries_the_version_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"image: geoioc:{project['version']}" in (REPOSITORY / "docker-compose.yml").read_text("utf-8")


def test_the_image_has_every_package_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    recipe = (REPOSITORY / "Dockerfile").read_text("utf-8")
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert f"COPY {package}/ {package}/" in recipe


@pytest.mark.skipif("GEOIOC_TEST_COMPOSE" not in os.environ, reason="builds an image: set GEOIOC_TEST_COMPOSE=1 to run")
def test_the_system_really_starts_from_the_compose_file() -> None:
    compose_command()
    if subprocess.run(["docker", "info"], capture_output=True).returncode != 0 and os.geteuid() != 0:
        pytest.skip("no Docker engine runs, and only root can start one")
    done = subprocess.run([str(CHECK)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
