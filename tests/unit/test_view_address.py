"""Addresses of the application: which page, which parts, which query."""

from __future__ import annotations

import pytest

from dash_app.address import read_address, site_map

SITE = site_map(["/", "/stations", "/stations/compare", "/stations/<layer>/<path:key>", "/alerts/<int:alert>"])


@pytest.mark.parametrize(
    ("path", "rule", "parts"),
    [
        ("/", "/", {}),
        (None, "/", {}),
        ("/stations/", "/stations", {}),
        ("/stations/compare", "/stations/compare", {}),
        ("/stations/air/KK%201", "/stations/<layer>/<path:key>", {"layer": "air", "key": "KK 1"}),
        ("/stations/air_observation/a/b", "/stations/<layer>/<path:key>", {"layer": "air_observation", "key": "a/b"}),
        ("/alerts/17", "/alerts/<int:alert>", {"alert": 17}),
    ],
)  # fmt: skip
def test_a_path_finds_its_page_and_its_parts(path: str | None, rule: str, parts: dict[str, object]) -> None:
    address = read_address(SITE, path, "")
    assert address is not None
    assert (address.rule, address.parts) == (rule, parts)


@pytest.mark.parametrize("path", ["/nothing", "/alerts/first", "/stations/air_observation"])
def test_a_path_without_a_page_is_nowhere(path: str) -> None:
    assert read_address(SITE, path, "") is None


def test_a_link_keeps_what_the_query_says_and_changes_what_it_is_told() -> None:
    address = read_address(SITE, "/stations/compare", "?s=air_observation:A,air_observation:B&lang=en")
    assert address is not None
    assert address.language == "en"
    assert address.link(lang=None, p="pm25") == "/stations/compare?s=air_observation:A,air_observation:B&p=pm25"
