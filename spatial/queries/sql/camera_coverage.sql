-- Which cameras see each place of a layer. A camera sees a sector: within its reach and half its angle on either side of
-- its heading. Without a heading it may see the place; nearest and distance help to decide where a camera is missing.
WITH eye AS (
    SELECT c.key, c.geom, c.heading, COALESCE(c.field_of_view, :field_of_view) AS angle, COALESCE(c.reach, :reach) AS reach
    FROM layer.camera c
),
near AS (
    SELECT p.key AS place, e.key AS camera, ST_Distance(e.geom::geography, p.geom::geography) AS distance, e.heading,
        e.angle,
        abs(mod((degrees(ST_Azimuth(e.geom::geography, p.geom::geography)) - e.heading + 540)::numeric, 360) - 180) AS off
    FROM {table} p
    JOIN eye e ON ST_DWithin(e.geom::geography, p.geom::geography, e.reach)
)
SELECT p.key, p.unit_ids,
    COALESCE(array_agg(n.camera ORDER BY n.distance)
        FILTER (WHERE n.angle >= 360 OR n.distance < 1 OR n.off <= n.angle / 2), '{{}}') AS seen_by,
    COALESCE(array_agg(n.camera ORDER BY n.distance)
        FILTER (WHERE n.heading IS NULL AND n.angle < 360 AND n.distance >= 1), '{{}}') AS maybe_by,
    nearest.key AS nearest, nearest.distance AS distance_m
FROM {table} p
LEFT JOIN near n ON n.place = p.key
LEFT JOIN LATERAL (
    SELECT e.key, ST_Distance(e.geom::geography, p.geom::geography) AS distance
    FROM eye e ORDER BY e.geom <-> p.geom LIMIT 1
) nearest ON true
GROUP BY p.key, p.unit_ids, nearest.key, nearest.distance
