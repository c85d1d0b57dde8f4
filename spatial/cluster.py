"""The private PostGIS cluster below the data folder: made, started and stopped here. The only caller of pg_ctl."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from spatial.cluster_files import Places, places, prepare, server_account, write_configuration
from spatial.engine import Login
from spatial.errors import ClusterFailed, DiskFull
from spatial.settings import database_settings

LIMIT_SECONDS = 90  # a crashed cluster reads its log before it answers
LIBRARY = Path("/usr/lib/postgresql")
DATABASE = "geoioc"
NO_ROOM = re.compile(r"No space left on device|could not extend file|disk full", re.IGNORECASE)


@dataclass(frozen=True)
class Status:
    """What is known of the cluster from the outside."""

    exists: bool
    pid: int | None  # of the running server
    version: str | None
    folder: Path
    socket: Path


# ---------------------------------------------------------------- programs


def _has_postgis(bin_folder: Path) -> bool:
    share = Path("/usr/share/postgresql") / bin_folder.parent.name / "extension/postgis.control"
    return share.is_file() or any(bin_folder.parent.glob("share/**/extension/postgis.control"))


def find_programs(version: str | None = None) -> Path:
    """Folder of initdb and pg_ctl: of the given major version, else the newest that has PostGIS.

    :raises ClusterFailed: naming what to install.
    """
    found = [path.parent for path in LIBRARY.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if version is not None:
        for folder in found:
            if _version(folder) == version:
                return folder
        raise ClusterFailed(
            f"The cluster was made by PostgreSQL {version}, which is not installed: install "
            f"postgresql-{version}-postgis-3, or load the data anew in another GEOIOC_DATA."
        )
    usable = [folder for folder in found if _has_postgis(folder)]
    if not usable:
        raise ClusterFailed("PostgreSQL with PostGIS is not installed: apt-get install postgresql postgresql-postgis.")
    return max(usable, key=lambda folder: int(_version(folder)))


def _version(bin_folder: Path) -> str:
    text = subprocess.run([bin_folder / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+)", text)
    assert match is not None
    return match.group(1)


def _run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    account = server_account()
    return subprocess.run(
        [program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        user=account,
        group=account,
        extra_groups=[] if account else None,
    )


# ---------------------------------------------------------------- state


def _server_pid(place: Places) -> int | None:
    """Process id of the running server; None also when the pid file is left over from another life."""
    try:
        pid = int((place.pg / "postmaster.pid").read_text().split("\n", 1)[0])
        # A server works inside its own folder; any other program with that number is none of ours.
        return pid if Path(f"/proc/{pid}/cwd").resolve(strict=True) == place.pg else None
    except (FileNotFoundError, ProcessLookupError, PermissionError, ValueError):
        return None


def status() -> Status:
    """The cluster's state; asks no server."""
    place = places()
    return Status(place.version is not None, _server_pid(place), place.version, place.pg, place.socket)


@contextmanager
def _locked(place: Places) -> Iterator[None]:
    """One start or stop at a time, with a limit."""
    place.root.mkdir(parents=True, exist_ok=True)
    with open(place.lock, "w", encoding="utf-8") as handle:
        until = time.monotonic() + LIMIT_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise ClusterFailed(
                        f"Another command is starting or stopping the cluster ({place.lock})."
                    ) from None
                time.sleep(0.1)
        yield


# ---------------------------------------------------------------- actions


def start(*, durable: bool = True) -> Status:
    """Make the cluster if there is none, and start it if it does not run. Safe to call at any time.

    ``durable=False`` trades safety after a power cut for speed: for tests.

    :raises ClusterFailed: with the server's own last words.
    :raises DiskFull: when there is no room.
    """
    _refuse_foreign_database()
    place = places()
    try:
        with _locked(place):
            prepare(place)
            _init(place)
            if _server_pid(place) is None:
                _start_server(place, durable=durable)
            _create_roles_and_database(place)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"The database cannot be started in {place.root}: there is no room left on the disk."
            ) from None
        raise ClusterFailed(f"The cluster cannot be made in {place.root}: {error.strerror}.") from error
    return status()


def stop() -> bool:
    """Stop the server; False when none ran.

    :raises ClusterFailed: when it does not stop in time.
    """
    _refuse_foreign_database()
    place = places()
    if place.version is None:
        return False
    with _locked(place):
        if _server_pid(place) is None:
            return False
        answer = _run(_pg_ctl(place), "stop", "-D", str(place.pg), "-m", "fast", "-w", "-t", str(LIMIT_SECONDS))
        if answer.returncode != 0:
            raise ClusterFailed(f"The database did not stop: {_last_words(answer.stderr)}")
    return True


