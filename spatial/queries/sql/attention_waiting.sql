-- Cases nobody has forwarded yet, by commune of today.
SELECT u.id AS unit_id, count(*) AS n, min(f.received_at) AS oldest,
       (array_agg(f.tracking_code ORDER BY f.received_at))[1] AS code
FROM layer.feedback f
JOIN core.admin_unit u ON u.level = 'commune' AND u.code = f.commune_code AND u.valid_to IS NULL
WHERE f.state = 'received' AND f.received_at BETWEEN :since AND :before
GROUP BY u.id
