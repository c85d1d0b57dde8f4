"""Jobs ``cameras`` (who answers, with what picture) and ``coverage`` (which places no camera sees)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ingest.camera_probe import Probe, probe
from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.camera_frames import keep_frame
from spatial.progress import Progress
from spatial.queries import cameras
from spatial.queries.versions import bump_version, get_watermark, set_watermark, version_mark
from spatial.settings import CameraSettings, camera_settings

type Row = dict[str, Any]

WATCHED = ("school", "crossing")  # layers of places that a camera should see


def probe_cameras(progress: Progress) -> str:
    """Ask every camera with an address for a picture; write states, outages and the share that answers."""
    rules = camera_settings()
    with connect(SYSTEM) as conn:
        known = cameras.probed_addresses(conn)
    if not known:
        return "no camera has an address"
    rows = []
    with ThreadPoolExecutor(rules.at_once) as pool:
        answers = pool.map(partial(probe, timeout=rules.timeout), [row["address"] for row in known])
        for number, (row, answer) in enumerate(zip(known, answers, strict=True), start=1):
            if answer.picture is not None:
                keep_frame(row["key"], answer.picture)
            rows.append(judge(row, answer, rules))
            progress(row["key"], number / len(known))
    with connect(SYSTEM) as conn:
        now = datetime.now(UTC)
        changed = cameras.save_probes(conn, rows=rows, at=now, fails=rules.fails)
        cameras.save_availability(conn, now=now)
        if changed:
            bump_version(conn, layer_id="camera")
    good = sum(row["ok"] for row in rows)
    return f"{good} of {len(rows)} cameras answered, {changed} changed state"


def judge(before: Row, answer: Probe, rules: CameraSettings) -> Row:
    """What a probe means after those before it: a camera that keeps sending one picture answers, but sees nothing."""
    same = (before["same"] or 0) + 1 if answer.ok and answer.digest == before["frame_sha256"] else 0
    return {
        "key": before["key"],
        "ok": answer.ok,
        "reason": "frozen" if answer.ok and same >= rules.frozen else answer.reason,
        "latency_ms": answer.latency_ms,
        "digest": answer.digest,
        "same": same,
        "fails": 0 if answer.ok else (before["fails"] or 0) + 1,
    }


def find_gaps(progress: Progress) -> str:
    """Places no camera sees, anew when cameras or places changed."""
    rules, places = camera_settings(), 0
    for number, layer in enumerate(get_layer(name) for name in WATCHED):
        progress(layer.title.vi, number / len(WATCHED))
        with connect(SYSTEM) as conn:
            # Not the camera layer's version: it changes with every camera that comes or goes.
            mark = f"{version_mark(conn, layer_ids=[layer.id])} {cameras.inventory_mark(conn)} {rules.reach}"
            mark += f" {rules.field_of_view}"
            if mark != get_watermark(conn, name=f"coverage.{layer.id}"):
                places += cameras.find_coverage(conn, layer=layer, reach=rules.reach, field_of_view=rules.field_of_view)
                set_watermark(conn, name=f"coverage.{layer.id}", value=mark)
    return f"{places} places looked at" if places else "nothing new"
