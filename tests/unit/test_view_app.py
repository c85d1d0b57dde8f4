"""The application as a whole: ids, layers of the registry, what works without any data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from dash.development.base_component import Component

from dash_app.app import PAGES, bridge_settings, create_app
from dash_app.components.layer_panel import layer_panel
from dash_app.ids import Id
from dash_app.overlays import panel_layers
from dash_app.services import Services
from dash_app.themes import themes
from layers.registry import registry
from spatial.errors import DatabaseUnavailable


class NoDatabase(Services):
    """Everything that needs the database says that it does not answer."""

    def province(self) -> dict[str, Any] | None:
        raise DatabaseUnavailable("down")

    def units(self) -> list[dict[str, Any]]:
        raise DatabaseUnavailable("down")

    def find(self, query: str) -> list[dict[str, Any]]:
        raise DatabaseUnavailable("down")


def ids_in(component: Component) -> set[str]:
    found = [component, *component._traverse()]
    return {str(item.id) for item in found if isinstance(item, Component) and getattr(item, "id", None) is not None}


def test_every_id_a_callback_speaks_of_is_in_a_layout() -> None:
    app = create_app(Services())
    present = ids_in(app.validation_layout)
    used = {
        part["id"]
        for callback in app._callback_list
        for part in (*callback["inputs"], *callback["state"])
        if not part["id"].startswith("{")
    }
    assert used <= present
    assert {member.value for member in Id} <= present


def test_two_applications_live_side_by_side() -> None:
    first, second = create_app(Services()), create_app(Services())
    assert len(first._callback_list) == len(second._callback_list) > 0


@pytest.mark.parametrize("layer_id", sorted(layer.id for layer in registry().values() if layer.overlay.kind != "none"))
def test_every_layer_with_an_overlay_is_in_the_layer_panel_and_known_to_the_bridge(layer_id: str) -> None:
    assert layer_id in {layer.id for layer in panel_layers()}
    for language in ("vi", "en"):
        panel = layer_panel({}, language)
        rows = [getattr(item, "data-layer-row", None) for item in panel._traverse()]
        assert rows.count(layer_id) == 1
        assert bridge_settings(language)["layers"][layer_id]["title"] == registry()[layer_id].title[language]


def test_every_indicator_parameter_index_and_grid_that_is_drawn_is_a_theme() -> None:
    expected = 0
    for layer in registry().values():
        if layer.overlay.kind == "none":
            continue
        expected += len(layer.series.indices) if layer.series else 0
        expected += len(layer.indicators.indicators) if layer.indicators else 0
        expected += len(layer.series.parameters) if layer.series else 0
        expected += layer.kind == "grid"
    assert len(themes()) == expected


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_says_its_language_and_asks_no_other_host(language: str) -> None:
    page = create_app(Services()).server.test_client().get(f"/?lang={language}").get_data(as_text=True)
    assert f'<html lang="{language}"' in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


@pytest.mark.parametrize(
    "address", ["/api/units", "/api/search?q=ha", "/api/frames?theme=nonsense", "/api/land?layer=school"]
)
def test_a_dead_database_or_a_wrong_question_is_one_sentence(address: str) -> None:
    answer = create_app(NoDatabase(now=lambda: datetime(2026, 11, 21, tzinfo=UTC))).server.test_client().get(address)
    assert answer.status_code in (404, 503)
    assert len(answer.get_json()["message"]) > 10


def test_every_page_has_a_frame_without_data() -> None:
    for page in PAGES.values():
        assert "main" in ids_in(page.validation_layout())
