"""Versions of layers as this process last saw them: keys of every cache here."""

from __future__ import annotations

import time

from spatial.access import PUBLIC, connect
from spatial.queries.features import layer_versions

FRESH_SECONDS = 0.5


class LayerVersions:
    """Reads ``ops.layer_version`` at most every half second."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._versions: dict[str, int] = {}

    def all(self) -> dict[str, int]:
        """Version by layer id.

        :raises DatabaseUnavailable: when the database does not answer.
        """
        now = time.monotonic()
        if now - self._read_at > FRESH_SECONDS:
            with connect(PUBLIC) as conn:
                self._versions = layer_versions(conn)
            self._read_at = now
        return self._versions

    def forget(self) -> None:
        """Read again at the next question, so that a test can change the database."""
        self._read_at = float("-inf")

    def of(self, layer_id: str) -> int | None:
        """Version of a layer; None before its first load, when nothing may be cached."""
        return self.all().get(layer_id)


VERSIONS = LayerVersions()
