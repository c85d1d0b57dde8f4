-- Cases of any field and state around one: the index finds the box in degrees, metres decide. Public positions.
WITH here AS (
    SELECT key, geom, category, received_at, greatest(cos(radians(ST_Y(geom))), 0.1) AS narrow
    FROM layer.feedback WHERE key = :code
)
SELECT f.tracking_code, f.title, f.category, f.state, f.received_at, f.duplicate_of, f.handling_unit,
       ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat,
       ST_Distance(f.geom::geography, here.geom::geography) AS metres,
       f.category = here.category AS same_field,
       extract(epoch FROM here.received_at - f.received_at) / 86400 AS days_before
FROM here
JOIN layer.feedback f ON f.key <> here.key
    AND f.geom && ST_Expand(here.geom, :metres / 111000.0 / here.narrow, :metres / 111000.0)
    AND ST_Distance(f.geom::geography, here.geom::geography) <= :metres
ORDER BY same_field DESC, abs(extract(epoch FROM here.received_at - f.received_at)), metres LIMIT :limit
