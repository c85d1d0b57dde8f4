"""``geoioc`` at the command line: help without delay, and one clear sentence for whatever the user can act on."""

from __future__ import annotations

import socket
from importlib.metadata import entry_points

import pytest
from helpers.commands import geoioc

NOWHERE = "postgresql://geoioc@/geoioc?host=/nonexistent"


def test_help_names_every_command_with_a_sentence() -> None:
    answer = geoioc("--help")
    assert answer.returncode == 0
    listed = [line.strip(" │").split(maxsplit=1) for line in answer.stdout.splitlines() if line.startswith("│")]
    said = {words[0]: words[1] for words in listed if len(words) == 2}
    for point in entry_points(group="geoioc.commands"):
        assert len(said[point.name]) > 20


@pytest.mark.parametrize("command", sorted(point.name for point in entry_points(group="geoioc.commands")))
def test_every_command_has_help(command: str) -> None:
    answer = geoioc(command, "--help")
    assert answer.returncode == 0, answer.stderr
    assert "Usage: geoioc" in answer.stdout


def clear(answer_stderr: str) -> bool:
    return "Traceback" not in answer_stderr and len(answer_stderr.strip().splitlines()) == 1


def test_an_unknown_command_is_said_and_ends_with_2() -> None:
    answer = geoioc("nonsense")
    assert answer.returncode == 2
    assert "No such command 'nonsense'" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", [("db", "status"), ("db", "migrate"), ("jobs", "run", "rollup"), ("status",)])
def test_a_dead_database_is_one_sentence_and_ends_with_3(command: tuple[str, ...]) -> None:
    answer = geoioc(*command, DATABASE_URL=NOWHERE)
    assert answer.returncode == 3, answer.stderr
    assert "The database does not answer" in answer.stderr
    assert clear(answer.stderr)


def test_a_taken_port_is_said_before_any_work_and_ends_with_4() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = geoioc("up", "--port", str(other.getsockname()[1]), DATABASE_URL=NOWHERE)
    assert answer.returncode == 4, answer.stderr
    assert "cannot be used (address already in use)" in answer.stderr
    assert clear(answer.stderr)


def test_an_unknown_layer_names_those_there_are(database: str) -> None:
    answer = geoioc("layers", "show", "moon")
    assert answer.returncode != 0
    assert "moon" in answer.stderr
    assert "school" in answer.stderr
    assert clear(answer.stderr)


def test_a_wrong_setting_is_named_and_ends_with_2() -> None:
    answer = geoioc("up", GEOIOC_PORT="eighty")
    assert answer.returncode == 2
    assert "'port'" in answer.stderr
    assert clear(answer.stderr)


def test_a_database_without_tables_says_to_migrate(databases: object, database: str) -> None:
    assert geoioc("db", "downgrade", "base", answer="y\n").returncode == 0
    answer = geoioc("jobs", "run", "links")
    assert answer.returncode == 3, answer.stderr
    assert "geoioc db migrate" in answer.stderr
    assert clear(answer.stderr)


def test_migrating_says_from_where_to_where_and_then_that_nothing_was_to_do(database: str) -> None:
    assert "was up to date" in geoioc("db", "migrate").stdout
    geoioc("db", "downgrade", "base", answer="y\n")
    assert "empty ->" in geoioc("db", "migrate").stdout


def test_reset_asks_first(database: str) -> None:
    refused = geoioc("db", "reset", answer="n\n")
    assert refused.returncode != 0
    assert "is empty" not in refused.stdout
    assert "is empty" in geoioc("db", "reset", "--yes").stdout


def test_status_lists_every_layer(database: str) -> None:
    answer = geoioc("status")
    assert answer.returncode == 0, answer.stderr
    for layer in ("parcel", "air_observation", "rainfall_grid"):
        assert layer in answer.stdout


def test_psql_takes_further_arguments(database: str) -> None:
    answer = geoioc("db", "psql", "-At", "-c", "SELECT core.vn_fold('Nam Định')")
    assert answer.stdout.strip() == "nam dinh"


def test_vacuum_ends_well(database: str) -> None:
    assert geoioc("db", "vacuum").returncode == 0
