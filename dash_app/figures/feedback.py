"""Citizen reports by category, stacked by state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dash_app.figures.style import base_figure
from dash_app.i18n import say
from layers.code_lists import FEEDBACK_CATEGORIES, FEEDBACK_STATES

CATEGORIES_SHOWN = 7


def feedback_figure(rows: Sequence[dict[str, Any]], *, language: str, look: str) -> go.Figure:
    """Horizontal bars of the most frequent categories, newest work first in the stack."""
    by_category: dict[str, int] = defaultdict(int)
    cells: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        by_category[row["category"]] += row["n"]
        cells[row["category"], row["state"]] += row["n"]
    top = sorted(by_category, key=lambda code: -by_category[code])[:CATEGORIES_SHOWN][::-1]
    titles = {code.value: code.title[language].split(":")[0] for code in FEEDBACK_CATEGORIES}
    names = [_wrap(titles.get(code, code)) for code in top]
    figure = base_figure(look, language, barmode="stack", height=190, hovermode="closest", showlegend=False, bargap=0.3)
    figure.update_yaxes(tickfont={"size": 10.5}, dtick=1)
    for state in FEEDBACK_STATES:
        counts = [cells[code, state.value] for code in top]
        if any(counts):
            figure.add_bar(
                y=names, x=counts, orientation="h", name=state.title[language], marker={"color": state.colour},
                hovertemplate=f"%{{y}}: %{{x}} {say('chart.reports', language)}<extra>{state.title[language]}</extra>",
            )  # fmt: skip
    return figure


def _wrap(title: str) -> str:
    return title if len(title) <= 24 else title[:23].rstrip(", ") + "…"
