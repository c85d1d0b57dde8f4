-- Cameras that have an address and fail again and again, with the group of neighbours that are down with them.
WITH probed AS (
    SELECT c.key, c.name, c.sector, c.geom, c.commune_code, s.ok, s.reason, s.fails,
           coalesce(s.last_ok_at, o.started_at, s.checked_at) AS since
    FROM core.camera_state s JOIN layer.camera c ON c.key = s.key
    LEFT JOIN LATERAL (SELECT started_at FROM core.camera_outage WHERE key = s.key AND ended_at IS NULL
                       ORDER BY started_at LIMIT 1) o ON true
    WHERE s.reason IS DISTINCT FROM 'no_address'
), down AS (
    SELECT p.*, ST_ClusterDBSCAN(ST_Transform(p.geom, 3857), :metres, 1) OVER () AS cluster
    FROM probed p WHERE NOT p.ok AND p.fails >= :fails
)
SELECT d.key, d.name, d.sector, d.reason, d.since, u.id AS unit_id,
       min(d.key) OVER (PARTITION BY d.cluster) AS cluster, (SELECT count(*) FROM probed) AS probed
FROM down d JOIN core.admin_unit u ON u.level = 'commune' AND u.code = d.commune_code AND u.valid_to IS NULL
ORDER BY d.key
