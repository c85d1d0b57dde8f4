"""Citizen reports by field, stacked by how far they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dash_app.figures.style import base_figure
from dash_app.i18n import say
from layers.code_lists import FEEDBACK_CATEGORIES

CATEGORIES_SHOWN = 7
# Parts that add up to what was received, with their colours.
PARTS = {"on_time": "#33a02c", "processed_late": "#e6ab02", "open": "#1f78b4", "open_late": "#b2182b"}


def parts_of(row: dict[str, Any]) -> dict[str, int]:
    """Received cases of a row of the roll-up: processed on time and late, open in time and late."""
    late = row["processed"] - row["on_time"]
    open_late = max(0, row["overdue"] - late)
    open_in_time = row["received"] - row["processed"] - open_late
    return {"on_time": row["on_time"], "processed_late": late, "open": open_in_time, "open_late": open_late}


def feedback_figure(rows: Sequence[dict[str, Any]], *, language: str, look: str) -> go.Figure:
    """Horizontal bars of the most frequent fields."""
    by_category: dict[str, int] = defaultdict(int)
    cells: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        by_category[row["category"]] += row["received"]
        for part, n in parts_of(row).items():
            cells[row["category"], part] += n
    top = sorted(by_category, key=lambda code: -by_category[code])[:CATEGORIES_SHOWN][::-1]
    titles = {code.value: code.title[language].split(":")[0] for code in FEEDBACK_CATEGORIES}
    names = [_wrap(titles.get(code, code)) for code in top]
    figure = base_figure(look, language, barmode="stack", height=190, hovermode="closest", showlegend=False, bargap=0.3)
    figure.update_yaxes(tickfont={"size": 10.5}, dtick=1)
    for part, colour in PARTS.items():
        counts = [cells[code, part] for code in top]
        if any(counts):
            title = say(f"chart.feedback.{part}", language)
            figure.add_bar(
                y=names, x=counts, orientation="h", name=title, marker={"color": colour},
                hovertemplate=f"%{{y}}: %{{x}} {say('chart.reports', language)}<extra>{title}</extra>",
            )  # fmt: skip
    return figure


def _wrap(title: str) -> str:
    return title if len(title) <= 24 else title[:23].rstrip(", ") + "…"
