"""Every text people see exists in both languages, and every text asked for exists."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import dash_app
from dash_app.i18n import bridge_texts, say
from dash_app.i18n.texts import TEXTS

ROOT = Path(dash_app.__file__).parent
PYTHON = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "assets").glob("*.js"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_of_a_text_take_the_same_values(key: str) -> None:
    assert placeholders(TEXTS[key].vi) == placeholders(TEXTS[key].en)


@pytest.mark.parametrize("key", sorted(set(re.findall(r'say\("([^"{]+)"', PYTHON))))
def test_every_text_a_page_asks_for_is_in_the_catalogue(key: str) -> None:
    assert key in TEXTS


@pytest.mark.parametrize("key", sorted(set(re.findall(r'G\.text\("([^"]+)"', SCRIPTS))))
def test_every_text_the_bridge_asks_for_is_in_the_catalogue(key: str) -> None:
    assert key in bridge_texts("vi")


def test_an_unknown_text_fails_instead_of_showing_its_key() -> None:
    with pytest.raises(KeyError):
        say("no.such.text", "vi")
