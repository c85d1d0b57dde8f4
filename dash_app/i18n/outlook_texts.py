"""Texts of projections and unusual figures; causes and reasons are in ``spatial.analysis.outlook_words``."""

from __future__ import annotations

from layers.model import Text

OUTLOOK_TEXTS: dict[str, Text] = {
    "outlook.range": Text(vi="Khoảng 80%", en="80% range"),
    "outlook.expected": Text(vi="Mức dự kiến của số bất thường", en="Expected where a figure is unusual"),
    "outlook.year": Text(
        vi="Ước cả năm {value} (từ {low} đến {high})", en="Year-end estimate {value} ({low} to {high})"
    ),
    "outlook.chance": Text(vi="khả năng đạt kế hoạch {chance}", en="chance to meet the plan {chance}"),
    "outlook.no_plan": Text(vi="chưa giao kế hoạch", en="no plan assigned"),
}
