-- Figures and plans of every unit and indicator as arrays, a row per series: what a job reads. Put inside
-- is the statement indicator_history, so that the figures are those of every screen.
SELECT h.unit_id, u.level, h.code, h.state = 'plan' AS plan,
       array_agg(h.period - DATE '1970-01-01' ORDER BY h.period) AS days,
       array_agg(h.value ORDER BY h.period) AS values,
       array_agg(h.method <> 'exact' ORDER BY h.period) AS estimated,
       array_agg(h.own ORDER BY h.period) AS own
FROM (
{history}
) h
JOIN core.admin_unit u ON u.id = h.unit_id
WHERE u.level = 'district' OR u.valid_to IS NULL OR u.valid_to > :today
GROUP BY 1, 2, 3, 4
ORDER BY 1, 3, 4
