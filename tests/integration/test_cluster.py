"""The private cluster: made once, started and stopped at will, and honest about what is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from helpers.databases import environment

from spatial import cluster
from spatial.cluster_files import places
from spatial.errors import ClusterFailed


@pytest.fixture
def data() -> Iterator[Path]:
    """An empty data folder; whatever runs in it is stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="geoioc-cluster-"))
    folder.chmod(0o755)
    with environment(GEOIOC_DATA=str(folder), DATABASE_URL=None):
        yield folder
        cluster.stop()
    shutil.rmtree(folder)


def ask(statement: str) -> object:
    with psycopg.connect(host=str(cluster.status().socket), user="geoioc", dbname="geoioc") as connection:
        row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]


def test_nothing_exists_before_the_first_start(data: Path) -> None:
    status = cluster.status()
    assert (status.exists, status.pid) == (False, None)
    assert cluster.stop() is False


def test_the_first_start_makes_a_cluster_with_the_database_and_the_reading_logins(data: Path) -> None:
    status = cluster.start(durable=False)
    assert status.pid is not None
    assert ask("SELECT current_database()") == "geoioc"
    assert ask("SELECT count(*) FROM pg_roles WHERE rolname IN ('geoioc_app', 'geoioc_feed') AND NOT rolsuper") == 2
    assert ask("SHOW listen_addresses") == ""
    assert ask("SHOW data_checksums") == "on"


def test_a_second_start_finds_the_running_server(data: Path) -> None:
    first = cluster.start(durable=False)
    assert cluster.start(durable=False).pid == first.pid


def test_data_survive_a_stop_and_a_start(data: Path) -> None:
    cluster.start(durable=False)
    with psycopg.connect(host=str(cluster.status().socket), user="geoioc", dbname="geoioc") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert cluster.stop() is True
    assert cluster.status().pid is None
    cluster.start(durable=False)
    assert ask("SELECT answer FROM kept") == 42


def test_a_killed_server_starts_again(data: Path) -> None:
    killed = cluster.start(durable=False).pid
    cluster.kill()
    assert cluster.start(durable=False).pid != killed
    assert ask("SELECT 1") == 1


def test_a_pid_file_left_over_that_names_a_stranger_neither_stops_us_nor_hurts_the_stranger(data: Path) -> None:
    cluster.start(durable=False)
    cluster.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = places().pg / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{places().pg}\n1700000000\n5432\n{places().socket}\n\n\n")
        assert cluster.status().pid is None
        assert cluster.stop() is False
        assert cluster.start(durable=False).pid != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_starts_at_once_make_one_cluster(data: Path) -> None:
    pids: list[int | None] = []
    threads = [threading.Thread(target=lambda: pids.append(cluster.start(durable=False).pid)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 3
    assert len(set(pids)) == 1


def test_a_cluster_that_was_half_made_is_made_anew(data: Path) -> None:
    (data / "pg.new").mkdir()
    (data / "pg.new" / "PG_VERSION").write_text("15")
    cluster.start(durable=False)
    assert ask("SELECT 1") == 1
    assert not (data / "pg.new").exists()


def test_a_folder_that_is_no_cluster_is_left_alone(data: Path) -> None:
    (data / "pg").mkdir()
    (data / "pg" / "thesis.txt").write_text("do not delete")
    with pytest.raises(ClusterFailed, match="not a PostgreSQL cluster"):
        cluster.start()
    assert (data / "pg" / "thesis.txt").read_text() == "do not delete"


def test_a_cluster_of_a_version_that_is_not_installed_names_the_package(data: Path) -> None:
    (data / "pg").mkdir()
    (data / "pg" / "PG_VERSION").write_text("9")
    with pytest.raises(ClusterFailed, match="postgresql-9-postgis-3"):
        cluster.start()
    shutil.rmtree(data / "pg")


def test_a_server_that_cannot_start_gives_its_reason_in_one_sentence(data: Path) -> None:
    cluster.start(durable=False)
    cluster.stop()
    with open(places().pg / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("work_mem = 'plenty'\n")
    with pytest.raises(ClusterFailed, match=r"work_mem") as raised:
        cluster.start(durable=False)
    assert "\n" not in str(raised.value)


def test_a_database_named_by_database_url_is_never_started_or_stopped(data: Path) -> None:
    with environment(DATABASE_URL="postgresql://somebody@elsewhere/geo"):
        for action in (cluster.start, cluster.stop):
            with pytest.raises(ClusterFailed, match="DATABASE_URL"):
                action()


def test_a_long_path_still_gets_a_socket(data: Path) -> None:
    deep = data / ("long" * 20)
    with environment(GEOIOC_DATA=str(deep)):
        try:
            status = cluster.start(durable=False)
            assert len(str(status.socket)) <= 90
            assert ask("SELECT 1") == 1
        finally:
            cluster.stop()
            shutil.rmtree(places().socket, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's account cannot reach")
def test_a_data_folder_closed_to_the_servers_account_is_linked_from_elsewhere(data: Path) -> None:
    closed = data / "closed" / "data"
    closed.mkdir(parents=True)
    (data / "closed").chmod(0o700)
    with environment(GEOIOC_DATA=str(closed)):
        try:
            status = cluster.start(durable=False)
            assert closed not in status.folder.parents
            assert (closed / "pg").is_symlink()
            assert ask("SELECT 1") == 1
            cluster.stop()
            cluster.start(durable=False)
            assert ask("SELECT 1") == 1
        finally:
            cluster.stop()
            shutil.rmtree(places().pg.parent)
