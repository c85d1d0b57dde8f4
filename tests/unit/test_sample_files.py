"""The sample's files: the same again for the same seed, defects where promised, sums that add up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
import xarray as xr

from ingest.sample.boundaries import make_land
from ingest.sample.build import extend_sample, make_sample
from ingest.sample.geohash import geohash
from ingest.sample.parcels import write_parcels
from ingest.sample.recipes import RECIPES, SUMS
from ingest.sample.scale import MINI
from ingest.sample.series import make_block
from ingest.sample.stations import make_air_stations
from layers.registry import get_layer
from spatial.errors import SourceUnreadable
from spatial.progress import silent

UNTIL = datetime.fromisoformat("2026-11-20T00:00+07:00")
SEED = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample")
    make_sample(path, scale="mini", until=UNTIL, seed=SEED)
    return path


@pytest.fixture(scope="module")
def planted(folder: Path) -> dict:  # type: ignore[type-arg]
    return json.loads((folder / "planted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def values(folder: Path) -> pd.DataFrame:
    files = sorted(folder.glob("air_observation_*.csv.gz"))
    return pd.concat([pd.read_csv(file, dtype={"TRANG_THAI": str}) for file in files])


def parcels(folder: Path) -> list[gpd.GeoDataFrame]:
    return [gpd.read_file(path) for path in sorted([*folder.glob("parcel_*.gpkg"), *folder.glob("parcel_*.shp")])]


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    make_sample(tmp_path, scale="mini", until=UNTIL, seed=SEED)
    files = sorted(path.name for path in folder.iterdir())
    assert files == sorted(path.name for path in tmp_path.iterdir())
    for name in files:
        if name.endswith((".csv", ".csv.gz", ".json", ".shp", ".tif")):
            assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_another_seed_gives_another_province(folder: Path, tmp_path: Path) -> None:
    make_sample(tmp_path, scale="mini", until=UNTIL, seed=SEED + 1)
    assert (folder / "air_station.csv").read_bytes() != (tmp_path / "air_station.csv").read_bytes()


def test_a_moment_without_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="offset"):
        make_sample(tmp_path, scale="mini", until=UNTIL.replace(tzinfo=None))


def test_progress_goes_from_nothing_to_everything_and_never_back(tmp_path: Path) -> None:
    seen: list[float] = []
    make_sample(tmp_path, scale="mini", until=UNTIL, progress=lambda _text, done: seen.append(done))
    assert seen[0] == 0
    assert seen[-1] == 1
    assert seen == sorted(seen)


# ---------------------------------------------------------------- series


def test_the_series_end_at_the_wanted_hour(values: pd.DataFrame) -> None:
    assert values["THOI_GIAN"].max() == "2026-11-20 00:00:00"
    assert not values.duplicated(["MA_TRAM", "THOI_GIAN", "THONG_SO"]).any()


def test_a_promised_stuck_sensor_wobbles_within_the_tolerance_of_the_check(values: pd.DataFrame, planted: dict) -> None:  # type: ignore[type-arg]
    fault = next(f for f in planted["air_observation"] if f["kind"] == "stuck" and f["parameter"] == "pm25")
    hit = select(values, fault, "PM2.5")
    assert len(hit) >= 24
    assert 0 < np.ptp(hit["GIA_TRI"]) <= 0.05


def test_promised_calibration_faults_sentinels_and_gaps_are_in_the_files(values: pd.DataFrame, planted: dict) -> None:  # type: ignore[type-arg]
    for fault in planted["air_observation"]:
        if fault["parameter"] not in ("*", "pm25"):
            continue
        hit = select(values, fault, "PM2.5")
        if fault["kind"] == "calibration":
            assert set(hit["TRANG_THAI"]) == {"01"}, fault
        elif fault["kind"] == "fault":
            assert set(hit["TRANG_THAI"]) == {"02"}, fault
        elif fault["kind"] == "sentinel":
            assert set(hit["GIA_TRI"]) == {-999}, fault
        elif fault["kind"] == "gap":
            assert hit.empty, fault
    assert {fault["kind"] for fault in planted["air_observation"]} >= {
        "stuck", "calibration", "spike", "fault", "sentinel", "gap", "drift",
    }  # fmt: skip


def test_a_station_whose_clock_lags_sends_what_will_be_measured_seven_labels_later(tmp_path: Path) -> None:
    """At the moment of writing its newest label is seven hours old, and its day is its neighbours' day, shifted."""
    land = make_land(MINI, seed=SEED)
    network = make_air_stations(land)
    last = int(UNTIL.timestamp() // 3600)
    block = make_block(SEED, network, last - 96, last, until=last, rate=0)
    fault = next(fault for fault in block.faults if fault.kind == "clock")
    own = block.values[network.codes.index(fault.station), [p.name for p in block.parameters].index("temperature")]
    assert block.hours[np.isfinite(own)].max() == last - 7
    others = block.values[0, [p.name for p in block.parameters].index("temperature")]
    assert np.corrcoef(own[7:-7], others[14:])[0, 1] > 0.97 > np.corrcoef(own[7:-7], others[7:-7])[0, 1] + 0.3


def test_a_real_episode_lifts_a_whole_area_and_is_in_the_ledger(values: pd.DataFrame, planted: dict) -> None:  # type: ignore[type-arg]
    episode = planted["air_episode"]
    own = [f for f in planted["air_observation"] if f["parameter"] in ("*", "pm25") and f["last"] > episode["first"]]
    ill = {f["station"] for f in own if f["kind"] in {"stuck", "drift", "clock", "fault", "gap"}}
    healthy = set(episode["stations"]) - ill
    assert len(healthy) >= 3
    for station in healthy:
        hit = select(values, episode | {"station": station}, "PM2.5")
        smoke = hit.loc[hit["TRANG_THAI"] == "00", "GIA_TRI"]
        assert len(smoke) >= 40
        assert smoke.between(110, 220).sum() >= len(smoke) - 1  # one of them has a spike


def test_good_values_have_the_daily_course_of_a_town(values: pd.DataFrame) -> None:
    good = values[(values["THONG_SO"] == "NO2") & (values["TRANG_THAI"] == "00") & (values["GIA_TRI"].between(0, 300))]
    hour = pd.to_datetime(good["THOI_GIAN"]).dt.hour
    mean = good.groupby(hour)["GIA_TRI"].mean()
    assert mean[18] > 1.5 * mean[3]


def test_the_series_goes_on_as_if_it_had_been_made_in_one_piece(folder: Path, tmp_path: Path, planted: dict) -> None:  # type: ignore[type-arg]
    """Twelve hours cut off and added again are the same twelve hours."""
    for name in ("sample.json",):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    added = extend_sample(tmp_path, since=datetime.fromisoformat("2026-11-19T12:00+07:00"), until=UNTIL)
    *added, counts = added
    assert len(added) == 2
    whole = pd.read_csv(folder / "counting_observation.csv")
    tail = whole[whole["THOI_GIAN"] > "2026-11-19 12:00:00"].reset_index(drop=True)
    pd.testing.assert_frame_equal(pd.read_csv(counts), tail)
    lagging = {fault["station"] for fault in planted["air_observation"] if fault["kind"] == "clock"}
    assert lagging
    for path in added:
        network = path.name.split("_2026")[0]
        whole = pd.concat([pd.read_csv(file, dtype=str) for file in sorted(folder.glob(f"{network}_*.csv.gz"))])
        since = np.where(whole["MA_TRAM"].isin(lagging), "2026-11-19 05:00:00", "2026-11-19 12:00:00")
        tail = whole[whole["THOI_GIAN"] > since].reset_index(drop=True)
        pd.testing.assert_frame_equal(pd.read_csv(path, dtype=str), tail)


def test_nothing_is_written_when_there_is_no_new_hour(folder: Path) -> None:
    assert extend_sample(folder, since=UNTIL, until=UNTIL) == []


def test_a_folder_without_sample_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"sample\.json"):
        extend_sample(tmp_path, since=UNTIL, until=UNTIL)


