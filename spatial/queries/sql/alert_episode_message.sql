-- The newest message about another alert of the same episode, on one channel.
SELECT n.created_at, n.not_before, n.state
FROM core.alert mine
JOIN core.alert other ON other.layer_id = mine.layer_id AND other.id <> mine.id
    AND other.evidence ->> 'episode' = mine.evidence ->> 'episode'
JOIN ops.notification n ON n.alert_id = other.id
WHERE mine.id = :alert_id AND n.channel = :channel AND n.state IN ('queued', 'sent') AND n.created_at >= :since
    AND n.occasion IN ('opened', 'worsened') AND n.created_at < now()
ORDER BY n.created_at DESC
LIMIT 1
