"""What a webhook receives: JSON with all alerts of one sending, signed with HMAC-SHA256 over time and body."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

SIGNATURE, TIMESTAMP, DELIVERY = "X-GeoIOC-Signature", "X-GeoIOC-Timestamp", "X-GeoIOC-Delivery"
FIELDS = (
    "id", "layer_id", "feature_key", "station_name", "parameter", "cause", "severity", "state", "title_vi", "title_en",
    "started_at", "last_at", "ended_at", "opened_at", "value", "peak", "threshold", "lon", "lat", "commune_code",
    "rule_name", "kind", "episode", "evidence",
)  # fmt: skip


def build_body(
    items: Sequence[Mapping[str, Any]], *, address: str, sender: str, sent_at: datetime, number: str
) -> bytes:
    """UTF-8 JSON: sender, sent_at, delivery; by alert its fields, the occasion and a link. Times are ISO 8601, UTC."""
    alerts = [
        {"occasion": item["occasion"], "url": f"{address}/alerts/{item['id']}"} | {name: item[name] for name in FIELDS}
        for item in items
    ]
    content = {"sender": sender, "sent_at": sent_at, "delivery": number, "alerts": alerts}
    return json.dumps(content, ensure_ascii=False, default=_iso).encode()


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written to JSON")


def build_headers(body: bytes, *, secret: str | None, timestamp: int, number: str) -> dict[str, str]:
    """Headers of the request. ``X-GeoIOC-Delivery`` is the same when a sending is repeated: drop what you have."""
    headers = {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "GeoIOC", TIMESTAMP: str(timestamp),
        DELIVERY: number,
    }  # fmt: skip
    if secret:
        headers[SIGNATURE] = f"sha256={sign(body, secret=secret, timestamp=timestamp)}"
    return headers


def sign(body: bytes, *, secret: str, timestamp: int) -> str:
    """Hexadecimal HMAC-SHA256 of «timestamp.body», so that neither can be exchanged."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
