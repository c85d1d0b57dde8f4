"""A report from outside, once: the same key sent again gives the same report, and no address sends too many."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from spatial.errors import FeedbackRefused
from spatial.feedback.intake import NewReport, submit
from spatial.feedback.secrets import LENGTH, SIGNS, hash_secret
from spatial.queries import feedback_intake
from spatial.settings import data_settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEAST_KEY, MOST_KEY = 16, 200  # characters of a sender's key


class TooManyReports(FeedbackRefused):
    """An address has sent all it may for now. ``sent`` reports, the next one after ``wait``."""

    def __init__(self, sent: int, wait: timedelta) -> None:
        super().__init__(f"Đã gửi {sent} phản ánh, xin gửi lại sau {wait}.")
        self.sent = sent
        self.wait = wait


@dataclass(frozen=True)
class Limits:
    """How many reports an address may send; None: any number."""

    per_hour: int
    per_day: int


@dataclass(frozen=True)
class Sent:
    """A report that is stored. ``again``: it had been before this call."""

    code: str
    secret: str
    again: bool


def send_once(
    conn: Connection, *, report: NewReport, key: str, address: str, limits: Limits | None, now: datetime
) -> Sent:
    """Store a report unless its key was used before. The secret follows from the key, so a lost answer comes again.

    :raises TooManyReports: when the address has used up its limits.
    :raises ReportRefused: when the report cannot be taken; the key is free again.
    """
    key_hash, secret = hashlib.sha256(key.encode()).hexdigest(), secret_of(key)
    address_hash = hash_address(address, now)
    stored = feedback_intake.claim(conn, key_hash=key_hash, address_hash=address_hash, now=now)
    if stored is not None:
        return Sent(stored, secret, again=True)
    if limits is not None:
        _check_limits(conn, address_hash, limits, now)
    receipt = submit(conn, report=report, now=now)
    feedback_intake.change_secret(conn, code=receipt.code, secret_hash=hash_secret(secret))
    feedback_intake.settle(conn, key_hash=key_hash, code=receipt.code)
    return Sent(receipt.code, secret, again=False)


def secret_of(key: str) -> str:
    """The secret of the report that was sent under a key: as long, and of the same signs, as ``make_secret``'s."""
    number = int.from_bytes(hashlib.sha256(b"geoioc secret " + key.encode()).digest())
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(signs)


def hash_address(address: str, now: datetime) -> str:
    """A name for an address that nobody can turn back, another one every day. Of IPv6 the network counts."""
    try:
        found = ipaddress.ip_address(address)
        if isinstance(found, ipaddress.IPv6Address):
            address = str(ipaddress.ip_network((found, 64), strict=False))
    except ValueError:
        address = "unknown"
    return hmac.new(_server_key(), f"{now:%Y-%m-%d} {address}".encode(), hashlib.sha256).hexdigest()


def _server_key() -> bytes:
    """A key of this installation, made at first use; only the server's account reads it."""
    path = data_settings().root / "citizen.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="citizen.key.")  # mode 600
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(name, path)  # whole, and only the first of several processes
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    return path.read_bytes()


def _check_limits(conn: Connection, address_hash: str, limits: Limits, now: datetime) -> None:
    times = feedback_intake.sent_by(conn, address_hash=address_hash, since=now - DAY)[:-1]  # the last is this one
    hour = [moment for moment in times if moment > now - HOUR]
    for found, most, span in ((hour, limits.per_hour, HOUR), (times, limits.per_day, DAY)):
        if len(found) >= most:
            raise TooManyReports(len(found), found[-most] + span - now)
