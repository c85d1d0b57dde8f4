"""Units as values: names, validity, search texts, and weights across a reform."""

from __future__ import annotations

import unicodedata
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial.admin_units import METHODS, REFORM, Link, Unit, Weight, fold, fold_query, predecessors, rebuilt_from, worst
from spatial.analysis.coverage import generalise
from spatial.analysis.crosswalk import Alternative, Crosswalk, combine
from spatial.analysis.indicators import STATES
from spatial.analysis.links import build_links, overlay, spread_people, unit_areas

START = date(2020, 1, 1)


def unit(
    unit_id: int, level: str = "commune", first: date = START, end: date | None = None, parent: int | None = None,
    people: int | None = 1000, name: str = "Bình An", kind: str = "Xã",
) -> Unit:  # fmt: skip
    return Unit(unit_id, f"{unit_id}.{first}", str(unit_id), level, kind, name, parent, None, first, end, people, None,  # type: ignore[arg-type]
                (0, 0, 1, 1))  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "vi", "en"),
    [
        ("Xã", "Bình An", "Xã Bình An", "Bình An Commune"),
        ("Phường", "1", "Phường 1", "Ward 1"),
        ("Thành phố", "Nam Định", "Thành phố Nam Định", "Nam Định City"),
        ("Huyện", "Cao Lộc", "Huyện Cao Lộc", "Cao Lộc District"),
        ("Đặc khu", "Phú Quý", "Đặc khu Phú Quý", "Phú Quý Special Zone"),
    ],
)
def test_full_names_in_both_languages(kind: str, name: str, vi: str, en: str) -> None:
    assert unit(1, kind=kind, name=name).full_name() == vi
    assert unit(1, kind=kind, name=name).full_name("en") == en


def test_validity_is_half_open() -> None:
    old = unit(1, end=REFORM)
    assert old.valid_on(START)
    assert old.valid_on(date(2025, 6, 30))
    assert not old.valid_on(REFORM)
    assert not old.valid_on(date(2019, 12, 31))
    assert unit(2, first=REFORM).valid_on(date(2100, 1, 1))


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("Nam Định", "nam dinh", "nam dinh"),
        (unicodedata.normalize("NFD", "NAM ĐỊNH"), "nam dinh", "nam dinh"),
        ("TP. Nam Định", "nam dinh", "thanh pho nam dinh"),
        ("Tp Nam Định", "nam dinh", "thanh pho nam dinh"),
        ("TX.Sơn Tây", "son tay", "thi xa son tay"),
        ("tt. Yên Bình", "yen binh", "thi tran yen binh"),
        ("H. Ý Yên", "y yen", "huyen y yen"),
        ("X. Yên Bình", "yen binh", "xa yen binh"),
        ("P.1", "1", "phuong 1"),
        ("Xuân Trường", "xuan truong", "xuan truong"),
        ("Phú Quý", "phu quy", "phu quy"),
        ("xã", "xa", "xa"),
        ("  ", "", ""),
    ],
)
def test_search_texts_lose_type_words_but_no_letters_of_names(text: str, name: str, whole: str) -> None:
    assert fold_query(text) == (name, whole)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


WHOLE = Link(1, 10, 1.0, 1.0, 0.25, 0.4, "exact")
HALF = Link(2, 10, 0.5, 0.7, 0.75, 0.6, "by_people")
OTHER = Link(2, 11, 0.5, 0.3, 1.0, 1.0, "by_people")
LINKS = (WHOLE, HALF, OTHER)


def test_a_new_unit_takes_from_its_predecessors() -> None:
    assert predecessors(LINKS, 10) == (Weight(1, 1.0, 1.0, 0.4, "exact"), Weight(2, 0.5, 0.7, 0.6, "by_people"))


def test_an_old_unit_is_rebuilt_exactly_only_from_units_that_lie_wholly_in_it() -> None:
    assert rebuilt_from(LINKS, 2) == (Weight(10, 0.75, 0.6, 0.7, "by_people"), Weight(11, 1.0, 1.0, 0.3, "exact"))
    assert rebuilt_from(LINKS, 1) == (Weight(10, 0.25, 0.4, 1.0, "by_people"),)


