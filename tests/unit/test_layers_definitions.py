"""What holds for every layer definition, and how mistakes in one are told."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from layers.model import Layer, Text
from layers.registry import DEFINITIONS, LayerError, read_definitions, registry
from spatial import index_text, layer_check, layer_text
from spatial.errors import LayerRefused
from spatial.layer_new import TEMPLATE, check_id
from spatial.layer_source import fill_template
from spatial.settings import REPOSITORY

LAYERS = [pytest.param(layer, id=layer.id) for layer in registry().values()]


@pytest.mark.parametrize("layer", LAYERS)
def test_every_text_is_there_in_both_languages(layer: Layer) -> None:
    assert layer_check.text_findings({layer.id: layer}) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_headers_of_a_layer_lead_to_one_column_each(layer: Layer) -> None:
    headers = [header.casefold() for column in layer.columns for header in column.headers]
    doubled = {header for header in headers if headers.count(header) > 1}
    own = {column.name.casefold() for column in layer.columns}
    assert doubled <= own, "a header may repeat its own column's name, nothing else"


@pytest.mark.parametrize("path", sorted(DEFINITIONS.glob("[!_]*.py")), ids=lambda path: path.stem)
def test_a_definition_holds_literals_only(path: Path) -> None:
    body = ast.parse(path.read_text("utf-8")).body
    assert ast.get_docstring(ast.Module(body, [])), "says in one sentence what the dataset is"
    statements = [node for node in body[1:] if not isinstance(node, ast.ImportFrom)]
    forbidden = (ast.FunctionDef, ast.Lambda, ast.For, ast.If, ast.IfExp, ast.ListComp, ast.GeneratorExp, ast.JoinedStr)
    for statement in statements:
        assert isinstance(statement, ast.Assign | ast.AnnAssign)
        assert not any(isinstance(node, forbidden) for node in ast.walk(statement))


@pytest.mark.parametrize("layer", LAYERS)
def test_the_reference_page_is_what_the_definition_says(layer: Layer) -> None:
    written = (REPOSITORY / "docs" / "reference" / f"{layer.id}.md").read_text("utf-8")
    assert written == layer_text.page(layer), "run `geoioc layers docs`"


def test_the_reference_lists_every_layer_and_no_other() -> None:
    folder = REPOSITORY / "docs" / "reference"
    expected = {"README.md", "indices.md"} | {f"{layer_id}.md" for layer_id in registry()}
    assert {path.name for path in folder.glob("*.md")} == expected
    assert (folder / "README.md").read_text("utf-8") == layer_text.index(registry())
    assert (folder / "indices.md").read_text("utf-8") == index_text.page(registry()), "run `geoioc layers docs`"


@pytest.mark.parametrize(
    ("vi", "en", "translated"),
    [
        ("Tên trạm", "Station name", True),
        ("Tên trạm", "Ten tram", False),
        ("Station name", "Station name", False),
        ("PM2.5", "PM2.5", True),
        ("GRDP", "GRDP", True),
        ("Camera", "Camera", True),
    ],
)
def test_a_text_without_its_diacritics_is_not_a_translation(vi: str, en: str, translated: bool) -> None:
    layer = registry()["school"].model_copy(update={"title": Text(vi=vi, en=en)})
    assert (layer_check.text_findings({"school": layer}) == []) is translated


def test_placeholders_of_a_new_layer_are_found() -> None:
    layer = registry()["school"].model_copy(update={"agency": Text(vi="Cần điền: ai", en="To fill in: who")})
    assert layer_check.text_findings({"school": layer}) == ["school: agency is to be filled in («Cần điền: ai»)"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('kind="feature"', 'kind="features"'), "x.py does not load: Layer.kind: Input should be"),
        (("LAYER = Layer(", "LAYER = Layers("), "x.py does not load: name 'Layers' is not defined"),
        (("LAYER = Layer(", "LAYER = Layer(("), "x.py does not load: line "),
        (("LAYER = ", "OTHER = "), "x.py has no LAYER"),
        (('id="x"', 'id="y"'), "x.py describes layer 'y'"),
        (('style_by="state"', 'style_by="size"'), "no column 'size'"),
    ],
)
def test_a_mistake_in_a_definition_is_one_sentence_with_the_file(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    source = fill_template(TEMPLATE.read_text("utf-8"), {"id": '"x"'}, docstring='"""X."""')
    assert change[0] in source
    (tmp_path / "x.py").write_text(source.replace(*change), "utf-8")
    with pytest.raises(LayerError) as caught:
        read_definitions(tmp_path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_reference_to_a_missing_layer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "air_observation.py").write_text((DEFINITIONS / "air_observation.py").read_text("utf-8"), "utf-8")
    with pytest.raises(LayerError, match="refers to 'air_station', which does not exist"):
        read_definitions(tmp_path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("vn_aqi_hour", "us_aqi"), "names index 'us_aqi'; there are: vn_aqi_hour, "),
        (('"vn_aqi_hour", "vn_aqi_day"', '"qcvn08",'), "measures nothing that qcvn08 is made of"),
    ],
)
def test_an_index_that_is_not_there_or_has_nothing_to_be_made_of_is_refused(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    for name in ("air_observation", "air_station"):
        source = (DEFINITIONS / f"{name}.py").read_text("utf-8")
        (tmp_path / f"{name}.py").write_text(source.replace(*change), "utf-8")
    with pytest.raises(LayerError, match=sentence):
        read_definitions(tmp_path)


def test_the_teaching_copy_is_a_valid_layer(tmp_path: Path) -> None:
    source = fill_template(TEMPLATE.read_text("utf-8"), {"id": '"x"', "table": '"x"'}, docstring='"""X."""')
    (tmp_path / "x.py").write_text(source, "utf-8")
    assert read_definitions(tmp_path)["x"].table == "x"


@pytest.mark.parametrize("layer_id", ["Pump", "trạm", "1st", "", "a-b", "order", "x_private", "a" * 41])
def test_an_id_that_cannot_be_a_table_and_an_address_is_refused(layer_id: str) -> None:
    with pytest.raises(LayerRefused):
        check_id(layer_id)


def test_an_id_that_is_taken_is_refused() -> None:
    with pytest.raises(LayerRefused, match="already"):
        check_id("school")