def select(values: pd.DataFrame, fault: dict[str, str], parameter: str) -> pd.DataFrame:
    """Rows of the file that a planted fault speaks of (times there are UTC, in the file local)."""
    first, last = (
        pd.Timestamp(fault[name]).tz_convert("Asia/Ho_Chi_Minh").tz_localize(None) for name in ("first", "last")
    )
    own = values[(values["MA_TRAM"] == fault["station"]) & (values["THONG_SO"] == parameter)]
    return own[pd.to_datetime(own["THOI_GIAN"]).between(first, last)]


# ---------------------------------------------------------------- parcels and plan


def test_parcels_lie_in_the_commune_whose_register_they_are_in(folder: Path) -> None:
    units = gpd.read_file(folder / "admin_unit.gpkg")
    old = units[(units["level"] == "commune") & units["valid_to"].notna()].set_index("code")
    for frame in parcels(folder):
        frame = frame[frame.is_valid].to_crs(4326)
        inner = frame.geometry.representative_point()
        home = old.loc[frame["MA_XA"]].geometry.values
        assert shapely.contains_xy(home, inner.x, inner.y).all()


def test_parcels_share_edges_and_hardly_overlap(folder: Path) -> None:
    for frame in parcels(folder):
        frame = frame[frame.is_valid].drop_duplicates(["MA_XA", "SO_TO", "SO_THUA"])
        geometry = frame.geometry.values
        corners = shapely.get_num_coordinates(geometry) - 1
        assert corners.min() >= 4
        assert corners.max() <= 12
        left, right = shapely.STRtree(geometry).query(geometry, predicate="intersects")
        shared = shapely.intersection(geometry[left[left < right]], geometry[right[left < right]])
        assert shapely.area(shared).sum() < 0.001 * shapely.area(geometry).sum()
        assert (shapely.length(shared[shapely.area(shared) == 0]) > 5).sum() > 0.5 * len(frame)


