-- Newest period of each indicator in any unit in force; one look into the primary key per series.
SELECT s.parameter AS code, max(v.period) AS newest
FROM core.series s
JOIN core.admin_unit u ON u.id = s.unit_id AND u.valid_to IS NULL
CROSS JOIN LATERAL (
    SELECT period FROM core.indicator_value WHERE series_id = s.id AND state <> 'plan' ORDER BY period DESC LIMIT 1
) v
GROUP BY s.parameter
