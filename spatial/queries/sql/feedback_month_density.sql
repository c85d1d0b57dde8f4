-- Public positions of cases received in a span, counted on a grid of :cell degrees (centre of the cell).
SELECT (floor(ST_X(f.geom) / :cell) + 0.5) * :cell AS lon, (floor(ST_Y(f.geom) / :cell) + 0.5) * :cell AS lat,
    count(*) AS n
FROM layer.feedback f
WHERE f.received_at >= :first AND f.received_at < :last AND f.state = ANY(:states)
    AND (CAST(:unit_id AS integer) IS NULL OR f.unit_ids @> ARRAY[CAST(:unit_id AS integer)])
    AND (CAST(:category AS text) IS NULL OR f.category = :category)
    AND (CAST(:handling_unit AS text) IS NULL OR f.handling_unit = :handling_unit)
GROUP BY 1, 2 ORDER BY n DESC, lon, lat LIMIT :limit
