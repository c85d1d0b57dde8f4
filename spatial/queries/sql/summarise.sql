WITH item AS MATERIALIZED (
    SELECT unit_ids, {group} AS class, {area} AS area FROM {table}
)
INSERT INTO derived.feature_summary (layer_id, unit_id, class, n, area_m2)
SELECT :layer, u.id, item.class, count(*), sum(item.area)
FROM item CROSS JOIN LATERAL unnest(item.unit_ids) AS held (unit_id)
JOIN core.admin_unit u ON u.id = held.unit_id
GROUP BY u.id, item.class
