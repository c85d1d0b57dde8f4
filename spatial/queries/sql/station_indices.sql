-- Newest row of each wanted index by station: one step of the primary key per station and index.
SELECT station.key, wanted.index_id, newest.time, newest.value, newest.level, newest.dominant, newest.parts,
    newest.reason, newest.scale
FROM (
    SELECT DISTINCT feature_key AS key FROM core.series
    WHERE layer_id = :layer AND (CAST(:key AS text) IS NULL OR feature_key = :key)
) AS station
CROSS JOIN unnest(CAST(:index_ids AS text[])) AS wanted (index_id)
CROSS JOIN LATERAL (
    SELECT * FROM derived.station_index i
    WHERE i.layer_id = :layer AND i.feature_key = station.key AND i.index_id = wanted.index_id AND i.time <= :now
    ORDER BY i.time DESC LIMIT 1
) AS newest
ORDER BY station.key, wanted.index_id
