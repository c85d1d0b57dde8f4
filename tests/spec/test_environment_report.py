"""The monthly environment report says what the roll-ups and the station pages say."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from helpers.commands import geoioc
from pypdf import PdfReader
from sqlalchemy import text

from dash_app import formats
from dash_app.reports.content import Report, Section
from dash_app.reports.render import to_html, to_pdf
from dash_app.reports.request import ReportRefused, make_report
from dash_app.services import Services
from layers.registry import get_layer
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.queries import observations, station_index
from spatial.settings import LOCAL_ZONE


@pytest.fixture
def report(province: str) -> Report:
    """The running month of the whole province: the mini sample has little else."""
    return make_report(Services(actor=OPERATOR), {"month": f"{datetime.now(LOCAL_ZONE):%Y-%m}"}, "vi")


def air(report: Report) -> Section:
    return next(section for section in report.sections if section.layer.id == "air_observation")


def approved_hours(report: Report) -> pd.DataFrame:
    """Approved values of the month by station and parameter, straight from the hours."""
    start = datetime.combine(report.month.first, datetime.min.time(), LOCAL_ZONE)
    end = datetime.combine(report.month.last + timedelta(days=1), datetime.min.time(), LOCAL_ZONE)
    with connect(SYSTEM) as conn:
        return pd.read_sql(
            text(
                "SELECT s.feature_key AS key, s.parameter, h.time, h.value FROM core.series s"
                " JOIN derived.observation_hourly h ON h.series_id = s.id"
                " WHERE s.layer_id = 'air_observation' AND h.time > :start AND h.time <= :end"
            ),
            conn,
            params={"start": start, "end": end},
        )


def test_the_report_names_every_network_with_stations_and_data(report: Report) -> None:
    assert {"air_observation", "water_observation"} <= {section.layer.id for section in report.sections}


def test_completeness_and_means_equal_those_computed_from_the_hours(report: Report) -> None:
    hours = approved_hours(report)
    expected = report.month.days * 24
    for line in air(report).lines:
        own = hours[hours["key"] == line.key]
        shares = own.groupby("parameter")["value"].count() / expected
        assert line.completeness == pytest.approx(shares.mean())
        for name, row in line.values.items():
            values = own.loc[own["parameter"] == name, "value"]
            if values.notna().any() and name != "wind_direction":  # a direction has no plain mean
                assert row["mean"] == pytest.approx(values.mean())


def test_days_over_the_limit_and_index_days_are_those_the_station_pages_read(report: Report) -> None:
    layer = get_layer("air_observation")
    with connect(OPERATOR) as conn:
        over = station_index.exceedance_days(conn, layer=layer, first=report.month.first, last=report.month.last)
    told = {
        (line.key, name, hours): row["days"] for line in air(report).lines for (name, hours), row in line.over.items()
    }
    counted = pd.DataFrame(over).groupby(["key", "parameter", "hours"]).size().to_dict() if over else {}
    assert told == counted
    assert any(line.levels for line in air(report).lines), "no station has a daily index"
    assert all(not line.levels for line in air(report).lines if line.reference)


def test_alerts_of_the_month_stand_in_the_report_with_their_cause(report: Report) -> None:
    causes = {alert["cause"] for alert in report.alerts}
    assert {"environment", "instrument"} <= causes


def test_the_pdf_holds_the_numbers_of_the_screen_and_the_vietnamese_letters(report: Report) -> None:
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(to_pdf(report, "vi"))).pages)
    section = air(report)
    assert "BÁO CÁO CHẤT LƯỢNG MÔI TRƯỜNG" in words.upper()
    assert section.completeness is not None
    assert section.mean is not None
    assert formats.percent(section.completeness, "vi") in words
    assert formats.number(section.mean, 1, "vi") in words
    assert "QCVN 05:2023" in words
    page = to_html(report, "vi", {})
    assert formats.number(section.mean, 1, "vi") in page
    assert 'id="download-pdf"' in page


def test_the_report_of_one_station_speaks_of_that_station_alone(report: Report) -> None:
    key = air(report).lines[0].key
    query = {"station": f"air_observation:{key}", "month": f"{report.month.first:%Y-%m}"}
    own = make_report(Services(actor=OPERATOR), query, "en")
    assert [line.key for section in own.sections for line in section.lines] == [key]


def test_the_report_of_a_unit_holds_the_stations_inside_it(report: Report) -> None:
    with connect(OPERATOR) as conn:
        stations = observations.list_stations(conn, layer=get_layer("air_observation"))
        code = stations[0]["commune_code"]
        key = conn.execute(
            text("SELECT key FROM core.admin_unit WHERE code = :code AND level = 'commune' AND valid_to IS NULL"),
            {"code": code},
        ).scalar_one()
    own = make_report(Services(actor=OPERATOR), {"unit": key, "month": f"{report.month.first:%Y-%m}"}, "vi")
    wanted = {station["key"] for station in stations if station["commune_code"] == code}
    found = {line.key for section in own.sections if section.layer.id == "air_observation" for line in section.lines}
    assert found <= wanted
    assert found or not own.sections


@pytest.mark.parametrize("query", [{"unit": "nowhere"}, {"station": "air_observation:nobody"}, {"station": "x"}])
def test_an_unknown_place_is_refused_with_a_sentence(province: str, query: dict[str, str]) -> None:
    with pytest.raises(ReportRefused, match="Không có"):
        make_report(Services(actor=OPERATOR), query, "vi")


def test_the_command_writes_the_pdf_and_names_the_file(province: str, tmp_path: object) -> None:
    target = f"{tmp_path}/bao-cao.pdf"
    month = f"{date.today():%Y-%m}"
    done = geoioc("report", "environment", "--month", month, "--out", target)
    assert done.returncode == 0, done.stderr
    assert target in done.stdout.replace("\n", "")
    assert len(PdfReader(target).pages) >= 2
