"""Where the private cluster lives, and the configuration files it starts with."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

from spatial.engine import Login, socket_dir
from spatial.errors import ClusterFailed
from spatial.settings import data_settings

SYSTEM_FOLDER = Path("/var/lib/geoioc")
SHARED_MEMORY_NEEDED = 256 * 2**20

HBA = "local all all peer map=geoioc\n"
MEGABYTE = 2**20


def server_account() -> str | None:
    """OS account the server runs as: ``postgres`` when we are root, which PostgreSQL refuses; else None, ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise ClusterFailed(
            "PostgreSQL does not run as root and there is no OS user `postgres`: install the package postgresql, "
            "or run as an ordinary user."
        ) from None
    return "postgres"


@dataclass(frozen=True)
class Places:
    """Folders of one private cluster. ``pg`` and ``run`` below the data folder may be symlinks, see ``prepare``."""

    root: Path

    @property
    def link(self) -> Path:
        """The cluster as seen from the data folder."""
        return self.root / "pg"

    @property
    def pg(self) -> Path:
        """The cluster itself."""
        return self.link.resolve()

    @property
    def log(self) -> Path:
        return self.pg / "geoioc.log"

    @property
    def socket(self) -> Path:
        return Path(socket_dir())

    @property
    def lock(self) -> Path:
        return self.root / "cluster.lock"

    @property
    def version(self) -> str | None:
        """Major version that made the cluster; None when there is none."""
        try:
            return (self.pg / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return None


def places() -> Places:
    """Folders of the cluster that belongs to the data folder in force."""
    return Places(data_settings().root)


def prepare(place: Places) -> None:
    """Make the folders.

    As root, the account ``postgres`` must reach them: where a parent folder keeps it out (a checkout below a closed
    home), the real folders are made below /var/lib/geoioc and linked from the data folder.
    """
    place.root.mkdir(parents=True, exist_ok=True)
    account = server_account()
    if account and not place.link.is_symlink() and not _reachable(place.root, account):
        _move_out(place, account)
    place.socket.mkdir(exist_ok=True)
    owner = place.socket.stat().st_uid
    if owner not in (os.geteuid(), pwd.getpwnam(account).pw_uid if account else os.geteuid()):
        raise ClusterFailed(f"{place.socket} belongs to another user; remove it or choose another GEOIOC_DATA.")
    _give(place.socket, account)


def _give(folder: Path, account: str | None) -> None:
    folder.chmod(0o755)  # whatever the umask: who may connect is decided by pg_hba.conf
    if account:
        shutil.chown(folder, account, account)


def _move_out(place: Places, account: str) -> None:
    if place.link.exists():
        raise ClusterFailed(f"The OS user {account} cannot reach {place.link}: chmod o+x its parent folders.")
    real = SYSTEM_FOLDER / f"{zlib.crc32(str(place.root).encode()):08x}"
    for folder in (SYSTEM_FOLDER, real, real / "run"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    place.link.symlink_to(real / "pg")
    run = place.root / "run"
    if run.is_dir() and not run.is_symlink():
        shutil.rmtree(run)  # sockets of a server that no longer can be
    run.unlink(missing_ok=True)
    run.symlink_to(real / "run")


def _reachable(folder: Path, account: str) -> bool:
    answer = subprocess.run(["test", "-x", str(folder)], user=account, group=account, extra_groups=[], check=False)
    return answer.returncode == 0


def _memory() -> int:
    """Bytes of memory this machine, or the container's limit, gives."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def _server_settings(place: Places, *, durable: bool) -> dict[str, str]:
    memory = _memory() // MEGABYTE
    shared = os.statvfs("/dev/shm") if os.path.isdir("/dev/shm") else None
    small = shared is None or shared.f_frsize * shared.f_blocks < SHARED_MEMORY_NEEDED
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(place.socket),
        "max_connections": "100",
        "shared_buffers": f"{min(max(memory // 5, 128), 4096)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": f"{min(max(memory // 256, 8), 64)}MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 64), 1024)}MB",
        "wal_compression": "on",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",  # solid-state disks
        "jit": "off",  # many short queries; compiling them costs more than it saves
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] %u@%d ",
        "dynamic_shared_memory_type": "mmap" if small else "posix",  # containers give /dev/shm 64 MB
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    return settings


def write_configuration(place: Places, *, durable: bool) -> None:
    """Write the files PostgreSQL reads at start. Written anew each time: memory and the OS user may have changed.

    Who may connect is decided by the OS account (peer): the one that runs GeoIOC, and the server's own.
    """
    lines = [f"{name} = '{value}'\n" for name, value in _server_settings(place, durable=durable).items()]
    accounts = {pwd.getpwuid(os.geteuid()).pw_name, server_account() or pwd.getpwuid(os.geteuid()).pw_name}
    identities = [f"geoioc {account} {login.value}\n" for account in sorted(accounts) for login in Login]
    for name, text in (
        ("geoioc.conf", "".join(lines)),
        ("pg_hba.conf", HBA),
        ("pg_ident.conf", "".join(identities)),
    ):
        target = place.pg / name
        target.write_text(text, encoding="utf-8")
        if account := server_account():
            shutil.chown(target, account, account)
