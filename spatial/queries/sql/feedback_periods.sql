-- Reporting months anew from facts: every unit, by field, by handling unit, by both, and in all ('').
INSERT INTO derived.feedback_period (unit_id, period, category, handling_unit, received, processed, on_time, in_progress,
    overdue, rejected, duplicates, reopened, rated, satisfied, median_hours, p90_hours, hours_histogram, until)
WITH fact AS (
    SELECT unit.id AS unit_id, f.period, f.category, f.handling_unit, f.counts_as, f.hours, f.reopened, f.rating,
        f.counts_as IN ('open', 'processed') AS counted, f.counts_as = 'processed' AS done,
        coalesce(coalesce(f.ended_at, :now) > f.late_at, false) AS late,
        width_bucket(f.hours, ARRAY[1, 2, 4, 8, 24, 48, 72, 120, 240, 480, 960]::double precision[]) AS bin
    FROM derived.feedback_fact f, unnest(f.unit_ids) AS unit (id)
    WHERE f.period = ANY(:periods)
)
SELECT unit_id, period, coalesce(category, ''), coalesce(handling_unit, ''),
    count(*) FILTER (WHERE counted), count(*) FILTER (WHERE done), count(*) FILTER (WHERE done AND NOT late),
    count(*) FILTER (WHERE counts_as = 'open'), count(*) FILTER (WHERE counted AND late),
    count(*) FILTER (WHERE counts_as = 'rejected'), count(*) FILTER (WHERE counts_as = 'duplicate'),
    count(*) FILTER (WHERE counted AND reopened), count(*) FILTER (WHERE done AND rating IS NOT NULL),
    count(*) FILTER (WHERE done AND rating >= :satisfied),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY hours), percentile_cont(0.9) WITHIN GROUP (ORDER BY hours),
    ARRAY[count(*) FILTER (WHERE bin = 0), count(*) FILTER (WHERE bin = 1), count(*) FILTER (WHERE bin = 2),
        count(*) FILTER (WHERE bin = 3), count(*) FILTER (WHERE bin = 4), count(*) FILTER (WHERE bin = 5),
        count(*) FILTER (WHERE bin = 6), count(*) FILTER (WHERE bin = 7), count(*) FILTER (WHERE bin = 8),
        count(*) FILTER (WHERE bin = 9), count(*) FILTER (WHERE bin = 10), count(*) FILTER (WHERE bin = 11)]::integer[],
    least(:now, ((period - make_interval(months => :named_after)) + make_interval(months => 1, days => :start_day - 1,
        hours => :start_hour)) AT TIME ZONE :zone)
FROM fact
GROUP BY GROUPING SETS ((unit_id, period), (unit_id, period, category), (unit_id, period, handling_unit),
    (unit_id, period, category, handling_unit))
