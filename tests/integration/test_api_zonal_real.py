"""The statistics behind `zonal-statistics` against the census of 1 April 2019, with WorldPop 2020."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest

from spatial.analysis.zonal import zonal_statistics

RASTER = "rasters/vnm_ppp_2020_1km_Aggregated_UNadj.tif"


@pytest.mark.real
def test_worldpop_by_province_is_near_the_census(real_data: Path) -> None:
    units = geopandas.read_parquet(real_data / "boundaries/vn_pre2025_provinces.parquet")
    units["people"] = zonal_statistics(
        [real_data / RASTER], units.geometry.to_numpy(), crs=4326, how="sum"
    ).value[:, 0]  # fmt: skip
    census = pd.read_csv(real_data / "socio/vn_census2019_population_by_district.csv")
    known = census.groupby("province_vi")["total"].sum()
    units["short"] = units["name"].str.replace(r"^(Tỉnh|Thành phố|TP\.?) ", "", regex=True)
    both = units.set_index("short").join(known, how="inner")
    assert len(both) >= 55
    ratio = both["people"] / both["total"]
    assert both["people"].sum() / both["total"].sum() == pytest.approx(1.0, abs=0.04)
    assert np.corrcoef(both["people"], both["total"])[0, 1] > 0.97
    assert ratio.median() == pytest.approx(1.0, abs=0.1)
