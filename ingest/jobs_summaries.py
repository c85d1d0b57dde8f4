"""Jobs ``summary`` and ``search``: counts by unit, and the index of the search box, for layers that changed."""

from __future__ import annotations

from layers.model import Layer
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries import summary
from spatial.queries.versions import get_watermark, set_watermark, version_mark


def summarise(progress: Progress) -> str:
    """Counts and areas by unit and class."""
    layers = [layer for layer in registry().values() if layer.kind == "feature" and layer.geometry is not None]
    done = 0
    for number, layer in enumerate(layers):
        progress(layer.title.vi, number / len(layers))
        with connect(SYSTEM) as conn:
            mark = version_mark(conn, layer_ids=["admin_unit", layer.id])
            if mark != get_watermark(conn, name=f"summary.{layer.id}"):
                summary.summarise(conn, layer=layer)
                set_watermark(conn, name=f"summary.{layer.id}", value=mark)
                done += 1
    return f"{done} layers counted" if done else "nothing new"


def index(progress: Progress) -> str:
    """Search entries of units and of everything that stands somewhere under a name."""
    layers: list[Layer | None] = [None, *(layer for layer in registry().values() if summary.searchable(layer))]
    entries = 0
    for number, layer in enumerate(layers):
        name = layer.id if layer else "admin_unit"
        progress(name, number / len(layers))
        with connect(SYSTEM) as conn:
            mark = version_mark(conn, layer_ids=["admin_unit", name])
            if mark != get_watermark(conn, name=f"search.{name}"):
                entries += summary.index_features(conn, layer=layer) if layer else summary.index_units(conn)
                set_watermark(conn, name=f"search.{name}", value=mark)
    return f"{entries} entries" if entries else "nothing new"
