-- One page of a queue: the page is cut first, what stands beside each case is looked up for its rows alone.
WITH page AS (
    SELECT f.id, f.key, f.tracking_code, f.category, f.title, f.state, f.handling_unit, f.channel, f.level,
           f.received_at, f.due_at, f.closed_at, f.answered_at, f.rating, f.solved, f.duplicate_of, f.commune_code,
           c.pin_check, c.paused_since, {late_at} AS late_at,
           row_number() OVER (ORDER BY {order}) AS place
    FROM layer.feedback f LEFT JOIN core.feedback_case c ON c.key = f.key
    WHERE {queue} AND {narrow}
    ORDER BY {order} LIMIT {limit} OFFSET {offset}
)
SELECT page.*,
       (SELECT coalesce(max(sequence), 0) FROM layer.feedback_event event
        WHERE event.key >= page.key || '.' AND event.key < page.key || '/') AS seen,
       (SELECT count(*) FROM core.feedback_photo photo WHERE photo.key = page.key) AS photos
FROM page ORDER BY place
