"""Files of automatic stations, one by one and as a folder: what is stored, what is refused and where that is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from helpers.ingest import load, query, scalar, write_csv, write_units

from ingest.jobs import run_job
from layers.flags import Flag

LOCAL = datetime(2026, 3, 25)
CADENCE = "SELECT cadence_minutes FROM core.series WHERE parameter = 'pm10'"
HOURS = "SELECT h.time, h.n, h.n_good, h.value, h.status, h.flag FROM derived.observation_hourly h ORDER BY h.time"


@pytest.fixture
def inbox(database: str, tmp_path: Path) -> Path:
    """Two stations, and an empty folder for files."""
    load("admin_unit", write_units(tmp_path))
    header = ("MA_TRAM", "TEN_TRAM", "lon", "lat")
    stations = [("BKHN", "Một", 105.9, 20.3), ("K2", "Hai", 106.1, 20.3)]
    load("air_station", write_csv(tmp_path / "s.csv", header, stations))
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def send(
    folder: Path,
    *lines: str,
    moment: datetime,
    station: str = "BKHN",
    kind: str = "KHIKXQ",
    sent: datetime | None = None,
) -> Path:
    """A file as a logger writes it; ``{t}`` in a line is the time of measuring."""
    path = folder / f"HN_{station}_{kind}_{sent or moment:%Y%m%d%H%M%S}.txt"
    text = "\r\n".join(line.format(t=f"{moment:%Y%m%d%H%M%S}") for line in lines) + "\r\n"
    path.write_bytes(text.encode("utf-8"))
    return path


def values() -> list[tuple]:
    return [
        tuple(row)
        for row in query(
            "SELECT s.feature_key, s.parameter, o.time, o.value, o.status FROM core.observation o"
            " JOIN core.series s ON s.id = o.series_id ORDER BY 3, 1, 2"
        )
    ]


def refused() -> list[tuple[int, str, str]]:
    rows = query("SELECT line, reason, coalesce(row ->> 'file', message) AS said FROM ops.quarantine WHERE NOT kept"
                 " ORDER BY id")  # fmt: skip
    return [(row.line, row.reason, row.said) for row in rows]


def test_one_file_is_read_by_its_name(inbox: Path) -> None:
    file = send(inbox, "CO\t3.08703\tmg/m3\t{t}\t00", "PM2,5\t31.4\tug/m3\t{t}\t00", "NO2\t10\tppb\t{t}\t02",
                moment=LOCAL + timedelta(minutes=5))  # fmt: skip
    report = load("air_observation", file)
    when = datetime(2026, 3, 24, 17, 5, tzinfo=UTC)
    assert values() == [
        ("BKHN", "co", when, pytest.approx(3087.03), 0),
        ("BKHN", "no2", when, pytest.approx(18.805), 2),
        ("BKHN", "pm25", when, 31.4, 0),
    ]
    assert (report.rows_read, report.rows_rejected) == (3, 0)


def test_five_minute_values_become_hours_when_nine_of_twelve_are_good(inbox: Path) -> None:
    for number in range(1, 25):  # 00:05 .. 02:00; the second hour lacks four good values
        status = "02" if 15 <= number <= 18 else "00"
        send(inbox, f"PM10\t{number}\tug/m3\t{{t}}\t{status}", moment=LOCAL + timedelta(minutes=5 * number))
    load("air_observation", inbox)
    run_job("rollup")
    first, second = [tuple(row) for row in query(HOURS)]
    midnight = datetime(2026, 3, 24, 17, tzinfo=UTC)
    assert first == (midnight + timedelta(hours=1), 12, 12, 6.5, 0, 0)  # 00:05 to 01:00
    assert second == (midnight + timedelta(hours=2), 12, 8, None, 2, Flag.FAULT | Flag.SPARSE)
    assert scalar(CADENCE) == 5


def test_midnight_ends_the_day_before(inbox: Path) -> None:
    load("air_observation", send(inbox, "PM10\t20\tug/m3\t{t}\t00", moment=LOCAL), cadence=60)
    run_job("rollup")
    assert str(scalar("SELECT day FROM derived.observation_daily")) == "2026-03-24"


def test_a_folder_keeps_every_refused_line_with_its_file(inbox: Path) -> None:
    at = LOCAL + timedelta(minutes=5)
    good = send(inbox, "CO\t900\tug/m3\t{t}\t00", "CO\t900\tug/m3\t20261325000500\t00", "PM10\t12\tfurlong\t{t}\t00",
                moment=at)  # fmt: skip
    deep = inbox / "K2" / "2026" / "Thang03" / "Ngay25"
    deep.mkdir(parents=True)
    (deep / "data.txt").write_text("PM10,abc,ug/m3,20260325000500,00\nPM10;7;ug/m3;20260325001000;00\n", "utf-8")
    waste = send(inbox, "COD\t5\tmg/L\t{t}\t00", moment=at, kind="NUOSXL")
    report = load("air_observation", inbox)
    assert sorted((line, reason) for line, reason, _ in refused()) == [
        (1, "broken_row"),  # the whole file of a waste water station
        (1, "not_a_number"),
        (2, "broken_row"),  # month 13
        (3, "unit_not_convertible"),
    ]
    texts = " ".join(text for _, _, text in refused())
    assert good.name in texts
    assert waste.name in texts
    assert "data.txt" in texts
    assert ("K2", "pm10", datetime(2026, 3, 24, 17, 10, tzinfo=UTC), 7.0, 0) in values()  # station by folder
    assert report.rows_rejected == len(refused())


def test_sent_again_is_nothing_new_and_a_correction_sent_later_stands(inbox: Path) -> None:
    at = LOCAL + timedelta(minutes=5)
    send(inbox, "CO\t900\tug/m3\t{t}\t00", moment=at)
    send(inbox, "CO\t900\tug/m3\t{t}\t00", moment=at, sent=at + timedelta(hours=1))
    send(inbox, "CO\t950\tug/m3\t{t}\t00", moment=at, sent=at + timedelta(hours=2))
    load("air_observation", inbox)
    assert [row[3] for row in values()] == [950.0]
    assert [(line, reason) for line, reason, _ in refused()] == [(1, "broken_row")]  # the value that was replaced


def test_a_line_without_status_is_kept_out_of_means(inbox: Path) -> None:
    at = LOCAL + timedelta(minutes=5)
    load("air_observation", send(inbox, "{t}\tPM10\t42\tug/m3", moment=at))
    run_job("rollup")
    (row,) = query(HOURS)
    assert (row.n, row.n_good, row.value) == (1, 0, None)


def test_nought_may_stand_for_an_error(inbox: Path) -> None:
    at = LOCAL + timedelta(minutes=5)
    load("air_observation", send(inbox, "PM10\t0\tug/m3\t{t}\t00", "CO\t0.0\tug/m3\t{t}\t00", moment=at),
         zero_is_error=True)  # fmt: skip
    assert [row[3] for row in values()] == [None, None]


def test_a_cadence_is_seen_once_and_changed_only_when_asked(inbox: Path) -> None:
    for number in range(1, 9):
        send(inbox, f"PM10\t{number}\tug/m3\t{{t}}\t00", moment=LOCAL + timedelta(minutes=15 * number))
    load("air_observation", inbox)
    assert scalar(CADENCE) == 15
    later = send(inbox, "PM10\t9\tug/m3\t{t}\t00", moment=LOCAL + timedelta(minutes=300))
    load("air_observation", later)
    assert scalar(CADENCE) == 15
    run_job("rollup")
    load("air_observation", later, cadence=5, force=True)
    assert scalar(CADENCE) == 5
    assert scalar("SELECT count(*) FROM ops.touched_day") == 1  # its days are computed again
