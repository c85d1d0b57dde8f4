-- Local days anew from facts: every unit, in all (''), by field, and by handling unit; not by both.
INSERT INTO derived.feedback_day (unit_id, day, category, handling_unit, received, processed, processed_late)
WITH happening AS (
    SELECT unit_ids, category, handling_unit, day, 1 AS received, 0 AS processed, 0 AS late
    FROM derived.feedback_fact WHERE day = ANY(:days) AND counts_as IN ('open', 'processed')
    UNION ALL
    SELECT unit_ids, category, handling_unit, done_day, 0, 1, CAST(coalesce(ended_at > late_at, false) AS integer)
    FROM derived.feedback_fact WHERE done_day = ANY(:days) AND counts_as = 'processed'
)
SELECT unit.id, day, coalesce(category, ''), coalesce(handling_unit, ''), sum(received), sum(processed), sum(late)
FROM happening, unnest(unit_ids) AS unit (id)
GROUP BY GROUPING SETS ((unit.id, day), (unit.id, day, category), (unit.id, day, handling_unit))
