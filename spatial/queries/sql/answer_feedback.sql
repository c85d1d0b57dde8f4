SELECT wanted.id AS unit_id,
    count(f.id) AS received,
    count(f.id) FILTER (WHERE f.state <> ALL(:closed)) AS open,
    count(f.id) FILTER (WHERE f.due_at < coalesce(f.closed_at, CASE WHEN f.state <> ALL(:closed) THEN :now END))
        AS overdue
FROM unnest(CAST(:unit_ids AS integer[])) AS wanted (id)
LEFT JOIN {table} f ON f.unit_ids @> ARRAY[wanted.id]
    AND f.received_at >= :first AND f.received_at < :last AND f.state <> 'duplicate'
    AND (CAST(:category AS text) IS NULL OR f.category = :category)
GROUP BY wanted.id