def test_a_result_is_as_uncertain_as_its_least_certain_part() -> None:
    assert worst(["exact", "by_people"]) == "by_people"
    assert worst(["by_people", "by_area"]) == "by_area"
    assert worst(["exact"]) == "exact"


REFORMED = Crosswalk([unit(1, end=REFORM), unit(2, end=REFORM), unit(10, first=REFORM), unit(11, first=REFORM)], LINKS)


def combined(
    alternatives: list[Alternative],
    values: dict[int, float],
    *,
    rate: bool = False,
    states: dict[int, str] | None = None,
) -> tuple[float, str, str] | None:
    """One figure of one unit: value, state, method."""
    rows = {unit_id: number for number, unit_id in enumerate(values)}
    known = [STATES.index((states or {}).get(unit_id, "official")) for unit_id in values]
    found = combine(
        rows, [alternatives], np.array([[v] for v in values.values()]).reshape(-1, 1),
        np.array(known, dtype=np.int8).reshape(-1, 1), averaged=np.array([rate]),
    )  # fmt: skip
    if not np.isfinite(found.value[0, 0]):
        return None
    return found.value[0, 0], STATES[found.state[0, 0]], METHODS[found.method[0, 0]]


def test_amounts_are_added_by_share_and_rates_averaged_by_people() -> None:
    sources = REFORMED.alternatives(10, START)
    assert combined(sources, {1: 100, 2: 200}) == (pytest.approx(240), "official", "by_people")
    assert combined(sources, {1: 50, 2: 100}, rate=True) == (pytest.approx(80), "official", "by_people")


def test_a_sum_is_as_sure_as_its_weakest_part() -> None:
    sources = REFORMED.alternatives(10, START)
    for states, weakest in (({1: "preliminary"}, "preliminary"), ({1: "preliminary", 2: "estimate"}, "estimate")):
        assert combined(sources, {1: 100, 2: 200}, states=states) == (pytest.approx(240), weakest, "by_people")


def test_a_sum_with_a_hole_is_no_value() -> None:
    sources = REFORMED.alternatives(10, START)
    assert combined(sources, {1: 100}) is None
    assert combined(sources, {1: 100, 2: np.nan}) is None
    assert combined(sources, {}) is None


def test_the_next_best_sources_are_taken_where_the_best_did_not_report() -> None:
    best, other = (Weight(1, 1, 1, 0.5, "exact"), Weight(2, 1, 1, 0.5, "exact")), (Weight(3, 0.5, 0.4, 1, "by_people"),)
    assert combined([best, other], {1: 100, 2: 200, 3: 1000}) == (300, "official", "exact")
    assert combined([best, other], {1: 100, 3: 1000}) == (400, "official", "by_people")


def test_no_amount_is_lost_or_doubled_by_the_reform() -> None:
    values = {1: 100.0, 2: 200.0}
    new = [combined(REFORMED.alternatives(unit_id, START), values) for unit_id in (10, 11)]
    assert sum(value[0] for value in new if value) == pytest.approx(300)


def test_two_reforms_are_followed_one_after_the_other() -> None:
    again = date(2026, 9, 1)
    units = [unit(1, end=REFORM), unit(10, first=REFORM, end=again), unit(20, first=again)]
    links = [Link(1, 10, 1, 1, 1, 1, "exact"), Link(10, 20, 1, 1, 1, 1, "exact")]
    walk = Crosswalk(units, links)
    assert walk.alternatives(20, START) == [(Weight(1, 1, 1, 1, "exact"),)]
    assert walk.alternatives(1, again) == [(Weight(20, 1, 1, 1, "exact"),)]


