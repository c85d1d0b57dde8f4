-- Shares are followed over later versions: a commune renamed in 2026 still belongs to its former district.
WITH RECURSIVE heir AS (
    SELECT l.successor_id AS id, l.successor_area_share AS area_share, l.successor_people_share AS people_share
    FROM core.admin_link l JOIN core.admin_unit s ON s.id = l.successor_id
    WHERE l.predecessor_id = :district_id AND s.level = 'commune'
    UNION ALL
    SELECT l.successor_id, heir.area_share * l.successor_area_share, heir.people_share * l.successor_people_share
    FROM heir JOIN core.admin_unit old ON old.id = heir.id AND old.valid_to <= :as_of
    JOIN core.admin_link l ON l.predecessor_id = old.id
), total AS (
    SELECT id, least(sum(area_share), 1) AS area_share, least(sum(people_share), 1) AS people_share
    FROM heir GROUP BY id
)
SELECT {columns}, total.area_share, total.people_share
FROM total JOIN {table} ON u.id = total.id
WHERE u.valid_from <= :as_of AND (u.valid_to IS NULL OR u.valid_to > :as_of)
ORDER BY u.code
