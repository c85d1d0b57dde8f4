-- Units of each feature of {relation} (columns id, geom): one unit per level and period, so that a feature on a shared
-- border is counted once. A polygon lies where its inner point lies.
WITH point AS MATERIALIZED (
    SELECT id, CASE WHEN ST_Dimension(geom) = 0 THEN geom ELSE ST_PointOnSurface(geom) END AS geom
    FROM {relation} WHERE {condition}
), hit AS (
    SELECT DISTINCT ON (point.id, u.level, u.valid_from, u.valid_to)
        point.id, u.id AS unit_id, u.level, u.code, u.valid_from, u.valid_to
    FROM point
    JOIN core.admin_unit_part part ON ST_Intersects(part.geom, point.geom)
    JOIN core.admin_unit u ON u.id = part.unit_id
    ORDER BY point.id, u.level, u.valid_from, u.valid_to, u.id
), placed AS (
    SELECT id, array_agg(unit_id ORDER BY unit_id) AS unit_ids,
        max(code) FILTER (WHERE level = 'commune' AND valid_from <= :today
                          AND (valid_to IS NULL OR valid_to > :today)) AS commune_code,
        max(code) FILTER (WHERE level = 'district' AND valid_from <= :last_district_day
                          AND (valid_to IS NULL OR valid_to > :last_district_day)) AS former_district_code
    FROM hit GROUP BY id
)
SELECT point.id, coalesce(placed.unit_ids, '{{}}') AS unit_ids, placed.commune_code, placed.former_district_code
FROM point LEFT JOIN placed USING (id)
