"""Job ``alerts``: judges every observation layer by its rules, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from ingest.alert_run import Outcome, evaluate_layer
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries.alert_rules import sync_rules


def evaluate_alerts(progress: Progress) -> str:
    """Rules of the layer files are brought into the database first; what staff changed of them stays."""
    return evaluate(progress).sentence


def evaluate(
    progress: Progress, *, as_of: datetime | None = None, lookback_days: int | None = None, tell: bool = True
) -> Outcome:
    """The same for any moment; see ``ingest.alert_run.evaluate_layer``."""
    layers = [layer for layer in registry().values() if layer.series is not None]
    with connect(SYSTEM) as conn:
        sync_rules(conn, layers=list(registry().values()))
    total = Outcome()
    for number, layer in enumerate(layers):
        progress(layer.title.vi, number / len(layers))
        with connect(SYSTEM) as conn:
            total.add(evaluate_layer(conn, layer=layer, as_of=as_of, lookback_days=lookback_days, tell=tell))
    return total
