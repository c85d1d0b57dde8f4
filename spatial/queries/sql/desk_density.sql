-- Cases received in a span by cell, field and handling unit. The span bounds the work, not the history.
SELECT round((floor(ST_X(geom) / :cell) * :cell + :cell / 2)::numeric, 5)::float8 AS lon,
       round((floor(ST_Y(geom) / :cell) * :cell + :cell / 2)::numeric, 5)::float8 AS lat,
       coalesce(category, '') AS category, coalesce(handling_unit, '') AS handling_unit, count(*) AS n
FROM layer.feedback
WHERE received_at >= :first AND received_at < :last AND state NOT IN ('rejected', 'duplicate')
  AND (CAST(:unit_id AS integer) IS NULL OR unit_ids @> ARRAY[CAST(:unit_id AS integer)])
GROUP BY 1, 2, 3, 4
