-- Close resolved cases whose result is older than the rating window, with a line in their history each.
WITH due AS (
    SELECT key FROM layer.feedback WHERE state = 'resolved' AND closed_at < :before ORDER BY key FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE layer.feedback f SET state = 'closed', updated_at = now() FROM due WHERE f.key = due.key RETURNING f.key
), said AS (
    INSERT INTO layer.feedback_event (key, tracking_code, sequence, state, happened_at, actor, action, internal, note)
    SELECT closed.key || '.' || next.n, closed.key, next.n, 'closed', :now, :actor, 'close', false, NULL
    FROM closed, LATERAL (SELECT coalesce(max(sequence), 0) + 1 AS n FROM layer.feedback_event event
        WHERE event.tracking_code = closed.key) AS next
), noted AS (
    INSERT INTO ops.feedback_touched (key) SELECT key FROM closed
)
SELECT count(*) FROM closed
