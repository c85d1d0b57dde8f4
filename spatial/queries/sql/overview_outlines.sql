-- Simplified outlines of units as SVG path data on one grid, and their boxes. Degrees of longitude are shortened by the
-- cosine of the latitude: the shapes of a map, without loading a projection in every new connection.
WITH shape AS (
    SELECT id, coalesce(geom_map, geom) AS geom FROM core.admin_unit WHERE id = ANY(:unit_ids)
), extent AS (
    SELECT e, cos(radians((ST_YMin(e) + ST_YMax(e)) / 2)) AS narrow FROM (SELECT ST_Extent(geom) AS e FROM shape) AS box
), frame AS (
    SELECT ST_XMin(e) AS west, ST_YMax(e) AS north, narrow,
           :width / greatest((ST_XMax(e) - ST_XMin(e)) * narrow, ST_YMax(e) - ST_YMin(e)) AS scale
    FROM extent
), drawn AS (
    SELECT id, ST_Scale(ST_Translate(geom, -west, -north), scale * narrow, scale) AS geom FROM shape CROSS JOIN frame
)
SELECT id, ST_AsSVG(geom, 1, 0) AS path, round(ST_XMin(geom)) AS "left", round(-ST_YMax(geom)) AS top,
       round(ST_XMax(geom)) AS "right", round(-ST_YMin(geom)) AS bottom
FROM drawn ORDER BY id
