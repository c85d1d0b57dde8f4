"""One server: the screens at /, the OGC APIs below /ogc, and an honest health page."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.databases import Databases, environment
from sqlalchemy import text
from werkzeug.test import Client

from spatial.access import SYSTEM, connect
from spatial.engine import Login, get_engine
from spatial.health import build_health
from spatial.queries.health import DatabaseFacts, JobState, LayerClock
from spatial.server import healthz

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = DatabaseFacts("15.1", "3.3.2", "0005")


def fetch(url: str) -> tuple[int, str, bytes]:
    """Status, content type and body; redirects are followed."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


def health() -> tuple[int, dict[str, Any]]:
    answer = Client(healthz).get("/healthz")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/json"
    return answer.status_code, json.loads(answer.text)


# ---------------------------------------------------------------- the running server


def test_the_running_server_is_healthy_and_says_that_its_province_is_synthetic(server: str) -> None:
    status, kind, body = fetch(f"{server}/healthz")
    found = json.loads(body)
    assert (status, kind) == (200, "application/json")
    assert found["synthetic"] is True
    assert found["database"]["ok"] is True
    assert found["layers"]["parcel"]["features"] > 0
    assert 0 <= found["layers"]["air_observation"]["data_age_seconds"] < 6 * 3600
    assert found["jobs"]["failed"] == []


@pytest.mark.parametrize("path", ["/", "/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/openapi?f=json"])
def test_the_doors_open(server: str, path: str) -> None:
    status, _, body = fetch(server + path)
    assert status == 200
    assert body


def test_links_of_the_ogc_api_stay_below_its_prefix_on_this_server(server: str) -> None:
    links = json.loads(fetch(f"{server}/ogc/?f=json")[2])["links"]
    own = [link["href"] for link in links if link["href"].startswith(server)]
    assert own
    assert all(re.match(rf"{re.escape(server)}/ogc(?=[/?]|$)", href) for href in own), own
    assert [href for href in own if fetch(href)[0] != 200] == []


def test_an_unknown_page_below_the_ogc_api_is_404_not_500(server: str) -> None:
    assert fetch(f"{server}/ogc/collections/moon?f=json")[0] == 404


# ---------------------------------------------------------------- the health page


def test_an_empty_database_is_healthy_and_has_no_data_clock(database: str) -> None:
    status, found = health()
    assert status == 200
    assert found["status"] == "ok"
    assert found["data_until"] is None
    assert found["synthetic"] is False
    assert found["database"]["revision"]
    assert found["database"]["postgis"].startswith("3.")


def test_a_dead_database_is_503_with_the_reason() -> None:
    with environment(DATABASE_URL="postgresql://geoioc@/geoioc?host=/nonexistent"):
        status, found = health()
    assert status == 503
    assert found["status"] == "down"
    assert found["database"]["ok"] is False
    assert "does not answer" in found["database"]["reason"]


def test_health_recovers_when_the_database_was_restarted_under_pooled_connections(
    databases: Databases, database: str
) -> None:
    assert health()[0] == 200
    with connect(SYSTEM) as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert get_engine(Login.APP).pool.checkedin() > 0  # type: ignore[attr-defined]
    assert health()[0] == 200


def test_a_job_whose_last_run_failed_degrades_the_health_and_is_named(database: str) -> None:
    with connect(SYSTEM) as connection:
        connection.execute(
            text("INSERT INTO ops.job_run (job, state) SELECT name, 'failed' FROM ops.job WHERE name='links'")
        )
    status, found = health()
    assert status == 200
    assert found["status"] == "degraded"
    assert found["jobs"]["failed"] == ["links"]
    with connect(SYSTEM) as connection:
        connection.execute(text("INSERT INTO ops.job_run (job, state) VALUES ('links', 'done')"))
    assert health()[1]["status"] == "ok"


def test_the_data_clock_is_the_newest_time_of_all_layers_and_each_has_its_own() -> None:
    clocks = [
        LayerClock("air_observation", 10, NOW, NOW - timedelta(hours=1)),
        LayerClock("water_observation", 10, NOW, NOW - timedelta(hours=5)),
        LayerClock("school", 3, NOW, None),
    ]
    found = build_health(FACTS, clocks, [], False, now=NOW)
    assert found["data_until"] == "2026-03-01T11:00:00+00:00"
    assert found["data_age_seconds"] == 3600
    assert found["layers"]["water_observation"]["data_age_seconds"] == 5 * 3600
    assert found["layers"]["school"]["data_age_seconds"] is None


def test_jobs_are_shown_with_state_and_end_but_without_their_messages() -> None:
    job = JobState("rollup", "done", NOW, NOW, "secret path /srv/inbox")
    found = build_health(FACTS, [], [job], False, now=NOW)
    assert found["jobs"]["last"] == {"rollup": {"state": "done", "finished_at": NOW.isoformat()}}