def kill() -> None:
    """End the server at once, as a power cut would; its next start recovers. For tests of exactly that."""
    place = places()
    if pid := _server_pid(place):
        os.kill(pid, signal.SIGKILL)


def _refuse_foreign_database() -> None:
    if database_settings().database_url is not None:
        raise ClusterFailed("DATABASE_URL is set: that database is not started or stopped from here.")


def _pg_ctl(place: Places) -> Path:
    return find_programs(place.version) / "pg_ctl"


def _init(place: Places) -> None:
    if place.version is not None:
        return
    if place.pg.is_dir() and any(place.pg.iterdir()):
        raise ClusterFailed(f"{place.pg} is not a PostgreSQL cluster and not empty: move it away.")
    making = place.pg.with_name("pg.new")
    shutil.rmtree(making, ignore_errors=True)  # of an attempt that was killed
    making.mkdir(mode=0o700)
    if account := server_account():
        shutil.chown(making, account, account)
    answer = _run(
        find_programs() / "initdb",
        "-D", str(making), "-U", Login.OWNER.value, "-E", "UTF8", "--locale=C.UTF-8", "--auth=peer", "--data-checksums",
    )  # fmt: skip
    if answer.returncode != 0:
        shutil.rmtree(making, ignore_errors=True)
        raise _failure("The database cannot be made", answer.stderr)
    with open(making / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("\ninclude 'geoioc.conf'\n")
    if place.pg.is_dir():
        place.pg.rmdir()
    making.rename(place.pg)


def _start_server(place: Places, *, durable: bool) -> None:
    write_configuration(place, durable=durable)
    # No server of ours runs (we looked, under the lock), so these are left over; PostgreSQL itself would believe them
    # when their process id has gone to another program, or to a dead one that nobody reaped, as in containers.
    for left in (place.pg / "postmaster.pid", place.socket / ".s.PGSQL.5432.lock", place.socket / ".s.PGSQL.5432"):
        left.unlink(missing_ok=True)
    if place.log.is_file() and place.log.stat().st_size > 20 * 2**20:
        place.log.replace(place.log.with_suffix(".log.1"))
    before = place.log.stat().st_size if place.log.is_file() else 0
    command = ("start", "-D", str(place.pg), "-l", str(place.log), "-w", "-t", str(LIMIT_SECONDS))
    answer = _run(_pg_ctl(place), *command)
    until = time.monotonic() + 10
    while answer.returncode != 0 and "still in use" in _said(place, before) and time.monotonic() < until:
        time.sleep(0.5)  # sessions of a server that was killed let go of its memory
        before = place.log.stat().st_size
        answer = _run(_pg_ctl(place), *command)
    if answer.returncode != 0:
        raise _failure("The database does not start", _said(place, before) or answer.stderr)


def _said(place: Places, since: int) -> str:
    """What the server wrote to its log from that byte on."""
    if not place.log.is_file():
        return ""
    with open(place.log, "rb") as file:
        file.seek(since)
        return file.read().decode("utf-8", "replace")


def _failure(what: str, said: str) -> ClusterFailed | DiskFull:
    if NO_ROOM.search(said):
        return DiskFull(f"{what}: there is no room left on the disk.")
    return ClusterFailed(f"{what}: {_last_words(said)}")


def _last_words(text: str) -> str:
    """The lines that say why, as one: what is wrong or fatal, without the log's time stamps; else the last line."""
    lines = [re.sub(r"^\d{4}-\d\d-\d\d .*? \[\d+\] \S*@\S* ", "", line).strip() for line in text.splitlines()]
    telling = [line for line in lines if re.search(r"\b(FATAL|PANIC|ERROR|error):|invalid|unrecognized", line)]
    return "; ".join((telling or [line for line in lines if line] or ["it gave no reason"])[-2:])


def _create_roles_and_database(place: Places) -> None:
    """The two reading logins and the database; migrations do the rest."""
    try:
        with psycopg.connect(
            host=str(place.socket), port=5432, user=Login.OWNER.value, dbname="postgres", autocommit=True
        ) as connection:
            for login in (Login.APP, Login.FEED):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login.value]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login.value)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.OperationalError as error:
        raise _failure("The database does not answer", str(error)) from None
