-- Newest row of an index for every station of a layer: one step of the primary key per station.
SELECT station.key, {name} AS name, ST_X(station.geom) AS lon, ST_Y(station.geom) AS lat,
    {station_class} AS station_class, newest.time, newest.value, newest.level,
    coalesce(newest.dominant, '{{}}') AS dominant, coalesce(newest.parts, '{{}}') AS parts,
    CASE WHEN newest.time IS NOT NULL THEN newest.reason
        WHEN {silent} THEN 'reference_station' ELSE 'no_data' END AS reason,
    newest.scale
FROM {stations} station
LEFT JOIN LATERAL (
    SELECT * FROM derived.station_index i
    WHERE i.layer_id = :layer AND i.feature_key = station.key AND i.index_id = :index_id
        AND i.time <= coalesce(CAST(:at AS timestamptz), now() + interval '1 hour')
    ORDER BY i.time DESC LIMIT 1
) AS newest ON true
WHERE CAST(:key AS text) IS NULL OR station.key = :key
ORDER BY station.key
