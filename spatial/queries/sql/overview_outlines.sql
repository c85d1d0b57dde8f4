-- Simplified outlines of units as SVG path data on one grid, and their boxes. EPSG:3857 keeps shapes as the map has them.
WITH shape AS (
    SELECT id, ST_Transform(coalesce(geom_map, geom), 3857) AS geom
    FROM core.admin_unit WHERE id = ANY(:unit_ids)
), frame AS (
    SELECT ST_XMin(e) AS west, ST_YMax(e) AS north,
           :width / greatest(ST_XMax(e) - ST_XMin(e), ST_YMax(e) - ST_YMin(e)) AS scale
    FROM (SELECT ST_Extent(geom) AS e FROM shape) AS extent
), drawn AS (
    SELECT id, ST_Scale(ST_Translate(geom, -west, -north), scale, scale) AS geom FROM shape CROSS JOIN frame
)
SELECT id, ST_AsSVG(geom, 1, 0) AS path, round(ST_XMin(geom)) AS "left", round(-ST_YMax(geom)) AS top,
       round(ST_XMax(geom)) AS "right", round(-ST_YMin(geom)) AS bottom
FROM drawn ORDER BY id
