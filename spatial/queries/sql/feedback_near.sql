-- Cases of a field near a point, nearest first; distance on the ellipsoid, found by the index on degrees.
SELECT f.tracking_code, f.title, f.category, f.state, f.handling_unit, f.received_at, distance.m AS distance_m
FROM core.feedback_case c JOIN layer.feedback f USING (key),
    LATERAL (SELECT ST_Distance(CAST(c.exact AS geography),
        CAST(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geography)) AS m) AS distance
WHERE c.exact && ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :degrees)
    AND distance.m <= :radius AND f.category = :category AND f.state = ANY(:states)
    AND f.received_at BETWEEN :since AND :now AND f.key IS DISTINCT FROM CAST(:besides AS text)
ORDER BY distance.m, f.received_at DESC LIMIT 20
