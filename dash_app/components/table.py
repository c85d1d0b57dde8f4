"""A table in a region that scrolls and can be reached by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra


def data_table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Component | str]], numbers: Sequence[int] = ()
) -> Component:
    """The first cell of a row is its header; columns listed in ``numbers`` are right-aligned."""
    return html.Div(
        html.Table(
            [
                html.Thead(
                    html.Tr(
                        [
                            html.Th(head, scope="col", className="number" if i in numbers else "")
                            for i, head in enumerate(heads)
                        ]
                    )
                ),
                html.Tbody([_row(row, numbers) for row in rows]),
            ],
            className="table",
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **extra({"aria-label": title}),
    )


def _row(row: Sequence[Component | str], numbers: Sequence[int]) -> Component:
    cells = [html.Td(cell, className="number" if index in numbers else "") for index, cell in enumerate(row[1:], 1)]
    return html.Tr([html.Th(row[0], scope="row"), *cells])
