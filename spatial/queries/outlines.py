"""Outlines of units for small maps drawn as SVG, without tiles or a map library."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from spatial.queries.statements import Row, select_rows

DIGITS = 4  # of a degree: 11 m, finer than a screen shows a province


def unit_outlines(conn: Connection, *, unit_ids: Sequence[int], squeeze: float) -> list[Row]:
    """``path`` (SVG, x = longitude * squeeze, y = -latitude), ``x``, ``y`` of the label, box; by unit ``key``.

    ``squeeze``: cosine of the latitude, so that the map is true to shape.
    """
    return select_rows(
        conn,
        "SELECT key, ST_AsSVG(shape, 0, :digits) AS path, ST_XMin(shape) AS west, ST_XMax(shape) AS east,"
        " -ST_YMax(shape) AS top, -ST_YMin(shape) AS bottom, ST_X(label_point) * :squeeze AS x,"
        " -ST_Y(label_point) AS y FROM core.admin_unit,"
        " LATERAL (SELECT ST_Scale(coalesce(geom_map, geom), :squeeze, 1) AS shape) s WHERE id = ANY(:unit_ids)"
        " ORDER BY key",
        unit_ids=list(unit_ids),
        squeeze=squeeze,
        digits=DIGITS,
    )