def test_an_old_province_is_rebuilt_from_its_districts() -> None:
    units = [
        unit(1, "province", end=REFORM),
        unit(2, "district", end=REFORM, parent=1, people=3000),
        unit(3, "district", end=REFORM, parent=1, people=1000),
        unit(10, first=REFORM),
        unit(20, "province", first=REFORM),
    ]
    links = [
        Link(1, 20, 1, 1, 0.5, 0.6, "exact"),
        Link(2, 10, 1, 1, 0.7, 0.75, "exact"),
        Link(3, 10, 1, 1, 0.3, 0.25, "exact"),
    ]
    best, other = Crosswalk(units, links).alternatives(1, REFORM)
    assert best == (Weight(10, pytest.approx(1), pytest.approx(1), pytest.approx(1), "exact"),)
    assert other == (Weight(20, 0.5, 0.6, 1, "by_people"),)


def test_links_of_a_split_add_up() -> None:
    old = np.array([shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)])
    new = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)])
    pieces = overlay(old, new)
    people = spread_people(pieces, np.array([300.0, np.nan]))
    ids = np.array([5, 6]), np.array([7, 8])
    whole = dict(zip((5, 6, 7, 8), unit_areas(np.concatenate([old, new])), strict=True))
    links = build_links(
        ids[0][pieces.predecessor], ids[1][pieces.successor], pieces.area, people, counted=False, whole=whole
    )
    assert [(link.predecessor_id, link.successor_id, link.method) for link in links] == [
        (5, 7, "by_area"), (5, 8, "by_area"), (6, 8, "exact"),
    ]  # fmt: skip
    assert [round(link.people_share, 6) for link in links] == [0.5, 0.5, 1.0]
    assert round(links[1].successor_people_share, 6) == 0.5  # unknown people: as dense as the known


@pytest.mark.parametrize("width", [0.0005, 0.001])
def test_slivers_along_a_border_are_not_links(width: float) -> None:
    old = np.array([shapely.box(106, 20, 106.1, 20.1), shapely.box(106.1, 20, 106.2, 20.1)])
    new = np.array([shapely.box(106, 20, 106.1 + width, 20.1), shapely.box(106.1 + width, 20, 106.2, 20.1)])
    pieces = overlay(old, new)
    assert sorted(zip(pieces.predecessor.tolist(), pieces.successor.tolist(), strict=True)) == [(0, 0), (1, 1)]


def test_a_real_strip_that_changed_hands_is_a_link() -> None:
    old = np.array([shapely.box(106, 20, 106.1, 20.1), shapely.box(106.1, 20, 106.2, 20.1)])
    new = np.array([shapely.box(106, 20, 106.11, 20.1), shapely.box(106.11, 20, 106.2, 20.1)])
    pieces = overlay(old, new)
    assert len(pieces.area) == 3


def test_generalised_neighbours_leave_no_gap() -> None:
    border = [(0.05 + 0.00002 * (-1) ** n, n / 200) for n in range(41)]
    left = shapely.Polygon([(0, 0), *border, (0, 0.2)])
    right = shapely.Polygon([(0.1, 0), *border, (0.1, 0.2)])
    drawn = np.array([left, right])
    simple = generalise(drawn)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(drawn).sum() / 2
    assert shapely.union_all(simple).area == pytest.approx(0.02)


def test_a_broken_coverage_still_gives_valid_shapes() -> None:
    bowtie_neighbour = shapely.box(0.05, 0, 0.2, 0.2)
    shapes = generalise(np.array([shapely.box(0, 0, 0.1, 0.1), bowtie_neighbour, shapely.Point(1, 1).buffer(0.0001)]))
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()


def test_a_hole_in_the_data_of_the_other_side_is_not_shared_out() -> None:
    old = np.array([shapely.box(0, 0, 0.4, 1)])  # the rest of the new unit lay in a unit that is not loaded
    new = np.array([shapely.box(0, 0, 1, 1)])
    pieces = overlay(old, new)
    whole = dict(zip((1, 10), unit_areas(np.concatenate([old, new])), strict=True))
    [link] = build_links(np.array([1]), np.array([10]), pieces.area, pieces.area, counted=False, whole=whole)
    assert (link.area_share, link.method) == (1.0, "exact")
    assert link.successor_area_share == pytest.approx(0.4)
    walk = Crosswalk([unit(1, end=REFORM), unit(10, first=REFORM)], [link])
    assert combined(walk.alternatives(10, START), {1: 100}) is None
