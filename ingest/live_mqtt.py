"""Counts from an MQTT broker: a thread of the worker writes them to the spool."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt

from ingest.live import BIGGEST, keep, read_message
from spatial.errors import SettingsError
from spatial.settings import live_settings

logger = logging.getLogger(__name__)


def listen() -> mqtt.Client | None:
    """Start to take messages from the broker of the settings, in a thread of its own; None when there is none.

    A message is acknowledged when it is on the disk (QoS 1); after a lost connection the client comes back by itself.

    :raises SettingsError: when the broker's address cannot be read.
    """
    url = live_settings().mqtt_url
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise SettingsError("GEOIOC_LIVE_MQTT_URL must look like mqtt://user:password@host:1883.")
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id=f"geoioc-{parts.hostname}", clean_session=False, manual_ack=True
    )
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    if parts.scheme == "mqtts":
        client.tls_set()

    def on_connect(client: mqtt.Client, *_: Any) -> None:
        client.subscribe(live_settings().mqtt_topic, qos=1)

    def on_message(client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        try:
            keep(read_message(bytes(message.payload[:BIGGEST])))
        except OSError:
            logger.exception("a message could not be written down; the broker will send it again")
            return
        client.ack(message.mid, message.qos)

    client.on_connect, client.on_message = on_connect, on_message
    client.connect_async(parts.hostname, parts.port or (8883 if parts.scheme == "mqtts" else 1883), keepalive=30)
    client.loop_start()
    return client
