"""The sample's units cover the land exactly, in both vintages."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely

from ingest.sample.boundaries import REFORM, Land, make_land, unit_frame
from ingest.sample.scale import FULL, MINI, Scale


@pytest.fixture(scope="module", params=[MINI, FULL], ids=["mini", "full"])
def land(request: pytest.FixtureRequest) -> Land:
    scale: Scale = request.param
    return make_land(scale, seed=20250701)


@pytest.mark.parametrize("old", [True, False], ids=["before", "since"])
def test_communes_touch_but_never_overlap_or_leave_gaps(land: Land, old: bool) -> None:
    communes = np.array([unit.geometry for unit in land.select("commune", old=old)])
    province = shapely.union_all([unit.geometry for unit in land.select("province", old=old)])
    assert shapely.is_valid(communes).all()
    assert shapely.coverage_is_valid(communes)
    assert shapely.area(communes).sum() == pytest.approx(province.area, rel=1e-9)
    assert len(shapely.get_parts(province)) == 1
    assert not len(shapely.get_rings(province)) > 1


def test_written_borders_still_fit_after_the_change_to_degrees(land: Land) -> None:
    frame = unit_frame(land)
    for old in (True, False):
        vintage = frame[(frame["level"] == "commune") & (frame["valid_to"].notna() == old)]
        assert shapely.coverage_is_valid(vintage.geometry.values)
    assert frame.geometry.is_valid.all()


def test_every_unit_is_the_exact_sum_of_its_children(land: Land) -> None:
    for parent_level, child_level in (("province", "district"), ("district", "commune")):
        children = land.select(child_level, old=True)
        for parent in land.select(parent_level, old=True):
            own = [unit for unit in children if unit.parent_code == parent.code]
            assert own
            assert sum(unit.population for unit in own) == parent.population
            assert shapely.equals(shapely.union_all([unit.geometry for unit in own]), parent.geometry)


def test_the_new_province_holds_the_three_old_ones(land: Land) -> None:
    (new,) = land.select("province", old=False)
    old = land.select("province", old=True)
    assert new.code == "97"
    assert [unit.code for unit in old] == ["94", "95", "96"]
    assert new.population == sum(unit.population for unit in old)
    assert shapely.equals(new.geometry, shapely.union_all([unit.geometry for unit in old]))


def test_codes_are_unique_within_a_vintage_and_reused_across_the_reform(land: Land) -> None:
    old = {unit.code: unit for unit in land.select("commune", old=True)}
    new = land.select("commune", old=False)
    assert len({unit.code for unit in new}) == len(new) == land.scale.new_communes
    assert len(old) == land.scale.old_communes
    for unit in new:
        assert unit.valid_from == REFORM
        assert set(old[unit.code].cells) & set(unit.cells), "a code comes from a predecessor"


def test_a_few_old_communes_are_split_and_the_others_move_as_a_whole(land: Land) -> None:
    successor = {cell: unit.code for unit in land.select("commune", old=False) for cell in unit.cells}
    parts = [len({successor[cell] for cell in unit.cells}) for unit in land.select("commune", old=True)]
    assert Counter(parts) == {1: len(parts) - land.scale.split_communes, 2: land.scale.split_communes}


def test_new_communes_cross_the_borders_of_former_districts(land: Land) -> None:
    district = {cell: unit.code for unit in land.select("district", old=True) for cell in unit.cells}
    crossing = [unit for unit in land.select("commune", old=False) if len({district[c] for c in unit.cells}) > 1]
    assert crossing


def test_the_search_example_exists_in_both_vintages(land: Land) -> None:
    for old in (True, False):
        assert [unit for unit in land.select("commune", old=old) if unit.name == "Nam Định"]


def test_borders_are_no_rectangles(land: Land) -> None:
    for unit in land.select("commune", old=False):
        box = unit.geometry.minimum_rotated_rectangle
        assert unit.geometry.area < 0.93 * box.area
        assert shapely.get_num_coordinates(unit.geometry) > 60


def test_the_full_province_has_the_promised_size() -> None:
    land = make_land(FULL, seed=20250701)
    assert len(land.select("district", old=True)) == 24
    assert len(land.select("commune", old=False)) == 129
    assert land.select("province", old=False)[0].area_km2 == pytest.approx(3_900, rel=0.05)
    assert land.select("province", old=False)[0].population == pytest.approx(4_400_000, rel=0.001)
    names = Counter(unit.name for unit in land.select("commune", old=True))
    assert names["Tân Phú"] == 2