def test_parcel_files_say_the_meridian_they_use(folder: Path) -> None:
    assert [frame.crs.to_epsg() for frame in parcels(folder)] == [5897, 9209, 5897]


def test_parcel_identifiers_are_unique_and_decode_to_the_parcel(folder: Path) -> None:
    everything = pd.concat([frame.to_crs(4326) for frame in parcels(folder)])
    once = everything[everything.is_valid].drop_duplicates(["MA_XA", "SO_TO", "SO_THUA"])
    assert once["MA_THUA"].is_unique
    inner = np.array([decode(text) for text in once["MA_THUA"]])
    away = shapely.distance(once.geometry.values, shapely.points(inner))
    assert away.max() < 3e-5  # about 3 m: PROJ's own choice of datum shift may differ from the pinned one


def test_geometric_and_registered_area_agree_but_for_the_planted_ones(folder: Path, planted: dict) -> None:  # type: ignore[type-arg]
    frames = parcels(folder)
    area = np.concatenate([frame.filter(regex="^DT_HINH").iloc[:, 0].to_numpy() for frame in frames])
    registered = np.concatenate([frame["DIEN_TICH"].to_numpy() for frame in frames])
    differs = np.abs(registered / area - 1) > 0.03
    repeated = planted["parcel"]["duplicate"]
    assert planted["parcel"]["area_mismatch"] <= differs.sum() <= planted["parcel"]["area_mismatch"] + repeated


def test_planted_defects_of_parcels_are_in_the_files(folder: Path, planted: dict) -> None:  # type: ignore[type-arg]
    frames = parcels(folder)
    known = {code.value for code in get_layer("parcel").column("land_code").codes}
    assert sum(len(frame) for frame in frames) == 400 + planted["parcel"]["duplicate"]
    assert sum((~frame["LOAI_DAT"].isin(known)).sum() for frame in frames) == planted["parcel"]["unknown_land_code"]
    assert sum((~frame.is_valid).sum() for frame in frames) == planted["parcel"]["self_intersecting"]
    assert all(planted["parcel"].values())


