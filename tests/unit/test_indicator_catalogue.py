"""The catalogue of indicators is data: whole, consistent, and loud where it is wrong."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from layers.catalogue import FOLDER, GROUPS, INDICATORS, CatalogueError, read_catalogue
from layers.domains import DOMAINS

CATALOGUE = read_catalogue(FOLDER / INDICATORS)
ITEMS = {item.code: item for item in CATALOGUE.indicators}


def rows() -> list[dict[str, str]]:
    with (FOLDER / INDICATORS).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def replaced(folder: Path, code: str, /, **cells: str) -> Path:
    """The catalogue with some cells of one row changed."""
    found = rows()
    for row in found:
        if row["code"] == code:
            row |= cells
    path = folder / "province.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path


def test_more_than_110_indicators_in_twenty_groups_and_every_group_has_members() -> None:
    groups = Counter(item.group for item in CATALOGUE.indicators)
    assert len(CATALOGUE.indicators) >= 110
    assert len(CATALOGUE.groups) == 20
    assert {group.value for group in CATALOGUE.groups} == set(groups)


def test_every_tab_but_the_questions_has_indicators() -> None:
    assert {item.domain for item in CATALOGUE.indicators} == set(DOMAINS) - {"assistant"}


def test_every_indicator_has_an_owner_a_formula_and_names_in_both_languages() -> None:
    for item in CATALOGUE.indicators:
        assert item.agency.strip(), item.code
        assert item.formula is not None, item.code
        assert item.title.vi != item.title.en, item.code


def test_no_name_is_given_twice() -> None:
    for language in ("vi", "en"):
        names = Counter(item.title[language] for item in CATALOGUE.indicators)
        assert [name for name, count in names.items() if count > 1] == []


def test_one_unit_of_measure_has_one_translation_unless_it_counts_things() -> None:
    pairs = {(item.unit.vi, item.unit.en) for item in CATALOGUE.indicators}
    counted = {"vụ", "nghìn lượt", "lượt"}
    assert [vi for vi, count in Counter(vi for vi, _ in pairs).items() if count > 1 and vi not in counted] == []


def test_what_is_counted_adds_up_and_what_is_a_rate_does_not() -> None:
    for item in CATALOGUE.indicators:
        if item.unit.vi in ("%", "‰", "điểm") or "/" in item.unit.vi:
            assert item.how != "sum", item.code
            assert item.across != "sum", item.code


def test_the_five_groups_of_the_service_index_and_their_sum_are_there() -> None:
    points = {"score_openness": 18, "score_progress": 20, "score_digitisation": 22, "score_online": 22,
              "score_satisfaction": 18, "score_total": 100}  # fmt: skip
    for code, most in points.items():
        assert str(most) in ITEMS[code].title.vi
        assert ITEMS[code].legal_basis == "766/QĐ-TTg"


def test_what_the_platform_computes_is_said_to_be_computed() -> None:
    computed = {item.code for item in CATALOGUE.indicators if item.computed}
    assert computed == {"feedback_received", "feedback_on_time", "feedback_overdue", "feedback_satisfied",
                        "feedback_median_hours", "camera_online"}  # fmt: skip
    assert all(ITEMS[code].confidence == "project" for code in computed)


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"agency": ""}, "agency"),
        ({"direction": "sideways"}, "direction"),
        ({"group": "happiness"}, "no group 'happiness'"),
        ({"domain": "weather"}, "no domain 'weather'"),
        ({"code": "iip"}, "twice"),
        ({"unit_vi": "%", "unit_en": "%"}, "cannot be added up"),
        ({"across": "weighted"}, "adds up over units"),
        ({"decimals": "many"}, "invalid literal"),
        ({"cumulative": "perhaps"}, "neither yes nor no"),
        ({"levels": "province hamlet"}, "levels"),
        ({"title_en": ""}, "title_en|en"),
        ({"year_from": "9"}, "only yearly figures"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, cells: dict[str, str], complaint: str) -> None:
    line = [row["code"] for row in rows()].index("retail_sales") + 2
    with pytest.raises(CatalogueError, match=rf"province\.csv, line {line}: .*({complaint})"):
        read_catalogue(replaced(tmp_path, "retail_sales", **cells))


def test_a_missing_column_and_a_missing_file_are_said(tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("code,domain\nx,health\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="line 1: column 'group' is missing"):
        read_catalogue(tmp_path / "short.csv")
    with pytest.raises(CatalogueError, match=r"none\.csv cannot be read"):
        read_catalogue(tmp_path / "none.csv")


def test_a_province_replaces_the_set_and_its_groups_by_files_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / GROUPS).write_text("code,title_vi,title_en\nsea,Biển đảo,Sea and islands\n", encoding="utf-8")
    (tmp_path / "mine.csv").write_text(
        "code,domain,group,title_vi,title_en,unit_vi,unit_en,agency,direction,how\n"
        "squid_catch,socio_economic,sea,Sản lượng mực,Squid catch,tấn,tonnes,Sở Nông nghiệp và Môi trường,up,sum\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("GEOIOC_INDICATORS", str(tmp_path / "mine.csv"))
    found = read_catalogue()
    assert [item.code for item in found.indicators] == ["squid_catch"]
    assert [group.title.vi for group in found.groups] == ["Biển đảo"]
