"""What the page of cameras asks of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dash_app.services import Row, Services
from layers.model import Layer
from layers.registry import registry
from spatial.access import connect
from spatial.queries import cameras
from spatial.settings import camera_settings

# Condition of a camera, the one that needs somebody first.
CONDITIONS: Mapping[str, str] = MappingProxyType(
    {"offline": "#b2182b", "frozen": "#7a5ea8", "unsteady": "#e08214", "unknown": "#6b7780", "unchecked": "#4d8fb5",
     "online": "#1b7837"}
)  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """Places of one layer: how many, seen for certain, perhaps seen, and those nobody sees."""

    layer: Layer
    places: int
    seen: int
    maybe: int
    gaps: tuple[Row, ...]


class CameraServices:
    """Reads of the page, each in a transaction of its own."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def cameras(self, unit: Row | None, *, condition: str | None = None, sector: str | None = None) -> list[Row]:
        """Cameras of a unit, those that need somebody first."""
        with connect(self._services.actor) as conn:
            rows = cameras.list_cameras(conn, unit_id=unit["id"] if unit else None, fails=camera_settings().fails)
        order = list(CONDITIONS)
        wanted = [
            row for row in rows
            if condition in (None, row["condition"]) and sector in (None, row["sector"])
        ]  # fmt: skip
        return sorted(wanted, key=lambda row: order.index(row["condition"]))

    def camera(self, key: str) -> Row | None:
        """One camera, None when there is none."""
        with connect(self._services.actor) as conn:
            return cameras.get_camera(conn, key=key, fails=camera_settings().fails)

    def outages(self, key: str) -> list[Row]:
        """Its last outages."""
        with connect(self._services.actor) as conn:
            return cameras.list_outages(conn, key=key)

    def counting_lines(self, key: str) -> Sequence[Row]:
        """Lines at which software counts in its picture."""
        with connect(self._services.actor) as conn:
            return cameras.counting_lines(conn, camera=key)

    def coverage(self, unit: Row | None) -> list[Coverage]:
        """What the cameras of a unit see of the places that are watched."""
        unit_id = unit["id"] if unit else None
        with connect(self._services.actor) as conn:
            return [
                Coverage(
                    layer, row["places"], row["seen"], row["maybe"],
                    tuple(cameras.coverage_gaps(conn, layer=layer, unit_id=unit_id)),
                )
                for row in cameras.coverage_counts(conn, unit_id=unit_id)
                if (layer := registry().get(row["layer_id"])) is not None
            ]  # fmt: skip
