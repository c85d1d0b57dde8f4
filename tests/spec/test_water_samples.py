"""Water samples: laboratory values below the limit of detection, VN_WQI and class of the sampling day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.databases import environment
from helpers.ingest import load, rejects, write_csv
from helpers.toy import draw_units
from helpers.toy_data import add_points
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from layers.registry import get_layer
from spatial.access import PUBLIC, SYSTEM, connect
from spatial.queries import station_index
from spatial.settings import clear_settings

HEADER = ("MA_TRAM", "NGAY_LAY_MAU", "pH", "Nhiệt độ", "DO", "BOD5", "COD", "N-NH4", "As", "Cd", "Coliform")
SAMPLE = ("W1", "05/03/2026 09:30", "7.4", "28", "5.8", "7", "16", "0.4", "0.012", "<0.0003", "2400")
DAY_END = datetime(2026, 3, 5, 17, tzinfo=UTC)


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    with connect(SYSTEM) as conn:
        draw_units(conn)
        add_points(conn, "water_station", {"W1": (106.05, 20.05), "W2": (106.07, 20.03)}, name="Trạm")
    return tmp_path


def send(folder: Path, *rows: tuple[str, ...], name: str = "a.csv") -> None:
    load("water_sample", write_csv(folder / name, HEADER, list(rows)), force=True)


def changed(**values: str) -> tuple[str, ...]:
    """The sample with other texts, by header; ``As="<0.001"``."""
    return tuple(values.get(header.replace("-", "_"), value) for header, value in zip(HEADER, SAMPLE, strict=True))


def stored(conn: Connection, parameter: str) -> tuple[float | None, str | None, float | None]:
    """Value, sign and limit of the newest value of a parameter."""
    row = conn.execute(
        text(
            "SELECT o.value, l.sign, l.value FROM core.series s JOIN core.observation o ON o.series_id = s.id"
            " LEFT JOIN core.observation_limit l ON l.series_id = o.series_id AND l.time = o.time"
            " WHERE s.layer_id = 'water_sample' AND s.parameter = :p ORDER BY o.time DESC LIMIT 1"
        ),
        {"p": parameter},
    ).one()
    return row[0], row[1], row[2]


def newest(index_id: str, key: str = "W1") -> dict:
    with connect(PUBLIC) as conn:
        return station_index.latest_index(conn, layer=get_layer("water_sample"), index_id=index_id, key=key)[0]


@pytest.mark.parametrize(
    ("written", "value", "sign", "limit"),
    [("<0.001", 0.0005, "<", 0.001), ("< 0.002", 0.001, "<", 0.002), ("KPH (LOD = 0.004)", 0.002, "<", 0.004),
     ("≤0.001", 0.0005, "<", 0.001), (">0.5", 0.5, ">", 0.5), ("0.012", 0.012, None, None)],
)  # fmt: skip
def test_a_value_beyond_the_limit_is_stored_with_its_sign_and_half_the_limit_stands_for_it(
    folder: Path, written: str, value: float, sign: str | None, limit: float | None
) -> None:
    send(folder, changed(As=written))
    with connect(PUBLIC) as conn:
        assert stored(conn, "arsenic") == (value, sign, limit)


def test_not_detected_without_a_limit_is_no_value_and_the_rest_of_the_sample_stays(folder: Path) -> None:
    send(folder, changed(As="KPH"))
    assert rejects("water_sample") == []
    with connect(SYSTEM) as conn:
        noted = conn.execute(text("SELECT line, field, reason, message FROM ops.quarantine WHERE kept")).all()
        assert [tuple(row) for row in noted] == [(2, "arsenic", "not_a_number", "«KPH» không phải là số.")]
        assert stored(conn, "cadmium")[1] == "<"
        assert conn.execute(text("SELECT count(*) FROM core.series WHERE parameter = 'arsenic'")).scalar() == 0


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_a_file_in_another_unit_is_stored_in_the_unit_of_the_layer_with_its_limits(folder: Path, shape: str) -> None:
    if shape == "wide":
        file = write_csv(folder / "a.csv", HEADER, [changed(As="<2", Cd="3")])
    else:
        header = ("MA_TRAM", "NGAY_LAY_MAU", "THONG_SO", "GIA_TRI")
        file = write_csv(folder / "a.csv", header, [(*SAMPLE[:2], "As", "<2"), (*SAMPLE[:2], "Cd", "3")])
    load("water_sample", file, shape=shape, factors={"arsenic": 0.001, "cadmium": 0.001})
    with connect(PUBLIC) as conn:
        assert stored(conn, "arsenic") == (0.001, "<", 0.002)
        assert stored(conn, "cadmium") == (0.003, None, None)


def test_a_corrected_value_loses_its_sign_and_the_same_file_twice_changes_nothing(folder: Path) -> None:
    send(folder, changed(As="<0.001"))
    send(folder, changed(As="<0.001"))
    with connect(PUBLIC) as conn:
        assert stored(conn, "arsenic") == (0.0005, "<", 0.001)
        assert conn.execute(text("SELECT count(*) FROM core.observation_limit")).scalar() == 2
    send(folder, changed(As="0.0005"), name="corrected.csv")
    with connect(PUBLIC) as conn:
        assert stored(conn, "arsenic") == (0.0005, None, None)


def test_another_policy_for_values_below_the_limit_reaches_stored_values(folder: Path) -> None:
    send(folder, changed(As="<0.08"))
    run_job("rollup")
    assert newest("vn_wqi")["parts"]["arsenic"] == pytest.approx(58.333)  # 0.04 mg/L
    with environment(GEOIOC_BELOW_DETECTION="limit"):
        clear_settings()
        run_job("rollup")
        run_job("rollup")
        with connect(PUBLIC) as conn:
            assert stored(conn, "arsenic") == (0.08, "<", 0.08)
        assert newest("vn_wqi")["parts"]["arsenic"] == 35
    clear_settings()


def test_the_sampling_day_has_its_index_and_its_class(folder: Path) -> None:
    send(folder, SAMPLE)
    run_job("rollup")
    quality, grade = newest("vn_wqi"), newest("qcvn08")
    assert (quality["time"], quality["scale"]) == (DAY_END, "VN_WQI/1460-2019")
    assert (quality["value"], quality["level"], quality["dominant"]) == (83, 2, ["n_nh4"])
    assert quality["parts"]["cadmium"] == 100
    assert (grade["value"], grade["level"]) == (3, 3)
    assert grade["dominant"] == ["bod5", "cod"]
    assert grade["parts"]["coliform"] == 2


@pytest.mark.parametrize(
    ("empty", "reason"),
    [(("pH", "As", "Cd"), "few_groups"), (("DO", "BOD5"), "group_iv_too_small")],
)
def test_a_sample_that_lacks_groups_says_which_rule_it_fails(
    folder: Path, empty: tuple[str, ...], reason: str
) -> None:  # fmt: skip
    send(folder, changed(**dict.fromkeys(empty, "")))
    run_job("rollup")
    assert (newest("vn_wqi")["value"], newest("vn_wqi")["reason"]) == (None, reason)


def test_a_station_at_a_lake_is_judged_by_the_table_of_lakes(folder: Path) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE layer.water_station SET water_body = 'lake' WHERE key = 'W1'"))
    header = ("MA_TRAM", "NGAY_LAY_MAU", "TSS")
    rows = [("W1", "05/03/2026 09:30", 20), ("W2", "05/03/2026 09:30", 20)]
    load("water_sample", write_csv(folder / "tss.csv", header, rows))
    run_job("rollup")
    assert (newest("qcvn08", "W1")["value"], newest("qcvn08", "W2")["value"]) == (3, 1)


def test_a_sample_at_the_place_of_a_reference_sensor_has_its_index(folder: Path) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE layer.water_station SET station_class = 'reference'"))
    send(folder, SAMPLE)
    run_job("rollup")
    assert newest("vn_wqi")["value"] == 83
    assert newest("vn_wqi", "W2")["reason"] == "no_data"


def test_samples_are_not_forecast(folder: Path) -> None:
    send(folder, SAMPLE)
    run_job("rollup")
    run_job("forecast")
    with connect(PUBLIC) as conn:
        assert conn.execute(text("SELECT count(*) FROM derived.forecast_issue")).scalar() == 0
