-- Cases of each commune and field in the last days, and in the weeks before them.
SELECT d.unit_id, d.category, sum(d.received) FILTER (WHERE d.day > :split) AS recent,
       sum(d.received) FILTER (WHERE d.day <= :split) AS past
FROM derived.feedback_day d
JOIN core.admin_unit u ON u.id = d.unit_id AND u.level = 'commune' AND u.valid_to IS NULL
WHERE d.day BETWEEN :first AND :last AND d.category <> '' AND d.handling_unit = ''
GROUP BY d.unit_id, d.category
HAVING sum(d.received) FILTER (WHERE d.day > :split) >= :least
