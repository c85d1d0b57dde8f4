"""Who sends, and what is kept out: other sites, hidden fields filled in by programs, guessed links."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

from flask import request

from spatial.settings import citizen_settings

HOUR = timedelta(hours=1)
MOST_ADDRESSES = 10_000


def sender() -> str:
    """Address of who sends; behind proxies the one they saw, as many hops back as the setting says."""
    hops = citizen_settings().proxies
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if hops and len(seen) >= hops:
        return seen[-hops]
    return request.remote_addr or "unknown"


def from_another_site() -> bool:
    """Whether a browser says that another site makes it send this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def is_trapped() -> bool:
    """Whether the field that people do not see was filled in."""
    return citizen_settings().honeypot and bool(request.form.get("website"))


class Tries:
    """Wrong links by address in the last hour, of this process: a bound on guessing, not a count."""

    def __init__(self) -> None:
        self._times: dict[str, deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()

    def too_many(self, address: str, now: datetime) -> bool:
        """Whether an address has used up its tries."""
        with self._lock:
            times = self._times.get(address)
            while times and times[0] < now - HOUR:
                times.popleft()
            return bool(times) and len(times or ()) >= citizen_settings().tries_per_hour

    def wrong(self, address: str, now: datetime) -> None:
        """Note a wrong link."""
        with self._lock:
            if len(self._times) > MOST_ADDRESSES:
                self._times.clear()
            self._times[address].append(now)
