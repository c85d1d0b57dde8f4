-- Share of the time in which the cameras of a unit were there, this month and the one before.
WITH month AS (
    SELECT first::date AS period,
        first AT TIME ZONE :zone AS start,
        LEAST((first + interval '1 month') AT TIME ZONE :zone, CAST(:now AS timestamptz)) AS stop,
        (first + interval '1 month') AT TIME ZONE :zone <= CAST(:now AS timestamptz) AS over
    FROM generate_series(date_trunc('month', CAST(:now AS timestamptz) AT TIME ZONE :zone) - interval '1 month',
        date_trunc('month', CAST(:now AS timestamptz) AT TIME ZONE :zone), interval '1 month') AS first
),
watched AS (
    SELECT m.period, m.stop, m.over, s.key, c.unit_ids, tstzrange(GREATEST(m.start, s.since), m.stop) AS span
    FROM month m
    JOIN core.camera_state s ON s.since < m.stop
    JOIN layer.camera c ON c.key = s.key
),
lost AS (
    SELECT w.period, w.key,
        sum(extract(epoch FROM upper(w.span * o.span) - lower(w.span * o.span))) AS seconds
    FROM watched w
    JOIN (SELECT key, tstzrange(started_at, GREATEST(started_at, COALESCE(ended_at, CAST(:now AS timestamptz)))) AS span FROM core.camera_outage) o
        ON o.key = w.key AND o.span && w.span
    GROUP BY w.period, w.key
)
INSERT INTO derived.indicator_computed (unit_id, code, period, state, value, n, until)
SELECT unit_id, 'camera_online', w.period, CASE WHEN bool_and(w.over) THEN 'official' ELSE 'estimate' END,
    100 * (1 - sum(COALESCE(l.seconds, 0)) / NULLIF(sum(extract(epoch FROM upper(w.span) - lower(w.span))), 0)),
    count(*), max(w.stop)
FROM watched w
CROSS JOIN LATERAL unnest(w.unit_ids) AS unit_id
LEFT JOIN lost l ON l.period = w.period AND l.key = w.key
WHERE NOT isempty(w.span) AND upper(w.span) > lower(w.span)
GROUP BY unit_id, w.period
ON CONFLICT (unit_id, code, period) DO UPDATE SET state = excluded.state, value = excluded.value, n = excluded.n,
    until = excluded.until
