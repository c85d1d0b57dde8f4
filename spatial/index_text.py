"""Indices in words: what `geoioc layers indices` prints and what docs/reference/indices.md holds."""

from __future__ import annotations

from collections.abc import Mapping

from layers.indices import CONFIDENCE, INDICES, Index, Rule
from layers.model import Layer
from spatial.layer_text import both, markdown_table
from spatial.settings import index_settings, quality_settings

LEVEL_HEAD = ("Level", "Letter", "Range", "Tên / title", "Colour", "Lời khuyên / advice")
RULE_HEAD = ("Rule", "Source", "How sure", "Setting")


def level_rows(index: Index) -> list[tuple[str, ...]]:
    """One row a level, best first."""
    return [
        (
            str(level.number), level.letter, f"{level.low}-{level.high}" if level.low != level.high else str(level.low),
            both(level.title), level.colour, both(level.advice),
        )
        for level in index.levels
    ]  # fmt: skip


def rule_rows(index: Index, *, values: bool) -> list[tuple[str, ...]]:
    """One row a rule; with ``values`` the settings show what they are set to here."""
    return [
        (both(rule.text), rule.source, both(CONFIDENCE[rule.confidence]), _setting(rule, values=values))
        for rule in index.rules
    ]


def _setting(rule: Rule, *, values: bool) -> str:
    if rule.setting is None:
        return ""
    name = rule.setting.removeprefix("GEOIOC_").lower()
    now = {**quality_settings().model_dump(), **index_settings().model_dump()}[name]
    return f"{rule.setting}={now}" if values else rule.setting


def used_by(index: Index, layers: Mapping[str, Layer]) -> list[str]:
    """Ids of the layers the index is computed for."""
    return [layer.id for layer in layers.values() if layer.series and index.id in layer.series.indices]


def page(layers: Mapping[str, Layer]) -> str:
    """The reference page of all indices, in Markdown."""
    lines = [
        "# Indices",
        "",
        "Written by `geoioc layers docs` from `layers/indices.py`; do not edit by hand. What the settings are set to:",
        "`geoioc layers indices`. The numbers of the scales stand in `layers/index_scales.py`, the legal limits in",
        "`layers/limits.py` and on the page of each layer.",
        "",
    ]
    for index in INDICES.values():
        lines += [f"## {both(index.title)}", ""]
        lines += [f"`{index.id}` · {both(index.source)} · version stored with each value: `{index.scale_version}`", ""]
        lines += [f"Computed by {index.period} for {', '.join(f'`{name}`' for name in used_by(index, layers))}.", ""]
        lines += markdown_table(LEVEL_HEAD, level_rows(index))
        lines += markdown_table(RULE_HEAD, rule_rows(index, values=False))
    return "\n".join(lines).rstrip() + "\n"
