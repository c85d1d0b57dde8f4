-- What the roll-ups count of each case of {changed}: period by the regulation, local days, who, where, how it stands.
-- unit_ids end in 0: all reports, wherever they are.
SELECT f.key,
    CAST(date_trunc('month', (f.received_at AT TIME ZONE :zone) - make_interval(days => :start_day - 1,
        hours => :start_hour)) + make_interval(months => :named_after) AS date) AS period,
    CAST(f.received_at AT TIME ZONE :zone AS date) AS day,
    CASE WHEN f.state = ANY(:processed) THEN CAST(f.closed_at AT TIME ZONE :zone AS date) END AS done_day,
    coalesce(f.category, 'other') AS category, coalesce(f.handling_unit, '?') AS handling_unit,
    f.unit_ids || 0 AS unit_ids,
    CASE WHEN f.state = ANY(:processed) THEN 'processed' WHEN f.state = ANY(:rejected) THEN 'rejected'
        WHEN f.state = ANY(:duplicate) THEN 'duplicate' ELSE 'open' END AS counts_as,
    CASE WHEN f.state = ANY(:processed) THEN 
        CAST(extract(epoch FROM f.closed_at - f.received_at) / 3600 AS double precision) END AS hours,
    {late_at} AS late_at,
    CASE WHEN f.state = ANY(:open) THEN c.paused_since ELSE f.closed_at END AS ended_at,
    EXISTS (SELECT FROM layer.feedback_event event WHERE event.tracking_code = f.key AND event.state = 'reopened')
        AS reopened,
    CAST(f.rating AS integer) AS rating
FROM layer.feedback f LEFT JOIN core.feedback_case c USING (key)
WHERE f.received_at IS NOT NULL AND {changed}