def test_plan_zones_do_not_overlap_and_leave_gaps(folder: Path) -> None:
    zones = gpd.read_file(folder / "land_plan.gpkg")
    units = gpd.read_file(folder / "admin_unit.gpkg")
    known = {code.value for code in get_layer("land_plan").column("planned_code").codes}
    assert shapely.coverage_is_valid(zones.geometry.values)
    assert set(zones["LOAI_DAT_QH"]) <= known
    whole = units[units["code"] == "97"].to_crs(5897).area.sum()
    assert 0.4 < zones.to_crs(5897).area.sum() / whole < 0.95


def test_geohash_agrees_with_published_vectors() -> None:
    points = np.array([[106.64043622, 21.85104170], [105.97336347, 20.24253701]])
    assert [text[:10] for text in geohash(points)] == ["w7gu69v5w3", "w7e75mp3q6"]


def decode(text: str) -> tuple[float, float]:
    """Middle of a GeoHash cell, by halving: another way than the generator's."""
    low, high = [-180.0, -90.0], [180.0, 90.0]
    axis = 0
    for letter in text:
        number = "0123456789bcdefghjkmnpqrstuvwxyz".index(letter)
        for bit in (16, 8, 4, 2, 1):
            middle = (low[axis] + high[axis]) / 2
            if number & bit:
                low[axis] = middle
            else:
                high[axis] = middle
            axis = 1 - axis
    return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2


# ---------------------------------------------------------------- people, feedback, indicators, grids


def test_planted_defects_of_points_are_in_the_files(folder: Path, planted: dict) -> None:  # type: ignore[type-arg]
    school = pd.read_excel(folder / "school.xlsx")
    camera = pd.read_csv(folder / "camera.csv")
    feedback = pd.read_csv(folder / "feedback.csv")
    assert school["KINH_DO"].isna().sum() == planted["school"]["without_position"] > 0
    assert (camera["KINH_DO"] < camera["VI_DO"]).sum() == planted["camera"]["swapped"] > 0
    assert (feedback["XONG"] < feedback["TIEP_NHAN"]).sum() == planted["feedback"]["closed_before_received"] > 0
    assert feedback["longitude"].isna().sum() == planted["feedback"]["without_position"] > 0


def test_histories_of_reports_are_in_order_and_end_in_the_state_of_the_report(folder: Path) -> None:
    feedback = pd.read_csv(folder / "feedback.csv").set_index("MA_PA")
    events = pd.read_csv(folder / "feedback_event.csv")
    assert set(events["MA_PA"]) == set(feedback.index)
    for code, history in events.groupby("MA_PA"):
        assert history["THU_TU"].tolist() == list(range(1, len(history) + 1))
        assert history["THOI_DIEM"].is_monotonic_increasing
        assert history["TRANG_THAI"].iloc[0] == "received"
        assert history["TRANG_THAI"].iloc[-1] == feedback.loc[code, "TRANG_THAI"]


def test_nobody_in_the_sample_can_be_called(folder: Path) -> None:
    feedback = pd.read_csv(folder / "feedback.csv", dtype=str)
    assert feedback["DIEN_THOAI"].str.fullmatch(r"0900\d{6}").all()
    assert feedback["NGUOI_PA"].str.contains("Mẫu").all()


def indicator_frame(folder: Path) -> pd.DataFrame:
    files = sorted(folder.glob("indicator_*.csv"))
    return pd.concat([pd.read_csv(file, dtype={"MA_DVHC": str, "KY": str}) for file in files])


def test_sums_of_districts_and_of_new_communes_are_the_province(folder: Path) -> None:
    frame = indicator_frame(folder)
    table = get_layer("indicator").indicators
    assert table is not None
    across = {item.code: item.across for item in table.indicators}
    monthly = frame["KY"].str.fullmatch(r"\d{4}-\d{2}") & (frame["TINH_TRANG"] != "plan")
    frame = frame[monthly & frame["CHI_TIEU"].map(across).eq("sum")]
    planted = json.loads((folder / "planted.json").read_text(encoding="utf-8"))["indicator"]
    wrong = {(fault["code"], month[:7]) for fault in planted if fault["kind"] == "report" for month in fault["periods"]}
    frame = frame[[pair not in wrong for pair in zip(frame["CHI_TIEU"], frame["KY"], strict=True)]]
    old, new = frame[frame["KY"] < "2025-07"], frame[frame["KY"] >= "2025-07"]
    for code, part in old.groupby("CHI_TIEU"):
        wide = part.pivot_table(index="KY", columns=part["MA_DVHC"].str.len(), values="GIA_TRI", aggfunc="sum")
        if 3 in wide:
            np.testing.assert_allclose(wide[2], wide[3], atol=0.02, err_msg=str(code))
    for code, part in new.groupby("CHI_TIEU"):
        wide = part.pivot_table(index="KY", columns=part["MA_DVHC"].str.len(), values="GIA_TRI", aggfunc="sum")
        if 5 in wide:
            np.testing.assert_allclose(wide[2], wide[5], atol=0.02, err_msg=str(code))


