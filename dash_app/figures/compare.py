"""Several stations on one axis, the median of the network, and below how far each is from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dash_app.figures.style import GRID, INK, MUTED, base_figure
from dash_app.i18n import say
from layers.model import Parameter

HEIGHT = 560


@dataclass(frozen=True)
class Line:
    """One station: local times and values, differences to the median at the same times."""

    name: str
    colour: str
    dash: str
    times: Sequence[str]
    values: Sequence[float | None]
    differences: Sequence[float | None]


def compare_figure(
    lines: Sequence[Line],
    median: tuple[Sequence[str], Sequence[float | None]],
    parameter: Parameter,
    *,
    by_day: bool,
    language: str,
    look: str,
) -> go.Figure:
    """Zoom and hover are common to both parts."""
    figure = base_figure(look, language, height=HEIGHT, margin={"l": 48, "r": 10, "t": 22, "b": 70})
    hover = f"%{{y:,.{parameter.decimals}f}} {parameter.unit}".rstrip()
    figure.update_layout(
        hoversubplots="axis",
        yaxis={"domain": [0.42, 1], "anchor": "x", "rangemode": "normal"},
        yaxis2=figure.layout.yaxis.to_plotly_json() | {"domain": [0, 0.3], "anchor": "x", "rangemode": "normal"},
    )
    figure.add_scatter(
        x=median[0], y=median[1], name=say("compare.median", language), mode="lines", hovertemplate=hover,
        line={"color": MUTED[look], "width": 4}, opacity=0.45, connectgaps=False,
    )  # fmt: skip
    for line in lines:
        style = {"color": line.colour, "dash": line.dash}
        figure.add_scatter(
            x=line.times, y=line.values, name=line.name, legendgroup=line.name, mode="lines", hovertemplate=hover,
            line=style | {"width": 1.8}, connectgaps=False,
        )  # fmt: skip
        figure.add_scatter(
            x=line.times, y=line.differences, yaxis="y2", name=line.name, legendgroup=line.name, showlegend=False,
            mode="lines", hovertemplate="%{y:+,." + str(parameter.decimals) + "f}", line=style | {"width": 1.3},
            connectgaps=False,
        )  # fmt: skip
    figure.add_shape(
        type="line", xref="x domain", x0=0, x1=1, yref="y2", y0=0, y1=0, line={"color": GRID[look], "width": 2}
    )
    for words, top in (
        (f"{parameter.title[language]} ({parameter.unit})" if parameter.unit else parameter.title[language], 1.0),
        (say("compare.over_median", language), 0.3),
    ):
        figure.add_annotation(
            x=0,
            xref="paper",
            y=top,
            yref="paper",
            yanchor="bottom",
            xanchor="left",
            showarrow=False,
            text=f"<b>{words}</b>",
            font={"size": 12, "color": INK[look]},
        )
    figure.update_xaxes(
        type="date",
        anchor="y2",
        fixedrange=False,
        nticks=9,
        showgrid=True,
        tickformat="%d/%m/%Y" if by_day else "%d/%m %H:%M",
        hoverformat="%d/%m/%Y" if by_day else "%d/%m/%Y %H:%M",
    )
    return figure.update_layout(legend={"entrywidthmode": "pixels", "entrywidth": 0})