def test_the_new_province_continues_the_level_of_the_three_old_ones(folder: Path) -> None:
    frame = indicator_frame(folder)
    people = frame[(frame["CHI_TIEU"] == "population") & (frame["TINH_TRANG"] != "plan")]
    before = people[(people["KY"] == "2025-06") & (people["MA_DVHC"].str.len() == 2)]
    after = people[(people["KY"] == "2025-07") & (people["MA_DVHC"] == "97")]
    assert len(before) == 3
    assert after["GIA_TRI"].sum() == pytest.approx(before["GIA_TRI"].sum(), rel=0.002)


def test_units_report_only_while_they_exist(folder: Path) -> None:
    frame = indicator_frame(folder)
    monthly = frame[frame["KY"].str.fullmatch(r"\d{4}-\d{2}")]
    assert (monthly.loc[monthly["HIEU_LUC_TU"] == "1997-01-01", "KY"] < "2025-07").all()
    assert (monthly.loc[monthly["HIEU_LUC_TU"] == "2025-07-01", "KY"] >= "2025-07").all()
    assert monthly["KY"].max() == "2026-10"
    assert set(monthly.loc[monthly["KY"] == "2026-10", "TINH_TRANG"]) == {"estimate"}


def test_every_indicator_agencies_report_has_a_recipe_and_twenty_reach_the_communes() -> None:
    table = get_layer("indicator").indicators
    assert table is not None
    reported = [item for item in table.indicators if not item.computed]
    assert {item.code for item in reported} == set(RECIPES) | set(SUMS)
    assert sum("commune" in item.levels for item in reported) >= 20


def test_the_population_grid_has_the_people_of_the_province(folder: Path) -> None:
    units = gpd.read_file(folder / "admin_unit.gpkg")
    people = float(units.loc[units["code"] == "97", "population"].iloc[0])
    totals = []
    for path in sorted(folder.glob("population_*.tif")):
        with rasterio.open(path) as source:
            grid = source.read(1, masked=True)
            assert grid.min() >= 0
            totals.append(float(grid.sum()))
    assert len(totals) >= 2
    assert totals == sorted(totals)
    assert totals[-1] == pytest.approx(people, rel=0.02)


def test_rain_falls_in_millimetres_and_never_backwards(folder: Path) -> None:
    with xr.open_dataset(folder / "rainfall.nc") as data:
        assert data["rain"].attrs["units"] == "mm"
        assert data.sizes["time"] == 60
        assert str(data["time"].values[-1])[:10] == "2026-11-19"
        assert float(data["rain"].min()) >= 0
        assert 0 < float(data["rain"].max()) < 1500


def test_files_say_that_they_are_synthetic(folder: Path) -> None:
    assert json.loads((folder / "sample.json").read_text(encoding="utf-8"))["synthetic"] is True
    units = gpd.read_file(folder / "admin_unit.gpkg")
    assert "mẫu tổng hợp" in units.loc[units["code"] == "97", "name"].iloc[0]


def test_more_parcels_than_the_land_can_take_are_refused_with_the_number_it_can(tmp_path: Path) -> None:
    land = make_land(replace(MINI, area_km2=12), seed=SEED)
    with pytest.raises(ValueError, match="room for"):
        write_parcels(land, tmp_path, count=30_000, until=UNTIL, progress=silent)
